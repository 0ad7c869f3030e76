"""Splits text into clauses with their figures, names and words, the form in which a written sentence and a quote are compared.

A clause ends at `;`, `:`, a dash, a line, a full stop, "but" or "while"; at a comma, "and", "to" or the like only once it holds
a figure, so that "312 million yen in 1998 and 95 million in 2004" gives two clauses and "signed and sealed" one. A table's cell
is a clause of its own, with its row's label and its column's header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from askjapan.citations.writer.quantities import Quantity, figure_at, plain, tokens_of
from askjapan.citations.writer.vocabulary import (
    BETWEEN_GUARD_AND_WORD,
    FALLING,
    HARD_BREAKS,
    HEDGES,
    IRREGULAR,
    MONTHS,
    NEGATIONS,
    OPENINGS,
    PERSONS,
    RISING,
    SCALES,
    SHORT_MONTHS,
    SOFT_BREAKS,
    UNITS,
)
from askjapan.language.terms import fold, terms

_INTRO = 6
INHERITED = -1
"""The value of `Word.part` for words that a clause inherits from the one before it."""
_STOPS = frozenset(".!?\n。")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, its stem (empty for a stop word), and the guards that govern it: a negation, a hedge, or neither.

    `starts` marks the first word of a sentence, `follows` one that only white space parts from the word before it; `part` counts
    the stretches between commas, "and" and the like.
    """

    shown: str
    stem: str
    is_name: bool = False
    starts: bool = False
    follows: bool = False
    part: int = 0
    guards: tuple[str, ...] = ()


@dataclass(slots=True)
class Clause:
    """The figures, months and words of a clause, in order.

    `opening` are the years and months before the first other figure, `loose` negations and hedges with no word after them.
    """

    figures: list[Quantity] = field(default_factory=list)
    months: list[str] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    opening: tuple[tuple[Quantity, ...], tuple[str, ...]] = ((), ())
    size: int = 0
    part: int = 0
    text: str = ""
    loose: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        return {word.stem for word in self.words if word.is_name and word.stem}

    @property
    def stems(self) -> set[str]:
        return {word.stem for word in self.words if word.stem and not word.is_name}

    def is_empty(self) -> bool:
        return not (self.figures or self.months or self.words)


def stem_of(word: str) -> str:
    """The stem that words are compared by; empty for a stop word. Words for rising all have the stem "rise", words for falling "fall"."""
    lower = fold(word).removesuffix("'s").rstrip("'")
    if lower in PERSONS:
        return lower
    stems = terms(IRREGULAR.get(lower, lower))
    stem = stems[-1] if stems else ""
    return "rise" if stem in RISING else "fall" if stem in FALLING else stem


def clauses_of(text: str) -> list[Clause]:
    """The clauses of a sentence or a quote; for a table those of its cells."""
    if "\t" in text:
        return list(_table_clauses(text.split("\n")))
    return list(_prose_clauses(plain(text)))


def _table_clauses(lines: list[str]) -> Iterator[Clause]:
    rows = [line.split("\t") for line in lines if "\t" in line]
    for line in lines:
        if "\t" not in line:
            yield from _prose_clauses(plain(line))
    header = rows[0] if len(rows) > 1 else []
    for row in rows[1:] or rows:
        for place in range(1, len(row)):
            head = header[place] if place < len(header) else ""
            yield from _cell(row[0], head, row[place])
    if header[:1] and header[0]:
        yield from _prose_clauses(plain(header[0]))


def _cell(label: str, head: str, cell: str) -> Iterator[Clause]:
    whole = Clause()
    for text in (label, head, cell):
        for clause in _prose_clauses(plain(text)):
            whole.figures += [
                replace(figure, year="maybe") if text is cell and figure.is_year else figure for figure in clause.figures
            ]
            whole.months += clause.months
            whole.words += clause.words
    whole.figures += [read for figure in list(whole.figures) for read in _as_headed(figure, plain(head))]
    yield whole


def _as_headed(figure: Quantity, head: str) -> Iterator[Quantity]:
    """Further readings of a cell's number under its header: a percentage under "(%)", millions under "(million yen)"."""
    if figure.kind or figure.is_year:
        return
    words = fold(head).split()
    bare = [word.strip("(),") for word in words]
    if "%" in head or "percent" in bare:
        yield Quantity(figure.value, "percent", "", figure.shown)
    for word in bare:
        if word in SCALES:
            yield Quantity(figure.value * SCALES[word], "", figure.unit, figure.shown)


