"""Tells whether a question asks for the most, the least or a rank, and of what, in general: any superlative counts, not a list of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askjapan.language.wordings import wordings

_EN, _JA = wordings("extremes", "en"), wordings("extremes", "ja")
LEAST_ROWS = 3
"""Number of figures from which one may be called the most or the least of them."""
_NO_SUPERLATIVE = re.compile(rf"^(?:{_EN['not_superlative']})$", re.IGNORECASE)
_EST = r"[a-z]{2,}est"
_LOW = re.compile(rf"\b(?:{_EN['low']})\b|{_JA['low']}", re.IGNORECASE)
_HIGH = re.compile(rf"\b(?:{_EN['high']})\b|{_JA['high']}", re.IGNORECASE)
_ANY = re.compile(rf"\b{_EST}\b", re.IGNORECASE)
_IDIOM = re.compile(rf"\b(?:{_EN['idioms']})\b|{_JA['idioms']}", re.IGNORECASE)
FALLING = re.compile(rf"\b(?:{_EN['falling']})\b|{_JA['falling']}", re.IGNORECASE)
RISING = re.compile(rf"\b(?:{_EN['rising']})\b|{_JA['rising']}", re.IGNORECASE)
_RANK = re.compile(
    rf"\b(?:rank\w*|comes?|came|place\w*|is|was)\s+(?:in\s+)?(?:the\s+)?(?P<ordinal>{_EN['ordinals']})\b|"
    rf"\b(?P<before>{_EN['ordinals']})[\s-]+(?:{_EN['high']}|{_EN['low']}|{_EST})\b|(?P<japanese>[2-5２-５二三四五])(?:位|番目)",
    re.IGNORECASE,
)
_ORDER = {
    "second": 2,
    "2nd": 2,
    "二": 2,
    "third": 3,
    "3rd": 3,
    "三": 3,
    "fourth": 4,
    "4th": 4,
    "四": 4,
    "fifth": 5,
    "5th": 5,
    "五": 5,
}
_LOW_JAPANESE = re.compile(r"[少低小短]")


@dataclass(frozen=True, slots=True)
class Superlative:
    """What is asked for: `place` is 1 for the most, 2 for the second, -1 for the least.

    `falls` and `rises` say that it is the most of a decrease or an increase. `rest` is the question without the superlative.
    """

    place: int
    falls: bool
    rises: bool
    rest: str


def superlative(text: str) -> Superlative | None:
    """The superlative of a question; None where it has none: "at least", "almost", "latest" and "interest" are none."""
    plain = _IDIOM.sub(" ", text)
    lowest, high = bool(_LOW.search(plain)), bool(_HIGH.search(plain))
    others = [match.group() for match in _ANY.finditer(plain) if not _NO_SUPERLATIVE.match(match.group())]
    high = high or any(not _LOW.fullmatch(word) for word in others)
    rank = _RANK.search(plain)
    if not (lowest or high or rank):
        return None
    sign = -1 if lowest and not high else 1
    place = sign
    if rank:
        order = (rank.group("ordinal") or rank.group("before") or rank.group("japanese")).lower()
        after = plain[rank.end() : rank.end() + 3] if rank.group("japanese") else ""
        place = (-1 if _LOW_JAPANESE.search(after) else sign) * (_ORDER.get(order) or int(order))
    rest = _HIGH.sub(" ", _LOW.sub(" ", plain))
    rest = _ANY.sub(lambda match: match.group() if _NO_SUPERLATIVE.match(match.group()) else " ", rest)
    return Superlative(place, bool(FALLING.search(plain)), bool(RISING.search(plain)), rest)
