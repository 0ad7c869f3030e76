"""Counts words in scripts with spaces and without: two Japanese characters count as one word."""

from __future__ import annotations

import re

_WIDE = r"\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uffef"
_WORD = re.compile(rf"[{_WIDE}]{{1,2}}|[^\s{_WIDE}]+")


def count_words(text: str) -> int:
    """Count the words of a text: runs between white space, and pairs of Japanese characters."""
    return len(_WORD.findall(text))


def cut_to_words(text: str, limit: int) -> str:
    """The first `limit` words of a text, with white space collapsed."""
    cut = next((match.start() for number, match in enumerate(_WORD.finditer(text)) if number == limit), len(text))
    return " ".join(text[:cut].split())
