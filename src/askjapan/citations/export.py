"""Answers → Markdown with footnotes; the works that they cite → BibTeX, CSL-JSON and RIS, with quotes and locators as notes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from askjapan.citations.bibliography import (
    EDITED,
    Cited,
    cited_works,
    documents_of,
    flat,
    full_title,
    locator,
    locators_of,
    split_name,
)
from askjapan.citations.render import is_ours, note_label
from askjapan.records import Answer, Citation, Document, Sentence, Written

__all__ = ["locator", "to_bibtex", "to_csl", "to_markdown", "to_ris"]

RECHECK = (
    "Re-check: save the answer with `askjapan ask QUESTION --json > answer.json` and run `askjapan verify answer.json`. By hand: "
    "the file's SHA-256 must begin as given, and the quote must stand at the given characters of its text, up to white space, "
    "typographic quotes and dashes, and markup."
)
_MARKDOWN = re.compile(r"[\\`*_\[\]<>#|~$]|&(?=#?\w+;)|^[-+=](?=\s|$|[-+=])|(?<=^\d)[.)](?=\s|$)|(?<=^\d\d)[.)](?=\s|$)")
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


@dataclass(frozen=True, slots=True)
class _Form:
    """How a sort of work is recognised by its venue, and its type and the venue's field in BibTeX, CSL and RIS."""

    venue: str
    bibtex: tuple[str, str]
    csl: tuple[str, str]
    ris: tuple[str, str]


_WEBPAGE = _Form(
    r"https?://|\bwww\.|\bweb\s?(?:site|page)?\b|\bsite\b|\bblog\b|\bonline\b|\w\.(?:com|org|net|info|jp|ru|eu)\b|ウェブ|ホームページ",
    ("misc", "howpublished"),
    ("webpage", "container-title"),
    ("ELEC", "T2"),
)
_OTHER = _Form("", ("misc", "howpublished"), ("document", "publisher"), ("GEN", "PB"))
# In this order: an editor decides before "Working Paper", and that before "Review".
_FORMS = (
    _Form(EDITED.pattern, ("incollection", "booktitle"), ("chapter", "container-title"), ("CHAP", "T2")),
    _Form(
        r"\b(?:working|discussion|occasional|policy|research|white|staff) papers?\b|\breports?\b|\bbriefs?\b|報告書|白書",
        ("techreport", "institution"),
        ("report", "publisher"),
        ("RPRT", "PB"),
    ),
    _Form(
        r"\b(?:journal|review|quarterly|bulletin|annals)\b|\bvol(?:ume)?\b\.?\s*\d|\d\s?\(\d+\)|論集|紀要|雑誌|学会誌|第\s*\d+\s*[巻号]",
        ("article", "journal"),
        ("article-journal", "container-title"),
        ("JOUR", "T2"),
    ),
    _WEBPAGE,
)


def _form(work: Cited) -> _Form:
    found = next((form for form in _FORMS if re.search(form.venue, work.venue, re.IGNORECASE)), None)
    page = not work.is_note and work.document.format in ("html", "htm", "xhtml")
    return found or (_WEBPAGE if page else _OTHER)


def to_bibtex(answers: Sequence[Answer]) -> str:
    """BibTeX in UTF-8, one entry a cited work; an empty text when nothing is cited."""
    return "\n".join(map(_bibtex_entry, cited_works(answers)))


def _bibtex_entry(work: Cited) -> str:
    kind, venue = _form(work).bibtex
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
        "title": f"{{{full_title(work.document).translate(_LATEX)}}}",
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


def to_csl(answers: Sequence[Answer]) -> str:
    """CSL-JSON: an array with one item a cited work; the ids are the keys in BibTeX."""
    return json.dumps([_csl_item(work) for work in cited_works(answers)], ensure_ascii=False, indent=2) + "\n"


