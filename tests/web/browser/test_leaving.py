"""What becomes of an answer that is coming when its reader goes elsewhere, in headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.browsing import SLOW_IN_BROWSER, Visit, ask, history
from tests.support.places import Place
from tests.support.web_places import MONEY, MONEY_SENTENCE, NETS, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = SLOW_IN_BROWSER
SECONDS = 4


@pytest.fixture(scope="module")
def address(library: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page whose answers take their time."""
    with served(library, tmp_path_factory.mktemp("kept") / "c.sqlite3", SLOW_ANSWER=str(SECONDS)) as url:
        yield url


def ask_and_not_wait(page: Page, question: str) -> None:
    page.fill("#aj-question textarea", question)
    page.press("#aj-question textarea", "Enter")
    page.locator("#aj-question .stop-button").wait_for()
    page.locator("#aj-chat .user-row", has_text=question).wait_for()


def outlast(page: Page) -> None:
    """Wait until what was being answered would have come."""
    page.wait_for_timeout(1000 * (SECONDS + 3))


def told(page: Page) -> str:
    return page.locator("#aj-note").inner_text().strip()


def test_a_new_chat_is_empty_and_stays_so(visit: Visit) -> None:
    page = visit()
    ask_and_not_wait(page, MONEY)
    page.locator("#aj-new").click()
    page.wait_for_selector("#aj-chat .example")
    page.wait_for_selector("#aj-question .submit-button")
    assert told(page) == f"The answer to “{MONEY}” was stopped. Ask again if you need it."
    outlast(page)
    assert page.locator("#aj-chat .user-row, .aj-answer").count() == 0
    history(page)
    page.wait_for_selector("#aj-conversations .aj-note")
    page.keyboard.press("Escape")
    ask(page, NETS)
    assert told(page) == ""
    assert page.locator("#aj-chat .user-row").all_inner_texts() == [NETS]


def test_another_conversation_stays_open_and_nothing_is_kept_of_the_question(visit: Visit) -> None:
    page = visit()
    ask(page, MONEY)
    page.locator("#aj-new").click()
    page.wait_for_selector("#aj-chat .example")
    ask_and_not_wait(page, NETS)
    history(page)
    page.locator("#aj-conversations .aj-row-title").first.click()
    page.locator(".aj-answer", has_text=MONEY_SENTENCE).wait_for()
    outlast(page)
    assert told(page) == f"The answer to “{NETS}” was stopped. Ask again if you need it."
    assert page.locator("#aj-chat .user-row").all_inner_texts() == [MONEY]
    assert page.locator("#aj-conversations .aj-row-title").count() == 1
    # To open what is open already stops nothing.
    page.keyboard.press("Escape")
    ask_and_not_wait(page, NETS)
    history(page)
    page.locator("#aj-conversations .aj-row-title").first.click()
    page.wait_for_function("document.querySelectorAll('.aj-answer .aj-tools').length === 2")
    assert page.locator("#aj-chat .user-row").all_inner_texts() == [MONEY, NETS]


def test_an_answer_comes_in_the_language_that_the_page_has_by_then(visit: Visit) -> None:
    page = visit()
    ask_and_not_wait(page, MONEY)
    page.locator("#aj-language label", has_text="日本語").click()
    page.wait_for_selector(".aj-answer .aj-tools")
    assert page.locator(".aj-answer .aj-copy").inner_text() == "コピー"
    page.wait_for_selector("#aj-question .submit-button")
    page.reload()
    page.wait_for_selector(".aj-answer .aj-tools")
    page.wait_for_function("document.documentElement.lang === 'ja'")
    assert page.locator(".aj-answer .aj-copy").inner_text() == "コピー"
