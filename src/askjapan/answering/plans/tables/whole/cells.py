"""What a table is: its rows with their labels and figures, and which words of a question name them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from askjapan.answering.plans.works.named import words_asked
from askjapan.language.dates import dates_in
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import STOP_WORDS, terms
from askjapan.language.wordings import wordings
from askjapan.language.years import years_in
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
BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
YEAR_DIGITS = 4
_CONTENT_JAPANESE = re.compile(r"[\u30a1-\u30fa\u30fc\u3005\u3400-\u9fff]+")


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


def value_of(written: str) -> float | None:
    """The number in a cell, that before the brackets of "612 (25.1)"; None where it holds no single figure."""
    match = _VALUE.match(_BESIDE.sub("", written.strip()))
    if match is None:
        return None
    return float(match.group(2).replace(",", "")) * (-1 if match.group(1) in ("-", "−") else 1)


def date_at(row: Row, column: int) -> tuple[int, int, int] | None:
    """Year, month and day of the date that a cell of a row begins with; None where it begins with none."""
    cell = row.cells[column] if column < len(row.cells) else ""
    date = next(iter(dates_in(cell)), None)
    return (date.year, date.month, date.day) if date and date.start == 0 else None


def is_year(written: str) -> bool:
    """Whether a cell has nothing but a year, of which none is the most."""
    return bool(years_in(written)) and sum(map(str.isdigit, written)) == YEAR_DIGITS


def core(text: str) -> frozenset[str]:
    """The terms of a label or a column's name without what stands in brackets."""
    return frozenset(terms(BRACKETS.sub(" ", text)))


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
