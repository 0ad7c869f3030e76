"""Opens passages of an index for a question: makes their windows and gives each to the reader of its script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from askjapan.index.storage.store import Index
from askjapan.language.scripts import is_japanese
from askjapan.retrieval.readers.reader import PassageReader, Reading
from askjapan.retrieval.readers.window import Window, window_of

ReadBy = Literal["english", "japanese", "nobody"]
"""The reader that has read a window."""


class Opened(NamedTuple):
    """A passage's window, and what a reader gave for it."""

    window: Window
    reading: Reading | None = None
    by: ReadBy = "nobody"


class Readers:
    """The readers of an index: one of passages in Latin script, and perhaps one of those in Japanese."""

    def __init__(self, index: Index, english: PassageReader, japanese: PassageReader | None) -> None:
        self.english, self.japanese = english, japanese
        self._index = index
        self._read = lru_cache(maxsize=32)(self._read_rows)

    def opened(self, rows: Sequence[int], questions: Mapping[ReadBy, str]) -> dict[int, Opened]:
        """Those of the rows that are read, by row: each reader reads its own with the question in the form given for it, if there is one."""
        own: dict[ReadBy, list[int]] = {}
        for row in rows:
            own.setdefault(self._reader_of(row), []).append(row)
        made: dict[int, Opened] = {}
        for by, text in questions.items():
            if text and by in own:
                made |= self._read(text, tuple(own[by]), by)
        return made

    def window(self, row: int) -> Window:
        return window_of(self._index.passages[row], *self._index.neighbours(row))

    def _reader_of(self, row: int) -> ReadBy:
        if not self._index.passages.foreign[row]:
            return "english"
        return "japanese" if self.japanese and is_japanese(self._index.passages[row].text) else "nobody"

    def _read_rows(self, question: str, rows: tuple[int, ...], by: ReadBy) -> dict[int, Opened]:
        reader = self.japanese if by == "japanese" and self.japanese else self.english
        windows = [self.window(row) for row in rows]
        readings = reader.read(question, [window.text for window in windows])
        return {row: Opened(window, reading, by) for row, window, reading in zip(rows, windows, readings, strict=True)}
