"""Quotes with characters that XML cannot hold go into Word and spreadsheets."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from askjapan.assistant import Assistant
from askjapan.citations.export import export_answers
from askjapan.citations.export.printable import printable
from askjapan.citations.export.sheets import LONGEST_CELL, to_xlsx
from askjapan.index.build import build
from tests.support.fakes import HashEncoder
from tests.support.places import Place
from tests.support.web_places import settings_of

UNHELD = "a\x00b\x0bc\x1bd\ufffee\uffff\ud800f"


def test_what_xml_cannot_hold_is_left_out_and_nothing_else() -> None:
    assert printable(UNHELD) == "abcdef"
    assert printable("港 𠮷 é\t\r\n\x7f\x85\u202e") == "港 𠮷 é\t\r\n\x7f\x85\u202e"


@pytest.mark.parametrize("form", ["docx", "html", "markdown", "pandoc", "zotero", "bibtex", "csl", "ris"])
def test_an_answer_with_such_a_quote_and_title_is_exported(form: str, place: Place, tmp_path: Path) -> None:
    (place.works / "cranes.txt").write_text(
        "Cranes\n\nThe port of Wakkanai had 77\x0b cranes\x1b[2J \ufffe\uffff in 1988, and all of them were green.\n",
        encoding="utf-8",
    )
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    assistant = Assistant.open(settings=settings_of(place), encoder=HashEncoder())
    answer = assistant.ask("How many cranes did the port of Wakkanai have in 1988?")
    answer = replace(answer, question=answer.question + UNHELD[:-2] + "x" * 300)
    content = export_answers([answer], form)
    assert content
    if form == "docx":
        assert isinstance(content, bytes)
        from docx import Document as WordFile

        text = "\n".join(paragraph.text for paragraph in WordFile(io.BytesIO(content)).paragraphs)
        assert "Wakkanai had 77 cranes[2J" in " ".join(text.split())


def test_a_cell_holds_what_a_spreadsheet_reads() -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(to_xlsx("x", ["a"], [[UNHELD], ["y" * 40_000]]))).active
    assert sheet is not None
    assert sheet.cell(2, 1).value == "abcdef"
    assert len(str(sheet.cell(3, 1).value)) == LONGEST_CELL
