"""Formats a matrix of works and questions as lines for a terminal, Markdown, CSV and XLSX."""

from __future__ import annotations

from collections.abc import Iterator

from askjapan.citations.bibliography import locators_of
from askjapan.citations.export.markdown import markdown
from askjapan.citations.export.sheets import to_csv, to_xlsx
from askjapan.citations.labels import labels
from askjapan.citations.render import note_label, quoted, source_line
from askjapan.findings import Matrix
from askjapan.records import Answer
from askjapan.sayings import ENGLISH


def cell_text(cell: Answer, language: str = ENGLISH) -> str:
    """The quote of a cell, with rows of a table on lines of their own; "not in this work" where the work has no answer."""
    if not cell.answered:
        return labels(language)("not_in_this_work")
    return "\n".join(quoted(sentence).replace("\t", " | ") for sentence in cell.sentences if sentence.kind == "quote")


def cell_place(cell: Answer, language: str = ENGLISH) -> str:
    """The locator of a cell's quote; for a sentence of a study note its label comes first."""
    quotes = [sentence for sentence in cell.sentences if sentence.kind == "quote"]
    places = locators_of([cell], language)
    locators = dict.fromkeys(place for sentence in quotes for citation in sentence.citations if (place := places[citation]))
    named = dict.fromkeys(label for sentence in quotes if (label := note_label(sentence, language)))
    return labels(language)("list_semicolon").join([*named, *locators])


def _sure(cell: Answer, language: str) -> str:
    return labels(language)("cell_confidence", number=f"{cell.confidence:.2f}")


def _filled(cell: Answer, language: str) -> str:
    """A cell for one field of a table: quote, place and confidence."""
    place = f"\n[{cell_place(cell, language)}]" if cell.answered else ""
    sure = labels(language).in_brackets(_sure(cell, language)).strip()
    return f"{cell_text(cell, language)}{place}\n{sure}"


def matrix_text(matrix: Matrix, language: str = ENGLISH) -> str:
    """The matrix as lines for a terminal: question by question, each work with its quote."""
    lines: list[str] = []
    for number, question in enumerate(matrix.questions):
        lines += [*([""] if lines else []), question]
        for row in matrix.rows:
            cell = row.cells[number]
            lines += ["", f"  {source_line(row.document, language)} – {_sure(cell, language)}"]
            lines += [f"    {line}" for line in cell_text(cell, language).split("\n")]
            lines += [f"    [{cell_place(cell, language)}]"] if cell.answered else []
    return "\n".join(lines)


def matrix_markdown(matrix: Matrix, language: str = ENGLISH) -> str:
    """The matrix as a Markdown table, one row per work and one column per question."""
    header = [labels(language)("column_of_works"), *matrix.questions]
    rows = [[source_line(row.document, language), *(_filled(cell, language) for cell in row.cells)] for row in matrix.rows]
    shown = ["| " + " | ".join("<br>".join(map(markdown, cell.split("\n"))) for cell in row) + " |" for row in [header, *rows]]
    return "\n".join((shown[0], "|" + " --- |" * len(header), *shown[1:], ""))


def _rows(matrix: Matrix, language: str) -> Iterator[tuple[str | float, ...]]:
    for row in matrix.rows:
        fields: list[str | float] = [row.document.id, source_line(row.document, language)]
        for cell in row.cells:
            fields += [cell_text(cell, language), cell_place(cell, language), cell.confidence]
        yield tuple(fields)


def _header(matrix: Matrix, language: str) -> list[str]:
    tell = labels(language)
    columns = (name for question in matrix.questions for name in (question, tell("column_where"), tell("column_confidence")))
    return [tell("column_id"), tell("column_work"), *columns]


def matrix_csv(matrix: Matrix, language: str = ENGLISH) -> str:
    """The matrix as CSV, one row per work and three columns per question: the quote, its place and the confidence."""
    return to_csv(_header(matrix, language), list(_rows(matrix, language)))


def matrix_xlsx(matrix: Matrix, language: str = ENGLISH) -> bytes:
    """The matrix as the bytes of an XLSX workbook with the columns of the CSV."""
    return to_xlsx(labels(language)("sheet_of_matrix"), _header(matrix, language), list(_rows(matrix, language)))
