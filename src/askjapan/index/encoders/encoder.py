"""Interface of encoders: texts → unit vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
BatchProgress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """Unit vectors of a text's word pieces without special tokens, shape (pieces, dimension).

    `starts` and `ends`, shape (pieces,), are the offsets of each piece in characters of the text.
    """

    vectors: Vectors
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    def overlapping(self, start: int, end: int) -> NDArray[np.bool_]:
        """Which pieces overlap a stretch of the text, given in characters; shape (pieces,)."""
        return np.asarray((self.starts < end) & (self.ends > start))


class Encoder(Protocol):
    """An encoder turns texts into unit vectors of one dimension, and counts the word pieces of a text."""

    @property
    def name(self) -> str:
        """Name of the model, as kept in the index's manifest."""

    @property
    def sha256(self) -> str:
        """Hash of its weights, as kept in the index's manifest."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def limit(self) -> int:
        """Most word pieces of one text that are read, special tokens included."""

    def count_pieces(self, text: str) -> int:
        """The number of word pieces of a text, special tokens included; an encoder without word pieces counts characters."""

    def encode(self, texts: Sequence[str], progress: BatchProgress | None = None) -> Vectors:
        """Unit vectors, shape (len(texts), dimension); `progress` is told how many more are done."""


class TokenEncoder(Encoder, Protocol):
    """An encoder that also gives the vectors of a text's word pieces."""

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """The word pieces' vectors of each text, as far as it is read."""
