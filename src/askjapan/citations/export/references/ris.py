"""Formats the works that answers cite as RIS, with quotes and locators as notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from askjapan.citations.bibliography import Cited, cited_works, flat, split_name
from askjapan.citations.export.references.sorts import sort_of
from askjapan.records import Answer
from askjapan.sayings import ENGLISH


def to_ris(answers: Sequence[Answer], language: str = ENGLISH) -> str:
    """RIS, one record per cited work, each field on one line; an empty text when nothing is cited."""
    works = cited_works(answers, language)
    return "\n".join("".join(f"{tag}  - {flat(value)}\n" for tag, value in _ris_lines(work)) for work in works)


def _ris_lines(work: Cited) -> Iterator[tuple[str, str]]:
    kind, venue = sort_of(work).ris
    published = work.publication
    first, _, last = published.pages.partition("–")
    yield "TY", kind
    yield "ID", work.key
    for name in work.authors:
        yield "AU", ", ".join(part for part in split_name(name) if part)
    values = {
        "TI": work.title,
        "PY": str(work.date[0]) if work.date else "",
        "DA": "/".join(f"{part:02}" for part in work.date) if len(work.date) > 1 else "",
        venue: published.name,
        "M3": work.tell("study_note") if work.is_note else published.series,
        "SN": published.number,
        "VL": published.volume,
        "IS": published.issue,
        "SP": first,
        "EP": last,
        "DO": work.doi,
        "LA": work.language,
        "UR": work.url,
    }
    yield from ((tag, value) for tag, value in values.items() if value)
    yield from (("N1", note) for note in work.notes)
    yield "ER", ""
