"""Blocks of a document, and drafts of blocks that still grow."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from askjapan.documents.tables import Table
from askjapan.language.words import count_words
from askjapan.readings import Segment

BlockKind = Literal["heading", "prose", "sentences", "list", "table", "caption", "footnote", "reference"]

_SENTENCE_END = re.compile(r"[.!?]\s|[。！？]")
TAIL = 400


@dataclass(frozen=True, slots=True)
class Block:
    """One block; `segments` are in order (those of `sentences` one each), `level` counts from 1 for headings, `label` is a note's number."""

    kind: BlockKind
    segments: tuple[Segment, ...]
    level: int = 0
    label: str = ""
    table: Table | None = None


def tail_of(text: str, segment: Segment) -> str:
    """The last `TAIL` characters of a segment, without the white space at its end."""
    start, end = segment
    while end > start and text[end - 1].isspace():
        end -= 1
    return text[max(start, end - TAIL) : end]


class Draft:
    """A block that may still grow. `words` counts those of all segments, `tail` is how the last one ends."""

    def __init__(self, text: str, block: Block) -> None:
        self.block, self.segments = block, list(block.segments)
        self.words, self.holds_sentence = 0, False
        for segment in self.segments:
            self._weigh(text, segment)

    def grow(self, text: str, segment: Segment) -> None:
        self.segments.append(segment)
        self._weigh(text, segment)

    def _weigh(self, text: str, segment: Segment) -> None:
        raw = text[slice(*segment)]
        self.words += count_words(raw)
        self.holds_sentence = self.holds_sentence or _SENTENCE_END.search(raw) is not None
        self.tail = tail_of(text, segment)

    def finished(self) -> Block:
        return replace(self.block, segments=tuple(self.segments))
