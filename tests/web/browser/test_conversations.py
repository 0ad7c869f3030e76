"""Conversations: kept, listed, exported, and what a killed server leaves of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from askjapan.citations.answer_files import load_answers
from askjapan.citations.verify import verify
from tests.support.browsing import SLOW_IN_BROWSER, Visit, ask, copied, current, history, squeeze
from tests.support.places import Place
from tests.support.web_places import (
    BOATS,
    MONEY,
    MONEY_QUOTE,
    NETS,
    free_port,
    served,
)

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

pytestmark = SLOW_IN_BROWSER


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
    link = copied(page, lambda text: text.startswith("http"))
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
    assert listed(emilia) == ["How much did Hoshino spend on exchanges with foreign towns…"]
    # By the questions: the words of an answer may stand in another's answer too.
    assert MONEY not in stranger.locator("body").inner_text()
    assert NETS not in emilia.locator("body").inner_text()


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
