"""Small stand-ins that make tests quick where the real model is not what matters."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from askjapan.answering import calibration
from askjapan.index.encoders.encoder import BatchProgress, TokenVectors, Vectors
from askjapan.language.sentences import sentence_spans
from askjapan.language.terms import terms
from askjapan.retrieval.readers.opened import ReadBy
from askjapan.retrieval.readers.reader import Reading

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

    def encode(self, texts: Sequence[str], progress: BatchProgress | None = None) -> Vectors:
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

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Each word's own vector, and where it stands."""
        found = []
        for text in texts:
            words = list(_WORD.finditer(text))
            starts, ends = (np.array([word.span()[side] for word in words], dtype=np.int32) for side in (0, 1))
            found.append(TokenVectors(self.encode([word.group() for word in words]), starts, ends))
        return found


class WordReader:
    """A deterministic reader: a stretch of a text (a sentence or a line) answers as far as it holds the question's terms.

    A word is a piece. Logits run from -5 where a stretch holds no term of the question to 5 where it holds all.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """A reading a text, in their order; what was asked is remembered."""
        self.asked.append((question, list(texts)))
        wanted = set(terms(question))
        return [self._reading(wanted, text) for text in texts]

    @staticmethod
    def _reading(wanted: set[str], text: str) -> Reading:
        pieces = [match.span() for match in _WORD.finditer(text)]
        evidence = np.full(len(pieces), -5.0, dtype=np.float32)
        fresh = np.zeros(len(pieces), dtype=np.float32)
        for start, end in _stretches(text):
            share = len(wanted & set(terms(text[start:end]))) / max(1, len(wanted))
            for number, (low, high) in enumerate(pieces):
                if start <= low and high <= end:
                    evidence[number] = 10 * share - 5
                    fresh[number] = share if not wanted & set(terms(text[low:high])) else 0
        best = float(evidence.max(initial=-5.0))
        starts, ends = (np.array([span[side] for span in pieces], dtype=np.int32) for side in (0, 1))
        return Reading(best, best, 0.0, 4 * fresh - 2, 4 * fresh - 2, evidence, starts, ends)


def _stretches(text: str) -> list[tuple[int, int]]:
    """Sentences, none across lines."""
    found, base = [], 0
    for line in text.split("\n"):
        found += [(base + start, base + end) for start, end in sentence_spans(line)]
        base += len(line) + 1
    return found


def no_reader() -> None:
    """Stands for the reader of Japanese in tests with stubs: Japanese passages are then judged as what nobody has read."""


def generous_model(by: ReadBy) -> calibration.AnswerModel:
    """The fitted model, but up to four quotes an answer: what is shown of several is not what a stub's logits decide."""
    return replace(calibration.answer_model(by), quote=0.0001)
