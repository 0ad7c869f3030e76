"""Tables in a text: tab-separated or Markdown rows, with their header, group labels, caption and notes, all as segments."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askjapan.language.quotation import clean, normalise
from askjapan.language.wordings import wordings
from askjapan.readings import Segment

_EN, _JA = wordings("tables", "en"), wordings("tables", "ja")
_SEPARATOR_ROW = re.compile(r"^\s*+\|?\s*+:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*+\|?\s*+$")
_NUMBER = re.compile(r"^[^\w]*+\d[\d,.]*+(?:\s*+(?:%|\*{1,3})?\s*+\([\d,.]++\))?[^\w]*+$")
_YEAR = re.compile(r"^[^\w]*+(?:1[5-9]|20)\d\d(?:[–-]\d{2,4})?[^\w]*+$")
_NUMBERED = r"第\s*[\d一二三四五六七八九十]+(?:\s*[-.－―]\s*\d+)*\s*[表図](?![一-鿿]{0,2}[館書面現明示])"
_CAPTION = re.compile(
    rf"^[\s*_#(]*(?:(?:annex|appendix)\s+(?:table|figure|chart|box)\b|(?:{_EN['captions']})\s*(?:\d|[ivx]+\b|[a-z](?:[.-]?\d|\s*[.:]|$))|[【〔［（]?(?:"
    rf"{_JA['captions']})\s*(?:[A-Za-zＡ-Ｚ]\s*[-.－―]?\s*)?(?:\d|[一二三四五六七八九十ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+(?![一-鿿]))|{_NUMBERED})",
    re.IGNORECASE,
)
_JAPANESE_LABEL = re.compile(rf"^[\s*_#(【〔［（]*(?:{_JA['captions']}|第)")
_SAYS = re.compile(
    rf"^\W*+(?:\w++\s++)?(?:\w++\.?\s++)?(?:\w*+[.-])*+(?=[^\W\d]*+\d)\w++\s++(?:also\s+)?(?:{_EN['says']})\b",
    re.IGNORECASE,
)
"""A sentence about a table ("Table 3 shows that …") is no caption."""
_JAPANESE_SAYS = re.compile(
    rf"^\W*+(?:第\s*+)?(?:{_JA['captions_said']})?\s*+[\dA-Za-z一二三四五六七八九十.\-－―]*+\s*+[表図]?[\d.\-－―]*+\s*+(?:は|が|を|に(?!おけ|つい)|で(?!の)|では|"
    r"も|から|より|と(?!の)|の(?:とおり|通り|よう))|[。．]\s*+$"
)
"""A Japanese sentence is no caption either: a particle follows its number (「表1は…」「表2に示す」), or it ends like a sentence."""
_LONGEST_JAPANESE_CAPTION = 90
_UNIT_LINE = re.compile(
    rf"^[\s*(\[（［-]*(?:{_EN['units']}|単位|\(\d{{4}}\))",
    re.IGNORECASE,
)
_NOTE_LINE = re.compile(
    rf"^[\s*_(\[]*(?:{_EN['notes']})\b\s*[:：)]|^[\s*_(\[（〔［]*(?:{_JA['notes']})\s*+[\d０-９]{{0,2}}+\s*+[:：)）〕］]|^\s*※\s*\d?|"
    rf"^[\s*_]*statlink\b|^\s*\*{{1,3}}\s*(?:{_EN['means']}|=|:|p\s*[<=])",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"^(?:n\.?/?a\.?|[-–—.…*]*)$", re.IGNORECASE)
_BAR = re.compile(r"(?<!\\)\|")
_UNSEEN = "\u200b"  # neither shown nor compared
MAX_HEADER_ROWS = 3
MAX_LABEL = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its own segment, and before it that of the group label that it stands under, if it has no label of its own."""

    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with everything needed to read one of its rows alone."""

    header: tuple[Segment, ...]
    rows: tuple[Row, ...]
    caption: tuple[Segment, ...] = ()
    notes: tuple[Segment, ...] = ()


def is_row(line: str) -> bool:
    """Whether a line looks like a table row: at least one tab between texts, or Markdown pipes."""
    stripped = line.strip()
    return (
        "\t" in line.rstrip()
        or (stripped.startswith("|") and stripped.count("|") >= 2)
        or bool(_SEPARATOR_ROW.match(line) and "|" in line)
    )


def is_caption(text: str) -> bool:
    """Whether a short text opens like the caption of a table or figure."""
    if not _CAPTION.match(text) or len(text.split()) > 45 or _SAYS.match(text):
        return False
    japanese = not text.isascii() and _JAPANESE_LABEL.match(text) is not None
    return not japanese or (len(text) <= _LONGEST_JAPANESE_CAPTION and not _JAPANESE_SAYS.search(text.strip()))


def is_unit_line(text: str) -> bool:
    """Whether a short line gives units or a subtitle: "(unit: thousand persons)", "(2010)"."""
    return bool(_UNIT_LINE.match(text)) and len(text.split()) <= 15


def is_note(text: str) -> bool:
    """Whether a text is a source or note line under a table or figure."""
    return bool(_NOTE_LINE.match(text))


def cells(line: str) -> list[tuple[str, int]]:
    """The cells of a row as (cleaned text, offset of the cell in the line)."""
    bounds = (
        [match.start() for match in re.finditer("\t", line)] if "\t" in line else [match.start() for match in _BAR.finditer(line)]
    )
    starts = [0, *(bound + 1 for bound in bounds)]
    row = [(_cell(line[start:end], within=start > 0), start) for start, end in zip(starts, [*bounds, len(line)], strict=True)]
    if "\t" not in line:
        row = row[1:] if row and not row[0][0] else row
        row = row[:-1] if row and not row[-1][0] else row
    return row


def _cell(raw: str, *, within: bool) -> str:
    """A cell's text; `_UNSEEN` goes before what marks a quotation, a heading or a note at the beginning of a line, but not within it."""
    marked = within and raw.lstrip().startswith(("#", ">", "[^"))
    return clean(f"{_UNSEEN}{raw.strip()}" if marked else raw)


