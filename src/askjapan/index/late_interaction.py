"""Late interaction: a question's words each look for their nearest word in a passage, in the encoder's own token vectors.

The score of a passage is the mean, over the question's tokens, of the highest cosine with any of its tokens ("MaxSim", Khattab & Zaharia 2020).
Token vectors are brought to 192 dimensions by a fixed projection and kept as int8, some 20 KB a passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from askjapan.index.encoder import Vectors

DIMENSION = 192
SCALE = 127.0
Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class TokenCodes:
    """Token vectors as they are kept: int8 codes, shape (tokens, dimension); text i owns the rows `offsets[i]` to `offsets[i + 1]`.

    `units` gives the number of the unit that each token stands in, -1 for one of the passage's context.
    """

    codes: Codes
    offsets: NDArray[np.int64]
    units: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """Token vectors of several texts one after the other, as `TokenCodes`, ready to be searched."""

    rows: NDArray[np.float32]
    offsets: NDArray[np.int64]
    units: NDArray[np.int16]


@cache
def _projection() -> tuple[Vectors, Vectors]:
    """Mean (384,) and axes (384, 192) of all-MiniLM-L6-v2's token vectors, fitted once on the study notes."""
    with (
        files("askjapan.index").joinpath("data/token_projection.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as data,
    ):
        return data["mean"].astype(np.float32), data["axes"].astype(np.float32)


def project(vectors: Vectors) -> Vectors:
    """Token vectors of the encoder, shape (tokens, 384), as unit vectors of 192 dimensions.

    Vectors of another width (another encoder) are only brought to length one.
    """
    mean, axes = _projection()
    projected = (vectors - mean) @ axes if vectors.shape[1] == len(mean) else vectors
    lengths = np.linalg.norm(projected, axis=1, keepdims=True)
    return np.asarray(projected / np.maximum(lengths, 1e-9), dtype=np.float32)


def to_codes(unit_vectors: Vectors) -> Codes:
    """Unit vectors as int8, one scale for all."""
    return np.asarray(np.round(unit_vectors * SCALE), dtype=np.int8)


def from_codes(codes: Codes) -> Vectors:
    """What `to_codes` made, as float32."""
    return np.asarray(codes, dtype=np.float32) / SCALE


def max_sim(question: Vectors, tokens: TokenVectors, rows: Sequence[int] | None = None) -> NDArray[np.float32]:
    """The MaxSim score of each text, shape (texts,), or of the chosen rows only.

    Args:
        question: the question's projected token vectors, shape (question tokens, dimension).
        tokens: of the texts; a text without tokens scores 0.
        rows: which texts, in which order; all by default.
    """
    count = len(tokens.offsets) - 1
    chosen = range(count) if rows is None else rows
    scores = np.zeros(len(chosen), dtype=np.float32)
    if not len(question):
        return scores
    if rows is None and count and bool((np.diff(tokens.offsets) > 0).all()):
        cosines = question @ tokens.rows.T
        return np.asarray(np.maximum.reduceat(cosines, tokens.offsets[:-1], axis=1).mean(axis=0), dtype=np.float32)
    for place, row in enumerate(chosen):
        start, end = tokens.offsets[row], tokens.offsets[row + 1]
        if end > start:
            scores[place] = float((question @ tokens.rows[start:end].T).max(axis=1).mean())
    return scores


def aligned(question: Vectors, tokens: TokenVectors, row: int, units: int) -> NDArray[np.float32]:
    """For each token of the question the highest cosine with a token of each unit of a text, shape (question tokens, units)."""
    start, end = tokens.offsets[row], tokens.offsets[row + 1]
    cosines = question @ tokens.rows[start:end].T
    owners = tokens.units[start:end]
    table = np.zeros((len(question), units), dtype=np.float32)
    for unit in range(units):
        mine = owners == unit
        if mine.any():
            table[:, unit] = cosines[:, mine].max(axis=1)
    return table
