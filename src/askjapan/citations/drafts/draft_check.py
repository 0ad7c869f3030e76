"""Compares quotations of a draft with the texts of the corpus: exact, on another page than cited, altered, or not found.

"Exact" is equality after the normalisation of `language.quotation`. Changes that scholars may make are no alteration: hyphens,
the case of the first letter, the sign at the end, omissions that are marked (…, [...], （中略）) and words in square brackets.

A text is opened once for many quotations, and closed before the next. A quotation is told of only when every text was looked
through for it: what the time does not suffice for is "not checked".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf
from time import monotonic

from askjapan.citations.drafts.compared_texts import Source, SourceText
from askjapan.citations.drafts.quotation_forms import MOST_PIECES, Forms, compared_words, forms_of
from askjapan.citations.drafts.word_differences import GAP, Compared, Sought, nearest
from askjapan.documents.manuscript import pages_of
from askjapan.findings import CheckedQuotation, DraftCheck, QuotationPlace, Quoted
from askjapan.language.quotation import clean
from askjapan.records import Document
from askjapan.sayings import Saying

ALTERED = 0.6
"""Least share of a quotation's words and signs that must stand in order in one place for it to count as altered."""
LONGEST = 600
"""Most words and signs of a quotation that is aligned, which takes quadratic time; a longer one is only looked for verbatim."""
MOST_PLACES = 5
TOGETHER = 200
"""Quotations that are looked for while a text is open; where the time ends, the last of them are told only if they are exact."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A stretch in which a quotation stands, by the offsets of the document's text."""

    document: Document
    start: int
    end: int


@dataclass(slots=True)
class Looked:
    """A quotation while texts are looked through: its forms, where it stands, the first few places of these, and what is known of it."""

    quoted: Quoted
    forms: Forms
    standings: list[Standing] = field(default_factory=list)
    places: list[QuotationPlace] = field(default_factory=list)
    sought: Sought | None = None
    similarity: float = 0.0
    checked: CheckedQuotation | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """The time that a check may take: `seconds` in all, up to `ends` of the `clock`."""

    seconds: float
    clock: Callable[[], float]
    ends: float

    @property
    def is_reached(self) -> bool:
        return self.clock() >= self.ends


def check_quotations(
    draft: str,
    quotations: Sequence[Quoted],
    sources: Sequence[Source],
    fingerprint: str,
    seconds: float = inf,
    clock: Callable[[], float] = monotonic,
) -> DraftCheck:
    """Look for each quotation in every source.

    Args:
        draft: the name of the draft.
        quotations: from `documents.manuscript`.
        sources: the texts of the corpus; full texts are asked before study notes.
        fingerprint: of the index.
        seconds: that it may take; quotations that are left then are not checked.
        clock: counts seconds.
    """
    limit = Limit(seconds, clock, clock() + seconds)
    ordered = sorted(sources, key=lambda source: source.document.kind == "study note")
    checked: list[CheckedQuotation] = []
    for start in range(0, len(quotations), TOGETHER):
        some = [Looked(quoted, forms_of(quoted.text)) for quoted in quotations[start : start + TOGETHER]]
        if _look_for(some, ordered, limit):
            _align([one for one in some if _needs_aligning(one)], ordered, limit)
        checked += (one.checked or _not_checked(one.quoted, limit) for one in some)
    return DraftCheck(draft, tuple(checked), fingerprint)


def _look_for(some: Sequence[Looked], sources: Sequence[Source], limit: Limit) -> bool:
    """Find where quotations stand as they are; False where the time was over before all texts were looked through."""
    for source in sources:
        if limit.is_reached:
            return False
        text = source.open()
        for one in some:
            stretches = text.stretches(one.forms)
            one.standings += (Standing(source.document, *stretch) for stretch in stretches)
            one.places += (_place(text, *stretch) for stretch in stretches[: MOST_PLACES - len(one.places)])
    return True


def _needs_aligning(one: Looked) -> bool:
    """Whether a quotation stands nowhere as it is, but may stand there altered; what is known of others is told."""
    quoted = one.quoted
    if one.standings:
        one.checked = _on_its_page(quoted, one.standings, one.places)
        return False
    one.checked = _not_found(quoted)
    if quoted.kind == "term":
        return False
    words = compared_words(quoted.text)
    if len(words) > LONGEST:
        one.checked = _not_found(quoted, Saying.of("quotation_too_long", limit=LONGEST))
    elif sum(word.key == GAP for word in words) >= MOST_PIECES:
        one.checked = _not_found(quoted, Saying.of("quotation_of_too_many_pieces", limit=MOST_PIECES))
    else:
        one.sought = Sought.of(words)
    return one.sought is not None


