"""Finds the rows and columns of a table that a question asks for, by the meaning of its words; none where that is not clear."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from askjapan.answering.plans.tables.asking.superlatives import LEAST_ROWS, Superlative
from askjapan.answering.plans.tables.asking.wanted import CHANGE, PART_OF, Wanted, asks_which, is_opposed
from askjapan.answering.plans.tables.heads import Heads
from askjapan.answering.plans.tables.naming import named_column, named_rows, rows_of_total, share_column, two_columns
from askjapan.answering.plans.tables.whole.cells import SHARE, Row, Table, value_of
from askjapan.answering.plans.tables.whole.units import counts_things, is_no_count
from askjapan.language.years import years_covered, years_in

SURELY_MET, UNMET = 0.5, 0.4
"""Cosines from which a word is wholly met, and to which it is not met at all."""
PAIR_LACKING, MOST_LACKING, CELL_LACKING, SURELY_LACKING = 0.4, 0.3, 0.2, 0.15
"""Largest share of the words' weight that a table may leave unmet: for two rows that are named, for two figures or what is computed, for a
single cell, and for a cell where nothing else says that the corpus has the answer."""


@dataclass(frozen=True, slots=True)
class Place:
    """Rows that answer, in the table's order, and the column of each that holds what is asked for; -1 where that is not clear.

    `met` is the share of the words' weight that the table itself meets: what is told of it lets it answer, but not go before another.
    """

    rows: tuple[Row, ...]
    columns: tuple[int, ...]
    met: float


def place_of(asked: Wanted, weights: Sequence[float], table: Table, heads: Heads, *, told: bool) -> Place | None:
    """The rows of a table that answer a question; None where that is not clear, or the table lacks a word or year of it.

    Args:
        asked: what is wanted.
        weights: of its words, shape (words,).
        table, heads: the table, and the question's words compared with it.
        told: whether the question would be answered without this table, too; else all must be clearer.
    """
    figures = figures_of(table)
    if not asked.words or not figures or len(heads.row_cover) != len(table.rows):
        return None
    time = _time(asked, table, figures)
    if time is None:
        return None
    named = named_rows(asked, weights, table, heads, down=time.down)
    column = named_column(asked, weights, table, heads, [] if time.bounds else time.columns, figures)
    if asked.reached is not None and asked.extreme is None:
        rows, columns = _first_reached(asked.reached, table, time, share_column(asked, weights, table, heads, figures))
    elif asked.extreme is not None:
        rows, columns = _extreme(asked.extreme, asked, table, named, column, time)
    else:
        pair = two_columns(weights, table, heads, figures) if asked.compares and time.points <= 1 else []
        if len(time.columns) > time.points == 2:
            time = replace(time, columns=_of_one_measure(asked, weights, table, heads, time, figures))
        rows, columns = _cells_named(asked, named, column, time, pair)
    if not rows or not _have_figures(table, rows, columns) or not _says_enough(asked, table, rows, columns):
        return None
    if PART_OF.search(asked.text) and len(rows) == len(columns) == 1 and (total := _total_of(table, rows[0], columns[0])) >= 0:
        rows, columns = [*rows, total], columns * 2
    known = [n for n in columns if n >= 0]
    unmet = lacking(weights, heads, rows, known, told=told)
    if unmet > _limit(asked, rows, columns, named, told=told) or (len(known) < len(columns) and (len(rows) == 1 or not told)):
        return None
    return Place(tuple(table.rows[n] for n in rows), tuple(columns), 1 - lacking(weights, heads, rows, known, told=False))


def _says_enough(asked: Wanted, table: Table, rows: Sequence[int], columns: Sequence[int]) -> bool:
    """Whether cells say what is asked: a level is no change, one of two says nothing of which is more, a sum of money is no
    number of things, exports are no imports."""
    if len(columns) == 1 and asked.extreme is None and asks_which(asked.text):
        return False
    if asked.extreme is None and counts_things(asked.text) and any(is_no_count(table, n) for n in columns if n >= 0):
        return False
    if asked.changes and len(columns) == 1 and not (asked.extreme or asked.reached or CHANGE.search(table.name(columns[0]))):
        return False
    chosen = (*(table.name(n) for n in columns if n >= 0), *(table.rows[n].words for n in rows))
    return not is_opposed(asked.text, " ".join((table.caption, *chosen)))


def may_have(asked: Wanted, table: Table) -> bool:
    """Whether a table has figures, and the years of a question, as far as its heads show."""
    figures = figures_of(table)
    return bool(figures) and _time(asked, table, figures) is not None


@dataclass(frozen=True, slots=True)
class _Time:
    """The rows and columns of the years asked for, and whether rows or columns are years at all.

    `bounds` says that the question's years are bounds; `points` is their number, where 2012/13 is one.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    down: bool
    across: bool
    bounds: bool
    points: int


