"""How far the words of a question, one by one, are met by the evidence: a near miss differs from its neighbour in one word."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askjapan.answering.candidates import Candidate
from askjapan.answering.question import GENERIC, Asked
from askjapan.language.terms import STOP_WORDS, terms
from askjapan.retrieval.evidence import Evidence, Floats

WORD_FEATURES = (
    "words_unit", "words_unit_low", "words_unit_lost", "words_four", "words_four_low", "words_four_lost", "words_around",
    "words_around_low", "words_around_lost", "words_joint", "words_joint_low", "words_joint_lost", "words_anywhere_low",
    "words_anywhere_lost", "words_names_low",
)  # fmt: skip
SAID = 0.85
"""What a word counts at least where a text holds its stem, however its vector lies."""
UNWEIGHTED = 3.0
"""The weight of a year, which has none of its own; about that of a rare word."""
LEAST = 0.3
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class _Word:
    """A content word of the question: its stem, the rows of its word pieces in `Evidence.aligned`, its weight, whether it is a name."""

    stem: str
    pieces: tuple[int, ...]
    weight: float
    name: bool


def word_features(
    question: Asked, evidence: Evidence, found: Sequence[Candidate], known: Sequence[set[str]], best: Sequence[int]
) -> list[float]:
    """The signals of `WORD_FEATURES`; NaN where there are no token vectors or the question has no content word.

    A word's support in a text is its best cosine with a word piece there, at least `SAID` where its stem stands there. Of a text the
    signals are the weighted mean of the words' support, the lowest, and the weight that is not supported.

    Args:
        question: as read.
        evidence: the ranked passages.
        found: the quotable units.
        known: for each of them, `known_around` it.
        best: their numbers, the most direct first; at most ten count.
    """
    words = _words(question, evidence)
    if not words:
        return [math.nan] * len(WORD_FEATURES)
    weights = np.array([word.weight for word in words])
    unit, four = (_in_units(words, evidence, [found[number] for number in some]) for some in (best[:1], best[:4]))
    near = [_around(words, evidence, found[number], known[number]) for number in best[:10]]
    around = [_summed(support, weights) for support in near]
    anywhere = _vectors(words, np.max([table.max(axis=1) for table in evidence.aligned[:12]], axis=0))
    names = np.array([word.name for word in words])
    joint = (max(one[0] for one in around), max(one[1] for one in around), min(one[2] for one in around))
    return [
        *_summed(unit, weights),
        *_summed(four, weights),
        *around[0],
        *joint,
        float(anywhere.min()),
        float((weights * (1 - anywhere)).max()),
        float(near[0][names].min()) if names.any() else 1.0,
    ]


def _words(question: Asked, evidence: Evidence) -> list[_Word]:
    pieces = len(evidence.aligned[0]) if evidence.aligned else 0
    starts = evidence.starts[:pieces]
    found = []
    for match in _WORD.finditer(question.text):
        stems = [stem for stem in terms(match.group()) if stem not in GENERIC]
        mine = tuple(row for row, start in enumerate(starts) if match.start() <= start < match.end())
        if stems and mine and match.group().lower() not in STOP_WORDS:
            weight = max(LEAST, question.weights.get(stems[0], UNWEIGHTED))
            found.append(_Word(stems[0], mine, weight, match.group()[:1].isupper() and match.start() > 0))
    return found


def _vectors(words: Sequence[_Word], best: Floats) -> NDArray[np.float64]:
    return np.array([float(best[list(word.pieces)].mean()) for word in words])


def _in_units(words: Sequence[_Word], evidence: Evidence, units: Sequence[Candidate]) -> NDArray[np.float64]:
    best = np.max([evidence.aligned[unit.passage][:, unit.number] for unit in units], axis=0)
    return _at_least_said(words, _vectors(words, best), set().union(*(set(terms(unit.text)) for unit in units)))


def _around(words: Sequence[_Word], evidence: Evidence, unit: Candidate, known: set[str]) -> NDArray[np.float64]:
    """Support by a unit, the units beside it, and its heading or frame."""
    near = evidence.aligned[unit.passage][:, max(0, unit.number - 1) : unit.number + 2]
    return _at_least_said(words, _vectors(words, near.max(axis=1)), known)


def _at_least_said(words: Sequence[_Word], support: NDArray[np.float64], said: set[str]) -> NDArray[np.float64]:
    return np.maximum(support, [SAID if word.stem in said else -1.0 for word in words])


def _summed(support: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[float, float, float]:
    lost = weights * (1 - support)
    return float((weights * support).sum() / weights.sum()), float(support.min()), float(lost.sum())
