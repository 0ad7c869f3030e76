"""Answers questions for a figure that a table gives: the cell whose row and column the question names, or two of them and their difference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askjapan.answering.conflicts import measure_of
from askjapan.answering.plans.search import HITS_READ, Search
from askjapan.answering.plans.tables.answered import answered
from askjapan.answering.plans.tables.asking.wanted import PART_OF, asks_which
from askjapan.answering.plans.tables.whole.cells import SHARE, Row, Table, content, context, core, is_named, value_of, wording
from askjapan.answering.plans.tables.whole.gathered import tables_of
from askjapan.answering.plans.tables.whole.units import counts_things, is_no_count, written_with_unit
from askjapan.answering.question import message_of, read_question
from askjapan.language.glossary import gloss
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import terms
from askjapan.language.wordings import wordings
from askjapan.language.years import years_in
from askjapan.records import Answer
from askjapan.retrieval.evidence import Evidence
from askjapan.retrieval.follow_up import Standalone

_EN, _JA = wordings("lookup", "en"), wordings("lookup", "ja")
LEAST_MET = 0.6
"""Least share of the question's content terms in what the table and the row say of themselves."""
_CHANGE = re.compile(rf"\b(?:{_EN['change']})\b|{_JA['change']}", re.IGNORECASE)
LISTED_FROM, MOST_LISTED, LISTED_MET = 4, 8, 0.75
"""Number of best passages searched for a table to list, its most rows, and the least share of the question's content terms in it."""
_SEVERAL = re.compile(r"\b(?:what|which)\s+(?:are\s+)?(?:the\s+)?(\w+ies|\w+(?<![suia])s)\b", re.IGNORECASE)
_COUNTED = re.compile(r"(?<![一-鿿々ァ-ヴー])([一-鿿々ァ-ヴー]{1,20}?)(?:の?数)?[はが][^、。は]{0,14}?(?:何|いく|どれ|どの)")


@dataclass(frozen=True, slots=True)
class Found:
    """A cell that a question names: its row, its column's number, and the share of the question's words that the table meets."""

    row: Row
    column: int
    met: float


def answer(question: Standalone, search: Search) -> Answer | None:
    """The cell, or the two cells and their difference, whose row and column a question names; None where no table has them."""
    evidence = search.evidence(question)
    if listed := _listed(question, evidence, search):
        return listed
    asked = read_question(evidence.question, search.corpus.frequency, search.corpus.passages)
    measure = measure_of(asked) | _measure_in_japanese(evidence.question)
    changes = bool(_CHANGE.search(evidence.question)) or bool(_CHANGE.search(evidence.text))
    if not changes and asked.kinds & {"date", "person", "place", "cause"}:
        return None
    best: tuple[float, Table, list[Found]] | None = None
    for table in tables_of(evidence, search, HITS_READ):
        cells = _named_cells(table, wording(table.passage, evidence), measure)
        if cells and (best is None or cells[0].met > best[0]):
            best = cells[0].met, table, cells
    if best is None:
        return None
    _, table, cells = best
    if len(cells) == 1 and (
        asks_which(question.question)
        or (PART_OF.search(question.question) and not SHARE.search(f"{table.column(cells[0].column)} {table.caption}"))
    ):
        # One of two says nothing of which is more, and a figure is no share.
        return None
    if counts_things(question.question) and any(is_no_count(table, cell.column) for cell in cells):
        return None
    if len(cells) == 1 and changes and not _CHANGE.search(table.column(cells[0].column)):
        # A level is no change.
        return None
    if len(cells) == 1:
        row, column = cells[0].row, cells[0].column
        return answered(question, [row], written_with_unit(table, row.cells[column], column, question), search)
    return _two(question, table, cells, search) if changes else None


def _listed(question: Standalone, evidence: Evidence, search: Search) -> Answer | None:
    """The words of the column that a question for several things names, "In which countries …?", from a short table that meets the rest."""
    noun = _SEVERAL.search(evidence.text)
    if noun is None:
        return None
    for table in tables_of(evidence, search, LISTED_FROM):
        columns = [n for n, name in enumerate(table.header) if core(name) == set(terms(noun.group(1)))]
        wanted = content(evidence.text)
        rows = [row for row in table.rows if not row.is_total and len(columns) == 1 and columns[0] < len(row.cells)]
        if not 1 < len(rows) <= MOST_LISTED or not wanted or any(value_of(row.cells[columns[0]]) is not None for row in rows):
            continue
        if len(wanted & context(table, rows[0])) / len(wanted) >= LISTED_MET:
            joiner = "、" if is_foreign(table.passage.text) else ", "
            return answered(question, rows, joiner.join(dict.fromkeys(row.cells[columns[0]] for row in rows)), search)
    return None


