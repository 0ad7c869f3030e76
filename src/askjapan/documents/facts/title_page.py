"""The title, the authors and the year that stand on the first page of a work without front matter or metadata."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from askjapan.documents.facts.imprint import year_of
from askjapan.language.quotation import clean
from askjapan.language.wordings import wordings
from askjapan.readings import Reading

_EN, _JA = wordings("title_page", "en"), wordings("title_page", "ja")
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
_BYLINE = re.compile(
    r"^(?:by|written by|authors?(?:\(s\))?\s*[:：]|著者?\s*[:：])\s*(?P<names>\S.*)$",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"(?:(?<!\s)\s++)?(?:[,;&、，・]|\band\b)\s*+")
_NAME = re.compile(r"(?:(?:de|van|von|der|da|la|bin|al)\s+)?[^\W\d_a-z][\w.’'˘´¨ˇ˜¸-]*", re.UNICODE)
_NOTE_MARK = re.compile(r"(?<![\s\d*∗⁎†‡§¶])[\s\d*∗⁎†‡§¶]++$")
_AFFILIATION = re.compile(r"(?:(?<!\s)\s++)?[（(][^（）()]*+[)）]\s*+")
_NO_PERSON = re.compile(
    rf"\b(?:{_EN['no_person']})\b|{_JA['no_person']}",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PARTS = rf"{_EN['parts']}|{_JA['parts']}"
PART = re.compile(rf"\A[\W\d_]*+(?:{_PARTS})(?:[\s:：.．…・―–—-].*)?", re.IGNORECASE)
"""A line that heads a part of a work. What stands from there on is no longer its title page."""
_PAPER = r"(?:working|discussion|occasional|policy|research|staff)\s+papers?\b"
_OUTSIDE = re.compile(
    rf"{_EN['outside']}|第\s*\d+\s*[巻号集輯]|^(?:issn|jel)\b|"
    rf"^\W*+(?:(?:original|research|review|regular|full|open access)\s+)*(?:{_EN['kinds']})\W*$|"
    rf"{_PAPER}(?:(?!{_PAPER}).)*(?:\d|\bseries\b)|\bpaper\s+series\b|^\W*+(?:{_JA['kinds']})\W*$",
    re.IGNORECASE,
)
_JAPANESE_NAMES = (
    r"(?:[一-鿿々ヶ](?:[一-鿿々ヶ]{0,3}+[ \u3000]|[一-鿿々ヶ]{0,3})[一-鿿々ぁ-んァ-ヶー]{1,5}+\s*+[、，・,]\s*+)*+"
    r"[一-鿿々ヶ]{1,4}[ \u3000]?[一-鿿々ぁ-んァ-ヶー]{1,5}?"
)
_JAPANESE_NAME = re.compile(
    rf"(?:(?:著者?|執筆者?|氏名|編者?|筆者|訳者?)\s*+[:：]\s*+)?(?P<names>{_JAPANESE_NAMES})\s*+(?P<role>著|編著?|訳|[（(][^（）()]{{1,40}}[)）])?"
)
_ROLE = re.compile(r"[ \u3000](?:[共編]?著|共?編|訳)$")
_BETWEEN_JAPANESE_NAMES = re.compile(r"(?:(?<!\s)\s++)?[、，・,]\s*+")
_NO_JAPANESE_PERSON = re.compile(
    r"大学|学会|学部|研究|協会|委員|省|庁|都市|市$|県$|府$|町$|村$|港|会$|所$|部$|課$|要旨|目次|序|論文|報告|概要|年度|資料|調査|特集|第.章|結論|参考|白書|政策|"
    r"交流|国際|協会|年|月|について|に関|の[一-鿿]|及び|および|はじめ|おわり"
)
_JAPANESE = re.compile("[぀-ヿ一-鿿]")
_LOOKED_AT = 40
_LONGEST_LINE = 1_000  # characters; what stands further on in a line tells no title, author or year
_TITLE_LINES = 4
_TITLE_WORDS = 30
_TITLE_LETTERS = 200
_SENTENCE_WORDS, _SENTENCE_JAPANESE = 12, 40
_AUTHOR_LINES = 4
_SHORT = 12
_REPEATED = 3


@dataclass(frozen=True, slots=True)
class FirstPage:
    """Title, authors and year from the first lines; empty where these do not state them plainly."""

    title: str = ""
    authors: tuple[str, ...] = ()
    year: str = ""


def first_page(reading: Reading) -> FirstPage:
    """The title (the first line, with lines that plainly go on with it), a byline under it, and the year of a line with a date.

    Running heads, imprints and series are passed over; from a line such as "Contents" or "Abstract" on there is no title.
    """
    lines = _first_lines(reading)
    first = next((number for number, line in enumerate(lines) if _may_begin_title(line)), len(lines))
    used, title = _title(lines, first)
    return FirstPage(title, _authors_under(lines[used:]) if title else (), year_of([*lines[:first], *lines[used:]]))


def is_no_title(text: str) -> bool:
    """Whether a line that looks like a title is a part's heading, or names a journal, a series or an address."""
    return bool(PART.fullmatch(text) or _OUTSIDE.search(text))


