"""A corpus of known attacks through the page in headless Chromium: not one runs, and nothing is fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from askjapan.index.storage.manifest import read_manifest
from tests.support.browsing import READY, SLOW_IN_BROWSER, ask, history
from tests.support.hostile import ELSEWHERE, VECTORS, groups, make_hostile_library, question
from tests.support.places import Place
from tests.support.scripted_endpoint import endpoint, writes
from tests.support.web_places import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

pytestmark = SLOW_IN_BROWSER
HERE = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
# What might act or fetch; the page's own of these are there before any document is shown.
MADE_IN = """(document, elsewhere) => [...document.querySelectorAll("*")].filter(element => {
    if (element.matches("iframe, object, embed, base, form[action], meta[http-equiv=refresh]")) return true;
    return [...element.attributes].some(({name, value}) => name.startsWith("on")
        || (/^(src|srcset|href|xlink:href|style|poster|background|data|action|formaction|srcdoc)$/.test(name)
            && (value.includes(elsewhere) || /^\\s*(javascript|vbscript|data:text)/i.test(value.replace(/[\\t\\n\\r]/g, "")))));
}).map(element => element.cloneNode(false).outerHTML)"""
MADE = f"elsewhere => ({MADE_IN})(document, elsewhere)"
# Each attack as a page of its own.
UNGUARDED = """vectors => vectors.forEach(vector => {
    const frame = document.createElement("iframe");
    frame.srcdoc = `<!doctype html><title>x</title><p>${vector}`;
    document.body.append(frame);
})"""
HARMED = f"""elsewhere => [...document.querySelectorAll("iframe")].map(frame => {{
    // A frame that was led elsewhere cannot be looked into.
    const inside = frame.contentDocument;
    return inside === null ? [false, true] : [frame.contentWindow.hacked === 1, ({MADE_IN})(inside, elsewhere).length > 0];
}})"""
# A quote and the text of a document show the words of a link, not its address and its tags.
LEFT_OUT = ("<a ", "[x](", "![x](", "<p ", "<div ", "`")
RUN = "window.hacked === undefined ? null : window.hacked"


@dataclass
class Watched:
    """A page, and what was fetched from elsewhere or opened a dialog since it is watched."""

    page: Page
    reached: list[str]

    @property
    def made(self) -> list[str]:
        """The elements that might act or fetch."""
        found: list[str] = self.page.evaluate(MADE, ELSEWHERE)
        return found

    @property
    def has_run(self) -> bool:
        """Whether a script has left its mark."""
        return self.page.evaluate(RUN) is not None


@contextmanager
def watched(browser: Browser) -> Iterator[Watched]:
    """An empty page of a new person."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    reached: list[str] = []
    context.on("request", lambda request: None if request.url.startswith((*HERE, "about:")) else reached.append(request.url))
    opened = context.new_page()
    opened.set_default_timeout(120_000)

    def dismissed(dialog: Dialog) -> None:
        reached.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    opened.on("dialog", dismissed)
    yield Watched(opened, reached)
    context.close()


def open_chat(page: Page, address: str) -> None:
    """Open the page and wait until questions can be asked."""
    page.goto(address)
    page.wait_for_selector("#aj-question textarea")
    page.wait_for_function(READY)


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
    with watched(browser) as seen:
        open_chat(seen.page, address)
        own = seen.made
        yield seen.page
        assert not seen.has_run
        assert [made for made in seen.made if made not in own] == []
        assert seen.reached == []


def test_there_are_enough_attacks() -> None:
    assert len(VECTORS) >= 80
    assert len(set(VECTORS)) == len(VECTORS)


def test_the_attacks_are_real_and_seen_where_nothing_guards_against_them(browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.evaluate(UNGUARDED, list(VECTORS))
        seen.page.wait_for_function(
            f"elsewhere => ({HARMED})(elsewhere).filter(([ran, made]) => ran).length >= 20", arg=ELSEWHERE
        )
        harmed = seen.page.evaluate(HARMED, ELSEWHERE)
    assert sum(made for _, made in harmed) >= 45
    assert {f"{ELSEWHERE}/{name}" for name in ("p.png", "s.css", "x.js", "s", "")} <= set(seen.reached)


def test_the_policy_holds_even_where_an_attack_becomes_markup(browser: Browser, address: str) -> None:
    with watched(browser) as seen:
        open_chat(seen.page, address)
        own = len(seen.made)
        kept_out: dict[str, str | None] = {}
        seen.page.on("requestfailed", lambda request: kept_out.update({request.url: request.failure}))
        # No policy speaks of what leads the whole page away.
        seen.page.evaluate(
            "vectors => vectors.forEach(vector => document.body.insertAdjacentHTML('beforeend', vector))",
            [vector for vector in VECTORS if "http-equiv" not in vector],
        )
        seen.page.wait_for_timeout(1500)
        assert len(seen.made) >= own + 40
        assert not seen.has_run
        assert {url for url in seen.reached if kept_out.get(url) != "csp"} == set()


def test_every_attack_in_a_quote_is_text(page: Page) -> None:
    chosen = range(0, len(groups()), 4)
    for turn, number in enumerate(chosen, 1):
        ask(page, question(number), turn)
    shown = page.locator("#aj-chat").inner_text()
    asked = [vector for number in chosen for vector in groups()[number]]
    assert [vector for vector in asked if vector not in shown and not vector.startswith(LEFT_OUT)] == []


@pytest.mark.parametrize(("name", "whole"), [("log.txt", len(VECTORS) - 5), ("log.md", 45), ("log.html", len(VECTORS))])
def test_every_attack_in_the_text_of_a_document_is_text(page: Page, name: str, whole: int, library: Place) -> None:
    """What a reader of the file sees is there to the letter: no address of a link, in Markdown also no scripts and no tags."""
    document = next(entry for entry in read_manifest(library.index).documents if entry.path.endswith(name))
    page.get_by_role("tab", name="Library").click()
    page.locator(f'.aj-works a[href="#aj-work/{document.id}"]').click()
    page.wait_for_selector(".aj-text")
    text = page.locator(".aj-text").evaluate("element => element.textContent")
    assert "berth 103 reads" in text
    assert len([vector for vector in VECTORS if vector in text]) >= whole
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
    page.wait_for_function("document.querySelectorAll('#aj-conversations li').length === 4")
    page.wait_for_function("text => document.querySelector('#aj-conversations').innerText.includes(text)", arg=VECTORS[0])
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
        watched(browser) as seen,
    ):
        opened = seen.page
        open_chat(opened, served_at)
        own = seen.made
        ask(opened, asked)
        opened.wait_for_selector(".aj-written")
        quotes = opened.locator(".aj-answer blockquote").all_inner_texts()
        assert "The fleet of Kushiro caught 512 tons of cod in 1988." in " ".join(quotes)
        unstruck = opened.evaluate(
            "() => { const copy = document.querySelector('.aj-written').cloneNode(true);"
            "copy.querySelectorAll('.aj-struck').forEach(e => e.remove()); return copy.textContent; }"
        )
        assert [word for word in ("thief", "OWNED", "Read more", "127.0.0.2") if word in unstruck] == []
        assert not seen.has_run
        assert [made for made in seen.made if made not in own] == []
        assert seen.reached == []
