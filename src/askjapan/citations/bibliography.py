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

from askjapan.citations.labels import Labels, labels
from askjapan.citations.publications import Publication, publication_of, url_in
from askjapan.language.scripts import UNDETERMINED
from askjapan.language.wordings import wordings
from askjapan.records import SECTION_JOINER, Answer, Citation, Document
from askjapan.sayings import ENGLISH

_EN = wordings("bibliography", "en")
_TABLE_WORD = r"(?:table|figure|fig\.|graphic|chart|graph|box)"
_TABLE_NAME = re.compile(
    rf"\A[\s*_#(]*+((?:(?:annex|appendix)\s+)?{_TABLE_WORD}(?:\s*\d+|\s+[A-Z]\b|\s+[IVX]+\b)(?:[-.]\w+)*|[表図]\s*\d+(?:[-.－]\d+)*)",
    re.IGNORECASE,
)
_TITLES_OF_NOTES = ("Study note", "研究ノート")
_OWN_KEY = re.compile(r"\w[\w:.+/-]*")
"""What may be a key in BibTeX and in Pandoc's Markdown; a library that others write to may name anything so, also what begins an entry."""
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
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


def locator(citation: Citation, caption: str = "", language: str = ENGLISH) -> str:
    """The locator of a quote for a reader: "p. iv (file page 4), § 3. Seeking a Rationale", "Table 2 in § 4. Results".

    For a study note it also names the part of the work that is reported: "§ Findings and figures, in the work: §3, Table 1".

    Args:
        citation: of the quote.
        caption: of the table that it is from, where that is known from elsewhere.
        language: of the words around the section; titles stay as they are.
    """
    tell, is_note = labels(language), citation.document_kind == "study note"
    path = [title for title in map(flat, citation.section.split(SECTION_JOINER.strip())) if title]
    if path and (_letters(path[0]) == _letters(citation.title) or (is_note and path[0].startswith(_TITLES_OF_NOTES))):
        path = path[1:]
    name, path = _table_name(citation, caption, path, tell)
    section = f"§ {SECTION_JOINER.join(path)}" if path else ""
    place = tell("table_in", table=name, section=section) if name and section else name or section
    told = tell("in_the_work", part=tell.part_of_work(flat(citation.locator))) if citation.locator else ""
    by_ocr = tell("by_ocr") if citation.recognised else ""
    parts = (_page(citation, tell), place, told, by_ocr, unconfirmed_note([citation], language))
    return tell("list_comma").join(filter(None, parts)) or tell("characters", start=citation.start, end=citation.end)


def unconfirmed_note(citations: Iterable[Citation], language: str = ENGLISH) -> str:
    """Note on the words of a quote that only one of the two PDF engines has read; empty where all are confirmed."""
    words = tuple(dict.fromkeys(flat(word) for citation in citations for word in citation.unconfirmed))
    what = "figure" if any(character.isdigit() for word in words for character in word) else "word"
    return labels(language)(f"unconfirmed_{what}", words=words) if words else ""


def _page(citation: Citation, tell: Labels) -> str:
    if citation.page is None:
        return ""
    if not citation.page_label:
        return tell("page_of_file", number=citation.page)
    same = citation.page_label == str(citation.page)
    return tell("page" if same else "page_and_file", label=flat(citation.page_label), number=citation.page)


def _table_name(citation: Citation, caption: str, path: list[str], tell: Labels) -> tuple[str, list[str]]:
    """The name of the table that a quote is from, and the section path without it."""
    if citation.unit == "sentence":
        return "", path
    named = [match for title in path if (match := _TABLE_NAME.match(title))]
    own = _TABLE_NAME.match(citation.quote if citation.unit == "caption" else caption) or (named[-1] if named else None)
    if own:
        return flat(own.group(1)), [title for title in path if not _TABLE_NAME.match(title)]
    return (tell("table") if citation.unit in ("row", "header") else ""), path


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
class Cited:
    """A cited work: its facts, the key of its entry and, in order, its citations, each with its locator in the language of `tell`."""

    document: Document
    key: str
    citations: tuple[tuple[Citation, str], ...]
    tell: Labels

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
        return publication_of(self.venue)

    @property
    def url(self) -> str:
        return url_in(self.venue)

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
        lines = [self.tell("note_is_no_work")] if self.is_note else []
        if not self.is_note and self.document.date and not _ISO_DATE.fullmatch(self.document.date):
            lines.append(self.tell("dated", date=flat(self.document.date)))
        for place, group in groupby(self.citations, key=lambda pair: pair[1]):
            quotes = (flat(citation.quote) for citation, _ in group)
            shown = " ".join(quote if self.is_note else f"“{quote}”" for quote in quotes)
            lines.append(self.tell("place_and_quotes", place=place, quotes=shown))
        hashes = dict.fromkeys(citation.document_sha256 for citation, _ in self.citations)
        return lines + [self.tell("file_sha256", sha256=flat(sha256)) for sha256 in hashes]

    @property
    def title(self) -> str:
        return full_title(self.document, self.tell.language)


def full_title(document: Document, language: str = ENGLISH) -> str:
    """The title to print; for a study note the description of the work that it is about."""
    if document.kind == "full text":
        return flat(document.title)
    year = f" ({document.year})" if document.year is not None else ""
    return flat(labels(language)("study_note_on", work=f"{', '.join((*document.authors, document.title))}{year}"))


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


def locators_of(answers: Iterable[Answer], language: str = ENGLISH) -> dict[Citation, str]:
    """The locator of every citation, with the captions that the hits and the citations beside it give."""
    captions: dict[str, str] = {}
    for answer in answers:
        known = [(hit.passage.id, unit.text, unit.kind) for hit in answer.hits for unit in hit.passage.units]
        for id_, text, kind in (*known, *((c.passage_id, c.quote, c.unit) for c in answer.citations)):
            # Lines of units count as captions too; only the one with the table's name names it.
            if kind == "caption" and _TABLE_NAME.match(text):
                captions.setdefault(id_, text)
    return {c: locator(c, captions.get(c.passage_id, ""), language) for answer in answers for c in answer.citations}


def cited_works(answers: Sequence[Answer], language: str = ENGLISH) -> Iterator[Cited]:
    """The cited works in the order in which they are first cited; a place that is quoted again counts once."""
    documents, places, tell = documents_of(answers), locators_of(answers, language), labels(language)
    grouped: dict[str, dict[tuple[object, ...], Citation]] = {}
    for citation in places:
        spot = (citation.document_sha256, citation.page, citation.start, citation.end, citation.quote)
        grouped.setdefault(citation.document_id, {}).setdefault(spot, citation)
    taken: set[str] = set()
    for id_, citations in grouped.items():
        key = _key(documents[id_], taken)
        taken.add(key)
        yield Cited(documents[id_], key, tuple((citation, places[citation]) for citation in citations.values()), tell)


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
