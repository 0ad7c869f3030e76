"""The reader: a small trained model that scores whether, where and how well a text answers a question.

It is a cross-encoder fine-tuned from MiniLM, quantised to int8 and run by onnxruntime; docs/reader.md has its data, training and figures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from askjapan.errors import ModelChanged, ModelMissing
from askjapan.index.encoders.inference import Model, in_parallel
from askjapan.index.encoders.minilm import MiniLM, minilm

Floats = NDArray[np.float32]
READER_SHA256 = "0451ae2af4c3e4e1e775acea7d2d981ae275a77153a3d5058b623a457ed68c5f"
QUESTION_PIECES = 48
"""Maximum word pieces of a question, as in training; the rest of a longer one is cut off."""
TEXT_PIECES = 256
_CLS, _SEP = 101, 102


@dataclass(frozen=True, slots=True)
class Reading:
    """Output of the reader for one text.

    `rank` and `answers` are logits: how well the text answers compared with others, and whether it answers at all. `first`, `last` and
    `evidence`, shape (pieces,), are logits of each word piece of the text: that the answer begins or ends there, and that the piece is
    evidence. `starts` and `ends`, shape (pieces,), are the character offsets of the pieces. `nowhere` is the logit that the text holds no
    answer, comparable with a sum of `first` and `last`.
    """

    rank: float
    answers: float
    nowhere: float
    first: Floats
    last: Floats
    evidence: Floats
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    def pieces_of(self, start: int, end: int) -> slice:
        """The pieces that overlap a stretch of the text, given in characters."""
        return slice(int(np.searchsorted(self.ends, start, side="right")), int(np.searchsorted(self.starts, end, side="left")))


class PassageReader(Protocol):
    """Anything that reads texts for a question."""

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """One reading for each text, in their order."""


class OnnxReader:
    """The reader that ships with the package; it reads the first `TEXT_PIECES` word pieces of a text.

    Raises:
        ModelMissing: on first use, when the model's file is not in the package.
        ModelChanged: on first use, when it is not the pinned one.
    """

    def __init__(self, model: MiniLM | None = None) -> None:
        self._pieces = model or minilm()

    @cached_property
    def _model(self) -> Model:
        source = files("askjapan").joinpath("retrieval", "data", "reader.onnx")
        if not source.is_file():
            raise ModelMissing("The reader's model is missing from the package.", "Install askjapan again.")
        data = source.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if digest != READER_SHA256:
            raise ModelChanged(f"The reader's model has SHA-256 {digest[:12]}…, expected {READER_SHA256[:12]}….")
        return Model(data)

    def load(self) -> None:
        """Open the model now."""
        _ = self._model

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        asked = self._pieces.pieces(question)[0][:QUESTION_PIECES]
        # One text a run: int8 activations are scaled by all that is in a batch, so a reading would depend on the texts beside it.
        return list(in_parallel(lambda text: self._read_one(asked, text), texts))

    def _read_one(self, asked: list[int], text: str) -> Reading:
        cut, offsets = self._pieces.pieces(text)
        size = min(len(cut), TEXT_PIECES)
        ids = np.array([[_CLS, *asked, _SEP, *cut[:size], _SEP]], dtype=np.int64)
        base = len(asked) + 2
        kinds = np.zeros_like(ids)
        kinds[0, base:] = 1
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": kinds}
        (pair,), (piece,) = self._model.run(given, ["pair", "piece"])
        inside = piece[base : base + size].astype(np.float32)
        places = np.array(offsets[:size], dtype=np.int32).reshape(-1, 2)
        return Reading(
            float(pair[0]),
            float(pair[1]),
            float(piece[0, 0] + piece[0, 1]),
            inside[:, 0],
            inside[:, 1],
            inside[:, 2],
            places[:, 0],
            places[:, 1],
        )


@cache
def reader() -> OnnxReader:
    """The one reader of this process."""
    return OnnxReader()
