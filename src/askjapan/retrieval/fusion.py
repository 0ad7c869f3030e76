"""Several signals' scores of passages → one scale, and one weighted sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Signal:
    """One way of scoring passages for one text.

    `best` are the rows that it ranks highest, with `mean` and `spread` (standard deviation) of their scores: what the scale is taken from, so
    that no score of the other rows is needed; `top` is the highest. `score` gives the raw scores of any rows.
    """

    name: str
    weight: float
    best: Rows
    mean: float
    spread: float
    top: float
    score: Callable[[Rows], Scores]

    def standardised(self, rows: Rows) -> Scores:
        """The scores of rows as distances from the mean of the best in their standard deviations."""
        if self.spread < 1e-9:
            return np.zeros(len(rows), dtype=np.float32)
        return np.asarray((self.score(rows) - self.mean) / self.spread, dtype=np.float32)


def signal(name: str, weight: float, best: Rows, scores: Scores, score: Callable[[Rows], Scores]) -> Signal:
    """A signal from the rows that a search found, best first, and their scores."""
    mean, spread, top = (float(scores.mean()), float(scores.std()), float(scores[0])) if len(scores) else (0.0, 0.0, 0.0)
    return Signal(name, weight, best, mean, spread, top, score)


def candidate_rows(signals: Sequence[Signal]) -> Rows:
    """All rows that any signal ranks high, ascending."""
    return np.unique(np.concatenate([one.best for one in signals])).astype(np.int64) if signals else np.zeros(0, dtype=np.int64)


def fused(signals: Sequence[Signal], rows: Rows) -> Scores:
    """The weighted mean of the signals' standardised scores."""
    weights = sum(one.weight for one in signals)
    parts = [one.weight * one.standardised(rows) for one in signals]
    return np.asarray(np.sum(parts, axis=0) / weights if parts and weights else np.zeros(len(rows)), dtype=np.float32)


def standardised(scores: Scores) -> Scores:
    """Scores as distances from their own mean in standard deviations."""
    spread = float(scores.std()) if len(scores) else 0.0
    return np.asarray((scores - scores.mean()) / spread if spread > 1e-9 else np.zeros_like(scores), dtype=np.float32)
