"""What an encoder is: texts → unit vectors."""

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
    """The unit vectors of a text's word pieces, shape (pieces, dimension), and the characters that each stands for; no special tokens."""

    vectors: Vectors
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


class Encoder(Protocol):
    """Anything that turns texts into unit vectors of one dimension and can count how much of a text it reads."""

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
        """The word pieces of a text, special tokens included."""

    def encode(self, texts: Sequence[str], progress: BatchProgress | None = None) -> Vectors:
        """Unit vectors, shape (len(texts), dimension); `progress` is told how many more are done."""


class TokenEncoder(Encoder, Protocol):
    """An encoder that also gives the vectors of a text's word pieces."""

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """The word pieces' vectors of each text, as far as it is read."""
