"""Lists the works that answers cite: each once, with its facts, its key and, for every citation, a locator that a reader can follow.

A study note is a note on a work: it never carries the work's authors, year or venue as its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath

from askjapan.language.scripts import UNDETERMINED
from askjapan.language.wordings import wordings
from askjapan.records import SECTION_JOINER, Answer, Citation, Document

_EN = wordings("bibliography", "en")
BY_OCR = "read by OCR"
_TABLE_WORD = r"(?:table|figure|fig\.|graphic|chart|graph|box)"
_TABLE_NAME = re.compile(
    rf"\A[\s*_#(]*+((?:(?:annex|appendix)\s+)?{_TABLE_WORD}(?:\s*\d+|\s+[A-Z]\b|\s+[IVX]+\b)(?:[-.]\w+)*|[表図]\s*\d+(?:[-.－]\d+)*)",
    re.IGNORECASE,
)
_OWN_KEY = re.compile(r"\w[\w:.+/-]*")
"""What may be a key in BibTeX and in Pandoc's Markdown; a library that others write to may name anything so, also what begins an entry."""
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_URL = re.compile(r"https?://[^\s<>\"{}\\^`]*[^\s<>\"{}\\^`.,;)]")
_SERIES = re.compile(r"(?P<series>(?:working|discussion|occasional|research) paper)s?\b", re.IGNORECASE)
_NUMBER = re.compile(r"\A(?:[\s,.]|series|no\.?|#)*+(?P<number>(?:[^\W\d]|[./-])*+\d[\w./-]*+)", re.IGNORECASE)
_VOLUME = re.compile(r"\bvol(?:ume|\b)\.?\s*(\d+)|(?<=[\s,])(\d++)\s?(?=\()|(?:第\s*+)?(?<!\d)(\d++)\s*+巻", re.IGNORECASE)
_ISSUE = re.compile(
    r"\b(?:no|issue)\b\.?\s*(\d+(?:[-–/]\d+)?)|(?<=\d)\s?\((\d+(?:[-–/]\d+)?)\)|(?:第\s*+)?(?<!\d)(\d++)\s*+号", re.IGNORECASE
)
_PAGES = re.compile(r"\bpp?\.\s*(\d+(?:\s*[-–]\s*\d+)?)|(?<=:)\s*(\d+\s*[-–]\s*\d+)", re.IGNORECASE)
EDITED = re.compile(r"^in:|\beds?\.|\(eds?\)|編", re.IGNORECASE)
_SMALL_WORDS = ("a", "an", "the", "on", "of", "in", "and", "for", "to", "at", "from", "with")
_ORGANISATION = re.compile(
    rf"\b(?:{_EN['organisation']})\b|[\d&/()]",
    re.IGNORECASE,
)
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV")
_PARTICLE = re.compile(r"van|von|de|der|den|da|di|du|dos|del|della|la|le|ter|ten|bin|ibn|al|el|y|zu")


def flat(text: str) -> str:
    """A text on one line: white space collapsed, control characters gone, a table's cells parted by bars."""
    cells = (" ".join(cell.split()) for cell in text.strip("\t").split("\t"))
    return "".join(char for char in " | ".join(cells) if unicodedata.category(char) != "Cc")


def locator(citation: Citation, caption: str = "") -> str:
    """The locator of a quote for a reader: "p. iv (file page 4), § 3. Seeking a Rationale", "Table 2 in § 4. Results".

    For a study note it also names the part of the work that is reported: "§ Findings and figures, in the work: §3, Table 1".

    Args:
        citation: of the quote.
        caption: of the table that it is from, where that is known from elsewhere.
    """
    is_note = citation.document_kind == "study note"
    path = [title for title in map(flat, citation.section.split(SECTION_JOINER.strip())) if title]
    if path and (_letters(path[0]) == _letters(citation.title) or (is_note and path[0].startswith("Study note"))):
        path = path[1:]
    name, path = _table_name(citation, caption, path)
    section = f"§ {SECTION_JOINER.join(path)}" if path else ""
    place = f"{name} in {section}" if name and section else name or section
    told = f"in the work: {part_of_work(flat(citation.locator))}" if citation.locator else ""
    parts = (_page(citation), place, told, BY_OCR if citation.recognised else "", unconfirmed_note([citation]))
    return ", ".join(part for part in parts if part) or f"characters {citation.start}–{citation.end}"


