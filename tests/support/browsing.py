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
DESKTOP = {"width": 1280, "height": 800}
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
