"""Tells which rows and which column of a table the words of a question name; none where that is not clear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from askjapan.answering.plans.tables.asking.wanted import CHANGE, RATE, TOTAL, Wanted, asks_which
from askjapan.answering.plans.tables.heads import SAID, Heads
from askjapan.answering.plans.tables.whole.cells import SHARE, Table, is_year, value_of
from askjapan.retrieval.alignment import Floats

MET = 0.45
"""Least cosine at which a word names a row or column."""
NAMED, AHEAD = 0.22, 0.12
"""Least score of a named row, and how far it must be ahead of the next."""
COLUMN_NAMED, COLUMN_AHEAD = 0.12, 0.08
COVERED = 0.5
"""Weight of how far the question covers a row's own words."""
_COUNT = r"(?<![\d,，])(\d{1,3}(?:[,，]\d{3})++|\d++)"
_UNIT = r"(?:[歳才人年]|years?)?"
_BETWEEN = re.compile(rf"{_COUNT}{_UNIT}\s?(?:[-–—~〜～]|to|and|から)\s?{_COUNT}(?![\d,])", re.IGNORECASE)
_BELOW = re.compile(
    rf"\b(?:under|below|less than|fewer than|younger than|smaller than)\s{_COUNT}|{_COUNT}{_UNIT}未満", re.IGNORECASE
)
_ABOVE = re.compile(
    rf"\bat least\s{_COUNT}(?![\d,])|{_COUNT}{_UNIT}\s?(?:(?:and|or)\s(?:over|above|more|older|upwards?)\b|\+|以上)",
    re.IGNORECASE,
)


def named_rows(asked: Wanted, weights: Sequence[float], table: Table, heads: Heads, *, down: bool) -> list[int]:
    """The rows that the question names: the one that is ahead of all others, or two that are; in the table's order.

    A row of a class of size or age ("5,000–9,999", "75 and over") is named by its bounds. Where the question names none and asks for the
    total, that is the row of the total, but not where the rows are years, `down`.
    """
    bounds = _bounds(asked.text)
    classes = [n for n, row in enumerate(table.rows) if bounds and any(_bounds(label) & bounds for label in row.labels)]
    if 0 < len(classes) <= 2:
        return classes
    columns = heads.columns.max(axis=1) if heads.columns.size else np.zeros_like(heads.around)
    usable = [n for n, row in enumerate(table.rows) if not row.is_total]
    gains = _gains(_telling(heads.rows, weights), np.maximum(heads.around, columns))
    scores = gains + COVERED * np.maximum(0.0, heads.row_cover - np.median(heads.row_cover)) * (gains > 0)
    order = sorted(usable, key=lambda n: -scores[n])
    # Of two that are compared, the one that is named in other words is not so far ahead of the rest.
    for count in (2, 1) if asks_which(asked.text) else (1, 2):
        if len(order) < count or scores[order[count - 1]] < NAMED:
            continue
        if len(order) == count or scores[order[count]] < scores[order[count - 1]] - AHEAD:
            return sorted(order[:count])
    totals = rows_of_total(table)
    return totals[:1] if asked.sums and not down and (not order or scores[order[0]] < NAMED) else []


def rows_of_total(table: Table) -> list[int]:
    """The rows that are labelled as the total."""
    return [n for n, row in enumerate(table.rows) if any(TOTAL.match(label) for label in row.labels)]


def _bounds(text: str) -> set[tuple[int, int | None]]:
    """The classes of size or age in a text, each from its lower bound, 0 if there is none, to its upper one."""

    def number(digits: str) -> int:
        return int(re.sub(r"\D", "", digits))

    between = {(number(match[1]), number(match[2])) for match in _BETWEEN.finditer(text)}
    below = {(0, number(match[1] or match[2])) for match in _BELOW.finditer(text)}
    return between | below | {(number(match[1] or match[2]), None) for match in _ABOVE.finditer(text)}


