"""Vectors in FAISS, by how many there are: compared one by one up to `MOST_FLAT`, beyond that by nearest lists; mapped from disk.

An inverted file keeps each vector whole in the list of its nearest centre, so a score is exact and only what lies in lists that are not
looked into is missed. docs/scale.md has what each costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from askjapan.index.encoders.encoder import Vectors
from askjapan.index.encoders.inference import processors

MOST_FLAT = 200_000
"""Most vectors that are compared one by one; more are put into lists."""
PROBES = 32
"""Lists that a search looks into; more where a filter leaves few passages."""
EXACT = 10_000
"""Most passages left by a filter that are compared one by one."""
_SEED, _ITERATIONS, _EACH = 1, 10, 50


class SearchableVectors(Protocol):
    """One vector a row, of length one, wherever they are kept."""

    @property
    def size(self) -> int:
        """The number of rows."""

    def search(self, vector: Vectors, k: int, allowed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], Vectors]:
        """The k allowed rows nearest to a vector, best first, and their cosines; `allowed` has the shape (rows,)."""

    def cosines(self, vector: Vectors, rows: NDArray[np.int64]) -> Vectors:
        """The cosines of a vector with some rows, shape (len(rows),)."""

    def reconstruct_batch(self, rows: NDArray[np.int64]) -> Vectors:
        """A copy of some rows, shape (len(rows), dimension)."""

    def all_rows(self) -> Vectors:
        """A copy of all rows, shape (rows, dimension)."""


@dataclass(frozen=True)
class VectorSet:
    """One vector a row, of length one."""

    index: Any
    """The index of FAISS."""

    @property
    def size(self) -> int:
        return int(self.index.ntotal)

    @cached_property
    def _lists(self) -> int:
        """The number of lists; 0 for vectors that are compared one by one."""
        return int(getattr(self.index, "nlist", 0))

    def search(self, vector: Vectors, k: int, allowed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], Vectors]:
        """The k allowed rows nearest to a vector, best first, and their cosines; `allowed` has the shape (rows,)."""
        import faiss

        count = int(np.count_nonzero(allowed))
        k = min(k, count)
        if not k:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        if self._lists and count <= EXACT:
            return self._among(vector, np.flatnonzero(allowed), k)
        more: dict[str, Any] = {}
        if count < len(allowed):
            # The selector reads this memory while it searches: the name keeps it alive.
            bits = np.packbits(allowed, bitorder="little")
            more["sel"] = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        if self._lists:
            more["nprobe"] = min(self._lists, PROBES * len(allowed) // count)
        kind = faiss.SearchParametersIVF if self._lists else faiss.SearchParameters
        query = np.ascontiguousarray(vector.reshape(1, -1), dtype=np.float32)
        scores, rows = self.index.search(query, k, params=kind(**more) if more else None)
        filled = rows[0] >= 0
        return rows[0][filled].astype(np.int64), np.asarray(scores[0][filled], dtype=np.float32)

    def cosines(self, vector: Vectors, rows: NDArray[np.int64]) -> Vectors:
        """The cosines of a vector with some rows, shape (len(rows),)."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        return np.asarray(self.reconstruct_batch(rows) @ vector.reshape(-1), dtype=np.float32)

    def reconstruct_batch(self, rows: NDArray[np.int64]) -> Vectors:
        """A copy of some rows, shape (len(rows), dimension)."""
        return np.asarray(self.index.reconstruct_batch(np.ascontiguousarray(rows, dtype=np.int64)), dtype=np.float32)

    def all_rows(self) -> Vectors:
        """A copy of all rows, shape (rows, dimension)."""
        return np.asarray(self.index.reconstruct_n(0, self.size), dtype=np.float32)

    def _among(self, vector: Vectors, rows: NDArray[np.int64], k: int) -> tuple[NDArray[np.int64], Vectors]:
        scores = self.cosines(vector, rows)
        best = np.argpartition(-scores, k - 1)[:k]
        best = best[np.argsort(-scores[best], kind="stable")]
        return rows[best].astype(np.int64), scores[best]


def kind_for(size: int) -> str:
    """FAISS's name of the index for so many vectors: "Flat", or "IVF4096,Flat" with about 4 · √size lists, a power of two."""
    if size <= MOST_FLAT:
        return "Flat"
    lists = 2 ** round(np.log2(4 * np.sqrt(size)))
    return f"IVF{lists},Flat"


def write_vectors(path: Path, rows: Vectors) -> str:
    """Index rows, shape (rows, dimension), and write them to a file; returns FAISS's name of the index."""
    import faiss

    made, kind = _indexed(rows)
    faiss.write_index(made, str(path))
    return kind


def vectors_in_memory(rows: Vectors) -> VectorSet:
    """An index of rows, shape (rows, dimension), in memory."""
    return VectorSet(_indexed(rows)[0])


def _indexed(rows: Vectors) -> tuple[Any, str]:
    import faiss

    kind, before = kind_for(len(rows)), faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(processors())
    rows = np.ascontiguousarray(rows, dtype=np.float32)
    made: Any = faiss.index_factory(rows.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    if not made.is_trained:
        made.cp.niter, made.cp.seed = _ITERATIONS, _SEED
        chosen = np.random.default_rng(_SEED).permutation(len(rows))[: _EACH * made.nlist]
        made.train(rows[np.sort(chosen)])
    made.add(rows)
    faiss.omp_set_num_threads(before)
    return made, kind


def open_vectors(path: Path) -> VectorSet:
    """Open what `write_vectors` wrote; vectors stay in the file until they are compared.

    Raises:
        RuntimeError: the file is missing or no index of FAISS.
    """
    import faiss

    # Several threads do not make one search quicker, and other questions wait for them.
    faiss.omp_set_num_threads(1)
    index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    if hasattr(index, "nlist"):
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
        lists = faiss.downcast_InvertedLists(index.invlists)
        if hasattr(lists, "prefetch_nthread"):
            lists.prefetch_nthread = 0
        index.nprobe = PROBES
        index.make_direct_map()
    return VectorSet(index)
