"""Which stretches of a document are marked, in its text and on its pages."""

from __future__ import annotations

from dataclasses import dataclass

from askjapan.records import Citation, Document, Passage
from askjapan.web.conversations.store import Turn


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a document's text to be marked; the current ones strongest."""

    start: int
    end: int
    marker: int
    current: bool


def citation_marks(turn: Turn, document: Document, marker: int) -> list[Mark]:
    """An answer's quotes from a document in their order, those of one number as the current ones; none if the file has changed."""
    cited = [citation for citation in turn.answer.citations if citation.document_id == document.id]
    return [_mark(citation, document, marker) for citation in cited if citation.document_sha256 == document.sha256]


def passage_mark(passage: Passage) -> Mark:
    """A whole passage."""
    return Mark(passage.start, passage.end, 0, True)


def _mark(citation: Citation, document: Document, marker: int) -> Mark:
    base = 0
    if citation.offsets == "page":
        base = next((page.start for page in document.pages if page.number == citation.page), 0)
    return Mark(base + citation.start, base + citation.end, citation.marker, citation.marker == marker)