def _measure_in_japanese(question: str) -> frozenset[str]:
    """The terms of what a Japanese question counts, as it is written and in English; empty where that is not clear."""
    match = _COUNTED.search(question)
    if match is None:
        return frozenset()
    glossed = gloss(match.group(1))
    return frozenset((*terms(match.group(1)), *terms(glossed.text if glossed else "")))


def _named_cells(table: Table, text: str, measure: frozenset[str]) -> list[Found]:
    """The one or two cells in the rows and columns that a question names in full; empty where these are more, or none.

    What the question counts must be named by the row or column, or by the caption where no column names it.
    """
    words = set(terms(text))
    wanted = content(text)
    years = set(years_in(text))
    rows = _named_rows(table, words)
    columns = _named_columns(table, words, rows, bool(SHARE.search(message_of(text))))
    if not rows or not columns or not wanted or len(rows) * len(columns) > 2:
        return []
    told = {year for row in rows for year in row.labels if year in years} | {table.column(n) for n in columns} & years
    beside = {year for year in years if year in table.caption}
    if years - told - beside:
        return []
    met = min(len(wanted & (context(table, row) | told)) / len(wanted) for row in rows)
    counted = [core(f"{table.column(n)} {' '.join(row.labels)}") for row in rows for n in columns]
    elsewhere = any(measure & core(name) for name in table.header)
    if measure and not all(measure & one for one in counted) and (elsewhere or not measure & set(terms(table.caption))):
        return []
    cells = [Found(row, number, met) for row in rows for number in columns if value_of(row.cells[number]) is not None]
    return cells if met >= LEAST_MET and len(cells) == len(rows) * len(columns) else []


def _named_rows(table: Table, words: set[str]) -> list[Row]:
    """The rows of which the question names the most labels, the first one among them."""
    named = [(sum(is_named(label, words) for label in row.labels), row) for row in table.rows if is_named(row.labels[0], words)]
    highest = max((count for count, _ in named), default=0)
    kept = [row for count, row in named if count == highest]
    # Of "interns" and "technical interns" the question that names both means the longer one.
    longest = max((len(terms(" ".join(row.labels))) for row in kept), default=0)
    return [row for row in kept if len(terms(" ".join(row.labels))) == longest]


def _named_columns(table: Table, words: set[str], rows: Sequence[Row], shares: bool) -> list[int]:
    """The columns of figures whose names the question has in full, those with the most words; or the only column of figures."""
    first = min((len(row.labels) for row in rows), default=1)
    columns = [n for n in range(first, len(table.header)) if all(n < len(row.cells) for row in rows)]
    figures = [n for n in columns if any(n < len(row.cells) and value_of(row.cells[n]) is not None for row in table.rows)]
    if shares:
        figures = [n for n in figures if SHARE.search(table.header[n])] or figures
    named = [n for n in figures if is_named(table.header[n], words)]
    if not named and len(figures) == 1:
        return figures
    longest = max((len(terms(table.header[n])) for n in named), default=0)
    return [n for n in named if len(terms(table.header[n])) == longest]


def _two(question: Standalone, table: Table, cells: Sequence[Found], search: Search) -> Answer | None:
    """Two cells of one row or column with their difference, in the order of the table's years or of the question."""
    one, other = sorted(cells, key=lambda cell: _order(table, cell))
    first, second = (cell.row.cells[cell.column] for cell in (one, other))
    values = value_of(first), value_of(second)
    if values[0] is None or values[1] is None:
        return None
    places = max(len(text.partition(".")[2]) for text in (first, second))
    difference = f"{values[1] - values[0]:+,.{places}f}"
    return answered(question, [one.row, other.row], f"{first} → {second} ({difference})", search)


def _order(table: Table, cell: Found) -> tuple[str, int]:
    """Years in their order; anything else in the table's."""
    named = [*cell.row.labels[:1], table.column(cell.column)]
    years = [year for text in named for year in years_in(text)]
    return (years[0] if years else ""), table.rows.index(cell.row)
