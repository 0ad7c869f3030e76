"""Which script a text is written in."""

from __future__ import annotations

import re

_NOT_LATIN = re.compile(
    r"[\u0400-\u04ff\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_KANA = re.compile(r"[\u3040-\u30ff\uff66-\uff9f]")
_HAN = re.compile(r"[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff]")
_CHINESE = re.compile(r"[怎哪呢嗎們麼]|多少")
"""What a question in Chinese has, and a row of Japanese nouns without kana has not."""


def is_japanese(text: str) -> bool:
    """Whether a question is in Japanese: it has kana, or Chinese characters that are all in the Japanese standard."""
    if _KANA.search(text):
        return True
    han = "" if _CHINESE.search(text) else "".join(_HAN.findall(text))
    # Shift_JIS holds JIS X 0208, which lacks the characters that are simplified in Chinese alone.
    return bool(han) and han.encode("shift_jis", errors="ignore").decode("shift_jis") == han


def is_foreign(text: str) -> bool:
    """Whether over a fifth of a question's letters are in a script that the English encoder cannot read."""
    letters = sum(character.isalpha() for character in text)
    return len(_NOT_LATIN.findall(text)) > letters / 5

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]")


def count_words(text: str) -> int:
    """The words of a text; two Japanese or Chinese characters count as a word, since nothing parts words there."""
    wide = 0 if text.isascii() else len(_WIDE.findall(text))
    return (wide + 1) // 2 + len(_WIDE.sub(" ", text).split()) if wide else len(text.split())
