"""Detects the script of a text and the language that the script shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_NOT_LATIN = re.compile(
    r"[\u0400-\u04ff\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_KANA = re.compile(r"[\u3041-\u30ff\uff66-\uff9f]")
_HAN = re.compile(r"[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff]")
_CHINESE = re.compile(r"[怎哪呢嗎們麼]|多少")
"""Signs of a question in Chinese, which a row of Japanese nouns without kana does not have."""


_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_HANGUL = re.compile(r"[\u1100-\u11ff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_]+")
Language = Literal["en", "ja"]
"""A language that askjapan itself speaks."""
_FUNCTION_WORDS = "the of and to in a is that for was as with on by are be this from were at which an it or has not their"
_ENGLISH = frozenset(_FUNCTION_WORDS.split())
KANA_SHARE = 0.1  # a Japanese text has more kana than that, also in its densest prose; an English one about Japan has less
SCRIPT_SHARE = 0.3
ENGLISH_SHARE = 0.12  # English prose has a quarter to a third of these words, other languages in Latin script under a twentieth
ENOUGH_WORDS = 30
UNDETERMINED = "und"  # as in BCP 47
_SCRIPT_OF = {"ja": "kana and kanji", "zh": "Han", "ko": "Hangul", "ru": "Cyrillic"}
_CYRILLIC_LANGUAGES = frozenset({"ru", "uk", "bg", "sr", "be", "mk", "kk", "ky", "mn", "tg"})


@dataclass(frozen=True, slots=True)
class Written:
    """The language that a text's script shows, as a code of two letters ("und" where it shows none), and the reason in words."""

    language: str
    reason: str


def is_japanese(text: str) -> bool:
    """Whether a question is in Japanese: it has kana, or Chinese characters all in JIS X 0208 and no sign of a question in Chinese."""
    if _KANA.search(text):
        return True
    han = "" if _CHINESE.search(text) else "".join(_HAN.findall(text))
    # Shift_JIS holds JIS X 0208, which lacks the characters that are simplified in Chinese alone.
    return bool(han) and han.encode("shift_jis", errors="ignore").decode("shift_jis") == han


def is_foreign(text: str) -> bool:
    """Whether over a fifth of a question's letters are in a script that the English encoder cannot read."""
    letters = sum(character.isalpha() for character in text)
    return len(_NOT_LATIN.findall(text)) > letters / 5


def written_in(text: str) -> Written:
    """The language of a whole text by the shares of its scripts; for Latin script by the share of English function words.

    A text without enough words to tell is taken to be English.
    """
    letters = max(1, sum(character.isalpha() for character in text))
    kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
    if kana > KANA_SHARE * letters:
        return Written("ja", f"its script: {_percent(kana + han, letters)} kana and kanji")
    for language, number in (("zh", han), ("ko", len(_HANGUL.findall(text))), ("ru", len(_CYRILLIC.findall(text)))):
        if number > SCRIPT_SHARE * letters:
            return Written(language, f"its script: {_percent(number, letters)} {_SCRIPT_OF[language]}")
    words = [word.lower() for word in _WORD.findall(text)]
    english = sum(word in _ENGLISH for word in words)
    if len(words) < ENOUGH_WORDS:
        return Written("en", "the default: it has too few words to tell")
    if english > ENGLISH_SHARE * len(words):
        return Written("en", "its script and its function words")
    return Written(UNDETERMINED, "its script: Latin, but no English function words")


def fits(stated: str, shown: Written) -> bool:
    """Whether the language that a file states agrees with the one that the script of its text shows."""
    if shown.language in ("ja", "zh", "ko"):
        return stated == shown.language
    if shown.language == "ru":
        return stated in _CYRILLIC_LANGUAGES
    return stated not in ("ja", "zh", "ko") and stated not in _CYRILLIC_LANGUAGES - {"sr"}


def _percent(part: int, whole: int) -> str:
    return f"{100 * min(part, whole) / whole:.0f} %"
