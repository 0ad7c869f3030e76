"""A document's text as read → its blocks, as they were meant: headings, paragraphs, list items, tables, notes, references.

Healing happens here and only by pointing: a block is a list of segments of the text, so a paragraph that is broken by a page break, a
table or a footnote becomes one block of several segments, and every offset stays true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from askjapan.quoting import clean
from askjapan.records import Reading, Segment
from askjapan.sentences import LOCATOR
from askjapan.tables import Table, is_caption, is_note, is_row, is_unit_line, parse_table

BlockKind = Literal["heading", "prose", "list", "table", "caption", "footnote", "reference"]

_RULE = re.compile(r"^\s*(?:-{3,}|\*{3,}|_{3,}|(?:\* ){2,}\*|-)\s*$")
_MARKDOWN_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+\S")
_NUMBERED_HEADING = re.compile(
    r"^\s*(?:(?P<arabic>\d{1,2}(?:\.\d{1,2})*)\.?\s{1,3}|(?P<roman>[IVX]{1,5}(?:-\d{1,2})?)\.\s+|(?P<part>(?:chapter|part|section)\s+(?:\d+|[ivx]+|one|two|three|four|five))[.:]?\s+"
    r"|(?P<japanese>第[0-90-9一二三四五六七八九十]+[章節部])\s*)(?=[^\W\d_])",
    re.IGNORECASE,
)
_KNOWN_HEADING = re.compile(
    r"^(?:abstract|introduction|conclusions?|references?|bibliography|works cited|acknowledge?ments?|foot ?notes|endnotes|notes|"
    r"appendix|summary|要旨|はじめに|おわりに|参考文献|注|序論|結論)$",
    re.IGNORECASE,
)
_NOTES_HEADING = re.compile(r"^(?:foot ?notes|endnotes|notes|注|脚注)$", re.IGNORECASE)
_REFERENCES_HEADING = re.compile(r"^(?:references?|bibliography|works cited|literature|参考文献|引用文献)$", re.IGNORECASE)
_BULLET = re.compile(r"^\s{0,8}(?:[-*+•‣◦·・●○■□]|\(?(?:\d{1,2}|[a-z])[.)])\s+(?=\S)")
_NOTE_START = re.compile(
    r"^\s*(?:[-*]\s+)?(?:<sup>\s*(?P<sup>\d{1,3})\s*</sup>|(?P<uni>[\u00b9\u00b2\u00b3\u2070-\u2079]+)|\[(?P<bracket>\d{1,3})\])\s*(?=\S)"
)
_TERMINAL = re.compile(
    r"""[.!?:;…。！？：；]["'”’»)\]）」』】*_]*(?:<sup>[^<]*</sup>|\[\d{1,3}\]|[\u00b9\u00b2\u00b3\u2070-\u2079])*["'”’»)\]）」』】*_]*"""
    rf"(?:\s(?i:{LOCATOR}))?\s*$"
)
_DANGLING = re.compile(r"\b(?:a|an|and|at|by|for|from|in|into|of|on|or|the|to|toward|with)$|[–—:,]$", re.IGNORECASE)
_NAVIGATION = re.compile(
    r"©|\(c\) copyright|copyright \d|all rights reserved|^«|»$|^menu\b|\barrow\b.*\barrow\b|^share (?:this|on)|^skip to ",
    re.IGNORECASE,
)
LONG_LINE = 160
EDGE_LINES = 12
HEADING_WORDS = 14


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a document; `segments` are in order, `level` counts from 1 for headings, `label` is a note's number."""

    kind: BlockKind
    segments: tuple[Segment, ...]
    level: int = 0
    label: str = ""
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Neighbouring lines of one sort, before healing."""

    sort: Literal["text", "row", "bullet", "note", "heading", "bold"]
    lines: tuple[Segment, ...]

    @property
    def segment(self) -> Segment:
        return self.lines[0][0], self.lines[-1][1]


def blocks_of(reading: Reading) -> list[Block]:
    """The blocks of a document in reading order; together they hold everything but furniture and blank lines."""
    return _Healer(reading.text, list(_chunks(reading))).blocks()


def _lines(reading: Reading) -> Iterator[Segment | None]:
    """The lines' segments; None for a blank line, a rule, a page break or a piece of furniture."""
    text, furniture = reading.text, reading.furniture
    for match in re.finditer(r"[^\r\n\f\v\x1c-\x1e\x85\u2028\u2029]+|\f", text):
        start, end = match.span()
        inside = any(low <= start and end <= high for low, high in furniture)
        blank = not match.group().strip() or inside or _RULE.match(match.group())
        yield None if blank else (start, end)
        gap = text[end : end + 4]
        if re.match(r"(?:\r\n|\n|\r)[ \t]*(?:\r|\n)", gap):
            yield None


