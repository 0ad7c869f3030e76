"""No cell is taken for a formula, whatever a quote begins with, and nothing of it is lost."""

from __future__ import annotations

import csv
import io

import pytest

from askjapan.citations.export.sheets import to_csv, to_xlsx

DANGEROUS = ["=1+1", "+1 (555)", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "＝1+1", " =1", '=HYPERLINK("http://a","b")']


def read_csv(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


@pytest.mark.parametrize("text", DANGEROUS)
def test_csv_puts_an_apostrophe_before_what_looks_like_a_formula(text: str) -> None:
    assert read_csv(to_csv(["a"], [[text]])) == [["a"], [f"'{text}"]]


@pytest.mark.parametrize("text", ["-5", "+3.5", "-1,200", "12 = 3", "“=1”", "a\nb", 'c"d', "友好, 都市", ""])
def test_csv_leaves_the_rest_as_it_is(text: str) -> None:
    assert read_csv(to_csv(["a", "b"], [[text, 1]])) == [["a", "b"], [text, "1"]]


def test_a_workbook_has_texts_only() -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(to_xlsx("a/b: [c]", ["=x", "n"], [[text, 0.5] for text in [*DANGEROUS, "bell\x07"]])))
    sheet = book.active
    assert sheet is not None
    assert sheet.title == "a b   c "
    column = [sheet.cell(line, 1) for line in range(1, sheet.max_row + 1)]
    assert [cell.value for cell in column] == ["=x", *DANGEROUS, "bell"]
    assert {cell.data_type for cell in column} == {"s"}
    assert column[1].quotePrefix
    assert sheet["B2"].value == 0.5
    assert sheet.freeze_panes == "B2"
