"""Language, colours, focus and accessibility of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.browsing import DESKTOP, SLOW_IN_BROWSER, Visit, ask, current, history, squeeze, violations
from tests.support.web_places import (
    BOATS,
    MONEY,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = SLOW_IN_BROWSER
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


def test_the_page_names_no_other_machine(address: str, visit: Visit) -> None:
    page = visit()
    named = page.evaluate(
        "[...document.querySelectorAll('script[src], link[href], img[src], iframe[src]')].map(entry => entry.src || entry.href)"
    )
    assert [url for url in named if not url.startswith((address, "data:", "blob:"))] == []
    fonts = page.evaluate("getComputedStyle(document.querySelector('.aj-header')).fontFamily")
    assert re.match(r"[\"']?system-ui", fonts)
