"""Numbered notes: where each begins, and which markers in the text point to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from askjapan.documents.lines import NOTE_MARKER, NOTE_START, marker_label
from askjapan.readings import Segment
from askjapan.records import Passage, Unit

_NEXT_NOTE = re.compile(r"(?<=\s)\[(\d{1,3})\](?=\s?[^\W\d_])")


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


def link_notes(text: str, passages: Sequence[Passage], labels: Sequence[tuple[str, ...]]) -> list[Passage]:
    """The passages with the ids of the notes that they refer to; a note gets the sentence that refers to it as its context.

    Args:
        text: the document's text as read.
        passages: all passages of the document, in reading order.
        labels: for each passage the numbers of the notes that it holds; empty for any but a footnote. Where numbers begin anew
            (on each page, in each chapter) a marker points to the nearest note of its number.
    """
    by_label: dict[str, list[int]] = {}
    for number, labels_here in enumerate(labels):
        for label in labels_here:
            by_label.setdefault(label, []).append(number)
    contexts: dict[int, str] = {}
    linked = list(passages)
    for number, passage in enumerate(passages):
        if passage.kind == "footnote":
            continue
        targets: list[int] = []
        for unit in passage.units:
            for label, place in _markers(text, unit):
                found_notes = _nearest(by_label.get(label, []), passages, place)
                targets += [target for target in found_notes if target not in targets]
                for target in found_notes:
                    contexts.setdefault(target, unit.text)
        linked[number] = replace(passage, notes=tuple(passages[target].id for target in targets))
    return [replace(passage, context=contexts.get(number, "")) for number, passage in enumerate(linked)]


def _nearest(numbers: Sequence[int], passages: Sequence[Passage], place: int) -> list[int]:
    """Passages of the first note of a number after the marker, else of the last before it; a long note has several passages."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1 and _one_note(passages[runs[-1][-1]], passages[number]):
            runs[-1].append(number)
        else:
            runs.append([number])
    after = [run for run in runs if passages[run[0]].start >= place]
    return after[0] if after else runs[-1] if runs else []


def _one_note(first: Passage, second: Passage) -> bool:
    return not NOTE_MARKER.match(second.text) and first.end <= second.start


def _markers(text: str, unit: Unit) -> Iterator[tuple[str, int]]:
    for start, end in unit.segments:
        for match in NOTE_MARKER.finditer(text, start, end):
            yield marker_label(match), match.start()
