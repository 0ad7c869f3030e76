"""Tells by which label a text refers to a table, as "Table 2" and "(see Annex Table)" do, and which label a caption gives it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from askjapan.language.wordings import wordings

REMEMBERED = 4_096
"""Number of texts whose labels are cached, some 4 MB."""
_WORD = rf"(?P<word>(?:(?:annex|appendix)\s)?(?:{wordings('tables', 'en')['captions']}))"
_NUMBER = r"(?:[A-Z][.-]?)?\d{1,3}(?:[.-]\d{1,3})?[a-z]?(?!\w)|(?-i:[A-Z])(?!\w)"
_LABEL = re.compile(rf"\b{_WORD}s?\s?(?P<numbers>(?:{_NUMBER})(?:(?:, ?(?:and )?| and | & )(?:{_NUMBER}))*+)?", re.IGNORECASE)
_JAPANESE = re.compile(
    rf"(?P<word>{wordings('tables', 'ja')['captions']})\s?(?P<number>\d{{1,3}}(?:[-.]\d{{1,3}})?)|第\s?(?P<before>\d{{1,3}})\s?(?P<kind>[表図])"
)


@lru_cache(maxsize=REMEMBERED)
def labels_in(text: str) -> frozenset[str]:
    """The labels of tables and figures that a text names, "table 2"; without a number only those of an annex, "annex table".

    Remembered, since each question on a table asks it of all passages of the work.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    labels = set()
    for match in _LABEL.finditer(plain):
        word = match["word"].lower()
        numbers = re.findall(_NUMBER, match["numbers"] or "", re.IGNORECASE)
        labels |= {f"{word} {number.lower()}" for number in numbers}
        if not numbers and " " in word:
            labels.add(word)
    for match in _JAPANESE.finditer(plain):
        labels.add(f"{match['word'] or match['kind']} {match['number'] or match['before']}")
    return frozenset(labels)


def label_of(caption: str) -> str:
    """The label at the beginning of a caption, as `labels_in` gives it; empty where it has none."""
    plain = " ".join(unicodedata.normalize("NFKC", caption).split()).lstrip("*_#(【〔［[ ")
    match = _LABEL.match(plain) or _JAPANESE.match(plain)
    return next(iter(labels_in(match.group())), "") if match else ""
