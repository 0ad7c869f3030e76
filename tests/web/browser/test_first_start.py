"""The first start: the page is there at once and says how far the index is, in the visitor's language, until it can be asked."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.browsing import SLOW_IN_BROWSER, Visit, ask
from tests.support.web_places import MONEY, MONEY_QUOTE, first_build

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = SLOW_IN_BROWSER
FAR = {
    "en": re.compile(r"Building the index: embedding text \d+ of [1-9]\d*\."),
    "ja": re.compile(r"検索用データを作成しています：文章の登録（\d+／[1-9]\d*）。"),
}
BAR = {"en": "Library", "ja": "文献"}


def line(page: Page) -> str:
    return " ".join(page.locator("#aj-status p").inner_text().split())


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_line_of_progress_counts_stands_clear_and_goes_when_the_index_is_there(
    visit: Visit, tmp_path: Path, language: str, width: int
) -> None:
    with first_build(tmp_path) as (url, held):
        page = visit(f"/?lang={language}", url, ready=False, viewport={"width": width, "height": 800})
        page.wait_for_function("/embedding text|文章の登録/.test(document.querySelector('#aj-status')?.textContent)")
        assert FAR[language].fullmatch(line(page))
        with urllib.request.urlopen(f"{url}/healthz", timeout=30) as told:
            assert {**json.load(told), "process": "", "state": ""} == {
                "status": "loading", "building": True, "waiting": 0, "process": "", "state": "",
            }  # fmt: skip
        above, below, box = (page.locator(part).bounding_box() for part in ("#aj-status", "#aj-main", "#aj-question"))
        assert above
        assert below
        assert box
        assert above["y"] + above["height"] <= below["y"]
        assert box["y"] + box["height"] <= 800
        page.get_by_role("tab", name=BAR[language], exact=True).click()
        bar = page.locator("#aj-adding progress")
        bar.wait_for()
        assert int(bar.get_attribute("max") or 0) > 0
        page.locator("#aj-tab-ask-button").click()
        # What is asked meanwhile is answered as soon as it can be.
        page.fill("#aj-question textarea", MONEY)
        page.press("#aj-question textarea", "Enter")
        page.wait_for_selector("#aj-chat .bot-row .aj-note")
        assert FAR[language].search(" ".join(page.locator("#aj-chat .bot-row").inner_text().split()))
        held.unlink()
        page.wait_for_selector(".aj-answer .aj-tools")
        assert MONEY_QUOTE in page.locator(".aj-answer").inner_text()
        page.wait_for_function("document.querySelector('#aj-status p') === null")
        page.locator("#aj-chosen", has_text="3").wait_for()


def test_a_page_that_was_opened_before_there_was_an_index_shows_the_works_by_itself(visit: Visit, tmp_path: Path) -> None:
    with first_build(tmp_path) as (url, held):
        page = visit(url=url, ready=False)
        page.wait_for_function("document.querySelector('#aj-status')?.textContent.includes('Building the index')")
        assert page.locator(".aj-start-works a").count() == 0
        held.unlink()
        page.wait_for_function("document.querySelectorAll('.aj-start-works a').length === 3")
        page.locator(".aj-start-works a").first.click()
        page.wait_for_selector(".aj-answer .aj-tools")
        ask(page, MONEY, turns=2)
