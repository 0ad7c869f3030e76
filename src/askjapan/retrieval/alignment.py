"""Aligns a question with a text: for each content word of the question its highest cosine with the text's word pieces.

A near miss differs from its neighbour in one word, which the vector of a whole text blurs; a paraphrase shares no stem, which BM25 needs.
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
from askjapan.retrieval.window import Window

Floats = NDArray[np.float32]
SAID = 0.85
"""What a word counts at least where the text holds its very letters, however its vector lies."""
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a question's words are met by a window.

    `units`, shape (words, places), has each content word's best cosine with a word piece of each unit; `around`, shape (words,), that with the
    window's heading and context; `cosines`, shape (places,), are those of the whole question with the units, each the mean of its pieces.
    """

    units: Floats
    around: Floats
    cosines: Floats

    @property
    def met(self) -> tuple[float, float]:
        """Mean cosine of the question's words: each with what is nearest in the window, and all with the one unit that is nearest to them."""
        if not self.units.size:
            return (0.0, 0.0)
        best = np.maximum(self.units.max(axis=1), self.around)
        return (float(best.mean()), float(self.units.mean(axis=0).max()))


@cache
def _projection() -> tuple[Floats, Floats]:
    """Mean (384,) and axes (384, 192) of all-MiniLM-L6-v2's token vectors, fitted once by `training/fit_token_projection.py`."""
    with (
        files("askjapan.retrieval").joinpath("data/token_projection.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as data,
    ):
        return data["mean"].astype(np.float32), data["axes"].astype(np.float32)


def project(vectors: Floats) -> Floats:
    """Token vectors of the encoder, shape (pieces, 384), without what all have in common, as unit vectors of 192 dimensions.

    Vectors of another width (another encoder) are only brought to length one.
    """
    mean, axes = _projection()
    projected = (vectors - mean) @ axes if vectors.shape[1] == len(mean) else vectors
    return np.asarray(projected / np.maximum(np.linalg.norm(projected, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def projected(tokens: TokenVectors) -> TokenVectors:
    """The same word pieces with their vectors as `project` makes them."""
    return TokenVectors(project(tokens.vectors), tokens.starts, tokens.ends)


def content_words(question: str) -> list[tuple[int, int]]:
    """Where the content words of a question stand, in characters."""
    spans = [match.span() for match in _WORD.finditer(question) if match.group().lower() not in STOP_WORDS]
    return spans or [match.span() for match in _WORD.finditer(question)]


def align(question: str, asked: TokenVectors, window: Window, text: TokenVectors) -> Alignment:
    """Compare a question with a window.

    Args:
        question: whose `asked` are the token vectors, `projected`.
        window: whose `text`'s are the others.
    """
    words = content_words(question)
    asked_vectors, text_vectors = asked.vectors, text.vectors
    table = asked_vectors @ text_vectors.T
    best = np.zeros((len(words), len(text.vectors)), dtype=np.float32)
    for row, (start, end) in enumerate(words):
        pieces = (asked.starts < end) & (asked.ends > start)
        if pieces.any():
            best[row] = table[pieces].mean(axis=0)
        for match in re.finditer(rf"\b{re.escape(question[start:end])}\b", window.text, re.IGNORECASE):
            said = (text.starts < match.end()) & (text.ends > match.start())
            best[row, said] = np.maximum(best[row, said], SAID)
    units = np.zeros((len(words), len(window.places)), dtype=np.float32)
    cosines = np.zeros(len(window.places), dtype=np.float32)
    outside = np.ones(len(text.vectors), dtype=bool)
    mean = _unit(asked_vectors.mean(axis=0)) if len(asked_vectors) else np.zeros(text_vectors.shape[1], dtype=np.float32)
    for column, place in enumerate(window.places):
        inside = (text.starts < place.end) & (text.ends > place.start)
        outside &= ~inside
        if inside.any():
            units[:, column] = best[:, inside].max(axis=1)
            cosines[column] = float(_unit(text_vectors[inside].mean(axis=0)) @ mean)
    around = best[:, outside].max(axis=1) if outside.any() else np.zeros(len(words), dtype=np.float32)
    return Alignment(units, np.asarray(around, dtype=np.float32), cosines)


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)