def _csl_item(work: Cited) -> dict[str, object]:
    kind, venue = _form(work).csl
    published = work.publication
    values: dict[str, object] = {
        "id": work.key,
        "type": kind,
        "title": full_title(work.document),
        "author": [_csl_name(name) for name in work.authors],
        "issued": {"date-parts": [list(work.date)]} if work.date else None,
        venue: published.name,
        "genre": "Study note" if work.is_note else published.series,
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


def to_ris(answers: Sequence[Answer]) -> str:
    """RIS, one record a cited work, each field on one line; an empty text when nothing is cited."""
    return "\n".join("".join(f"{tag}  - {value}\n" for tag, value in _ris_lines(work)) for work in cited_works(answers))


def _ris_lines(work: Cited) -> Iterator[tuple[str, str]]:
    kind, venue = _form(work).ris
    published = work.publication
    first, _, last = published.pages.partition("–")
    yield "TY", kind
    yield "ID", work.key
    for name in work.authors:
        yield "AU", ", ".join(part for part in split_name(name) if part)
    values = {
        "TI": full_title(work.document),
        "PY": str(work.date[0]) if work.date else "",
        "DA": "/".join(f"{part:02}" for part in work.date) if len(work.date) > 1 else "",
        venue: published.name,
        "M3": "Study note" if work.is_note else published.series,
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


def to_markdown(answers: Sequence[Answer]) -> str:
    """The answers as Markdown (with footnotes and tables as on GitHub), ending with the index and how to re-check.

    Quotes of the works stand in block quotes; sentences of our notes do not, and say whose they are. What is not a quote is labelled.
    Footnotes carry the markers of the answer; where a turn begins to count again, its numbers follow those of the turn before.
    """
    documents, places = documents_of(answers), locators_of(answers)
    several = len(answers) > 1
    parts = ["# Conversation"] if several else []
    footnotes: list[str] = []
    used = 0
    for answer in answers:
        markers = {citation.marker for citation in answer.citations}
        shift = used if markers and min(markers) <= used else 0
        used = max(used, *(marker + shift for marker in markers)) if markers else used
        parts += [f"{'##' if several else '#'} {_md(answer.question)}", *_body(answer, documents, shift)]
        footnotes += _footnotes(answer, documents, places, shift)
    fingerprints = ", ".join(dict.fromkeys(_code(answer.index_fingerprint) for answer in answers))
    parts += [*footnotes, "---", f"Index: {fingerprints}. {RECHECK}"]
    return "\n\n".join(parts) + "\n"


def _body(answer: Answer, documents: Mapping[str, Document], shift: int) -> Iterator[str]:
    if answer.standalone_question not in ("", answer.question):
        yield f"Understood as: *{_md(answer.standalone_question)}*"
    if answer.outcome == "refusal":
        yield f"**Finding: this corpus does not answer the question.** {_md(answer.reason)}".strip()
    if answer.readings:
        yield "\n".join((_md(answer.reason), "", *(f"- {_md(reading)}" for reading in answer.readings)))
    if answer.short:
        marks = "".join(f"[^{marker + shift}]" for marker in answer.short_markers)
        yield f"**{_md(answer.short)}**{marks}"
    for sentence in answer.sentences:
        yield _sentence(sentence, shift)
    if answer.written:
        yield from _written(answer.written, set(answer.quotes), shift)
    if answer.answered and answer.reason:
        yield _md(answer.reason)
    if (answer.hits or not answer.answered) and not answer.readings:
        yield f"Confidence that the corpus holds the answer: {answer.confidence:.2f}."
    if answer.outcome == "refusal" and answer.hits:
        near = dict.fromkeys(_work(hit.document) for hit in answer.hits)
        yield "\n".join(("Nearest works, none of which answers it:", "", *(f"- {work}" for work in near)))


def _written(written: Written, quoted: set[int], shift: int) -> Iterator[str]:
    yield f"Written by {_md(written.model)} from the quotes above, each sentence checked against them:"
    for sentence in written.sentences:
        marks = "".join(f"[^{number + shift}]" for number in sentence.numbers if number in quoted)
        reason = f"; not in the quotes: {_md(', '.join(sentence.missing))}" if sentence.missing else ""
        yield f"{_md(sentence.text)}{marks}" if sentence.supported else f"~~{_md(sentence.text)}~~{marks} (not supported{reason})"
    if written.trouble:
        yield f"Note on the writing: {_md(written.trouble)}"


def _sentence(sentence: Sentence, shift: int) -> str:
    markers = dict.fromkeys(citation.marker + shift for citation in sentence.citations)
    marks = "".join(f"[^{marker}]" for marker in markers)
    if sentence.kind == "heading":
        return f"### {_md(sentence.text)}"
    if sentence.kind == "framing":
        return f"Framing, askjapan's own words: *{_md(sentence.text)}*{marks}"
    if sentence.kind == "generated":
        return f"Written by a language model: {_md(sentence.text)}{marks}"
    begin, ours = ("", f" ({_md(note_label(sentence))})") if is_ours(sentence) else ("> ", "")
    if "\t" in sentence.text and any(citation.unit == "row" for citation in sentence.citations):
        return "\n".join(f"{begin}{line}".rstrip() for line in _table(sentence, marks + ours))
    return f"{begin}{_md(sentence.text)}{marks}{ours}"


def _table(sentence: Sentence, marks: str) -> list[str]:
    """A quoted table: what stands above its rows, its rows as a Markdown table, and what stands under them, with the markers."""
    lines = sentence.text.split("\n")
    rows = [number for number, line in enumerate(lines) if "\t" in line]
    above, under = lines[: rows[0]], lines[rows[-1] + 1 :]
    grid = [[_md(cell) for cell in line.split("\t")] for line in lines[rows[0] : rows[-1] + 1]]
    width = max(map(len, grid))
    if not any(citation.unit == "header" for citation in sentence.citations):
        grid.insert(0, [])
    shown = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in grid]
    shown.insert(1, "|" + " --- |" * width)
    texts = [part for line in above if line.strip() for part in (_md(line), "")]
    tail = " ".join(_md(line) for line in under if line.strip())
    return [*texts, *shown, "", tail + marks]


def _footnotes(answer: Answer, documents: Mapping[str, Document], places: Mapping[Citation, str], shift: int) -> Iterator[str]:
    by_marker: dict[int, dict[Citation, str]] = {}
    for citation in answer.citations:
        by_marker.setdefault(citation.marker, {})[citation] = places[citation]
    for marker, citations in sorted(by_marker.items()):
        works = [
            f"{_work(documents[id_])}, {_quotes({citation: places[citation] for citation in group})}"
            for id_, group in groupby(citations, key=lambda citation: citation.document_id)
        ]
        files = ", ".join(dict.fromkeys(_code(citation.document_sha256[:12]) for citation in citations))
        yield f"[^{marker + shift}]: {' — '.join(works)}. The file's SHA-256 begins {files}."


def _quotes(citations: Mapping[Citation, str]) -> str:
    """The quotes with the characters that they are, each locator once."""
    spots = []
    for place, group in groupby(citations.items(), key=lambda item: item[1]):
        quotes = []
        for citation, _ in group:
            holder = f"file page {citation.page}" if citation.offsets == "page" else "the text"
            quote = _md(citation.quote)
            quote = quote if citation.document_kind == "study note" else f"“{quote}”"
            quotes.append(f"{quote} (characters {citation.start}–{citation.end} of {holder})")
        spots.append(f"{_md(place)}: {', '.join(quotes)}")
    return "; ".join(spots)


def _work(document: Document) -> str:
    if document.kind == "study note":
        return f"*{_md(full_title(document))}* (a study note, not the work itself)"
    year = f" ({document.year})" if document.year is not None else ""
    authors = _md(", ".join(document.authors))
    return f"{authors}{', ' if authors else ''}*{_md(document.title)}*{year}"


def _md(text: str) -> str:
    """A text on one line that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\g<0>", flat(text))


def _code(text: str) -> str:
    return f"`{re.sub(r'[^0-9A-Za-z:._-]', '', text)}`"
