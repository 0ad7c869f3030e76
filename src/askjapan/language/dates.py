"""Finds dates in a text: 23 April 1965, April 23, 1965, 1965-04-23, 1965年4月23日 and 昭和40年4月23日 are the same date."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askjapan.language.years import ERAS, common_years

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = rf"(?:{'|'.join(MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
_DAY = r"(?P<{0}>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<{0}>(?:1[5-9]|20)\d\d)"
_KANJI = "〇零一二三四五六七八九十"
_ENGLISH = (
    rf"\b{_DAY.format('d1')}\s+(?:of\s+)?(?P<m1>{_MONTH}),?\s+{_YEAR.format('y1')}\b|"
    rf"\b(?P<m2>{_MONTH})\s+{_DAY.format('d2')}\s*,\s*{_YEAR.format('y2')}\b|"
    rf"\b(?P<m3>{_MONTH}),?\s+(?:of\s+)?{_YEAR.format('y3')}\b"
)
_IN_FIGURES = rf"(?<!\d){_YEAR.format('y4')}-(?P<m4>[01]\d)-(?P<d4>[0-3]\d)(?!\d)"
_JAPANESE = (
    rf"(?P<y5>(?:{'|'.join(ERAS)})\s*(?:元|\d{{1,2}}|[{_KANJI}]{{1,3}})|(?<!\d)(?:1[5-9]|20)\d\d|[一二][〇零一二三四五六七八九]{{3}})\s*年"
    rf"(?:\s*(?P<m5>\d{{1,2}}|[{_KANJI}]{{1,3}})\s*月(?:\s*(?P<d5>\d{{1,2}}|[{_KANJI}]{{1,3}})\s*日)?)?"
)
_YEAR_ALONE = rf"(?<![\d.,]){_YEAR.format('y6')}(?![\d%]|[.,]\d)"
_DATE = re.compile("|".join((_ENGLISH, _IN_FIGURES, _JAPANESE, _YEAR_ALONE)), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Date:
    """A date as a text names it, at characters `start` to `end`; `month` and `day` are 0 where they are not named."""

    start: int
    end: int
    year: int
    month: int = 0
    day: int = 0

    def within(self, other: Date) -> bool:
        """Whether this date agrees with every part (year, month, day) that the other one names."""
        named = (self.year, self.month, self.day)
        return all(wanted in (0, own) for own, wanted in zip(named, (other.year, other.month, other.day), strict=True))


def dates_in(text: str) -> list[Date]:
    """The dates and years that a text names, in order."""
    dates = []
    for match in _DATE.finditer(text):
        of = {name[0]: value for name, value in match.groupdict().items() if value}
        month, day = _month(of.get("m", "")), _number(of.get("d", ""))
        if month <= 12 and day <= 31:
            dates.append(Date(match.start(), match.end(), _year(of["y"]), month, day))
    return dates


def _year(written: str) -> int:
    figures = re.search(r"\d{4}", common_years(f"{written}年"))
    return int(figures.group()) if figures else 0


def _month(written: str) -> int:
    name = written.lower().rstrip(".")
    if name[:1].isalpha() and name.isascii():
        return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name[:3]))
    return _number(written)


def _number(written: str) -> int:
    if not written or written.isdecimal():
        return int(written or 0)
    ones = {sign: number for number, sign in enumerate("〇一二三四五六七八九")}
    tens, ten, rest = written.rpartition("十")
    return (ones.get(tens, 1) * 10 if ten else 0) + ones.get(rest, 0)
