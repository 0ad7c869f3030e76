"""Puts the tables together that the best passages lead to: their own, those that they refer to, and others of their works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from askjapan.answering.plans.search import Search
from askjapan.answering.plans.tables.whole.cells import Row, Table, content, value_of, wording
from askjapan.answering.plans.tables.whole.references import label_of, labels_in
from askjapan.language.terms import terms
from askjapan.records import Hit, Passage
from askjapan.retrieval.evidence import Evidence

MOST_TOLD = 2
"""Most passages that are heard on a table."""
WORKS_OPENED, MOST_BESIDE, READ_OF_TABLE = 2, 3, 3_000
"""Number of the best works of which other tables are looked at, of these tables, and of the characters of a table that are weighed for it."""


def tables_of(evidence: Evidence, search: Search, limit: int) -> Iterator[Table]:
    """The tables that the `limit` best passages lead to, each once: those of the passages and those that they refer to, in their order;
    then those of the best works that have most of the question's words.

    A table says little in sentences: a passage of prose on the same thing is often found before it.
    """
    seen: set[tuple[str, str]] = set()
    for read in evidence.read[:limit]:
        for passage in _tables_at(read.hit.passage, search):
            key = (passage.document_id, _framed(passage))
            if key not in seen:
                seen.add(key)
                yield _whole(passage, replace(read.hit, passage=passage), search)
    for hit in _beside(evidence, search, limit, seen):
        yield _whole(hit.passage, hit, search)


def _beside(evidence: Evidence, search: Search, limit: int, seen: set[tuple[str, str]]) -> list[Hit]:
    """The first passages of other tables in the best works, those first that have most of the question's words; none without any."""
    works: dict[str, Hit] = {}
    for read in evidence.read[:limit]:
        works.setdefault(read.hit.passage.document_id, read.hit)
    weighed: list[tuple[int, Hit]] = []
    for hit in list(works.values())[:WORKS_OPENED]:
        wanted = content(wording(hit.passage, evidence)) - set(terms(hit.document.title))
        frames: dict[str, list[Passage]] = {}
        for passage in search.index.passages_of(hit.passage.document_id):
            if passage.kind == "table" and (hit.passage.document_id, framed := _framed(passage)) not in seen:
                frames.setdefault(framed, []).append(passage)
        for passages in frames.values():
            text = " ".join(passage.text for passage in passages)[:READ_OF_TABLE]
            if met := len(wanted & set(terms(text))):
                weighed.append((met, replace(hit, passage=passages[0])))
    weighed.sort(key=lambda one: -one[0])
    return [hit for _, hit in weighed[:MOST_BESIDE]]


def _tables_at(passage: Passage, search: Search) -> list[Passage]:
    """A passage of a table itself, or a passage of each table that the passage refers to; none where two tables bear the label."""
    if passage.kind == "table":
        return [passage]
    labels = labels_in(passage.text)
    tables: dict[str, dict[str, Passage]] = {label: {} for label in sorted(labels)}
    for other in search.index.passages_of(passage.document_id) if labels else ():
        if other.kind == "table" and (label := label_of(_caption(other))) in labels:
            tables[label].setdefault(_framed(other), other)
    return [next(iter(labelled.values())) for labelled in tables.values() if len(labelled) == 1]


def _caption(passage: Passage) -> str:
    return " ".join(unit.text for unit in passage.units if unit.kind == "caption")


def _framed(passage: Passage) -> str:
    return " ".join(unit.text for unit in passage.units if unit.kind in ("caption", "header"))


def _whole(passage: Passage, hit: Hit, search: Search) -> Table:
    framed = _framed(passage)
    lines = [unit.text.split("\t") for unit in passage.units if unit.kind == "header"]
    header = tuple(lines[0]) if lines else ()
    by_cells: dict[tuple[str, ...], tuple[Hit, int]] = {}
    caption = _caption(passage)
    label = label_of(caption)
    told = []
    for other in search.index.passages_of(passage.document_id):
        if label and other.kind == "prose" and label in labels_in(other.text):
            told.append(other.text)
        if other.kind == "table" and _framed(other) == framed:
            for number, unit in enumerate(other.units):
                cells = tuple(cell.strip() for cell in unit.text.split("\t"))
                if unit.kind == "row" and len(cells) > 1:
                    by_cells.setdefault(cells, (replace(hit, passage=other), number))
    worded = _label_columns(list(by_cells))
    rows = tuple(_rows(by_cells, worded))
    return Table(passage, caption, header, _names(lines), rows, tuple(told[:MOST_TOLD]))


def _names(lines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The name of each column from all lines of a header; a cell of any line but the last stands above the blank ones behind it."""
    filled = []
    for number, line in enumerate(lines):
        cells: list[str] = []
        for cell in line:
            cells.append(cell.strip() or (cells[-1] if cells and number < len(lines) - 1 else ""))
        filled.append(cells + cells[-1:] * (max(map(len, lines)) - len(cells)) if number < len(lines) - 1 else cells)
    return tuple(" ".join(dict.fromkeys(part for part in parts if part)) for parts in zip_longest(*filled, fillvalue=""))


def _rows(by_cells: Mapping[tuple[str, ...], tuple[Hit, int]], worded: int) -> Iterator[Row]:
    above = ""
    for cells, place in by_cells.items():
        above = cells[0] or above
        yield Row(*place, cells, (above, *cells[1:worded]))


def _label_columns(rows: Sequence[tuple[str, ...]]) -> int:
    """How many columns name a row: the first, and those behind it that hold words and no figure in every row."""
    columns = 1
    while rows and all(len(cells) > columns + 1 and cells[columns] and value_of(cells[columns]) is None for cells in rows):
        columns += 1
    return columns
