"""Finds the figures, dates and names of a page's text that a second reading of that page confirms.

A figure is confirmed when the second reading has it as a figure of its own, as often; else where it stands there between the same
characters, white space aside: one engine may join or part what the other does not. So is a figure with a note's number behind it
(12.5[^7][^8] is 12.57,8 there), one whose every character is struck twice for bold (33 is 3333, between doubled characters), and a
cell that spans rows and is repeated in each. Names are words with a capital, and runs of kanji or katakana.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from askjapan.readings import Segment

TOKEN = re.compile(
    r"\d(?:[\d.,:/]*\d)?|[A-ZÀ-ÖØ-Þ][^\W\d_]*(?:[’'-][^\W\d_]+)*[^\W\d_]|[\u30a0-\u30fa\u30fc]{2,}|[\u3400-\u9fff々]{2,}"
)
MARKUP = re.compile(
    r"\[\^(?=(?:\d{1,4}|[*†‡§¶]{1,3})\])|(?:(?<=\[\^[\d*†‡§¶])|(?<=\[\^[\d*†‡§¶]{2})|(?<=\[\^\d{3})|(?<=\[\^\d{4}))\]:?"
    r"|[\^\u00ad\u200b]|(?<=\w)[-‐]\s*\n\s*(?=[a-z])"
)
MARKERS = re.compile(r"(?:\[\^(?:\d{1,4}|[*†‡§¶]{1,3})\])+")
SPACE = re.compile(r"[\s\-‐‑‒–—−\u00ad]+")
_LEFT_OUT = re.compile(rf"(?:{MARKUP.pattern}|{SPACE.pattern})++")
# Accents as characters of their own; NFKD makes a space and a combining mark of most.
ACCENTS = frozenset("`´ˆ˜¯˘˙¨˚˝ˇ¸˛ ")
KANA_MARKS = "\u3099"  # they make another letter: パリ is not バリ
SHINGLE, ALIKE, MUCH = 8, 0.8, 0.25  # characters; shares of the shingles of two readings
AROUND = 3  # characters on either side
MOST_SEARCHED, MOST_COMPARED = 50_000_000, 1_000_000_000  # characters of a page, for its missing tokens and for its lines


def figures_of(text: str) -> list[Segment]:
    """The segments of a page's text that are a figure, a date or a name, and so are looked for in a second reading."""
    return [match.span() for match in TOKEN.finditer(text) if not _in_tag(match)]


def unconfirmed(text: str, second: str) -> list[Segment]:
    """The segments of `text` whose figure, date or name is not in the second reading of the same page.

    Where so many are missing that more than `MOST_SEARCHED` characters would be searched for them, the last ones stay unconfirmed.
    """
    there = Counter(map(_folded, TOKEN.findall(MARKUP.sub("", second))))
    tokens = [(start, end, _folded(text[start:end])) for start, end in figures_of(text)]
    here = Counter(token for *_, token in tokens)
    missing = {token for token, count in here.items() if there[token] < count}
    if not missing:
        return []
    compact, places = _compact(text)
    other, _ = _compact(second)
    looked_for = [token for token in tokens if token[2] in missing]
    searchable = MOST_SEARCHED // max(len(text), len(other), 1)
    return [
        (start, end)
        for number, (start, end, token) in enumerate(looked_for)
        if number >= searchable
        or not (
            _beside(compact, places[start], places[end - 1] + 1, other)
            or _with_notes(text, compact, places[start], places[end - 1] + 1, end, other)
            or _doubled(compact, places[start], places[end - 1] + 1, other)
            or (there[token] and _repeats_the_cell_above(text, start))
        )
    ]


def _with_notes(text: str, compact: str, start: int, end: int, place: int, other: str) -> bool:
    """Whether the figure stands in `other` after the same characters, with the numbers of the notes that follow it glued to it."""
    labels = re.findall(r"\d+|[*†‡§¶]+", markers.group()) if (markers := MARKERS.match(text, place)) else []
    if not labels:
        return False
    before = re.escape(compact[max(0, start - AROUND) : end])
    glued = {labels[0], labels[0] + labels[-1], "".join(labels), ",".join(labels)}
    return re.search(f"{before}(?:{'|'.join(sorted(map(re.escape, glued), key=len, reverse=True))})(?!\\d)", other) is not None


