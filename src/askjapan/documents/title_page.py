"""The title, the authors and the year that stand on the first page of a work without front matter or metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askjapan.language.quotation import clean
from askjapan.records import Reading

_GOES_ON = (
    ":",
    "-",
    "–",
    "—",
    " of",
    " the",
    " a",
    " an",
    " and",
    " or",
    " for",
    " in",
    " to",
    " on",
    " at",
    " by",
    " with",
    " from",
)
_BYLINE = re.compile(r"^(?:by|written by|authors?\s*[:：]|著者?\s*[:：])\s*(?P<names>\S.*)$", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;&、，・]|\band\b)\s*")
_NAME = re.compile(r"(?:(?:de|van|von|der|da|la|bin|al)\s+)?[^\W\d_a-z][\w.’'-]*", re.UNICODE)
_NO_PERSON = re.compile(
    r"\b(?:universit\w*|institut\w*|department|school|faculty|college|ministry|cent(?:er|re)|program(?:me)?|paper|series|report|working|press|"
    r"journal|review|abstract|introduction|contents|summary|chapter|volume|draft|city|cities|japan|the|of|and|in|on|for)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_JAPANESE_NAME = re.compile(
    r"(?:(?:著者?|執筆者?|氏名|編者?|筆者|訳者?)\s*[:：]\s*)?"
    r"(?P<names>[一-鿿々ヶ]{1,4}[ \u3000]?[一-鿿々ぁ-んァ-ヶー]{1,5}(?:\s*[、，・,]\s*[一-鿿々ヶ]{1,4}[ \u3000]?[一-鿿々ぁ-んァ-ヶー]{1,5})*)"
    r"\s*(?P<role>著|編著?|訳|\s*(?:[（(][^（）()]{1,40}[)）]))?"
)
_BETWEEN_JAPANESE_NAMES = re.compile(r"\s*[、，・,]\s*")
_NO_JAPANESE_PERSON = re.compile(
    r"大学|学会|学部|研究|協会|委員|省|庁|都市|市$|県$|府$|町$|村$|港|会$|所$|部$|課$|要旨|目次|序|論文|報告|概要|年度|資料|調査|特集|第.章|結論|参考|白書|政策|"
    r"交流|国際|協会|年|月|について|に関|の[一-鿿]|及び|および|はじめ|おわり"
)
_JAPANESE = re.compile("[぀-ヿ一-鿿]")
_LOOKED_AT = 12
_TITLE_LINES = 4
_TITLE_WORDS = 30
_SHORT = 12


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What the first lines say; empty where they do not say it plainly."""

    title: str = ""
    authors: tuple[str, ...] = ()
    year: str = ""


def first_page(reading: Reading) -> FirstPage:
    """The title (the first line, with lines that plainly go on with it), a byline under it, and the year of a short line."""
    lines = _first_lines(reading)
    used, title = _title(lines)
    under = lines[used : used + 3] if title else []
    authors = next((names for line in under if (names := _authors(line))), ())
    years = (_YEAR.search(line) for line in lines if len(line.split()) <= _SHORT)
    return FirstPage(title, authors, next((year.group() for year in years if year), ""))


def _first_lines(reading: Reading) -> list[str]:
    lines: list[str] = []
    for match in re.finditer(r"[^\r\n\f]+", reading.text):
        start, end = match.span()
        inside = any(low <= start and end <= high for low, high in reading.furniture)
        line = clean(match.group()).strip(" *_")
        if line and not inside:
            lines.append(line)
        if len(lines) == _LOOKED_AT:
            break
    return lines


def _title(lines: list[str]) -> tuple[int, str]:
    """How many lines the title takes up to its end, and the title; a line without letters, a page number, is passed over."""
    first = next((number for number, line in enumerate(lines) if any(char.isalpha() for char in line)), len(lines))
    title = ""
    for number in range(first, min(first + _TITLE_LINES, len(lines))):
        line = lines[number]
        if len(f"{title} {line}".split()) > _TITLE_WORDS or len(line) > 200:
            return number, title
        title = f"{title} {line}".strip()
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if _BYLINE.match(following) or (not title.endswith(_GOES_ON) and not following[:1].islower()):
            return number + 1, title
    return first + _TITLE_LINES, title


def _japanese_authors(line: str) -> tuple[str, ...]:
    """The names of a line of Japanese names: 「森　健二・青海花子」, 「著者：森健二」, 「森 健二 著」; bare ones need a space, role or neighbour."""
    match = _JAPANESE_NAME.fullmatch(line.strip())
    if match is None or _NO_JAPANESE_PERSON.search(match.group("names")):
        return ()
    names = _BETWEEN_JAPANESE_NAMES.split(match.group("names").strip())
    labelled = match.start("names") > 0 or match.group("role") or len(names) > 1
    spaced = all(len(re.split(r"[ \u3000]", name)) == 2 for name in names)
    return tuple(" ".join(name.split()) for name in names) if labelled or spaced else ()


def _authors(line: str) -> tuple[str, ...]:
    byline = _BYLINE.match(line)
    japanese = _japanese_authors(line)
    if japanese or (not byline and _JAPANESE.search(line)):
        return japanese
    names = [name for name in _BETWEEN_NAMES.split(byline.group("names") if byline else line) if name]
    if byline and len(line.split()) <= _SHORT and not _YEAR.search(line):
        return tuple(names)
    if len(line.split()) > _SHORT or line.endswith((".", ":", "?", "!")) or _NO_PERSON.search(re.sub(r"\band\b", "", line)):
        return ()
    plain = all(2 <= len(name.split()) <= 4 and all(_NAME.fullmatch(word) for word in name.split()) for name in names)
    return tuple(names) if names and plain else ()
