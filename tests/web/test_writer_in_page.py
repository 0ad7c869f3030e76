"""The writer on the page, in headless Chromium: prose streams in under the quotes, can be stopped, and is there after a reload."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.browsing import CHROMIUM, READY, SLOW_IN_BROWSER
from tests.support.places import Place
from tests.support.scripted_endpoint import Reply, endpoint
from tests.support.web_places import MONEY, MONEY_QUOTE, make_library, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [*SLOW_IN_BROWSER, pytest.mark.skipif(find_spec("openai") is None, reason="the llm extra is not installed")]
TOLD = ("Hoshino spent 312 million yen on exchanges in 1998 [1]. ", "Kyoto spent 5 yen [1]. ")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return make_library(tmp_path_factory.mktemp("library") / "home")


@pytest.fixture
def page() -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox", "--disable-gpu"])
        opened = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US")
        opened.set_default_timeout(30_000)
        yield opened
        browser.close()


def open_and_ask(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#aj-question textarea")
    page.wait_for_function(READY)
    page.fill("#aj-question textarea", MONEY)
    page.press("#aj-question textarea", "Enter")


def settings(url: str) -> dict[str, str]:
    return {"ASKJAPAN_LLM_BASE_URL": url, "ASKJAPAN_LLM_MODEL": "small-model"}


def test_the_prose_streams_in_and_is_there_after_a_reload(page: Page, library: Place, tmp_path: Path) -> None:
    def script(reply: Reply) -> None:
        reply.begin()
        for sentence in TOLD:
            reply.say(sentence)
            reply.wait(0.5)
        reply.end()

    with endpoint(script) as model, served(library, tmp_path / "conversations.sqlite3", **settings(model.url)) as address:
        open_and_ask(page, address)
        page.wait_for_selector(".aj-written >> text=Writing …")
        assert f"“{MONEY_QUOTE}”" in page.inner_text(".aj-answer")
        page.wait_for_selector(".aj-written del")
        page.wait_for_selector(".aj-written >> text=Writing …", state="detached")
        block = page.locator(".aj-written")
        assert (
            block.inner_text().split("\n")[0]
            == "Written by small-model from the quotes above; each sentence checked against them"
        )
        assert block.locator("a.aj-cite").all_inner_texts() == ["1", "1"]
        struck = block.locator("del")
        assert struck.inner_text() == "Kyoto spent 5 yen."
        assert struck.get_attribute("title") == "Not in the quotes: 5, Kyoto"
        assert struck.evaluate("element => getComputedStyle(element).textDecorationLine") == "line-through"
        assert "not supported" in block.inner_text()
        block.locator("a.aj-cite").first.click()
        page.wait_for_selector("mark.aj-current")
        page.reload()
        page.wait_for_selector(".aj-written del")
        assert page.locator(".aj-written").inner_text().count("not supported") == 1


def test_stopping_keeps_the_quotes_and_what_was_written(page: Page, library: Place, tmp_path: Path) -> None:
    def script(reply: Reply) -> None:
        reply.begin()
        reply.say(TOLD[0] + TOLD[1])
        reply.wait(20)

    with endpoint(script) as model, served(library, tmp_path / "conversations.sqlite3", **settings(model.url)) as address:
        open_and_ask(page, address)
        page.wait_for_selector(".aj-written p:not(.aj-label)")
        page.click("#aj-question button.stop-button")
        page.wait_for_selector("#aj-question button.submit-button")
        assert f"“{MONEY_QUOTE}”" in page.inner_text(".aj-answer")
        assert "312 million yen on exchanges" in page.inner_text(".aj-written")
        page.reload()
        page.wait_for_selector(".aj-answer")
        assert "312 million yen on exchanges" in page.inner_text(".aj-written")
