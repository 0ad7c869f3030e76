"""Answers questions for the most, the least or a rank from a table, with the row as the quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from askjapan.answering.candidates import frame_of
from askjapan.answering.plans.library import words_asked
from askjapan.answering.plans.search import Search
from askjapan.answering.quoting.quotations import Quotation, quoted
from askjapan.language.terms import STOP_WORDS, terms
from askjapan.language.years import years_in
from askjapan.records import Answer, Hit, Passage
from askjapan.retrieval.follow_up import Standalone

LOOKED_AT = 6
"""Number of best passages that are searched for a table."""
LEAST_MET = 0.5
"""Least share of the question's terms in the table's caption, header, section or first label."""
LEAST_ROWS = 3
_HIGH = re.compile(
    r"\b(?:most|highest|largest|biggest|greatest|top|maximum|leading|longest)\b|最も(?:多|高|大き|長)|最多|最大|最高|一番(?:多|高|大き)",
    re.IGNORECASE,
)
_LOW = re.compile(
    r"\b(?:least|lowest|smallest|fewest|minimum|shortest)\b|最も(?:少|低|小さ|短)|最少|最小|最低|一番(?:少|低|小さ)",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"\b(?:rank\w*|comes?|place\w*|is)\s+(?:in\s+)?(?:the\s+)?(second|third|fourth|fifth|2nd|3rd|4th|5th)\b|([2-5２-５二三四五])(?:位|番目)",
    re.IGNORECASE,
)
_ORDER = {
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
}
_TOTAL = re.compile(
    r"^\W*(?:total|sum|all|overall|average|mean|world|others?)\b|^(?:合計|総計|計|全体|平均|総数|その他)", re.IGNORECASE
)
_VALUE = re.compile(r"^[^\w\d+-]*([+−-]?)\s?(\d[\d,]*+(?:\.\d++)?+)\s*+(?:%|％|[^\W\d]{0,4}+)\W*+$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a table: hit and unit index of its row, the row's label, the column's name, its value and its text."""

    hit: Hit
    number: int
    label: str
    column: str
    value: float
    written: str


def answer(question: Standalone, search: Search) -> Answer | None:
    """The table row with the extreme or rank that a question asks for; None where no table matches the question."""
    text = question.question
    place = _wanted(text)
    if not place:
        return None
    evidence = search.evidence(question)
    words = [
        term
        for word in words_asked(evidence.text)
        for term in terms(word)
        if not _HIGH.fullmatch(word) and not _LOW.fullmatch(word)
    ]
    seen: set[tuple[str, str]] = set()
    for read in evidence.read[:LOOKED_AT]:
        passage = read.hit.passage
        key = (passage.document_id, _caption(passage))
        if passage.kind != "table" or key in seen:
            continue
        seen.add(key)
        cells = _cells(passage, read.hit, search)
        column = _asked_column(cells, words, text)
        ranked = sorted(column, key=lambda cell: -cell.value)
        if len(ranked) >= LEAST_ROWS and _met(words, passage, column) >= LEAST_MET:
            best = ranked[place - 1] if place > 0 and place <= len(ranked) else ranked[-1]
            return _answered(question, best, search, [one.hit for one in evidence.read], abs(place) == 1 and _ties(ranked, best))
    return None


def _wanted(text: str) -> int:
    """The rank asked for, in descending order: 1 for the most, -1 for the least, 0 for none."""
    if match := _RANK.search(text):
        sign = (match.group(1) or match.group(2)).lower()
        return _ORDER.get(sign) or int(sign)
    return 1 if _HIGH.search(text) else -1 if _LOW.search(text) else 0


def _caption(passage: Passage) -> str:
    return " ".join(unit.text for unit in passage.units if unit.kind in ("caption", "header"))


