"""Small stand-ins that make tests quick where the real model is not what matters."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from askjapan.index.encoder import Progress, TokenBatch, Vectors

_WORD = re.compile(r"\w+")


class HashEncoder:
    """A deterministic encoder: each word is hashed into one of 64 dimensions, and the sum is brought to length one."""

    name = "hash-encoder"
    sha256 = hashlib.sha256(b"hash-encoder 1").hexdigest()
    dimension = 64
    limit = 256

    def count_pieces(self, text: str) -> int:
        """A piece a word, and two for the special tokens."""
        return len(_WORD.findall(text)) + 2

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors, shape (len(texts), 64); a text without words becomes the first unit vector."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in _WORD.findall(text.lower()):
                digest = hashlib.sha256(word.encode()).digest()
                vectors[row, digest[0] % self.dimension] += 1.0 if digest[1] % 2 else -1.0
            length = float(np.linalg.norm(vectors[row]))
            if length:
                vectors[row] /= length
            else:
                vectors[row, 0] = 1.0
        if progress:
            progress(len(texts))
        return vectors

    def piece_starts(self, text: str) -> list[int]:
        """Where each word begins."""
        return [match.start() for match in _WORD.finditer(text)]

    def encode_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> TokenBatch:
        """Each word's own vector, in order."""
        words = [_WORD.findall(text) for text in texts]
        rows = self.encode([word for found in words for word in found])
        return TokenBatch(self.encode(texts, progress), rows, np.array([len(found) for found in words], dtype=np.int64))
