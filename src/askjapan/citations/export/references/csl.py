"""Formats the works that answers cite as CSL-JSON, with quotes and locators as notes."""

from __future__ import annotations

import json
from collections.abc import Sequence

from askjapan.citations.bibliography import Cited, cited_works, split_name
from askjapan.citations.export.references.sorts import sort_of
from askjapan.records import Answer
from askjapan.sayings import ENGLISH


def to_csl(answers: Sequence[Answer], language: str = ENGLISH) -> str:
    """CSL-JSON: an array with one item per cited work; the ids are the keys in BibTeX."""
    return json.dumps([csl_item(work) for work in cited_works(answers, language)], ensure_ascii=False, indent=2) + "\n"


def csl_item(work: Cited) -> dict[str, object]:
    """A cited work as a CSL-JSON item."""
    kind, venue = sort_of(work).csl
    published = work.publication
    values: dict[str, object] = {
        "id": work.key,
        "type": kind,
        "title": work.title,
        "author": [_csl_name(name) for name in work.authors],
        "issued": {"date-parts": [list(work.date)]} if work.date else None,
        venue: published.name,
        "genre": work.tell("study_note") if work.is_note else published.series,
        "number": published.number,
        "volume": published.volume,
        "issue": published.issue,
        "page": published.pages,
        "URL": work.url,
        "DOI": work.doi,
        "ISBN": work.isbn,
        "language": work.language,
        "note": " ".join(work.notes),
    }
    return {name: value for name, value in values.items() if value}


def _csl_name(name: str) -> dict[str, str]:
    family, given, suffix = split_name(name)
    if not given:
        return {"literal": family}
    return {"family": family, "given": given, **({"suffix": suffix} if suffix else {})}
