// The card over a number: shown by pointer and by focus, put away by Escape. It stays while the pointer is on it, goes with its number
// when the page moves, and leaves the other numbers in reach.
window.askjapanCard = (() => {
  const card = document.createElement("div");
  card.id = "aj-hover";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  let shown = null;
  let timer = 0;
  const GAP = 8;
  const numberOf = (target) => target.closest?.(".aj-cite");

  function show(link) {
    const content = link.parentElement.querySelector(".aj-card");
    if (!content) return;
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = link;
    card.innerHTML = content.innerHTML;
    card.hidden = false;
    link.setAttribute("aria-describedby", "aj-hover");
    place();
  }

  function hide() {
    clearTimeout(timer);
    card.hidden = true;
    shown = null;
  }

  // Of the places over and under its number the one that covers the fewest other numbers; never its own.
  function place() {
    if (!shown) return;
    const at = shown.getBoundingClientRect();
    if (!shown.isConnected || !at.width) return hide();
    const [width, height] = [card.offsetWidth, card.offsetHeight];
    const others = [...document.querySelectorAll(".aj-cite")].filter((link) => link !== shown && !card.contains(link)).map((link) => link.getBoundingClientRect());
    let best = null;
    for (const top of [at.top - height - GAP, at.bottom + GAP]) {
      for (const start of [at.left - 20, at.right - width + 20, at.left - width / 2]) {
        const left = Math.max(GAP, Math.min(start, window.innerWidth - width - GAP));
        const cut = Math.max(0, GAP - top, top + height + GAP - window.innerHeight);
        const covered = others.filter((box) => box.width && box.left < left + width && box.right > left && box.top < top + height && box.bottom > top);
        const cost = covered.length + cut;
        if (!best || cost < best.cost) best = { cost, left, top };
      }
    }
    card.style.left = `${best.left}px`;
    card.style.top = `${best.top}px`;
  }

  // A number that lies under the card all the same is reached where it stands: the card goes to it.
  function reach(event) {
    const under = document.elementsFromPoint(event.clientX, event.clientY).find((part) => part !== shown && part.matches(".aj-cite"));
    if (under) show(under);
  }

  document.addEventListener("mouseover", (event) => {
    const link = numberOf(event.target);
    if (link) show(link);
    else if (card.contains(event.target)) clearTimeout(timer);
  });
  document.addEventListener("mouseout", (event) => {
    if (numberOf(event.target) || card.contains(event.target)) timer = setTimeout(hide, 200);
  });
  card.addEventListener("mousemove", reach);
  document.addEventListener("focusin", (event) => (numberOf(event.target) ? show(numberOf(event.target)) : hide()));
  document.addEventListener("scroll", place, { capture: true, passive: true });
  window.addEventListener("resize", place);

  return { element: card, hide, place, isOpen: () => !card.hidden };
})();
