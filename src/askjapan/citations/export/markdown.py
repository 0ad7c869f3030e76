"""Formats answers as Markdown with footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from askjapan.citations.bibliography import documents_of, flat, full_title, locators_of
from askjapan.citations.labels import Labels, labels
from askjapan.citations.render import is_ours, note_label
from askjapan.citations.zotero_links import zotero_link
from askjapan.records import Answer, Citation, Document, Sentence, Written, WrittenSentence, work_line
from askjapan.sayings import ENGLISH

_MARKDOWN = re.compile(r"[\\`*_\[\]<>#|~$]|&(?=#?\w+;)|^[-+=](?=\s|$|[-+=])|(?<=^\d)[.)](?=\s|$)|(?<=^\d\d)[.)](?=\s|$)")


def to_markdown(answers: Sequence[Answer], language: str = ENGLISH) -> str:
    """The answers as Markdown (with footnotes and tables as on GitHub), ending with the index and how to re-check.

    Quotes of the works stand in block quotes; sentences of study notes do not, and have a label. What is not a quote is labelled too.
    Footnotes carry the markers of the answer; where a turn counts from 1 again, its numbers continue those of the turn before.
    """
    documents, places, tell = documents_of(answers), locators_of(answers, language), labels(language)
    several = len(answers) > 1
    parts = [f"# {tell('conversation')}"] if several else []
    footnotes: list[str] = []
    used = 0
    for answer in answers:
        markers = {citation.marker for citation in answer.citations}
        shift = used if markers and min(markers) <= used else 0
        used = max(used, *(marker + shift for marker in markers)) if markers else used
        parts += [f"{'##' if several else '#'} {markdown(answer.question)}", *_body(answer, documents, shift, tell)]
        footnotes += _footnotes(answer, documents, places, shift, tell)
    fingerprints = tuple(dict.fromkeys(_code(answer.index_fingerprint) for answer in answers))
    parts += [*footnotes, "---", tell("index_and_recheck", fingerprints=fingerprints)]
    return "\n\n".join(parts) + "\n"


def _body(answer: Answer, documents: Mapping[str, Document], shift: int, tell: Labels) -> Iterator[str]:
    reason = markdown(tell.own(answer.saying, answer.reason))
    if answer.standalone_question not in ("", answer.question):
        yield tell("understood", question=f"*{markdown(answer.standalone_question)}*")
    if answer.outcome == "refusal":
        yield f"**{tell('finding')}** {reason}".strip()
    if answer.readings:
        yield "\n".join((reason, "", *(f"- {markdown(reading)}" for reading in answer.readings)))
    if answer.short:
        marks = "".join(f"[^{marker + shift}]" for marker in answer.short_markers)
        yield f"**{markdown(answer.short)}**{marks}"
    for sentence in answer.sentences:
        yield _sentence(sentence, shift, tell)
    if answer.written:
        yield from _written(answer.written, set(answer.quotes), shift, tell)
    if answer.answered and answer.reason:
        yield reason
    if (answer.hits or not answer.answered) and not answer.readings:
        yield tell("confidence_of_corpus", number=f"{answer.confidence:.2f}")
    if answer.outcome == "refusal" and answer.hits:
        nearest = dict.fromkeys(_work(hit.document, tell) for hit in answer.hits)
        yield "\n".join((tell("nearest_works"), "", *(f"- {work}" for work in nearest)))


def _written(written: Written, quoted: set[int], shift: int, tell: Labels) -> Iterator[str]:
    yield tell("written_above", model=markdown(written.model))
    for sentence in written.sentences:
        marks = "".join(f"[^{number + shift}]" for number in sentence.numbers if number in quoted)
        text = markdown(sentence.text)
        yield f"{text}{marks}" if sentence.supported else f"~~{text}~~{marks}{_unsupported(sentence, tell)}"
    if written.trouble:
        yield tell("writing_trouble", trouble=markdown(written.trouble))


def _unsupported(sentence: WrittenSentence, tell: Labels) -> str:
    missing = tuple(map(markdown, sentence.missing))
    return tell.in_brackets(tell("unsupported_words", words=missing) if missing else tell("unsupported"))


def _sentence(sentence: Sentence, shift: int, tell: Labels) -> str:
    markers = dict.fromkeys(citation.marker + shift for citation in sentence.citations)
    marks = "".join(f"[^{marker}]" for marker in markers)
    if sentence.kind == "heading":
        return f"### {markdown(sentence.text)}"
    if sentence.kind == "framing":
        return tell("framing", text=f"*{markdown(tell.own(sentence.saying, sentence.text))}*{marks}")
    if sentence.kind == "generated":
        return tell("generated", text=f"{markdown(sentence.text)}{marks}")
    begin, ours = ("", tell.in_brackets(markdown(note_label(sentence, tell.language)))) if is_ours(sentence) else ("> ", "")
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


def _footnotes(
    answer: Answer, documents: Mapping[str, Document], places: Mapping[Citation, str], shift: int, tell: Labels
) -> Iterator[str]:
    by_marker: dict[int, dict[Citation, str]] = {}
    for citation in answer.citations:
        by_marker.setdefault(citation.marker, {})[citation] = places[citation]
    for marker, citations in sorted(by_marker.items()):
        works = [
            tell("list_comma").join(
                (_work(documents[id_], tell), _quotes({citation: places[citation] for citation in group}, tell))
            )
            for id_, group in groupby(citations, key=lambda citation: citation.document_id)
        ]
        files = tuple(dict.fromkeys(_code(citation.document_sha256[:12]) for citation in citations))
        first = next(iter(citations))
        link = zotero_link(documents[first.document_id], first.page)
        opened = f" <{link}>" if link else ""
        yield f"[^{marker + shift}]: {tell('footnote', works=' — '.join(works), files=files)}{opened}"


def _quotes(citations: Mapping[Citation, str], tell: Labels) -> str:
    """The quotes with their character offsets, each locator once."""
    spots = []
    for place, group in groupby(citations.items(), key=lambda item: item[1]):
        quotes = []
        for citation, _ in group:
            quote = markdown(citation.quote)
            quote = quote if citation.document_kind == "study note" else f"“{quote}”"
            key = "quote_in_page" if citation.offsets == "page" else "quote_in_text"
            quotes.append(tell(key, quote=quote, start=citation.start, end=citation.end, page=citation.page or 0))
        spots.append(tell("place_and_quotes", place=markdown(place), quotes=tell("list_comma").join(quotes)))
    return tell("list_semicolon").join(spots)


def _work(document: Document, tell: Labels) -> str:
    if document.kind == "study note":
        return f"*{markdown(full_title(document, tell.language))}* {tell('no_work_itself')}"
    return work_line(map(markdown, document.authors), f"*{markdown(document.title)}*", document.year)


def markdown(text: str) -> str:
    """A text on one line that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\g<0>", flat(text))


def _code(text: str) -> str:
    return f"`{re.sub(r'[^0-9A-Za-z:._-]', '', text)}`"
