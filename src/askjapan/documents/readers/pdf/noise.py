"""Tells whether the text of a page can be what is printed on it.

Some files name their characters in a way that a reader cannot follow; what comes out is noise, and no error. It has five signs:
characters that are no text, letters of unrelated scripts within words, symbols within words, glyph names in place of letters, and
Latin letters with hardly any vowel.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

LEAST_CHARACTERS = 40  # fewer tell nothing
NO_TEXT_SHARE = 0.1  # replacement, private-use, unassigned and control characters; bullets and logos stay far below
MIXTURE_SHARE = 0.06  # neighbouring letters of unrelated scripts; formulas and transcriptions stay below 0.02
SYMBOLS_WITHIN_SHARE = 0.08  # signs between two letters, where ...
LONG_WORDS = 12  # ... words have more characters than this on average, as no formula or listing has
GLYPH_NAME_SHARE = 0.3
LEAST_LETTERS = 300
VOWEL_SHARE = 0.2  # Latin-script languages have 0.33 to 0.50

NO_TEXT = frozenset({"Cc", "Cn", "Co", "Cs"})
GLYPH_NAMES = re.compile(r"(?:/(?:g|glyph|cid|uni|index|[A-Z])\d{1,5}|\(cid:\d{1,5}\)){3,}", re.IGNORECASE)
EAST_ASIAN = frozenset(
    {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HALFWIDTH", "FULLWIDTH", "IDEOGRAPHIC", "BOPOMOFO", "HANGUL", "KANGXI"}
)
# Scripts that stand side by side in real texts: transcriptions, formulas, Japanese with Latin words.
RELATED = frozenset({"LATIN", "GREEK", "East Asian"})
JOINS = frozenset("'’-‐‑‒–—­./·&@_:")
NEUTRAL = frozenset(
    {"MODIFIER", "MATHEMATICAL", "DOUBLE-STRUCK", "SCRIPT", "BLACK-LETTER", "FEMININE", "MASCULINE", "MICRO", "OHM"}
)


def noise(text: str) -> str:
    """Reason why a text is not readable, as the end of a sentence; empty if it may be."""
    characters = [character for character in text if not character.isspace()]
    if len(characters) < LEAST_CHARACTERS:
        return ""
    if share(map(is_no_text, characters)) > NO_TEXT_SHARE:
        return "many of its characters are no text"
    if mixture(text) > MIXTURE_SHARE:
        return "letters of unrelated scripts are mixed within its words"
    if len(characters) > LONG_WORDS * len(text.split()) and symbols_within(text) > SYMBOLS_WITHIN_SHARE * len(characters):
        return "its words are full of symbols"
    if sum(len(match[0]) for match in GLYPH_NAMES.finditer(text)) > GLYPH_NAME_SHARE * len(characters):
        return "it names glyphs instead of letters"
    if lacks_vowels(text):
        return "its letters make no words"
    return ""


def share(flags: Iterable[bool]) -> float:
    """The share of flags that are set; 0 of none."""
    listed = list(flags)
    return sum(listed) / len(listed) if listed else 0.0


def is_no_text(character: str) -> bool:
    """Whether a character is a replacement, a control, a private-use, an unassigned one or a surrogate."""
    return character == "�" or unicodedata.category(character) in NO_TEXT


def mixture(text: str) -> float:
    """The share of neighbouring letters, within words, whose scripts do not go together."""
    wrong = pairs = 0
    for first, second in pairwise(text):
        one, two = script(first), script(second)
        if one and two:
            pairs += 1
            wrong += one != two and not (one in RELATED and two in RELATED)
    return wrong / pairs if pairs >= LEAST_CHARACTERS // 2 else 0.0


def symbols_within(text: str) -> int:
    """Number of signs between two letters that do not join words; East Asian texts, without spaces, are left out."""
    apart = {"", "East Asian"}
    return sum(
        is_symbol(middle) and script(first) not in apart and script(last) not in apart
        for first, middle, last in zip(text, text[1:], text[2:], strict=False)
    )


def is_symbol(character: str) -> bool:
    """Whether a character is a sign or symbol that joins no words."""
    return character not in JOINS and unicodedata.category(character)[0] in "PS"


@lru_cache(maxsize=65_536)
def script(character: str) -> str:
    """The script of a letter or mark; empty for what belongs to all of them."""
    category = unicodedata.category(character)
    if category[0] not in "LM":
        return ""
    first = unicodedata.name(character, "").split(" ")[0]
    if category[0] == "M" and first in ("COMBINING", "VARIATION"):
        return ""
    if first in EAST_ASIAN or first.startswith("CJK"):
        return "East Asian"
    return "" if first in NEUTRAL else first


def lacks_vowels(text: str) -> bool:
    """Whether Latin letters are hardly ever vowels, as when each one stands for another."""
    letters = [character for character in unicodedata.normalize("NFD", text.casefold()) if character.isalpha()]
    latin = [letter for letter in letters if script(letter) == "LATIN"]
    if len(latin) < LEAST_LETTERS or len(latin) < 0.7 * len(letters):
        return False
    return share(letter in "aeiouyæœøı" for letter in latin) < VOWEL_SHARE
