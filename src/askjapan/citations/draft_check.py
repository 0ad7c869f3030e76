"""Compares quotations of a draft with the texts of the corpus: exact, on another page than cited, altered, or not found.

"Exact" is equality after the normalisation of `language.quotation`. Changes that scholars may make are no alteration: hyphens,
the case of the first letter, the sign at the end, omissions that are marked (…, [...], （中略）) and words in square brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from askjapan.citations.word_differences import GAP, Compared, Words, nearest, words_of
from askjapan.documents.manuscript import pages_of
from askjapan.findings import CheckedQuotation, DraftCheck, QuotationPlace, Quoted
from askjapan.language.quotation import clean, normalise, normalised
from askjapan.language.traced import Traced, joined
from askjapan.readings import Segment
from askjapan.records import Document
from askjapan.sayings import Saying

ALTERED = 0.6
"""Least share of a quotation's words and signs that must stand in order in one place for it to count as altered."""
LONGEST = 600
"""Most words and signs of a quotation that is aligned, which takes quadratic time; a longer one is only looked for verbatim."""
MOST_PLACES = 5
MOST_PIECES = 40
"""Most pieces between omissions that are looked for or aligned; a quotation with more is only looked for as it stands."""
FARTHEST = 4_000
"""Most normalised characters between two pieces of one quotation."""
_AT_END = ".,;:!?。、，．"
_HYPHEN = re.compile("-")
_SIC = re.compile(r"(?:(?<!\s)\s++)?(?:\[(?:sic!?|ママ)\]|［ママ］)", re.IGNORECASE)
_LETTER_CHANGED = re.compile(r"\[(\w)\](?=\w)")
_OMITTED = re.compile(
    r"(?:(?<!\s)\s++)?(?:[\[(〔［（【]\s*(?:…+|\.\s?\.\s?\.(?:\s?\.)?|[前中後]?略)\s*[\])〕］）】]|…+|\.\s?\.\s?\.(?:\s?\.)?|\[[^\[\]]{1,80}\]|［[^［］]{1,80}］)\s*"
)


@dataclass(frozen=True)
class Source:
    """A document's text as read; `segments` are its quotable stretches in reading order, each with its section and passage id.

    Running heads and page numbers are in no segment, so that a quotation over a page's end is found.
    """

    document: Document
    text: str
    segments: Sequence[tuple[Segment, str, str]]

    @cached_property
    def body(self) -> Traced:
        """All segments normalised and joined; `places` are offsets in the text."""
        return joined(normalised(self.text[start:end]).moved(start) for (start, end), _, _ in self.segments)

    @cached_property
    def unhyphenated(self) -> Traced:
        """The body without hyphens, since a hyphen at the end of a line may or may not belong to the word."""
        return self.body.sub(_HYPHEN, "")

    @cached_property
    def whole(self) -> Traced:
        """The whole text normalised, headings too."""
        return normalised(self.text)

    @cached_property
    def words(self) -> Words:
        return Words.of(self.text, [segment for segment, _, _ in self.segments])

    def at(self, offset: int) -> tuple[str, str]:
        """The section and the passage id of a character by its offset; empty outside of all passages."""
        return next(((section, passage) for (start, end), section, passage in self.segments if start <= offset < end), ("", ""))


def check_quotations(draft: str, quotations: Sequence[Quoted], sources: Sequence[Source], fingerprint: str) -> DraftCheck:
    """Look for each quotation in every source.

    Args:
        draft: the name of the draft.
        quotations: from `documents.manuscript`.
        sources: the texts of the corpus; full texts are asked before study notes.
        fingerprint: of the index.
    """
    ordered = sorted(sources, key=lambda source: source.document.kind == "study note")
    return DraftCheck(draft, tuple(_check(quoted, ordered) for quoted in quotations), fingerprint)


def _check(quoted: Quoted, sources: Sequence[Source]) -> CheckedQuotation:
    places = [place for source in sources for place in _exact(quoted.text, source)]
    if places:
        return _on_its_page(quoted, places, sources)
    if quoted.kind != "term":
        words = words_of(_SIC.sub("", _OMITTED.sub(f" {GAP} ", _LETTER_CHANGED.sub(r"\1", quoted.text))))
        if len(words) > LONGEST:
            return _not_found(quoted, Saying.of("quotation_too_long", limit=LONGEST))
        if sum(word.key == GAP for word in words) >= MOST_PIECES:
            return _not_found(quoted, Saying.of("quotation_of_too_many_pieces", limit=MOST_PIECES))
        compared = [(source, closest) for source in sources if (closest := nearest(words, source.words))]
        source, best = max(compared, key=lambda pair: pair[1].similarity, default=(None, None))
        if source is not None and best is not None and best.similarity >= ALTERED:
            return _altered(quoted, source, best)
    return _not_found(quoted)


