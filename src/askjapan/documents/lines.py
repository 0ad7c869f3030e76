"""A text as read → chunks of neighbouring lines of one sort, without blank lines, page rules, furniture and web menus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from askjapan.documents.tables import is_row
from askjapan.language.quotation import NO_EXPONENT, NOTE_LABEL
from askjapan.language.wordings import wordings
from askjapan.readings import Reading, Segment

_EN, _JA = wordings("lines", "en"), wordings("lines", "ja")
Sort = Literal["text", "row", "bullet", "note", "heading"]

_LINE = re.compile(r"[^\r\n\f\v\x1c-\x1e\x85\u2028\u2029]+|\f")
_BLANK_BELOW = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r|\n)")
_RULE = re.compile(r"^\s*(?:-{3,}|\*{3,}|_{3,}|(?:\* ){2,}\*|-)\s*$")
MARKDOWN_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+\S")
_FIGURES = r"(?P<arabic>\d{1,2}(?:\.\d{1,2})*)(?:(?P<dot>\.?)\s{1,3}|(?P<wide>．)\s?)|(?P<roman>[IVX]{1,5}(?:-\d{1,2})?)\.\s+"
NUMBERED_HEADING = re.compile(
    rf"^\s*(?:{_FIGURES}|(?P<part>(?:chapter|part|section)\s+(?:\d+|[ivx]+|one|two|three|four|five))[.:]?\s+"
    r"|(?P<japanese>第[0-90-9一二三四五六七八九十]+[章節部])\s*)(?=[^\W\d_])",
    re.IGNORECASE,
)
BULLET = re.compile(r"^\s{0,8}(?:(?:[-*+•‣◦·・●○■□]|\(?(?:\d{1,2}|[a-z])[.)])\s+|\d{1,2}．\s*(?=[^\W\d_]))(?=\S)")
KNOWN_HEADING = re.compile(
    rf"^(?:{_EN['known_headings']}|{_JA['known_headings']})$",
    re.IGNORECASE,
)
NOTE_START = re.compile(
    rf"^\s*(?:[-*]\s+)?(?:\[\^(?P<mark>{NOTE_LABEL})\]:?|<sup>\s*(?P<sup>\d{{1,3}})\s*</sup>|(?P<uni>[\u00b9\u00b2\u00b3\u2070-\u2079]+)"
    r"|\[(?P<bracket>\d{1,3})\])\s*(?=\S)"
)
NOTE_MARKER = re.compile(
    rf"(?<!\\)\[\^({NOTE_LABEL})\]|{NO_EXPONENT}(?:<sup>\s*(\d{{1,3}})\s*</sup>|\[(\d{{1,3}})\]|([\u00b9\u00b2\u00b3\u2070-\u2079]+))"
)
"""A marker in the text that points to a numbered note; `marker_label` gives the number."""
_RAISED = str.maketrans("¹²³⁰⁴⁵⁶⁷⁸⁹", "1230456789")
TERMINAL = re.compile(
    r"""[.!?:;…。！？：；｡．]["'”’»)\]）」』】*_]*+(?:<sup>[^<]*</sup>|\[\^[^\[\]\s]{1,32}\]|\[\d{1,3}\]|[\u00b9\u00b2\u00b3\u2070-\u2079])*+"""
    r"""["'”’»)\]）」』】*_]*+\s*+$"""
)
DANGLING = re.compile(r"\b(?:a|an|and|at|by|for|from|in|into|of|on|or|the|to|toward|with)$|[–—:,]$", re.IGNORECASE)
_TITLED = re.compile(
    r"\A\s*+(?:[\w-]++\.(?:\d++\.?)*+|(?:[Cc]hapter|CHAPTER|[Pp]art|PART|[Ss]ection|SECTION)\s++\w++[.:])\s++(?P<first>\w)"
)
_MENU = re.compile(
    r"^(?:main |site )?menu(?: content\b.*)?$|\barrow\b.*\barrow\b|^share (?:this|on)\b|"
    r"^skip to (?:main |the )?(?:content|navigation)|(?:печать|print|drucken|imprimer)\s*[|/·]?\s*e-?mail$",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"©|\(c\) copyright|copyright \d|all rights reserved|^«\s*(?:prev|back|пред|назад|préc|zurück)|"
    r"\b(?=\w*?(?:next|след|вперед|suiv|weiter))\w++\.?\s*+»$",
    re.IGNORECASE,
)
LONG_LINE = 160
EDGE_LINES = 12
HEADING_WORDS = 14
NAVIGATION_WORDS = 14
PROSE_WORDS = 25


@dataclass(frozen=True, slots=True)
class Chunk:
    """Neighbouring lines of one sort, before healing."""

    sort: Sort
    lines: tuple[Segment, ...]

    @property
    def segment(self) -> Segment:
        return self.lines[0][0], self.lines[-1][1]


def marker_label(match: re.Match[str]) -> str:
    """The number of a note, from a match of `NOTE_START` or `NOTE_MARKER`, in plain digits."""
    return next((group for group in match.groups() if group), "").translate(_RAISED)


def chunks_of(reading: Reading) -> Iterator[Chunk]:
    """The chunks of a document in order."""
    pending: list[Segment] = []
    sort: Sort = "text"
    markdown = reading.markup == "markdown"
    lines = list(_lines(reading))
    navigation = _navigation(reading.text, lines)
    longest = 0  # of the pending lines
    for line in [*(None if number in navigation else line for number, line in enumerate(lines)), None]:
        kind = _sort_of(reading.text[line[0] : line[1]], markdown) if line else "text"
        if pending and (line is None or not _continues(reading.text, sort, pending[-1], kind, max(longest, line[1] - line[0]))):
            yield Chunk(sort, tuple(pending))
            pending, longest = [], 0
        if line is not None:
            sort = sort if pending else kind
            pending.append(line)
            longest = max(longest, line[1] - line[0])


