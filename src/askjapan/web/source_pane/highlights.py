"""Chooses the stretches of a document that are marked, in its text and on its pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askjapan.records import Answer, Citation, Document, Passage
from askjapan.web.conversations.store import Turn

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a document's text to be marked; `current` ones are marked strongest, and the document opens at the `leading` one."""

    start: int
    end: int
    marker: int
    current: bool
    leading: bool = False


def citation_marks(turn: Turn, document: Document, marker: int) -> list[Mark]:
    """An answer's quotes from a document in their order, those of one number as the current ones; none if the file has changed."""
    cited = [citation for citation in turn.answer.citations if citation.document_id == document.id]
    leading = leading_of([citation for citation in cited if citation.marker == marker], turn.answer)
    return [
        _mark(citation, document, marker, citation is leading)
        for citation in cited
        if citation.document_sha256 == document.sha256
    ]


def leading_of(group: Sequence[Citation], answer: Answer) -> Citation | None:
    """The piece of one quotation that holds the short answer, or else most words of the question; of a table the first piece."""

    def answers(citation: Citation) -> tuple[bool, int]:
        asked = set(_WORD.findall((answer.standalone_question or answer.question).casefold()))
        return bool(answer.short) and answer.short in citation.quote, len(asked & set(_WORD.findall(citation.quote.casefold())))

    # A row of a table is found by its heading, which stands before it.
    if not group or any(citation.unit != "sentence" for citation in group):
        return next(iter(group), None)
    return max(group, key=answers)


def passage_mark(passage: Passage) -> Mark:
    """The mark of a whole passage."""
    return Mark(passage.start, passage.end, 0, True, True)


def _mark(citation: Citation, document: Document, marker: int, leading: bool) -> Mark:
    base = 0
    if citation.offsets == "page":
        base = next((page.start for page in document.pages if page.number == citation.page), 0)
    return Mark(base + citation.start, base + citation.end, citation.marker, citation.marker == marker, leading)
