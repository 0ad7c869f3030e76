// What Gradio's parts lack on this page: names in the page's language, the last question kept in view, the choice of light or dark.
(() => {
  const THEME = "askjapan-theme";
  const words = (key) => (window.askjapanWords[document.documentElement.lang] || window.askjapanWords.en)[key];
  const all = (selector) => [...document.querySelectorAll(selector)];

  // The newest question stays at the top of the conversation while its answer grows, until the reader moves.
  const SETTLED = 400;
  let asked = 0;
  let following = false;
  let placed = 0;
  let height = 0;
  let grown = 0;
  function follow() {
    const rows = all("#aj-chat .user-row");
    if (rows.length !== asked) following = rows.length > 0;
    asked = rows.length;
    const area = rows.at(-1)?.closest('[role="log"]');
    if (!area) return;
    if (area.scrollHeight !== height) grown = performance.now();
    height = area.scrollHeight;
    if (!following) return;
    const by = rows.at(-1).getBoundingClientRect().top - area.getBoundingClientRect().top;
    if (Math.abs(by) > 1) area.scrollTo({ top: area.scrollTop + by, behavior: "instant" });
    placed = area.scrollTop;
  }
  // The browser moves what shrinks and grows by itself; a scroll bar or a button moves it when nothing has changed.
  document.addEventListener(
    "scroll",
    ({ target }) => {
      if (!target.matches?.('#aj-chat [role="log"]') || performance.now() - grown < SETTLED) return;
      if (Math.abs(target.scrollTop - placed) > 2) following = false;
    },
    true,
  );
  for (const moved of ["wheel", "touchmove", "pointerdown", "keydown", "focusin"])
    document.addEventListener(moved, (event) => event.target.closest?.("#aj-chat") && (following = false), { passive: true });

  function set(element, attribute, value) {
    if (element && element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
  }

  function name(selector, key) {
    for (const element of all(selector)) {
      set(element, "aria-label", words(key));
      if (element.matches("button")) set(element, "title", words(key));
    }
  }

  function tell() {
    name('#aj-chat [role="log"]', "conversation");
    name("#aj-question .submit-button", "ask");
    name("#aj-question .stop-button", "stop");
    name("#aj-chat .bot-row .message-buttons button:only-of-type", "retry");
    name("#aj-chat .user-row .message-buttons button:only-of-type", "edit");
    name("#aj-chat .user-row .message-buttons button:nth-of-type(1):not(:only-of-type)", "edit_done");
    name("#aj-chat .user-row .message-buttons button:nth-of-type(2)", "edit_leave");
    name("#aj-chat .edit-textarea", "edit");
    name("#aj-history .toggle-button", "conversations");
    name("#aj-upload button.upload-container, #aj-draft button.upload-container", "drop");
    name("#aj-term .submit-button", "mentions_find");
    all("#aj-upload button.upload-container .wrap, #aj-draft button.upload-container .wrap").forEach((place) => set(place, "data-say", words("drop")));
    // What Gradio says of a box is the value behind it; its own text says more.
    for (const box of all("#aj-documents [title], #aj-themes [title]")) set(box, "title", box.closest("label").textContent.trim());
    // Their own text is their name.
    all("#aj-chat .example[aria-label]").forEach((example) => example.removeAttribute("aria-label"));
    all("#aj-history").forEach((bar) => set(bar.querySelector(".toggle-button"), "aria-expanded", String(bar.classList.contains("open"))));
  }

  // The line of what the page waits for takes its room from the conversation, and so do a question's further lines and what is told beside
  // it, so that the box for questions stays whole.
  let lowest = Infinity;
  function makeRoom() {
    const line = document.querySelector("#aj-status");
    const gap = (element) => (element?.offsetHeight ? element.offsetHeight + (parseFloat(getComputedStyle(element.parentElement).rowGap) || 0) : 0);
    const box = document.querySelector("#aj-question textarea")?.offsetHeight || 0;
    if (box) lowest = Math.min(lowest, box);
    const high = gap(line) + gap(document.querySelector("#aj-note")) + (box ? box - lowest : 0);
    if (document.documentElement.style.getPropertyValue("--aj-line") !== `${high}px`) document.documentElement.style.setProperty("--aj-line", `${high}px`);
  }

  function stored() {
    try {
      return localStorage.getItem(THEME);
    } catch {
      return null;
    }
  }

  function turn() {
    const dark = document.body.classList.toggle("dark");
    try {
      localStorage.setItem(THEME, dark ? "dark" : "light");
    } catch {
      // Without storage the choice holds until the page is left.
    }
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".aj-theme")) turn();
    if (event.target.closest?.(".aj-skip")) {
      event.preventDefault();
      document.querySelector('button[role="tab"]')?.click();
      window.askjapan.focusWhenShown("#aj-question textarea", 60);
    }
  });

  // In the switch of languages the arrow keys choose, as in any group of radio buttons.
  document.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const choices = by && event.target.closest?.("#aj-language") ? all("#aj-language input") : [];
    if (!choices.length) return;
    event.preventDefault();
    const chosen = choices[(choices.indexOf(event.target) + by + choices.length) % choices.length];
    chosen.focus();
    chosen.click();
  });

  // Escape puts the conversations away, also when the row that had the focus is gone; in a list that is open it closes the list alone.
  document.addEventListener("keydown", (event) => {
    const bar = event.target === document.body ? document.querySelector("#aj-history.open") : event.target.closest?.("#aj-history.open");
    if (event.key !== "Escape" || !bar || event.target.getAttribute("aria-expanded") === "true" && event.target.matches("input")) return;
    bar.querySelector(".toggle-button").click();
    bar.querySelector(".toggle-button").focus();
  });

  document.addEventListener("input", (event) => event.target.closest?.("#aj-question") && requestAnimationFrame(makeRoom));

  function start() {
    if (stored()) document.body.classList.toggle("dark", stored() === "dark");
    const changed = () => {
      tell();
      makeRoom();
      follow();
    };
    const watching = new MutationObserver(changed);
    watching.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
    // The names follow the language at once, not with the next change of the page.
    watching.observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
    changed();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
