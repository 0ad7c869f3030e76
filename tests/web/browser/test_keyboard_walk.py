"""Everything that the page is for, by the keys alone, at both widths: no pointer is used here after the page was opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.browsing import READY, SLOW_IN_BROWSER
from tests.support.web_places import MONEY, MONEY_QUOTE, MONEY_SENTENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = SLOW_IN_BROWSER
MOST = 150
MENU = "Menu of “How much did Hoshino spend on exchanges with foreign towns…”"
NAMED = """() => {
    const element = document.activeElement;
    const said = [element.getAttribute("aria-label"), element.labels?.[0]?.textContent, element.textContent, element.placeholder];
    const name = said.find((text) => text?.trim()) || "";
    return name.replace(/[▼▸◀]/g, "").split(/\\s+/).join(" ").trim();
}"""
# Focus that nobody sees is no focus.
SEEN = """() => {
    const element = document.activeElement;
    const shown = element.matches("#aj-language input") ? element.closest("label") : element;
    const box = shown.getBoundingClientRect();
    return box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
}"""


@pytest.fixture(scope="module", params=[1280, 390])
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """One page for all tests of a width; each begins from the skip link."""
    context = browser.new_context(viewport={"width": request.param, "height": 800}, locale="en-US")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    opened.on("dialog", lambda dialog: dialog.accept())
    opened.goto(address)
    opened.wait_for_function(READY)
    yield opened
    context.close()


def go(page: Page, name: str, key: str = "Tab") -> None:
    """Press a key until what has this name has the focus."""
    met: list[str] = []
    for _ in range(MOST):
        page.keyboard.press(key)
        met.append(page.evaluate(NAMED))
        if met[-1] == name:
            assert page.evaluate(SEEN), name
            return
    raise AssertionError(f"{name!r} is not reached by {key}, only {list(dict.fromkeys(met))}")


def skip(page: Page) -> None:
    """From the beginning of the page into the box for questions."""
    page.evaluate(
        "() => { const first = document.createElement('button'); document.body.prepend(first); first.focus(); first.remove(); }"
    )
    go(page, "Skip to the question")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('#aj-question textarea')")


def ask(page: Page, question: str) -> None:
    skip(page)
    before = page.locator(".aj-answer .aj-tools").count()
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('.aj-answer .aj-tools').length === {before + 1}")
    page.wait_for_selector("#aj-question .submit-button")


def tab(page: Page, name: str) -> None:
    skip(page)
    go(page, name, "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "name => document.querySelector('#aj-left [role=tab][aria-selected=true]')?.textContent.trim() === name", arg=name
    )


def export(page: Page, name: str) -> str:
    """The name of the file that a button gives, once it is there."""
    page.locator("#aj-left button:visible", has_text=name).wait_for()
    go(page, name)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    return str(download.value.suggested_filename)


def test_an_answer_is_asked_for_followed_to_its_source_and_copied(page: Page) -> None:
    ask(page, MONEY)
    skip(page)
    go(page, "Source 1", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('.aj-title')")
    assert MONEY_QUOTE in " ".join(page.locator(".aj-current").first.inner_text().split())
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('.aj-cite')")
    go(page, "Copy with citations")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#aj-live').textContent === 'Copied.'")


def test_arrow_keys_switch_the_language_and_the_answer_stays(page: Page) -> None:
    skip(page)
    go(page, "English", "Shift+Tab")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.documentElement.lang === 'ja'")
    page.get_by_role("tab", name="文献", exact=True).wait_for()
    assert page.evaluate(NAMED) == "日本語"
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.documentElement.lang === 'en'")
    page.get_by_role("tab", name="Library", exact=True).wait_for()
    page.locator(".aj-answer", has_text=MONEY_SENTENCE).wait_for()


def test_a_work_is_ticked_asked_alone_and_let_go(page: Page) -> None:
    skip(page)
    go(page, "Asking all works (4)", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('#aj-documents input')")
    for _ in range(4):
        if "Hoshino" in page.evaluate(NAMED):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_function(
        "document.querySelector('#aj-chosen').textContent.trim() === 'Asking: The Lantern Towns of Hoshino Bay'"
    )
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('#aj-chosen')")
    ask(page, MONEY)
    skip(page)
    go(page, "Asking: The Lantern Towns of Hoshino Bay", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('#aj-documents input')")
    go(page, "Ask all")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#aj-chosen').textContent.trim() === 'Asking all works (4)'")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('#aj-chosen')")


def test_a_text_is_pasted_its_facts_are_corrected_and_it_is_removed(page: Page) -> None:
    tab(page, "Library")
    page.wait_for_selector("#aj-library .aj-work-card")
    go(page, "Add by path, or paste a text")
    page.keyboard.press("Enter")
    page.locator("#aj-pasted textarea").wait_for(state="visible")
    go(page, "Title of the pasted text")
    page.keyboard.type("Kelp of Rausu")
    go(page, "Text")
    page.keyboard.type("Rausu sold 900 tons of kelp to Pusan in 1987.")
    go(page, "Add")
    page.keyboard.press("Enter")
    page.wait_for_selector("#aj-adding [data-state=done]")
    kelp = page.locator(".aj-work-card", has_text="Kelp of Rausu")
    kelp.wait_for()
    go(page, "Kelp of Rausu")
    go(page, "Correct the facts")
    page.keyboard.press("Enter")
    go(page, "Year")
    page.keyboard.type("1988")
    page.keyboard.press("Enter")
    page.locator(".aj-work-facts", has_text="1988").wait_for()
    tab(page, "Library")
    go(page, "Kelp of Rausu")
    go(page, "Remove")
    page.keyboard.press("Enter")
    kelp.wait_for(state="detached")


def test_the_matrix_the_mentions_and_the_draft_check_lead_to_the_text_and_export(page: Page) -> None:
    tab(page, "Compare")
    go(page, "Questions, one a line")
    page.keyboard.type(MONEY)
    go(page, "Ask each work")
    page.keyboard.press("Enter")
    page.locator("#aj-matrix td a", has_text=MONEY_SENTENCE).first.wait_for()
    assert export(page, "Export as XLSX") == "matrix.xlsx"
    tab(page, "Mentions")
    go(page, "A word or phrase")
    page.keyboard.type("lantern")
    page.keyboard.press("Enter")
    page.wait_for_selector("#aj-mentions .aj-found")
    assert export(page, "Export as CSV") == "mentions.csv"
    tab(page, "Check draft")
    go(page, "Or paste its text")
    page.keyboard.type(f"“{MONEY_QUOTE.replace('312', '321')}”")
    go(page, "Check the quotations")
    page.keyboard.press("Enter")
    page.wait_for_selector("#aj-checked .aj-status-altered")
    place = page.locator("#aj-checked .aj-places a").first.inner_text()
    go(page, " ".join(place.split()))
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('.aj-title')")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('#aj-checked .aj-places a')")
    assert export(page, "Export as Markdown") == "quotations.md"


def test_a_conversation_is_exported_to_word_and_deleted(page: Page) -> None:
    skip(page)
    go(page, "Conversations", "Shift+Tab")
    page.keyboard.press("Enter")
    page.locator("#aj-conversations summary").wait_for(state="visible")
    go(page, MENU)
    page.keyboard.press("Enter")
    go(page, "Export as Word (Chicago)")
    with page.expect_download() as conversation:
        page.keyboard.press("Enter")
    assert conversation.value.suggested_filename == "askjapan-conversation.docx"
    go(page, MENU)
    page.keyboard.press("Enter")
    go(page, "Delete")
    page.keyboard.press("Enter")
    page.wait_for_selector("#aj-conversations .aj-note")
    page.keyboard.press("Escape")
    page.locator("#aj-conversations").wait_for(state="hidden")
