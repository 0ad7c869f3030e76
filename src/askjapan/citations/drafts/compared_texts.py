"""Texts of the corpus in the forms that quotations are looked for in, each made when it is its turn; a small corpus keeps them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import accumulate

from askjapan.citations.drafts.quotation_forms import Forms
from askjapan.citations.drafts.word_differences import Words
from askjapan.language.quotation import normalise, normalised
from askjapan.language.traced import Traced
from askjapan.readings import Segment
from askjapan.records import Document, Passage

KEPT = 30_000_000
"""Most characters of texts whose forms, some six times as much memory, are kept for the next check."""
FARTHEST = 4_000
"""Most normalised characters between two pieces of one quotation."""
_HYPHEN = re.compile("-")


@dataclass(frozen=True)
class Joined:
    """Stretches of a text, normalised and joined, with or without hyphens; `bounds` says where each begins and where the last one ends."""

    source: str
    segments: Sequence[Segment]
    hyphens: bool
    text: str
    bounds: Sequence[int]

    @classmethod
    def of(cls, source: str, segments: Sequence[Segment], parts: Sequence[str], *, hyphens: bool) -> Joined:
        """Join the normalised `parts` of a source, one a segment."""
        parts = parts if hyphens else [part.replace("-", "") for part in parts]
        return cls(source, segments, hyphens, "".join(parts), [0, *accumulate(map(len, parts))])

    def stretch(self, start: int, end: int) -> Segment:
        """The stretch of the source that `text[start:end]` comes from; it must not be empty."""
        return self._place(start), self._place(end - 1) + 1

    def _place(self, character: int) -> int:
        # Only the segment that it stands in is traced: a whole text takes seconds, and eight bytes a character.
        number = bisect_right(self.bounds, character) - 1
        start, end = self.segments[number]
        traced = normalised(self.source[start:end])
        return start + (traced if self.hyphens else traced.sub(_HYPHEN, "")).places[character - self.bounds[number]]


@dataclass(frozen=True)
class Whole:
    """A whole text normalised, headings too."""

    source: str
    text: str

    @cached_property
    def traced(self) -> Traced:
        return normalised(self.source)

    def stretch(self, start: int, end: int) -> Segment:
        """The stretch of the source that `text[start:end]` comes from; it must not be empty."""
        return self.traced.source(start, end)


@dataclass(frozen=True)
class SourceText:
    """A document's text as read; `segments` are its quotable stretches in reading order, each with its section and passage id.

    Running heads and page numbers are in no segment, so that a quotation over a page's end is found.
    """

    document: Document
    text: str
    segments: Sequence[tuple[Segment, str, str]]

    @cached_property
    def words(self) -> Words:
        return Words.of(self.text, [segment for segment, _, _ in self.segments])

    def stretches(self, forms: Forms) -> list[Segment]:
        """The stretches in which a quotation stands as it is; compared without hyphens where there are none with them."""
        if not any(probe in text for probe in forms.probes for text in self._bare):
            return []
        with_hyphens, without = self._bodies
        for ways, body in ((forms.ways, with_hyphens), (forms.bare, without)):
            for looked_in in (body, self._whole):
                for pieces in ways:
                    if spans := list(_spans(pieces, looked_in.text)):
                        return [looked_in.stretch(*span) for span in spans]
        return []

    def at(self, offset: int) -> tuple[str, str]:
        """The section and the passage id of a character by its offset; empty outside of all passages."""
        return next(((section, passage) for (start, end), section, passage in self.segments if start <= offset < end), ("", ""))

    @cached_property
    def _bodies(self) -> tuple[Joined, Joined]:
        """All segments with their hyphens, and without, since a hyphen at the end of a line may or may not belong to the word."""
        segments = [segment for segment, _, _ in self.segments]
        parts = [normalise(self.text[start:end]) for start, end in segments]
        return Joined.of(self.text, segments, parts, hyphens=True), Joined.of(self.text, segments, parts, hyphens=False)

    @cached_property
    def _whole(self) -> Whole:
        return Whole(self.text, normalise(self.text))

    @cached_property
    def _bare(self) -> tuple[str, str]:
        """All segments, and the whole text, without hyphens."""
        return self._bodies[1].text, self._whole.text.replace("-", "")


@dataclass(frozen=True)
class Source:
    """A document that quotations are compared with; `open` gives its text."""

    document: Document
    open: Callable[[], SourceText]


def sources_of(
    documents: Iterable[Document], text_of: Callable[[str], str], passages_of: Callable[[str], Iterable[Passage]]
) -> tuple[Source, ...]:
    """The documents of an index as sources; the first that are opened stay open, up to `KEPT` characters together.

    Args:
        documents: of the index.
        text_of, passages_of: give a document's text and passages by its id.
    """
    kept: dict[str, SourceText] = {}

    def opened(document: Document) -> SourceText:
        if document.id in kept:
            return kept[document.id]
        units = ((unit, passage) for passage in passages_of(document.id) for unit in passage.units)
        segments = [(segment, passage.section, passage.id) for unit, passage in units for segment in unit.segments]
        text = SourceText(document, text_of(document.id), segments)
        if len(text.text) + sum(len(other.text) for other in tuple(kept.values())) <= KEPT:
            kept[document.id] = text
        return text

    return tuple(Source(document, partial(opened, document)) for document in documents)


def _spans(pieces: Sequence[str], text: str) -> Iterator[Segment]:
    """The stretches of a normalised text in which all pieces of a quotation stand, in order and near each other."""
    first = pieces[0]
    other_case = first[:1].swapcase() + first[1:]
    starts = sorted({*_all(first, text), *(_all(other_case, text) if other_case != first else ())})
    for start in starts:
        end = start + len(first)
        for piece in pieces[1:]:
            place = text.find(piece, end, end + FARTHEST + len(piece))
            if place < 0:
                break
            end = place + len(piece)
        else:
            yield start, end


def _all(form: str, text: str) -> Iterator[int]:
    place = text.find(form)
    while form and place >= 0:
        yield place
        place = text.find(form, place + 1)