def _time(asked: Wanted, table: Table, figures: Sequence[int]) -> _Time | None:
    """Where a table has the years of a question; None where it has not all of them."""
    years = set(asked.years)
    heads = [set(years_in(table.name(n))) if n in figures else set() for n in range(len(table.names))]
    labels = [set(years_in(" ".join(row.labels))) for row in table.rows]
    columns, rows = _having(heads, years), _having(labels, years)
    held = set().union(*(heads[n] for n in columns), *(labels[n] for n in rows))
    time = _Time(
        rows,
        columns,
        _are_years([row.labels[0] for row in table.rows]),
        _are_years([table.name(n) for n in figures]),
        asked.extreme is not None and asked.within,
        1 if any(years <= one for one in (*heads, *labels)) else len(years),
    )
    if not years or (time.bounds and (time.down or time.across)):
        return time
    # Where rows or columns are years, a year that only the caption's span has is none of the table's.
    framed = years_covered(f"{table.caption} {table.passage.section}")
    return time if not years - held - framed and (held or not (time.down or time.across)) else None


def _having(names: Sequence[set[str]], years: set[str]) -> tuple[int, ...]:
    """The places of names with all years, such as those of 2012/13, or else with one of them."""
    whole = tuple(n for n, own in enumerate(names) if years and years <= own)
    return whole or tuple(n for n, own in enumerate(names) if own & years)


def _of_one_measure(
    asked: Wanted, weights: Sequence[float], table: Table, heads: Heads, time: _Time, figures: Sequence[int]
) -> tuple[int, ...]:
    """Of the columns of two years those of the measure that the question names, such as knives in 2019 and in 2023; else none."""
    early = [n for n in time.columns if asked.years[0] in years_in(table.name(n))]
    one = named_column(asked, weights, table, heads, early, figures)
    if one < 0:
        return ()
    measure = _without_years(table.name(one))
    return tuple(n for n in time.columns if _without_years(table.name(n)) == measure)


def _without_years(name: str) -> str:
    return " ".join(re.sub(r"\d+年?度?", " ", unicodedata.normalize("NFKC", name)).split())


def _cells_named(
    asked: Wanted, named: Sequence[int], column: int, time: _Time, pair: Sequence[int]
) -> tuple[list[int], list[int]]:
    """The rows and columns that a question for one figure, a change or a comparison names; none where these are too few or too many.

    `pair` are the two columns that a comparison names, if there are any.
    """
    years = time.points
    if time.rows and time.down:
        if len(time.rows) == years == 1 and len(pair) == 2:
            return list(time.rows), list(pair)
        both = list(time.rows) if len(time.rows) == years <= 2 else []
        return both, [column] * len(both)
    if len(named) == 2 and asked.compares and years <= 1:
        return list(named), [column] * 2
    if len(named) != 1:
        return [], []
    if years == 2 and (asked.changes or asked.compares or not asked.within):
        return (list(named), list(time.columns)) if len(time.columns) == 2 else ([], [])
    return list(named), list(pair) if column < 0 and len(pair) == 2 else [column]


def _total_of(table: Table, row: int, column: int) -> int:
    """The row of the total of which a row's figure is a part; -1 where the figure is a share itself, or there is no such row."""
    if column < 0 or SHARE.search(f"{table.name(column)} {table.caption}") or table.rows[row].is_total:
        return -1
    totals = rows_of_total(table)
    return totals[0] if len(totals) == 1 and _have_figures(table, totals, [column]) else -1


def _have_figures(table: Table, rows: Sequence[int], columns: Sequence[int]) -> bool:
    """Whether the cells where rows and known columns meet have figures."""
    of = [rows[0]] * len(columns) if len(rows) == 1 else rows
    cells = [(table.rows[row].cells, n) for row, n in zip(of, columns, strict=True) if n >= 0]
    return all(n < len(row) and value_of(row[n]) is not None for row, n in cells)


def _limit(asked: Wanted, rows: Sequence[int], columns: Sequence[int], named: Sequence[int], *, told: bool) -> float:
    """The largest share of the words' weight that may be unmet; two figures are two, in two rows or in two columns."""
    if told and len(named) == len(rows) == 2:
        return PAIR_LACKING
    if asked.extreme is not None or asked.reached is not None or len(columns) > 1:
        return MOST_LACKING
    return CELL_LACKING if told else SURELY_LACKING


