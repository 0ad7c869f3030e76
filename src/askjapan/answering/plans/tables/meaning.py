"""Answers questions for figures that are asked in other words than a table's: its rows are found by meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askjapan.answering.candidates import word_weights
from askjapan.answering.plans.search import Search
from askjapan.answering.plans.tables.answered import answered
from askjapan.answering.plans.tables.cells import Row, Table, tables_of, value_of
from askjapan.answering.plans.tables.heads import compared
from askjapan.answering.plans.tables.places import Place, place_of
from askjapan.answering.plans.tables.wanted import Wanted, is_soft, wanted
from askjapan.answering.question import read_question
from askjapan.language.scripts import is_foreign
from askjapan.language.years import years_in
from askjapan.records import Answer
from askjapan.retrieval.alignment import content_words
from askjapan.retrieval.follow_up import Standalone

LOOKED_AT, MOST_TABLES = 10, 3
"""Number of best passages that are searched for tables, and of tables that are compared."""


def answer(question: Standalone, search: Search, *, several: bool = False) -> Answer | None:
    """The rows that answer a question, with what is computed of them; None where no table surely has them.

    `several` limits it to the most, the least and changes, of which one row or pair of rows can answer two questions at once, and to
    comparisons.
    """
    evidence = search.evidence(question)
    asked = wanted(evidence.text, question.question)
    if not asked.words or is_foreign(evidence.text):
        return None
    if several and asked.extreme is None and asked.reached is None and not asked.changes and not asked.compares:
        return None
    read = read_question(evidence.text, search.corpus.frequency, search.corpus.passages)
    if "cause" in read.kinds:
        return None
    by_word = dict(zip(content_words(evidence.text), word_weights(read).tolist(), strict=True))
    weights = [0.0 if is_soft(evidence.text[slice(*word)]) else by_word.get(word, 0.0) for word in asked.words]
    _, judged = search.judged(question)
    told = judged is not None and judged.confidence >= search.limit(judged)
    best: tuple[Table, Place] | None = None
    tables = [table for table in tables_of(evidence, search, LOOKED_AT) if not is_foreign(table.passage.text)][:MOST_TABLES]
    for table in tables:
        heads = compared(evidence.text, asked.words, table, search.retriever)
        place = place_of(asked, weights, table, heads, told=told)
        if place and (best is None or place.met > best[1].met):
            best = table, place
    if best is None or (several and len(best[1].columns) == 1 and asked.extreme is None and asked.reached is None):
        return None
    table, place = best
    return answered(question, place.rows, short_of(place, table, asked), search)


def short_of(place: Place, table: Table, asked: Wanted) -> str:
    """The short answer: label and figure of an extreme, the two figures of a change with their difference, or the figure; else nothing."""
    cells = [(row, n) for row, n in zip(_each(place), place.columns, strict=True) if n >= 0]
    if not cells or len(cells) != len(place.columns):
        return ""
    written = [row.cells[n] for row, n in cells]
    if asked.extreme is not None or asked.reached is not None:
        along = len(place.rows) == 1 and years_in(table.name(cells[0][1])) and not years_in(cells[0][0].labels[0])
        asks_year = re.search(r"\b(?:when|years?)\b", asked.text, re.IGNORECASE)
        labels = [table.name(n) if along and asks_year else name_of(row) for row, n in cells]
        return f"{', '.join(dict.fromkeys(labels))} ({written[0]})"
    if len(cells) == 2 and asked.changes and (values := _values(written)):
        places = max(len(text.partition(".")[2]) for text in written)
        return f"{written[0]} → {written[1]} ({values[1] - values[0]:+,.{places}f})"
    if len(cells) == 2 and len(place.rows) == 1:
        return "; ".join(f"{table.name(n)}: {text}" for (_, n), text in zip(cells, written, strict=True))
    if len(cells) == 2:
        return "; ".join(f"{name_of(row)}: {text}" for (row, _), text in zip(cells, written, strict=True))
    return written[0]


def _each(place: Place) -> list[Row]:
    return [place.rows[0]] * len(place.columns) if len(place.rows) == 1 else list(place.rows)


def _values(written: Sequence[str]) -> tuple[float, float] | None:
    first, second = (value_of(text) for text in written)
    return None if first is None or second is None else (first, second)


def name_of(row: Row) -> str:
    """What a row is called: its first label that is no rank."""
    return next((label for label in row.labels if label and (value_of(label) is None or years_in(label))), row.labels[0])
