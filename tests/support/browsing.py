"""The page in headless Chromium: what its tests share."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"),
    pytest.mark.skipif(find_spec("playwright") is None, reason="playwright is not installed (`make setup` installs it)"),
]
SLOW_IN_BROWSER = [*BROWSER, pytest.mark.slow]
READY = "document.documentElement.dataset.spoken && document.querySelector('#aj-status p') === null"
"""The language is told to the script last when a page is opened, so this is the sign that it is complete."""
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
IN_VIEW = """element => {
    const mark = element.getBoundingClientRect();
    const box = element.closest(".aj-text").getBoundingClientRect();
    return mark.top >= box.top && mark.bottom <= box.bottom && mark.bottom <= window.innerHeight && mark.top >= 0;
}"""
"""Whether a mark is in the part of the text that is in view."""
Visit = Callable[..., "Page"]
"""Opens the page as a new person, or as one who has been there."""


def ask(page: Page, question: str, turns: int = 1) -> None:
    """Ask and wait until the answer is complete and the next question can be asked."""
    page.fill("#aj-question textarea", question)
    page.press("#aj-question textarea", "Enter")
    page.wait_for_function(f"document.querySelectorAll('.aj-answer .aj-tools').length === {turns}")
    page.wait_for_selector("#aj-question .submit-button")


def history(page: Page) -> None:
    """Open the list of conversations."""
    page.locator("#aj-history .toggle-button").click()
    page.locator("#aj-conversations").wait_for(state="visible")


def squeeze(text: str) -> str:
    return " ".join(text.split())


def current(page: Page) -> str:
    """The text that is marked strongest, when the pane has opened."""
    page.wait_for_selector(".aj-current")
    return squeeze(" ".join(page.locator(".aj-current").all_text_contents()))


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


def copied(page: Page, wanted: Callable[[str], bool]) -> str:
    """The clipboard's text once it is the one that is waited for, or as it is after five seconds."""
    text = ""
    for _ in range(50):
        text = str(page.evaluate("navigator.clipboard.readText()"))
        if wanted(text):
            break
        page.wait_for_timeout(100)
    return text
