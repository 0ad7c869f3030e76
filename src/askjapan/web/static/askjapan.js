// The source pane, the cards over the numbers, copying and the keys. Everything is found through links of the form
// #aj-cite/<answer>/<number>, which keep working where the chat's own clean-up of HTML drops other attributes.
(() => {
  const NARROW = 900;
  const state = { pane: null, server: null, language: "en", opener: null, hash: "" };
  const words = (key) => (window.askjapanWords[state.language] || window.askjapanWords.en)[key];
  const narrow = () => window.innerWidth < NARROW;

  function attach(element, server) {
    state.pane = element;
    state.server = server;
  }

  async function open(hash, opener) {
    const [kind, first, second] = hash.slice(1).split("/").map(decodeURIComponent);
    const load = {
      "aj-cite": () => state.server.show_citation([first, Number(second), state.language]),
      "aj-near": () => state.server.show_near([first, Number(second), state.language]),
      "aj-passage": () => state.server.show_passage([first, state.language]),
    }[kind];
    if (!load || !state.server) return;
    // A step inside the pane does not change where Escape leads back to.
    if (opener && !opener.closest("#aj-pane .aj-doc")) state.opener = opener;
    state.hash = hash;
    hideCard();
    const html = await load();
    if (state.hash !== hash) return;
    const section = doc();
    section.innerHTML = html;
    section.hidden = false;
    section.classList.add("aj-open");
    list().hidden = true;
    if (narrow()) side().classList.add("aj-sheet");
    document.querySelectorAll(".aj-cite.aj-active").forEach((link) => link.classList.remove("aj-active"));
    document.querySelectorAll(".aj-cite").forEach((link) => link.classList.toggle("aj-active", link.getAttribute("href") === hash));
    const mark = section.querySelector(".aj-current");
    const text = section.querySelector(".aj-text");
    if (mark && text) text.scrollTop += mark.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3;
    section.querySelector(".aj-title")?.focus({ preventScroll: true });
  }

  const side = () => document.querySelector("#aj-side");
  const doc = () => state.pane.querySelector(".aj-doc");
  const list = () => state.pane.querySelector(".aj-sources");

  function back(toList) {
    if (!state.pane || doc().hidden) {
      side().classList.remove("aj-sheet");
      return false;
    }
    doc().hidden = true;
    doc().innerHTML = "";
    list().hidden = false;
    state.hash = "";
    document.querySelectorAll(".aj-cite.aj-active").forEach((link) => link.classList.remove("aj-active"));
    if (!toList) side().classList.remove("aj-sheet");
    if (state.opener?.isConnected) state.opener.focus();
    return true;
  }

  // The card over a number: shown by pointer and by focus, put away by Escape, and it stays while the pointer is on it.
  const card = document.createElement("div");
  card.id = "aj-hover";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  let leaving = 0;

  function showCard(link) {
    const content = link.parentElement.querySelector(".aj-card");
    if (!content) return;
    clearTimeout(leaving);
    card.innerHTML = content.innerHTML;
    card.hidden = false;
    link.setAttribute("aria-describedby", "aj-hover");
    const at = link.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left - 20, window.innerWidth - card.offsetWidth - 8));
    const above = at.top - card.offsetHeight - 8;
    card.style.left = `${left}px`;
    card.style.top = `${above > 8 ? above : at.bottom + 8}px`;
  }

  function hideCard() {
    card.hidden = true;
  }

  const numberOf = (event) => event.target.closest?.(".aj-cite");
  document.addEventListener("mouseover", (event) => {
    if (numberOf(event)) showCard(numberOf(event));
    else if (event.target.closest?.("#aj-hover")) clearTimeout(leaving);
  });
  document.addEventListener("mouseout", (event) => {
    if (numberOf(event) || event.target.closest?.("#aj-hover")) leaving = setTimeout(hideCard, 200);
  });
  document.addEventListener("focusin", (event) => (numberOf(event) ? showCard(numberOf(event)) : hideCard()));

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#aj-"]');
    if (link) {
      event.preventDefault();
      const hash = link.getAttribute("href");
      if (hash === "#aj-back") back(true);
      else open(hash, link);
      return;
    }
    if (event.target.closest?.(".aj-close")) {
      if (!back(false)) side().classList.remove("aj-sheet");
    }
    if (event.target.closest?.(".aj-theme")) document.body.classList.toggle("dark");
    const tool = event.target.closest?.(".aj-answer .aj-tool");
    if (tool) copy(tool);
  }, true);

  async function copy(tool) {
    const turn = tool.closest(".aj-answer").id.replace("aj-turn-", "");
    const link = `${location.origin}${location.pathname}?answer=${turn}`;
    const text = tool.classList.contains("aj-copy_link") ? link : await state.server.copy_text([turn, tool.classList.contains("aj-copy_cited")]);
    try {
      await navigator.clipboard.writeText(text);
      announce(words("copied"));
    } catch {
      announce(words("copy_failed"));
    }
  }

  const live = document.createElement("div");
  live.id = "aj-live";
  live.setAttribute("role", "status");
  function announce(text) {
    live.textContent = text;
    setTimeout(() => live.textContent === text && (live.textContent = ""), 4000);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (!card.hidden) hideCard();
      else if (back(false)) event.preventDefault();
      return;
    }
    const point = event.target.closest?.(".aj-point, .aj-map svg");
    if (point) return movePoint(event, point);
    if (!event.target.closest?.("#aj-pane") || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowLeft: ".aj-previous", ArrowRight: ".aj-next" }[event.key];
    const link = step && state.pane.querySelector(`.aj-doc a${step}`);
    if (link) {
      event.preventDefault();
      open(link.getAttribute("href"), link);
    }
  });

  // One stop of the tab key for the whole map; arrows go to the nearest point in their direction.
  function movePoint(event, from) {
    const axis = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!axis || !from.matches(".aj-point")) return;
    event.preventDefault();
    const place = (point) => [point.firstElementChild.cx.baseVal.value, point.firstElementChild.cy.baseVal.value];
    const [x, y] = place(from);
    let best = null;
    let nearest = Infinity;
    for (const point of document.querySelectorAll(".aj-point")) {
      const [px, py] = place(point);
      const along = (px - x) * axis[0] + (py - y) * axis[1];
      const across = Math.abs((px - x) * axis[1]) + Math.abs((py - y) * axis[0]);
      if (along > 0.5 && along + 3 * across < nearest) [best, nearest] = [point, along + 3 * across];
    }
    if (!best) return;
    from.tabIndex = -1;
    best.tabIndex = 0;
    best.focus();
  }

  function speak(language) {
    state.language = language;
    document.documentElement.lang = language;
    tidy();
  }

  // Gradio names a message by its raw HTML; a screen reader would read the tags out.
  function tidy() {
    for (const [who, name] of [["bot", "answer"], ["user", "you"]]) {
      for (const message of document.querySelectorAll(`#aj-chat [data-testid="${who}"]`)) {
        if (message.getAttribute("aria-label") !== words(name)) {
          message.setAttribute("aria-label", words(name));
          message.setAttribute("role", "group");
        }
      }
    }
    // Buttons inside a list that are no list items: a group is what they are.
    document.querySelectorAll('#aj-chat .examples[role="list"]').forEach((list) => list.setAttribute("role", "group"));
    // Its name has to begin with the words that are seen on it.
    for (const drop of document.querySelectorAll("#aj-upload .upload-container[aria-label]")) {
      const name = drop.textContent.trim().replace(/\s+/g, " ");
      if (name && drop.getAttribute("aria-label") !== name) drop.setAttribute("aria-label", name);
    }
    for (const link of document.querySelectorAll(".aj-cite")) {
      const name = `${words("source")} ${link.textContent}`;
      if (link.getAttribute("aria-label") !== name) link.setAttribute("aria-label", name);
    }
    const close = document.querySelector(".aj-close");
    if (close && close.getAttribute("aria-label") !== words("close")) close.setAttribute("aria-label", words("close"));
    const first = document.querySelector(".aj-point");
    if (first && !document.querySelector('.aj-point[tabindex="0"]')) first.tabIndex = 0;
  }

  function start() {
    document.body.append(card, live);
    new MutationObserver(tidy).observe(document.body, { childList: true, subtree: true });
    tidy();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();

  const sure = () => window.confirm(words("delete_sure"));
  const download = () => document.querySelector("#aj-download a, a#aj-download, #aj-download button, button#aj-download")?.click();
  window.askjapan = { attach, speak, sure, download };
})();
