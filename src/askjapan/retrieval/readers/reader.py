"""The readers: small trained models that score whether, where and how well a text answers a question.

They are cross-encoders, one of English fine-tuned from MiniLM and one of Japanese from multilingual-e5-small, quantised to int8 and run by
onnxruntime; docs/reader.md has their data, training and figures.
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
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.word_pieces import Cut, WordPieces

Floats = NDArray[np.float32]
QUESTION_PIECES = 48
"""Maximum word pieces of a question, as in training; the rest of a longer one is cut off."""
TEXT_PIECES = 256


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model: the name of its files in `retrieval/data`, the SHA-256 of each, and its signs.

    `begin` stands before the question, `apart` behind the question and behind the text. `pieces` is the SHA-256 of its tokenizer, which is
    `name.pieces.json`; without one its pieces are those of MiniLM.
    """

    name: str
    model: str
    begin: int
    apart: int
    pieces: str = ""


ENGLISH = Trained("reader", "0451ae2af4c3e4e1e775acea7d2d981ae275a77153a3d5058b623a457ed68c5f", 101, 102)
JAPANESE = Trained(
    "japanese",
    "699d98059110b39bd3df1488cc8c22d5fc8b282ba1f8f0fcdafeafe2d463ca22",
    0,
    2,
    "87a82a2c1da4b9285d9232b3f10bd812c397e1010373443aac6427e56ae3b578",
)


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


class Pieces(Protocol):
    """Anything that cuts a text into word pieces: their ids, and the characters of each."""

    def pieces(self, text: str) -> Cut: ...


class OnnxReader:
    """A reader that ships with the package; it reads the first `TEXT_PIECES` word pieces of a text.

    Raises:
        ModelMissing: on first use, when one of the model's files is not in the package.
        ModelChanged: on first use, when one is not the pinned one.
    """

    def __init__(self, trained: Trained = ENGLISH, pieces: Pieces | None = None) -> None:
        self._trained = trained
        self._pieces: Pieces = pieces or (WordPieces(self._tokenizer) if trained.pieces else minilm())

    def _tokenizer(self) -> bytes:
        return _pinned(f"{self._trained.name}.pieces.json", self._trained.pieces)

    @cached_property
    def _model(self) -> Model:
        return Model(_pinned(f"{self._trained.name}.onnx", self._trained.model))

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
        begin, apart = self._trained.begin, self._trained.apart
        ids = np.array([[begin, *asked, apart, *cut[:size], apart]], dtype=np.int64)
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


def _pinned(name: str, sha256: str) -> bytes:
    source = files("askjapan").joinpath("retrieval", "data", name)
    if not source.is_file():
        raise ModelMissing(f"The reader's file {name} is missing from the package.", "Install askjapan again.")
    data = source.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != sha256:
        raise ModelChanged(f"The reader's file {name} has SHA-256 {digest[:12]}…, expected {sha256[:12]}….")
    return data


@cache
def reader() -> OnnxReader:
    """The one reader of texts in Latin script of this process."""
    return OnnxReader()


@cache
def reader_of_japanese() -> OnnxReader:
    """The one reader of texts in Japanese of this process; it reads questions in either language."""
    return OnnxReader(JAPANESE)
