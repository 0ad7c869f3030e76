"""Makes the text that the reader reads of a passage: heading, context, the sentence before, its own units, the sentence after."""

from __future__ import annotations

from dataclasses import dataclass

from askjapan.records import SECTION_JOINER, Passage, Unit

CELLS = " | "
"""Separator between the cells of a row, as in the reader's training."""
NEIGHBOUR_WORDS = 50
"""Maximum words of a sentence from a neighbouring passage; a longer one is left out."""


@dataclass(frozen=True, slots=True)
class Place:
    """Place of a unit in a window's text, in characters.

    `offset` is -1, 0 or 1 for the passage before, the window's own or the one after; `number` is the unit's index in its passage.
    """

    offset: int
    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Window:
    """The text to be read, and the place of each unit in it."""

    text: str
    places: tuple[Place, ...]


def window_of(passage: Passage, before: Passage | None, after: Passage | None) -> Window:
    """The window of a passage; `before` and `after` are its neighbours in the same document, if there are any."""
    heading = passage.section.split(SECTION_JOINER)[-1]
    text = f"{heading}. " if heading else ""
    if passage.context:
        text += f"{passage.context} "
    places: list[Place] = []

    def add(offset: int, number: int, unit: Unit, joiner: str) -> None:
        nonlocal text
        if text and not text.endswith((" ", "\n")):
            text += joiner
        start = len(text)
        text += unit.text.replace("\t", CELLS)
        places.append(Place(offset, number, start, len(text)))

    prose = all(unit.kind == "sentence" for unit in passage.units)
    if prose and (unit := _neighbour(passage, before, -1)):
        add(-1, len(before.units) - 1 if before else 0, unit, " ")
    for number, unit in enumerate(passage.units):
        add(0, number, unit, " " if prose else "\n")
    if prose and (unit := _neighbour(passage, after, 0)):
        add(1, 0, unit, " ")
    return Window(text, tuple(places))


def _neighbour(passage: Passage, other: Passage | None, number: int) -> Unit | None:
    """The neighbouring passage's nearest sentence, if it belongs to the same section."""
    if other is None or other.section != passage.section or other.kind not in ("prose", "list"):
        return None
    unit = other.units[number]
    return unit if unit.kind == "sentence" and len(unit.text.split()) <= NEIGHBOUR_WORDS else None
