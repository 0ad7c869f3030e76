"""The sentence of our study note that reports what a sentence of a full text says, where the note stands beside the full text.

Both must be each other's nearest in meaning among those whose sections agree; docs/citations.md says how the threshold was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from askjapan.documents.passages import SECTION_JOINER
from askjapan.index.encoder import Vectors
from askjapan.index.store import Index
from askjapan.records import Passage, Unit

ALIKE = 0.75
"""The least cosine of a note's sentence with the one that it reports."""
_NUMBER = re.compile(r"(?:§\s*)?([0-9]{1,2}(?:[.-][0-9]{1,2})*|[IVX]{1,5}(?:[.-][0-9]{1,2})*)[.)]?(?=\s|$)")
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
Placed = tuple[Passage, Unit]


@dataclass(frozen=True)
class Companions:
    """The study notes that stand beside full texts in one index."""

    index: Index

    def report(self, passage: Passage, unit: Unit) -> Placed | None:
        """The sentence of the companion's first edition that reports a sentence of a full text; None where there is none."""
        return self._reports.get((passage.id, unit.start)) if unit.kind == "sentence" else None

    @cached_property
    def _reports(self) -> dict[tuple[str, int], Placed]:
        """What is reported, by the passage and the beginning of each sentence of a full text."""
        found: dict[tuple[str, int], Placed] = {}
        for note in self.index.documents.values():
            if not note.companion_of or note.edition_of:
                continue
            ours, theirs = self._sentences(note.id), self._sentences(note.companion_of)
            if not ours or not theirs:
                continue
            likeness = self._vectors(ours) @ self._vectors(theirs).T
            for row, (_, unit) in enumerate(ours):
                apart = [same_section(unit.locator, passage.section) is False for passage, _ in theirs]
                likeness[row, apart] = -1
            for row, column in enumerate(likeness.argmax(axis=1)):
                passage, unit = theirs[column]
                nearest = likeness[row, column] >= ALIKE and likeness[:, column].argmax() == row
                if nearest and _figures_agree(ours[row][1].text, unit.text):
                    found[passage.id, unit.start] = ours[row]
        return found

    def _sentences(self, document_id: str) -> list[Placed]:
        passages = (passage for passage in self.index.passages if passage.document_id == document_id)
        return [(passage, unit) for passage in passages for unit in passage.units if unit.kind == "sentence"]

    def _vectors(self, placed: Sequence[Placed]) -> Vectors:
        first = {passage.id: self.index.unit_rows(self.index.numbers[passage.id]).start for passage, _ in placed}
        rows = [first[passage.id] + passage.units.index(unit) for passage, unit in placed]
        return np.asarray(self.index.vectors_of("units")[rows], dtype=np.float32)


def _figures_agree(report: str, said: str) -> bool:
    """Whether a report has no figures, or one of them stands in what it reports."""
    ours, theirs = ({figure.replace(",", "") for figure in _FIGURE.findall(text)} for text in (report, said))
    return not ours or bool(ours & theirs)


@lru_cache(maxsize=100_000)
def same_section(locator: str, section: str) -> bool | None:
    """Whether a locator ("§2,Table1", "Introduction") names the section, or one of its parents, that a path of headings leads to.

    None where it cannot be told: the locator names no section, as "¶3", or the path has neither numbers nor the locator's word.
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
