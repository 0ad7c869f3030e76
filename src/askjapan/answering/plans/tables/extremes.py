"""Answers questions for the most, the least or a rank from a table, with the row as the quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from askjapan.answering.plans.search import Search
from askjapan.answering.plans.tables.answered import answered
from askjapan.answering.plans.tables.asking.superlatives import LEAST_ROWS, superlative
from askjapan.answering.plans.tables.asking.wanted import BOUNDS
from askjapan.answering.plans.tables.whole.cells import SHARE, Row, Table, content, context, is_named, is_year, value_of, wording
from askjapan.answering.plans.tables.whole.gathered import tables_of
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import terms
from askjapan.language.years import years_in
from askjapan.records import Answer
from askjapan.retrieval.follow_up import Standalone

LOOKED_AT = 6
"""Number of best passages that are searched for a table."""
LEAST_MET = 0.5
"""Least share of the question's terms in the table's caption, header, section or first label."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a table: its row, the row's label, the column's name, its value and its text."""

    row: Row
    label: str
    column: str
    value: float
    written: str


def answer(question: Standalone, search: Search) -> Answer | None:
    """The table row with the extreme or rank that a question asks for; None where no table matches the question."""
    asked_for = superlative(question.question)
    if asked_for is None or BOUNDS.search(question.question):
        # Between two years, only their rows or columns count; `meaning` keeps to them.
        return None
    place = asked_for.place
    evidence = search.evidence(question)
    tables = list(tables_of(evidence, search, LOOKED_AT))
    if is_foreign(question.question):
        # A table in the question's own writing says what is asked for, a gloss only what it may be.
        tables.sort(key=lambda table: not is_foreign(table.passage.text))
    for table in tables:
        asked = wording(table.passage, evidence)
        there = superlative(asked)
        plain = there.rest if there else asked
        words = content(plain)
        column = _asked_column(table, words, plain)
        ranked = sorted(column, key=lambda cell: -cell.value)
        if len(ranked) >= max(LEAST_ROWS, abs(place)) and _met(words, table, column) >= LEAST_MET:
            best = ranked[place - 1] if place > 0 else ranked[place]
            cells = [cell for cell in ranked if cell.value == best.value] if abs(place) == 1 else [best]
            return _answered(question, cells, search)
    return None


def _cells(table: Table, words: set[str]) -> list[Cell]:
    """The figures of a table without rows of totals, averages and the like.

    Where the question names a group of rows by one of their labels, only that group's count, by their other labels.
    """
    rows = [row for row in table.rows if not row.is_total]
    grouped = [row for row in rows if len(row.labels) > 1 and any(is_named(label, words) for label in row.labels)]
    if len(grouped) >= LEAST_ROWS:
        rows = grouped
    return [
        Cell(row, _label(row, words), table.column(number), value, row.cells[number])
        for row in rows
        for number in range(len(row.labels), len(row.cells))
        if (value := value_of(row.cells[number])) is not None and not is_year(row.cells[number])
    ]


def _label(row: Row, words: set[str]) -> str:
    """What tells a row from the others of its group: the first of its labels that the question does not name."""
    return next((label for label in row.labels if len(row.labels) == 1 or not is_named(label, words)), row.labels[0])


def _asked_column(table: Table, words: set[str], text: str) -> list[Cell]:
    """The cells to compare: those of the row or else of the column that the question names, or of the only column; else none."""
    years = set(years_in(text))
    cells = _cells(table, words)
    labelled = [cell for cell in cells if _named(cell.label, words, years)]
    rows = {cell.label for cell in labelled}
    if labelled and len(rows) == 1 and len(labelled) >= LEAST_ROWS:
        # In the row of a year, the columns are what is compared.
        return [replace(cell, label=cell.column) if cell.column and years_in(cell.label) else cell for cell in labelled]
    columns: dict[str, list[Cell]] = {}
    for cell in cells:
        columns.setdefault(cell.column, []).append(cell)
    every = words | set(terms(text))
    # A word that the caption has too tells no column from another, but in a name that is said in full.
    telling = every - set(terms(table.caption))
    shares = bool(SHARE.search(text))
    if not shares:
        # The most of something is not its largest share.
        columns = {name: column for name, column in columns.items() if not SHARE.search(name)} or columns
    scored = {
        name: len(set(terms(name)) & (every if is_named(name, every) else telling))
        + 2 * len(set(years_in(name)) & years)
        + (shares and bool(SHARE.search(name)))
        for name in columns
    }
    best = max(scored, key=lambda name: scored[name], default="")
    if scored.get(best) and sum(score == scored[best] for score in scored.values()) == 1:
        return columns[best]
    return next(iter(columns.values())) if len(columns) == 1 else []


def _named(label: str, words: set[str], years: set[str]) -> bool:
    have = set(terms(label))
    return bool(have) and (have <= words or bool(have & years))


def _met(words: set[str], table: Table, column: Sequence[Cell]) -> float:
    have = context(table, column[0].row) if column else context(table)
    return len(words & have) / len(words) if words else 0.0


def _answered(question: Standalone, cells: Sequence[Cell], search: Search) -> Answer | None:
    for_year = _asks_for_year(question.question)
    # Where the columns are the years, the year asked for heads the column.
    names = [cell.column if for_year and years_in(cell.column) and not years_in(cell.label) else cell.label for cell in cells]
    joiner = "、" if question.is_foreign else ", "
    short = f"{joiner.join(dict.fromkeys(names))} ({cells[0].written})"
    return answered(question, [cell.row for cell in cells], short, search)


def _asks_for_year(text: str) -> bool:
    return bool(re.search(r"\b(?:when|(?:what|which) year)\b|いつ|何年", text, re.IGNORECASE))