def _cells(passage: Passage, hit: Hit, search: Search) -> list[Cell]:
    """The figures of a whole table, whose rows may be in several passages; rows of totals, averages and the like are left out."""
    by_place: dict[tuple[str, str, int], Cell] = {}
    caption = _caption(passage)
    for other in search.index.passages_of(passage.document_id):
        if other.kind != "table" or _caption(other) != caption:
            continue
        header = next((unit.text.split("\t") for unit in other.units if unit.kind == "header"), [])
        for number, unit in enumerate(other.units):
            cells = unit.text.split("\t")
            if unit.kind != "row" or len(cells) < 2 or _TOTAL.match(cells[0]):
                continue
            for column, written in enumerate(cells[1:], 1):
                name = header[column] if column < len(header) else ""
                if (value := value_of(written)) is not None:
                    by_place.setdefault(
                        (cells[0], name, column), Cell(replace(hit, passage=other), number, cells[0], name, value, written)
                    )
    return list(by_place.values())


def value_of(written: str) -> float | None:
    """The number in a cell; None where it holds no single figure."""
    match = _VALUE.match(written.strip())
    if match is None:
        return None
    return float(match.group(2).replace(",", "")) * (-1 if match.group(1) in ("-", "−") else 1)


def _asked_column(cells: Sequence[Cell], words: Sequence[str], text: str) -> list[Cell]:
    """The cells to compare: those of the row or else of the column that the question names, or of the only column; else none."""
    years = set(years_in(text))
    labelled = [cell for cell in cells if _named(cell.label, words, years)]
    rows = {cell.label for cell in labelled}
    if labelled and len(rows) == 1 and len(labelled) >= LEAST_ROWS:
        return labelled
    columns: dict[str, list[Cell]] = {}
    for cell in cells:
        columns.setdefault(cell.column, []).append(cell)
    scored = {name: len(set(terms(name)) & set(words)) + 2 * len(set(years_in(name)) & years) for name in columns}
    best = max(scored, key=lambda name: scored[name], default="")
    if scored.get(best) and sum(score == scored[best] for score in scored.values()) == 1:
        return columns[best]
    return next(iter(columns.values())) if len(columns) == 1 else []


def _named(label: str, words: Sequence[str], years: set[str]) -> bool:
    have = set(terms(label))
    return bool(have) and (have <= set(words) or bool(have & years))


def _met(words: Sequence[str], passage: Passage, column: Sequence[Cell]) -> float:
    have = set(terms(f"{_caption(passage)} {passage.section} {' '.join(cell.label for cell in column[:1])}"))
    wanted = {word for word in words if word not in STOP_WORDS}
    return len(wanted & have) / len(wanted) if wanted else 0.0


def _ties(ranked: Sequence[Cell], best: Cell) -> list[Cell]:
    return [cell for cell in ranked if cell.value == best.value]


def _answered(question: Standalone, best: Cell, search: Search, hits: Sequence[Hit], ties: list[Cell] | bool) -> Answer | None:
    cells = ties if isinstance(ties, list) and ties else [best]
    rows = {(cell.hit.passage.id, cell.number): cell for cell in cells}
    chosen = [
        Quotation(((cell.hit, cell.number),), rank, frame_of(cell.hit.passage, cell.number))
        for rank, cell in enumerate(rows.values())
    ]
    sentences = quoted(chosen, search.corpus.text_of)
    if not sentences:
        return None
    transposed = len({cell.label for cell in cells}) == 1 and _asks_for_column(question.question)
    names = [cell.column if transposed else cell.label for cell in cells]
    joiner = "、" if question.is_foreign else ", "
    return Answer(
        question=question.message,
        standalone_question=question.question,
        answered=True,
        reason="",
        confidence=round(search.plain(question).confidence, 4),
        sentences=sentences,
        hits=tuple(hits),
        index_fingerprint=search.corpus.fingerprint,
        short=f"{joiner.join(dict.fromkeys(names))} ({best.written})",
        short_markers=tuple(range(1, len(sentences) + 1)),
        kind="fact",
    )


def _asks_for_column(text: str) -> bool:
    """Whether a question asks for a year, which a column's heading answers where the columns are years."""
    return bool(re.search(r"\b(?:when|(?:what|which) year)\b|いつ|何年", text, re.IGNORECASE))
