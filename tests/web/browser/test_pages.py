"""The pages of a PDF as pictures with the quote marked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.browsing import IN_VIEW, SLOW_IN_BROWSER, Visit, ask, current, violations
from tests.support.web_places import (
    PAGES,
    PAGES_QUOTE,
    make_library,
    served,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = SLOW_IN_BROWSER


def leaf(page: Page, number: int) -> None:
    """Wait until a page's picture is there."""
    page.wait_for_function(
        "number => document.querySelector(`.aj-leaf[data-number='${number}'] img`)?.naturalWidth > 0", arg=number
    )


def test_the_page_of_a_pdf_is_one_click_away_and_the_choice_is_remembered(visit: Visit) -> None:
    page = visit()
    ask(page, PAGES)
    page.locator(".aj-answer .aj-cite").first.click()
    assert current(page) == PAGES_QUOTE
    assert page.locator(".aj-paper").is_hidden()
    page.get_by_role("button", name="Page", exact=True).click()
    leaf(page, 2)
    assert page.locator(".aj-text").is_hidden()
    assert page.get_by_role("button", name="Page", exact=True).get_attribute("aria-pressed") == "true"
    image = page.locator(".aj-leaf img")
    assert image.get_attribute("alt") == f"Page 2 of Lamps of Minato, as a picture. Marked in it: “{PAGES_QUOTE}”"
    assert image.evaluate("image => image.naturalWidth") == 1200
    picture = image.bounding_box()
    box = page.locator(".aj-box-current").first.bounding_box()
    assert picture is not None
    assert box is not None
    # The line was written 72 points from the left and 720 from the bottom of an A4 page.
    assert (box["x"] - picture["x"]) / picture["width"] == pytest.approx(72 / 595.28, abs=0.01)
    baseline = 1 - 720 / 841.89
    top = (box["y"] - picture["y"]) / picture["height"]
    assert top < baseline < top + box["height"] / picture["height"]
    assert page.locator(".aj-page-count").inner_text() == "page 2 of 2"
    page.reload()
    page.wait_for_selector(".aj-answer .aj-cite")
    page.wait_for_function("document.documentElement.lang !== '' && document.querySelector('#aj-status p') === null")
    page.locator(".aj-answer .aj-cite").first.click()
    leaf(page, 2)
    page.get_by_role("button", name="Text", exact=True).click()
    assert page.locator(".aj-paper").is_hidden()
    assert page.locator(".aj-current").first.evaluate(IN_VIEW)
    page.keyboard.press("Escape")
    page.locator(".aj-answer .aj-cite").first.click()
    assert current(page) == PAGES_QUOTE
    assert page.locator(".aj-paper").is_hidden()


def test_pages_are_turned_and_enlarged_by_mouse_and_keyboard(visit: Visit) -> None:
    page = visit()
    ask(page, PAGES)
    page.locator(".aj-answer .aj-cite").first.click()
    current(page)
    page.get_by_role("button", name="Page", exact=True).press("Enter")
    leaf(page, 2)
    page.get_by_role("button", name="Previous page").click()
    leaf(page, 1)
    assert page.locator(".aj-box-current").count() == 0
    assert page.locator(".aj-page-count").inner_text() == "page 1 of 2"
    assert page.get_by_role("button", name="Previous page").get_attribute("aria-disabled") == "true"
    page.locator(".aj-paper-sheet").focus()
    page.keyboard.press("ArrowRight")
    leaf(page, 2)
    sheet = page.locator(".aj-paper-sheet")
    fits = "sheet => sheet.scrollWidth <= sheet.clientWidth"
    assert sheet.evaluate(fits)
    page.keyboard.press("+")
    assert not sheet.evaluate(fits)
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)
    assert page.locator('.aj-leaf[data-number="2"]').count() == 1
    page.get_by_role("button", name="Fit the width").click()
    assert sheet.evaluate(fits)
    page.get_by_role("button", name="Larger").click()
    assert not sheet.evaluate(fits)
    page.get_by_role("button", name="Smaller").click()
    assert sheet.evaluate(fits)
    page.keyboard.press("Escape")
    assert page.locator(".aj-doc").is_hidden()


def test_a_page_that_cannot_be_drawn_or_marked_leaves_the_text_with_a_sentence(visit: Visit, tmp_path: Path) -> None:
    place = make_library(tmp_path / "home", pdf=True)
    with served(place, tmp_path / "c.sqlite3") as url:
        page = visit(url=url)
        ask(page, PAGES)
        page.locator(".aj-answer .aj-cite").first.click()
        current(page)
        (place.works / "lamps.pdf").write_bytes(b"replaced")
        page.get_by_role("button", name="Page", exact=True).click()
        told = "lamps.pdf is no longer the file that was indexed, so its pages are not shown. Rebuild the index."
        page.wait_for_selector(".aj-paper .aj-error")
        assert page.locator(".aj-paper .aj-error").inner_text() == told
        page.keyboard.press("Escape")
        page.locator(".aj-answer .aj-cite").first.click()
        page.wait_for_selector(".aj-doc-head .aj-notice")
        assert page.locator(".aj-doc-head .aj-notice").inner_text() == told
        assert current(page) == PAGES_QUOTE
        assert page.locator(".aj-current").first.evaluate(IN_VIEW)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_serious_in_the_view_of_a_page(visit: Visit, axe: str, scheme: str, width: int) -> None:
    page = visit(color_scheme=scheme, viewport={"width": width, "height": 800})
    ask(page, PAGES)
    page.locator(".aj-answer .aj-cite").first.click()
    current(page)
    page.get_by_role("button", name="Page", exact=True).click()
    leaf(page, 2)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page, axe) == []
