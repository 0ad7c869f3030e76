"""What a phone shows of what is made for a wide window: the head, the matrix, the sources, the way into a word processor."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tests.support.browsing import SLOW_IN_BROWSER, Visit, ask, history
from tests.support.web_places import MONEY, MONEY_SENTENCE, NETS

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = SLOW_IN_BROWSER
RICH = """async () => {
    const [item] = await navigator.clipboard.read();
    return (await (await item.getType("text/html")).text()).split(/\\s+/).join(" ");
}"""


def box(part: Locator) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a part of the page."""
    found = part.bounding_box()
    assert found is not None
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


def test_a_phone_shows_the_whole_head_the_matrix_as_cards_and_every_button_of_the_sources(visit: Visit) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    assert page.locator(".aj-header p").inner_text() == "Answers about Japan in the world, made of quotes that you can check."
    assert box(page.locator(".aj-header p"))[2] <= 390
    ask(page, MONEY)
    page.get_by_role("button", name="Copy with citations").click()
    page.wait_for_function("document.querySelector('#aj-live').textContent === 'Copied.'")
    rich = str(page.evaluate(RICH))
    assert MONEY_SENTENCE in rich
    assert "Morikawa" in rich
    page.locator("#aj-chosen").click()
    page.wait_for_selector("#aj-documents input", state="visible")
    last = page.locator("#aj-collection-tools button:visible").last
    last.scroll_into_view_if_needed()
    assert box(last)[3] <= 844
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Compare").click()
    page.fill("#aj-questions textarea", f"{MONEY}\n{NETS}\nWho paid for the lanterns of the town?")
    page.click("#aj-ask-works")
    page.wait_for_selector("#aj-matrix td")
    above = box(page.locator("#aj-questions"))
    cards = [box(card) for card in page.locator("#aj-matrix tbody tr").all()]
    assert len(cards) == 4
    assert all(abs(card[0] - above[0]) < 3 and abs(card[2] - above[2]) < 3 for card in cards)
    assert all(0 < after[1] - before[3] < 16 for before, after in pairwise(cards))
    cells = [box(cell) for cell in page.locator("#aj-matrix tbody tr").first.locator("th, td").all()]
    assert all(abs(after[1] - before[3]) < 1.5 for before, after in pairwise(cells))


def test_a_conversation_that_is_begun_or_opened_is_shown_from_any_tab(visit: Visit) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    ask(page, MONEY)
    page.get_by_role("tab", name="Library").click()
    page.locator("#aj-new").click()
    page.locator("#aj-chat .example").first.wait_for()
    page.get_by_role("tab", name="Mentions").click()
    history(page)
    page.locator("#aj-conversations .aj-row-title").first.click()
    page.locator(".aj-answer", has_text=MONEY_SENTENCE).wait_for()
    page.locator("#aj-history:not(.open)").wait_for(state="attached")


def test_a_question_of_several_lines_stays_in_sight(visit: Visit) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    low = page.locator("#aj-question textarea").evaluate("box => box.offsetHeight")
    page.fill("#aj-question textarea", f"{MONEY} {MONEY}")
    page.wait_for_function(
        """low => {
            const box = document.querySelector("#aj-question textarea");
            return box.offsetHeight > low && document.querySelector("#aj-question").getBoundingClientRect().bottom <= innerHeight;
        }""",
        arg=low,
    )
