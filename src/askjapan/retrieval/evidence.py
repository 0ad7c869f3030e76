"""Evidence of a question: its ranked passages, each with the reader's output, cosines and alignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from askjapan.records import Hit
from askjapan.retrieval.alignment import Alignment
from askjapan.retrieval.reader import Reading
from askjapan.retrieval.window import Window


@dataclass(frozen=True, slots=True)
class Read:
    """A hit with what the reader says of its window; where it doesn't read the passage's language, `reading` is None and `cosines` are those of
    the window's units with the question in the multilingual encoder, one a place. Only the best windows have an alignment."""

    hit: Hit
    window: Window
    reading: Reading | None
    cosines: Sequence[float]
    alignment: Alignment | None
    neighbours: tuple[Hit | None, Hit | None]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a question, best first.

    `text` is the question as it is compared with passages in English: itself, or its gloss; `question` the question as it stands. `dense` is
    the highest cosine of the question with a passage, `multilingual` the same in the multilingual encoder (0 without one).
    """

    question: str
    text: str
    read: Sequence[Read]
    dense: float
    multilingual: float
