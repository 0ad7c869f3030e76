"""Formats answers as Markdown with footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from askjapan.citations.bibliography import documents_of, flat, full_title, locators_of
from askjapan.citations.render import is_ours, note_label
from askjapan.citations.zotero_links import zotero_link
from askjapan.records import Answer, Citation, Document, Sentence, Written, work_line

RECHECK = (
    "Re-check: save the answer with `askjapan ask QUESTION --json > answer.json` and run `askjapan verify answer.json`. By hand: "
    "the file's SHA-256 must begin as given, and the quote must stand at the given characters of its text, up to white space, "
    "typographic quotes and dashes, and markup."
)
_MARKDOWN = re.compile(r"[\\`*_\[\]<>#|~$]|&(?=#?\w+;)|^[-+=](?=\s|$|[-+=])|(?<=^\d)[.)](?=\s|$)|(?<=^\d\d)[.)](?=\s|$)")


def to_markdown(answers: Sequence[Answer]) -> str:
    """The answers as Markdown (with footnotes and tables as on GitHub), ending with the index and how to re-check.

    Quotes of the works stand in block quotes; sentences of study notes do not, and have a label. What is not a quote is labelled too.
    Footnotes carry the markers of the answer; where a turn counts from 1 again, its numbers continue those of the turn before.
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
        parts += [f"{'##' if several else '#'} {markdown(answer.question)}", *_body(answer, documents, shift)]
        footnotes += _footnotes(answer, documents, places, shift)
    fingerprints = ", ".join(dict.fromkeys(_code(answer.index_fingerprint) for answer in answers))
    parts += [*footnotes, "---", f"Index: {fingerprints}. {RECHECK}"]
    return "\n\n".join(parts) + "\n"


def _body(answer: Answer, documents: Mapping[str, Document], shift: int) -> Iterator[str]:
    if answer.standalone_question not in ("", answer.question):
        yield f"Understood as: *{markdown(answer.standalone_question)}*"
    if answer.outcome == "refusal":
        yield f"**Finding: this corpus does not answer the question.** {markdown(answer.reason)}".strip()
    if answer.readings:
        yield "\n".join((markdown(answer.reason), "", *(f"- {markdown(reading)}" for reading in answer.readings)))
    if answer.short:
        marks = "".join(f"[^{marker + shift}]" for marker in answer.short_markers)
        yield f"**{markdown(answer.short)}**{marks}"
    for sentence in answer.sentences:
        yield _sentence(sentence, shift)
    if answer.written:
        yield from _written(answer.written, set(answer.quotes), shift)
    if answer.answered and answer.reason:
        yield markdown(answer.reason)
    if (answer.hits or not answer.answered) and not answer.readings:
        yield f"Confidence that the corpus holds the answer: {answer.confidence:.2f}."
    if answer.outcome == "refusal" and answer.hits:
        nearest = dict.fromkeys(_work(hit.document) for hit in answer.hits)
        yield "\n".join(("Nearest works, none of which answers it:", "", *(f"- {work}" for work in nearest)))


def _written(written: Written, quoted: set[int], shift: int) -> Iterator[str]:
    yield f"Written by {markdown(written.model)} from the quotes above, each sentence checked against them:"
    for sentence in written.sentences:
        marks = "".join(f"[^{number + shift}]" for number in sentence.numbers if number in quoted)
        reason = f"; not in the quotes: {markdown(', '.join(sentence.missing))}" if sentence.missing else ""
        yield (
            f"{markdown(sentence.text)}{marks}"
            if sentence.supported
            else f"~~{markdown(sentence.text)}~~{marks} (not supported{reason})"
        )
    if written.trouble:
        yield f"Note on the writing: {markdown(written.trouble)}"


def _sentence(sentence: Sentence, shift: int) -> str:
    markers = dict.fromkeys(citation.marker + shift for citation in sentence.citations)
    marks = "".join(f"[^{marker}]" for marker in markers)
    if sentence.kind == "heading":
        return f"### {markdown(sentence.text)}"
    if sentence.kind == "framing":
        return f"Framing, askjapan's own words: *{markdown(sentence.text)}*{marks}"
    if sentence.kind == "generated":
        return f"Written by a language model: {markdown(sentence.text)}{marks}"
    begin, ours = ("", f" ({markdown(note_label(sentence))})") if is_ours(sentence) else ("> ", "")
    if "\t" in sentence.text and any(citation.unit == "row" for citation in sentence.citations):
        return "\n".join(f"{begin}{line}".rstrip() for line in _table(sentence, marks + ours))
    return f"{begin}{markdown(sentence.text)}{marks}{ours}"


def _table(sentence: Sentence, marks: str) -> list[str]:
    """The lines of a quoted table: text above its rows, its rows as a Markdown table, and text under them with the markers."""
    lines = sentence.text.split("\n")
    rows = [number for number, line in enumerate(lines) if "\t" in line]
    above, under = lines[: rows[0]], lines[rows[-1] + 1 :]
    grid = [[markdown(cell) for cell in line.split("\t")] for line in lines[rows[0] : rows[-1] + 1]]
    width = max(map(len, grid))
    if not any(citation.unit == "header" for citation in sentence.citations):
        grid.insert(0, [])
    shown = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in grid]
    shown.insert(1, "|" + " --- |" * width)
    texts = [part for line in above if line.strip() for part in (markdown(line), "")]
    tail = " ".join(markdown(line) for line in under if line.strip())
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
        first = next(iter(citations))
        link = zotero_link(documents[first.document_id], first.page)
        opened = f" <{link}>" if link else ""
        yield f"[^{marker + shift}]: {' — '.join(works)}. The file's SHA-256 begins {files}.{opened}"


def _quotes(citations: Mapping[Citation, str]) -> str:
    """The quotes with their character offsets, each locator once."""
    spots = []
    for place, group in groupby(citations.items(), key=lambda item: item[1]):
        quotes = []
        for citation, _ in group:
            holder = f"file page {citation.page}" if citation.offsets == "page" else "the text"
            quote = markdown(citation.quote)
            quote = quote if citation.document_kind == "study note" else f"“{quote}”"
            quotes.append(f"{quote} (characters {citation.start}–{citation.end} of {holder})")
        spots.append(f"{markdown(place)}: {', '.join(quotes)}")
    return "; ".join(spots)


def _work(document: Document) -> str:
    if document.kind == "study note":
        return f"*{markdown(full_title(document))}* (a study note, not the work itself)"
    return work_line(map(markdown, document.authors), f"*{markdown(document.title)}*", document.year)


def markdown(text: str) -> str:
    """A text on one line that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\g<0>", flat(text))


def _code(text: str) -> str:
    return f"`{re.sub(r'[^0-9A-Za-z:._-]', '', text)}`"
