"""Texts → a lexical index; a question → the BM25 score of each text.

bm25s makes the index: for each term the texts that hold it, with their finished scores. A question adds up a few of these lists, mapped
from files, without importing bm25s and SciPy, which takes long.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from askjapan.errors import IndexDamaged
from askjapan.language.terms import terms

K1, B = 1.2, 0.75
_ARRAYS = ("bounds", "texts", "weights")


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """BM25 over `size` texts. The lists of term n are `texts` and `weights` from `bounds[n]` to `bounds[n + 1]`; `vocabulary` gives n."""

    vocabulary: Mapping[str, int]
    bounds: NDArray[np.int32]
    texts: NDArray[np.int32]
    weights: NDArray[np.float32]
    size: int
    check: Callable[[], None] = lambda: None
    """Called before each use; raises if the files are not what was written."""

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index the texts in their order."""
        import bm25s

        # It sets its own logger to tell what nobody asked for.
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        model = bm25s.BM25(k1=K1, b=B, method="lucene")
        vocabulary: dict[str, int] = {}
        # Numbers, because the terms of many texts would fill the memory; bm25s cannot index a corpus without any word: a placeholder keeps
        # the shape and never matches.
        numbers = [[vocabulary.setdefault(term, len(vocabulary)) for term in terms(text) or ["\0"]] for text in texts or [""]]
        model.index((numbers, vocabulary), show_progress=False)
        bounds, places, weights = (np.asarray(model.scores[name]) for name in ("indptr", "indices", "data"))
        return cls(vocabulary, bounds, places, weights, len(texts))

    def scores(self, question: str) -> NDArray[np.float32]:
        """The BM25 score of every text, shape (size,); zeros when no word of the question occurs."""
        self.check()
        scores = np.zeros(self.size, dtype=np.float32)
        for term in terms(question):
            if (number := self.vocabulary.get(term)) is not None:
                where = slice(self.bounds[number], self.bounds[number + 1])
                # A text stands once in a term's list.
                scores[self.texts[where]] += self.weights[where]
        return scores

    def holding(self, question: str) -> NDArray[np.int64]:
        """The texts that hold a term of the question, ascending."""
        self.check()
        numbers = {number for term in terms(question) if (number := self.vocabulary.get(term)) is not None}
        lists = [self.texts[self.bounds[number] : self.bounds[number + 1]] for number in numbers]
        return np.unique(np.concatenate(lists)).astype(np.int64) if lists else np.zeros(0, dtype=np.int64)

    def scores_of(self, question: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The BM25 scores of some texts, shape (len(rows),): those that `scores` gives them, without those of all others."""
        self.check()
        scores = np.zeros(len(rows), dtype=np.float32)
        for term in terms(question):
            if (number := self.vocabulary.get(term)) is not None:
                where = slice(self.bounds[number], self.bounds[number + 1])
                # A term's texts are in ascending order.
                places = np.minimum(np.searchsorted(self.texts[where], rows), where.stop - where.start - 1)
                scores += np.where(self.texts[where][places] == rows, self.weights[where][places], np.float32(0))
        return scores

    def best(self, question: str, k: int, allowed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The k allowed texts with the highest scores, best first, and their scores; those without a word of the question fill them up.

        Args:
            question: its terms are looked for.
            k: how many at most.
            allowed: shape (size,).
        """
        holding = self.holding(question)
        inside = filled_up(holding[allowed[holding]], k, allowed)
        return ranked(inside, self.scores(question)[inside], k)

    def document_frequency(self, term: str) -> int:
        """The number of texts in which a term occurs."""
        self.check()
        number = self.vocabulary.get(term)
        return int(self.bounds[number + 1] - self.bounds[number]) if number is not None else 0

    def save(self, folder: Path) -> None:
        """Write to a folder, as NumPy and JSON files (no pickle)."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "vocabulary.json").write_text(json.dumps(self.vocabulary, ensure_ascii=False), encoding="utf-8")
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, size: int, check: Callable[[], None] = lambda: None) -> LexicalIndex:
        """Open what `save` wrote; the lists stay in the files.

        Args:
            folder: where it lies.
            size: how many texts it is over.
            check: called before each use; raises if the files are not what was written.

        Raises:
            IndexDamaged: a file is missing or not readable.
        """
        try:
            vocabulary = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
            bounds, texts, weights = (np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _ARRAYS)
        except (OSError, ValueError) as error:
            raise IndexDamaged(
                f"The lexical index in {folder} cannot be read ({error}).", "Build it again with `askjapan index`."
            ) from error
        return cls(vocabulary, bounds, texts, weights, size, check)


def filled_up(rows: NDArray[np.int64], k: int, allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Rows, and if there are fewer than k some of the other allowed ones, so that scores are always scaled over at least so many."""
    return rows if len(rows) >= k else np.union1d(rows, np.flatnonzero(allowed)[: 2 * k])


def ranked(rows: NDArray[np.int64], scores: NDArray[np.float32], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k rows with the highest scores, best first, and their scores."""
    size = min(k, len(rows))
    if not size:
        return rows[:0].astype(np.int64), scores[:0]
    best = np.argpartition(-scores, size - 1)[:size]
    best = best[np.argsort(-scores[best], kind="stable")]
    return rows[best].astype(np.int64), scores[best]
