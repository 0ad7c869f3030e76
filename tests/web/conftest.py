"""A small library behind a page, and headless Chromium before it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.browsing import CHROMIUM, DESKTOP, FLAGS, READY, Visit
from tests.support.places import Place
from tests.support.web_places import make_library, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield started
        started.close()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return make_library(tmp_path_factory.mktemp("library") / "home", pdf=True)


@pytest.fixture(scope="module")
def address(library: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(library, tmp_path_factory.mktemp("kept") / "conversations.sqlite3") as url:
        yield url


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Opens the page as a new person, or as one who has been there (`context`); fails the test on a request to elsewhere."""
    contexts: list[BrowserContext] = []
    elsewhere: list[str] = []

    def note(url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            elsewhere.append(url)

    def open_page(
        path: str = "/", url: str = address, context: BrowserContext | None = None, *, ready: bool = True, **options: object
    ) -> Page:
        if context is None:
            context = browser.new_context(**{"viewport": DESKTOP, "locale": "en-US", **options})
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            context.on("request", lambda request: note(request.url))
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(url + path)
        page.wait_for_selector("#aj-question textarea")
        if not ready:
            return page
        page.wait_for_function(READY)
        page.wait_for_selector(".aj-list", state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert elsewhere == []


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core's script, from the Python package that carries it or from node_modules."""
    if find_spec("axe_playwright_python"):
        return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    script = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip("axe-core is not installed (pip install axe-playwright-python, or npm install axe-core)")
    return script.read_text(encoding="utf-8")