def _align(some: Sequence[Looked], sources: Sequence[Source], limit: Limit) -> None:
    """Find the stretches most similar to quotations; where the time is over before all texts were looked through, nothing is told of them."""
    for source in sources if some else ():
        text = source.open()
        places = text.words.places({pair for one in some if one.sought for pair in one.sought.pairs})
        for one in some:
            if limit.is_reached:
                for other in some:
                    other.checked = None
                return
            if one.sought and (closest := nearest(one.sought, text.words, places, ALTERED, one.similarity)):
                one.checked, one.similarity = _altered(one.quoted, text, closest), closest.similarity


def _not_found(quoted: Quoted, detail: Saying | None = None) -> CheckedQuotation:
    return CheckedQuotation(quoted.text, quoted.kind, quoted.line, "not found", quoted.pages, (), (), 0.0, detail)


def _not_checked(quoted: Quoted, limit: Limit) -> CheckedQuotation:
    detail = Saying.of("quotation_not_checked", seconds=round(limit.seconds))
    return CheckedQuotation(quoted.text, quoted.kind, quoted.line, "not checked", quoted.pages, (), (), 0.0, detail)


def _altered(quoted: Quoted, text: SourceText, compared: Compared) -> CheckedQuotation:
    standing = Standing(text.document, compared.start, compared.end)
    place = _place(text, compared.start, compared.end)
    if not compared.differences:
        # All words are there, in order; what differs is neither word nor sign.
        return _on_its_page(quoted, [standing], [place])
    similarity = round(compared.similarity, 3)
    return CheckedQuotation(
        quoted.text,
        quoted.kind,
        quoted.line,
        "altered",
        quoted.pages,
        (place,),
        compared.differences,
        similarity,
        _page_fault(quoted, [standing]),
    )


def _on_its_page(quoted: Quoted, standings: Sequence[Standing], places: Sequence[QuotationPlace]) -> CheckedQuotation:
    fault = _page_fault(quoted, standings)
    if fault:
        return CheckedQuotation(quoted.text, quoted.kind, quoted.line, "other page", quoted.pages, tuple(places), (), 1.0, fault)
    remark = _remark(quoted, standings)
    return CheckedQuotation(quoted.text, quoted.kind, quoted.line, "exact", quoted.pages, tuple(places), (), 1.0, remark)


def _page_fault(quoted: Quoted, standings: Sequence[Standing]) -> Saying | None:
    """The error in the page that is given for a quotation; None where it is right, or cannot be checked."""
    if not quoted.pages or any(one.document.page_at(one.start) is None for one in standings):
        return None
    cited = set(pages_of(quoted.pages))
    there: list[str] = []
    for standing in standings:
        # A quotation may go on for some pages.
        pages = [page for page in standing.document.pages if page.start < standing.end and page.end > standing.start]
        labels = [(page.label or str(page.number)).lower() for page in pages]
        if cited & set(labels):
            return None
        there.append("–".join(dict.fromkeys((labels[0], labels[-1]))))
    return Saying.of("quoted_from_other_page", there=", ".join(dict.fromkeys(there)), cited=quoted.pages)


def _remark(quoted: Quoted, standings: Sequence[Standing]) -> Saying | None:
    if all(one.document.kind == "study note" for one in standings):
        return Saying.of("quoted_from_study_note")
    if quoted.pages and all(one.document.page_at(one.start) is None for one in standings):
        return Saying.of("quoted_without_pages", cited=quoted.pages)
    return None


def _place(text: SourceText, start: int, end: int) -> QuotationPlace:
    document = text.document
    page = document.page_at(start)
    base = page.start if page else 0
    section, passage = text.at(start)
    return QuotationPlace(
        document_id=document.id,
        title=document.title,
        section=section,
        page=page.number if page else None,
        page_label=page.label if page else None,
        start=start - base,
        end=end - base,
        text=clean(text.text[start:end]),
        passage_id=passage,
    )
