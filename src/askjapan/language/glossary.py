"""Translates a Japanese question word by word into English, with a glossary of words that English texts on Japan in the world use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from askjapan.language.years import common_years

LEAST_KNOWN = 0.5
"""Least share of a question's kanji and katakana that the glossary must know; with less, `gloss` returns None."""
_CONTENT = re.compile(r"[\u30a1-\u30fa\u30fc\u3005\u3400-\u9fff]")
_KEPT = re.compile(r"[A-Za-zÀ-ɏ](?:[A-Za-zÀ-ɏ0-9.&’'-]*[A-Za-zÀ-ɏ0-9])?|\d(?:[\d,.]*\d)?%?")


@dataclass(frozen=True, slots=True)
class Gloss:
    """A question word by word in English: `text` has the most usual wording of each term, `wordings` has all of them."""

    text: str
    wordings: str


@cache
def _entries() -> dict[str, tuple[str, ...]]:
    lines = files("askjapan.language").joinpath("data/glossary_ja.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {unicodedata.normalize("NFKC", japanese): tuple(english.split(" / ")) for japanese, english in pairs}


@cache
def _longest() -> int:
    return max(map(len, _entries()))


def gloss(question: str) -> Gloss | None:
    """Translate a question word by word, in its order; None where the glossary knows too little of it, as of one that is not Japanese.

    The longest known term wins at each place; Latin letters and figures stay, years of an era (昭和40年) become Western years.
    """
    text = common_years(question)
    pairs = list(_terms_in(text))
    known = sum(len(_CONTENT.findall(term)) for term, _ in pairs)
    if known == 0 or known < LEAST_KNOWN * len(_CONTENT.findall(text)):
        return None
    return Gloss(" ".join(wordings[0] for _, wordings in pairs), " ".join(word for _, wordings in pairs for word in wordings))


def glossed_terms(question: str) -> list[tuple[str, str]]:
    """The known terms of a Japanese question, each with its most usual English wording, in their order."""
    return [(term, wordings[0]) for term, wordings in _terms_in(common_years(question)) if _CONTENT.search(term)]


def _terms_in(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The known terms, Latin words and figures of a text, in their order, each with its English wordings."""
    place = 0
    while place < len(text):
        if kept := _KEPT.match(text, place):
            yield kept.group(), (kept.group(),)
            place = kept.end()
        elif term := _term_at(text, place):
            yield term, _entries()[term]
            place += len(term)
        else:
            place += 1


def _term_at(text: str, place: int) -> str:
    lengths = range(min(_longest(), len(text) - place), 0, -1)
    return next((text[place : place + length] for length in lengths if text[place : place + length] in _entries()), "")
