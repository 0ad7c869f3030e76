// What the page does about its server: it hears whether there is news, says when the server is away, and loses no text meanwhile.
(() => {
  const QUIET = 3000;
  const LIVELY = 1000;
  const DRAFT = "askjapan-draft";
  const ASKED = "askjapan-asked";
  const words = (key) => (window.askjapanWords[document.documentElement.lang] || window.askjapanWords.en)[key];
  const box = () => document.querySelector("#aj-question textarea");
  const state = { process: "", heard: "", tell: null, away: false, lively: false };

  // A line above the page's parts, so that it covers nothing.
  const line = document.createElement("p");
  line.id = "aj-away";
  line.setAttribute("role", "status");
  line.hidden = true;

  function away(is) {
    if (state.away === is) return;
    state.away = is;
    line.textContent = is ? words("away") : "";
    line.hidden = !is;
    if (is && !line.isConnected) document.querySelector("#aj-main")?.before(line);
  }

  async function health() {
    try {
      const answer = await fetch(new URL("healthz", document.baseURI), { cache: "no-store" });
      return answer.ok || answer.status === 503 ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async function beat() {
    if (!document.hidden || state.away) {
      const told = await health();
      away(told === null);
      if (told) {
        // Another process knows nothing of this page; a new page does, and finds its text again.
        if (state.process && state.process !== told.process) return location.reload();
        state.process = told.process;
        state.lively = told.building || told.status === "loading";
        // Before the page has heard who it is, it would be told in the browser's language.
        if (state.heard !== told.state && state.tell && document.documentElement.dataset.spoken) {
          state.heard = told.state;
          state.tell("click");
        }
      }
    }
    setTimeout(beat, state.lively || state.away ? LIVELY : QUIET);
  }

  // Calls a function of the server's until it answers; `meanwhile` is told when that takes more than one try.
  async function call(server, name, given, meanwhile) {
    for (;;) {
      try {
        const answer = await server[name](given);
        if (typeof answer === "string") return answer;
      } catch {
        // Told of below, like an answer that is none.
      }
      if ((await health()) !== null) return `<div class="aj-error"><p>${words("call_failed")}</p></div>`;
      away(true);
      meanwhile?.(`<div class="aj-note"><p>${words("away")}</p></div>`);
      while ((await health()) === null) await new Promise((go) => setTimeout(go, LIVELY));
    }
  }

  // Gradio says the same in English, over the page.
  function hush() {
    for (const toast of document.querySelectorAll(".toast-body"))
      if (toast.textContent.includes("Connection to the server was lost")) {
        toast.hidden = true;
        toast.style.display = "none";
        away(true);
      }
  }

  // What is typed, and what was asked and not answered yet, is there again when the page is.
  function keep(name, text) {
    try {
      if (text) sessionStorage.setItem(name, text);
      else sessionStorage.removeItem(name);
    } catch {
      // Without storage the text lives as long as the page.
    }
  }

  function kept(name) {
    try {
      return sessionStorage.getItem(name) || "";
    } catch {
      return "";
    }
  }

  let busy = false;
  function watch() {
    hush();
    asTyped();
    const now = document.querySelector("#aj-question .stop-button") !== null;
    if (now && !busy) {
      keep(ASKED, asked);
      keep(DRAFT, "");
    }
    if (!now && busy) keep(ASKED, "");
    busy = now;
  }

  let asked = "";
  document.addEventListener("input", (event) => event.target === box() && keep(DRAFT, event.target.value));
  const edited = () => document.querySelector("#aj-chat .edit-textarea");
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" || event.shiftKey || ![box(), edited()].includes(event.target)) return;
      asked = event.target.value;
      if (event.target === edited() && !event.isComposing) asSent(event.target);
    },
    true,
  );
  document.addEventListener(
    "click",
    (event) => {
      // A question that is chosen by a click stays where it can be chosen again.
      asked = "";
      if (event.target.closest?.("#aj-question .submit-button")) asked = box().value;
      if (!edited() || !event.target.closest?.("#aj-chat .user-row .message-buttons")) return;
      asked = edited().value;
      if (event.target.closest("button:first-of-type")) asSent(edited());
    },
    true,
  );

  // Gradio has a question edited as it was sent, with its signs written out, and shows what was edited as Markdown until the answer begins:
  // who edits it finds what was typed, and sends it written out again.
  const opened = new WeakSet();
  function put(area, text) {
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function asTyped() {
    if (!edited() || opened.has(edited())) return;
    opened.add(edited());
    put(edited(), edited().value.replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number))));
  }
  const asSent = (area) => put(area, area.value.replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`));

  let restored = false;
  function restore() {
    if (restored) return;
    restored = true;
    const last = [...document.querySelectorAll("#aj-chat .user-row .message")].at(-1)?.textContent.trim();
    const left = kept(ASKED) && kept(ASKED).trim() !== last ? kept(ASKED) : kept(DRAFT);
    keep(ASKED, "");
    if (!left || !box() || box().value) return;
    box().value = left;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Asks a question as if it had been typed.
  function ask(question) {
    document.querySelector("#aj-tab-ask-button")?.click();
    box().value = question;
    box().dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => document.querySelector("#aj-question .submit-button")?.click(), 60);
  }

  function hear(trigger) {
    state.tell = trigger;
  }

  // Buttons and forms in HTML of ours: what they carry as data is handed to Gradio, after what is to be asked first.
  function listen(element, trigger) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest(".aj-do");
      if (!button || (button.dataset.sure && !window.confirm(button.dataset.sure))) return;
      const given = { ...button.dataset };
      button.closest("details.aj-menu")?.removeAttribute("open");
      if (given.do === "link") return window.askjapan.copyText(`${location.origin}${location.pathname}?conversation=${given.of}`);
      if (given.ask) {
        given.given = window.prompt(given.ask, given.was ?? "");
        if (!given.given?.trim()) return;
      }
      trigger("click", given);
    });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      trigger("click", { ...event.target.dataset, ...Object.fromEntries(new FormData(event.target)) });
      event.target.closest("details")?.removeAttribute("open");
    });
  }

  // Whoever begins or opens a conversation is shown it: its tab, and on a narrow screen without the list over it.
  document.addEventListener("click", (event) => {
    const opens = event.target.closest?.('#aj-conversations .aj-do[data-do="open"]');
    if (!opens && !event.target.closest?.("#aj-new")) return;
    document.querySelector('#aj-tab-ask-button:not([aria-selected="true"])')?.click();
    if (opens && window.innerWidth < 900) document.querySelector("#aj-history.open .toggle-button")?.click();
  });

  // One menu at a time, put away by a click beside it and by Escape.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.aj-menu[open]")) if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
  document.addEventListener(
    "keydown",
    (event) => {
      const menu = event.key === "Escape" && event.target.closest?.("details.aj-menu[open]");
      if (!menu) return;
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
      event.stopImmediatePropagation();
    },
    true,
  );

  function start() {
    new MutationObserver(watch).observe(document.body, { childList: true, subtree: true });
    document.addEventListener("visibilitychange", () => !document.hidden && health().then((told) => away(told === null)));
    setTimeout(beat, LIVELY);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();

  Object.assign(window.askjapan, { hear, listen, call, restore, ask });
})();