def _prose_clauses(text: str) -> Iterator[Clause]:
    tokens = tokens_of(text)
    clause, place, starts, begin, before = Clause(), 0, True, 0, None
    while place < len(tokens):
        token = tokens[place]
        if _ends(clause, tokens, place, text):
            if not clause.is_empty():
                before = _completed(clause, before, text[begin : token.start()])
                yield before
            clause, begin = Clause(), token.start()
            if token.group() in _STOPS:
                starts, before = True, None
        elif token.group().lower() in SOFT_BREAKS or token.group() in ",、":
            clause.part += 1
        used, counted = _read(clause, tokens, place, text, starts)
        starts = starts and not counted
        clause.size += counted
        place += used
    if not clause.is_empty():
        yield _completed(clause, before, text[begin:])


def _read(clause: Clause, tokens: list[re.Match[str]], place: int, text: str, starts: bool) -> tuple[int, bool]:
    """Add a figure or a word to a clause; returns the number of tokens used, and whether they were a figure or a word."""
    figure, used = figure_at(tokens, place, text)
    if figure is not None:
        if figure.year == "no" and all(other.is_year for other in clause.figures):
            clause.opening = (tuple(clause.figures), tuple(clause.months))
        clause.figures.append(figure)
    elif shown := tokens[place]["word"]:
        before = tokens[place - 1] if place else None
        follows = before is not None and bool(before["word"]) and not text[before.end() : tokens[place].start()].strip()
        _add_word(clause, shown, starts, follows)
    else:
        return 1, False
    return used, True


def _ends(clause: Clause, tokens: list[re.Match[str]], place: int, text: str) -> bool:
    """Whether a new clause begins at this token."""
    token = tokens[place].group()
    lower = token.lower()
    if token in _STOPS or token in ";:" or lower in HARD_BREAKS:
        return True
    if token == "-":
        return text[tokens[place].start() - 1 : tokens[place].start() + 2] == " - "
    if token not in ",、" and lower not in SOFT_BREAKS:
        return False
    if any(figure.loud and not figure.is_year for figure in clause.figures):
        return True
    years = any(figure.is_year for figure in clause.figures)
    opening = clause.words[0].shown.lower() in OPENINGS if clause.words else True
    return years and not (opening and clause.size <= _INTRO)


def _completed(clause: Clause, before: Clause | None, text: str) -> Clause:
    """Complete a clause: with figures but no names it inherits the previous clause's names, with only figures its words and date too."""
    clause.text = text.strip(" ,;:-")
    last = next((place for place in range(len(clause.words), 0, -1) if clause.words[place - 1].stem), 0)
    clause.loose = tuple(word.shown for word in clause.words[last:] if _guard(word.shown))
    if before is not None and clause.figures:
        own = clause.stems - set(UNITS.values()) - set(SCALES)
        names = [] if clause.names else [word for word in before.words if word.is_name]
        taken = names if own else [*names, *(word for word in before.words if word.stem and not word.is_name)]
        clause.words += [replace(word, part=INHERITED, follows=False) for word in taken]
        if not own and not clause.months and not any(figure.is_year for figure in clause.figures):
            clause.figures += before.opening[0]
            clause.months += before.opening[1]
            clause.opening = before.opening
    return clause


def _add_word(clause: Clause, shown: str, starts: bool, follows: bool) -> None:
    lower = shown.lower()
    month = SHORT_MONTHS.get(lower, lower)
    if shown[0].isupper() and month in MONTHS and not (starts and lower in ("may", "march")):
        clause.months.append(month)
        return
    stem = "" if _guard(shown) else stem_of(shown)
    governed = stem and lower not in BETWEEN_GUARD_AND_WORD
    guards = tuple(sorted(_guards_before(clause))) if governed else ()
    is_name = shown[0].isupper() and bool(stem)
    clause.words.append(Word(shown, stem, is_name, starts, follows, clause.part, guards))


def _guard(word: str) -> str:
    """The kind of negation or hedge that a word is; empty for any other."""
    lower = word.lower()
    return "not" if lower in NEGATIONS or lower.endswith("n't") else HEDGES.get(lower, "")


def _guards_before(clause: Clause) -> Iterator[str]:
    """The negations and hedges between the last content word and here: they govern the word that comes next, even "only"."""
    for word in reversed(clause.words):
        if kind := _guard(word.shown):
            yield kind
        if word.stem and word.shown.lower() not in BETWEEN_GUARD_AND_WORD:
            return
