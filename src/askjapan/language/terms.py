"""Words → BM25 scores. Diacritics and width are folded, so *Chuo koron* finds *Chūō kōron*; words become Snowball stems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askjapan.errors import IndexDamaged

K1, B = 1.2, 0.75
_STOP_LIST = """a an and are as at be been being but by did do does doing for from had has have having he her him his how i if
    in into is it its me my of on or our she so than that the their them then there these they this those to was we were what when
    where which who whom whose why will with would you your about can could may might must shall should also any some such"""
STOP_WORDS = frozenset(_STOP_LIST.split())
_WORD = re.compile(r"[^\W_]+(?:['’.,&-][^\W_]+)*")
_JAPANESE = re.compile(r"([\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+)")
_PARTS = re.compile(r"['’.,&-]")


@cache
def _stemmer() -> Any:  # noqa: ANN401 - PyStemmer has no types
    import Stemmer

    return Stemmer.Stemmer("english")


def fold(text: str) -> str:
    """Lower case, half width, without diacritics: "Chūō ＡＢＣ" becomes "chuo abc". Kana keep their voicing marks."""
    decomposed = unicodedata.normalize("NFKD", text)
    kept = (c for c in decomposed if not unicodedata.combining(c) or c in "\u3099\u309a")
    return unicodedata.normalize("NFC", "".join(kept)).casefold()


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


def terms(text: str) -> list[str]:
    """The index terms of a text, in order: stems, numbers whole ("1,576" is "1576"), Japanese as pairs of characters.

    A hyphenated word gives its parts and the word without the hyphen, so that a line-end hyphen does no harm.
    """
    found: list[str] = []
    for match in _WORD.finditer(fold(text)):
        word = match.group()
        # "2009年のTPP交渉": the captured Japanese runs stand at the odd places.
        for place, run in enumerate(_JAPANESE.split(word)):
            if place % 2:
                found += [run[i : i + 2] for i in range(max(1, len(run) - 1))]
            elif run := run.strip("'’.,&-"):
                found += _latin_terms(run)
    return found


def _latin_terms(word: str) -> list[str]:
    if word[0].isdigit():
        plain = word.replace(",", "")
        parts = [part for part in _PARTS.split(word) if part] if "-" in word else []
        return [plain, *parts] if parts else [plain]
    parts = [part for part in _PARTS.split(word) if part]
    if len(parts) > 1:
        joined = [] if "'" in word or "’" in word else ["".join(parts)]
        parts = [part for part in parts if len(part) > 1] + joined
    return [_stem(part) for part in parts if part not in STOP_WORDS]


class LexicalIndex:
    """BM25 over a list of texts; scores come back for all of them at once."""

    def __init__(self, model: Any, size: int) -> None:  # noqa: ANN401 - bm25s is imported in this module only
        self._model = model
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
        ids = self._model.get_tokens_ids([term for term in terms(question) if term in self._model.vocab_dict])
        if not ids or not self.size:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self._model.get_scores_from_ids(ids), dtype=np.float32)[: self.size]

    def document_frequency(self, term: str) -> int:
        """In how many texts a term occurs."""
        number = self._model.vocab_dict.get(term)
        if number is None:
            return 0
        bounds = self._model.scores["indptr"]
        return int(bounds[number + 1] - bounds[number])

    def save(self, folder: Path) -> None:
        """Write to a folder, as NumPy and JSON files (no pickle)."""
        self._model.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        """Open what `save` wrote.

        Raises:
            IndexDamaged: a file is missing or not readable.
        """
        import bm25s

        try:
            model = bm25s.BM25.load(str(folder), load_corpus=False, allow_pickle=False, show_progress=False)
        except (OSError, ValueError, KeyError) as error:
            raise IndexDamaged(
                f"The lexical index in {folder} cannot be read ({error}).", "Build it again with `askjapan index`."
            ) from error
        return cls(model, size)
