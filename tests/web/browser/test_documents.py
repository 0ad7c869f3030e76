"""The pane with a document: quotes marked in its text, words found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.browsing import BROWSER, IN_VIEW, PHONE, Visit, ask, current, squeeze
from tests.support.places import LANTERNS
from tests.support.web_places import (
    BOATS,
    MONEY,
    MONEY_QUOTE,
    NETS,
    NETS_SHOWN,
    PAGES,
    PAGES_QUOTE,
)

if TYPE_CHECKING:
    pass

pytestmark = BROWSER
TOP_IN_VIEW = """element => {
    const top = element.getBoundingClientRect().top;
    const box = element.closest(".aj-text").getBoundingClientRect();
    return top >= box.top && top < Math.min(box.bottom, window.innerHeight);
}"""


def test_a_number_leads_to_the_quote_in_its_document(visit: Visit) -> None:
    page = visit()
    ask(page, MONEY)
    # The first quote is opened in its context unasked, and the focus stays where it was.
    assert current(page) == MONEY_QUOTE
    assert page.evaluate("document.activeElement.matches('.aj-title')") is False
    page.get_by_role("link", name="Back to the list").click()
    assert page.locator("#aj-pane h2").first.inner_text() == "Cited passages"
    page.locator(".aj-answer .aj-cite").first.click()
    assert current(page) == MONEY_QUOTE
    assert page.locator(".aj-current").first.evaluate(IN_VIEW)
    assert page.locator(".aj-doc .aj-badge").inner_text() == "full text"
    assert squeeze(page.locator(".aj-place").inner_text()).endswith("What the towns spent")
    whole = page.locator(".aj-text").evaluate("element => element.textContent")
    assert whole.split() == LANTERNS.split()
    weaker = page.locator(".aj-mark:not(.aj-current)").count()
    assert weaker > 0
    colours = page.evaluate(
        "() => ['.aj-current', '.aj-mark:not(.aj-current)'].map(s => getComputedStyle(document.querySelector(s)).backgroundColor)"
    )
    assert colours[0] != colours[1]


def test_the_keyboard_alone_asks_opens_steps_and_returns(visit: Visit) -> None:
    page = visit()
    page.focus("#aj-question textarea")
    page.keyboard.type(MONEY)
    page.keyboard.press("Enter")
    page.wait_for_selector(".aj-answer .aj-tools")
    page.wait_for_selector("#aj-question .submit-button")
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.aj-answer .aj-cite[href$=\"/1\"]')"):
            break
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Source 1"
    assert page.locator("#aj-hover").is_visible()
    assert MONEY_QUOTE in page.locator("#aj-hover").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('.aj-title')")
    assert current(page) == MONEY_QUOTE
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.aj-count').textContent.startsWith('2 of')")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('.aj-count').textContent.startsWith('1 of')")
    assert current(page) == MONEY_QUOTE
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.aj-answer .aj-cite[href$=\"/1\"]')")
    assert page.locator(".aj-doc").is_hidden()


def test_hovering_a_number_shows_its_quote(visit: Visit) -> None:
    page = visit()
    ask(page, MONEY)
    page.locator(".aj-answer .aj-cite").first.hover()
    card = page.locator("#aj-hover")
    card.wait_for(state="visible")
    assert MONEY_QUOTE in card.inner_text()
    assert "The Lantern Towns of Hoshino Bay" in card.inner_text()
    page.keyboard.press("Escape")
    assert card.is_hidden()


def test_nothing_in_a_document_runs(visit: Visit) -> None:
    page = visit()
    ask(page, NETS)
    page.locator(".aj-answer .aj-cite").first.click()
    assert current(page).replace("\u200b", "") == NETS_SHOWN
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name="Draw the map").click()
    page.wait_for_selector("#aj-map circle")
    assert page.evaluate("window.hacked") is None
    assert page.locator("#aj-pane img, #aj-chat .aj-answer img").count() == 0


def test_a_pdf_is_shown_at_its_page(visit: Visit) -> None:
    page = visit()
    ask(page, PAGES)
    page.locator(".aj-answer .aj-cite").first.click()
    assert current(page) == PAGES_QUOTE
    assert page.locator(".aj-place").inner_text().startswith("page 2")
    assert page.locator(".aj-page").all_inner_texts() == ["page 1", "page 2"]


def test_words_are_found_in_the_open_document(visit: Visit) -> None:
    page = visit()
    ask(page, MONEY)
    current(page)
    find = page.get_by_role("searchbox", name="Find in this document")
    count = page.locator(".aj-find-count")
    times = LANTERNS.lower().count("hoshino")
    find.fill("Hoshino")
    assert count.inner_text() == f"1 / {times}"
    assert page.evaluate("CSS.highlights.get('aj-found').size") == times
    find.press("Enter")
    assert count.inner_text() == f"2 / {times}"
    find.press("Shift+Enter")
    assert count.inner_text() == f"1 / {times}"
    find.fill("zebra")
    assert count.inner_text() == "not found"
    find.press("Escape")
    assert find.input_value() == ""
    assert page.locator(".aj-doc").is_visible()


def test_a_point_of_the_map_opens_its_passage(visit: Visit) -> None:
    page = visit()
    ask(page, MONEY)
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name="Draw the map").click()
    page.wait_for_selector("#aj-map .aj-lit")
    assert page.locator("#aj-map .aj-point[tabindex='0']").count() == 1
    page.locator("#aj-map .aj-lit").first.press("Enter")
    assert current(page)
    assert page.locator(".aj-current").first.evaluate(TOP_IN_VIEW)


def test_a_work_of_the_library_opens(visit: Visit) -> None:
    page = visit()
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("link", name="The Lantern Towns of Hoshino Bay").click()
    page.wait_for_selector(".aj-doc .aj-text")
    assert page.locator(".aj-text").evaluate("element => element.textContent").split() == LANTERNS.split()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.aj-work')")


def test_a_narrow_screen_has_the_pane_as_a_sheet(visit: Visit) -> None:
    page = visit(viewport=PHONE)
    ask(page, BOATS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("#aj-side").is_hidden()
    # On a busy machine the answer may be drawn anew under the finger: a reader would press again.
    for _ in range(3):
        page.locator(".aj-answer .aj-cite").first.click()
        page.wait_for_timeout(1000)
        if page.locator(".aj-current").first.is_visible():
            break
    current(page)
    assert page.locator(".aj-current").first.evaluate(IN_VIEW)
    box = page.locator("#aj-side").bounding_box()
    assert box is not None
    assert box["width"] == 360
    assert page.locator("#aj-left").evaluate("element => element.inert")
    page.locator("#aj-pane .aj-close").click()
    assert page.locator("#aj-side").is_hidden()
    assert page.evaluate("document.activeElement.matches('.aj-answer .aj-cite')")
