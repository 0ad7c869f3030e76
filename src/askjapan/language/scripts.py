"""Which script a text is written in."""

from __future__ import annotations

import re

_NOT_LATIN = re.compile(
    r"[\u0400-\u04ff\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


def is_foreign(text: str) -> bool:
    """Whether over a fifth of a question's letters are in a script that the English encoder cannot read."""
    letters = sum(character.isalpha() for character in text)
    return len(_NOT_LATIN.findall(text)) > letters / 5

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]")


def count_words(text: str) -> int:
    """The words of a text; two Japanese or Chinese characters count as a word, since nothing parts words there."""
    wide = 0 if text.isascii() else len(_WIDE.findall(text))
    return (wide + 1) // 2 + len(_WIDE.sub(" ", text).split()) if wide else len(text.split())