def unconfirmed_note(citations: Iterable[Citation]) -> str:
    """Note on the words of a quote that only one of the two PDF engines has read; empty where all are confirmed."""
    words = list(dict.fromkeys(word for citation in citations for word in citation.unconfirmed))
    if not words:
        return ""
    what = "figure" if any(character.isdigit() for character in words[0]) else "word"
    return f"{what}{'s' if len(words) > 1 else ''} not confirmed by a second reading: {', '.join(map(flat, words))}"


def _page(citation: Citation) -> str:
    if citation.page is None:
        return ""
    if not citation.page_label:
        return f"file page {citation.page}"
    same = citation.page_label == str(citation.page)
    return f"p. {flat(citation.page_label)}" + ("" if same else f" (file page {citation.page})")


def _table_name(citation: Citation, caption: str, path: list[str]) -> tuple[str, list[str]]:
    """The name of the table that a quote is from, and the section path without it."""
    if citation.unit == "sentence":
        return "", path
    named = [match for title in path if (match := _TABLE_NAME.match(title))]
    own = _TABLE_NAME.match(citation.quote if citation.unit == "caption" else caption) or (named[-1] if named else None)
    if own:
        return flat(own.group(1)), [title for title in path if not _TABLE_NAME.match(title)]
    return ("table" if citation.unit in ("row", "header") else ""), path


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def split_name(name: str) -> tuple[str, str, str]:
    """(family, given, suffix) of a person; (name, "", "") of an organisation, a single word, and a name in kanji, kana or hangul."""
    name = flat(name)
    if _ORGANISATION.search(name) or _EAST_ASIAN.search(name):
        return name, "", ""
    pieces = [piece.strip() for piece in name.split(",") if piece.strip()]
    suffix = next((piece for piece in pieces[1:] if _SUFFIX.fullmatch(piece)), "")
    pieces = [piece for piece in pieces if piece != suffix]
    if len(pieces) == 2:
        return pieces[0], pieces[1], suffix
    words = pieces[0].split() if len(pieces) == 1 else []
    if len(words) > 2 and not suffix and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    return _split_words(words, suffix) if len(words) > 1 else (name, "", "")


def _split_words(words: list[str], suffix: str) -> tuple[str, str, str]:
    if words[0].isupper() and len(words[0]) > 2 and "." not in words[0] and not words[-1].isupper():
        # "TANAKA Hiroshi": capitals mark the family name, wherever it stands.
        return words[0], " ".join(words[1:]), suffix
    first = len(words) - 1
    while first > 1 and _PARTICLE.fullmatch(words[first - 1]):
        first -= 1
    return " ".join(words[first:]), " ".join(words[:first]), suffix


@dataclass(frozen=True, slots=True)
class Publication:
    """A venue in its parts: a journal with volume, issue and pages, a publisher with series and number, or a name alone."""

    name: str
    series: str = ""
    number: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""


def _first(match: re.Match[str] | None) -> str:
    return next((group for group in match.groups() if group), "").replace(" ", "").replace("-", "–") if match else ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited work: its facts, the key of its entry and, in order, its citations, each with its locator."""

    document: Document
    key: str
    citations: tuple[tuple[Citation, str], ...]

    @property
    def is_note(self) -> bool:
        return self.document.kind == "study note"

    @property
    def authors(self) -> tuple[str, ...]:
        return () if self.is_note else self.document.authors

    @property
    def date(self) -> tuple[int, ...]:
        """(year, month, day), as far as known."""
        if self.is_note:
            return ()
        match = _ISO_DATE.fullmatch(self.document.date)
        parts = tuple(int(part) for part in match.groups() if part) if match else ()
        if len(parts) > 1 and 1 <= parts[1] <= 12:
            return parts
        return () if self.document.year is None else (self.document.year,)

    @property
    def venue(self) -> str:
        return "" if self.is_note else flat(self.document.venue)

    @property
    def publication(self) -> Publication:
        if (series := _SERIES.search(self.venue)) and (number := _NUMBER.fullmatch(self.venue[series.end() :])):
            place = self.venue[: series.start()].rstrip(", \t\n")
            return Publication(place, series=series.group("series"), number=number.group("number"))
        volume, issue, pages = (pattern.search(self.venue) for pattern in (_VOLUME, _ISSUE, _PAGES))
        if (volume or issue) and not EDITED.search(self.venue):
            name = self.venue[: min(match.start() for match in (volume, issue, pages) if match)].rstrip(" ,.;:(")
            return Publication(name, volume=_first(volume), issue=_first(issue), pages=_first(pages))
        return Publication(self.venue.replace(self.url, "").strip(" ,.;:()<>") if self.url else self.venue)

    @property
    def url(self) -> str:
        match = _URL.search(self.venue)
        return match.group() if match else ""

    @property
    def doi(self) -> str:
        return "" if self.is_note else self.document.doi

    @property
    def isbn(self) -> str:
        return "" if self.is_note else self.document.isbn

    @property
    def language(self) -> str:
        return "" if self.document.language == UNDETERMINED else self.document.language

    @property
    def notes(self) -> list[str]:
        """Notes for the entry: that it is a study note, a date that is not ISO 8601, the quotes with their locators, and the files' hashes."""
        lines = ["A study note on the work, not the work itself."] if self.is_note else []
        if not self.is_note and self.document.date and not _ISO_DATE.fullmatch(self.document.date):
            lines.append(f"Dated {flat(self.document.date)}.")
        for place, group in groupby(self.citations, key=lambda pair: pair[1]):
            quotes = (flat(citation.quote) for citation, _ in group)
            lines.append(f"{place}: " + " ".join(quote if self.is_note else f"“{quote}”" for quote in quotes))
        return lines + [f"File SHA-256 {flat(sha256)}" for sha256 in dict.fromkeys(c.document_sha256 for c, _ in self.citations)]


