"""Finds the year, DOI and ISBN that are printed on a publication itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

from askjapan.language.quotation import clean

_YEAR = r"(?P<year>(?:18|19|20)\d\d)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?|spring|summer|autumn|fall|winter)"
)
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_DIGITS = {digit: str(number) for number, digit in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_PRINTED = (
    re.compile(rf"{_MONTH}\.?,?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?{_YEAR}(?!\d)", re.IGNORECASE),
    re.compile(rf"(?:©|\(c\)|\bcopyright\b)\D{{0,60}}+{_YEAR}(?!\d)", re.IGNORECASE),
    re.compile(
        rf"^\W*+(?:(?:first\s+)?published|revised|draft|version|issued|dated?|発行|公表|刊行)?\W*+{_YEAR}\W*+$", re.IGNORECASE
    ),
    re.compile(rf"^\W*{_YEAR}[-/.]\d{{1,2}}(?:[-/.]\d{{1,2}})?\W*$"),
    re.compile(
        rf"^(?=.*(?:\bvol(?:ume|\b)|\bno\.|\bissue\b|\bpp?\.\s*\d|第\s*\d+\s*[巻号集輯])).*?(?<![\d–-]){_YEAR}(?![\d–-])",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<!\d){_YEAR}\s*年"),
)
_ERA_YEAR = re.compile(rf"(?P<era>{'|'.join(_ERAS)})\s*(?P<count>元|\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*年")
_KANJI_YEAR = re.compile(r"(?P<digits>[一二][〇零一二三四五六七八九]{3})\s*年")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>{}|\\^`]+", re.IGNORECASE)
_YEAR_IN_DOI = re.compile(r"[./(]((?:19|20)\d\d)[./)]")
_ISBN = re.compile(r"\bISBN(?:-1[03])?[\s:：]*(?P<number>(?:97[89][\s‐–-]?)?(?:\d[\s‐–-]?){9}[\dX])", re.IGNORECASE)
SHORT, SHORT_JAPANESE = 14, 45  # words, characters: longer lines are sentences, and the years in them are what they speak of
IMPRINT = 6_000
"""Characters at the beginning of a text in which a DOI or an ISBN is its own; further on they are those of cited works."""


def year_of(lines: Iterable[str]) -> str:
    """The year that a line of a first page gives as a date of the publication; empty if none does.

    A line that merely has a year in it, such as a title, does not count. Years of Japanese eras become those of the Common Era.
    """
    return next((year for line in lines if (year := _year(line))), "")


def _year(line: str) -> str:
    copyright_line = _PRINTED[1].search(line)
    if copyright_line:
        return copyright_line["year"]
    if len(line.split()) > SHORT or (len(line) > SHORT_JAPANESE and "年" in line) or line.endswith(("。", "、")):
        return ""
    if match := next((match for pattern in _PRINTED if (match := pattern.search(line))), None):
        return match["year"]
    if match := _ERA_YEAR.search(line):
        return str(_ERAS[match["era"]] + _counted(match["count"]))
    match = _KANJI_YEAR.search(line)
    return "".join(_DIGITS[digit] for digit in match["digits"]) if match else ""


def _counted(count: str) -> int:
    """The value of a number under a hundred in digits or kanji; 元 is the first year of an era."""
    if count == "元":
        return 1
    if count.isdecimal():
        return int(count)
    tens, ten, ones = count.rpartition("十")
    return (int(_DIGITS[tens]) if tens else 1) * (10 if ten else 0) + (int(_DIGITS[ones]) if ones else 0)


def doi_of(text: str) -> str:
    """The first DOI in the beginning of a text, in lower case and without the address in front of it; empty if there is none."""
    match = _DOI.search(clean(text[:IMPRINT]))
    if match is None:
        return ""
    doi = match.group().lower().rstrip(".,;:'”’」』")
    return doi if doi.count("(") >= doi.count(")") else doi.rstrip(")").rstrip(".,;")


def year_in_doi(doi: str) -> str:
    """The year that some publishers put into a DOI as a part of its own."""
    match = _YEAR_IN_DOI.search(doi.partition("/")[2])
    return match[1] if match else ""


def isbn_of(text: str) -> str:
    """The first ISBN in the beginning of a text as 13 digits; empty if there is none with a right check digit."""
    return next((isbn for match in _ISBN.finditer(clean(text[:IMPRINT])) if (isbn := isbn13(match["number"]))), "")


def isbn13(number: str) -> str:
    """An ISBN of 10 or 13 digits, with or without hyphens, as 13 digits; empty if its check digit is wrong."""
    digits = re.sub(r"[^\dX]", "", number.upper())
    if re.fullmatch(r"\d{9}[\dX]", digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        if sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11:
            return ""
        digits = f"978{digits[:9]}"
        return digits + str(-_weighed(digits) % 10)
    return digits if re.fullmatch(r"97[89]\d{10}", digits) and _weighed(digits) % 10 == 0 else ""


def _weighed(digits: str) -> int:
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