def _sort_of(line: str, markdown: bool) -> Literal["text", "row", "bullet", "note", "heading"]:
    if is_row(line):
        return "row"
    if _MARKDOWN_HEADING.match(line) and markdown:
        return "heading"
    if _NOTE_START.match(line):
        return "note"
    if _NUMBERED_HEADING.match(line) and _reads_like_title(line):
        return "heading"
    return "bullet" if _BULLET.match(line) else "text"


def _reads_like_title(line: str) -> bool:
    """A numbered line is a heading when it is short, does not end like a sentence, and is capitalised or has a dot after its number."""
    words = line.split()
    if len(words) > HEADING_WORDS + 4 or _TERMINAL.search(line.rstrip("?")) or re.match(r"\s*\(?\w{1,2}\)", line):
        return False
    return _capitalised(words[1:]) or bool(re.match(r"\s*[\w-]+\.(?:\d+\.?)*\s", line) and words[1][:1].isupper())


def _capitalised(words: list[str]) -> bool:
    weighty = [word.lstrip("*_“\"'(") for word in words if len(word) > 3]
    return sum(word[:1].isupper() or not word[:1].isascii() for word in weighty) >= 0.6 * max(1, len(weighty))


def _chunks(reading: Reading) -> Iterator[_Chunk]:
    pending: list[Segment] = []
    sort: Literal["text", "row", "bullet", "note", "heading"] = "text"
    markdown = reading.markup == "markdown"
    lines = list(_lines(reading))
    navigation = _navigation(reading.text, lines)
    for line in [*(None if number in navigation else line for number, line in enumerate(lines)), None]:
        kind = _sort_of(reading.text[line[0] : line[1]], markdown) if line else "text"
        if pending and (line is None or not _continues(reading.text, sort, pending, kind, line)):
            yield _Chunk(sort, tuple(pending))
            pending = []
        if line is not None:
            sort = sort if pending else kind
            pending.append(line)


def _continues(text: str, sort: str, pending: list[Segment], kind: str, line: Segment) -> bool:
    """Whether a line belongs to the chunk above it (no blank line between them)."""
    if sort == "row" or kind == "row":
        return sort == kind
    if sort == "heading":
        above = text[pending[-1][0] : pending[-1][1]].strip()
        return kind == "text" and not above.startswith("#") and bool(_DANGLING.search(above))
    long = max(end - start for start, end in (*pending, line)) > LONG_LINE
    return kind == "text" and not long


def _navigation(text: str, lines: list[Segment | None]) -> set[int]:
    """The numbers of a web page's menu and footer lines: short lines at either end, from or up to one that is plainly navigation."""
    there = [number for number, line in enumerate(lines) if line]

    def words(number: int) -> str:
        line = lines[number]
        return text[slice(*line)].strip() if line else ""

    def plain(number: int) -> bool:
        return len(words(number).split()) <= 14 and bool(_NAVIGATION.search(words(number)))

    head = [place for place in range(min(EDGE_LINES, len(there))) if plain(there[place])]
    tail = [place for place in range(max(len(there) - EDGE_LINES, 0), len(there)) if plain(there[place])]
    dropped = set(there[: head[-1] + 1]) if head and len(there) > 2 * EDGE_LINES else set()
    if tail and len(there) > 2 * EDGE_LINES:
        first = tail[0]
        while len(words(there[first - 1]).split()) <= 6 and not _TERMINAL.search(words(there[first - 1])):
            first -= 1
        dropped.update(there[first:])
    return dropped


def _ends(text: str, chunk: _Chunk) -> bool:
    return bool(_TERMINAL.search(text[slice(*chunk.segment)]))