def _doubled(compact: str, start: int, end: int, other: str) -> bool:
    """Whether each character of the figure, and of those before it or after it, stands twice in `other`."""
    before, after = (
        "".join(each * 2 for each in part) for part in (compact[max(0, start - AROUND) : end], compact[start : end + AROUND])
    )
    return bool(re.search(rf"{re.escape(before)}(?!\d)", other) or re.search(rf"(?<!\d){re.escape(after)}", other))


def _repeats_the_cell_above(text: str, place: int) -> bool:
    """Whether a place lies in a table's cell that reads as the one above it."""
    begin, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    row = text[begin : end if end >= 0 else len(text)].split("\t")
    above = text[text.rfind("\n", 0, max(0, begin - 1)) + 1 : max(0, begin - 1)].split("\t")
    at = text.count("\t", begin, place)
    return len(row) > 1 and at < min(len(row), len(above)) and row[at].strip() == above[at].strip()


def is_part_of(text: str, second: str) -> bool:
    """Whether `text` is in the second reading, but misses much of what that has."""
    one, other = (_shingles(_compact(each)[0]) for each in (text, second))
    if not one or not other:
        return False
    alike = len(one & other) > ALIKE * len(one) and len(other - one) > MUCH * len(other)
    return alike and _beyond(text, second) > MUCH * len(other)


def _beyond(text: str, second: str) -> int:
    """Number of characters of the second reading outside the lines of `text`, which it may repeat: bold ones are struck again.

    0 where more than `MOST_COMPARED` characters would be searched.
    """
    rest = _compact(second)[0]
    lines = {_compact(each)[0] for each in text.split("\n")}
    if len(lines) * len(rest) > MOST_COMPARED:
        return 0
    for line in sorted(lines, key=len, reverse=True):
        rest = rest.replace(line, "", -1 if len(line) > SHINGLE else 1)
    return len(rest)


def _shingles(compact: str) -> set[str]:
    return {compact[at : at + SHINGLE] for at in range(len(compact) - SHINGLE + 1)}


def _in_tag(match: re.Match[str]) -> bool:
    """Whether it is the number of a note, which is no figure of the text."""
    return match.string[match.start() - 2 : match.start()] == "[^" and match.string[match.end() : match.end() + 1] == "]"


@lru_cache(maxsize=65_536)
def _folded(token: str) -> str:
    """Letters without accents, which some files draw as characters of their own, and ligatures as letters."""
    if token.isascii():
        return token.replace("`", "'")
    parts = unicodedata.normalize("NFKD", token).replace("’", "'")
    return unicodedata.normalize(
        "NFKC", "".join(each for each in parts if each not in ACCENTS and not (unicodedata.combining(each) and each < KANA_MARKS))
    )


def _compact(text: str) -> tuple[str, list[int]]:
    """The text without white space, hyphens and markup, ligatures as letters, and where each of its characters went."""
    parts: list[str] = []
    places: list[int] = []
    size = at = 0
    for start, end in _left_out(text):
        for character in text[at:start]:
            places.append(size)
            part = _folded(character)
            parts.append(part)
            size += len(part)
        places += [size] * (end - start)
        at = end
    return "".join(parts), places


def _left_out(text: str) -> Iterator[Segment]:
    at = 0
    for match in _LEFT_OUT.finditer(text):
        yield match.span()
        at = match.end()
    yield max(at, len(text)), len(text)


def _beside(text: str, start: int, end: int, other: str) -> bool:
    """Whether the stretch stands in `other` with the same characters before it or after it; all digits around it count."""
    if text[start:end][:1].isdigit():
        while start and text[start - 1].isdigit():
            start -= 1
        while end < len(text) and text[end].isdigit():
            end += 1
    figure = text[start:end][:1].isdigit()
    before, after = text[max(0, start - AROUND) : end], text[start : end + AROUND]
    # No further digit may stand at the end that is looked at without its neighbours.
    return bool(
        re.search(re.escape(before) + (r"(?!\d)" if figure else ""), other)
        or re.search((r"(?<!\d)" if figure else "") + re.escape(after), other)
    )
