"""A text and a question → the evidence that an answer is chosen by, without an index; and models whose numbers a test can count with."""

from __future__ import annotations

from collections.abc import Sequence

from askjapan.answering.calibration import AnswerModel, LogisticModel
from askjapan.answering.judgement import Corpus
from askjapan.answering.question import Asked, read_question
from askjapan.language.terms import terms
from askjapan.records import Document, Hit, Passage
from askjapan.retrieval.alignment import align
from askjapan.retrieval.evidence import Evidence, Read
from askjapan.retrieval.readers.opened import ReadBy
from askjapan.retrieval.readers.window import window_of
from tests.support.bilingual import ConceptEncoder
from tests.support.fakes import HashEncoder, WordReader
from tests.support.stages import document, passages


def evidence_of(text: str, question: str, *, unread: bool = False, gloss: str = "", title: str = "A Work") -> Evidence:
    """All passages of a text as `WordReader` reads them, best first; `unread` gives cosines in their stead."""
    found = passages(text)
    work = document(text, title=title)
    near = [_neighbours(found, number, work) for number in range(len(found))]
    windows = [window_of(passage, *(hit and hit.passage for hit in pair)) for passage, pair in zip(found, near, strict=True)]
    readings = WordReader().read(gloss or question, [window.text for window in windows])
    order = sorted(range(len(found)), key=lambda number: -readings[number].rank)
    encoder = ConceptEncoder()
    vector = encoder.encode([question])[0]
    words, *tokens = HashEncoder().encode_tokens([gloss or question, *(window.text for window in windows)])
    read = []
    for rank, number in enumerate(order):
        window = windows[number]
        cosines = encoder.encode([window.text[place.start : place.end] for place in window.places]) @ vector
        hit = Hit(found[number], work, 1.0 - rank, rank + 1)
        if unread:
            read.append(Read(hit, window, None, [float(value) for value in cosines], None, near[number]))
        else:
            alignment = align(gloss or question, words, window, tokens[number])
            read.append(Read(hit, window, readings[number], (), alignment, near[number], "english"))
    return Evidence(question, gloss or question, read, 0.5, 0.4)


def _neighbours(found: Sequence[Passage], number: int, work: Document) -> tuple[Hit | None, Hit | None]:
    before, after = (found[place] if 0 <= place < len(found) else None for place in (number - 1, number + 1))
    return before and Hit(before, work, 0.0, 0), after and Hit(after, work, 0.0, 0)


def corpus_of(text: str) -> Corpus:
    """What an answer needs to know of an index that holds this text alone."""
    held = [set(terms(passage.text)) for passage in passages(text)]
    return Corpus(lambda id_: text, lambda term: sum(term in have for have in held), len(held), "f" * 64)


def asked(question: str, text: str, original: str = "") -> Asked:
    """A question as read against one text."""
    corpus = corpus_of(text)
    return read_question(question, corpus.frequency, corpus.passages, original)


def model_of(intercept: float = 0.0, **weights: float) -> LogisticModel:
    """A regression over signals as they stand."""
    return LogisticModel(dict.fromkeys(weights, 0.0), dict.fromkeys(weights, 1.0), weights, intercept)


def plain_model(by: ReadBy) -> AnswerModel:
    """Quotes by evidence and confidence by the best quote: half a probability where half of the question's terms are met."""
    return AnswerModel(model_of(-5.0, cosine=10.0) if by == "nobody" else model_of(evidence=1.0), model_of(best=1.0), 0.5, 0.5)
