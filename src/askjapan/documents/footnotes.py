"""Numbered notes: where each begins, and which markers in the text point to it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from askjapan.documents.lines import NOTE_MARKER, NOTE_START, marker_label
from askjapan.readings import Segment
from askjapan.records import Passage, Unit

_NEXT_NOTE = re.compile(r"(?<=\s)\[(\d{1,3})\](?=\s?[^\W\d_])")
_LONGEST_START = 60  # characters of a note's label and the first of its text
MOST_OF_A_NOTE = 50  # passages that a marker points to


def split_notes(raw: str) -> list[tuple[Segment, str]]:
    """The notes on a line that begins with one: (stretch of the line, number), as a rule just one.

    Only the very next number opens another note, any other is a reference.
    """
    match = NOTE_START.match(raw)
    labels = [marker_label(match) if match else ""]
    starts = [0]
    for other in _NEXT_NOTE.finditer(raw, match.end() if match else 0):
        if labels[-1].isdigit() and marker_label(other) == str(int(labels[-1]) + 1):
            starts.append(other.start())
            labels.append(marker_label(other))
    return list(zip(zip(starts, [*starts[1:], len(raw)], strict=True), labels, strict=True))


@dataclass(frozen=True, slots=True)
class _Notes:
    """The notes of one number in their order, each as the numbers of its passages; `reached` holds the furthest start of any up to it."""

    notes: Sequence[Sequence[int]]
    reached: Sequence[int]

    @staticmethod
    def of(text: str, label: str, numbers: Iterable[int], passages: Sequence[Passage]) -> _Notes:
        """The notes that passages of one number make up."""
        notes: list[list[int]] = []
        for number in numbers:
            if notes and number == notes[-1][-1] + 1 and _goes_on(text, label, passages[number - 1], passages[number]):
                notes[-1].append(number)
            else:
                notes.append([number])
        return _Notes([note[:MOST_OF_A_NOTE] for note in notes], [*accumulate((passages[note[0]].start for note in notes), max)])

    def nearest(self, place: int) -> Sequence[int]:
        """Passages of the first note after a marker, else of the last before it."""
        return self.notes[min(bisect_left(self.reached, place), len(self.notes) - 1)]


def link_notes(text: str, passages: Sequence[Passage], labels: Sequence[tuple[str, ...]]) -> list[Passage]:
    """The passages with the ids of the notes that they refer to; a note gets the sentence that refers to it as its context.

    Args:
        text: the document's text as read.
        passages: all passages of the document, in reading order.
        labels: for each passage the numbers of the notes that it holds; empty for any but a footnote. Where numbers begin anew
            (on each page, in each chapter) a marker points to the nearest note of its number; of a note with more passages than
            `MOST_OF_A_NOTE`, to the first of them.
    """
    by_label: dict[str, list[int]] = {}
    for number, labels_here in enumerate(labels):
        for label in labels_here:
            by_label.setdefault(label, []).append(number)
    notes = {label: _Notes.of(text, label, numbers, passages) for label, numbers in by_label.items()}
    contexts: dict[int, str] = {}
    linked = list(passages)
    for number, passage in enumerate(passages):
        if passage.kind == "footnote":
            continue
        targets: dict[int, None] = {}
        for unit in passage.units:
            for label, place in _markers(text, unit):
                for target in notes[label].nearest(place) if label in notes else ():
                    targets[target] = None
                    contexts.setdefault(target, unit.text)
        linked[number] = replace(passage, notes=tuple(passages[target].id for target in targets))
    return [replace(passage, context=contexts.get(number, "")) for number, passage in enumerate(linked)]


def _goes_on(text: str, label: str, first: Passage, second: Passage) -> bool:
    """Whether a passage goes on with the note of the one before it, and does not begin with its number in the text as read."""
    begins = NOTE_START.match(text[second.start : second.start + _LONGEST_START])
    return first.end <= second.start and not (begins and marker_label(begins) == label)


def _markers(text: str, unit: Unit) -> Iterator[tuple[str, int]]:
    for start, end in unit.segments:
        for match in NOTE_MARKER.finditer(text, start, end):
            yield marker_label(match), match.start()
