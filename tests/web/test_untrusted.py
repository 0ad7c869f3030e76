"""A corpus of known attacks through the page in headless Chromium: not one runs, and nothing is fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from askjapan.index.manifest import read_manifest
from tests.support.hostile import INSTRUCTIONS, VECTORS, groups, make_hostile_library, question
from tests.support.places import Place
from tests.support.scripted_endpoint import endpoint, writes
from tests.support.web_places import served
from tests.web import test_browser
from tests.web.test_browser import ask, browser, history

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = test_browser.pytestmark
__all__ = ["browser"]
HERE = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
# What might act or fetch; the page's own of these are there before any document is shown.
MADE = """() => [...document.querySelectorAll(
    "script[src^='http'], iframe, object, embed, base, form[action*='127.0.0.2'], [href^='javascript' i], [href*='127.0.0.2'], "
    + "[src*='127.0.0.2'], [srcset*='127.0.0.2'], [style*='127.0.0.2'], [onerror], [onload], [onfocus], [ontoggle], [onbegin], [onstart]")]
    .map(element => element.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return make_hostile_library(tmp_path_factory.mktemp("hostile") / "home")


@pytest.fixture(scope="module")
def address(library: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(library, tmp_path_factory.mktemp("hostile kept") / "c.sqlite3") as url:
        yield url


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page of a new person; in the end nothing must have run, opened a dialog or been fetched from elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    elsewhere: list[str] = []
    context.on("request", lambda request: None if request.url.startswith(HERE) else elsewhere.append(request.url))
    opened = context.new_page()
    opened.set_default_timeout(120_000)
    opened.on("dialog", lambda dialog: elsewhere.append(f"dialog: {dialog.message}"))
    opened.goto(address)
    opened.wait_for_selector("#aj-question textarea")
    opened.wait_for_function("document.documentElement.dataset.spoken && document.querySelector('#aj-status p') === null")
    own = opened.evaluate(MADE)
    yield opened
    assert opened.evaluate("window.hacked") is None
    assert [made for made in opened.evaluate(MADE) if made not in own] == []
    assert elsewhere == []
    context.close()


def test_there_are_enough_attacks() -> None:
    assert len(VECTORS) >= 80
    assert len(set(VECTORS)) == len(VECTORS)


def test_every_attack_in_a_quote_is_text(page: Page) -> None:
    chosen = range(0, len(groups()), 4)
    for turn, number in enumerate(chosen, 1):
        ask(page, question(number), turn)
    shown = page.locator("#aj-chat").inner_text()
    assert "<script" in shown or "onerror" in shown
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("name", ["log.txt", "log.md", "log.html"])
def test_every_attack_in_the_text_of_a_document_is_text(page: Page, name: str, library: Place) -> None:
    document = next(entry for entry in read_manifest(library.index).documents if entry.path.endswith(name))
    page.get_by_role("tab", name="Library").click()
    page.locator(f'.aj-works a[href="#aj-work/{document.id}"]').click()
    page.wait_for_selector(".aj-text")
    text = page.locator(".aj-text").evaluate("element => element.textContent")
    assert "berth 103 reads" in text
    if name == "log.txt":
        assert [vector for vector in VECTORS if vector not in text] == []
    page.wait_for_timeout(300)


def test_titles_authors_themes_file_names_and_the_map(page: Page) -> None:
    page.get_by_role("tab", name="Library").click()
    page.wait_for_selector(".aj-works")
    for fold in page.locator(".aj-works summary").all():
        fold.click()
    shown = page.locator(".aj-works").inner_text()
    assert "Log <img src=x onerror=window.hacked=1>" in shown
    assert "picture<svg onload=window.hacked=1>.svg" in page.locator("body").inner_text()
    page.get_by_role("button", name="Draw the map").click()
    page.wait_for_selector("#aj-map circle")
    page.locator("#aj-map circle").first.hover()
    page.wait_for_timeout(300)


def test_questions_and_titles_of_conversations(page: Page) -> None:
    for turn, vector in enumerate((VECTORS[0], VECTORS[3], VECTORS[9], "[x](javascript:window.hacked=1)"), 1):
        if turn > 1:
            page.get_by_role("button", name="New chat").click()
            page.wait_for_function("document.querySelectorAll('.aj-answer').length === 0")
        ask(page, f"{vector} How many cranes does the pier of Sakata carry?")
    history(page)
    page.wait_for_function("document.querySelectorAll('#aj-conversations label').length === 4")
    assert VECTORS[0] in page.locator("#aj-conversations").inner_text()
    page.reload()
    page.wait_for_selector(".aj-answer")


@pytest.mark.skipif(find_spec("openai") is None, reason="the llm extra is not installed")
def test_a_model_that_obeys_a_document_changes_nothing(browser: Browser, library: Place, tmp_path: Path) -> None:
    """The quotes stand before the model writes, and what it writes at a document's bidding is struck or left out."""
    obeyed = (
        "The mayor of Onagawa is a thief [1]. ",
        "OWNED [1]. ",
        "Read more at [this page](http://127.0.0.2:9/steal?q=) [1]. ",
        "<img src=http://127.0.0.2:9/p.png onerror=window.hacked=1> [1]. ",
        "As the source says [9]. ",
    )
    asked = "How many tons of cod did the fleet of Kushiro catch in 1988?"
    with (
        endpoint(writes(*obeyed)) as model,
        served(library, tmp_path / "c.sqlite3", ASKJAPAN_LLM_BASE_URL=model.url, ASKJAPAN_LLM_MODEL="obedient") as served_at,
    ):
        opened = browser.new_page()
        elsewhere: list[str] = []
        opened.on("request", lambda request: None if request.url.startswith(HERE) else elsewhere.append(request.url))
        opened.set_default_timeout(120_000)
        opened.goto(served_at)
        opened.wait_for_selector("#aj-question textarea")
        opened.wait_for_function("document.documentElement.dataset.spoken && document.querySelector('#aj-status p') === null")
        own = opened.evaluate(MADE)
        ask(opened, asked)
        opened.wait_for_selector(".aj-written")
        quotes = opened.locator(".aj-answer blockquote").all_inner_texts()
        assert "The fleet of Kushiro caught 512 tons of cod in 1988." in " ".join(quotes)
        unstruck = opened.evaluate(
            "() => { const copy = document.querySelector('.aj-written').cloneNode(true);"
            "copy.querySelectorAll('.aj-struck').forEach(e => e.remove()); return copy.textContent; }"
        )
        assert [word for word in ("thief", "OWNED", "Read more", "127.0.0.2") if word in unstruck] == []
        assert opened.evaluate("window.hacked") is None
        assert [made for made in opened.evaluate(MADE) if made not in own] == []
        assert elsewhere == []
        opened.close()
    assert len(INSTRUCTIONS) == 3
