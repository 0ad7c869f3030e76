"""Reads askjapan's own study notes: one sentence a line, each with a marker of its locator in the work and its id.

```
Japanese municipalities had 1,576 sister-city links in 2009. [§2#f12]
```

Before the `#` stands the part of the work that the sentence reports, behind it the sentence's id, the same in every edition of the
note. Both become data of the unit; the quotable text ends before the marker. A table's rows have no markers: they take the part of
the work from the caption above them, and their ids are counted. Nothing here is applied to any other Markdown file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from askjapan.documents.drafts import Block
from askjapan.documents.passages import Draft, Sizes, fitting, passage_of, split
from askjapan.documents.tables import parse_table
from askjapan.readings import Reading, Segment
from askjapan.records import Document, Passage, Unit

MARKER = re.compile(r"(?:(?<![ \t])[ \t]++)?\[(?P<locator>[^\[\]\s#]+)#(?P<key>[a-z]\d+)\][ \t]*$", re.MULTILINE)
SEPARATOR = re.compile(
    r"^[^\S\r\n]*+\|[^\S\r\n]*+:?-{2,}+:?[^\S\r\n]*+(?:\|[^\S\r\n]*+:?-{2,}+:?[^\S\r\n]*+)*+\|?[^\S\r\n]*+$", re.MULTILINE
)
"""The line under a table's header."""
_LINE = re.compile(r"[^\r\n]+")
_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]+\S")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a note: its segment without the marker, the marker's locator and key, and its sort ("#" and "|" are Markdown's)."""

    segment: Segment
    sort: str
    locator: str = ""
    key: str = ""
    level: int = 0
    after_gap: bool = False


def is_study_note(reading: Reading) -> bool:
    """Whether a file says that it is a study note and marks its sentences."""
    return reading.facts.get("kind") == "study note" and MARKER.search(reading.text) is not None


def note_passages(document: Document, reading: Reading, sizes: Sizes) -> list[Passage]:
    """The passages of a study note, each unit with its locator and key; errors as for `passages.split`."""
    lines = list(_lines(reading))
    passages = split(document, reading.text, list(_blocks(reading.text, lines)), sizes)
    return list(_marked(passages, lines))


def edition_passages(document: Document, reading: Reading, lead: Sequence[Passage], sizes: Sizes) -> list[Passage]:
    """The passages of another edition of a note, cut where those of the first edition are cut, so that each has its parallel.

    Args:
        document, reading: of the other edition.
        lead: the first edition's passages.
        sizes: a passage that is over the limit in this language is cut once more.
    """
    by_key: dict[str, list[Unit]] = {}
    section_of: dict[str, str] = {}
    for passage in note_passages(document, reading, sizes):
        for unit in passage.units:
            # A table's caption and header stand in each of its passages.
            if unit not in by_key.setdefault(unit.key, []):
                by_key[unit.key].append(unit)
                section_of[unit.key] = passage.section
    passages: list[Passage] = []
    for passage in lead:
        keys = dict.fromkeys(unit.key for unit in passage.units if unit.key in by_key)
        if keys:
            units = tuple(unit for key in keys for unit in by_key[key])
            drafts = fitting(Draft(passage.kind, section_of[next(iter(keys))], units), sizes)
            passages += [passage_of(document, reading.text, draft, sizes) for draft in drafts]
    return passages


def _lines(reading: Reading) -> Iterator[_Line]:
    start = next((end for begin, end in reading.furniture if begin == 0), 0)
    last = start
    for match in _LINE.finditer(reading.text, start):
        if not match.group().strip():
            continue
        gap = len(re.findall(r"\r\n|\r|\n", reading.text[last : match.start()])) > 1
        last = match.end()
        yield _line(match, gap)


def _line(match: re.Match[str], gap: bool) -> _Line:
    raw = match.group()
    if heading := _HEADING.match(raw):
        return _Line(match.span(), "#", level=len(heading.group(1)), after_gap=gap)
    if raw.lstrip().startswith("|"):
        return _Line(match.span(), "rule" if SEPARATOR.fullmatch(raw) else "|", after_gap=gap)
    if marker := MARKER.search(raw):
        end = match.start() + marker.start()
        return _Line((match.start(), end), "sentence", marker.group("locator"), marker.group("key"), after_gap=gap)
    return _Line(match.span(), "sentence", after_gap=gap)


def _blocks(text: str, lines: Sequence[_Line]) -> Iterator[Block]:
    place = 0
    while place < len(lines):
        line, begin = lines[place], place
        place += 1
        if line.sort == "#":
            yield Block("heading", (line.segment,), level=line.level)
        elif _opens_table(lines, begin):
            while place < len(lines) and lines[place].sort in ("|", "rule"):
                place += 1
            yield _table(text, lines[begin:place])
        else:
            while place < len(lines) and not (lines[place].after_gap or lines[place].sort != "sentence"):
                place += 1
            yield Block("sentences", tuple(each.segment for each in lines[begin:place]))


def _opens_table(lines: Sequence[_Line], place: int) -> bool:
    """Whether a line is a table's first row, or the caption above it."""
    if lines[place].sort != "sentence":
        return True
    following = lines[place + 1] if place + 1 < len(lines) else None
    return lines[place].key.startswith("t") and following is not None and following.sort == "|"


def _table(text: str, lines: Sequence[_Line]) -> Block:
    caption = tuple(line.segment for line in lines if line.sort == "sentence")
    rows = [line.segment for line in lines if line.sort != "sentence"]
    table = replace(parse_table(text, rows), caption=caption)
    return Block("table", (*caption, *rows), table=table)


def _marked(passages: Iterable[Passage], lines: Sequence[_Line]) -> Iterator[Passage]:
    """The passages with the locator and key of each unit, from the line that the unit ends in."""
    marks = list(_marks(lines))
    starts = [line.segment[0] for line in lines]
    for passage in passages:
        unit_marks = (marks[bisect_right(starts, unit.segments[-1][0]) - 1] for unit in passage.units)
        units = (replace(unit, locator=loc, key=key) for unit, (loc, key) in zip(passage.units, unit_marks, strict=True))
        yield replace(passage, units=tuple(units))


def _marks(lines: Sequence[_Line]) -> Iterator[tuple[str, str]]:
    """Locator and key of each line; the rows of a table count from 1, and so do the lines of its header."""
    locator = key = ""
    header = row = 0
    for place, line in enumerate(lines):
        if line.sort == "sentence":
            locator, key, header, row = line.locator, line.key, 0, 0
            yield locator, key
        elif line.sort == "|":
            in_header = any(each.sort == "rule" for each in _rest_of_table(lines, place))
            header, row = header + in_header, row + (not in_header)
            yield locator, f"{key}.h{header}" if in_header else f"{key}.r{row}"
        else:
            yield "", ""


def _rest_of_table(lines: Sequence[_Line], place: int) -> Iterator[_Line]:
    while place < len(lines) and lines[place].sort in ("|", "rule"):
        yield lines[place]
        place += 1
