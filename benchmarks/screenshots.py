"""Takes the pictures of the chat that the README shows, from the chat itself over the study notes.

    python benchmarks/screenshots.py [FOLDER]

Writes `chat.webp` and `chat-ja.webp` into FOLDER (docs/ by default). Needs the dev extra and Chromium.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from page import ROOT, chat, chromium, visit
from PIL import Image
from playwright.sync_api import Page

LARGEST = 200_000  # bytes; a README is read on slow lines, too


def main() -> None:
    """Take and write both pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    with chat() as url, chromium() as browser:
        wide = {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 2}
        page = visit(browser, url, locale="en-US", color_scheme="light", **wide)
        _ask(page, "How many JICA experts were sent to Asia in 1993?")
        page.locator('.aj-answer .aj-cite[href$="/1"]').first.click()
        page.wait_for_selector(".aj-current")
        _write(page, folder / "chat.webp")
        narrow = {"viewport": {"width": 390, "height": 800}, "device_scale_factor": 2}
        page = visit(browser, url, locale="ja-JP", color_scheme="light", **narrow)
        _ask(page, "1993年にアジアに派遣されたJICA専門家は何人ですか。")
        _write(page, folder / "chat-ja.webp")


def _ask(page: Page, question: str) -> None:
    page.fill("#aj-question textarea", question)
    page.press("#aj-question textarea", "Enter")
    page.wait_for_selector(".aj-answer .aj-tools", state="attached")
    page.wait_for_timeout(3000)  # follow-up questions come after the answer, if there are any


def _write(page: Page, path: Path) -> None:
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        for quality in (90, 80, 70, 60, 50):
            picture.convert("RGB").save(path, quality=quality, method=6)
            if path.stat().st_size < LARGEST:
                break
    page.context.close()


main()
