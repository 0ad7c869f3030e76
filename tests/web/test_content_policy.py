"""The content policy in headless Chromium: the page works under it, and nothing that slips in runs, loads or frames it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.browsing import BROWSER, READY, ask
from tests.support.web_places import MONEY, PAGES, free_port, make_library, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = BROWSER
# What a document's text might hold if the escaping failed once.
VECTORS = """() => {
    const place = document.querySelector(".aj-answer");
    place.insertAdjacentHTML("beforeend", `<img src="/nothing.png" onerror="window.hacked = 'handler'">
        <svg onload="window.hacked = 'svg'"></svg><a id="vector" href="javascript:window.hacked = 'link'">x</a>
        <iframe srcdoc="<script>parent.hacked = 'srcdoc'</script>"></iframe><object data="/favicon.ico"></object>
        <img src="http://127.0.0.2:9/p.png"><link rel="stylesheet" href="http://127.0.0.2:9/s.css">
        <form action="http://127.0.0.2:9/f"><button id="sends">x</button></form>`);
    const script = document.createElement("script");
    script.textContent = "window.hacked = 'script'";
    place.append(script);
    const remote = document.createElement("script");
    remote.src = "http://127.0.0.2:9/s.js";
    place.append(remote);
    fetch("http://127.0.0.2:9/d").catch(() => null);
    document.querySelector("#vector").click();
    document.querySelector("#sends").click();
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("policy")
    with served(make_library(folder / "home", pdf=True), folder / "c.sqlite3") as url:
        yield url


def opened(browser: Browser, address: str) -> tuple[Page, list[str]]:
    """The page, and what its policy has forbidden since."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(120_000)
    forbidden: list[str] = []
    page.on("console", lambda message: forbidden.append(message.text) if "Content Security Policy" in message.text else None)
    page.goto(address)
    page.wait_for_selector("#aj-question textarea")
    page.wait_for_function(READY)
    return page, forbidden


def test_the_page_works_and_nothing_that_slips_in_does(browser: Browser, address: str) -> None:
    page, forbidden = opened(browser, address)
    ask(page, MONEY)
    page.locator(".aj-answer .aj-cite").first.click()
    page.wait_for_selector(".aj-current")
    ask(page, PAGES, turns=2)
    page.locator(".aj-answer").last.locator(".aj-cite").first.click()
    page.locator('.aj-view[data-view="page"]').click()
    page.wait_for_function("[...document.querySelectorAll('.aj-picture img')].some((image) => image.naturalWidth > 100)")
    assert forbidden == []
    requested: list[str] = []
    page.on("requestfinished", lambda request: requested.append(request.url))
    page.evaluate(VECTORS)
    page.wait_for_timeout(2000)
    assert page.evaluate("window.hacked") is None
    assert page.url.startswith(address)
    assert [url for url in requested if "127.0.0.2" in url] == []
    for directive in ("script-src", "img-src", "style-src", "connect-src", "form-action", "frame-src", "object-src"):
        told = [
            line
            for line in forbidden
            if directive in line or (directive in ("frame-src", "object-src") and "default-src" in line)
        ]
        assert told, directive


def test_no_other_page_shows_it_in_a_frame(browser: Browser, address: str, tmp_path: Path) -> None:
    page = browser.new_context().new_page()
    page.set_default_timeout(120_000)
    (tmp_path / "around.html").write_text(f'<iframe src="{address}/"></iframe>', encoding="utf-8")
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"file://{tmp_path}/around.html")
    page.wait_for_timeout(3000)
    assert any("frame-ancestors" in line or "X-Frame-Options" in line for line in refused), refused
    assert free_port()
