"""HTML beside a sentence of a study note: whose words it is, which part of the work it reports, its other edition."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from askjapan.citations.bibliography import flat
from askjapan.citations.labels import labels
from askjapan.citations.render import subject
from askjapan.records import Citation, Sentence
from askjapan.web.words.translations import Words


def whose_html(sentence: Sentence, words: Words) -> str:
    """Label that says whose words a sentence of a study note is, and which part of the work it reports."""
    first = sentence.citations[0]
    return f' <span class="aj-whose">{words("note_on", label=note_label(first, words))}</span>'


def note_label(citation: Citation, words: Words) -> str:
    """The subject of a study note and the part of the work that a citation reports: "Mouer, §2"; not escaped yet."""
    parts = subject(citation), part_of_work(citation.locator, words)
    return words.plain("list_comma").join(part for part in parts if part)


def part_of_work(locator: str, words: Words) -> str:
    """A study note's locator in the interface's language: "§3,Table1" is "§3, Table 1"; not escaped yet."""
    return labels(words.language).part_of_work(locator)


def parallel_html(sentences: Sequence[Sentence], words: Words) -> str:
    """The same sentences in the study note's other edition, folded; each with its number where there are several."""
    parallels = [(one.marker, one.parallel) for sentence in sentences for one in sentence.citations if one.parallel]
    if not parallels:
        return ""
    texts: dict[str, int] = {}
    for marker, parallel in parallels:
        texts.setdefault(flat(parallel.text), marker)
    numbered = len(set(texts.values())) > 1
    lines = "".join(f"<p>{escape(text)}{f' [{marker}]' if numbered else ''}</p>" for text, marker in texts.items())
    language = parallels[0][1].language
    label = words("parallel", language=words.language_name(language))
    return f'<details class="aj-parallel" lang="{escape(language)}"><summary>{label}</summary>{lines}</details>'
