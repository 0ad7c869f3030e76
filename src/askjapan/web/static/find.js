// Finds words in the document that is open: every place is coloured, Enter goes to the next and Shift+Enter to the one before.
(() => {
  const words = (key) => (window.askjapanWords[document.documentElement.lang] || window.askjapanWords.en)[key];
  const state = { places: [], at: -1 };

  function search(field) {
    const region = field.closest(".aj-doc").querySelector(".aj-text");
    const wanted = field.value.trim().normalize("NFKC").toLowerCase();
    state.places = [];
    state.at = -1;
    if (wanted.length > 1 || /[^\x00-\x7f]/.test(wanted)) {
      // Places are sought in the whole text, so that marks and line ends in between are no hindrance.
      const nodes = [];
      let text = "";
      const walker = document.createTreeWalker(region, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        nodes.push([text.length, node]);
        text += node.data;
      }
      const folded = text.toLowerCase();
      const pattern = new RegExp(wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+"), "g");
      for (const found of folded.length === text.length ? folded.matchAll(pattern) : []) {
        const range = document.createRange();
        range.setStart(...point(nodes, found.index));
        range.setEnd(...point(nodes, found.index + found[0].length));
        state.places.push(range);
      }
    }
    window.CSS.highlights?.set("aj-found", new Highlight(...state.places));
    go(field, 1);
  }

  function point(nodes, offset) {
    let low = 0;
    for (let high = nodes.length - 1; low < high; ) {
      const middle = Math.ceil((low + high) / 2);
      if (nodes[middle][0] <= offset) low = middle;
      else high = middle - 1;
    }
    return [nodes[low][1], Math.min(offset - nodes[low][0], nodes[low][1].length)];
  }

  function go(field, by) {
    const count = field.parentElement.querySelector(".aj-find-count");
    const total = state.places.length;
    if (!total) {
      count.textContent = field.value.trim() ? words("find_none") : "";
      window.CSS.highlights?.delete("aj-found-here");
      return;
    }
    state.at = (state.at + by + total) % total;
    const here = state.places[state.at];
    window.CSS.highlights?.set("aj-found-here", new Highlight(here));
    count.textContent = `${state.at + 1} / ${total}`;
    const region = field.closest(".aj-doc").querySelector(".aj-text");
    region.scrollTop += here.getBoundingClientRect().top - region.getBoundingClientRect().top - region.clientHeight / 3;
  }

  const field = (event) => (event.target.matches?.(".aj-find input") ? event.target : null);
  document.addEventListener("input", (event) => field(event) && search(field(event)));
  document.addEventListener(
    "keydown",
    (event) => {
      if (!field(event)) return;
      if (event.key === "Enter") go(field(event), event.shiftKey ? -1 : 1);
      // The first Escape empties the field, the next one closes the document.
      if (event.key === "Escape" && field(event).value) {
        field(event).value = "";
        search(field(event));
        event.stopImmediatePropagation();
      }
      // Arrow keys move in the text that is typed.
      if (event.key.startsWith("Arrow")) event.stopImmediatePropagation();
    },
    true,
  );
})();
