"""Chooses the documents that a question is answered from, and the edition of a study note that it gets.

A study note may exist in several languages. Its first edition is searched, whatever the language of the question. A question in the
language of another edition gets that edition's passage instead; any other question gets the first edition. A note whose full text is
indexed too is not searched. Full texts and users' documents have no editions and are shown for every question.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from askjapan.errors import QuestionError
from askjapan.index.storage.store import Index
from askjapan.language.scripts import is_japanese
from askjapan.records import Document, Hit, Passage, Unit
from askjapan.sayings import Saying

FIRST = ""
"""Language code of a question that gets the first edition."""


def language_of(question: str) -> str:
    """The language in which a question wants study notes: "ja", or `FIRST` for any other."""
    return "ja" if is_japanese(question) else FIRST


@dataclass(frozen=True)
class Editions:
    """The editions of the documents of one index."""

    index: Index

    @cached_property
    def searched(self) -> dict[str, Document]:
        """The documents whose passages are searched, by id."""
        return {id_: document for id_, document in self.index.documents.items() if document.is_listed}

    def named(self, ids: Collection[str]) -> set[str]:
        """The ids with each further edition's id replaced by that of its first edition; unknown ids stay."""
        editions = {document.id: document.edition_of for document in self.index.documents.values() if document.edition_of}
        return {editions.get(id_, id_) for id_ in ids}

    def chosen(self, themes: Collection[str] | None, documents: Collection[str] | None) -> set[str]:
        """The ids of the searched documents that have one of the themes and are among the documents; None or empty means no filter.

        Raises:
            QuestionError: a theme or document is unknown, or no document passes both.
        """
        known = self.searched
        documents = self.named(documents) if documents else None
        all_themes = {theme for document in known.values() for theme in document.themes}
        for name, given, there in (("theme", themes or (), all_themes), ("document", documents or (), set(known))):
            for value in given:
                if value not in there:
                    listed = ", ".join(sorted(there))
                    raise QuestionError(Saying.of("unknown_filter", kind=name, name=repr(value[:80]), known=listed))
        passing = {
            id_
            for id_, document in known.items()
            if (not themes or set(themes) & set(document.themes)) and (not documents or id_ in documents)
        }
        if not passing:
            raise QuestionError(Saying.of("filters_exclude_each_other"))
        return passing

    def shown(self, language: str) -> set[str]:
        """The ids of the documents that may be shown for a question in a language."""
        return {self._edition(id_, language) or id_ for id_ in self.searched}

    def in_language(self, hits: Sequence[Hit], language: str) -> list[Hit]:
        """The hits, each passage once and ranked anew; one of a study note is replaced by the passages of its edition in a language, if any."""
        shown: dict[str, Hit] = {}
        for hit in hits:
            for passage in self.parallels(hit.passage, language) or (hit.passage,):
                document = self.index.documents[passage.document_id]
                shown.setdefault(passage.id, replace(hit, passage=passage, document=document, rank=len(shown) + 1))
        return list(shown.values())

    def parallels(self, passage: Passage, language: str) -> tuple[Passage, ...]:
        """The passages with the same units in a note's edition in a language; empty where there is no other such edition."""
        edition = self._edition(passage.document_id, language)
        places = self._places.get(edition, {})
        by_id = {other.id: other for unit in passage.units for other, _ in places.get(unit.key, ())}
        return tuple(by_id.values())

    def parallel(self, document_id: str, unit: Unit, language: str) -> tuple[Passage, Unit] | None:
        """The same unit in a note's edition in a language, with its passage; None where there is none or several."""
        edition = self._edition(document_id, language)
        places: list[tuple[Passage, Unit]] = self._places.get(edition, {}).get(unit.key, [])
        # A row that is too long for the encoder is cut in parts, which need not be the same in two languages.
        return places[0] if unit.key and len({other.start for _, other in places}) == 1 else None

    def other(self, document_id: str, unit: Unit) -> tuple[Passage, Unit] | None:
        """The same unit in another edition: for a further edition in the first one, for the first one in a further one; else None."""
        document = self.index.documents[document_id]
        if document.edition_of:
            return self.parallel(document_id, unit, FIRST)
        languages = sorted(other.language for other in self._editions_of(document_id))
        return self.parallel(document_id, unit, languages[0]) if languages else None

    def _edition(self, document_id: str, language: str) -> str:
        """The id of a note's edition in a language, the first edition for `FIRST`; empty where there is none, or the note is that first one."""
        document = self.index.documents[document_id]
        first = document.edition_of or document.id
        if language in (FIRST, self.index.documents[first].language):
            return first if document.edition_of else ""
        return next((other.id for other in self._editions_of(first) if other.language == language), "")

    def _editions_of(self, first: str) -> list[Document]:
        return [document for document in self.index.documents.values() if document.edition_of == first]

    @cached_property
    def _places(self) -> dict[str, dict[str, list[tuple[Passage, Unit]]]]:
        """Passages and units by their key, for each document with editions."""
        places: dict[str, dict[str, list[tuple[Passage, Unit]]]] = {}
        further = {document.id: document.edition_of for document in self.index.documents.values() if document.edition_of}
        for id_ in {*further, *further.values()}:
            for passage in self.index.passages_of(id_):
                for unit in passage.units:
                    if unit.key:
                        places.setdefault(id_, {}).setdefault(unit.key, []).append((passage, unit))
        return places
