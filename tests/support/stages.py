"""A text, a Reading or a file → the blocks and passages that the stages make of it, with a counter of word pieces for tests."""

from __future__ import annotations

from askjapan.documents.blocks import Block, blocks_of
from askjapan.documents.passages import Sizes, split
from askjapan.language.quotation import normalise
from askjapan.readings import Reading
from askjapan.records import Document, Passage


def count_words(text: str) -> int:
    """A piece a white-space word, and two for the special tokens."""
    return len(text.split()) + 2


def document(text: str, **facts: object) -> Document:
    """A full text with plain facts."""
    values: dict[str, object] = {
        "id": "work",
        "title": "A Work",
        "authors": ("A. Writer",),
        "year": 2001,
        "venue": "",
        "themes": (),
        "kind": "full text",
        "language": "en",
        "path": "work.txt",
        "sha256": "0" * 64,
        "format": "txt",
        "described_by": "a test",
        "characters": len(text),
    }
    return Document(**{**values, **facts})  # type: ignore[arg-type]


def reading(text: str, **facts: object) -> Reading:
    """A text as read."""
    return Reading(text, **facts)  # type: ignore[arg-type]


def blocks(text: str, **facts: object) -> list[tuple[str, str]]:
    """(kind, cleaned text) of each block; a block's segments are parted by " ¦ "."""
    read = reading(text, **facts)
    return [(block.kind, shown(read.text, block)) for block in blocks_of(read)]


def shown(text: str, block: Block) -> str:
    """A block's segments with their white space collapsed, parted by " ¦ "."""
    return " ¦ ".join(" ".join(text[start:end].split()) for start, end in block.segments)


def passages(text: str, target: int = 120, limit: int = 256, **facts: object) -> list[Passage]:
    """The passages of a text as read."""
    read = reading(text, **facts)
    return split(document(text, pages=read.pages), read.text, blocks_of(read), Sizes(target, limit, count_words))


def sentences(text: str, **facts: object) -> list[str]:
    """The texts of all units, in order."""
    return [unit.text for passage in passages(text, **facts) for unit in passage.units]


def unresolved(text: str, found: list[Passage]) -> list[str]:
    """The units whose segments are not their text."""
    return [
        unit.text
        for passage in found
        for unit in passage.units
        if normalise("\n".join(text[start:end] for start, end in unit.segments)) != normalise(unit.text)
    ]


def uncovered(text: str, read: Reading, found: list[Passage]) -> list[str]:
    """The stretches of a text that stand in no unit and no heading, without those of white space."""
    taken = bytearray(len(text))
    segments = [segment for passage in found for unit in passage.units for segment in unit.segments]
    segments += [segment for block in blocks_of(read) if block.kind == "heading" for segment in block.segments]
    for start, end in segments:
        taken[start:end] = b"\1" * (end - start)
    left = "".join(char if not used else "\0" for char, used in zip(text, taken, strict=True))
    return [part.strip() for part in left.split("\0") if part.strip()]