def part_of_work(locator: str) -> str:
    """A study note's locator for reading: "§3,AnnexTable" is "§3, Annex Table"."""
    return ", ".join(re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", part) for part in locator.split(","))


def full_title(document: Document) -> str:
    """The title to print; for a study note the description of the work that it is about."""
    if document.kind == "full text":
        return flat(document.title)
    year = f" ({document.year})" if document.year is not None else ""
    return flat(f"Study note on: {', '.join((*document.authors, document.title))}{year}")


def documents_of(answers: Iterable[Answer]) -> dict[str, Document]:
    """Every document that the answers name, by id: from their hits, else made from the facts in a citation."""
    documents: dict[str, Document] = {}
    for answer in answers:
        documents.update({hit.document.id: hit.document for hit in answer.hits})
    for citation in (citation for answer in answers for citation in answer.citations):
        documents.setdefault(citation.document_id, _document(citation))
    return documents


def _document(citation: Citation) -> Document:
    return Document(
        id=citation.document_id,
        title=citation.title,
        authors=citation.authors,
        year=citation.year,
        venue="",
        themes=(),
        kind=citation.document_kind,
        language="",
        path=citation.path,
        sha256=citation.document_sha256,
        format=PurePath(citation.path).suffix.lower().lstrip("."),
        described_by="the citation",
    )


def locators_of(answers: Iterable[Answer]) -> dict[Citation, str]:
    """The locator of every citation, with the captions that the hits and the citations beside it give."""
    captions: dict[str, str] = {}
    for answer in answers:
        known = [(hit.passage.id, unit.text, unit.kind) for hit in answer.hits for unit in hit.passage.units]
        for id_, text, kind in (*known, *((c.passage_id, c.quote, c.unit) for c in answer.citations)):
            # Lines of units count as captions too; only the one with the table's name names it.
            if kind == "caption" and _TABLE_NAME.match(text):
                captions.setdefault(id_, text)
    return {c: locator(c, captions.get(c.passage_id, "")) for answer in answers for c in answer.citations}


def cited_works(answers: Sequence[Answer]) -> Iterator[Cited]:
    """The cited works in the order in which they are first cited; a place that is quoted again counts once."""
    documents, places = documents_of(answers), locators_of(answers)
    grouped: dict[str, dict[tuple[object, ...], Citation]] = {}
    for citation in places:
        spot = (citation.document_sha256, citation.page, citation.start, citation.end, citation.quote)
        grouped.setdefault(citation.document_id, {}).setdefault(spot, citation)
    taken: set[str] = set()
    for id_, citations in grouped.items():
        key = _key(documents[id_], taken)
        taken.add(key)
        yield Cited(documents[id_], key, tuple((citation, places[citation]) for citation in citations.values()))


def _key(document: Document, taken: set[str]) -> str:
    """The user's own key, else family name, year and first significant word of the title in ASCII; with a number where it is taken."""
    family = _slug(split_name(document.authors[0])[0]) if document.authors else ""
    words = (_slug(word) for word in document.title.split())
    word = next((word for word in words if word and word not in _SMALL_WORDS), "")
    base = f"{family}{document.year or ''}{word}" if family else _slug(document.id) or "work"
    base = document.citekey if _OWN_KEY.fullmatch(document.citekey) else base
    if document.kind == "study note" and not base.endswith("note"):
        base += "note"
    return next(key for key in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))) if key not in taken)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text).casefold())
