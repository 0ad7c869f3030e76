"""Finds years in a text: 1907, 1907年, 一九〇七年 and 明治40年 are the same year."""

from __future__ import annotations

import re
import unicodedata

ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
"""The year before the first of each era."""
_KANJI = {"〇": "0", "零": "0", "一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9"}
_KANJI_YEAR = re.compile(r"([一二][〇零一二三四五六七八九]{3})(?=年)")
_ERA = re.compile(rf"({'|'.join(ERAS)})\s*(元|\d{{1,2}}|[一二三四五六七八九十]{{1,3}})(?=\s*年)")
_YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]\d\d|20\d\d)(?!\d|[.,]\d)")
_RANGE = re.compile(
    r"(?<![\d-])((?:1[5-9]|20)\d\d)年?\s*(?:[-–~～〜/]|to|から)\s*(\d{2}|\d{4})(?![\d-]|/\d)|"
    r"\bbetween\s+((?:1[5-9]|20)\d\d)\s+and\s+(\d{4})\b",
    re.IGNORECASE,
)
_DECADE = re.compile(r"(?<!\d)((?:1[5-9]|20)\d)0(?:[’']?s\b|\s?年代)")
LONGEST_RANGE = 40


def common_years(text: str) -> str:
    """The text in NFKC form, with years of an era and years in kanji written in figures."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    plain = _KANJI_YEAR.sub(lambda match: "".join(_KANJI[sign] for sign in match.group()), plain)
    return _ERA.sub(lambda match: str(ERAS[match.group(1)] + _number(match.group(2))), plain)


def years_in(text: str) -> tuple[str, ...]:
    """The years that a text names, in order, both ends of a range."""
    plain = common_years(text)
    years = [(match.start(), match.group()) for match in _YEAR.finditer(plain)]
    years += [(match.end(), str(end)) for match in _RANGE.finditer(plain) if (end := _end(match))]
    return tuple(dict.fromkeys(year for _, year in sorted(years)))


def years_covered(text: str) -> set[str]:
    """The years that a text names, or that lie in a range or decade which it names."""
    plain = common_years(text)
    years = set(_YEAR.findall(plain))
    for match in _RANGE.finditer(plain):
        if end := _end(match):
            years |= {str(year) for year in range(_first(match), end + 1)}
    return years | {f"{decade}{year}" for decade in _DECADE.findall(plain) for year in range(10)}


def _first(match: re.Match[str]) -> int:
    return int(match.group(1) or match.group(3))


def _end(match: re.Match[str]) -> int:
    """The last year of a range (1998–01 ends in 2001); 0 where it is not 1 to `LONGEST_RANGE` years after the first."""
    first, last = _first(match), match.group(2) or match.group(4)
    end = int(last) if len(last) == 4 else first - first % 100 + int(last)
    end += 100 if end < first and len(last) == 2 else 0
    return end if 0 < end - first <= LONGEST_RANGE else 0


def _number(written: str) -> int:
    if written == "元":
        return 1
    if written.isdigit():
        return int(written)
    tens, _, ones = written.rpartition("十") if "十" in written else ("", "", written)
    return (int(_KANJI[tens]) if tens else 1 if "十" in written else 0) * 10 + (int(_KANJI[ones]) if ones else 0)
