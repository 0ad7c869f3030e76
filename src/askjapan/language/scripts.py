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
