"""The page in headless Chromium: what a person does, checked in what the browser shows."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from askjapan.citations.answer_files import load_answers
from askjapan.citations.verify import verify
from askjapan.web.conversations.store import ConversationStore
from tests.support.browsing import BROWSER, DESKTOP, Visit, ask, history
from tests.support.places import LANTERNS, Place
from tests.support.web_places import (
    BOATS,
    MONEY,
    MONEY_QUOTE,
    MONEY_SENTENCE,
    NETS,
    NETS_SHOWN,
    PAGES,
    PAGES_QUOTE,
    free_port,
    make_library,
    make_service,
    served,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

pytestmark = BROWSER
PHONE = {"width": 360, "height": 740}
IN_VIEW = """element => {
    const mark = element.getBoundingClientRect();
    const box = element.closest(".aj-text").getBoundingClientRect();
    return mark.top >= box.top && mark.bottom <= box.bottom && mark.bottom <= window.innerHeight && mark.top >= 0;
}"""

TOP_IN_VIEW = """element => {
    const top = element.getBoundingClientRect().top;
    const box = element.closest(".aj-text").getBoundingClientRect();
    return top >= box.top && top < Math.min(box.bottom, window.innerHeight);
}"""

NAMED = """() => {
    const element = document.activeElement;
    const label = element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent;
    return label.replace("▼", "").trim();
}"""
# Focus that nobody sees is no focus: in the window, with an outline of its own, of its label or of its field.
SEEN = """() => {
    const element = document.activeElement;
    const shown = element.type === "radio" ? element.closest("label") : element.matches("textarea") ? element.closest(".block") : element;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(shown);
    const within = box.width > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
    return within && (style.outlineStyle !== "none" || style.boxShadow !== "none");
}"""


def squeeze(text: str) -> str:
    return " ".join(text.split())


def current(page: Page) -> str:
    """The text that is marked strongest, when the pane has opened."""
    page.wait_for_selector(".aj-current")
    return squeeze(" ".join(page.locator(".aj-current").all_text_contents()))


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


HOSTILE = (
    "![x](https://tracker.invalid/p.png) **b** [l](https://tracker.invalid/) <img src=https://tracker.invalid/q.png> _i_ `c` ~~s~~ "
    "https://tracker.invalid/r www.tracker.invalid a@tracker.invalid &amp; &#42; 1998. How much did Hoshino spend?"
)


def test_a_question_is_shown_as_typed_and_fetches_nothing(visit: Visit, address: str) -> None:
    page = visit()
    ask(page, HOSTILE)
    page.get_by_role("button", name="Link to this answer").click()
    link = _copied(page, lambda text: text.startswith("http"))
    history(page)
    page.wait_for_function("document.querySelectorAll('#aj-conversations li').length === 1")
    # Another person who follows the link; `visit` fails on any request to another machine.
    other = visit(link.removeprefix(address))
    other.wait_for_selector(".aj-answer")
    for shown in (page, other):
        asked = shown.locator("#aj-chat .user-row .message").first
        assert squeeze(asked.inner_text()) == HOSTILE
        made = "element => [...element.querySelectorAll('img, a, strong, em, code, del, ol, h1, h2')].length"
        assert asked.evaluate(made) == 0
        assert shown.locator("img[src*='tracker'], a[href*='tracker']").count() == 0
        shown.wait_for_timeout(300)
    page.reload()
    page.wait_for_selector(".aj-answer .aj-tools")
    page.locator("#aj-chat .user-row").hover()
    page.get_by_role("button", name="Edit").click()
    page.get_by_role("button", name="Submit").first.click()
    page.wait_for_function("document.querySelectorAll('.aj-answer .aj-tools').length === 1")
    page.wait_for_selector("#aj-question .submit-button")
    assert squeeze(page.locator("#aj-chat .user-row .message").first.inner_text()) == HOSTILE


def test_markdown_in_what_an_answer_says_is_text(visit: Visit, library: Place, tmp_path: Path) -> None:
    bait = "a\r\n\r\n\r\r![x](https://tracker.invalid/p.png) **b** <img src=https://tracker.invalid/q.png> https://tracker.invalid/r\n\n# h"
    kept = tmp_path / "c.sqlite3"
    answer = make_service(library).ask(MONEY)
    sentences = tuple(
        replace(
            sentence, text=bait, citations=tuple(replace(one, title=bait, section=bait, quote=bait) for one in sentence.citations)
        )
        for sentence in answer.sentences
    )
    hits = tuple(replace(hit, document=replace(hit.document, title=bait)) for hit in answer.hits)
    answered = replace(answer, standalone_question=bait, sentences=sentences, hits=hits)
    refused = replace(answered, answered=False, reason=bait, sentences=())
    turns = [ConversationStore(kept).keep("someone", "", one) for one in (answered, refused)]
    with served(library, kept) as url:
        for turn in turns:
            page = visit(f"/?answer={turn.id}", url)
            page.wait_for_selector(".aj-answer .aj-tools")
            shown = page.locator(".aj-answer")
            assert "![x](https://tracker.invalid/p.png) **b** <img" in squeeze(shown.inner_text())
            assert "# h" in squeeze(shown.inner_text())
            assert page.locator("img[src*='tracker'], a[href*='tracker']").count() == 0
            assert page.locator("#aj-chat .bot-row h1").count() == 0
            # A word between stars is shown emphasised, by the page itself; nothing else of Markdown is.
            assert set(page.locator("#aj-chat strong:not(.aj-short *)").all_text_contents()) <= {"b"}


def test_a_pdf_is_shown_at_its_page(visit: Visit) -> None:
    page = visit()
    ask(page, PAGES)
    page.locator(".aj-answer .aj-cite").first.click()
    assert current(page) == PAGES_QUOTE
    assert page.locator(".aj-place").inner_text().startswith("page 2")
    assert page.locator(".aj-page").all_inner_texts() == ["page 1", "page 2"]


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


def test_a_follow_up_shows_its_stand_alone_form_and_the_pane_its_own_sources(visit: Visit) -> None:
    page = visit()
    ask(page, MONEY)
    page.locator(".aj-answer .aj-cite").first.click()
    current(page)
    ask(page, "And in 2004?", turns=2)
    assert page.locator(".aj-understood").count() == 1
    assert "Hoshino" in page.locator(".aj-understood").inner_text()
    page.wait_for_function("document.querySelector('.aj-for').textContent.includes('And in 2004?')")
    turn = page.locator(".aj-list").get_attribute("data-first")
    assert turn is not None
    page.wait_for_selector(f'.aj-cite.aj-active[href="{turn}"]')


def test_a_filter_keeps_to_one_theme(visit: Visit) -> None:
    page = visit()
    assert page.locator("#aj-chosen").inner_text() == "Asking all works (4)"
    page.locator("#aj-chosen").click()
    page.locator("#aj-themes").get_by_label("migration").check()
    page.wait_for_function("document.querySelector('#aj-chosen').textContent.trim() === 'Asking: migration'")
    ask(page, MONEY)
    current(page)
    page.get_by_role("link", name="Back to the list").click()
    titles = page.locator("#aj-pane .aj-card-title").all_inner_texts()
    assert titles
    assert all("Tea Growers Without Borders" in title for title in titles)


def test_works_are_ticked_kept_as_a_collection_and_named_over_the_box(visit: Visit) -> None:
    page = visit()
    page.on("dialog", lambda dialog: dialog.accept("My towns"))
    page.locator("#aj-chosen").click()
    page.locator("#aj-documents").get_by_label("The Lantern Towns of Hoshino Bay").check()
    page.wait_for_function(
        "document.querySelector('#aj-chosen').textContent.trim() === 'Asking: The Lantern Towns of Hoshino Bay'"
    )
    page.get_by_role("button", name="Save as collection").click()
    page.wait_for_function("document.querySelector('#aj-collection input').value === 'My towns'")
    page.get_by_role("button", name="Ask all").click()
    page.wait_for_function("document.querySelector('#aj-chosen').textContent.trim() === 'Asking all works (4)'")
    page.reload()
    page.wait_for_function("document.querySelector('#aj-chosen')?.textContent.trim() === 'Asking all works (4)'")
    page.locator("#aj-chosen").click()
    page.get_by_label("Collection", exact=True).click()
    page.get_by_role("option", name="My towns").click()
    page.wait_for_function(
        "document.querySelector('#aj-chosen').textContent.trim() === 'Asking: The Lantern Towns of Hoshino Bay'"
    )


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


def test_an_example_asks(visit: Visit) -> None:
    page = visit()
    assert page.locator("#aj-chat .example").count() == 4
    page.locator("#aj-chat .example").first.click()
    page.wait_for_selector(".aj-answer .aj-tools")
    assert "How many sister city relationships did Japan have in 2009?" in page.locator("#aj-chat").inner_text()


def test_retry_and_edit_replace_the_answer(visit: Visit) -> None:
    page = visit()
    ask(page, MONEY)
    first = page.locator(".aj-answer").get_attribute("id")
    page.get_by_role("button", name="Retry").click()
    page.wait_for_function(f"document.querySelector('.aj-answer')?.id !== '{first}' && document.querySelector('.aj-tools')")
    page.wait_for_selector("#aj-question .submit-button")
    assert page.locator(".aj-answer").count() == 1
    page.get_by_role("button", name="Edit").click()
    page.locator("#aj-chat textarea").fill(NETS)
    page.get_by_role("button", name="Submit").first.click()
    page.wait_for_function("document.querySelector('.aj-answer')?.textContent.includes('41 nets')")
    assert page.locator(".aj-answer").count() == 1
    page.reload()
    page.wait_for_selector(".aj-answer")
    assert "41 nets" in page.locator(".aj-answer").inner_text()
    assert page.locator(".aj-answer").count() == 1


def _copied(page: Page, wanted: Callable[[str], bool]) -> str:
    """The clipboard's text once it is the one that is waited for, or as it is after five seconds."""
    text = ""
    for _ in range(50):
        text = str(page.evaluate("navigator.clipboard.readText()"))
        if wanted(text):
            break
        page.wait_for_timeout(100)
    return text


