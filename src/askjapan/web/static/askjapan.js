// The source pane, copying and the keys. Everything is found through links of the form
// #aj-cite/<answer>/<number>, which keep working where the chat's own clean-up of HTML drops other attributes.
(() => {
  const NARROW = 900;
  const state = { pane: null, server: null, language: "en", opener: null, hash: "", first: "", views: 0 };
  const words = (key) => (window.askjapanWords[state.language] || window.askjapanWords.en)[key];
  const card = window.askjapanCard;
  const narrow = () => window.innerWidth < NARROW;

  const call = (name, given, meanwhile) => window.askjapan.call(state.server, name, given, meanwhile);

  function attach(element, server) {
    state.pane = element;
    state.server = server;
  }

  // `quiet`: nobody asked for it, so the focus stays where it is.
  async function open(hash, opener, quiet = false) {
    const [kind, first, second] = hash.slice(1).split("/").map(decodeURIComponent);
    const load = {
      "aj-cite": ["show_citation", [first, Number(second), state.language]],
      "aj-near": ["show_near", [first, Number(second), state.language]],
      "aj-work": ["show_work", [first, state.language]],
      "aj-passage": ["show_passage", [first, state.language]],
    }[kind];
    if (!load || !state.server) return;
    // A step inside the pane does not change where Escape leads back to.
    if (opener && !opener.closest("#aj-pane .aj-doc")) state.opener = opener;
    state.hash = hash;
    if (!quiet) card.hide();
    const section = doc();
    const views = state.views;
    const fill = (html) => {
      if (state.hash !== hash) return;
      section.innerHTML = html;
      section.hidden = false;
      section.classList.add("aj-open");
      list().hidden = true;
      document.querySelector('#aj-tab-read-button:not([aria-selected="true"])')?.click();
      if (narrow()) sheet(true);
    };
    const html = await call(...load, fill);
    if (state.hash !== hash) return;
    fill(html);
    await laidOut(section);
    if (state.hash !== hash) return;
    document.querySelectorAll(".aj-cite.aj-active").forEach((link) => link.classList.remove("aj-active"));
    document.querySelectorAll(".aj-cite").forEach((link) => link.classList.toggle("aj-active", link.getAttribute("href") === hash));
    toMark(section.querySelector(".aj-text"), ".aj-current");
    if (!quiet) section.querySelector(".aj-title")?.focus({ preventScroll: true });
    // Who chose the page while the document was coming again still asks for it.
    if (paper() && remembered() === "page") view("page", state.views !== views);
  }

  // Where the other tab was chosen, the pane is laid out a moment later; nothing can be scrolled or get the focus before.
  async function laidOut(element) {
    for (let frames = 30; frames && !element.offsetParent; frames -= 1) await new Promise((go) => setTimeout(go, 16));
  }

  // An answer opens its first quote in context by itself, where there is room beside it.
  function openFirst() {
    const first = list()?.querySelector("[data-first]")?.dataset.first;
    if (!first || first === state.first) return;
    state.first = first;
    if (!narrow()) open(first, null, true);
  }

  function toMark(region, mark) {
    const found = region?.querySelector(`${mark}[data-leading]`) ?? region?.querySelector(mark);
    if (found) region.scrollTop += found.getBoundingClientRect().top - region.getBoundingClientRect().top - region.clientHeight / 3;
  }

  // The second view of a PDF: its pages. Which view was chosen is remembered where the browser allows it.
  const VIEW = "askjapan-view";
  const ZOOMS = [1, 1.5, 2, 3];
  const paper = () => state.pane?.querySelector(".aj-doc:not([hidden]) .aj-paper");

  function remembered() {
    try {
      return localStorage.getItem(VIEW);
    } catch {
      return null;
    }
  }

  function remember(chosen) {
    try {
      localStorage.setItem(VIEW, chosen);
    } catch {
      // Without storage each document opens with its text.
    }
  }

  // `wanted`: the reader asked for this view just now, and gets it even where the quote cannot be marked.
  async function view(name, wanted) {
    show(name);
    if (name === "text") return toMark(doc().querySelector(".aj-text"), ".aj-current");
    const leaf = await turn(Number(paper().dataset.page));
    if (wanted || leaf === undefined || leaf?.dataset.placed === "yes") return;
    const told = paper().querySelector(".aj-unplaced, .aj-error p");
    show("text");
    if (told) {
      const notice = document.createElement("p");
      notice.className = "aj-notice";
      notice.textContent = told.textContent;
      doc().querySelector(".aj-doc-head").append(notice);
    }
    toMark(doc().querySelector(".aj-text"), ".aj-current");
  }

  function show(name) {
    paper().hidden = name !== "page";
    doc().querySelector(".aj-text").hidden = name === "page";
    doc().querySelectorAll(".aj-view").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.view === name)));
  }

  // Shows a page and returns what was drawn: null where there is none, undefined where the reader has gone on meanwhile.
  async function turn(number) {
    const area = paper();
    const last = Number(area.dataset.pages);
    const wanted = Math.min(Math.max(number, 1), last);
    const sheet = area.querySelector(".aj-paper-sheet");
    area.dataset.page = wanted;
    sheet.setAttribute("aria-busy", "true");
    if (!sheet.children.length) sheet.textContent = words("page_loading");
    const html = await call("show_page", [area.dataset.document, wanted, state.hash.slice(1).split("/").map(decodeURIComponent), state.language]);
    if (!area.isConnected || area.dataset.page !== String(wanted)) return undefined;
    sheet.innerHTML = html;
    sheet.removeAttribute("aria-busy");
    const leaf = sheet.querySelector(".aj-leaf");
    area.querySelector(".aj-page-count").textContent = leaf?.dataset.count ?? "";
    step(area, ".aj-page-previous", wanted <= 1);
    step(area, ".aj-page-next", wanted >= last);
    sheet.scrollTop = 0;
    toMark(sheet, ".aj-box-current");
    return leaf;
  }

  // A button at its end keeps the focus, which a disabled one would lose.
  const step = (area, name, off) => area.querySelector(name).setAttribute("aria-disabled", String(off));

  function zoom(by) {
    const sheet = paper().querySelector(".aj-paper-sheet");
    const at = Math.max(ZOOMS.indexOf(Number(sheet.style.getPropertyValue("--aj-zoom") || 1)), 0);
    sheet.style.setProperty("--aj-zoom", by ? ZOOMS[Math.min(Math.max(at + by, 0), ZOOMS.length - 1)] : 1);
    toMark(sheet, ".aj-box-current");
  }

  function onPaper(button) {
    if (button.matches(".aj-view")) {
      remember(button.dataset.view);
      state.views += 1;
      view(button.dataset.view, true);
    } else if (button.matches(".aj-page-previous")) turnBy(-1);
    else if (button.matches(".aj-page-next")) turnBy(1);
    else if (button.matches(".aj-page-go")) turn(Number(button.dataset.page));
    else zoom({ "aj-zoom-in": 1, "aj-zoom-out": -1 }[button.classList[1]] || 0);
  }

  function turnBy(count) {
    const number = Number(paper().dataset.page) + count;
    if (number >= 1 && number <= Number(paper().dataset.pages)) turn(number);
  }

  const side = () => document.querySelector("#aj-side");
  const doc = () => state.pane.querySelector(".aj-doc");
  const list = () => state.pane?.querySelector(".aj-sources");

  // On a narrow screen the pane lies over the page, which rests until it is put away.
  function sheet(lies) {
    side().classList.toggle("aj-sheet", lies);
    document.querySelectorAll("#aj-left, #aj-top, #aj-history").forEach((part) => (part.inert = lies));
  }

  window.addEventListener("resize", () => !narrow() && side() && sheet(false));

  function back(toList) {
    if (!state.pane || doc().hidden) {
      sheet(false);
      return false;
    }
    doc().hidden = true;
    doc().innerHTML = "";
    list().hidden = false;
    state.hash = "";
    document.querySelectorAll(".aj-cite.aj-active").forEach((link) => link.classList.remove("aj-active"));
    if (!toList) sheet(false);
    // An answer may have been drawn anew meanwhile; its link is the same one to a reader.
    const href = state.opener?.getAttribute("href");
    const again = state.opener?.isConnected ? state.opener : href && document.querySelector(`#aj-left a[href="${CSS.escape(href)}"]`);
    (toList && narrow() ? list().querySelector("a") : again)?.focus();
    // Who comes back has just read the quote.
    card.hide();
    return true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#aj-"]');
    if (link) {
      event.preventDefault();
      const hash = link.getAttribute("href");
      if (link.matches(".aj-skip")) return;
      if (hash === "#aj-back") back(true);
      else if (hash.startsWith("#aj-ask/")) window.askjapan.ask(decodeURIComponent(hash.slice(8)));
      else if (hash.startsWith("#aj-tab/")) document.querySelector(`#aj-tab-${CSS.escape(hash.slice(8))}-button`)?.click();
      else open(hash, link);
      return;
    }
    const beside = side()?.classList.contains("aj-sheet") && !event.target.closest?.("#aj-side, #aj-hover");
    if (beside || event.target.closest?.(".aj-close")) {
      back(false);
    }
    const button = event.target.closest?.(".aj-view, .aj-paper button");
    if (button) onPaper(button);
    const tool = event.target.closest?.(".aj-answer .aj-tool");
    if (tool) copy(tool);
  }, true);

  async function copy(tool) {
    const turn = tool.closest(".aj-answer").id.replace("aj-turn-", "");
    const link = `${location.origin}${location.pathname}?answer=${turn}`;
    if (tool.classList.contains("aj-copy_link")) return copyText(link);
    const cited = tool.classList.contains("aj-copy_cited");
    const text = call("copy_text", [turn, cited, document.documentElement.lang]);
    if (!cited || !window.ClipboardItem) return copyText(await text);
    // Word processors take the rich text with its footnotes, plain fields the text.
    copyRich(text, call("copy_rich", [turn, document.documentElement.lang]));
  }

  async function copyText(text) {
    try {
      if (!text) throw new Error("Nothing to copy.");
      await navigator.clipboard.writeText(text);
      announce(words("copied"));
    } catch {
      announce(words("copy_failed"));
    }
  }

  async function copyRich(text, html) {
    const blob = (given, type) => given.then((content) => new Blob([content], { type }));
    try {
      if (!(await text)) throw new Error("Nothing to copy.");
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob(text, "text/plain"), "text/html": blob(html, "text/html") })]);
      announce(words("copied"));
    } catch {
      copyText(await text);
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
      if (card.isOpen()) card.hide();
      else if (leaveChoice(event.target) || back(false)) event.preventDefault();
      return;
    }
    const point = event.target.closest?.(".aj-point, .aj-map svg");
    if (point) return movePoint(event, point);
    if (!event.target.closest?.("#aj-pane") || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest(".aj-paper")) return onPaperKey(event);
    const towards = { ArrowLeft: ".aj-previous", ArrowRight: ".aj-next" }[event.key];
    const link = towards && state.pane.querySelector(`.aj-doc a${towards}`);
    if (link) {
      event.preventDefault();
      open(link.getAttribute("href"), link);
    }
  });

  // On the picture of a page the arrows turn pages, unless it is enlarged and they are needed to move it.
  function onPaperKey(event) {
    const sheet = paper().querySelector(".aj-paper-sheet");
    const wide = sheet.scrollWidth > sheet.clientWidth;
    const act = {
      ArrowLeft: wide ? null : () => turnBy(-1),
      ArrowRight: wide ? null : () => turnBy(1),
      "+": () => zoom(1),
      "-": () => zoom(-1),
      0: () => zoom(0),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

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
    document.documentElement.dataset.spoken = language;
    // The server sends the page in this language from its first byte the next time.
    document.cookie = `askjapan-language=${language}; path=/; max-age=31536000; samesite=lax`;
    tidy();
    window.askjapan.restore();
  }

  // Gradio names a message by its raw HTML; a screen reader would read the tags out.
  function tidy() {
    openFirst();
    card.place();
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
    for (const link of document.querySelectorAll(".aj-cite")) {
      const name = `${words("source")} ${link.textContent}`;
      if (link.getAttribute("aria-label") !== name) link.setAttribute("aria-label", name);
    }
    for (const close of document.querySelectorAll(".aj-close"))
      if (close.getAttribute("aria-label") !== words("close")) close.setAttribute("aria-label", words("close"));
    const first = document.querySelector(".aj-point");
    if (first && !document.querySelector('.aj-point[tabindex="0"]')) first.tabIndex = 0;
  }

  function start() {
    document.body.append(card.element, live);
    new MutationObserver(tidy).observe(document.body, { childList: true, subtree: true });
    tidy();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();

  const download = (file) => file && document.querySelector("#aj-download a, a#aj-download, #aj-download button, button#aj-download")?.click();
  // The sources to choose from: a tab beside the chat, and on a narrow screen a sheet over it.
  function choose() {
    document.querySelector("#aj-tab-choose-button")?.click();
    if (narrow()) sheet(true);
    focusWhenShown("#aj-documents input", 20);
  }

  // A tab that was just chosen is drawn with the next frames.
  function focusWhenShown(selector, frames) {
    const wanted = document.querySelector(selector);
    if (wanted?.offsetParent) wanted.focus();
    else if (frames) requestAnimationFrame(() => focusWhenShown(selector, frames - 1));
  }

  // From the choice Escape leads back to the button that says what is asked; in a list that is open it closes the list alone.
  function leaveChoice(target) {
    if (!target.closest?.("#aj-tab-choose") || target.getAttribute("aria-expanded") === "true") return false;
    sheet(false);
    document.querySelector("#aj-chosen")?.focus();
    return true;
  }

  const named = (key) => window.prompt(words(key), "") ?? "";
  const sure = (key) => window.confirm(words(key));
  window.askjapan = { choose, focusWhenShown, named, sure, attach, speak, copyText, download };
})();
