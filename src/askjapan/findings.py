"""Frozen records of results across all works: every mention of a term, a matrix of works and questions, the check of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from askjapan.records import Answer, Document
from askjapan.sayings import Saying

QuotationStatus = Literal["exact", "other page", "altered", "not found", "not checked"]
QuotationKind = Literal["quotation", "block", "term"]
AROUND = 70
"""Most characters that a mention has on each side, cut at a word's edge."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One occurrence of a term, with the text before and after it.

    `start` and `end` count characters of the document's text as read, or of the page's text where there is a `page`, as in a citation.
    `text` is the term as written there. `passage_id` is empty outside of the running text: in a heading, a running head or the like.
    `more_before` and `more_after` say whether its section, or outside of the running text its line, goes on beyond `before` and `after`.
    """

    document_id: str
    section: str
    page: int | None
    page_label: str | None
    start: int
    end: int
    before: str
    text: str
    after: str
    passage_id: str
    more_before: bool
    more_after: bool


@dataclass(frozen=True, slots=True)
class WorkMentions:
    """Mentions in one work, in its order, with their number in each section; `outside` counts those outside of the running text."""

    document: Document
    mentions: tuple[Mention, ...]
    sections: tuple[tuple[str, int], ...]
    outside: int

    @property
    def count(self) -> int:
        return len(self.mentions)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Every mention of a term, without sampling.

    `exact` says that the term was searched for letter for letter. `forms` counts its spellings in lower case, the most frequent first.
    `works` has every work that was searched, those without a mention too.
    """

    term: str
    exact: bool
    works: tuple[WorkMentions, ...]
    forms: tuple[tuple[str, int], ...]
    index_fingerprint: str

    @property
    def count(self) -> int:
        return sum(work.count for work in self.works)

    @property
    def all(self) -> tuple[Mention, ...]:
        return tuple(mention for work in self.works for mention in work.mentions)

    def to_dict(self) -> dict[str, Any]:
        """The mentions as JSON-ready data."""
        works = [
            {
                **_named(work.document),
                "count": work.count,
                "outside": work.outside,
                "sections": [{"section": section, "count": count} for section, count in work.sections],
                "mentions": [asdict(mention) for mention in work.mentions],
            }
            for work in self.works
        ]
        return {
            "format": "askjapan mentions 1",
            "term": self.term,
            "exact": self.exact,
            "count": self.count,
            "forms": [{"form": form, "count": count} for form, count in self.forms],
            "works": works,
            "index_fingerprint": self.index_fingerprint,
        }


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A work with its answer to each question, in their order: one quote at most, or a refusal that says what the work lacks."""

    document: Document
    cells: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Answers to questions asked of each work separately: a row a work, a column a question."""

    questions: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    index_fingerprint: str

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All cells, row by row."""
        return tuple(cell for row in self.rows for cell in row.cells)

    def to_dict(self) -> dict[str, Any]:
        """The matrix as JSON-ready data; each cell is an answer in the form that `askjapan verify` reads."""
        return {
            "format": "askjapan matrix 1",
            "questions": list(self.questions),
            "rows": [{**_named(row.document), "cells": [cell.to_dict() for cell in row.cells]} for row in self.rows],
            "index_fingerprint": self.index_fingerprint,
        }


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation in a manuscript, without its quotation marks. `line` counts from 1, `pages` is as written, empty where none is given."""

    text: str
    kind: QuotationKind
    line: int
    pages: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch of words in which a draft's quotation departs from the source; either side may be empty."""

    draft: str
    source: str


@dataclass(frozen=True, slots=True)
class QuotationPlace:
    """Place of a quotation in a work; `start`, `end` and `passage_id` are as in `Mention`, `text` is the source's text there."""

    document_id: str
    title: str
    section: str
    page: int | None
    page_label: str | None
    start: int
    end: int
    text: str
    passage_id: str = ""


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation of a draft with the result of its comparison with the corpus.

    `line` is that of the draft's text, from 1. `cited_pages` are the pages that the draft gives for it, as written, such as "12–13".
    `places` are its places in the works (exact), or those of the most similar text (altered); `differences` are those from the first
    place. "not checked" is a quotation for which the time of the check did not suffice. `similarity` is the share of its words and
    signs that occur there in order, 0 to 1. `detail` says what is to be known besides.
    """

    text: str
    kind: QuotationKind
    line: int
    status: QuotationStatus
    cited_pages: str
    places: tuple[QuotationPlace, ...]
    differences: tuple[Difference, ...]
    similarity: float
    detail: Saying | None

    @property
    def is_sound(self) -> bool:
        """Whether the quotation needs no correction; a term in quotation marks need not occur in any work."""
        return self.status == "exact" or (self.kind == "term" and self.status == "not found")


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """All quotations of a draft, in its order, as compared with the works of one index."""

    draft: str
    quotations: tuple[CheckedQuotation, ...]
    index_fingerprint: str

    @property
    def is_sound(self) -> bool:
        return all(quotation.is_sound for quotation in self.quotations)

    @property
    def unchecked(self) -> tuple[CheckedQuotation, ...]:
        """The quotations for which the time did not suffice."""
        return tuple(quotation for quotation in self.quotations if quotation.status == "not checked")

    @property
    def is_complete(self) -> bool:
        return not self.unchecked

    @property
    def has_faults(self) -> bool:
        """Whether a quotation that was checked needs a correction."""
        return any(not one.is_sound for one in self.quotations if one.status != "not checked")

    @property
    def counts(self) -> Mapping[str, int]:
        """Number of quotations of each status; terms that occur in no work are not counted."""
        counted = [one for one in self.quotations if one.kind != "term" or one.status != "not found"]
        statuses: tuple[QuotationStatus, ...] = ("exact", "other page", "altered", "not found", "not checked")
        return {status: sum(one.status == status for one in counted) for status in statuses}

    def to_dict(self) -> dict[str, Any]:
        """The check as JSON-ready data."""
        data = asdict(self)
        for quotation, checked in zip(data["quotations"], self.quotations, strict=True):
            quotation["detail"] = str(checked.detail or "")
        return {
            "format": "askjapan draft check 1",
            "sound": self.is_sound,
            "complete": self.is_complete,
            "counts": dict(self.counts),
            **data,
        }


def _named(document: Document) -> dict[str, Any]:
    names = ("id", "title", "authors", "year", "kind", "language")
    return {name: getattr(document, name) for name in names}
