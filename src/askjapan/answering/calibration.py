"""Turns signals into probabilities: that a unit belongs to the answer, and that the corpus holds the answer at all.

The models are six small logistic regressions, two for each reader and two for what none has read, stored as JSON in the package.
`training/fit_answers.py` fits them on public data sets; docs/evaluation.md shows the effect of each signal.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askjapan.answering.candidates import Candidate, coverage, held_in, word_weights
from askjapan.answering.question import Asked
from askjapan.language.scripts import is_foreign
from askjapan.retrieval.evidence import Evidence
from askjapan.retrieval.readers.opened import ReadBy

Signals = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A logistic regression over named signals: each is standardised with `mean` and `scale`, weighted and added."""

    mean: Signals
    scale: Signals
    weights: Signals
    intercept: float

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LogisticModel:
        return cls(data["mean"], data["scale"], data["weights"], float(data["intercept"]))

    def logit(self, signals: Signals) -> float:
        """The log-odds for some signals; those without a weight are ignored.

        Raises:
            KeyError: a signal that has a weight is missing.
        """
        parts = (weight * (signals[name] - self.mean[name]) / self.scale[name] for name, weight in self.weights.items())
        return self.intercept + sum(parts)

    def probability(self, signals: Signals) -> float:
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.logit(signals)))))


@dataclass(frozen=True, slots=True)
class AnswerModel:
    """Models and limits for candidates that one reader has read, or none.

    `unit` gives the probability that a unit belongs to the answer, `corpus` that the corpus holds the answer. Below `threshold` a question
    is refused. The best unit is quoted, and others with a probability of at least `quote`.
    """

    unit: LogisticModel
    corpus: LogisticModel
    threshold: float
    quote: float


@cache
def answer_model(by: ReadBy) -> AnswerModel:
    """The model for candidates that this reader has read."""
    data = json.loads(files("askjapan.answering").joinpath("data/answers.json").read_text(encoding="utf-8"))
    chosen = data[by]
    return AnswerModel(
        LogisticModel.from_dict(chosen["unit"]), LogisticModel.from_dict(chosen["corpus"]), chosen["threshold"], chosen["quote"]
    )


def corpus_signals(
    question: Asked, evidence: Evidence, candidates: Sequence[Candidate], signals: Sequence[Signals], logits: Sequence[float]
) -> Signals:
    """Signals by name for whether the corpus holds the answer.

    Args:
        question: the analysed question.
        evidence: its ranked passages.
        candidates: the quotable units, at least one, all read by the same.
        signals, logits: the signals of each candidate, and its logit by the unit model.
    """
    words = met_words(question, candidates) if candidates[0].by == "english" else None
    return {**search_signals(question, evidence, candidates, signals), **choice_signals(signals, logits, words)}


def search_signals(question: Asked, evidence: Evidence, candidates: Sequence[Candidate], signals: Sequence[Signals]) -> Signals:
    """Signals by name that need no unit model, from the search and from the output of the candidates' reader on its passages."""
    by = candidates[0].by
    passages = [read.hit.passage for read in evidence.read[:3]]
    held = set().union(*(held_in(f"{passage.section} {passage.context} {passage.text}") for passage in passages))
    common: dict[str, float] = {
        "cover_three": coverage(question, held),
        "unknown": question.unknown,
        "multilingual": evidence.multilingual,
        "cosine": max(candidate.cosine for candidate in candidates),
    }
    if by == "nobody":
        return common
    if by == "japanese":
        # In the other language hardly a word is the same.
        common["across"] = float(not is_foreign(evidence.question))
    answers = sorted((read.reading.answers for read in evidence.read if read.reading and read.by == by), reverse=True)
    return common | {
        "answers_top": answers[0],
        "answers_mean": float(np.mean(answers[:3])),
        "span_top": max(one["span"] for one in signals),
        "dense": evidence.dense,
    }


@dataclass(frozen=True, slots=True)
class MetWords:
    """Measures how well each content word of a question is matched around each candidate.

    `weights`, shape (words,), add up to one; `around` are cosines, shape (candidates, words).
    """

    weights: NDArray[np.float64]
    around: NDArray[np.float64]


def met_words(question: Asked, candidates: Sequence[Candidate]) -> MetWords:
    """Word weights of a question and cosines of all candidates; a candidate without an alignment has zeros."""
    weights = word_weights(question)
    none = (0.0,) * len(weights)
    around = [candidate.met_around or none for candidate in candidates]
    return MetWords(weights, np.array(around, dtype=np.float64).reshape(len(candidates), len(weights)))


def choice_signals(signals: Sequence[Signals], logits: Sequence[float], words: MetWords | None) -> Signals:
    """Signals by name of the best units by the unit model; without `words` (no alignments) that of matched words is left out."""
    order = np.argsort([-logit for logit in logits], kind="stable")
    best = int(order[0])
    three = [signals[int(number)] for number in order[:3]]
    values: dict[str, float] = {
        "best": logits[best],
        "second": logits[int(order[min(1, len(order) - 1)])],
        "mass": math.log1p(sum(1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))) for logit in logits)),
        "cover_best": signals[best]["cover_around"],
        "years_lost": 1 - max(one["years"] for one in three),
        "figures_lost": 1 - max(one["figures"] for one in three),
        "names_lost": 1 - max(one["names"] for one in three),
        "kind_lost": 1 - max(one["kind"] for one in three),
    }
    if words is None:
        return values
    lost = words.weights * len(words.weights) * (1 - words.around[best])
    return values | {"lost_best": float(lost.max(initial=0.0))}
