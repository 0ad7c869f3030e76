"""Finds the blocks of a document's text: headings, paragraphs, list items, tables, captions, notes and references.

No text is changed: a block is a list of segments of the text. A paragraph that a page break, a table or a footnote interrupts
becomes one block of several segments, and every offset stays true.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from askjapan.documents.drafts import TAIL, Block, BlockKind, Draft, tail_of
from askjapan.documents.footnotes import split_notes
from askjapan.documents.lines import (
    BULLET,
    DANGLING,
    HEADING_WORDS,
    KNOWN_HEADING,
    MARKDOWN_HEADING,
    NUMBERED_HEADING,
    TERMINAL,
    Chunk,
    capitalised,
    chunks_of,
    numbered_level,
)
from askjapan.documents.tables import continues_table, is_caption, is_note, is_unit_line, parse_table
from askjapan.language.quotation import LINE_MARK, clean
from askjapan.language.words import count_words
from askjapan.readings import Reading, Segment

_NOTES_HEADING = re.compile(r"^(?:foot ?notes|endnotes|notes|注|脚注)$", re.IGNORECASE)
_REFERENCES_HEADING = re.compile(r"^(?:references?|bibliography|works cited|literature|参考文献|引用文献)$", re.IGNORECASE)
_NUMBERED = re.compile(r"\A\s*+\d{1,2}(?:[.)]?\s|．)")
_CLOSED = re.compile(r"[)\]\"”’」』]$")
TITLE_WORDS = 10
LONG_ENOUGH = 10
LONG_PARAGRAPH = 20


def blocks_of(reading: Reading) -> list[Block]:
    """The blocks of a document in reading order; furniture, blank lines, rules and web menus are in none of them."""
    return _Healer(reading.text, list(chunks_of(reading))).blocks()


def _ends(text: str, chunk: Chunk) -> bool:
    return bool(TERMINAL.search(tail_of(text, chunk.segment)))


class _Healer:
    """Joins what page breaks, notes and tables split, and finds the kind of each block."""

    def __init__(self, text: str, chunks: list[Chunk]) -> None:
        self.text = text
        self.chunks = chunks
        self.out: list[Draft] = []
        self.top_level = 0
        self.begun = False
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
        return [draft.finished() for draft in self.out]

    def _put(self, block: Block) -> None:
        draft = Draft(self.text, block)
        self.out.append(draft)
        self.begun = self.begun or draft.words >= LONG_PARAGRAPH
        if block.kind == "heading":
            self.top_level = min(self.top_level or block.level, block.level)

    def _table(self, chunk: Chunk) -> None:
        lines = list(chunk.lines)
        while (following := self._peek()) and following.sort == "row" and continues_table(self.text, lines, [*following.lines]):
            lines += following.lines
            self.position += 1
        if len(lines) == 1 and not self.raw(chunk.segment).strip().startswith("|"):
            return self._text(chunk)
        caption = self._caption_above()
        table = parse_table(self.text, lines)
        notes = self._gather_notes()
        following = self._peek()
        if not caption and following and is_caption(self.raw(following.segment)) and not self._row_follows(1):
            caption, self.position = [following.segment], self.position + 1
            notes += self._gather_notes()
        table = replace(table, caption=tuple(caption), notes=tuple(notes))
        segments = (*caption, *lines, *notes)
        self._put(Block("table", tuple(sorted(segments)), table=table))
        return None

    def _caption_above(self) -> list[Segment]:
        """Take the captions right above a table out of the blocks; one of several segments is a figure's and stays."""
        caption: list[Segment] = []
        while self._kind(-1 if self.out else None) == "caption" and len(self.out[-1].segments) == 1:
            caption[:0] = self.out.pop().segments
            if is_caption(self.raw(caption[0])):
                break
        return caption

    def _heading(self, chunk: Chunk) -> None:
        raw = self.raw(chunk.segment)
        hashes = MARKDOWN_HEADING.match(raw)
        if hashes is None and self._stands_in_sentence(raw):
            return self._text(chunk)
        if hashes is None and self._looks_like_list(raw):
            return self._bullet(chunk)
        lines = list(chunk.lines)
        following = self._peek()
        if hashes is None and following and following.sort == "text" and DANGLING.search(raw.strip()) and self._short(following):
            lines += following.lines
            self.position += 1
        self._open_section((lines[0][0], lines[-1][1]), len(hashes.group(1)) if hashes else numbered_level(raw))
        return None

    def _stands_in_sentence(self, raw: str) -> bool:
        """Whether a numbered line is a wrapped line of a sentence, such as "12 Asian cities", and no heading.

        A dot after the number is a sign of a heading. So is a text above that is finished or shorter than a line of prose.
        """
        match = NUMBERED_HEADING.match(raw)
        plain = match is not None and bool(match["arabic"]) and not (match["dot"] or match["wide"] or "." in match["arabic"])
        begun = self._unfinished(self.body) and self._words(self.body) >= LONG_ENOUGH
        return begun and (plain or (self.begun and not capitalised(raw.split()[1:])))

    def _open_section(self, segment: Segment, level: int) -> None:
        self._put(Block("heading", (segment,), level=level))
        self.body = self.note = None
        title = clean(self.raw(segment)).strip(" :.")
        self.zone = "notes" if _NOTES_HEADING.match(title) else "references" if _REFERENCES_HEADING.match(title) else "body"

    def _note(self, chunk: Chunk) -> None:
        for (start, end), label in split_notes(self.raw(chunk.segment)):
            self._put(Block("footnote", ((chunk.segment[0] + start, chunk.segment[0] + end),), label=label))
        self.note = len(self.out) - 1

    def _bullet(self, chunk: Chunk) -> None:
        raw = self.raw(chunk.segment)
        mark = BULLET.match(raw)
        content = (chunk.segment[0] + mark.end(), chunk.segment[1]) if mark else chunk.segment
        if self._is_false_bullet(self.raw(content)):
            self._join(self.body, content)
        else:
            self._add("list", content)

    def _is_false_bullet(self, content: str) -> bool:
        """Whether a list item is the rest of a sentence: after a page break the converter took a dash for a list mark."""
        if self.zone != "body" or not content[:1].islower() or not self._unfinished(self.body) or self._words(self.body) < 12:
            return False
        if self._kind(self.body) == "list":
            # Among items that begin with capitals, one that does not is the rest of the item above.
            return self._first_letter(self.body).isupper() or self._dangles(self.body)
        following = self._peek()
        return following is None or following.sort != "bullet" or self._dangles(self.body)

    def _text(self, chunk: Chunk) -> None:
        raw = self.raw(chunk.segment).strip()
        if self._is_caption(chunk, raw):
            self._put(Block("caption", (chunk.segment,)))
            self._caption_notes()
        elif (level := self._heading_level(chunk, raw)) is not None:
            self._open_section(chunk.segment, level)
        elif self.zone == "notes" and self.note is not None and (self._unfinished(self.note) or raw[:1].islower()):
            self._join(self.note, chunk.segment)
        elif self._continues_body(chunk, raw):
            self._join(self.body, chunk.segment)
        elif raw[:1].islower() and self._unfinished(self.note):
            self._join(self.note, chunk.segment)
        else:
            self._add("prose", chunk.segment)

    def _is_caption(self, chunk: Chunk, raw: str) -> bool:
        if is_caption(raw):
            return self._row_follows(0) or not self._dangles(self.body)
        if self._kind(-1 if self.out else None) != "caption":
            return False
        return (is_unit_line(raw) and (raw.startswith("(") or self._row_follows(0))) or self._subtitle(chunk)

    # --- healing ---

    def _continues_body(self, chunk: Chunk, raw: str) -> bool:
        if not self._unfinished(self.body):
            return False
        if raw[:1].islower() or raw[:1] in ",;)" or self._dangles(self.body):
            return True
        # Before a capital, prose goes on; a list item, a title or a closing bracket may well end without a full stop.
        ends_openly = _CLOSED.search(self._tail(self.body)) is None and self._kind(self.body) != "list"
        title = self._short(chunk) and count_words(raw) <= TITLE_WORDS and not self._holds_sentence(self.body)
        return ends_openly and not title and self._words(self.body) >= LONG_ENOUGH and count_words(raw) >= 2

    def _dangles(self, number: int | None) -> bool:
        return self._words(number) >= LONG_ENOUGH and bool(DANGLING.search(self._tail(number)))

    def _tail(self, number: int | None) -> str:
        return "" if number is None else clean(self.out[number].tail)

    def _first_letter(self, number: int | None) -> str:
        if number is None:
            return ""
        start, end = self.out[number].segments[0]
        return clean(self.text[start : min(end, start + TAIL)]).lstrip("\"'“‘(")[:1]

    def _kind(self, number: int | None) -> str:
        return "" if number is None else self.out[number].block.kind

    def _holds_sentence(self, number: int | None) -> bool:
        return number is not None and self.out[number].holds_sentence

    def _unfinished(self, number: int | None) -> bool:
        return number is not None and not TERMINAL.search(self.out[number].tail)

    def _words(self, number: int | None) -> int:
        return 0 if number is None else self.out[number].words

    def _join(self, number: int | None, segment: Segment) -> None:
        assert number is not None
        mark = LINE_MARK.match(self.raw(segment))
        self.out[number].grow(self.text, (segment[0] + (mark.end() if mark else 0), segment[1]))
        self.begun = self.begun or self.out[number].words >= LONG_PARAGRAPH

    def _add(self, kind: BlockKind, segment: Segment) -> None:
        if self.zone == "notes":
            self._put(Block("footnote", (segment,)))
            self.note = len(self.out) - 1
            return
        self._put(Block("reference" if self.zone == "references" else kind, (segment,)))
        self.body = len(self.out) - 1

    # --- looking around ---

    def raw(self, segment: Segment) -> str:
        return self.text[segment[0] : segment[1]]

    def _peek(self, ahead: int = 0) -> Chunk | None:
        return self.chunks[self.position + ahead] if self.position + ahead < len(self.chunks) else None

    def _row_follows(self, ahead: int) -> bool:
        chunks = [chunk for chunk in (self._peek(ahead), self._peek(ahead + 1)) if chunk]
        return any(chunk.sort == "row" for chunk in chunks)

    def _short(self, chunk: Chunk) -> bool:
        return count_words(self.raw(chunk.segment)) <= HEADING_WORDS and not _ends(self.text, chunk)

    def _subtitle(self, chunk: Chunk) -> bool:
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
            for note in notes:
                self.out[-1].grow(self.text, note)

    def _looks_like_list(self, raw: str) -> bool:
        """A numbered line is a list item when it stands among other numbered lines without prose between them."""
        following = self._peek()
        previous = self.chunks[self.position - 2] if self.position > 1 else None
        neighbours = [chunk for chunk in (previous, following) if chunk and chunk.sort in ("heading", "bullet")]
        return _NUMBERED.match(raw) is not None and any(_NUMBERED.match(self.raw(chunk.segment)) for chunk in neighbours)

    def _heading_level(self, chunk: Chunk, raw: str) -> int | None:
        """The level of a line that is a heading without number or mark; None for any other text."""
        words = clean(raw).split()
        if KNOWN_HEADING.match(" ".join(words).strip(" :")):
            return self.top_level or 2
        return 2 if self._standalone_heading(chunk, raw, words) else None

    def _standalone_heading(self, chunk: Chunk, raw: str, words: list[str]) -> bool:
        if len(chunk.lines) > 1 or not 1 <= len(words) <= TITLE_WORDS or TERMINAL.search(raw.rstrip("?")) or self.zone != "body":
            return False
        in_sentence = self._unfinished(self.body) and self._words(self.body) >= LONG_ENOUGH and self._kind(self.body) != "list"
        following = self._peek()
        if following is None or in_sentence or self._repeated(raw):
            return False
        after = self.raw(following.segment).strip()
        leads = following.sort == "text" and count_words(after) >= 15 and not after[:1].islower()
        return self.begun and leads and words[0][:1].isupper() and capitalised(words)

    def _repeated(self, raw: str) -> bool:
        """Whether a text beside the line repeats it, as the caption of a missing chart is often printed twice."""
        beside = [chunk.segment for chunk in (self._peek(), self._peek(1)) if chunk]
        beside += [draft.segments[-1] for draft in self.out[-1:]]
        return any(clean(self.raw(segment)) == clean(raw) for segment in beside if segment[1] - segment[0] <= 2 * len(raw) + TAIL)