def test_copying_an_answer_and_its_link(visit: Visit, address: str) -> None:
    page = visit()
    ask(page, MONEY)
    clipboard = "navigator.clipboard.readText()"
    page.get_by_role("button", name="Copy with citations").click()
    page.wait_for_function("document.querySelector('#aj-live').textContent === 'Copied.'")
    assert f"“{MONEY_QUOTE}” [1]" in page.evaluate(clipboard)
    page.get_by_role("button", name="Copy", exact=True).click()
    assert _copied(page, lambda text: "[1]" not in text).startswith(f"“{MONEY_QUOTE}”")
    page.get_by_role("button", name="Link to this answer").click()
    link = _copied(page, lambda text: text.startswith("http"))
    assert link.startswith(f"{address}/?answer=")
    other = visit(link.removeprefix(address))
    other.wait_for_selector(".aj-answer")
    assert MONEY_QUOTE in other.locator(".aj-answer").inner_text()
    other.locator(".aj-answer .aj-cite").first.click()
    assert current(other) == MONEY_QUOTE


def test_a_conversation_outlives_a_reload_and_a_restart(visit: Visit, library: Place, tmp_path: Path) -> None:
    port, kept = free_port(), tmp_path / "c.sqlite3"
    with served(library, kept, port=port) as url:
        page = visit(url=url)
        ask(page, MONEY)
        page.reload()
        page.wait_for_selector(".aj-answer .aj-cite")
        assert MONEY_QUOTE in page.locator(".aj-answer").inner_text()
        context = page.context
        page.close()
    with served(library, kept, port=port) as url:
        page = visit(url=url, context=context)
        page.wait_for_selector(".aj-answer .aj-cite")
        page.locator(".aj-answer .aj-cite").first.click()
        assert current(page) == MONEY_QUOTE
        ask(page, "And in 2004?", turns=2)
        assert "Hoshino" in page.locator(".aj-understood").inner_text()


