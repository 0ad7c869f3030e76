"""The library: works added and removed, the first index, a hosted space."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.browsing import SLOW_IN_BROWSER, Visit, ask, squeeze, violations
from tests.support.web_places import (
    MONEY,
    MONEY_QUOTE,
    MONEY_SENTENCE,
    first_build,
    free_port,
    make_library,
    served,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = SLOW_IN_BROWSER
KELP = "# Kelp of Rausu\n\nRausu sold 900 tons of kelp to Pusan in 1987.\n"
KELP_QUOTE = "Rausu sold 900 tons of kelp to Pusan in 1987."


def library_tab(page: Page) -> int:
    """Open the library; how many works it has."""
    page.get_by_role("tab", name="Library").click()
    page.wait_for_selector("#aj-library .aj-work-card")
    return page.locator("#aj-library .aj-work-card").count()


def test_a_good_and_a_bad_file_are_added_in_one_step_and_one_is_removed(visit: Visit, tmp_path: Path) -> None:
    place = make_library(tmp_path / "home")
    good, bad = tmp_path / "kelp.md", tmp_path / "scan.pdf"
    good.write_text(KELP, encoding="utf-8")
    bad.write_text("This is no PDF.", encoding="utf-8")
    with served(place, tmp_path / "c.sqlite3") as url:
        page = visit(url=url)
        before = library_tab(page)
        page.locator("#aj-upload input[type=file]").set_input_files([good, bad])
        page.wait_for_selector("#aj-adding [data-state=done]")
        assert squeeze(page.locator("#aj-adding .aj-file-good").inner_text()) == "kelp.md Kelp of Rausu · passages: 1"
        assert squeeze(page.locator("#aj-adding .aj-file-bad").inner_text()).startswith("scan.pdf scan.pdf is not a PDF")
        page.wait_for_function(f"document.querySelectorAll('#aj-library .aj-work-card').length === {before + 1}")
        page.get_by_role("tab", name="Ask").click()
        ask(page, "How much kelp did Rausu sell to Pusan in 1987?")
        assert KELP_QUOTE in page.locator(".aj-answer").inner_text()
        library_tab(page)
        asked: list[str] = []
        page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        remove = page.locator(".aj-work-card", has_text="Kelp of Rausu").get_by_role("button", name="Remove")
        remove.click()
        assert asked == ["Remove “Kelp of Rausu” from the library? Its file is deleted."]
        assert (place.works / "kelp.md").is_file()
        page.once("dialog", lambda dialog: dialog.accept())
        remove.click()
        page.wait_for_function(f"document.querySelectorAll('#aj-library .aj-work-card').length === {before}")
        assert not (place.works / "kelp.md").exists()


def test_adding_goes_on_through_a_reload_is_seen_in_every_tab_and_can_be_cancelled(visit: Visit, tmp_path: Path) -> None:
    place = make_library(tmp_path / "home")
    kelp, crab = tmp_path / "kelp.md", tmp_path / "crab.md"
    kelp.write_text(KELP, encoding="utf-8")
    crab.write_text("# Crab\n\nRausu sold 12 tons of crab in 1990.\n", encoding="utf-8")
    held = tmp_path / "held"
    with served(place, tmp_path / "c.sqlite3", HELD_BUILD=str(held)) as url:
        page = visit(url=url)
        before = library_tab(page)
        held.touch()
        page.locator("#aj-upload input[type=file]").set_input_files([kelp])
        page.wait_for_selector("#aj-adding [data-state=embedding]")
        page.reload()
        other = visit(url=url, ready=False)
        for tab in (page, other):
            tab.get_by_role("tab", name="Library").click()
            tab.wait_for_selector("#aj-adding [data-state=embedding]")
            assert "kelp.md read: Kelp of Rausu" in squeeze(tab.locator("#aj-adding").inner_text())
        held.unlink()
        for tab in (page, other):
            tab.wait_for_selector("#aj-adding [data-state=done]", timeout=60_000)
            tab.wait_for_function(f"document.querySelectorAll('#aj-library .aj-work-card').length === {before + 1}")
        held.touch()
        page.locator("#aj-upload input[type=file]").set_input_files([crab])
        page.wait_for_selector("#aj-adding [data-state=embedding]")
        other.wait_for_selector("#aj-adding [data-state=embedding]")
        other.get_by_role("button", name="Cancel adding crab.md").click()
        page.wait_for_selector("#aj-adding [data-state=cancelled]")
        assert not (place.works / "crab.md").exists()
        held.unlink()
        assert "In the folder, but not in the index" not in page.locator("#aj-library").inner_text()


def test_adding_is_taken_up_again_after_the_server_was_killed(visit: Visit, tmp_path: Path) -> None:
    place = make_library(tmp_path / "home")
    kelp = tmp_path / "kelp.md"
    kelp.write_text(KELP, encoding="utf-8")
    port, held = free_port(), tmp_path / "held"
    with served(place, tmp_path / "c.sqlite3", port=port, HELD_BUILD=str(held)) as url:
        page = visit(url=url)
        library_tab(page)
        held.touch()
        page.locator("#aj-upload input[type=file]").set_input_files([kelp])
        page.wait_for_selector("#aj-adding [data-state=embedding]")
    with served(place, tmp_path / "c.sqlite3", port=port):
        page.wait_for_function("document.querySelector('#aj-away:not([hidden])') === null")
        page.get_by_role("tab", name="Library").click()
        page.wait_for_selector("#aj-adding [data-state=done]")
        assert "Kelp of Rausu" in page.locator("#aj-library").inner_text()


def test_the_page_is_there_while_its_first_index_is_built(visit: Visit, tmp_path: Path) -> None:
    with first_build(tmp_path) as (url, held):
        page = visit(url=url, ready=False)
        page.wait_for_function("document.querySelector('#aj-status')?.textContent.includes('Building the index')")
        # The line covers nothing: it stands between the head and what is below.
        line, below = page.locator("#aj-status").bounding_box(), page.locator("#aj-main").bounding_box()
        assert line is not None
        assert below is not None
        assert line["y"] + line["height"] <= below["y"]
        held.unlink()
        ask(page, MONEY)
        assert MONEY_QUOTE in page.locator(".aj-answer").inner_text()
        page.wait_for_function("document.querySelector('#aj-status p') === null")


def test_a_hosted_space_keeps_visitors_off_the_library(visit: Visit, tmp_path: Path) -> None:
    place = make_library(tmp_path / "home")
    with served(place, tmp_path / "c.sqlite3", SPACE_ID="somebody/askjapan") as url:
        page = visit(url=url)
        page.get_by_role("tab", name="Library").click()
        page.wait_for_selector("#aj-library .aj-work-card")
        for name in ("Remove", "Rebuild the index", "Save"):
            assert page.get_by_role("button", name=name).count() == 0
        assert page.locator("#aj-upload, .aj-edit").count() == 0
        assert page.get_by_role("button", name="Draw the map").is_visible()
        sent = page.request.post(
            f"{url}/gradio_api/upload", multipart={"files": {"name": "a.txt", "mimeType": "text/plain", "buffer": b"word"}}
        )
        assert sent.status == 403


def test_mentions_matrix_and_draft_check_each_lead_into_the_documents_and_export(visit: Visit, axe: str, tmp_path: Path) -> None:
    page = visit()
    page.get_by_role("tab", name="Mentions").click()
    page.fill("#aj-term textarea, #aj-term input", "lantern")
    page.press("#aj-term textarea, #aj-term input", "Enter")
    page.locator("#aj-mentions .aj-found li a").first.click()
    page.wait_for_selector("#aj-pane .aj-current")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").locator("visible=true").click()
    assert download.value.suggested_filename == "mentions.csv"
    page.get_by_role("tab", name="Compare").click()
    page.fill("#aj-questions textarea", MONEY)
    page.click("#aj-ask-works")
    page.locator("#aj-matrix td a", has_text=MONEY_SENTENCE).first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as XLSX").locator("visible=true").click()
    download.value.save_as(tmp_path / "m.xlsx")
    assert (tmp_path / "m.xlsx").read_bytes().startswith(b"PK")
    page.get_by_role("tab", name="Check draft").click()
    page.fill("#aj-draft-text textarea", f"“{MONEY_QUOTE.replace('312', '321')}”")
    page.click("#aj-check")
    assert squeeze(page.locator("#aj-checked .aj-differences").inner_text()) == "321 312"
    page.click("#aj-checked .aj-places a")
    page.wait_for_selector("#aj-pane .aj-current")
    assert violations(page, axe) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
