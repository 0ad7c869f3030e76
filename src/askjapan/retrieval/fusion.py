"""Brings several signals' scores of passages to one scale and adds them with weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Signal:
    """One way of scoring passages for one text.

    `best` are the rows that it ranks highest, best first; `mean`, `spread` (standard deviation) and `top` (maximum) are those of their raw
    scores. They set the scale, so that no scores of other rows are needed. `score` gives the raw scores of any rows.
    """

    name: str
    weight: float
    best: Rows
    mean: float
    spread: float
    top: float
    score: Callable[[Rows], Scores]

    def standardised(self, rows: Rows) -> Scores:
        """Scores of rows, shape (rows,), minus the mean of the best ones, in their standard deviations; 0 where these do not differ."""
        if self.spread < 1e-9:
            return np.zeros(len(rows), dtype=np.float32)
        return np.asarray((self.score(rows) - self.mean) / self.spread, dtype=np.float32)


def signal(name: str, weight: float, best: Rows, scores: Scores, score: Callable[[Rows], Scores]) -> Signal:
    """A signal from the rows that a search found, best first, and their raw scores, both of shape (rows,)."""
    mean, spread, top = (float(scores.mean()), float(scores.std()), float(scores[0])) if len(scores) else (0.0, 0.0, 0.0)
    return Signal(name, weight, best, mean, spread, top, score)


def candidate_rows(signals: Sequence[Signal]) -> Rows:
    """All rows among the best of any signal, ascending."""
    return np.unique(np.concatenate([one.best for one in signals])).astype(np.int64) if signals else np.zeros(0, dtype=np.int64)


def fused(signals: Sequence[Signal], rows: Rows) -> Scores:
    """The weighted mean of the signals' standardised scores, shape (rows,)."""
    weights = sum(one.weight for one in signals)
    parts = [one.weight * one.standardised(rows) for one in signals]
    return np.asarray(np.sum(parts, axis=0) / weights if parts and weights else np.zeros(len(rows)), dtype=np.float32)


def levelled(scores: Scores, best: int) -> Scores:
    """Scores of any order minus the mean of the `best` highest of them, in the standard deviations of these; 0 where they do not differ."""
    highest = np.sort(scores)[-best:]
    spread = float(highest.std()) if len(highest) else 0.0
    return np.asarray((scores - highest.mean()) / spread if spread > 1e-9 else np.zeros_like(scores), dtype=np.float32)


def standardised(scores: Scores) -> Scores:
    """Scores minus their own mean, in standard deviations; 0 where they do not differ."""
    spread = float(scores.std()) if len(scores) else 0.0
    return np.asarray((scores - scores.mean()) / spread if spread > 1e-9 else np.zeros_like(scores), dtype=np.float32)


def moved(scores: Scores, further: Mapping[str, tuple[float, Scores]]) -> tuple[Scores, dict[str, Scores]]:
    """Add further signals, which exist for the first rows only, to the scores of rows.

    Args:
        scores: scores of all rows, best first, shape (rows,).
        further: each signal's weight and its raw values for the first rows, all of the same length; NaN where it has no value for a row.

    Returns:
        The scores, shape (rows,), with each signal added on its own scale; the remaining rows keep their order behind the first ones. And
        each signal's standardised values by its name, shape (rows,), 0 where it has no value.
    """
    gains: dict[str, Scores] = {}
    asked = 0
    total = np.zeros(len(scores), dtype=np.float32)
    for name, (weight, values) in further.items():
        asked = len(values)
        known = np.flatnonzero(~np.isnan(values))
        gains[name] = np.zeros(len(scores), dtype=np.float32)
        gains[name][known] = standardised(values[known])
        total += np.float32(weight) * gains[name]
    head, tail = scores[:asked] + total[:asked], scores[asked:]
    if asked and len(tail):
        tail = tail - max(0.0, float(tail[0]) - float(head.min()))
    return np.asarray(np.concatenate([head, tail]), dtype=np.float32), gains


def among_themselves(scores: Scores, further: Scores, rows: NDArray[np.intp]) -> Scores:
    """The scores with those of some rows exchanged among these, in the order of further scores; shapes as `scores`, (rows,)."""
    order = rows[np.argsort(-further[rows], kind="stable")]
    exchanged = scores.copy()
    exchanged[order] = np.sort(scores[rows])[::-1]
    return exchanged