def listed(page: Page) -> list[str]:
    return [squeeze(title) for title in page.locator("#aj-conversations .aj-row-title").all_inner_texts()]


def menu(page: Page, title: str) -> None:
    """Open the menu of a conversation; long titles are cut."""
    row = page.locator("#aj-conversations li", has_text=title[:50])
    row.locator("summary").click()
    row.locator(".aj-menu > div").wait_for(state="visible")


def test_conversations_are_listed_searched_renamed_linked_and_deleted(visit: Visit, address: str) -> None:
    page = visit()
    ask(page, MONEY)
    history(page)
    page.get_by_role("button", name="New chat").click()
    page.wait_for_selector("#aj-chat .example")
    ask(page, NETS)
    page.wait_for_function("document.querySelectorAll('#aj-conversations li').length === 2")
    page.get_by_label("Search conversations").fill("41 nets")
    page.wait_for_function("document.querySelectorAll('#aj-conversations li').length === 1")
    assert listed(page) == [NETS]
    asked: list[str] = []

    def reply(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept("Nets of Kujira") if dialog.type == "prompt" else dialog.accept()

    page.on("dialog", reply)
    menu(page, NETS)
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Search conversations").fill("")
    page.wait_for_function("document.querySelectorAll('#aj-conversations li').length === 2")
    assert "Nets of Kujira" in listed(page)
    menu(page, "Nets of Kujira")
    page.get_by_role("button", name="Copy link").click()
    link = _copied(page, lambda text: text.startswith("http"))
    other = visit(link.removeprefix(address))
    other.wait_for_selector(".aj-answer")
    assert "41 nets" in other.locator(".aj-answer").inner_text()
    menu(page, "Nets of Kujira")
    page.keyboard.press("Escape")
    assert page.locator(".aj-menu > div:visible").count() == 0
    menu(page, "Nets of Kujira")
    page.get_by_role("button", name="Delete").click()
    page.wait_for_function("document.querySelectorAll('#aj-conversations li').length === 1")
    assert asked == ["New title", "Delete “Nets of Kujira” and its answers?"]
    page.locator("#aj-conversations .aj-row-title").first.click()
    page.wait_for_selector(".aj-answer")
    assert MONEY_QUOTE in page.locator(".aj-answer").inner_text()


def test_two_people_see_only_their_own(visit: Visit) -> None:
    emilia, stranger = visit(), visit()
    ask(emilia, MONEY)
    ask(stranger, NETS)
    for page in (emilia, stranger):
        history(page)
        page.wait_for_function("document.querySelectorAll('#aj-conversations li').length === 1")
    assert listed(stranger) == [NETS]
    assert "312 million" not in stranger.locator("body").inner_text()
    assert "41 nets" not in emilia.locator("body").inner_text()


def test_an_exported_conversation_verifies(visit: Visit, library: Place, tmp_path: Path) -> None:
    page = visit()
    ask(page, MONEY)
    history(page)
    menu(page, MONEY)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Export as JSON", exact=True).click()
    target = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(target)
    assert target.name == "askjapan-conversation.json"
    verdicts = verify(load_answers(target), [library.corpus])
    assert verdicts
    assert {verdict.status for verdict in verdicts} == {"ok"}


KELP = "# Kelp of Rausu\n\nRausu sold 900 tons of kelp to Pusan in 1987.\n"
KELP_QUOTE = "Rausu sold 900 tons of kelp to Pusan in 1987."


def library_tab(page: Page) -> int:
    """Open the library; how many works it has."""
    page.get_by_role("tab", name="Library").click()
    page.wait_for_selector("#aj-library .aj-work-card")
    return page.locator("#aj-library .aj-work-card").count()


def test_a_good_and_a_bad_file_are_added_in_one_step_and_one_is_removed(visit: Visit, tmp_path: Path) -> None:
    place = make_library(tmp_path / "home")
    good, bad = tmp_path / "kelp.md", tmp_path / "scan.pdf"
    good.write_text(KELP, encoding="utf-8")
    bad.write_text("This is no PDF.", encoding="utf-8")
    with served(place, tmp_path / "c.sqlite3") as url:
        page = visit(url=url)
        before = library_tab(page)
        page.locator("#aj-upload input[type=file]").set_input_files([good, bad])
        page.wait_for_selector("#aj-adding [data-state=done]")
        assert squeeze(page.locator("#aj-adding .aj-file-good").inner_text()) == "kelp.md Kelp of Rausu · passages: 1"
        assert squeeze(page.locator("#aj-adding .aj-file-bad").inner_text()).startswith("scan.pdf scan.pdf is not a PDF")
        page.wait_for_function(f"document.querySelectorAll('#aj-library .aj-work-card').length === {before + 1}")
        page.get_by_role("tab", name="Ask").click()
        ask(page, "How much kelp did Rausu sell to Pusan in 1987?")
        assert KELP_QUOTE in page.locator(".aj-answer").inner_text()
        library_tab(page)
        asked: list[str] = []
        page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        remove = page.locator(".aj-work-card", has_text="Kelp of Rausu").get_by_role("button", name="Remove")
        remove.click()
        assert asked == ["Remove “Kelp of Rausu” from the library? Its file is deleted."]
        assert (place.works / "kelp.md").is_file()
        page.once("dialog", lambda dialog: dialog.accept())
        remove.click()
        page.wait_for_function(f"document.querySelectorAll('#aj-library .aj-work-card').length === {before}")
        assert not (place.works / "kelp.md").exists()


def test_adding_goes_on_through_a_reload_is_seen_in_every_tab_and_can_be_cancelled(visit: Visit, tmp_path: Path) -> None:
    place = make_library(tmp_path / "home")
    kelp, crab = tmp_path / "kelp.md", tmp_path / "crab.md"
    kelp.write_text(KELP, encoding="utf-8")
    crab.write_text("# Crab\n\nRausu sold 12 tons of crab in 1990.\n", encoding="utf-8")
    held = tmp_path / "held"
    with served(place, tmp_path / "c.sqlite3", HELD_BUILD=str(held)) as url:
        page = visit(url=url)
        before = library_tab(page)
        held.touch()
        page.locator("#aj-upload input[type=file]").set_input_files([kelp])
        page.wait_for_selector("#aj-adding [data-state=embedding]")
        page.reload()
        other = visit(url=url, ready=False)
        for tab in (page, other):
            tab.get_by_role("tab", name="Library").click()
            tab.wait_for_selector("#aj-adding [data-state=embedding]")
            assert "kelp.md read: Kelp of Rausu" in squeeze(tab.locator("#aj-adding").inner_text())
        held.unlink()
        for tab in (page, other):
            tab.wait_for_selector("#aj-adding [data-state=done]", timeout=60_000)
            tab.wait_for_function(f"document.querySelectorAll('#aj-library .aj-work-card').length === {before + 1}")
        held.touch()
        page.locator("#aj-upload input[type=file]").set_input_files([crab])
        page.wait_for_selector("#aj-adding [data-state=embedding]")
        other.wait_for_selector("#aj-adding [data-state=embedding]")
        other.get_by_role("button", name="Cancel adding crab.md").click()
        page.wait_for_selector("#aj-adding [data-state=cancelled]")
        assert not (place.works / "crab.md").exists()
        held.unlink()
        assert "In the folder, but not in the index" not in page.locator("#aj-library").inner_text()


def test_adding_is_taken_up_again_after_the_server_was_killed(visit: Visit, tmp_path: Path) -> None:
    place = make_library(tmp_path / "home")
    kelp = tmp_path / "kelp.md"
    kelp.write_text(KELP, encoding="utf-8")
    port, held = free_port(), tmp_path / "held"
    with served(place, tmp_path / "c.sqlite3", port=port, HELD_BUILD=str(held)) as url:
        page = visit(url=url)
        library_tab(page)
        held.touch()
        page.locator("#aj-upload input[type=file]").set_input_files([kelp])
        page.wait_for_selector("#aj-adding [data-state=embedding]")
    with served(place, tmp_path / "c.sqlite3", port=port):
        page.wait_for_function("document.querySelector('#aj-away:not([hidden])') === null")
        page.get_by_role("tab", name="Library").click()
        page.wait_for_selector("#aj-adding [data-state=done]")
        assert "Kelp of Rausu" in page.locator("#aj-library").inner_text()


def test_a_server_that_was_killed_takes_neither_question_nor_answer_with_it(visit: Visit, library: Place, tmp_path: Path) -> None:
    port, kept, typed = free_port(), tmp_path / "c.sqlite3", "What else did the towns"
    away = "The server is away; trying again. What you have typed stays here."
    with served(library, kept, port=port) as url:
        page = visit(url=url)
        ask(page, MONEY)
        page.fill("#aj-question textarea", typed)
    page.locator(".aj-answer .aj-cite").first.click()
    page.wait_for_selector("#aj-away:not([hidden])")
    assert page.locator("#aj-away").inner_text() == away
    assert page.locator(".aj-doc").inner_text() == away
    page.press("#aj-question textarea", "Enter")
    page.wait_for_timeout(1500)
    assert page.input_value("#aj-question textarea") == typed
    assert MONEY_QUOTE in page.locator(".aj-answer").inner_text()
    assert "undefined" not in page.locator("body").inner_text()
    assert page.locator(".toast-body:visible").count() == 0
    with served(library, kept, port=port):
        page.wait_for_function("document.documentElement.dataset.spoken && !document.querySelector('#aj-away:not([hidden])')")
        page.wait_for_function(f"document.querySelector('#aj-question textarea').value === '{typed}'")
        assert MONEY_QUOTE in page.locator(".aj-answer").inner_text()
        page.locator(".aj-answer .aj-cite").first.click()
        assert current(page) == MONEY_QUOTE


def test_a_question_that_was_being_answered_when_the_server_died_is_in_the_box(
    visit: Visit, library: Place, tmp_path: Path
) -> None:
    port, kept = free_port(), tmp_path / "c.sqlite3"
    with served(library, kept, port=port, SLOW_ANSWER="30") as url:
        page = visit(url=url)
        page.fill("#aj-question textarea", MONEY)
        page.press("#aj-question textarea", "Enter")
        page.wait_for_selector("#aj-question .stop-button")
    page.wait_for_selector("#aj-away:not([hidden])")
    with served(library, kept, port=port):
        page.wait_for_function(f"document.querySelector('#aj-question textarea')?.value === '{MONEY}'")
        page.press("#aj-question textarea", "Enter")
        page.wait_for_selector(".aj-answer .aj-tools")
        assert MONEY_QUOTE in page.locator(".aj-answer").inner_text()


def test_a_question_that_cannot_be_asked_stays_in_the_box_with_the_reason_beside_it(visit: Visit) -> None:
    page = visit()
    for text, reason in (
        ("🙂 🙂", "The question is empty. Type a question in words."),
        ("y" * 2001, "The question has 2001 characters, more than 2000. Ask it more briefly."),
    ):
        page.fill("#aj-question textarea", text)
        page.press("#aj-question textarea", "Enter")
        page.wait_for_function(f"document.querySelector('#aj-note')?.textContent.trim() === {reason!r}")
        assert page.input_value("#aj-question textarea") == text
        assert page.locator("#aj-chat .user-row").count() == 0
    box, note = page.locator("#aj-question").bounding_box(), page.locator("#aj-note").bounding_box()
    assert box is not None
    assert note is not None
    assert 0 <= note["y"] - (box["y"] + box["height"]) < 30
    ask(page, MONEY)
    assert page.locator("#aj-note p").count() == 0


def test_editing_an_earlier_question_keeps_the_later_ones_in_the_list(visit: Visit) -> None:
    page = visit()
    ask(page, MONEY)
    ask(page, NETS, turns=2)
    page.get_by_role("button", name="Edit the question").first.click()
    page.locator("#aj-chat textarea").fill(BOATS)
    page.get_by_role("button", name="Submit").first.click()
    page.wait_for_function("document.querySelectorAll('.aj-answer .aj-tools').length === 1")
    page.wait_for_selector("#aj-question .submit-button")
    assert "The later questions were not dropped" in page.locator("#aj-note").inner_text()
    history(page)
    page.wait_for_function("document.querySelectorAll('#aj-conversations li').length === 2")
    page.locator("#aj-conversations .aj-row-title", has_text=MONEY[:30]).click()
    page.wait_for_function("document.querySelectorAll('.aj-answer .aj-tools').length === 2")


def test_the_page_is_there_while_its_first_index_is_built(visit: Visit, tmp_path: Path) -> None:
    place = make_library(tmp_path / "home")
    shutil.rmtree(place.index)
    (held := tmp_path / "held").touch()
    with served(place, tmp_path / "c.sqlite3", HELD_BUILD=str(held)) as url:
        page = visit(url=url, ready=False)
        page.wait_for_function("document.querySelector('#aj-status')?.textContent.includes('Building the index')")
        # The line covers nothing: it stands between the head and what is below.
        line, below = page.locator("#aj-status").bounding_box(), page.locator("#aj-main").bounding_box()
        assert line is not None
        assert below is not None
        assert line["y"] + line["height"] <= below["y"]
        held.unlink()
        ask(page, MONEY)
        assert MONEY_QUOTE in page.locator(".aj-answer").inner_text()
        page.wait_for_function("document.querySelector('#aj-status p') === null")


def test_a_hosted_space_keeps_visitors_off_the_library(visit: Visit, tmp_path: Path) -> None:
    place = make_library(tmp_path / "home")
    with served(place, tmp_path / "c.sqlite3", SPACE_ID="somebody/askjapan") as url:
        page = visit(url=url)
        page.get_by_role("tab", name="Library").click()
        page.wait_for_selector("#aj-library .aj-work-card")
        for name in ("Remove", "Rebuild the index", "Save"):
            assert page.get_by_role("button", name=name).count() == 0
        assert page.locator("#aj-upload, .aj-edit").count() == 0
        assert page.get_by_role("button", name="Draw the map").is_visible()
        sent = page.request.post(
            f"{url}/gradio_api/upload", multipart={"files": {"name": "a.txt", "mimeType": "text/plain", "buffer": b"word"}}
        )
        assert sent.status == 403


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


def test_a_refusal_shows_the_nearest_passages(library: Place, tmp_path: Path, visit: Visit, axe: str) -> None:
    with served(library, tmp_path / "c.sqlite3", threshold=1.0) as strict:
        page = visit(url=strict)
        ask(page, MONEY)
        assert "Finding: not in this corpus" in page.locator(".aj-finding").inner_text()
        assert violations(page, axe) == []
        page.locator(".aj-near").first.click()
        assert current(page)


def test_japanese_is_the_browsers_choice_and_can_be_switched(visit: Visit) -> None:
    page = visit(locale="ja-JP")
    page.wait_for_function("document.documentElement.lang === 'ja'")
    page.get_by_role("tab", name="文献", exact=True).wait_for()
    ask(page, MONEY)
    assert "出典つきでコピー" in page.locator(".aj-answer").inner_text()
    page.locator(".aj-answer .aj-cite").first.click()
    page.wait_for_selector(".aj-current")
    assert page.locator(".aj-doc .aj-badge").inner_text() == "全文"
    page.locator("#aj-language").get_by_text("English").click()
    page.wait_for_function("document.documentElement.lang === 'en'")
    page.get_by_role("tab", name="Library").wait_for()
    assert "Copy with citations" in page.locator(".aj-answer").inner_text()
    page.reload()
    page.wait_for_function("document.documentElement.lang === 'en'")
    page.get_by_role("tab", name="Library").wait_for()


def test_a_japanese_browser_never_sees_the_page_in_english(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=DESKTOP, locale="ja-JP")
    # Each change of the page is looked at before it is drawn.
    context.add_init_script(
        "window.seen = new Set(); new MutationObserver(() => { for (const word of ['Library', 'New chat', 'How many', 'Loading', '文献']) "
        "if (document.body?.innerText.includes(word)) window.seen.add(word); })"
        ".observe(document, {childList: true, subtree: true, characterData: true});"
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("document.documentElement.dataset.spoken === 'ja'")
    assert page.evaluate("[...window.seen]") == ["文献"]
    page.locator("#aj-chat .example").first.click()
    page.wait_for_selector("#aj-chat .user-row")
    assert squeeze(page.locator("#aj-chat .user-row").inner_text()) == "2009年の日本の姉妹都市提携の数はいくつですか。"
    context.close()


def test_the_question_stays_at_the_top_of_its_growing_answer(visit: Visit) -> None:
    page = visit()
    for number, question in enumerate((MONEY, NETS, MONEY), start=1):
        ask(page, question, turns=number)
    place = "element => [element, element.closest('[role=log]')].map(part => part.getBoundingClientRect().top)"
    shown = page.locator("#aj-chat .user-row")
    assert shown.count() == 3
    top, above = shown.last.evaluate(place)
    full = page.locator("#aj-chat [role=log]").evaluate("log => log.scrollTop + log.clientHeight >= log.scrollHeight - 2")
    assert abs(top - above) < 3 or full
    # Who scrolls away is left there, whatever is drawn meanwhile.
    page.locator("#aj-chat [role=log]").evaluate("log => log.scrollTo({top: 0, behavior: 'instant'})")
    page.wait_for_timeout(100)
    page.evaluate("document.body.append(document.createElement('i'))")
    page.wait_for_timeout(100)
    assert page.locator("#aj-chat [role=log]").evaluate("log => log.scrollTop") == 0


def test_light_and_dark_are_remembered(visit: Visit) -> None:
    page = visit(color_scheme="light")
    assert page.evaluate("document.body.classList.contains('dark')") is False
    page.get_by_role("button", name="Switch between light and dark").click()
    assert page.evaluate("document.body.classList.contains('dark')") is True
    page.reload()
    page.wait_for_function("document.body.classList.contains('dark')")


def test_the_keyboard_reaches_everything_in_sight_and_nothing_out_of_sight(visit: Visit) -> None:
    page = visit()
    ask(page, BOATS)
    # The tab key goes on from where the focus was last, even when that is gone: here from the very beginning.
    page.evaluate(
        "() => { const first = document.createElement('button'); document.body.prepend(first); first.focus(); first.remove(); }"
    )
    names: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        names.append(page.evaluate(NAMED))
        assert page.evaluate(SEEN), names[-1]
    assert names[:7] == [
        "Skip to the question",
        "Conversations",
        "Switch between light and dark",
        "English",
        "日本語",
        "New chat",
        "Ask",
    ]
    for name in ("Library", "Edit the question", "Source 1", "Copy", "Retry", "Your question", "Asking all works (4)"):
        assert name in names
    page.focus(".aj-skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('#aj-question textarea')")
    page.focus("#aj-history .toggle-button")
    page.keyboard.press("Enter")
    page.locator("#aj-conversations").wait_for(state="visible")
    page.get_by_label("Search conversations").focus()
    page.keyboard.press("Escape")
    page.locator("#aj-conversations").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.matches('#aj-history .toggle-button')")


def test_mentions_matrix_and_draft_check_each_lead_into_the_documents_and_export(visit: Visit, axe: str, tmp_path: Path) -> None:
    page = visit()
    page.get_by_role("tab", name="Mentions").click()
    page.fill("#aj-term textarea, #aj-term input", "lantern")
    page.press("#aj-term textarea, #aj-term input", "Enter")
    page.locator("#aj-mentions .aj-found li a").first.click()
    page.wait_for_selector("#aj-pane .aj-current")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").locator("visible=true").click()
    assert download.value.suggested_filename == "mentions.csv"
    page.get_by_role("tab", name="Compare").click()
    page.fill("#aj-questions textarea", MONEY)
    page.click("#aj-ask-works")
    page.locator("#aj-matrix td a", has_text=MONEY_SENTENCE).first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as XLSX").locator("visible=true").click()
    download.value.save_as(tmp_path / "m.xlsx")
    assert (tmp_path / "m.xlsx").read_bytes().startswith(b"PK")
    page.get_by_role("tab", name="Check draft").click()
    page.fill("#aj-draft-text textarea", f"“{MONEY_QUOTE.replace('312', '321')}”")
    page.click("#aj-check")
    assert squeeze(page.locator("#aj-checked .aj-differences").inner_text()) == "321 312"
    page.click("#aj-checked .aj-places a")
    page.wait_for_selector("#aj-pane .aj-current")
    assert violations(page, axe) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_serious(visit: Visit, axe: str, scheme: str, width: int) -> None:
    page = visit(color_scheme=scheme, viewport={"width": width, "height": 800})
    found = {"empty": violations(page, axe)}
    ask(page, BOATS)
    found["answer"] = violations(page, axe)
    page.locator(".aj-answer .aj-cite").first.click()
    current(page)
    found["pane"] = violations(page, axe)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Edit the question").click()
    found["editing"] = violations(page, axe)
    page.get_by_role("button", name="Cancel").click()
    page.locator("#aj-chosen").click()
    page.wait_for_timeout(300)
    found["choice"] = violations(page, axe)
    if width < 900:
        page.locator("#aj-choice-close .aj-close").click()
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name="Draw the map").click()
    page.wait_for_selector("#aj-map circle")
    found["library"] = violations(page, axe)
    history(page)
    page.wait_for_timeout(400)
    found["history"] = violations(page, axe)
    assert [f"{state}: {entry}" for state, entries in found.items() for entry in entries] == []


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


def violations(page: Page, axe: str) -> list[str]:
    """Serious and critical violations of WCAG 2.2 A and AA, each with the first places where it stands."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)
    page.evaluate(axe)
    report = page.evaluate(
        "() => axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}})"
    )
    return [
        f"{entry['id']} ({entry['impact']}, {len(entry['nodes'])}): "
        + " | ".join(
            f"{node['target']} {node['html'][:120]} {node['any'][0]['message'] if node['any'] else ''}"
            for node in entry["nodes"][:3]
        )
        for entry in report["violations"]
        if entry["impact"] in ("serious", "critical")
    ]


def test_the_page_names_no_other_machine(address: str, visit: Visit) -> None:
    page = visit()
    named = page.evaluate(
        "[...document.querySelectorAll('script[src], link[href], img[src], iframe[src]')].map(entry => entry.src || entry.href)"
    )
    assert [url for url in named if not url.startswith((address, "data:", "blob:"))] == []
    fonts = page.evaluate("getComputedStyle(document.querySelector('.aj-header')).fontFamily")
    assert re.match(r"[\"']?system-ui", fonts)