def row_text(line: str) -> str:
    """A row for reading: its cells joined by tabs; empty cells at its end are dropped.

    Where cells by themselves are compared otherwise than the line that they stand in, it is that line.
    """
    texts = [text for text, _ in cells(line)]
    row = "\t".join([*texts[:1], *(text.replace(_UNSEEN, "") for text in texts[1:])]).rstrip("\t")
    return row if normalise(row) == normalise(line) else clean(line)


def parse_table(text: str, lines: list[Segment]) -> Table:
    """Split a table's lines into header and data rows, and give each row its group label.

    Args:
        text: the document's text as read.
        lines: the segments of the table's lines, without their line ends.
    """
    header_count, kept = _header(text, lines)
    rows: list[Row] = []
    label: Segment | None = None
    for start, end in kept[header_count:]:
        row = cells(text[start:end])
        first = row[0][0] if row else ""
        if first:
            label = _label(text, (start, end), row)
            rows.append(Row(((start, end),)))
        else:
            rows.append(Row((label, (start, end)) if label else ((start, end),)))
    return Table(header=tuple(kept[:header_count]), rows=tuple(rows))


def continues_table(text: str, lines: list[Segment], following: list[Segment]) -> bool:
    """Whether rows under a blank line belong to the table above: about as wide, and double-spaced or without a header."""
    if any(_SEPARATOR_ROW.match(text[start:end]) for start, end in following[:2]):
        return False
    first = [cell for cell, _ in cells(text[slice(*following[0])])]
    if abs(len(first) - len(cells(text[slice(*lines[-1])]))) > 1:
        return False
    return len(lines) == 1 or len(following) == 1 or any(_NUMBER.match(cell) and not _YEAR.match(cell) for cell in first)


def _header(text: str, lines: list[Segment]) -> tuple[int, list[Segment]]:
    separators = [number for number, (start, end) in enumerate(lines) if _SEPARATOR_ROW.match(text[start:end])]
    kept = [line for number, line in enumerate(lines) if number not in separators]
    if separators:
        return min(separators[0], MAX_HEADER_ROWS), kept
    count = 0
    for start, end in kept[:MAX_HEADER_ROWS]:
        texts = [cell for cell, _ in cells(text[start:end])]
        figures = [cell for cell in texts if _NUMBER.match(cell) and not _YEAR.match(cell)]
        begins_with_year = bool(texts) and bool(_YEAR.match(texts[0]))
        says_nothing = bool(texts and texts[0]) and all(_NOTHING.match(cell) for cell in texts[1:])
        if figures or begins_with_year or (count and says_nothing):
            break
        count += 1
    text_only = count == min(len(kept), MAX_HEADER_ROWS)
    return (1 if text_only and len(kept) > 1 else count), kept


def _label(text: str, line: Segment, row: list[tuple[str, int]]) -> Segment | None:
    """The first cell's segment, when the row's second cell is a text too: only then do rows below stand in its group."""
    second = row[1][0] if len(row) > 1 else ""
    if not second or _NUMBER.match(second) or len(row[0][0]) > MAX_LABEL:
        return None
    return line[0] + row[0][1], line[0] + row[1][1] - 1
