"""What an encoder is: text → unit vectors, of whole texts and of their word pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """Unit vectors of texts and of their word pieces.

    `pooled` has shape (texts, dimension); `rows`, shape (all pieces, dimension), holds the pieces without the special tokens, text after
    text; `counts` says how many each text has.
    """

    pooled: Vectors
    rows: Vectors
    counts: NDArray[np.int64]


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

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors, shape (len(texts), dimension); `progress` is told how many more are done."""


class TokenEncoder(Encoder, Protocol):
    """An encoder that also gives the vectors of a text's word pieces."""

    def piece_starts(self, text: str) -> list[int]:
        """Where each word piece of a text begins, in characters, without the special tokens."""

    def encode_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> TokenBatch:
        """The texts' own vectors and those of their word pieces, from one pass."""
