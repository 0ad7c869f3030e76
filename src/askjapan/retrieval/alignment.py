"""Aligns a question with a text: each content word of the question gets its highest cosine with the text's word pieces.

The vector of a whole text hardly shows a difference of one word, and BM25 finds no paraphrase; single words show both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from askjapan.index.encoders.encoder import TokenVectors
from askjapan.language.terms import STOP_WORDS
from askjapan.retrieval.readers.window import Window

Floats = NDArray[np.float32]
SAID = 0.85
"""Least value of a word that the text contains literally, whatever its cosine."""
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Alignment:
    """Cosines of a question's words with a window.

    `units`, shape (words, places), has each content word's best cosine with a word piece of each unit. `around`, shape (words,), has its best
    cosine with the window's heading and context. `cosines`, shape (places,), compares the mean vectors of the question and of each unit.
    """

    units: Floats
    around: Floats
    cosines: Floats

    @property
    def together(self) -> float:
        """Mean best cosine of the question's words in the single unit where it is highest."""
        return float(self.units.mean(axis=0).max()) if self.units.size else 0.0


@dataclass(frozen=True, slots=True)
class Halved:
    """Token vectors in half precision, shape (pieces, dimension), to be kept; `starts` and `ends` as in `TokenVectors`."""

    vectors: NDArray[np.float16]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    @classmethod
    def of(cls, tokens: TokenVectors) -> Halved:
        return cls(tokens.vectors.astype(np.float16), tokens.starts, tokens.ends)

    def whole(self) -> TokenVectors:
        """The token vectors in single precision, with the values that were kept."""
        return TokenVectors(self.vectors.astype(np.float32), self.starts, self.ends)


@cache
def _projection() -> tuple[Floats, Floats]:
    """Mean, shape (384,), and axes, shape (384, 192), of all-MiniLM-L6-v2's token vectors, from `training/fit_token_projection.py`."""
    with (
        files("askjapan.retrieval").joinpath("data/token_projection.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as data,
    ):
        return data["mean"].astype(np.float32), data["axes"].astype(np.float32)


def project(vectors: Floats) -> Floats:
    """Project the encoder's token vectors, shape (pieces, 384), to unit vectors, shape (pieces, 192), without their common mean.

    Vectors of another width, from another encoder, are only scaled to length one.
    """
    mean, axes = _projection()
    projected = (vectors - mean) @ axes if vectors.shape[1] == len(mean) else vectors
    return np.asarray(projected / np.maximum(np.linalg.norm(projected, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def projected(tokens: TokenVectors) -> TokenVectors:
    """The same word pieces with projected vectors; see `project`."""
    return TokenVectors(project(tokens.vectors), tokens.starts, tokens.ends)


def content_words(question: str) -> list[tuple[int, int]]:
    """Start and end of a question's content words, in characters; of all its words where there are only stop words."""
    spans = [match.span() for match in _WORD.finditer(question) if match.group().lower() not in STOP_WORDS]
    return spans or [match.span() for match in _WORD.finditer(question)]


def align(question: str, asked: TokenVectors, window: Window, text: TokenVectors) -> Alignment:
    """Compare a question with a window.

    Args:
        question: the question's text.
        asked: its token vectors, `projected`.
        window: the window.
        text: the token vectors of the window's text, `projected`.
    """
    words = content_words(question)
    asked_vectors, text_vectors = asked.vectors, text.vectors
    table = asked_vectors @ text_vectors.T
    best = np.zeros((len(words), len(text.vectors)), dtype=np.float32)
    for row, (start, end) in enumerate(words):
        pieces = asked.overlapping(start, end)
        if pieces.any():
            best[row] = table[pieces].mean(axis=0)
        for match in re.finditer(rf"\b{re.escape(question[start:end])}\b", window.text, re.IGNORECASE):
            said = text.overlapping(*match.span())
            best[row, said] = np.maximum(best[row, said], SAID)
    units = np.zeros((len(words), len(window.places)), dtype=np.float32)
    cosines = np.zeros(len(window.places), dtype=np.float32)
    outside = np.ones(len(text.vectors), dtype=bool)
    mean = _unit(asked_vectors.mean(axis=0)) if len(asked_vectors) else np.zeros(text_vectors.shape[1], dtype=np.float32)
    for column, place in enumerate(window.places):
        inside = text.overlapping(place.start, place.end)
        outside &= ~inside
        if inside.any():
            units[:, column] = best[:, inside].max(axis=1)
            cosines[column] = float(_unit(text_vectors[inside].mean(axis=0)) @ mean)
    around = best[:, outside].max(axis=1) if outside.any() else np.zeros(len(words), dtype=np.float32)
    return Alignment(units, np.asarray(around, dtype=np.float32), cosines)


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)