def named_column(
    asked: Wanted, weights: Sequence[float], table: Table, heads: Heads, year_columns: Sequence[int], figures: Sequence[int]
) -> int:
    """The column of figures that the question names; -1 where that is not clear."""
    among = list(year_columns) or [n for n in figures if n < len(table.names)]
    if asked.extreme is not None:
        among = [n for n in among if not all(is_year(row.cells[n]) for row in table.rows if n < len(row.cells))]
    if asked.extreme is not None and (asked.extreme.rises or asked.extreme.falls):
        signed = [n for n in among if any(n < len(row.cells) and (value_of(row.cells[n]) or 0) < 0 for row in table.rows)]
        among = [n for n in signed or among if CHANGE.search(table.name(n))] or signed or among
    if asked.sums:
        among = [n for n in among if TOTAL.search(table.name(n))] or among
    if asked.shares:
        among = [n for n in among if SHARE.search(table.name(n))] or among
    elif some := [n for n in among if not SHARE.search(table.name(n))]:
        among = some
    if len(among) == 1:
        return among[0]
    for gains in _column_gains(weights, table, heads, among):
        best = gains.max()
        level: list[int] = [among[n] for n in np.argsort(-gains) if best >= COLUMN_NAMED and gains[n] > best - COLUMN_AHEAD]
        # Of births and births per woman, the question without "per" means the first.
        plain = [n for n in level if not RATE.search(table.name(n))]
        level = plain if plain and not RATE.search(asked.text) else level
        if len(level) == 1:
            return level[0]
    return -1


def two_columns(weights: Sequence[float], table: Table, heads: Heads, figures: Sequence[int]) -> list[int]:
    """The two columns of figures that the question names before all others, in the table's order; else none."""
    among = [n for n in figures if n < len(table.names)]
    for gains in _column_gains(weights, table, heads, among):
        order = np.argsort(-gains)
        if len(order) < 2 or gains[order[1]] < NAMED:
            continue
        if len(order) == 2 or gains[order[2]] < gains[order[1]] - AHEAD:
            return sorted(among[n] for n in order[:2])
    return []


def _column_gains(weights: Sequence[float], table: Table, heads: Heads, among: Sequence[int]) -> Iterator[Floats]:
    """How far the question names each of some columns: by what the caption does not say literally, then by all; shape (columns,)."""
    if not among or len(table.names) != len(heads.column_cover):
        return
    cover = COVERED * np.maximum(0.0, heads.column_cover - np.median(heads.column_cover))
    for said in (np.where(heads.around >= SAID, heads.around, 0.0), np.zeros_like(heads.around)):
        gains = _gains(_telling(heads.columns, weights), np.asarray(said, dtype=np.float32)) + cover
        yield np.asarray(gains[list(among)], dtype=np.float32)


def share_column(asked: Wanted, weights: Sequence[float], table: Table, heads: Heads, figures: Sequence[int]) -> int:
    """The only column of shares, or the one that the question names; -1 where there is none."""
    shares = [n for n in figures if n < len(table.names) and SHARE.search(table.name(n))]
    return shares[0] if len(shares) == 1 else named_column(asked, weights, table, heads, shares, figures) if shares else -1


def _telling(heads: Floats, weights: Sequence[float]) -> Floats:
    """The values by which cells are named, shape (words, cells): a word that most of the corpus has names only a cell that has it itself."""
    says = np.minimum(1.0, np.array(weights, dtype=np.float32) / (np.mean(weights) or 1.0))
    return np.where(heads >= SAID, heads, heads * says[:, None]).astype(np.float32)


def _gains(heads: Floats, around: Floats) -> Floats:
    """How far each word meets each cell above what it meets of the rest, `around`, or of most cells; summed, shape (cells,)."""
    if not heads.size:
        return np.zeros(heads.shape[1], dtype=np.float32)
    usual = np.maximum(around, np.median(heads, axis=1))
    above = np.where(heads >= MET, np.maximum(0.0, heads - usual[:, None]), 0.0)
    return np.asarray(above.sum(axis=0), dtype=np.float32)
