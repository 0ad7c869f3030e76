"""An encoder that counts what it embeds, and builds with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from askjapan.index.build import BuildReport, build
from askjapan.index.encoders.encoder import BatchProgress, Vectors
from tests.support.fakes import HashEncoder
from tests.support.places import Place


class Counting(HashEncoder):
    """Remembers every text that it was asked to embed."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def encode(self, texts: Sequence[str], progress: BatchProgress | None = None) -> Vectors:
        self.embedded += texts
        return HashEncoder().encode(texts, progress)


def built(place: Place, encoder: Any = None, **options: Any) -> BuildReport:
    return build([place.corpus], place.index, encoder or HashEncoder(), catalogue=place.catalogue, **options)
