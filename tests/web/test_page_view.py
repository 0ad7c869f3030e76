"""The page view of the source pane: which file is opened, what is marked on it, and what is said where nothing can be."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from askjapan.citations.page_images import _drawn
from askjapan.index.build import build
from askjapan.web.conversations.store import ConversationStore, Turn
from askjapan.web.shared.service import AssistantService
from askjapan.web.source_pane.calls import SourcePane
from askjapan.web.source_pane.highlights import leading_of
from tests.support.fakes import HashEncoder
from tests.support.paper import BELLS_QUOTE, CROPPED, ROPES, ROPES_QUOTE, TURNED, expected, make_paper
from tests.support.places import Place, make_place
from tests.support.web_places import make_service

BELLS = "How many bells were cast in Tomari for the churches of Riga in 1926?"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = make_place(tmp_path / "home")
    make_paper(made.works / "ropes.pdf")
    build([made.corpus], made.index, HashEncoder(), catalogue=made.catalogue)
    return made


@pytest.fixture
def service(place: Place) -> AssistantService:
    return make_service(place)


@pytest.fixture
def pane(service: AssistantService, tmp_path: Path) -> SourcePane:
    return SourcePane(service, ConversationStore(tmp_path / "conversations.sqlite3"))


def asked(pane: SourcePane, question: str) -> Turn:
    return pane.store.keep("emilia", "", pane.service.ask(question))


def boxes(html: str, css: str = "aj-box aj-box-current") -> list[tuple[float, ...]]:
    """Left, top, width and height of each box, as shares."""
    found = re.findall(rf'<span class="{css}" data-marker="\d+" style="([^"]*)">', html)
    return [tuple(float(part) / 100 for part in re.findall(r":([\d.]+)%", style)) for style in found]


def shown(pane: SourcePane, turn: Turn, number: int, marker: int = 1, language: str = "en") -> str:
    document = turn.answer.citations[0].document_id
    show_page = next(function for function in pane.functions() if function.__name__ == "show_page")
    return show_page([document, number, ["aj-cite", turn.id, str(marker)], language])


def test_a_quote_over_two_pages_is_marked_on_both(pane: SourcePane) -> None:
    turn = asked(pane, ROPES)
    assert turn.answer.sentences[0].text == ROPES_QUOTE
    for number, line, other in ((1, 2, 2), (2, 0, 1)):
        html = shown(pane, turn, number)
        x0, y0, x1, _ = expected(number, line)
        (left, top, width, height) = boxes(html)[0]
        assert len(boxes(html)) == 1
        assert (left, left + width) == pytest.approx((x0, x1), abs=0.004)
        assert top < y0 < top + height
        assert f'data-number="{number}" data-placed="yes" data-count="page {number} of 4"' in html
        assert (
            f'The quote also stands on: <button type="button" class="aj-tool aj-page-go" data-page="{other}">page {other}<'
            in html
        )


@pytest.mark.parametrize("number", [TURNED, CROPPED])
def test_other_pages_are_shown_without_marks(pane: SourcePane, number: int) -> None:
    html = shown(pane, asked(pane, ROPES), number)
    assert boxes(html) == []
    assert 'data-placed=""' in html
    assert f'alt="Page {number} of Ropes of Tomari, as a picture."' in html
    assert '<img src="data:image/png;base64,iVBORw0KGgo' in html


def test_the_pane_offers_the_page_of_the_quote(pane: SourcePane) -> None:
    turn = asked(pane, BELLS)
    marker = next(c.marker for c in turn.answer.citations if c.quote == BELLS_QUOTE)
    html = pane.show_citation(turn.id, marker, "en")
    document = turn.answer.citations[0].document_id
    assert f'<div class="aj-paper" data-document="{document}" data-page="{TURNED}" data-pages="4" hidden>' in html
    assert 'data-view="text" aria-pressed="true">Text</button>' in html
    assert 'data-view="page" aria-pressed="false">Page</button>' in html
    page = shown(pane, turn, TURNED, marker)
    assert f"Marked in it: “{BELLS_QUOTE}”" in page
    assert boxes(page)
    assert "ページ" in shown(pane, turn, TURNED, marker, "ja")


def test_a_document_without_pages_offers_none(pane: SourcePane) -> None:
    hit = next(hit for hit in pane.service.retrieve("How many pickers from Nepal did Aoba hire?", 9) if not hit.document.pages)
    html = pane.show_passage(hit.passage.id, "en")
    assert "aj-text" in html
    assert "aj-view" not in html
    assert "aj-paper" not in html
    assert "This page is not in the library." in pane.show_page(hit.document.id, 1, ["aj-passage", hit.passage.id, ""], "en")


def test_passages_and_hits_are_marked_on_their_page(pane: SourcePane) -> None:
    turn = asked(pane, ROPES)
    hit = next(hit for hit in turn.answer.hits if hit.passage.page == 1)
    by_id = pane.show_page(hit.document.id, 1, ["aj-passage", hit.passage.id], "en")
    by_rank = pane.show_page(hit.document.id, 1, ["aj-near", turn.id, str(hit.rank)], "en")
    assert boxes(by_id)
    assert boxes(by_rank) == boxes(by_id)


def test_where_the_quote_cannot_be_placed_it_says_so(pane: SourcePane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askjapan.web.source_pane.pages.place", lambda *given: None)
    html = shown(pane, asked(pane, ROPES), 1)
    assert 'data-placed="no"' in html
    assert "The quote cannot be placed on the picture of this page; the text view has it marked." in html
    assert boxes(html) == []


@pytest.mark.parametrize("name", ["../../../../etc/passwd", "/etc/passwd", "ropes.pdf", "", "catalogue.toml"])
def test_only_documents_of_the_index_are_drawn(pane: SourcePane, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*given: object) -> None:
        raise AssertionError(f"drew {given}")

    monkeypatch.setattr("askjapan.web.source_pane.pages.draw", never)
    turn = asked(pane, ROPES)
    assert pane.show_page(name, 1, ["aj-cite", turn.id, "1"], "en") == (
        '<div class="aj-error"><p>This page is not in the library.</p></div>'
    )


@pytest.mark.parametrize("number", [0, -1, 5, 10**9])
def test_a_page_that_the_document_does_not_have(pane: SourcePane, number: int) -> None:
    assert "This page is not in the library." in shown(pane, asked(pane, ROPES), number)


def test_a_file_that_has_been_replaced_or_removed_is_not_drawn(pane: SourcePane, place: Place) -> None:
    turn = asked(pane, ROPES)
    _drawn.cache_clear()
    file = place.works / "ropes.pdf"
    whole = file.read_bytes()
    file.write_bytes(whole + b"\n% changed\n")
    assert "ropes.pdf is no longer the file that was indexed, so its pages are not shown." in shown(pane, turn, 1)
    file.unlink()
    assert "ropes.pdf cannot be opened: No such file or directory." in shown(pane, turn, 1)
    file.write_bytes(whole)
    assert boxes(shown(pane, turn, 1))


def test_the_picture_comes_from_the_indexed_file_wherever_the_page_was_started(
    pane: SourcePane, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.home)
    build([Path("corpus")], place.index, HashEncoder(), catalogue=place.catalogue)
    turn = asked(pane, ROPES)
    assert turn.answer.citations[0].path == str(Path("corpus", "works", "ropes.pdf"))
    _drawn.cache_clear()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert boxes(shown(pane, turn, 1))


def test_a_quotation_opens_where_its_answering_sentence_stands(pane: SourcePane) -> None:
    answer = pane.service.ask(ROPES)
    first = replace(answer.citations[0], page=1, quote="Nothing of it.", unit="sentence")
    second = replace(first, page=2, quote=f"It was {ROPES}")
    for group, leading in (((first, second), second), ((second, first), second), ((first,), first)):
        assert leading_of(group, answer) is leading
    assert leading_of((first, second), replace(answer, short="Nothing")) is first
    assert leading_of((replace(first, unit="caption"), second), answer) == replace(first, unit="caption")
