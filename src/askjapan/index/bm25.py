"""Texts → a lexical index; a question → the BM25 score of each text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askjapan.errors import IndexDamaged
from askjapan.language.terms import terms

K1, B = 1.2, 0.75


class LexicalIndex:
    """BM25 over a list of texts; scores come back for all of them at once."""

    def __init__(
        self,
        model: Any,  # noqa: ANN401 - bm25s is imported in this module only
        size: int,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._model = model
        self._check = check
        self.size = size

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index the texts in their order."""
        import bm25s

        model = bm25s.BM25(k1=K1, b=B, method="lucene")
        # bm25s cannot index a corpus without any word; a placeholder keeps the shape and never matches.
        model.index([terms(text) or ["\0"] for text in texts] or [["\0"]], show_progress=False)
        return cls(model, len(texts))

    def scores(self, question: str) -> NDArray[np.float32]:
        """The BM25 score of every text, shape (size,); zeros when no word of the question occurs."""
        self._check()
        ids = self._model.get_tokens_ids([term for term in terms(question) if term in self._model.vocab_dict])
        if not ids or not self.size:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self._model.get_scores_from_ids(ids), dtype=np.float32)[: self.size]

    def document_frequency(self, term: str) -> int:
        """In how many texts a term occurs."""
        self._check()
        number = self._model.vocab_dict.get(term)
        if number is None:
            return 0
        bounds = self._model.scores["indptr"]
        return int(bounds[number + 1] - bounds[number])

    def save(self, folder: Path) -> None:
        """Write to a folder, as NumPy and JSON files (no pickle)."""
        self._model.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path, size: int, check: Callable[[], None] = lambda: None) -> LexicalIndex:
        """Open what `save` wrote.

        Args:
            folder: where it lies.
            size: how many texts it is over.
            check: called before each use; raises if the files are not what was written.

        Raises:
            IndexDamaged: a file is missing or not readable.
        """
        import bm25s

        try:
            model = bm25s.BM25.load(str(folder), load_corpus=False, allow_pickle=False, show_progress=False)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexDamaged(
                f"The lexical index in {folder} cannot be read ({error}).", "Build it again with `askjapan index`."
            ) from error
        return cls(model, size, check)
