"""A search engine in this process: FAISS and BM25 over entries in memory. Tests compare servers with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from askjapan.errors import IndexStale
from askjapan.index.encoders.encoder import Vectors
from askjapan.index.search.engine import Capability, Entry, Match, Where
from askjapan.index.storage.bm25 import LexicalIndex
from askjapan.index.storage.vectors import VectorSet, vectors_in_memory


class FaissEngine:
    """Entries in memory; both indexes are made again by `refresh`, or by the first search after a change.

    Args:
        dimension: length of the vectors.
    """

    place = "The memory of this process"
    capabilities: frozenset[Capability] = frozenset(("dense", "lexical", "filter"))

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._entries: dict[str, Entry] = {}
        self._order: list[Entry] = []
        self._holder = ""
        self._indexes: tuple[VectorSet, LexicalIndex] | None = None

    def upsert(self, entries: Iterable[Entry]) -> None:
        self._entries.update((entry.id, entry) for entry in entries)
        self._indexes = None

    def delete(self, ids: Sequence[str]) -> None:
        for id_ in ids:
            self._entries.pop(id_, None)
        self._indexes = None

    def dense(self, vector: Vectors, k: int, where: Where | None = None) -> list[Match]:
        vectors, _ = self._made()
        return self._matches(*vectors.search(vector, k, self._allowed(where)))

    def lexical(self, question: str, k: int, where: Where | None = None) -> list[Match]:
        _, words = self._made()
        rows, scores = words.best(question, k, self._allowed(where))
        return [match for match in self._matches(rows, scores) if match.score > 0]

    def vectors(self, ids: Sequence[str]) -> Vectors:
        try:
            rows = [self._entries[id_].vector for id_ in ids]
        except KeyError as error:
            raise IndexStale(f"There is no entry {error}.") from None
        return np.stack(rows) if rows else np.zeros((0, self._dimension), dtype=np.float32)

    def ids(self) -> Iterator[str]:
        return iter(tuple(self._entries))

    def count(self) -> int:
        return len(self._entries)

    def holder(self) -> str:
        return self._holder

    def hold(self, noted: str) -> None:
        self._holder = noted

    def refresh(self) -> None:
        self._made()

    def close(self) -> None:
        self._entries.clear()
        self._indexes = None

    def _made(self) -> tuple[VectorSet, LexicalIndex]:
        if self._indexes is None:
            self._order = list(self._entries.values())
            rows = self.vectors([entry.id for entry in self._order])
            self._indexes = vectors_in_memory(rows), LexicalIndex.build([entry.words for entry in self._order])
        return self._indexes

    def _allowed(self, where: Where | None) -> NDArray[np.bool_]:
        return np.array([where is None or where.allows(entry) for entry in self._order], dtype=bool)

    def _matches(self, rows: NDArray[np.int64], scores: Vectors) -> list[Match]:
        return [Match(self._order[row].id, float(score)) for row, score in zip(rows, scores, strict=True)]
