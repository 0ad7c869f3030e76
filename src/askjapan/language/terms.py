"""Splits a text into index terms. Diacritics and width are folded, so Chuo koron finds Chūō kōron; words become Snowball stems."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

from askjapan.language.years import common_years

_STOP_LIST = """a an and are as at be been being but by did do does doing for from had has have having he her him his how i if
    in into is it its me my of on or our she so than that the their them then there these they this those to was we were what when
    where which who whom whose why will with would you your about can could may might must shall should also any some such"""
STOP_WORDS = frozenset(_STOP_LIST.split())
_WORD = re.compile(r"[^\W_]+(?:['’.,&-][^\W_]+)*")
_JAPANESE = re.compile(r"([\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+)")
_PARTS = re.compile(r"['’.,&-]")
_BRITISH = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        (r"(?<=[a-z]{3})is(?=(?:e|ed|es|ing|ers?|ations?|able)$)", "iz"),
        (r"(?<=al)ys(?=(?:ed?|ing|er|ers)$)", "yz"),
        (r"(?<=[a-z]{2})our(?=(?:s|ed|ing|ers?|able|al|ists?|hoods?|less|ful|ly|ites?)?$)", "or"),
        (r"(?<=[a-z][bt])re(?=s?$)", "er"),
        (r"(?<=[a-z]{2}[lh])ogue(?=s?$)", "og"),
        (r"(?<=^program)me(?=s?$)", ""),
        (r"(?<=^(?:def|off|lic))(?:enc)(?=es?$)", "ens"),
    )
)
"""British endings with the American ones. Other words may change, too, which does no harm: all texts and questions go through them."""
UNMARKED = re.compile("[\0-\u02ff\u2000-\u20cf]*")
"""Letters without diacritics and common signs: no combining character is among these."""


@cache
def _stemmer() -> Any:  # noqa: ANN401 - PyStemmer has no types
    import Stemmer

    return Stemmer.Stemmer("english")


def fold(text: str) -> str:
    """Lower case, half width, without diacritics: "Chūō ＡＢＣ" becomes "chuo abc". Kana keep their voicing marks."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    if UNMARKED.fullmatch(decomposed):
        return decomposed.casefold()
    kept = (c for c in decomposed if not unicodedata.combining(c) or c in "\u3099\u309a")
    return unicodedata.normalize("NFC", "".join(kept)).casefold()


def without_possessive(text: str) -> str:
    """A text without the "'s" at its end: "Hatch's" becomes "Hatch"."""
    return text.removesuffix("'s").removesuffix("’s")


def terms(text: str) -> list[str]:
    """The index terms of a text, in order: stems without stop words, whole numbers ("1,576" is "1576"), Japanese in pairs of characters.

    A hyphenated word gives its parts and the word without the hyphen, so that a line-end hyphen does no harm.
    """
    tokens: list[str] = []
    for word in _WORD.findall(fold(common_years(text))):
        if word.isascii():
            tokens += _latin_terms(word)
            continue
        # "2009年のTPP交渉": the captured Japanese runs stand at the odd places.
        for place, run in enumerate(_JAPANESE.split(word)):
            if place % 2:
                tokens += [run[i : i + 2] for i in range(max(1, len(run) - 1))]
            elif run := run.strip("'’.,&-"):
                tokens += _latin_terms(run)
    return tokens


@lru_cache(maxsize=200_000)
def _latin_terms(word: str) -> tuple[str, ...]:
    if word[0].isdigit():
        plain = word.replace(",", "")
        parts = [part for part in _PARTS.split(word) if part] if "-" in word else []
        return (plain, *parts)
    parts = [part for part in _PARTS.split(word) if part]
    if len(parts) > 1:
        joined = [] if "'" in word or "’" in word else ["".join(parts)]
        parts = [part for part in parts if len(part) > 1] + joined
    return tuple(str(_stemmer().stemWord(american(part))) for part in parts if part not in STOP_WORDS)


def american(word: str) -> str:
    """A word in lower case as it is spelled in America: "labour" is "labor", "globalised" is "globalized"."""
    for pattern, ending in _BRITISH:
        word = pattern.sub(ending, word)
    return word
