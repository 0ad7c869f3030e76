"""Formats a matrix of works and questions as lines for a terminal, Markdown, CSV and XLSX."""

from __future__ import annotations

from collections.abc import Iterator

from askjapan.citations.bibliography import locators_of
from askjapan.citations.export.markdown import markdown
from askjapan.citations.export.sheets import to_csv, to_xlsx
from askjapan.citations.render import note_label, quoted, source_line
from askjapan.findings import Matrix
from askjapan.records import Answer

NOT_IN_WORK = "not in this work"


def cell_text(cell: Answer) -> str:
    """The quote of a cell, with rows of a table on lines of their own; `NOT_IN_WORK` where the work has no answer."""
    if not cell.answered:
        return NOT_IN_WORK
    return "\n".join(quoted(sentence).replace("\t", " | ") for sentence in cell.sentences if sentence.kind == "quote")


def cell_place(cell: Answer) -> str:
    """The locator of a cell's quote; for a sentence of a study note its label comes first."""
    quotes = [sentence for sentence in cell.sentences if sentence.kind == "quote"]
    places = locators_of([cell])
    locators = dict.fromkeys(place for sentence in quotes for citation in sentence.citations if (place := places[citation]))
    labels = dict.fromkeys(label for sentence in quotes if (label := note_label(sentence)))
    return "; ".join([*labels, *locators])


def _filled(cell: Answer) -> str:
    """A cell for one field of a table: quote, place and confidence."""
    place = f"\n[{cell_place(cell)}]" if cell.answered else ""
    return f"{cell_text(cell)}{place}\n(confidence {cell.confidence:.2f})"


def matrix_text(matrix: Matrix) -> str:
    """The matrix as lines for a terminal: question by question, each work with its quote."""
    lines: list[str] = []
    for number, question in enumerate(matrix.questions):
        lines += [*([""] if lines else []), question]
        for row in matrix.rows:
            cell = row.cells[number]
            lines += ["", f"  {source_line(row.document)} – confidence {cell.confidence:.2f}"]
            lines += [f"    {line}" for line in cell_text(cell).split("\n")]
            lines += [f"    [{cell_place(cell)}]"] if cell.answered else []
    return "\n".join(lines)


def matrix_markdown(matrix: Matrix) -> str:
    """The matrix as a Markdown table, one row per work and one column per question."""
    header = ["Work", *matrix.questions]
    rows = [[source_line(row.document), *(_filled(cell) for cell in row.cells)] for row in matrix.rows]
    shown = ["| " + " | ".join("<br>".join(map(markdown, cell.split("\n"))) for cell in row) + " |" for row in [header, *rows]]
    return "\n".join((shown[0], "|" + " --- |" * len(header), *shown[1:], ""))


def _rows(matrix: Matrix) -> Iterator[tuple[str | float, ...]]:
    for row in matrix.rows:
        fields: list[str | float] = [row.document.id, source_line(row.document)]
        for cell in row.cells:
            fields += [cell_text(cell), cell_place(cell), cell.confidence]
        yield tuple(fields)


def _header(matrix: Matrix) -> list[str]:
    return ["id", "work", *(name for question in matrix.questions for name in (question, "where", "confidence"))]


def matrix_csv(matrix: Matrix) -> str:
    """The matrix as CSV, one row per work and three columns per question: the quote, its place and the confidence."""
    return to_csv(_header(matrix), list(_rows(matrix)))


def matrix_xlsx(matrix: Matrix) -> bytes:
    """The matrix as the bytes of an XLSX workbook with the columns of the CSV."""
    return to_xlsx("matrix", _header(matrix), list(_rows(matrix)))