class _Healer:
    """Joins what page breaks, notes and tables have torn apart, and gives each chunk its meaning."""

    def __init__(self, text: str, chunks: list[_Chunk]) -> None:
        self.text = text
        self.chunks = chunks
        self.out: list[Block] = []
        self.body: int | None = None
        self.note: int | None = None
        self.zone: Literal["body", "notes", "references"] = "body"
        self.position = 0

    def blocks(self) -> list[Block]:
        while self.position < len(self.chunks):
            chunk = self.chunks[self.position]
            self.position += 1
            {"row": self._table, "heading": self._heading, "note": self._note, "bullet": self._bullet, "text": self._text}[
                chunk.sort
            ](chunk)
        return self.out

    # --- what a chunk is ---

    def _table(self, chunk: _Chunk) -> None:
        if len(chunk.lines) == 1 and not self.raw(chunk.segment).strip().startswith("|"):
            return self._text(chunk)
        caption: list[Segment] = []
        while self.out and self.out[-1].kind == "caption" and self.out[-1].table is None and len(caption) < 4:
            caption[:0] = self.out.pop().segments
        table = parse_table(self.text, list(chunk.lines))
        notes = self._gather_notes()
        following = self._peek()
        if not caption and following and is_caption(self.raw(following.segment)) and not self._row_follows(1):
            caption, self.position = [following.segment], self.position + 1
            notes += self._gather_notes()
        table = replace(table, caption=tuple(caption), notes=tuple(notes))
        segments = (*caption, *chunk.lines, *notes)
        self.out.append(Block("table", tuple(sorted(segments)), table=table))
        return None

    def _heading(self, chunk: _Chunk) -> None:
        raw = self.raw(chunk.segment)
        hashes = _MARKDOWN_HEADING.match(raw)
        if hashes is None and self._unfinished(self.body) and not _capitalised(raw.split()[1:]):
            return self._text(chunk)
        if hashes is None and self._looks_like_list(raw):
            return self._bullet(chunk)
        lines = list(chunk.lines)
        following = self._peek()
        if hashes is None and following and following.sort == "text" and _DANGLING.search(raw.strip()) and self._short(following):
            lines += following.lines
            self.position += 1
        self._open_section(_Chunk("heading", tuple(lines)), len(hashes.group(1)) if hashes else _numbered_level(raw))
        return None

    def _open_section(self, chunk: _Chunk, level: int) -> None:
        self.out.append(Block("heading", (chunk.segment,), level=level))
        self.body = self.note = None
        title = clean(self.raw(chunk.segment)).strip(" :.")
        self.zone = "notes" if _NOTES_HEADING.match(title) else "references" if _REFERENCES_HEADING.match(title) else "body"

    def _note(self, chunk: _Chunk) -> None:
        match = _NOTE_START.match(self.raw(chunk.segment))
        label = next((group for group in match.groups() if group), "") if match else ""
        digits = label.translate(str.maketrans("¹²³⁰⁴⁵⁶⁷⁸⁹", "1230456789"))
        self.out.append(Block("footnote", (chunk.segment,), label=digits))
        self.note = len(self.out) - 1

    def _bullet(self, chunk: _Chunk) -> None:
        raw = self.raw(chunk.segment)
        mark = _BULLET.match(raw)
        content = (chunk.segment[0] + mark.end(), chunk.segment[1]) if mark else chunk.segment
        lower = self.raw(content)[:1].islower()
        if self.zone == "body" and lower and self._unfinished(self.body) and self._words(self.body) >= 12:
            self._join(self.body, content)
        else:
            self._add("list", content)

    def _text(self, chunk: _Chunk) -> None:
        raw = self.raw(chunk.segment).strip()
        if is_caption(raw) or (self.out and self.out[-1].kind == "caption" and (is_unit_line(raw) or self._subtitle(chunk))):
            self.out.append(Block("caption", (chunk.segment,)))
            self._caption_notes()
        elif self._standalone_heading(chunk, raw):
            self._open_section(chunk, 2)
        elif self.zone == "notes" and self.note is not None and (self._unfinished(self.note) or raw[:1].islower()):
            self._join(self.note, chunk.segment)
        elif self._continues_body(raw):
            self._join(self.body, chunk.segment)
        elif raw[:1].islower() and self._unfinished(self.note):
            self._join(self.note, chunk.segment)
        else:
            self._add("prose", chunk.segment)

    # --- healing ---

    def _continues_body(self, raw: str) -> bool:
        if not self._unfinished(self.body):
            return False
        starts_low = raw[:1].islower() or raw[:1] in ",;)"
        return starts_low or (self._words(self.body) >= 10 and len(raw.split()) >= 2)

    def _unfinished(self, number: int | None) -> bool:
        return number is not None and not _TERMINAL.search(self.raw(self.out[number].segments[-1]))

    def _words(self, number: int | None) -> int:
        return 0 if number is None else sum(len(self.raw(segment).split()) for segment in self.out[number].segments)

    def _join(self, number: int | None, segment: Segment) -> None:
        assert number is not None
        block = self.out[number]
        self.out[number] = replace(block, segments=(*block.segments, segment))

    def _add(self, kind: BlockKind, segment: Segment) -> None:
        if self.zone == "notes":
            self.out.append(Block("footnote", (segment,)))
            self.note = len(self.out) - 1
            return
        self.out.append(Block("reference" if self.zone == "references" else kind, (segment,)))
        self.body = len(self.out) - 1

    # --- looking around ---

    def raw(self, segment: Segment) -> str:
        return self.text[segment[0] : segment[1]]

    def _peek(self, ahead: int = 0) -> _Chunk | None:
        return self.chunks[self.position + ahead] if self.position + ahead < len(self.chunks) else None

    def _row_follows(self, ahead: int) -> bool:
        chunks = [chunk for chunk in (self._peek(ahead), self._peek(ahead + 1)) if chunk]
        return any(chunk.sort == "row" for chunk in chunks)

    def _short(self, chunk: _Chunk) -> bool:
        return len(self.raw(chunk.segment).split()) <= HEADING_WORDS and not _ends(self.text, chunk)

    def _subtitle(self, chunk: _Chunk) -> bool:
        return self._short(chunk) and self._row_follows(0)

    def _gather_notes(self) -> list[Segment]:
        notes: list[Segment] = []
        while (chunk := self._peek()) and is_note(self.raw(chunk.segment)):
            notes.append(chunk.segment)
            self.position += 1
        return notes

    def _caption_notes(self) -> None:
        """A figure's source and note lines belong to its caption; a table's are gathered after its rows."""
        if not self._row_follows(0) and (notes := self._gather_notes()):
            self.out[-1] = replace(self.out[-1], segments=(*self.out[-1].segments, *notes))

    def _looks_like_list(self, raw: str) -> bool:
        """A numbered line is a list item when it stands among other numbered lines without prose between them."""
        following = self._peek()
        previous = self.chunks[self.position - 2] if self.position > 1 else None
        neighbours = [chunk for chunk in (previous, following) if chunk and chunk.sort in ("heading", "bullet")]
        numbered = re.match(r"\s*\d{1,2}[.)]?\s", raw) is not None
        return numbered and any(re.match(r"\s*\d{1,2}[.)]?\s", self.raw(chunk.segment)) for chunk in neighbours)

    def _standalone_heading(self, chunk: _Chunk, raw: str) -> bool:
        words = clean(raw).split()
        title = " ".join(words).strip(" :")
        if _KNOWN_HEADING.match(title):
            return True
        if len(chunk.lines) > 1 or not 1 <= len(words) <= 10 or _TERMINAL.search(raw) or self.zone != "body":
            return False
        following, again = self._peek(), self._peek(1)
        if following is None or self._unfinished(self.body) and self._words(self.body) >= 10:
            return False
        after = self.raw(following.segment).strip()
        repeated = any(other and clean(self.raw(other.segment)) == clean(raw) for other in (following, again)) or self._just_said(
            raw
        )
        leads = following.sort == "text" and len(after.split()) >= 15 and not after[:1].islower()
        begun = any(self._words(number) >= 20 for number in range(len(self.out)))
        return begun and leads and not repeated and words[0][:1].isupper() and _capitalised(words)

    def _just_said(self, raw: str) -> bool:
        return bool(self.out) and clean(self.raw(self.out[-1].segments[-1])) == clean(raw)


def _numbered_level(raw: str) -> int:
    match = _NUMBERED_HEADING.match(raw)
    number = (match.group("arabic") or match.group("roman") or "") if match else ""
    return 1 + number.count(".") + number.count("-")
