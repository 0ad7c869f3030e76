"""Reads the limit that a question sets for figures or years: more than 80,000, less than 40 per cent, in 2001 or later, 半分以上."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from askjapan.language.wordings import wordings

_EN, _JA = wordings("limits", "en"), wordings("limits", "ja")
_ENDS_EN, _ENDS_JA = wordings("picked", "en"), wordings("picked", "ja")
_NUMBER = r"(?<![\d.,])\d[\d,]*+(?:\.\d++)?+"
_PERCENT = r"\s?(?:%|％|per ?cent\b|パーセント)"
_PART = r"(?:(?:an?|one) )?(?:half|third|quarter)\b|three quarters|two thirds|半分|半数|過半数|[2-9二三四五六七八九]割"
_VALUE = rf"(?P<value>{_NUMBER})(?P<percent>{_PERCENT})?|(?P<part>{_PART})"
_BEFORE = re.compile(
    rf"\b(?:(?P<over>{_EN['over']})|(?P<from>{_EN['from']})|(?P<under>{_EN['under']})|(?P<to>{_EN['to']})) (?:the )?(?:{_VALUE})",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"(?:{_VALUE})[^\W\d]{{0,3}}(?:(?P<over>{_JA['over']})|(?P<from>{_JA['from']}| (?:{_EN['or_more']})\b)|(?P<under>{_JA['under']})|"
    rf"(?P<to>{_JA['to']}| (?:{_EN['or_less']})\b))",
    re.IGNORECASE,
)
_SCALED = re.compile(rf"\s?(?:{_EN['scales']})\b|[万億兆千]", re.IGNORECASE)
_EARLIEST = re.compile(rf"\b(?:{_ENDS_EN['earliest']})\b|{_ENDS_JA['earliest']}", re.IGNORECASE)
_LATEST = re.compile(rf"\b(?:{_ENDS_EN['latest']})\b|{_ENDS_JA['latest']}", re.IGNORECASE)
END = re.compile(f"{_EARLIEST.pattern}|{_LATEST.pattern}", re.IGNORECASE)
"""What asks for the earliest or the latest."""
_RANGE = re.compile(rf"\b(?:from|between) {_NUMBER} (?:to|and) |{_NUMBER}年?(?:から|[-–~〜～]){_NUMBER}")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_PARTS = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "three quarters": 75.0, "two thirds": 200 / 3, "半": 50.0}
_DIGITS = {digit: n for n, digit in enumerate("二三四五六七八九", start=2)}


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound of figures, in percent if `percent`, or of years if `year`: the value is `over`, or `under` it, or may be `equal` to it."""

    value: float
    over: bool
    equal: bool
    percent: bool
    year: bool

    def holds(self, value: float) -> bool:
        """Whether a figure or year keeps the limit."""
        return (self.equal and value == self.value) or (value > self.value if self.over else value < self.value)


def limit_of(text: str) -> Limit | None:
    """The limit that a question sets; None where it sets none, two, or one in millions and the like."""
    if _RANGE.search(text):
        return None
    bounds = [*_BEFORE.finditer(text), *_BEHIND.finditer(text)]
    limits = {_limit(match) for match in bounds if not _SCALED.match(text, match.end("value") if match["value"] else match.end())}
    return next(iter(limits)) if len(limits) == 1 and len(bounds) <= 2 else None


def end_of(text: str) -> Literal["earliest", "latest"] | None:
    """Whether a question asks for the earliest or the latest; None where it asks for neither or both."""
    early, late = bool(_EARLIEST.search(text)), bool(_LATEST.search(text))
    return None if early == late else "earliest" if early else "latest"


def _limit(match: re.Match[str]) -> Limit:
    over, equal = bool(match["over"] or match["from"]), bool(match["from"] or match["to"])
    if match["part"]:
        return Limit(_part(match["part"].lower()), over, equal, percent=True, year=False)
    percent = match["percent"] is not None
    year = not percent and _YEAR.fullmatch(match["value"]) is not None
    return Limit(float(match["value"].replace(",", "")), over, equal, percent, year)


def _part(written: str) -> float:
    if written.endswith("割"):
        return 10.0 * (int(written[0]) if written[0].isdigit() else _DIGITS[written[0]])
    return max((value for part, value in _PARTS.items() if part in written), default=50.0)
