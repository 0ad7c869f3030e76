"""Evidence of a question: its ranked passages, each with the reader's output, cosines and alignment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from askjapan.records import Hit
from askjapan.retrieval.alignment import Alignment
from askjapan.retrieval.readers.opened import ReadBy
from askjapan.retrieval.readers.reader import Reading
from askjapan.retrieval.readers.window import Window


@dataclass(frozen=True, slots=True)
class Read:
    """A hit with its window and the reader's output for it.

    `reading` is None where no reader has read the window. `cosines` has the cosine of the question with each place of the window in the
    multilingual encoder; it is empty without that encoder, and for windows that the reader of English has read. Of these only the best have
    an alignment. `neighbours` are the passages before and after the hit in its document.
    """

    hit: Hit
    window: Window
    reading: Reading | None
    cosines: Sequence[float]
    alignment: Alignment | None
    neighbours: tuple[Hit | None, Hit | None]
    by: ReadBy = "nobody"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Ranked passages of a question, best first.

    `text` is the question as compared with passages in Latin script: `question` itself, or its English gloss. `dense` is the highest cosine
    of the question with a passage in the English encoder, `multilingual` that in the multilingual encoder; each is 0 where it is not used.
    """

    question: str
    text: str
    read: Sequence[Read]
    dense: float
    multilingual: float

    def by_reader(self, limit: int) -> Iterator[tuple[Read, int]]:
        """The first `limit` windows of each reader, and of those that none has read the ones among the first `limit` of all; each with its
        rank, from 0, among those of the same reader.
        """
        counts: dict[ReadBy, int] = {}
        for place, read in enumerate(self.read):
            rank = counts.get(read.by, 0)
            if rank < limit and (read.by != "nobody" or place < limit):
                counts[read.by] = rank + 1
                yield read, rank
