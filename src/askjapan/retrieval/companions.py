"""The sentence of our study note that reports what a place of a full text says: by the section that both name, then by likeness."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from askjapan.documents.passages import SECTION_JOINER
from askjapan.index.encoder import Vectors
from askjapan.index.store import Index
from askjapan.records import Passage, Unit

ALIKE, ALIKE_WITHOUT_SECTION = 0.75, 0.8
"""The least cosine of a note's sentence with what it reports, where the section agrees and where none can be told; see docs/citations.md."""
_NUMBER = re.compile(r"(?:§\s*)?([0-9]{1,2}(?:[.-][0-9]{1,2})*|[IVX]{1,5}(?:[.-][0-9]{1,2})*)[.)]?(?=\s|$)")


@dataclass(frozen=True)
class Companions:
    """The study notes that stand beside full texts in one index."""

    index: Index

    def report(self, passage: Passage, unit: Unit) -> tuple[Passage, Unit] | None:
        """The sentence of the companion's first edition that reports a sentence of a full text; None where none is alike enough."""
        notes = self._sentences.get(passage.document_id, [])
        if not notes or unit.kind != "sentence":
            return None
        vector = self._vector(passage, unit)
        best, found = 0.0, None
        for note, sentence in notes:
            agrees = same_section(sentence.locator, passage.section)
            likeness = float(self._vector(note, sentence) @ vector)
            least = ALIKE if agrees else ALIKE_WITHOUT_SECTION
            if agrees is not False and likeness >= max(least, best):
                best, found = likeness, (note, sentence)
        return found

    def _vector(self, passage: Passage, unit: Unit) -> Vectors:
        first = self.index.unit_rows(self.index.numbers[passage.id]).start
        return np.asarray(self.index.vectors_of("units")[first + passage.units.index(unit)], dtype=np.float32)

    @cached_property
    def _sentences(self) -> dict[str, list[tuple[Passage, Unit]]]:
        """The sentences of each companion's first edition, by the id of the full text that it stands beside."""
        beside = {
            id_: note.companion_of for id_, note in self.index.documents.items() if note.companion_of and not note.edition_of
        }
        found: dict[str, list[tuple[Passage, Unit]]] = {}
        for passage in self.index.passages:
            if passage.document_id in beside:
                sentences = [(passage, unit) for unit in passage.units if unit.kind == "sentence" and unit.locator]
                found.setdefault(beside[passage.document_id], []).extend(sentences)
        return found


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