def _not_found(quoted: Quoted, detail: Saying | None = None) -> CheckedQuotation:
    return CheckedQuotation(quoted.text, quoted.kind, quoted.line, "not found", quoted.pages, (), (), 0.0, detail)


def _altered(quoted: Quoted, source: Source, compared: Compared) -> CheckedQuotation:
    place = _place(source, compared.start, compared.end)
    if not compared.differences:
        # All words are there, in order; what differs is neither word nor sign.
        return _on_its_page(quoted, [place], [source])
    similarity = round(compared.similarity, 3)
    detail = _page_fault(quoted, [place], [source])
    return CheckedQuotation(
        quoted.text, quoted.kind, quoted.line, "altered", quoted.pages, (place,), compared.differences, similarity, detail
    )


def _on_its_page(quoted: Quoted, places: Sequence[QuotationPlace], sources: Sequence[Source]) -> CheckedQuotation:
    fault = _page_fault(quoted, places, sources)
    kept = tuple(places[:MOST_PLACES])
    if fault:
        return CheckedQuotation(quoted.text, quoted.kind, quoted.line, "other page", quoted.pages, kept, (), 1.0, fault)
    return CheckedQuotation(
        quoted.text, quoted.kind, quoted.line, "exact", quoted.pages, kept, (), 1.0, _remark(quoted, places, sources)
    )


def _page_fault(quoted: Quoted, places: Sequence[QuotationPlace], sources: Sequence[Source]) -> Saying | None:
    """The error in the page that is given for a quotation; None where it is right, or cannot be checked."""
    paged = [place for place in places if place.page is not None]
    if not quoted.pages or len(paged) < len(places):
        return None
    documents = {source.document.id: source.document for source in sources}
    cited = set(pages_of(quoted.pages))
    there: list[str] = []
    for place in paged:
        page = documents[place.document_id].pages
        own = next(one for one in page if one.number == place.page)
        # A quotation may go on for some pages.
        pages = [one for one in page if one.start < own.start + place.end and one.end > own.start + place.start]
        labels = [(one.label or str(one.number)).lower() for one in pages]
        if cited & set(labels):
            return None
        there.append("–".join(dict.fromkeys((labels[0], labels[-1]))))
    return Saying.of("quoted_from_other_page", there=", ".join(dict.fromkeys(there)), cited=quoted.pages)


def _remark(quoted: Quoted, places: Sequence[QuotationPlace], sources: Sequence[Source]) -> Saying | None:
    notes = {source.document.id for source in sources if source.document.kind == "study note"}
    if all(place.document_id in notes for place in places):
        return Saying.of("quoted_from_study_note")
    if quoted.pages and all(place.page is None for place in places):
        return Saying.of("quoted_without_pages", cited=quoted.pages)
    return None


def _exact(text: str, source: Source) -> Iterator[QuotationPlace]:
    """The places of a quotation as it is; compared without hyphens where there are none with them."""
    pieces = [piece for piece in _OMITTED.split(_SIC.sub("", _LETTER_CHANGED.sub(r"\1", text))) if normalise(piece)]
    pieces = pieces if len(pieces) <= MOST_PIECES else []
    for hyphens in (True, False):
        for traced in (source.body if hyphens else source.unhyphenated, source.whole):
            spans = list(_spans([text], traced, hyphens)) or (list(_spans(pieces, traced, hyphens)) if pieces else [])
            if spans:
                yield from (_place(source, *traced.source(*span)) for span in spans)
                return


def _spans(pieces: Sequence[str], traced: Traced, hyphens: bool) -> Iterator[Segment]:
    """The stretches of a normalised text in which all pieces of a quotation stand, in order and near each other."""
    forms = [normalise(piece) if hyphens else normalise(piece).replace("-", "") for piece in pieces]
    forms[-1] = forms[-1].rstrip(_AT_END) or forms[-1]
    first = forms[0]
    other_case = first[:1].swapcase() + first[1:]
    starts = sorted({*_all(first, traced.text), *(_all(other_case, traced.text) if other_case != first else ())})
    for start in starts:
        end = start + len(first)
        for form in forms[1:]:
            place = traced.text.find(form, end, end + FARTHEST + len(form))
            if place < 0:
                break
            end = place + len(form)
        else:
            yield start, end


def _all(form: str, text: str) -> Iterator[int]:
    place = text.find(form)
    while form and place >= 0:
        yield place
        place = text.find(form, place + 1)


def _place(source: Source, start: int, end: int) -> QuotationPlace:
    document = source.document
    page = document.page_at(start)
    base = page.start if page else 0
    section, passage = source.at(start)
    return QuotationPlace(
        document_id=document.id,
        title=document.title,
        section=section,
        page=page.number if page else None,
        page_label=page.label if page else None,
        start=start - base,
        end=end - base,
        text=clean(source.text[start:end]),
        passage_id=passage,
    )
