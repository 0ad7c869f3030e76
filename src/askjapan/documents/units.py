"""Stretches of a text → units that may be quoted: cleaned, with true segments, and none too long for the encoder."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from askjapan.documents.tables import row_text
from askjapan.errors import EncoderError
from askjapan.language.quotation import clean, join, normalise
from askjapan.language.sentences import sentence_spans
from askjapan.readings import Segment
from askjapan.records import Unit, UnitKind

Counter = Callable[[str], int]
_LONGEST = 4000
_MOST_MARKS = 64  # on one letter; more are no writing


@dataclass(frozen=True, slots=True)
class Sizes:
    """`target` in tiktoken tokens; `limit` in the encoder's word pieces, as counted by `count_pieces`."""

    target: int
    limit: int
    count_pieces: Counter


def sentence_units(text: str, segments: Iterable[Segment], sizes: Sizes) -> list[Unit]:
    """The sentences of a paragraph that stands in these segments."""
    segments = list(segments)
    starts: list[int] = []
    flat = 0
    for start, end in segments:
        starts.append(flat)
        flat += end - start + 1
    whole = "\n".join(text[start:end] for start, end in segments)
    units: list[Unit] = []
    first = 0
    for start, end in sentence_spans(whole):
        while first + 1 < len(starts) and starts[first + 1] <= start:
            first += 1
        units += _fitting(text, _segments(text, segments, starts, first, (start, end)), "sentence", sizes)
    return units


def _segments(text: str, segments: Sequence[Segment], starts: Sequence[int], first: int, span: Segment) -> tuple[Segment, ...]:
    """Segments of the text for a stretch of the joined segments, trimmed; pieces with only white space in between are one.

    `starts` are the segments' places in the joined text, `first` is the number of the segment that the stretch begins in.
    """
    stretches: list[Segment] = []
    for number in range(first, len(segments)):
        if starts[number] >= span[1]:
            break
        start, end = segments[number]
        shift = start - starts[number]
        if trimmed := _trim(text, max(start, span[0] + shift), min(end, span[1] + shift)):
            glued = bool(stretches) and not text[stretches[-1][1] : trimmed[0]].strip()
            stretches = [*stretches[:-1], (stretches[-1][0], trimmed[1])] if glued else [*stretches, trimmed]
    return tuple(stretches)


def _trim(text: str, start: int, end: int, blank: str = "") -> Segment | None:
    """A stretch without white space at its ends; `blank` holds white space that counts as text (a row's empty cells)."""
    while start < end and text[start].isspace() and text[start] not in blank:
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _fitting(text: str, segments: tuple[Segment, ...], kind: UnitKind, sizes: Sizes, room: int = 0) -> list[Unit]:
    """A unit, or several where one would have more than `room` word pieces (default: the limit), cut at clauses or spaces."""
    room = room or sizes.limit
    if not _is_endless(text, segments):
        unit = _unit(text, segments, kind)
        if unit is None:
            return []
        # The encoder takes a word without end for one unknown piece, however long it is.
        if len(unit.text) <= _LONGEST and sizes.count_pieces(unit.text) <= room:
            return [unit]
    if len(segments) > 1:
        half = len(segments) // 2
        return _fitting(text, segments[:half], kind, sizes, room) + _fitting(text, segments[half:], kind, sizes, room)
    start, end = segments[0]
    middle = _clause_break(text, start, end)
    left, right = _trim(text, start, middle), _trim(text, middle, end)
    if not left or not right:
        raise EncoderError(
            f"A stretch of text at offsets {start} to {end} cannot be cut to fit the encoder.", "Is the file a text?"
        )
    return _fitting(text, (left,), kind, sizes, room) + _fitting(text, (right,), kind, sizes, room)


def _is_endless(text: str, segments: Sequence[Segment]) -> bool:
    """Whether a unit would certainly be too long, told without cleaning it; a ligature has three letters at most."""
    longest = 3 * _LONGEST
    return any(end - start > longest and len(normalise(text[start:end])) > longest for start, end in segments)


def _clause_break(text: str, start: int, end: int) -> int:
    """The best place near the middle: after a semicolon or comma, else at white space, else between two characters."""
    middle, quarter = (start + end) // 2, (end - start) // 4
    for pattern in (r"[;；:]\s|\t| - ", r"[、，]|,\s", r"\s"):
        breaks = [match.end() for match in re.finditer(pattern, text[middle - quarter : middle + quarter])]
        if breaks:
            at = bisect_left(breaks, quarter)
            return middle - quarter + min(breaks[max(0, at - 1) : at + 1], key=lambda offset: abs(offset - quarter))
    place = middle
    while max(start + 1, middle - _MOST_MARKS) < place and _belongs_to_previous(text, place):
        place -= 1
    return middle if _belongs_to_previous(text, place) else place


def _belongs_to_previous(text: str, place: int) -> bool:
    """Whether a cut here would tear a letter from its accent or an emoji from its parts."""
    joined = unicodedata.category(text[place]) in ("Mn", "Mc", "Me", "Cf", "Sk") or text[place - 1] == "\u200d"
    return joined or "\ufe00" <= text[place] <= "\ufe0f"


def _unit(text: str, segments: tuple[Segment, ...], kind: UnitKind) -> Unit | None:
    cellular = kind in ("row", "header")
    parts = [row_text(text[start:end]) if cellular else clean(text[start:end]) for start, end in segments]
    kept = [(segment, part) for segment, part in zip(segments, parts, strict=True) if normalise(part)]
    if not kept:
        return None
    shown = [part for _, part in kept]
    if cellular and len(shown) > 1:
        # The row's first cell is the empty one that its group label fills.
        joined = "\t".join([shown[0].strip("\t"), *(part.removeprefix("\t") for part in shown[1:])])
        if normalise(joined) != normalise("\n".join(text[start:end] for (start, end), _ in kept)):
            # A label that would be a mark at the beginning of a line, such as "#", is none before a cell.
            kept, joined = kept[-1:], shown[-1]
    else:
        joined = shown[0] if cellular else join(shown)
    return Unit(joined, tuple(segment for segment, _ in kept), kind)


def line_units(text: str, segments: Iterable[Segment], kind: UnitKind, sizes: Sizes, room: int = 0) -> list[Unit]:
    """Each segment as a unit, or several where it has more than `room` word pieces."""
    trimmed = (_trim(text, start, end, "\t" if kind == "header" else "") for start, end in segments)
    return [unit for segment in trimmed if segment for unit in _fitting(text, (segment,), kind, sizes, room)]


def row_units(text: str, segments: tuple[Segment, ...], sizes: Sizes) -> list[Unit]:
    """A row, or its parts where its cells are too long; each part keeps the group label."""
    room = sizes.limit // 2
    *label, row = segments
    if not label or sizes.count_pieces(clean(text[slice(*label[0])])) > room // 2:
        return _fitting(text, (row,), "row", sizes, room)
    whole = _unit(text, segments, "row")
    if whole is None or sizes.count_pieces(whole.text) <= room:
        return [whole] if whole else []
    parts = _fitting(text, (row,), "row", sizes, room // 2)
    return [unit for part in parts if (unit := _unit(text, (*label, *part.segments), "row"))]
