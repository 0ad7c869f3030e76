"""A walk through every screen of the page, in either language, and what is looked at on each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askjapan.web.words.translations import words
from tests.support.browsing import ask, history

if TYPE_CHECKING:
    from playwright.sync_api import Page


@dataclass(frozen=True)
class Asked:
    """What is typed on the walk: a question that is answered, a term that is mentioned, and a draft with one quotation."""

    question: str
    term: str
    draft: str


def screens_of_asking(page: Page, asked: Asked) -> Iterator[str]:
    """Go from screen to screen of the conversation, of a page that has just been opened; each is named when it is complete."""
    narrow = (page.viewport_size or {"width": 0})["width"] < 900
    page.wait_for_selector("#aj-chat .aj-start-works")
    yield "start"
    ask(page, asked.question)
    if not narrow:
        page.wait_for_selector(".aj-doc:not([hidden]) .aj-text")
    yield "answer"
    page.locator(".aj-answer .aj-cite, .aj-answer .aj-near").first.click()
    page.wait_for_selector(".aj-doc:not([hidden]) .aj-text")
    yield "document"
    page.keyboard.press("Escape")
    page.locator("#aj-chosen").click()
    page.wait_for_selector("#aj-documents input", state="visible")
    yield "sources"
    page.keyboard.press("Escape")
    history(page)
    page.locator("#aj-conversations summary").first.click()
    page.locator(".aj-menu > div").first.wait_for(state="visible")
    yield "conversations"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#aj-history:not(.open)").wait_for(state="attached")


def screens_of_works(page: Page, language: str, asked: Asked) -> Iterator[str]:
    """Go through the library and the tabs across all works in the page's language; as `screens_of_asking`."""
    speak = words(language)

    def tab(name: str) -> None:
        page.get_by_role("tab", name=speak.plain(name), exact=True).click()

    tab("tab_library")
    page.wait_for_selector("#aj-library .aj-work-card")
    page.locator("#aj-add-other button.label-wrap").click()
    page.locator("#aj-pasted textarea").wait_for(state="visible")
    for folded in page.locator(".aj-work-card details").all():
        folded.evaluate("element => element.open = true")
    page.locator("#aj-draw").click()
    page.wait_for_selector("#aj-map svg")
    yield "library"
    tab("tab_matrix")
    yield "matrix, empty"
    page.fill("#aj-questions textarea", asked.question)
    page.click("#aj-ask-works")
    page.wait_for_selector("#aj-matrix td")
    yield "matrix"
    tab("tab_mentions")
    yield "mentions, empty"
    page.fill("#aj-term textarea, #aj-term input", asked.term)
    page.press("#aj-term textarea, #aj-term input", "Enter")
    page.wait_for_selector("#aj-mentions .aj-found")
    yield "mentions"
    tab("tab_draft")
    yield "draft, empty"
    page.fill("#aj-draft-text textarea", asked.draft)
    page.click("#aj-check")
    page.wait_for_selector("#aj-checked .aj-status")
    yield "draft"


LYING_OVER = """() => {
    const wanted = "a, button, input, textarea, summary, label, .aj-work-card, .aj-quotations > li, td, th, h1, h2, h3, h4";
    const shown = (element) => {
        const style = getComputedStyle(element);
        if (style.visibility === "hidden" || style.opacity === "0" || element.closest("[inert], #aj-first")) return null;
        let box = element.getBoundingClientRect();
        let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom];
        for (let above = element.parentElement; above; above = above.parentElement) {
            if (getComputedStyle(above).overflow === "visible") continue;
            box = above.getBoundingClientRect();
            [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
            [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
        }
        return right - left > 1 && bottom - top > 1 ? [left, top, right, bottom] : null;
    };
    const sheet = document.querySelector("#aj-side.aj-sheet, #aj-history.open");
    const places = sheet ? [sheet] : ["#aj-left", "#aj-side"].map((place) => document.querySelector(place));
    const found = [];
    for (const place of places) {
        const all = [...place.querySelectorAll(wanted)].map((element) => [element, shown(element)]).filter(([, box]) => box);
        for (const [one, a] of all)
            for (const [other, b] of all) {
                if (one === other || one.contains(other) || other.contains(one) || one.compareDocumentPosition(other) & 2) continue;
                // The name of a place for files lies in the place.
                if (one.matches("label") && one.closest("#aj-upload, #aj-draft") || one.closest("svg")) continue;
                const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
                const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
                const told = (part) => `${part.tagName} ${part.textContent.trim().slice(0, 40)}`;
                if (width > 3 && height > 3) found.push(`${told(one)} / ${told(other)}`);
            }
    }
    return found;
}"""
"""What lies over each other in sight, neither being a part of the other, as pairs of texts."""

CUT = """() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const holder = node.parentElement;
        if (!node.data.trim() || holder.closest("[inert], .aj-unseen, .aj-skip, script, style")) continue;
        if (!holder.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) {
            if (box.width < 2) continue;
            for (let above = holder; above; above = above.parentElement) {
                const style = getComputedStyle(above);
                const moves = ["auto", "scroll"].includes(style.overflowX) && above.tabIndex >= 0;
                if (moves || style.textOverflow === "ellipsis" || style.position === "fixed") break;
                const edge = above.getBoundingClientRect();
                // What only a screen reader says is one pixel wide.
                if (edge.width <= 2) break;
                const clips = style.overflowX !== "visible" || above === document.body;
                if (clips && (box.right > edge.right + 1.5 || box.left < edge.left - 1.5)) {
                    found.push(node.data.trim().slice(0, 60));
                    break;
                }
            }
        }
    }
    return [...new Set(found)];
}"""
"""The texts that are cut at a side and can neither be moved into sight nor end in an ellipsis."""
