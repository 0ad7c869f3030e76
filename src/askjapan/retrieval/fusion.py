"""Several signals' scores of the passages → one scale, and one weighted sum."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


def fused(signals: Mapping[str, Scores], weights: Mapping[str, float]) -> Scores:
    """The weighted sum of the signals that are there."""
    return np.asarray(
        np.sum([weights[name] * scores for name, scores in signals.items() if name in weights], axis=0), dtype=np.float32
    )


def best_of(unit_scores: Scores, owners: NDArray[np.int64], passages: int) -> Scores:
    """For each passage the highest score of its units, shape (passages,)."""
    best = np.full(passages, -1.0, dtype=np.float32)
    np.maximum.at(best, owners, unit_scores)
    return best


def standardised(scores: Scores, among: NDArray[np.bool_]) -> Scores:
    """Scores as distances from the mean in standard deviations, both taken over the allowed rows."""
    chosen = scores[among]
    spread = float(chosen.std())
    return np.asarray((scores - chosen.mean()) / spread if spread > 1e-9 else np.zeros_like(scores), dtype=np.float32)