def figures_of(table: Table) -> list[int]:
    """The columns behind the labels of which most cells have a figure, without ranks."""
    first = max((len(row.labels) for row in table.rows), default=1)
    width = max((len(row.cells) for row in table.rows), default=0)
    return [
        n
        for n in range(first, width)
        if 2 * sum(n < len(row.cells) and value_of(row.cells[n]) is not None for row in table.rows) > len(table.rows)
    ]


def _are_years(names: Sequence[str]) -> bool:
    return len(names) > 1 and 2 * sum(bool(years_in(name)) for name in names) > len(names)


def _extreme(
    extreme: Superlative, asked: Wanted, table: Table, named: Sequence[int], column: int, time: _Time
) -> tuple[list[int], list[int]]:
    """Rows and columns of the most or least: along the one row that is named where the columns are years, else down a column."""
    if len(named) == 1 and time.across and len(time.columns) != 1:
        row = table.rows[named[0]]
        inside = [
            n for n in range(len(row.labels), len(row.cells)) if years_in(table.name(n)) and _inside(table.name(n), asked, time)
        ]
        cells = [(value, n) for n in inside if (value := value_of(row.cells[n])) is not None]
        best = _best(cells, extreme, changes=bool(CHANGE.search(table.caption)))
        return ([named[0]], best) if len(best) == 1 else ([], [])
    if column < 0 or (time.rows and not time.bounds):
        return [], []
    rows = [n for n, row in enumerate(table.rows) if not row.is_total and _inside(row.labels[0], asked, time)]
    cells = [
        (value, n)
        for n in rows
        if column < len(table.rows[n].cells) and (value := value_of(table.rows[n].cells[column])) is not None
    ]
    best = _best(cells, extreme, changes=bool(CHANGE.search(table.column(column))))
    return (best, [column] * len(best)) if len(best) <= 2 else ([], [])


def _first_reached(share: float, table: Table, time: _Time, column: int) -> tuple[list[int], list[int]]:
    """The row of the first year whose share is at least `share`; none where the first row has it already."""
    if not time.down or column < 0:
        return [], []
    cells = [(n, value_of(row.cells[column])) for n, row in enumerate(table.rows) if column < len(row.cells) and not row.is_total]
    cells.sort(key=lambda cell: min(years_in(table.rows[cell[0]].labels[0]), default=""))
    reached = [n for n, value in cells if value is not None and value >= share]
    return ([reached[0]], [column]) if reached and reached[0] != cells[0][0] else ([], [])


def _inside(name: str, asked: Wanted, time: _Time) -> bool:
    """Whether a row or column of a year lies between the years that a question sets as bounds."""
    years = years_in(name)
    if not time.bounds or not years or not asked.years:
        return True
    bounds = sorted(asked.years)
    return bounds[0] <= years[0] and (len(bounds) == 1 or years[0] <= bounds[-1])


def _best(cells: Sequence[tuple[float, int]], extreme: Superlative, changes: bool) -> list[int]:
    """The places of the extreme or rank; none where there are too few figures, or it is a change that the figures do not give."""
    if len(cells) < max(LEAST_ROWS, abs(extreme.place)):
        return []
    down = any(value < 0 for value, _ in cells)
    if (extreme.falls or extreme.rises) and not (down or changes):
        return []
    place = -extreme.place if extreme.falls and down else extreme.place
    ranked = sorted((value for value, _ in cells), reverse=True)
    value = ranked[place - 1] if place > 0 else ranked[place]
    return [n for one, n in cells if one == value]


def lacking(weights: Sequence[float], heads: Heads, rows: Collection[int], columns: Collection[int], *, told: bool) -> float:
    """The share of the words' weight that neither the caption nor the rows and columns meet; where these are not said, any of them.

    What the work says where it refers to the table counts where the question would be answered anyway, `told`."""
    met = np.maximum(heads.around, heads.told) if told else heads.around
    chosen = heads.columns[:, [n for n in columns if n < heads.columns.shape[1]]] if columns else heads.columns
    met = np.maximum(met, heads.rows[:, list(rows)].max(axis=1))
    if heads.columns.size:
        met = np.maximum(met, (chosen if chosen.size else heads.columns).max(axis=1))
        # The head of the column of labels says what the rows are.
        met = np.maximum(met, heads.columns[:, 0])
    total = np.array(weights, dtype=np.float32)
    unmet = np.clip((SURELY_MET - met) / (SURELY_MET - UNMET), 0.0, 1.0)
    return float((total * unmet).sum() / total.sum()) if total.sum() else 1.0
