"""Answers questions for the rows of which a table says something: words of a cell, the earliest or latest date, a rise or a fall."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from askjapan.answering.plans.search import Search
from askjapan.answering.plans.tables.answered import answered
from askjapan.answering.plans.tables.asking.limits import end_of, limit_of
from askjapan.answering.plans.tables.asking.superlatives import FALLING, LEAST_ROWS, RISING, superlative
from askjapan.answering.plans.tables.meaning import name_of
from askjapan.answering.plans.tables.whole.cells import Row, Table, content, context, core, date_at, is_named, value_of, wording
from askjapan.answering.plans.tables.whole.gathered import tables_of
from askjapan.language.dates import dates_in
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import terms
from askjapan.language.wordings import wordings
from askjapan.language.years import years_in
from askjapan.records import Answer
from askjapan.retrieval.follow_up import Standalone

LOOKED_AT = 6
"""Number of best passages that are searched for a table."""
LEAST_MET = 0.6
"""Least share of the question's content terms in what the table and the rows say of themselves."""
MOST_PICKED = 8
_EN, _JA = wordings("picked", "en"), wordings("picked", "ja")
_NOT = re.compile(rf"\b(?:{_EN['not']})\b|{_JA['not']}", re.IGNORECASE)
_OTHERWISE = re.compile(rf"\b(?:{_EN['otherwise']})\b|{_JA['otherwise']}", re.IGNORECASE)
_NOUN = re.compile(r"\b(?:which|what)\s+((?:[\w'’-]+\s+){0,2}[\w'’-]+)", re.IGNORECASE)
_PARTS = re.compile(r"[,;、/]")


def answer(question: Standalone, search: Search) -> Answer | None:
    """The rows that a question picks by what the table says of them; None where no table says it of some of its rows alone."""
    evidence = search.evidence(question)
    # To read the tables costs more than to see that a question asks for something else.
    asking = {text for text in (evidence.text, evidence.question) if not _OTHERWISE.search(text) and not _NOT.search(text)}
    for table in tables_of(evidence, search, LOOKED_AT) if asking else ():
        asked = wording(table.passage, evidence)
        if asked not in asking or not _asks_for_rows(asked, table):
            continue
        worded = _worded(asked, table)
        rows, short = _changed(asked, table) or _dated(asked, table, worded) or (worded, "")
        if rows and len(rows) <= MOST_PICKED and _met(asked, table, rows):
            return answered(question, rows, short or _joined(asked, dict.fromkeys(map(name_of, rows))), search)
    return None


def _joined(asked: str, parts: Iterable[str]) -> str:
    return ("、" if is_foreign(asked) else ", ").join(parts)


def _asks_for_rows(asked: str, table: Table) -> bool:
    """Whether a question asks what the rows are that it describes: it names none of them, nor a column behind their names."""
    words = set(terms(asked))
    if any(is_named(name_of(row), words) for row in table.rows):
        return False
    noun = _NOUN.search(asked)
    wanted = set(terms(noun.group(1))) if noun else set()
    return not any(core(table.header[n]) and core(table.header[n]) <= wanted for n in _behind(table))


def _behind(table: Table) -> range:
    """The columns behind the one that has the names of the rows."""
    first = max((row.cells.index(name_of(row)) if name_of(row) in row.cells else 0 for row in table.rows), default=0)
    return range(first + 1, len(table.header))


def _dated(asked: str, table: Table, worded: Sequence[Row]) -> tuple[list[Row], str] | None:
    """The rows of the earliest or latest date in the only column of dates, of those that are picked by words, if any are."""
    end = end_of(asked)
    if end is None or limit_of(asked) or len(table.rows) < LEAST_ROWS:
        return None
    columns = [n for n in _behind(table) if sum(date_at(row, n) is not None for row in table.rows) > 0.8 * len(table.rows)]
    if len(columns) != 1 or dates_in(name_of(table.rows[0])):
        return None
    rows = worded or [row for row in table.rows if not row.is_total]
    dates = [(date, row) for row in rows if (date := date_at(row, columns[0]))]
    if not dates:
        return None
    best = (min if end == "earliest" else max)(date for date, _ in dates)
    chosen = [row for date, row in dates if date == best]
    return chosen, f"{_joined(asked, map(name_of, chosen))} ({chosen[0].cells[columns[0]]})"


def _changed(asked: str, table: Table) -> tuple[list[Row], str] | None:
    """The rows whose figures rise, or fall, between the columns of two years."""
    rises, falls = bool(RISING.search(asked)), bool(FALLING.search(asked))
    years = sorted(set(years_in(asked)))
    if rises == falls or len(years) != 2 or superlative(asked):
        return None
    words = content(asked)
    pairs = [
        (n, m)
        for n, one in enumerate(table.names)
        for m, other in enumerate(table.names)
        if years_in(one) == (years[0],) and years_in(other) == (years[1],) and _without_years(one) == _without_years(other)
    ]
    named = [pair for pair in pairs if _without_years(table.names[pair[0]]) & words]
    chosen = named if len(pairs) > 1 else pairs
    if len(chosen) != 1:
        return None
    before, after = chosen[0]
    rows, said = [], []
    for row in table.rows:
        first, last = (value_of(row.cells[n]) if n < len(row.cells) else None for n in (before, after))
        if not row.is_total and first is not None and last is not None and (last > first if rises else last < first):
            rows.append(row)
            said.append(f"{name_of(row)} ({row.cells[before]} → {row.cells[after]})")
    return rows, _joined(asked, said)


def _without_years(name: str) -> frozenset[str]:
    return frozenset(term for term in core(name) if not term.isdigit())


def _worded(asked: str, table: Table) -> list[Row]:
    """The rows of which a cell behind the name holds words that the question has and the table's frame has not."""
    words = set(terms(asked))
    frame = context(table)
    rows = [row for row in table.rows if not row.is_total]
    picked = rows
    for column in _behind(table):
        some = [row for row in rows if column < len(row.cells) and _is_said(row.cells[column], words, frame)]
        if some and len(some) < len(rows):
            picked = [row for row in picked if row in some]
    return picked if len(picked) < len(rows) else []


def _is_said(cell: str, words: set[str], frame: set[str]) -> bool:
    """Whether a question has all the words of a cell, or of one of the things that it lists."""
    if value_of(cell) is not None or dates_in(cell):
        return False
    return any(is_named(part, words) and not core(part) <= frame for part in _PARTS.split(cell))


def _met(asked: str, table: Table, rows: Sequence[Row]) -> bool:
    wanted = content(asked)
    said = [context(table, row) | set(terms(" ".join(row.cells))) for row in rows]
    return bool(wanted) and min(len(wanted & one) for one in said) >= LEAST_MET * len(wanted)
