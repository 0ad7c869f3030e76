"""Frozen records that one stage passes to the next.

Offsets are counted in characters (Python `str` indices) of a document's *text as read*, which `readings` describes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from askjapan.readings import Page, Segment
from askjapan.sayings import Saying

DocumentKind = Literal["full text", "study note"]
PassageKind = Literal["prose", "list", "table", "footnote", "reference"]
UnitKind = Literal["sentence", "row", "header", "caption", "note"]
SentenceKind = Literal["quote", "framing", "heading", "generated", "companion"]
Outcome = Literal["answer", "refusal", "asks back"]
SECTION_JOINER = " › "
"""Separator between the headings in a passage's section."""


@dataclass(frozen=True, slots=True)
class Document:
    """Bibliographic facts of one file of the corpus.

    `id` is stable: it comes from the catalogue or from the content, never from the path. `path` is as given to the build, `sha256` is
    that of the file's bytes. `described_by` says where the title was found, `sources` where `title`, `authors`, `year` and `language`
    were, in words for the user. `doi` and `isbn` (13 digits) are those printed at its beginning, empty if there are none; `words` counts
    its words; in Japanese and Chinese two characters count as one.

    `edition_of` is the id of the document that this one is an edition of in another language; it is no work of its own. `companion_of`
    is the id of the full text that a study note reports; such a note is not searched. `citekey` is the key by which the user's
    bibliography cites the work, `zotero` the file's address in Zotero ("library/items/ABCD2345"); empty where there is none.
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
    sources: Mapping[str, str] = field(default_factory=dict)
    doi: str = ""
    isbn: str = ""
    words: int = 0
    edition_of: str = ""
    companion_of: str = ""
    citekey: str = ""
    zotero: str = ""

    @property
    def is_listed(self) -> bool:
        """Whether it counts as a work of the library: neither another edition of one nor the note beside its full text."""
        return not (self.edition_of or self.companion_of)

    def page_at(self, offset: int) -> Page | None:
        """The page that holds a character offset, or None for a file without pages."""
        at = bisect_right(self.pages, offset, key=lambda page: page.start) - 1
        return self.pages[at] if at >= 0 and offset < self.pages[at].end else None

    @property
    def facts(self) -> tuple[tuple[str, str | int | None, str], ...]:
        """Title, authors (joined with "; "), year and language, each with its name and where it was found."""
        values = (("title", self.title), ("authors", "; ".join(self.authors)), ("year", self.year), ("language", self.language))
        return tuple((name, value, self.sources.get(name, "")) for name, value in values)


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that may be quoted: a sentence, or a row, header, caption or note of a table.

    `text` is its cleaned segments joined by a space (by a tab in a table's row, between its cells too); more than one segment means that
    a page break or a footnote is in between, or that a row belongs to a group label given further up.

    In a study note, `locator` says which part of the work the unit reports ("§2", "§3,Table1"), and `key` names it in every edition of
    the note ("f12"; "t1", "t1.h1" and "t1.r3" for a table's caption, header and rows). Both are empty elsewhere.
    """

    text: str
    segments: tuple[Segment, ...]
    kind: UnitKind = "sentence"
    locator: str = ""
    key: str = ""

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
    its markers point to, `unconfirmed` the figures, dates and names in it that a second reading of the page does not have.
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
    unconfirmed: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with its rank (from 1), its score and the signals that made the score."""

    passage: Passage
    document: Document
    score: float
    rank: int
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parallel:
    """Counterpart of a cited stretch of a study note in another edition; `start` and `end` count characters of that edition's text."""

    document_id: str
    document_sha256: str
    path: str
    language: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """Place of a quote in a file, so that anybody can check it.

    `start` and `end` count characters of the document's text as read, or of the page's text when `offsets` is "page" (PDF). The quote is
    that stretch up to the normalisation in `askjapan.language.quotation` (white space, quotes and dashes, markup). Citations of one quotation
    that is interrupted in the file (by a page break, a footnote, or between a table's header and its row) share one `marker`.
    In a study note `locator` says which part of the work the stretch reports, and `parallel` is its counterpart in the other edition.
    `recognised` says that the quote was read by OCR, since the file has only a picture of it.
    `unconfirmed` are the figures, dates and names in the quote that only one of the two engines that read a PDF found there.
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
    locator: str = ""
    parallel: Parallel | None = None
    recognised: bool = False
    unconfirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One stretch of an answer: verbatim (`quote`), askjapan's own words (`framing`, or a `heading`) or written by a model (`generated`).

    A quote is one sentence, several that follow each other in a document, or a table's row with caption and header.
    A `companion` is a sentence of our study note, verbatim, that reports in the question's language what the quote after it says.
    `saying` is what askjapan's own words say, for other languages; None elsewhere, and in answers of earlier versions.
    """

    text: str
    kind: SentenceKind
    citations: tuple[Citation, ...] = ()
    saying: Saying | None = None


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence that a language model wrote from quotes, with the result of the check against them.

    `text` is plain text on one line without the numbers of its quotes; these are in `numbers`. If it is not `supported`, `missing` names
    what its quotes do not contain.
    """

    text: str
    numbers: tuple[int, ...]
    supported: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """Text that a language model wrote to connect the quotes; `trouble` says why it is missing or ends early, or is empty."""

    model: str
    sentences: tuple[WrittenSentence, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer made of quotes, or a refusal that says why.

    `confidence` is the probability (0 to 1) that the corpus holds the answer; `reason` says in a sentence why there are no quotes, and is
    empty where there are; `index_fingerprint` names the state of the corpus. `inherited` are the hashes (`Citation.quote_sha256`) of quotes
    that the previous answer had too, if the question follows it up.
    `short` is the figure, date, name or word that answers, or "Yes" or "No", taken from the quotes numbered `short_markers`; empty where the
    reader is not sure. `kind` is the kind of question that the question was classified as. Where the question has several meanings,
    `readings` are questions to choose from, and nothing is answered. `explanation` says step by step how the answer came about.
    `written` is the text of the optional writer, `saying` what `reason` says, for other languages (None in answers of earlier versions);
    what is None is absent from the JSON.
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
    short: str = ""
    short_markers: tuple[int, ...] = ()
    kind: str = "fact"
    readings: tuple[str, ...] = ()
    explanation: tuple[str, ...] = ()
    saying: Saying | None = None

    @property
    def outcome(self) -> Outcome:
        """Kind of result: an answer, a refusal, or questions to choose from."""
        return "answer" if self.answered else "asks back" if self.readings else "refusal"

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
        for part in (data, *data["sentences"]):
            if part["saying"] is None:
                del part["saying"]
        return data


def work_line(authors: Iterable[str], title: str, year: int | None) -> str:
    """One line about a work: its authors, title and year, as far as known. Nothing is escaped; the caller does that."""
    return ", ".join([*authors, title]) + (f" ({year})" if year else "")
