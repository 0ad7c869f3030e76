"""Makes citations of the units of a passage; a unit that does not resolve exactly gets none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from askjapan.language.quotation import clean, fingerprint, normalise, same
from askjapan.readings import Segment
from askjapan.records import Citation, Document, Hit, Unit


def cite(unit: Unit, hit: Hit, text: str, marker: int) -> tuple[Citation, ...] | None:
    """The citations of one unit, one for each segment and page, all with one marker.

    The result is None if a segment does not resolve to its quote in `text`, the document's text as read. Such a unit must not be quoted.
    """
    citations = tuple(_citation(segment, unit, hit, text, marker) for segment in _by_page(unit.segments, hit.document, text))
    if not citations or any(citation is None for citation in citations):
        return None
    return tuple(citation for citation in citations if citation is not None)


def joined(citations: Sequence[Citation], document: Document, text: str) -> tuple[Citation, ...]:
    """Merge citations of one marker whose sentences adjoin on one page.

    Args:
        citations: citations in the document's order.
        document: the document of all citations.
        text: its text as read.
    """
    runs: list[Citation] = []
    for citation in citations:
        last = runs[-1] if runs else None
        if last is None or (whole := _across(last, citation, document, text)) is None:
            runs.append(citation)
        else:
            runs[-1] = whole
    return tuple(runs)


def _across(one: Citation, other: Citation, document: Document, text: str) -> Citation | None:
    """One citation of two sentences with only white space between them; None if other text is between, or page or section differ."""
    places = [(c.page, c.section, c.locator, c.unit, c.recognised) for c in (one, other)]
    if places[0] != places[1] or one.unit != "sentence":
        return None
    page = next((page for page in document.pages if page.number == one.page), None)
    base = page.start if page else 0
    if one.end > other.start or text[base + one.end : base + other.start].strip():
        return None
    raw = text[base + one.start : base + other.end]
    quote = clean(raw)
    if not same(raw, quote):
        return None
    unconfirmed = tuple(dict.fromkeys((*one.unconfirmed, *other.unconfirmed)))
    return replace(one, end=other.end, quote=quote, quote_sha256=fingerprint(quote), unconfirmed=unconfirmed)


def _by_page(segments: tuple[Segment, ...], document: Document, text: str) -> list[Segment]:
    """Segments cut where a page ends, so that each lies on one page."""
    if not document.pages:
        return list(segments)
    parts: list[Segment] = []
    for start, end in segments:
        for page in document.pages:
            begin, stop = max(start, page.start), min(end, page.end)
            part = text[begin:stop]
            # An empty page in between holds white space only, which is no quote.
            if normalise(part):
                parts.append((begin + len(part) - len(part.lstrip()), begin + len(part.rstrip())))
    return parts


def _citation(segment: Segment, unit: Unit, hit: Hit, text: str, marker: int) -> Citation | None:
    start, end = segment
    raw = text[start:end]
    if unit.kind in ("row", "header"):
        from askjapan.documents.tables import row_text  # most answers cite no table

        quote = row_text(raw).strip("\t")
    else:
        quote = clean(raw)
    if not same(raw, quote):
        return None
    document, page = hit.document, hit.document.page_at(start)
    base = page.start if page else 0
    return Citation(
        marker=marker,
        document_id=document.id,
        document_sha256=document.sha256,
        document_kind=document.kind,
        title=document.title,
        authors=document.authors,
        year=document.year,
        path=document.path,
        page=page.number if page else None,
        page_label=page.label if page else None,
        section=hit.passage.section,
        start=start - base,
        end=end - base,
        offsets="page" if page else "document",
        quote=quote,
        quote_sha256=fingerprint(quote),
        passage_id=hit.passage.id,
        unit=unit.kind,
        locator=unit.locator,
        recognised=page is not None and page.recognised,
        unconfirmed=tuple(
            dict.fromkeys(clean(text[begin:stop]) for begin, stop in hit.passage.unconfirmed if start <= begin < end)
        ),
    )
