"""Footnotes in a style: Word files read back by Word's own reader here, rich text, Pandoc's Markdown, and notes for Zotero."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from askjapan.citations.bibliography import cited_works
from askjapan.citations.export import export_answers, export_matrix_docx, to_bibtex, to_markdown, to_pandoc
from askjapan.citations.export.references.styled import Style, styled
from askjapan.citations.zotero_links import zotero_link
from askjapan.documents.readers import read
from askjapan.findings import Matrix, MatrixRow
from askjapan.records import Answer, Citation, Document, Hit, Passage, Sentence, Unit
from tests.support.cited_works import cite, work

PAPER = work(
    venue="Harbour Papers, vol. 3, no. 2, pp. 11–30",
    citekey="aoki2011",
    zotero="library/items/ABCD2345",
    format="pdf",
    path="quays.pdf",
)
KANJI = work("nets", title="網と結び目", authors=("佐藤 凛",), venue="港書房", language="ja", year=2012, date="")
WEB = work("site", title="Ships & <b>Sails</b>", authors=("Rin Sato",), venue="https://example.org/ships", year=2013, date="")
PAGED = cite(PAPER, page=4, page_label="12", offsets="page")
QUOTE = "Aoba has five quays."


def hit(document: Document) -> Hit:
    passage = Passage("p", document.id, "t", "", None, None, 0, 1, "prose", (Unit("t", ((0, 1),)),))
    return Hit(passage, document, 1.0, 1)


def answer(*cited: tuple[Document, Citation], question: str = "How many quays has Aoba?", text: str = QUOTE) -> Answer:
    sentences = tuple(
        Sentence(text, "quote", (replace(citation, marker=number),)) for number, (_, citation) in enumerate(cited, start=1)
    )
    return Answer(question, question, True, "", 0.9, sentences, tuple(hit(document) for document, _ in cited), "f" * 64)


ONE = answer((PAPER, PAGED))
REFUSED = Answer("And ships?", "And ships?", False, "Not in this corpus.", 0.1, (), (), "f" * 64)


@pytest.mark.parametrize(
    ("style", "note", "listed"),
    [
        (
            Style.chicago,
            "Mika Aoki, “Quays and Ships”, <i>Harbour Papers</i> 3, no. 2 (April 23, 2011): 12.",
            "Aoki, Mika. “Quays and Ships”.",
        ),
        (Style.apa, "Aoki, 2011, p. 12.", "Aoki, M. (2011). Quays and Ships. <i>Harbour Papers</i>"),
        (Style.japanese, "Mika Aoki「Quays and Ships」『Harbour Papers』、3巻2号、2011、12頁。", "Mika Aoki「Quays and Ships」"),
    ],
)
def test_a_page_in_each_style(style: Style, note: str, listed: str) -> None:
    found = styled([ONE], style)
    assert found.notes[ONE.citations[0]] == note
    assert len(found.works) == 1
    assert found.works[0].startswith(listed)


def test_a_place_without_a_page_and_a_name_in_kanji() -> None:
    citation = cite(KANJI, section="第2節")
    found = styled([answer((KANJI, citation))], Style.japanese)
    assert next(iter(found.notes.values())) == "佐藤 凛『網と結び目』、港書房、2012、§ 第2節。"
    assert styled([answer((KANJI, citation))], Style.chicago).works[0].startswith("佐藤 凛. ")


@pytest.mark.parametrize("style", list(Style))
def test_each_note_names_its_work(style: Style) -> None:
    """Notes are put together, and copied one by one, so that none may lean on the one before it."""
    found = styled([answer((PAPER, PAGED), (PAPER, replace(PAGED, page=5, page_label="13", start=300)))], style)
    first, second = found.notes.values()
    assert second == first.replace("12", "13")


def test_what_is_not_cited_has_no_notes() -> None:
    assert styled([REFUSED], Style.chicago) == styled([], Style.apa)


def test_markup_in_a_title_is_text() -> None:
    found = styled([answer((WEB, cite(WEB)))], Style.chicago)
    assert "<b>" not in "".join([*found.notes.values(), *found.works])


def test_a_word_document_has_real_footnotes(tmp_path: Path) -> None:
    data = export_answers([ONE, REFUSED], "docx", "chicago")
    assert isinstance(data, bytes)
    (tmp_path / "answer.docx").write_bytes(data)
    text = read(tmp_path / "answer.docx").text
    assert "> “Aoba has five quays.”[^1]" in text
    assert "[^1]: Mika Aoki, “Quays and Ships”, Harbour Papers 3, no. 2 (April 23, 2011): 12." in text
    assert "# How many quays has Aoba?" in text
    assert "Not in this corpus." in text
    assert "# References" in text
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert b'<w:footnote w:id="1">' in package.read("word/footnotes.xml")
        assert b"<w:i/>" in package.read("word/footnotes.xml")
        assert "/word/footnotes.xml" in package.read("[Content_Types].xml").decode()


def test_a_matrix_is_a_table_with_footnotes(tmp_path: Path) -> None:
    matrix = Matrix(("How many quays?",), (MatrixRow(PAPER, (ONE,)), MatrixRow(KANJI, (REFUSED,))), "f" * 64)
    (tmp_path / "m.docx").write_bytes(export_matrix_docx(matrix, "apa"))
    text = read(tmp_path / "m.docx").text
    assert re.search(r"\| Mika Aoki, Quays and Ships \(2011\) +\| “Aoba has five quays\.”\[\^1\] +\|", text)
    assert "not in this work" in text
    assert "[^1]: Aoki, 2011, p. 12." in text


def test_control_characters_do_not_break_a_document(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(bytes(export_answers([answer((PAPER, PAGED), text="A\x0bB & <c>")], "docx")))  # type: ignore[arg-type]
    assert "“A B & <c>”[^1]" in read(tmp_path / "a.docx").text


def test_rich_text() -> None:
    shown = str(export_answers([answer((PAPER, PAGED), text="Five <quays> & more.")], "html"))
    assert "<blockquote>“Five &lt;quays&gt; &amp; more.”<sup>1</sup></blockquote>" in shown
    assert "<ol><li>Mika Aoki, “Quays and Ships”, <i>Harbour Papers</i> 3" in shown


def test_pandoc_cites_the_keys_of_the_bibliography() -> None:
    both = answer((PAPER, PAGED), (KANJI, cite(KANJI, section="第2節")))
    lines = to_pandoc([both, REFUSED]).split("\n\n")
    assert lines[:2] == ["# How many quays has Aoba?", "> Aoba has five quays. [@aoki2011, p. 12]"]
    keys = [entry.key for entry in cited_works([both])]
    assert lines[2] == f"> Aoba has five quays. [@{keys[1]}, {{§ 第2節}}]"
    assert lines[3:] == ["# And ships?", "*Not in this corpus.*\n"]
    assert "@article{aoki2011," in to_bibtex([both])


def test_links_that_zotero_opens() -> None:
    assert zotero_link(PAPER, 4) == "zotero://open-pdf/library/items/ABCD2345?page=4"
    assert zotero_link(PAPER) == "zotero://open-pdf/library/items/ABCD2345"
    assert zotero_link(replace(PAPER, format="html"), None) == "zotero://select/library/items/ABCD2345"
    assert zotero_link(KANJI, 1) == ""
    assert "<zotero://open-pdf/library/items/ABCD2345?page=4>" in to_markdown([ONE])
    assert "zotero://" not in to_markdown([answer((KANJI, cite(KANJI)))])


def test_a_note_for_zotero_has_citations_that_zotero_reads() -> None:
    note = str(export_answers([ONE, REFUSED], "zotero"))
    assert note.startswith('<div class="zotero-note znv1"><div data-citation-items="')
    (data,) = re.findall(r'<span class="citation" data-citation="([^"]+)">', note)
    (item,) = json.loads(unquote(html.unescape(data)))["citationItems"]
    assert (item["locator"], item["label"]) == ("12", "page")
    assert item["itemData"]["title"] == "Quays and Ships"
    assert "note" not in item["itemData"]
    assert '<span class="citation-item">Mika Aoki, 2011, p. 12</span>' in note
    assert '<a href="zotero://open-pdf/library/items/ABCD2345?page=4">PDF</a>' in note
    (kept,) = re.findall(r'data-citation-items="([^"]+)"', note)
    assert json.loads(unquote(html.unescape(kept)))[0]["itemData"]["id"] == "aoki2011"
