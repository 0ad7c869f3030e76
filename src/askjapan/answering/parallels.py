"""Replaces an answer's quotes of study notes by those of the edition in the question's language, and adds the other edition's text.

Where a quote is from a full text that also has a study note, a question in the language of another edition of the note also gets the
sentence of the note that reports the quote, above it. A text that does not resolve to its place in the file is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from askjapan.answering.quoting.cite import cite
from askjapan.language.quotation import join
from askjapan.records import Answer, Citation, Document, Hit, Parallel, Passage, Sentence, Unit
from askjapan.retrieval.companions import Companions
from askjapan.retrieval.editions import FIRST, Editions

Placed = tuple[Passage, Unit]
PLAIN = frozenset({"fact", "definition", "who", "cause", "list", "two parts"})
"""Kinds of question whose short answer is a part of a quote, in the quote's language."""


@dataclass(frozen=True)
class Parallels:
    """Editions and companion notes of one index, with its texts by document id."""

    editions: Editions
    companions: Companions
    text_of: Callable[[str], str]

    def in_language(self, answer: Answer, language: str) -> Answer:
        """The answer for a question in a language; its quotes stay as they are where neither they nor their full texts have a study note."""
        sentences: list[Sentence] = []
        told: set[str] = set()
        for sentence in answer.sentences:
            for companion in self._companions(sentence, language) if language != FIRST else ():
                if companion.text not in told:
                    told.add(companion.text)
                    sentences.append(companion)
            sentences.append(self._sentence(sentence, language))
        hits = self.editions.in_language(answer.hits, language)
        numbered = _numbered(sentences)
        moved = _moved(sentences, numbered)
        markers = tuple(moved.get(marker, marker) for marker in answer.short_markers)
        # What is computed from several cells stands in no sentence as a whole.
        pieces = [piece for piece in re.split(r"[\s()→;、]+|[+-][\d.,]+", answer.short) if piece]
        held = all(any(piece in sentence.text for sentence in numbered) for piece in pieces) or not answer.sentences
        keeps = held or answer.kind not in PLAIN or not any(self._ours(sentence) for sentence in answer.sentences)
        return replace(
            answer,
            sentences=numbered,
            hits=tuple(hits),
            short=answer.short if keeps else "",
            short_markers=markers if keeps else (),
        )

    def _ours(self, sentence: Sentence) -> bool:
        return any(citation.document_kind == "study note" for citation in sentence.citations)

    def _sentence(self, sentence: Sentence, language: str) -> Sentence:
        """A sentence as text and citations of the edition in a language; one of a full text stays as it is."""
        here = list(self._units(sentence))
        if not here or not all(unit.key for _, unit in here):
            return sentence
        there = [self.editions.parallel(passage.document_id, unit, language) or (passage, unit) for passage, unit in here]
        pieces = [self._cited(*placed, sentence.citations[0].marker) for placed in there]
        if not all(pieces):
            return sentence
        texts = [unit.text for _, unit in there]
        text = "\n".join(texts) if any(unit.kind == "row" for _, unit in there) else join(texts)
        return Sentence(text, sentence.kind, tuple(citation for piece in pieces for citation in piece))

    def _units(self, sentence: Sentence) -> Iterator[Placed]:
        """The units that a sentence cites, each with its passage, in order."""
        index = self.editions.index
        for passage_id, citations in groupby(sentence.citations, key=lambda citation: citation.passage_id):
            passage = index.passage(passage_id)
            if passage is None:
                continue
            starts = {_start(citation, index.documents[citation.document_id]) for citation in citations}
            yield from ((passage, unit) for unit in passage.units if all(start in starts for start, _ in unit.segments))

    def _cited(self, passage: Passage, unit: Unit, marker: int) -> tuple[Citation, ...]:
        """The citations of a note's unit, each with its `parallel` in the other edition; empty where they do not resolve."""
        own = self._cite(passage, unit, marker)
        other = self.editions.other(passage.document_id, unit)
        beside = self._cite(*other, marker) if other else ()
        if len(own) != len(beside):
            return own
        return tuple(
            replace(citation, parallel=self._parallel(counterpart)) for citation, counterpart in zip(own, beside, strict=True)
        )

    def _cite(self, passage: Passage, unit: Unit, marker: int) -> tuple[Citation, ...]:
        hit = Hit(passage, self.editions.index.documents[passage.document_id], 0.0, 0)
        return cite(unit, hit, self.text_of(passage.document_id), marker) or ()

    def _parallel(self, citation: Citation) -> Parallel:
        return Parallel(
            document_id=citation.document_id,
            document_sha256=citation.document_sha256,
            path=citation.path,
            language=self.editions.index.documents[citation.document_id].language,
            text=citation.quote,
            start=citation.start,
            end=citation.end,
        )

    def _companions(self, sentence: Sentence, language: str) -> Iterator[Sentence]:
        """The sentences of the study note, in a language, that report the units of a full text that a sentence quotes."""
        for passage, unit in self._units(sentence) if sentence.kind == "quote" else ():
            if (report := self.companions.report(passage, unit)) is None:
                continue
            counterpart = self.editions.parallel(report[0].document_id, report[1], language)
            if counterpart and (citations := self._cited(*counterpart, 0)):
                yield Sentence(counterpart[1].text, "companion", citations)


def _start(citation: Citation, document: Document) -> int:
    """The beginning of a citation, in characters of the document's text."""
    page = next((page for page in document.pages if page.number == citation.page), None)
    return citation.start + (page.start if page and citation.offsets == "page" else 0)


def _moved(sentences: Sequence[Sentence], numbered: Sequence[Sentence]) -> dict[int, int]:
    """The new marker of each quote by its old one."""
    pairs = zip(sentences, numbered, strict=True)
    return {old.citations[0].marker: new.citations[0].marker for old, new in pairs if old.citations and old.kind == "quote"}


def _numbered(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences with new markers for their citations, since a companion has a marker of its own."""
    numbered: list[Sentence] = []
    number = 0
    for sentence in sentences:
        number += bool(sentence.citations)
        numbered.append(replace(sentence, citations=tuple(replace(citation, marker=number) for citation in sentence.citations)))
    return tuple(numbered)