def _first_lines(reading: Reading) -> list[str]:
    heads = _heads_of_pages(reading) if reading.pages else _running_heads(reading.text)
    lines: list[str] = []
    for match in re.finditer(r"[^\r\n\f]+", reading.text):
        start, end = match.span()
        inside = any(begin <= start and end <= stop for begin, stop in reading.furniture)
        line = _line(match.group()[:_LONGEST_LINE])
        if PART.fullmatch(line) and not inside:
            break
        if line and not inside and line not in heads:
            lines.append(line)
        if len(lines) == _LOOKED_AT:
            break
    return lines


def _heads_of_pages(reading: Reading) -> frozenset[str]:
    """The parts of running heads that stand on several pages, such as "Proposed Rules" of "Register/Vol. 8/Proposed Rules 476"."""
    heads = (clean(reading.text[start:end]) for start, end in reading.furniture)
    parts = Counter(part.strip(" \t0123456789") for head in heads for part in re.split(r"[/|·]", head))
    return frozenset(part for part, count in parts.items() if part and count >= _REPEATED)


def _running_heads(text: str) -> frozenset[str]:
    """The first line of a text without pages, if it stands there three times or more and no authors stand under it."""
    lines = (line for raw in text.splitlines() if (line := _line(raw)))
    first, under = next(lines, ""), next(lines, "")
    if not under or _authors(under):
        return frozenset()
    # A text may have one line many thousand times, which is cleaned once.
    times = sum(times for raw, times in Counter(text.splitlines()).items() if _line(raw) == first)
    return frozenset({first} if times >= _REPEATED else ())


def _line(raw: str) -> str:
    return clean(raw).strip(" *_")


def _may_begin_title(line: str) -> bool:
    return any(character.isalpha() for character in line) and not _OUTSIDE.search(line) and not year_of([line])


def _title(lines: list[str], first: int) -> tuple[int, str]:
    """Number of the line after the title, and the title; the title is empty where a sentence of the text stands there."""
    title = ""
    for number in range(first, min(first + _TITLE_LINES, len(lines))):
        line = lines[number]
        if len(f"{title} {line}".split()) > _TITLE_WORDS or len(line) > _TITLE_LETTERS or _is_sentence(line):
            return number, title
        title = f"{title} {line}".strip()
        if _is_sentence(title):
            return number + 1, ""
        following = lines[number + 1] if number + 1 < len(lines) else ""
        goes_on = title.endswith(_GOES_ON) or following[:1].islower() or _is_second_line(lines[number + 1 : number + 3])
        if _BYLINE.match(following) or not goes_on:
            return number + 1, title
    return min(first + _TITLE_LINES, len(lines)), title


def _is_second_line(following: list[str]) -> bool:
    """Whether a line under a title belongs to it: the line after it names the authors, and it holds no name itself."""
    if len(following) < 2 or not _may_begin_title(following[0]) or _authors(following[0].rstrip(", ")):
        return False
    return bool(_authors(following[1])) and not _is_sentence(following[0])


def _is_sentence(line: str) -> bool:
    if len(line.split()) > _SENTENCE_WORDS and (line.endswith(".") or re.search(r"[a-z]{3}\. [A-Z]", line)):
        return True
    return line.endswith("。") and len(line) > _SENTENCE_JAPANESE


def _authors_under(lines: list[str]) -> tuple[str, ...]:
    """The names of the first line that has any, and of the lines that go on with it."""
    for number, line in enumerate(lines[:_AUTHOR_LINES]):
        names = list(_authors(line.rstrip(", ")))
        for after in lines[number + 1 :]:
            if not names or not re.search(r"(?:,|&|\band)$", line):
                break
            names += _authors(after.rstrip(", "))
            line = after
        if names:
            return tuple(names)
    return ()


def _japanese_authors(line: str) -> tuple[str, ...]:
    """The names of a line of Japanese ones: 「森　健二」, 「森健二・青海花子」, 「著者：森健二」; a single one needs a space or a role."""
    match = _JAPANESE_NAME.fullmatch(line.strip())
    if match is None or _NO_JAPANESE_PERSON.search(match.group("names")):
        return ()
    bare = _ROLE.sub("", match.group("names").strip())
    names = _BETWEEN_JAPANESE_NAMES.split(bare)
    labelled = match.start("names") > 0 or match.group("role") or bare != match.group("names").strip() or len(names) > 1
    spaced = all(len(re.split(r"[ \u3000]", name)) == 2 for name in names)
    return tuple(" ".join(name.split()) for name in names) if labelled or spaced else ()


def _authors(line: str) -> tuple[str, ...]:
    byline = _BYLINE.match(line)
    japanese = _japanese_authors(line)
    if japanese or (not byline and _JAPANESE.search(line)):
        return japanese
    listed = byline["names"] if byline else line
    names = [name for part in _BETWEEN_NAMES.split(_AFFILIATION.sub(" ", listed)) if (name := _NOTE_MARK.sub("", part).strip())]
    if byline and len(line.split()) <= _SHORT and not _YEAR.search(line):
        return tuple(names)
    if len(line.split()) > 2 * _SHORT or line.endswith((".", ":", "?", "!", "。")):
        return ()
    persons = 0
    while persons < len(names) and _is_person(names[persons]):
        persons += 1
    # What follows the names may only be where these people work.
    rest = " ".join(names[persons:])
    return tuple(names[:persons]) if persons and (not rest or _NO_PERSON.search(rest)) else ()


def _is_person(name: str) -> bool:
    words = name.split()
    return 2 <= len(words) <= 4 and not _NO_PERSON.search(name) and all(_NAME.fullmatch(word) for word in words)
