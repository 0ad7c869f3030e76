"""Compares the words of a question with a table where one of them is in Japanese: by the characters that they share, and by meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np

from askjapan.answering.plans.search import Search
from askjapan.answering.plans.tables.asking.wanted import Wanted
from askjapan.answering.plans.tables.heads import SAID, Heads, add_same, parts_of
from askjapan.answering.plans.tables.whole.cells import BRACKETS, Table
from askjapan.language.glossary import in_japanese, japanese_terms
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import terms
from askjapan.language.wordings import wordings
from askjapan.retrieval.alignment import Floats

PARTLY = 0.5
"""Value of a word of which a text has half the characters or more, in a row."""
GLOSSED = 0.8
"""Value of an English word of which a text has a Japanese term that it may stand for."""
_WORD = re.compile(r"[ァ-ヴー]{2,}|[A-Za-z][A-Za-z0-9&.-]*|[々一-鿿ヶヵ]{2,}")
_EMPTY = re.compile(rf"(?:{wordings('asked_of_tables', 'ja')['empty']})++")


def worded(asked: Wanted, table: Table) -> Wanted:
    """What a question in Japanese wants, with the places of its words: runs of kanji, of katakana and of Latin letters, and what a table calls
    a row or column in other signs."""
    text = asked.text
    places = {match.span() for match in _WORD.finditer(text) if not _EMPTY.fullmatch(match.group())}
    for name in {*(label for row in table.rows for label in row.labels), *table.names}:
        for part in _core(name).split():
            at = text.find(part) if len(part) > 1 and not _EMPTY.fullmatch(part) else -1
            if at >= 0 and not any(start <= at and at + len(part) <= end for start, end in places):
                places.add((at, at + len(part)))
    return replace(asked, words=tuple(sorted(places)))


def compared_across(asked: Wanted, table: Table, search: Search) -> Heads:
    """Compare the words of a question with a table; as `heads.compared`.

    A name in the other writing that the work itself has somewhere, as "港町 (Minatomachi)", is partly met by its title.
    """
    retriever = search.retriever
    words = [_plain(asked.text[slice(*word)]) for word in asked.words]
    glossed = _glossed(asked) if not is_foreign(asked.text) else [()] * len(words)

    def _met(text: str) -> Floats:
        plain = _plain(text)
        return np.array([_share(word, some, plain) for word, some in zip(words, glossed, strict=True)], dtype=np.float32)

    title = table.rows[0].hit.document.title if table.rows else ""
    around = _met(f"{table.caption} {table.passage.section} {table.passage.context} {title}")
    passages = search.index.passages_of(table.passage.document_id)
    for n in np.flatnonzero(around < PARTLY).tolist():
        if words[n].isascii() == is_foreign(table.passage.text) and any(words[n] in passage.text for passage in passages):
            around[n] = PARTLY
    told = np.max([np.zeros_like(around), *(_met(text) for text in table.told)], axis=0)
    columns, rows = [_core(name) for name in table.names], [_plain(row.words) for row in table.rows]
    names, labels = list(columns), [_core(" ".join(dict.fromkeys(row.labels))) for row in table.rows]
    by_column = np.stack([_met(name) for name in columns], axis=1) if columns else np.zeros((len(words), 0), np.float32)
    by_row = np.stack([_met(row) for row in rows], axis=1) if rows else np.zeros((len(words), 0), np.float32)
    met = np.max([around, told, *by_column.T, *by_row.T], axis=0)
    about = f"{_core(table.passage.section)} {_core(table.caption)}"
    add_same(
        words,
        met,
        [run.group() for run in _WORD.finditer(about)] if is_foreign(about) else parts_of(about),
        around[:, None],
        retriever,
    )
    add_same(words, met, names, by_column, retriever)
    add_same(words, met, labels, by_row, retriever)
    said = asked.text if is_foreign(asked.text) else f"{asked.text} {in_japanese(asked.text)}"
    column_cover, row_cover = ([_cover(said, name) for name in some] for some in (names, labels))
    return Heads(around, told, by_column, by_row, np.array(column_cover, dtype=np.float32), np.array(row_cover, dtype=np.float32))


def weights_of(asked: Wanted, by_term: Mapping[str, float]) -> list[float]:
    """The weight of each word: the mean of its terms'."""
    every = [[by_term.get(term, 0.0) for term in terms(asked.text[slice(*word)])] for word in asked.words]
    return [sum(some) / len(some) if some else 0.0 for some in every]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _core(name: str) -> str:
    return BRACKETS.sub(" ", _plain(name)).strip()


def _glossed(asked: Wanted) -> list[tuple[str, ...]]:
    """The Japanese terms that each word of an English question may stand for, by itself or with its neighbours."""
    known = japanese_terms(asked.text)
    return [tuple(term for place, some in known if place[0] <= word[0] < place[1] for term in some) for word in asked.words]


def _share(word: str, glossed: Sequence[str], text: str) -> float:
    """How far a text has a word, or a Japanese term that it may stand for."""
    if word in text:
        return SAID
    if any(term in text for term in glossed):
        return GLOSSED
    return PARTLY if any(_has_half(term, text) for term in (word, *glossed)) else 0.0


def _has_half(word: str, text: str) -> bool:
    same = SequenceMatcher(None, word, text, autojunk=False).find_longest_match().size
    return same >= max(2, len(word) / 2)


def _cover(text: str, name: str) -> float:
    """The share of a name's pairs of characters that a question has."""
    own = set(terms(_core(name)))
    return len(own & set(terms(text))) / len(own) if own else 0.0
