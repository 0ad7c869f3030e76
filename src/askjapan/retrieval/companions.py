"""Finds the sentence of a study note that reports a given sentence of the full text, where the library holds both.

Each must have the highest cosine with the other, among the note's sentences on that section and the sentences of the passage.
docs/citations.md says how the threshold was found.
"""

from __future__ import annotations

import re
from functools import lru_cache

from askjapan.index.encoders.encoder import Encoder, Vectors
from askjapan.index.storage.store import Index
from askjapan.records import SECTION_JOINER, Passage, Unit

ALIKE = 0.75
"""Least cosine of a note's sentence with the one that it reports."""
_NUMBER = re.compile(r"\A(?:§\s*)?([0-9]{1,2}(?:[.-][0-9]{1,2})*|[IVX]{1,5}(?:[.-][0-9]{1,2})*)[.)]?(?=\s|$)")
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
Placed = tuple[Passage, Unit]


class Companions:
    """Study notes of full texts in one index; the vectors of a note's sentences are computed on demand and cached."""

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self._index = index
        self._encoder = encoder
        self._notes = {d.companion_of: d.id for d in index.documents.values() if d.companion_of and not d.edition_of}
        self._ours = lru_cache(maxsize=64)(self._section_of_note)

    def report(self, passage: Passage, unit: Unit) -> Placed | None:
        """The sentence of the companion's first edition that reports a sentence of a full text; None where there is none."""
        note = self._notes.get(passage.document_id)
        if note is None or unit.kind != "sentence":
            return None
        ours, vectors = self._ours(note, passage.section)
        theirs = [other for other in passage.units if other.kind == "sentence"]
        if not ours:
            return None
        likeness = vectors @ self._encoder.encode([other.text for other in theirs]).T
        column = theirs.index(unit)
        row = int(likeness[:, column].argmax())
        nearest = likeness[row, column] >= ALIKE and int(likeness[row].argmax()) == column
        return ours[row] if nearest and _figures_agree(ours[row][1].text, unit.text) else None

    def _section_of_note(self, note: str, section: str) -> tuple[list[Placed], Vectors]:
        """The note's sentences that may report this section of the work, with their vectors."""
        passages = self._index.passages_of(note)
        placed = [
            (passage, unit)
            for passage in passages
            for unit in passage.units
            if unit.kind == "sentence" and same_section(unit.locator, section) is not False
        ]
        return placed, self._encoder.encode([unit.text for _, unit in placed])


def _figures_agree(report: str, said: str) -> bool:
    """Whether a report has no figures, or the reported sentence holds at least one of them."""
    ours, theirs = ({figure.replace(",", "") for figure in _FIGURE.findall(text)} for text in (report, said))
    return not ours or bool(ours & theirs)


@lru_cache(maxsize=100_000)
def same_section(locator: str, section: str) -> bool | None:
    """Whether a locator ("§2,Table1", "Introduction") names the section of a heading path, or one of its parents.

    The result is None where this is unknown: the locator names no section, such as "¶3", or the path has neither numbers nor the
    locator's word.
    """
    named = [part for part in locator.split(",") if part.startswith("§") or part.isalpha()]
    path = [title.strip() for title in section.split(SECTION_JOINER) if title.strip()]
    numbers = {f"§{match.group(1)}" for title in path if (match := _NUMBER.match(title))}
    if not named or not path:
        return None
    words = {title.casefold() for title in path}
    if any(part in numbers or any(word.startswith(part.casefold()) for word in words) for part in named):
        return True
    return False if numbers or any(part.startswith("§") for part in named) else None
