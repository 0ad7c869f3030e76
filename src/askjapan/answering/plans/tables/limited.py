"""Answers questions for all rows of a table whose figures or years keep a limit, or for those of the earliest or latest date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askjapan.answering.plans.search import Search
from askjapan.answering.plans.tables.answered import answered
from askjapan.answering.plans.tables.asking.limits import END, Limit, end_of, limit_of
from askjapan.answering.plans.tables.asking.superlatives import LEAST_ROWS
from askjapan.answering.plans.tables.comparing import Compared, compared_tables
from askjapan.answering.plans.tables.meaning import name_of
from askjapan.answering.plans.tables.naming import named_column, share_column
from askjapan.answering.plans.tables.places import MOST_LACKING, figures_of, lacking
from askjapan.answering.plans.tables.whole.cells import Row, Table, date_at, value_of
from askjapan.language.scripts import is_foreign
from askjapan.language.wordings import wordings
from askjapan.language.years import years_in
from askjapan.records import Answer
from askjapan.retrieval.follow_up import Standalone

MOSTLY, DATE_LETTERS = 0.8, 12
"""Share of the cells of a column of dates that hold one, and the most letters of a cell of a year."""
LOOKED_AT, MOST_TABLES, MOST_ROWS = 10, 3, 12
"""Number of best passages that are searched for tables, of tables that are compared, and of rows that are shown."""
_ROWS = re.compile(rf"\b(?:{wordings('limits', 'en')['rows']})\b|{wordings('limits', 'ja')['rows']}", re.IGNORECASE)


def answer(question: Standalone, search: Search) -> Answer | None:
    """The rows that keep the limit which a question sets, or those of the earliest or latest date; None where no table surely has them."""
    limit, end = limit_of(question.question), end_of(question.question)
    if (limit is None and end is None) or not _ROWS.search(question.question):
        return None
    best: tuple[float, list[Row], int, Table] | None = None
    for one in compared_tables(question, search, LOOKED_AT, MOST_TABLES, lambda _, table: len(table.rows) >= LEAST_ROWS):
        column = _column(one, limit) if limit else _dated(one.table)
        if column is None:
            continue
        rows = _keeping(one.table, limit, column) if limit else _at_end(one.table, column, latest=end == "latest")
        unmet = _unmet(one, rows, column) if rows else 1.0
        if unmet <= MOST_LACKING and (best is None or unmet < best[0]):
            best = unmet, rows, column, one.table
    if best is None:
        return None
    _, rows, column, table = best
    joiner = "、" if is_foreign(table.passage.text) else ", "
    names = [name_of(row) if row.cells[column] == name_of(row) else f"{name_of(row)} ({row.cells[column]})" for row in rows]
    return answered(question, rows, joiner.join(dict.fromkeys(names)), search)


def _unmet(one: Compared, rows: Sequence[Row], column: int) -> float:
    """The share of the question's weight that table, rows and column leave unmet; the words for the earliest or latest are not asked for."""
    spans = [match.span() for match in END.finditer(one.asked.text)]
    weights = [
        0.0 if any(start < last and first < end for first, last in spans) else weight
        for weight, (start, end) in zip(one.weights, one.asked.words, strict=True)
    ]
    return lacking(weights, one.heads, [one.table.rows.index(row) for row in rows], [column], told=True)


def _dated(table: Table) -> int | None:
    """The only column of dates or years; None where there is none, or the rows are years themselves."""
    columns = [
        n for n in range(len(table.names)) if sum(_date(row, n) is not None for row in table.rows) > MOSTLY * len(table.rows)
    ]
    return columns[0] if len(columns) == 1 and columns[0] > 0 else None


def _at_end(table: Table, column: int, *, latest: bool) -> list[Row]:
    """The rows of the latest or earliest date of a column."""
    dated = [(date, row) for row in table.rows if not row.is_total and (date := _date(row, column))]
    best = (max if latest else min)(date for date, _ in dated)
    return [row for date, row in dated if date == best]


def _date(row: Row, column: int) -> tuple[int, int, int] | None:
    """The date or year that a cell begins with."""
    if date := date_at(row, column):
        return date
    cell = row.cells[column] if column < len(row.cells) else ""
    years = years_in(cell)
    return (int(years[0]), 0, 0) if len(years) == 1 and len(cell) <= DATE_LETTERS else None


def _column(one: Compared, limit: Limit) -> int | None:
    """The column that the limit is of; None where that is not clear."""
    table = one.table
    if limit.year:
        return _dated(table)
    figures = figures_of(table)
    if limit.percent:
        column = share_column(one.asked, one.weights, table, one.heads, figures)
    else:
        column = named_column(one.asked, one.weights, table, one.heads, [], figures)
    return column if column >= 0 else None


def _keeping(table: Table, limit: Limit, column: int) -> list[Row]:
    """The rows whose cell keeps the limit; none where all or too many do."""
    rows = [row for row in table.rows if not row.is_total]
    kept = [row for row in rows if (value := _value(row, column, limit)) is not None and limit.holds(value)]
    return kept if len(kept) < len(rows) and len(kept) <= MOST_ROWS else []


def _value(row: Row, column: int, limit: Limit) -> float | None:
    cell = row.cells[column] if column < len(row.cells) else ""
    if not limit.year:
        return value_of(cell)
    years = years_in(cell)
    return float(years[0]) if len(years) == 1 else None