def capitalised(words: list[str]) -> bool:
    """Whether at least 60 % of the words of over three letters start with a capital (or a letter beyond ASCII), as in a title."""
    weighty = [word.lstrip("*_“\"'(") for word in words if len(word) > 3]
    return sum(word[:1].isupper() or not word[:1].isascii() for word in weighty) >= 0.6 * max(1, len(weighty))


def numbered_level(raw: str) -> int:
    """The level of a numbered heading: 1 for "4.", 2 for "4.1." and "IV-2."."""
    match = NUMBERED_HEADING.match(raw)
    number = (match.group("arabic") or match.group("roman") or "") if match else ""
    return 1 + number.count(".") + number.count("-")


def _lines(reading: Reading) -> Iterator[Segment | None]:
    """The lines' segments; None for a blank line, a rule, a page break or a piece of furniture."""
    text = reading.text
    furniture = sorted(reading.furniture)
    first = 0
    for match in _LINE.finditer(text):
        while first < len(furniture) and furniture[first][1] <= match.start():
            first += 1
        parts = _outside(match.span(), furniture, first)
        for part in parts or [match.span()]:
            cut = parts != [match.span()]
            blank = not parts or not text[slice(*part)].strip() or _RULE.match(text[slice(*part)])
            yield from (None,) if blank else (None, part, None) if cut else (part,)
        if _BLANK_BELOW.match(text, match.end()):
            yield None


def _outside(line: Segment, furniture: list[Segment], first: int) -> list[Segment]:
    """Parts of a line that are no furniture; all furniture before the `first` piece ends before the line."""
    start, end = line
    parts: list[Segment] = []
    for number in range(first, len(furniture)):
        begin, stop = furniture[number]
        if begin >= end:
            break
        if stop <= start:
            continue
        if begin > start:
            parts.append((start, begin))
        start = stop
    return [*parts, (start, end)] if start < end else parts


def _sort_of(line: str, markdown: bool) -> Sort:
    if is_row(line):
        return "row"
    if MARKDOWN_HEADING.match(line) and markdown:
        return "heading"
    if NOTE_START.match(line):
        return "note"
    if (numbered := NUMBERED_HEADING.match(line)) and _reads_like_title(line, line[numbered.end() :]):
        return "heading"
    return "bullet" if BULLET.match(line) else "text"


def _reads_like_title(line: str, title: str) -> bool:
    """A numbered line is a heading if it is short, does not end like a sentence, and has capitals or a mark after its number."""
    words = line.split()
    if len(words) > HEADING_WORDS + 4 or TERMINAL.search(line.rstrip("?")) or re.match(r"\s*\(?\w{1,2}\)", line):
        return False
    return capitalised(title.split()) or _is_titled(line)


def _is_titled(line: str) -> bool:
    """Whether a capital stands behind the mark: "2. Money for the ferry", "Chapter 3: Ferries and their crews"."""
    match = _TITLED.match(line)
    return match is not None and match["first"].isupper()


def _continues(text: str, sort: Sort, last: Segment, kind: Sort, longest: int) -> bool:
    """Whether a line belongs to the chunk above it (no blank line between them).

    `last` is the last line of the chunk, `longest` the length of the longest of its lines and this one.
    """
    if sort == "row" or kind == "row":
        return sort == kind
    if sort == "heading":
        above = text[slice(*last)].strip()
        return kind == "text" and not above.startswith("#") and bool(DANGLING.search(above))
    return kind == "text" and longest <= LONG_LINE and not _is_known(text[slice(*last)])


def _is_known(line: str) -> bool:
    """Whether a line is the heading of a part that many works have, as it is written above one: "Introduction", "NOTES", "注"."""
    title = line.strip(" \t:")
    return not title[:1].islower() and bool(KNOWN_HEADING.match(title))


def _navigation(text: str, lines: list[Segment | None]) -> set[int]:
    """The numbers of a web page's menu and footer lines: those at either end, from or up to one that is plainly navigation."""
    there = [number for number, line in enumerate(lines) if line]
    if len(there) <= 2 * EDGE_LINES:
        return set()
    words = [text[slice(*line)].strip() for line in lines if line]
    head = [place for place in range(EDGE_LINES) if _is(_MENU, words[place])]
    tail = [place for place in range(len(there) - EDGE_LINES, len(there)) if _is(_FOOTER, words[place])]
    dropped = set(there[: head[-1] + 1]) if head else set()
    if tail and any(len(line.split()) > PROSE_WORDS for line in words[tail[0] :]):
        # Prose comes after it: a picture's credit, say, not the foot of the page.
        return dropped | {there[place] for place in tail}
    if tail:
        first = tail[0]
        while first > len(there) - EDGE_LINES and _is_link(words[first - 1]):
            first -= 1
        dropped.update(there[first:])
    return dropped


def _is(pattern: re.Pattern[str], line: str) -> bool:
    return len(line.split()) <= NAVIGATION_WORDS and bool(pattern.search(line))


def _is_link(line: str) -> bool:
    return len(line.split()) <= 6 and not TERMINAL.search(line) and not any(char.isdigit() for char in line) and not is_row(line)
