"""Formats answers as Markdown with citations in Pandoc's syntax: `[@okada1987, p. 12]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from askjapan.citations.bibliography import cited_works, flat, locators_of
from askjapan.citations.export.markdown import markdown
from askjapan.citations.labels import Labels, labels
from askjapan.citations.render import by_marker, is_ours, note_label
from askjapan.records import Answer, Citation, Sentence
from askjapan.sayings import ENGLISH


def to_pandoc(answers: Sequence[Answer], language: str = ENGLISH) -> str:
    """Markdown whose citations name the keys of the exported bibliography (`--to bibtex` or `--to csl`)."""
    keys = {work.document.id: work.key for work in cited_works(answers, language)}
    places, tell = locators_of(answers, language), labels(language)
    parts: list[str] = []
    for answer in answers:
        parts += [f"# {markdown(answer.question)}", *_body(answer, keys, places, tell)]
    return "\n\n".join(parts) + "\n"


def _body(answer: Answer, keys: Mapping[str, str], places: Mapping[Citation, str], tell: Labels) -> Iterator[str]:
    if not answer.answered:
        yield f"*{markdown(tell.own(answer.saying, answer.reason))}*"
    for sentence in answer.sentences:
        told = tell.own(sentence.saying, sentence.text)
        text = " / ".join(markdown(line) for line in told.split("\n") if line.strip())
        cited = _cited(sentence, keys, places)
        if sentence.kind == "framing":
            yield f"*{text}*{cited}"
        elif is_ours(sentence):
            yield f"{text}{tell.in_brackets(markdown(note_label(sentence, tell.language)))}{cited}"
        else:
            yield f"> {text}{cited}"


def _cited(sentence: Sentence, keys: Mapping[str, str], places: Mapping[Citation, str]) -> str:
    if not sentence.citations:
        return ""
    clusters = (f"@{keys[group[0].document_id]}, {_locator(group[0], places)}" for group in by_marker(sentence.citations))
    return f" [{'; '.join(clusters)}]"


def _locator(citation: Citation, places: Mapping[Citation, str]) -> str:
    """A page as Pandoc reads it; any other place in braces, which it takes as it stands."""
    if citation.page is not None:
        return f"p. {flat(citation.page_label or str(citation.page))}"
    return "{" + places[citation].replace("{", "").replace("}", "") + "}"
