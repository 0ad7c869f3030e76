"""The chat over the study notes in a process of its own, and a headless browser before it; both scripts about the page use them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".cache" / "page"
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
READY = "document.documentElement.dataset.spoken && document.querySelector('#aj-status p') === null"


@contextmanager
def chat() -> Iterator[str]:
    """The address of a chat over the notes alone; its index is built once, which takes some minutes, and kept in `.cache/`."""
    shutil.copytree(ROOT / "corpus" / "notes", HOME / "corpus" / "notes", dirs_exist_ok=True)
    shutil.copy(ROOT / "corpus" / "catalogue.toml", HOME / "corpus" / "catalogue.toml")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with tempfile.TemporaryDirectory() as kept:
        conversations = Path(kept) / "conversations.sqlite3"
        environment = {**os.environ, "ASKJAPAN_HOME": str(HOME), "ASKJAPAN_CONVERSATIONS": str(conversations)}
        command = [sys.executable, "-m", "askjapan", "serve", "--port", str(port)]
        with subprocess.Popen(command, env=environment, stdout=sys.stderr, stderr=sys.stderr) as server:
            try:
                _wait_for(port, server)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("The chat did not start; what it said stands above.")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, without a window."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise SystemExit("Chromium is not installed (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        yield browser
        browser.close()


def visit(browser: Browser, url: str, **options: Any) -> Page:  # noqa: ANN401 - Playwright's own options
    """A new visitor's page, once its models are there."""
    # The page that stands in until the server has started forbids the evaluation by which Playwright waits.
    page = browser.new_context(bypass_csp=True, **options).new_page()
    page.set_default_timeout(120_000)
    page.goto(url)
    page.wait_for_function(READY)
    return page
