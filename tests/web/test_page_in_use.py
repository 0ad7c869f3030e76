"""What got in the way of people who used the page, each checked in headless Chromium as they met it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.browsing import SLOW_IN_BROWSER, Visit, ask
from tests.support.places import Place
from tests.support.web_places import BOATS, MONEY, MONEY_QUOTE, NETS, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
# A loaded machine takes its time; nothing here waits longer than it must.
expect.set_options(timeout=60_000)
pytestmark = SLOW_IN_BROWSER
BOX = "#aj-question textarea"
START = {"width": 1280, "height": 800}
UNDER = "([x, y]) => document.elementFromPoint(x, y)?.closest('.aj-cite')?.getAttribute('href') ?? ''"


def send(page: Page, question: str) -> None:
    page.fill(BOX, question)
    page.press(BOX, "Enter")


def test_what_is_asked_at_once_after_stop_is_answered(library: Place, tmp_path: Path, visit: Visit) -> None:
    with served(library, tmp_path / "c.sqlite3", pause=8.0) as slow:
        page = visit(url=slow)
        send(page, MONEY)
        expect(page.locator(".aj-answer .aj-quote").first).to_be_visible()
        page.locator("#aj-question .stop-button").click()
        send(page, BOATS)
        answers = page.locator(".aj-answer:has(.aj-tools)")
        expect(answers).to_have_count(2)
        # What was kept already is shown whole: nothing half is left.
        expect(answers.first).to_contain_text(MONEY_QUOTE)
        expect(answers.last).to_contain_text("Asahi")
        expect(page.locator("#aj-question .submit-button")).to_be_visible()
        expect(page.locator(BOX)).to_have_value("")


def test_a_stopped_question_is_back_in_the_box_and_leaves_nothing(library: Place, tmp_path: Path, visit: Visit) -> None:
    with served(library, tmp_path / "c.sqlite3", SLOW_ANSWER="8") as slow:
        page = visit(url=slow)
        send(page, MONEY)
        page.locator("#aj-question .stop-button").click()
        expect(page.locator(BOX)).to_have_value(MONEY)
        send(page, NETS)
        expect(page.locator(".aj-answer .aj-tools")).to_have_count(1)
        expect(page.locator("#aj-chat .user-row")).to_have_count(1)
        expect(page.locator("#aj-chat .user-row")).to_contain_text(NETS)


def test_a_new_chat_is_not_left_for_suggestions_that_come_late(library: Place, tmp_path: Path, visit: Visit) -> None:
    with served(library, tmp_path / "c.sqlite3", SLOW_ANSWER="3") as slow:
        page = visit(url=slow)
        send(page, MONEY)
        expect(page.locator(".aj-answer .aj-tools")).to_have_count(1)
        # The list is refreshed right before the suggestions are looked for.
        expect(page.locator("#aj-conversations li")).to_have_count(1)
        page.locator("#aj-new").click()
        expect(page.locator(".aj-start-works")).to_be_visible()
        page.wait_for_timeout(8_000)
        expect(page.locator(".aj-start-works")).to_be_visible()
        expect(page.locator(".aj-answer")).to_have_count(0)


def test_a_question_sent_during_an_answer_stays_in_the_box(library: Place, tmp_path: Path, visit: Visit) -> None:
    with served(library, tmp_path / "c.sqlite3", pause=8.0) as slow:
        page = visit(url=slow)
        send(page, MONEY)
        expect(page.locator(".aj-answer .aj-quote").first).to_be_visible()
        send(page, BOATS)
        expect(page.locator("#aj-note")).to_contain_text("The question before is still being answered.")
        expect(page.locator(BOX)).to_have_value(BOATS)
        expect(page.locator(".aj-answer .aj-tools")).to_have_count(1)
        expect(page.locator("#aj-question .submit-button")).to_be_visible()
        page.press(BOX, "Enter")
        expect(page.locator(".aj-answer .aj-tools")).to_have_count(2)
        expect(page.locator("#aj-note")).to_have_text("")


def test_the_mouse_goes_from_number_to_number_although_cards_open(visit: Visit) -> None:
    page = visit()
    ask(page, MONEY)
    page.get_by_role("link", name="Back to the list").click()
    card = page.locator("#aj-hover")
    numbers = page.locator(".aj-answer .aj-cite")
    assert numbers.count() >= 2
    hrefs = [numbers.nth(place).get_attribute("href") for place in range(numbers.count())]
    for place, href in enumerate(hrefs):
        box = numbers.nth(place).bounding_box()
        assert box is not None
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        # Step by step, as a hand moves: over whatever card the number before has opened.
        page.mouse.move(*middle, steps=12)
        page.wait_for_function(UNDER.replace("([x, y])", "([x, y, href])").replace("?? ''", "=== href"), arg=[*middle, href])
        expect(card).to_be_visible()
    # On the card it stays, and Escape puts it away without the pointer leaving.
    at = card.bounding_box()
    assert at is not None
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2, steps=3)
    page.wait_for_timeout(500)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.mouse.move(*middle, steps=3)
    page.mouse.click(*middle)
    page.wait_for_function("href => document.querySelector('.aj-cite.aj-active')?.getAttribute('href') === href", arg=hrefs[-1])


def test_a_card_goes_with_its_number(visit: Visit) -> None:
    page = visit(viewport={"width": 1280, "height": 500})
    ask(page, MONEY)
    ask(page, BOATS, turns=2)
    number = page.locator(".aj-answer .aj-cite").last
    number.hover()
    expect(page.locator("#aj-hover")).to_be_visible()
    page.locator("#aj-chat [role=log]").evaluate("log => log.scrollTo({top: 0, behavior: 'instant'})")
    overlaps = """() => {
        const place = (name) => document.querySelector(name)?.getBoundingClientRect();
        const [card, number] = ["#aj-hover", "[aria-describedby=aj-hover]"].map(place);
        return !card?.width || !number || card.top >= number.bottom || card.bottom <= number.top;
    }"""
    page.wait_for_function(overlaps)


def test_a_refusal_opens_the_nearest_passage_in_its_document(library: Place, tmp_path: Path, visit: Visit) -> None:
    with served(library, tmp_path / "c.sqlite3", threshold=1.0) as strict:
        page = visit(url=strict)
        ask(page, MONEY)
        expect(page.locator(".aj-finding")).to_be_visible()
        expect(page.locator("#aj-pane .aj-current").first).to_be_visible()
        page.get_by_role("link", name="Back to the list").click()
        expect(page.locator("#aj-pane h2").first).to_have_text("Nearest passages")


@pytest.mark.parametrize("locale", ["en-US", "ja-JP"])
def test_the_start_shows_works_adding_and_all_examples_at_once(visit: Visit, locale: str) -> None:
    page = visit(viewport=START, locale=locale)
    expect(page.locator(".aj-start-works li")).to_have_count(4)
    log = page.locator("#aj-chat [role=log]").bounding_box()
    last = page.locator("#aj-chat .example").last.bounding_box()
    assert log is not None
    assert last is not None
    assert last["y"] + last["height"] <= log["y"] + log["height"]
    expect(page.locator("a.aj-start-add")).to_be_visible()


def test_the_tabs_are_all_in_sight_on_a_phone(visit: Visit) -> None:
    cut = """() => {
        const tabs = [...document.querySelectorAll("#aj-left .tab-container.wrap > button")];
        const end = tabs[0].parentElement.getBoundingClientRect().right;
        return [tabs.length, tabs.filter((tab) => tab.getBoundingClientRect().right > end + 1).length];
    }"""
    for locale in ("en-US", "ja-JP"):
        assert visit(viewport={"width": 390, "height": 800}, locale=locale).evaluate(cut) == [5, 0]


def test_what_is_ticked_beside_is_what_is_compared(visit: Visit) -> None:
    page = visit()
    page.get_by_role("tab", name="Sources").click()
    lanterns = page.locator("#aj-documents").get_by_label("The Lantern Towns of Hoshino Bay")
    lanterns.click()
    expect(lanterns).to_be_checked()
    page.get_by_role("tab", name="Compare").click()
    page.fill("#aj-questions textarea", MONEY)
    page.click("#aj-ask-works")
    expect(page.locator("#aj-matrix tbody tr")).to_have_count(1)
    expect(page.locator("#aj-matrix tbody tr")).to_contain_text("Lantern Towns")
    expect(page.locator("#aj-tab-choose .aj-of-collection").first).to_be_hidden()
