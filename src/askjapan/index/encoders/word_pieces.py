"""Cuts texts into the word pieces of a model, by its own tokenizer."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

_LONGEST_WORD = 100
"""Letters of a word above which it is one piece; the beginning of a longer one may be more pieces than the whole."""
_BEGINNING = 20_000
"""Characters from which on a text is counted by its beginning first: counting takes more than in proportion to the length."""
Cut = tuple[list[int], list[tuple[int, int]]]


class WordPieces:
    """A tokenizer of the `tokenizers` library, read on first use; `source` gives the bytes of its `tokenizer.json`."""

    def __init__(self, source: Callable[[], bytes]) -> None:
        self._source = source

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 - the tokenizers library is imported here only
        # Read when the library is used first; it warns of forks otherwise.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_buffer(self._source())
        # Some pad and cut; counting needs the whole text.
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def load(self) -> None:
        """Open the tokenizer now."""
        _ = self._tokenizer

    def count(self, text: str, limit: int) -> int:
        """The number of word pieces with the special ones; of a text whose beginning has far more than the limit, that of its beginning."""
        if len(text) > _BEGINNING and (pieces := self._count(text[:_BEGINNING])) > limit + _LONGEST_WORD:
            return pieces
        return self._count(text)

    @cached_property
    def _count(self) -> Callable[[str], int]:
        # Cutting text into passages asks for the same sentences again and again.
        return lru_cache(maxsize=4096)(lambda text: len(self._tokenizer.encode(text).ids))

    def pieces(self, text: str) -> Cut:
        """The ids of a text's word pieces and the characters that each stands for, without the special ones; not to be changed."""
        return self._pieces(text)

    @cached_property
    def _pieces(self) -> Callable[[str], Cut]:
        def cut(text: str) -> Cut:
            encoded = self._tokenizer.encode(text, add_special_tokens=False)
            return encoded.ids, encoded.offsets

        # The reader and the comparison word by word cut the same windows, and the next question often meets them again.
        return lru_cache(maxsize=512)(cut)
