"""Scores the candidates of a question (logits) and the confidence: the probability that the corpus answers it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from askjapan.answering.calibration import AnswerModel, answer_model, corpus_signals
from askjapan.answering.candidates import MARGIN, Candidate, all_signals
from askjapan.answering.question import Asked, DocumentFrequency, read_question
from askjapan.answering.quoting.quotations import Around, Beside, says_something
from askjapan.index.storage.store import Index
from askjapan.records import Passage
from askjapan.retrieval.evidence import Evidence

BEST = 4
"""So many of the best units are looked at for the year that is asked for."""
ANOTHER_YEAR = 0.9
"""A figure of another year than the one asked for is no answer: the confidence stays below this share of the threshold."""
BY_FAR = 1.5
"""A heading or a reference is quoted only where its logit is so far above that of any sentence."""
Preference = Callable[[Asked, Candidate], float]
"""What a kind of question adds to the logit of a candidate."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What of the index an answer needs: its texts by document id, how often a term occurs in how many passages, its fingerprint, and the
    passages before and after one in its document."""

    text_of: Callable[[str], str]
    frequency: DocumentFrequency
    passages: int
    fingerprint: str
    before: Beside | None = None
    after: Beside | None = None

    @classmethod
    def of(cls, index: Index, text_of: Callable[[str], str]) -> Corpus:
        """What of an index an answer needs; `text_of` gives a document's text as read."""

        def beside(passage: Passage, side: int) -> Passage | None:
            return index.neighbours(index.numbers[passage.id])[side]

        lexical, fingerprint = index.lexical, index.manifest.fingerprint
        return cls(
            text_of,
            lexical.document_frequency,
            lexical.size,
            fingerprint,
            lambda passage: beside(passage, 0),
            lambda passage: beside(passage, 1),
        )

    @property
    def around(self) -> Around:
        """What stands around a unit."""
        return Around(self.text_of, self.before, self.after)


@dataclass(frozen=True, slots=True)
class Judged:
    """The candidates of a question with their signals, the logit of each by the unit model, and the probability that the corpus answers."""

    asked: Asked
    candidates: Sequence[Candidate]
    signals: Sequence[Mapping[str, float]]
    logits: Sequence[float]
    model: AnswerModel
    confidence: float


def judge(evidence: Evidence, candidates: Sequence[Candidate], corpus: Corpus) -> Judged | None:
    """Compare the candidates with the question; None where it holds no word to look for."""
    read = [candidate for candidate in candidates if candidate.answers is not None]
    unread = [candidate for candidate in candidates if candidate.answers is None]
    judged = [_judge(evidence, some, corpus) for some in (read, unread) if some]
    # Passages in different languages are judged by what reads each; the surer of the two answers.
    known = [one for one in judged if one]
    best = max(known, key=lambda one: one.confidence, default=None)
    # Where neither answers, the nearest is what the reader has read.
    return known[0] if best and best.confidence < best.model.threshold else best


def compare(
    evidence: Evidence, candidates: Sequence[Candidate], frequency: DocumentFrequency, size: int
) -> tuple[Asked, list[Mapping[str, float]]]:
    """The question as read, and the signals of its candidates; the models of answers are fitted on these too.

    Args:
        evidence: of the question.
        candidates: at least one; either the reader has read all of them, or none.
        frequency, size: in how many passages of the corpus a term stands, and how many there are.
    """
    text = evidence.text if candidates[0].answers is not None else evidence.question
    asked = read_question(text, frequency, size, evidence.question)
    return asked, all_signals(asked, candidates)


def _judge(evidence: Evidence, candidates: Sequence[Candidate], corpus: Corpus) -> Judged | None:
    asked, signals = compare(evidence, candidates, corpus.frequency, corpus.passages)
    if not asked.weights and not asked.years:
        return None
    model = answer_model(candidates[0].answers is not None)
    logits = [model.unit.logit(one) for one in signals]
    confidence = model.corpus.probability(corpus_signals(asked, evidence, candidates, signals, logits))
    if _is_of_another_year(asked, signals, logits):
        confidence = min(confidence, ANOTHER_YEAR * model.threshold)
    return Judged(asked, candidates, signals, logits, model, confidence)


def _is_of_another_year(asked: Asked, signals: Sequence[Mapping[str, float]], logits: Sequence[float]) -> bool:
    """Whether a figure of one year is asked for, and none of the best units, with what stands around them, is of that year."""
    if len(asked.years) != 1 or not asked.kinds & {"number", "percent"}:
        return False
    best = sorted(range(len(logits)), key=lambda number: -logits[number])[:BEST]
    return not any(signals[number]["years"] for number in best)


def preferred(judged: Judged, prefer: Preference | None = None) -> list[float]:
    """The logits by which quotes are chosen: those of the unit model, with what the kind of question adds; headings and references last."""
    logits = [
        logit + (prefer(judged.asked, candidate) if prefer else 0.0)
        for candidate, logit in zip(judged.candidates, judged.logits, strict=True)
    ]
    says = [says_something(candidate) for candidate in judged.candidates]
    top = max((logit for logit, useful in zip(logits, says, strict=True) if useful), default=-math.inf)
    return [
        logit if useful or logit > top + BY_FAR else min(logit, top) - MARGIN for logit, useful in zip(logits, says, strict=True)
    ]
