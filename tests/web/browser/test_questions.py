"""Asking: what is typed, the works that are chosen, the answer and what can be done with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from askjapan.web.conversations.store import ConversationStore
from tests.support.browsing import BROWSER, Visit, ask, copied, current, history, squeeze, violations
from tests.support.places import Place
from tests.support.web_places import (
    MONEY,
    MONEY_QUOTE,
    NETS,
    make_service,
    served,
)

pytestmark = BROWSER
HOSTILE = (
    "![x](https://tracker.invalid/p.png) **b** [l](https://tracker.invalid/) <img src=https://tracker.invalid/q.png> _i_ `c` ~~s~~ "
    "https://tracker.invalid/r www.tracker.invalid a@tracker.invalid &amp; &#42; 1998. How much did Hoshino spend?"
)


@pytest.mark.slow
def test_a_question_is_shown_as_typed_and_fetches_nothing(visit: Visit, address: str) -> None:
    page = visit()
    ask(page, HOSTILE)
    page.get_by_role("button", name="Link to this answer").click()
    link = copied(page, lambda text: text.startswith("http"))
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
    box = page.locator("#aj-chat .edit-textarea")
    assert box.input_value() == HOSTILE
    box.press("End")
    box.type(" In 1998?")
    page.get_by_role("button", name="Submit").first.click()
    page.wait_for_function("document.querySelectorAll('.aj-answer .aj-tools').length === 1")
    page.wait_for_selector("#aj-question .submit-button")
    assert squeeze(page.locator("#aj-chat .user-row .message").first.inner_text()) == f"{HOSTILE} In 1998?"


@pytest.mark.slow
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
    page.wait_for_function("document.querySelector('#aj-collection input')?.value === 'My towns'")
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
    # What an answer was found by is in its fold, the question of others too: its quotes alone say which one it is.
    page.locator(".aj-answer .aj-quote", has_text="41 nets").wait_for()
    assert page.locator(".aj-answer").count() == 1
    page.reload()
    page.locator(".aj-answer .aj-quote", has_text="41 nets").wait_for()
    assert page.locator(".aj-answer").count() == 1


@pytest.mark.slow
def test_a_reload_before_an_edited_question_is_answered_loses_neither_question_nor_answer(
    visit: Visit, library: Place, tmp_path: Path
) -> None:
    with served(library, tmp_path / "c.sqlite3", SLOW_ANSWER="3") as slow:
        page = visit(url=slow)
        ask(page, MONEY)
        page.get_by_role("button", name="Edit").click()
        page.locator("#aj-chat textarea").fill(NETS)
        page.get_by_role("button", name="Submit").first.click()
        page.wait_for_selector("#aj-question .stop-button")
        page.locator("#aj-chat .user-row", has_text=NETS).wait_for()
        assert page.locator(".aj-answer").count() == 0
        page.reload()
        page.locator(".aj-answer .aj-quote", has_text=MONEY_QUOTE).wait_for()
        page.wait_for_function("document.querySelector('#aj-question textarea').value !== ''")
        assert page.input_value("#aj-question textarea") == NETS


@pytest.mark.slow
def test_copying_an_answer_and_its_link(visit: Visit, address: str) -> None:
    page = visit()
    ask(page, MONEY)
    clipboard = "navigator.clipboard.readText()"
    page.get_by_role("button", name="Copy with citations").click()
    page.wait_for_function("document.querySelector('#aj-live').textContent === 'Copied.'")
    assert f"“{MONEY_QUOTE}” [1]" in page.evaluate(clipboard)
    page.get_by_role("button", name="Copy", exact=True).click()
    assert copied(page, lambda text: "[1]" not in text).startswith(f"“{MONEY_QUOTE}”")
    page.get_by_role("button", name="Link to this answer").click()
    link = copied(page, lambda text: text.startswith("http"))
    assert link.startswith(f"{address}/?answer=")
    other = visit(link.removeprefix(address))
    other.wait_for_selector(".aj-answer")
    assert MONEY_QUOTE in other.locator(".aj-answer").inner_text()
    other.locator(".aj-answer .aj-cite").first.click()
    assert current(other) == MONEY_QUOTE


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


def test_a_refusal_shows_the_nearest_passages(library: Place, tmp_path: Path, visit: Visit, axe: str) -> None:
    with served(library, tmp_path / "c.sqlite3", threshold=1.0) as strict:
        page = visit(url=strict)
        ask(page, MONEY)
        assert "Finding: not in this corpus" in page.locator(".aj-finding").inner_text()
        assert violations(page, axe) == []
        page.locator(".aj-near").first.click()
        assert current(page)


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
    page.locator("#aj-chat [role=log]").hover()
    page.mouse.wheel(0, -9999)
    page.wait_for_function("document.querySelector('#aj-chat [role=log]').scrollTop === 0")
    page.evaluate("document.body.append(document.createElement('i'))")
    page.wait_for_timeout(100)
    assert page.locator("#aj-chat [role=log]").evaluate("log => log.scrollTop") == 0
