"""LexRank: centrality of each text among others, from the cosines of their vectors (Erkan and Radev 2004)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from askjapan.index.encoders.encoder import Vectors

LEAST_ALIKE = 0.2
"""Least cosine that counts as a link between two texts."""
DAMPING = 0.85
ROUNDS = 50


def centrality(vectors: Vectors, prior: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """The centrality of each text, shape (texts,); the values add up to one.

    Args:
        vectors: unit vectors, shape (texts, dimension).
        prior: probabilities that the random walk restarts at each text, shape (texts,), adding up to one; equal by default.
    """
    size = len(vectors)
    if not size:
        return np.zeros(0)
    start = np.full(size, 1 / size) if prior is None else prior
    alike = np.clip(vectors @ vectors.T, 0, 1).astype(np.float64)
    alike[alike < LEAST_ALIKE] = 0
    np.fill_diagonal(alike, 1.0)
    steps = alike / alike.sum(axis=1, keepdims=True)
    rank = start
    for _ in range(ROUNDS):
        rank = DAMPING * (rank @ steps) + (1 - DAMPING) * start
    return np.asarray(rank / rank.sum())
