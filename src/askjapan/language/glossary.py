"""Translates a question word by word: a Japanese one into words that English texts on Japan in the world use, and an English one back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from askjapan.language.terms import STOP_WORDS, terms
from askjapan.language.years import common_years

LEAST_KNOWN = 0.5
"""Least share of a question's kanji and katakana that the glossary must know; with less, `gloss` returns None."""
MOST_WORDINGS = 4
"""Most Japanese terms that an English one may stand for."""
_CONTENT = re.compile(r"[\u30a1-\u30fa\u30fc\u3005\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
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


def in_japanese(question: str) -> str:
    """The Japanese terms that the words of an English question may stand for, in their order; empty where the glossary knows none of them."""
    return " ".join(dict.fromkeys(term for _, some in japanese_terms(question) for term in some))


@lru_cache(maxsize=64)
def japanese_terms(question: str) -> tuple[tuple[tuple[int, int], tuple[str, ...]], ...]:
    """The places of the known English terms of a question, in characters, each with the Japanese terms that it may stand for.

    The longest known term wins at each place. Of several Japanese ones those come first that have it as their most usual wording.
    """
    words = [(match.span(), match.group().lower(), tuple(terms(match.group()))) for match in _WORD.finditer(question)]
    known, longest = _japanese_of(), _most_words()
    placed: list[tuple[tuple[int, int], tuple[str, ...]]] = []
    place = 0
    while place < len(words):
        lengths = range(min(longest, len(words) - place), 0, -1)
        keys = ((length, tuple(term for *_, own in words[place : place + length] for term in own)) for length in lengths)
        length, key = next((pair for pair in keys if pair[1] in known), (1, ()))
        if key and (length > 1 or words[place][1] not in STOP_WORDS):
            placed.append(((words[place][0][0], words[place + length - 1][0][1]), known[key]))
        place += length
    return tuple(placed)


@cache
def _japanese_of() -> dict[tuple[str, ...], tuple[str, ...]]:
    """The Japanese terms of each English one, by the terms of its words."""
    ranked: dict[tuple[str, ...], list[tuple[int, int, str]]] = {}
    for japanese, wordings in _entries().items():
        for rank, english in enumerate(wordings):
            ranked.setdefault(tuple(terms(english)), []).append((rank, len(japanese), japanese))
    ranked.pop((), None)
    return {key: tuple(japanese for *_, japanese in sorted(some)[:MOST_WORDINGS]) for key, some in ranked.items()}


@cache
def _most_words() -> int:
    return max(map(len, _japanese_of()))
