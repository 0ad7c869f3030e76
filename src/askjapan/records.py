"""The frozen records that one stage hands to the next.

Offsets are counted in characters (Python `str` indices) of a document's *text as read*: for `.txt` and `.md` the decoded file,
in which what Markdown does not show is blanked in place, for other formats what their reader returns. A `Segment` is one contiguous
stretch of it, end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Segment = tuple[int, int]
DocumentKind = Literal["full text", "study note"]
PassageKind = Literal["prose", "list", "table", "footnote", "reference"]
UnitKind = Literal["sentence", "row", "header", "caption", "note"]
SentenceKind = Literal["quote", "framing", "generated"]
Markup = Literal["plain", "markdown"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a paged file: `number` counts from 1 in the file, `label` is what is printed on it, if known."""

    number: int
    label: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a file: its text, its pages and what the file says of itself.

    `facts` may hold `title`, `authors` (separated by "; "), `year`, `language`, `venue` and, for notes, `work`; `facts_from` says where they
    were found, in words for the user ("PDF metadata"). `warnings` are sentences for the build report. `furniture` are segments of
    `text` that are no part of the work (running heads, page numbers, a web page's menu).
    """

    text: str
    markup: Markup = "plain"
    pages: tuple[Page, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    facts_from: str = ""
    furniture: tuple[Segment, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The bibliographic facts of one file of the corpus.

    `id` is stable: it comes from the catalogue or from the content, never from the path. `path` is as given to the build, `sha256` is
    that of the file's bytes. `described_by` says where the facts were found.
    """

    id: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    venue: str
    themes: tuple[str, ...]
    kind: DocumentKind
    language: str
    path: str
    sha256: str
    format: str
    described_by: str
    date: str = ""
    characters: int = 0
    pages: tuple[Page, ...] = ()

    def page_at(self, offset: int) -> Page | None:
        """The page that holds a character offset, or None for a file without pages."""
        return next((page for page in self.pages if page.start <= offset < page.end), None)


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that may be quoted: a sentence, or a row, header, caption or note of a table.

    `text` is its cleaned segments joined by a space (by a tab in a table's row, between its cells too); more than one segment means that
    a page break or a footnote stands in between, or that a row stands under a group label given further up.
    """

    text: str
    segments: tuple[Segment, ...]
    kind: UnitKind = "sentence"

    @property
    def start(self) -> int:
        return self.segments[0][0]

    @property
    def end(self) -> int:
        return self.segments[-1][1]


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable stretch of a document that follows its structure.

    `text` is the cleaned text of its units, `section` the heading path joined with " › ", `tokens` are tiktoken tokens and `pieces` the
    encoder's own word pieces of what is embedded. `context` is what a reader of the passage knows from around it (for a footnote the
    sentence that it is hung on); it is searched with the passage but never quoted. `notes` are the ids of the footnote passages that
    its markers point to.
    """

    id: str
    document_id: str
    text: str
    section: str
    page: int | None
    page_label: str | None
    start: int
    end: int
    kind: PassageKind
    units: tuple[Unit, ...]
    tokens: int = 0
    pieces: int = 0
    context: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with its rank (from 1), its score and the signals that made the score."""

    passage: Passage
    document: Document
    score: float
    rank: int
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote stands, so that anybody can check it.

    `start` and `end` count characters of the document's text as read, or of the page's text when `offsets` is "page" (PDF). The quote is
    that stretch up to the normalisation in `askjapan.language.quotation` (white space, quotes and dashes, markup). Citations of one quotation
    that is interrupted in the file (by a page break, a footnote, or between a table's header and its row) share one `marker`.
    """

    marker: int
    document_id: str
    document_sha256: str
    document_kind: DocumentKind
    title: str
    authors: tuple[str, ...]
    year: int | None
    path: str
    page: int | None
    page_label: str | None
    section: str
    start: int
    end: int
    offsets: Literal["document", "page"]
    quote: str
    quote_sha256: str
    passage_id: str
    unit: UnitKind = "sentence"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer: verbatim (`quote`), askjapan's own words (`framing`) or written by a model (`generated`)."""

    text: str
    kind: SentenceKind
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence that a language model wrote from quotes, with what the check against them found.

    `text` is plain text on one line without the numbers of the quotes, which are `numbers`. `missing` says what of a sentence that is
    not `supported` does not stand in the quotes that it cites.
    """

    text: str
    numbers: tuple[int, ...]
    supported: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What a language model wrote to connect the quotes; `trouble` says why there is nothing more of it, or is empty."""

    model: str
    sentences: tuple[WrittenSentence, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer made of quotes, or a refusal that says why.

    `confidence` is the probability (0 to 1) that the corpus holds the answer; `reason` says in a sentence why there is or is no answer;
    `index_fingerprint` names the corpus state that gave it. `inherited` are the ids of cited passages that the question
    before, which this one follows up, is answered from as well.
    `written` is what the optional writer made of the quotes; without one it is None, and absent from the JSON.
    """

    question: str
    standalone_question: str
    answered: bool
    reason: str
    confidence: float
    sentences: tuple[Sentence, ...]
    hits: tuple[Hit, ...]
    index_fingerprint: str
    inherited: tuple[str, ...] = ()
    written: Written | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations, in the order of the sentences."""
        return tuple(citation for sentence in self.sentences for citation in sentence.citations)

    @property
    def quotes(self) -> dict[int, str]:
        """The quotes by their number."""
        quoted = (sentence for sentence in self.sentences if sentence.kind == "quote" and sentence.citations)
        return {sentence.citations[0].marker: sentence.text for sentence in quoted}

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready data: the form that `askjapan verify` and `askjapan export` read."""
        data = {"format": "askjapan answer 1", **asdict(self)}
        if self.written is None:
            del data["written"]
        return data
