"""Reads the tables among the best passages: whole rows, their labels and figures, and which words of a question name them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from askjapan.answering.plans.search import Search
from askjapan.answering.plans.tables.references import label_of, labels_in
from askjapan.answering.plans.works.named import words_asked
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import STOP_WORDS, terms
from askjapan.language.wordings import wordings
from askjapan.records import Hit, Passage
from askjapan.retrieval.evidence import Evidence

SHARE = re.compile(rf"{wordings('extremes', 'en')['share']}|{wordings('extremes', 'ja')['share']}", re.IGNORECASE)
"""Whether a question, or a column's name, is about shares."""
_TOTAL = re.compile(
    r"^\W*(?:total|sum|all|overall|average|mean|others?)\b|^\W*world(?: total)?\W*$|^(?:合計|総計|計|全体|平均|総数|その他)",
    re.IGNORECASE,
)
_VALUE = re.compile(r"^[^\w\d+−-]*([+−-]?)\s?(\d[\d,]*+(?:\.\d++)?+)\s*+(?:%|％|[^\W\d]{0,4}+)\W*+$")
_BESIDE = re.compile(r"(?<=\d)\s?[(（][\d.,]{1,12}\s?[%％]?[)）]$")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_CONTENT_JAPANESE = re.compile(r"[\u30a1-\u30fa\u30fc\u3005\u3400-\u9fff]+")

MOST_TOLD = 2
"""Most passages that are heard on a table."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: hit and unit index, its cells, and the cells that name it: the first, and those behind it in columns without figures.

    A label that is left blank is that of the row above.
    """

    hit: Hit
    number: int
    cells: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def words(self) -> str:
        """The labels, and the other cells of the row that hold no figure."""
        told = [cell for cell in self.cells[len(self.labels) :] if cell and value_of(cell) is None]
        return ", ".join(dict.fromkeys(part for part in (*self.labels, *told) if part))

    @property
    def is_total(self) -> bool:
        """Whether the row sums up others, or averages them."""
        return any(_TOTAL.match(label) for label in self.labels)


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table, whose rows may be in several passages.

    `header` has a name for each column, or is empty; `names` has that of all lines of a header of several, "Women 2010". `told` are the
    passages of its work that refer to it.
    """

    passage: Passage
    caption: str
    header: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    told: tuple[str, ...] = ()

    def column(self, number: int) -> str:
        """The name of a column; empty where it has none."""
        return self.header[number] if number < len(self.header) else ""

    def name(self, number: int) -> str:
        """The name of a column from all lines of the header; empty where it has none."""
        return self.names[number] if number < len(self.names) else ""


def tables_of(evidence: Evidence, search: Search, limit: int) -> Iterator[Table]:
    """The tables among the `limit` best passages, and those that these refer to, each once, in the order of the passages."""
    seen: set[tuple[str, str]] = set()
    for read in evidence.read[:limit]:
        for passage in _tables_at(read.hit.passage, search):
            key = (passage.document_id, _framed(passage))
            if key not in seen:
                seen.add(key)
                yield _whole(passage, replace(read.hit, passage=passage), search)


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


def value_of(written: str) -> float | None:
    """The number in a cell, that before the brackets of "612 (25.1)"; None where it holds no single figure."""
    match = _VALUE.match(_BESIDE.sub("", written.strip()))
    if match is None:
        return None
    return float(match.group(2).replace(",", "")) * (-1 if match.group(1) in ("-", "−") else 1)


def core(text: str) -> frozenset[str]:
    """The terms of a label or a column's name without what stands in brackets."""
    return frozenset(terms(_BRACKETS.sub(" ", text)))


def is_named(text: str, words: Collection[str]) -> bool:
    """Whether a question has all words of a label or a column's name."""
    own = core(text)
    return bool(own) and own <= set(words)


def wording(passage: Passage, evidence: Evidence) -> str:
    """A question in the words in which a passage may answer it: its English gloss, or as it was asked where the passage is Japanese."""
    return evidence.question if is_foreign(passage.text) else evidence.text


def content(text: str) -> set[str]:
    """The terms of a question's content words, with its years; in Japanese, pairs of kanji or katakana."""
    if is_foreign(text):
        runs = " ".join(_CONTENT_JAPANESE.findall(text))
        return set(terms(runs)) | {term for term in terms(text) if term.isascii()}
    return {term for word in words_asked(text) for term in terms(word)} - STOP_WORDS


def context(table: Table, row: Row | None = None) -> set[str]:
    """The terms of what a table stands for: caption, header, section, its work's title, and the labels of a row."""
    labels = " ".join(row.labels) if row else ""
    title = row.hit.document.title if row else ""
    passage = table.passage
    return set(
        terms(f"{table.caption} {' '.join(table.header)} {passage.section} {passage.context} {title} {labels}".replace("-", " "))
    )
