"""Formats the works that answers cite as BibTeX, with quotes and locators as notes."""

from __future__ import annotations

from collections.abc import Sequence

from askjapan.citations.bibliography import Cited, cited_works, split_name
from askjapan.citations.export.references.sorts import sort_of
from askjapan.records import Answer
from askjapan.sayings import ENGLISH

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LATEX = str.maketrans(
    {
        # An escaped brace still counts as a brace and would unbalance the entry.
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{char: "\\" + char for char in "%&#_$"},
    }
)


def to_bibtex(answers: Sequence[Answer], language: str = ENGLISH) -> str:
    """BibTeX in UTF-8, one entry per cited work; an empty text when nothing is cited."""
    return "\n".join(map(_bibtex_entry, cited_works(answers, language)))


def _bibtex_entry(work: Cited) -> str:
    kind, venue = sort_of(work).bibtex
    published, date = work.publication, work.date
    plain = {
        "year": str(date[0]) if date else "",
        venue: published.name,
        "type": published.series,
        "volume": published.volume,
        "number": published.number or published.issue,
        "pages": published.pages.replace("–", "--"),
        "language": work.language,
        "doi": work.doi,
        "isbn": work.isbn,
        "note": " ".join(work.notes),
    }
    values = {
        "author": " and ".join(map(_bibtex_name, work.authors)),
        # Styles put titles into lower case unless they stand in a second pair of braces.
        "title": f"{{{work.title.translate(_LATEX)}}}",
        "url": work.url,
        **{name: value.translate(_LATEX) for name, value in plain.items()},
    }
    lines = [f"  {name} = {{{value}}}," for name, value in values.items() if value]
    if len(date) > 1:
        lines.append(f"  month = {_MONTHS[date[1] - 1]},")
    return "\n".join((f"@{kind}{{{work.key},", *lines, "}", ""))


def _bibtex_name(name: str) -> str:
    family, given, suffix = (part.translate(_LATEX) for part in split_name(name))
    return ", ".join(part for part in (family, suffix, given) if part) if given else f"{{{family}}}"
