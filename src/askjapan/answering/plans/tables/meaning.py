"""Answers questions for figures that are asked in other words than a table's: its rows are found by meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askjapan.answering.plans.search import Search
from askjapan.answering.plans.tables.answered import answered
from askjapan.answering.plans.tables.asking.wanted import PART_OF, Wanted
from askjapan.answering.plans.tables.comparing import compared_tables, is_told
from askjapan.answering.plans.tables.places import Place, may_have, place_of
from askjapan.answering.plans.tables.whole.cells import Row, Table, value_of
from askjapan.answering.plans.tables.whole.units import written_with_unit
from askjapan.language.years import years_in
from askjapan.records import Answer
from askjapan.retrieval.follow_up import Standalone

LOOKED_AT, MOST_TABLES = 10, 3
"""Number of best passages that are searched for tables, and of tables that are compared."""


def answer(question: Standalone, search: Search, *, several: bool = False) -> Answer | None:
    """The rows that answer a question, with what is computed of them; None where no table surely has them.

    `several` limits it to the most, the least and changes, of which one row or pair of rows can answer two questions at once, and to
    comparisons.
    """
    best: tuple[Table, Place, Wanted] | None = None
    told: bool | None = None
    placed: Table | None = None

    def fits(asked: Wanted, table: Table) -> bool:
        some = asked.extreme is not None or asked.reached is not None or asked.changes or asked.compares
        return (some or not several) and may_have(asked, table)

    for one in compared_tables(question, search, LOOKED_AT, MOST_TABLES, fits):
        asked, table = one.asked, one.table
        if table is placed:
            continue
        if told is None:
            told = is_told(question, search)
        if place := place_of(asked, one.weights, table, one.heads, told=told):
            placed = table
            if best is None or place.met > best[1].met:
                best = table, place, asked
    if best is None:
        return None
    table, place, asked = best
    if several and len(place.columns) == 1 and asked.extreme is None and asked.reached is None:
        return None
    return answered(question, place.rows, _short_of(place, table, asked, question), search)


def _short_of(place: Place, table: Table, asked: Wanted, question: Standalone) -> str:
    """The short answer: label and figure of an extreme, the two figures of a change with their difference, or the figure; else nothing."""
    cells = [(row, n) for row, n in zip(_each(place), place.columns, strict=True) if n >= 0]
    if not cells or len(cells) != len(place.columns):
        return ""
    written = [row.cells[n] for row, n in cells]
    if asked.extreme is not None or asked.reached is not None:
        along = len(place.rows) == 1 and years_in(table.name(cells[0][1])) and not years_in(cells[0][0].labels[0])
        asks_year = re.search(r"\b(?:when|years?)\b|いつ|何年", asked.text, re.IGNORECASE)
        labels = [table.name(n) if along and asks_year else name_of(row) for row, n in cells]
        return f"{', '.join(dict.fromkeys(labels))} ({written[0]})"
    if len(cells) == 2 and asked.changes and (values := _values(written)):
        places = max(len(text.partition(".")[2]) for text in written)
        return f"{written[0]} → {written[1]} ({values[1] - values[0]:+,.{places}f})"
    if len(cells) == 2 and PART_OF.search(asked.text) and cells[1][0].is_total and (values := _values(written)) and values[1]:
        return f"{written[0]} / {written[1]} ({values[0] / values[1]:.1%})"
    if len(cells) == 2 and len(place.rows) == 1:
        return "; ".join(f"{table.name(n)}: {text}" for (_, n), text in zip(cells, written, strict=True))
    if len(cells) == 2:
        return "; ".join(f"{name_of(row)}: {text}" for (row, _), text in zip(cells, written, strict=True))
    return written_with_unit(table, written[0], cells[0][1], question)


def _each(place: Place) -> list[Row]:
    return [place.rows[0]] * len(place.columns) if len(place.rows) == 1 else list(place.rows)


def _values(written: Sequence[str]) -> tuple[float, float] | None:
    first, second = (value_of(text) for text in written)
    return None if first is None or second is None else (first, second)


def name_of(row: Row) -> str:
    """What a row is called: its first label that is no rank."""
    return next((label for label in row.labels if label and (value_of(label) is None or years_in(label))), row.labels[0])
