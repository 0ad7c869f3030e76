"""Interface of a search engine for an index: it keeps entries and finds the nearest.

The scores of a search by vector are cosines: fusion takes its scale from them. Those of a search by words only put one list in order,
because the BM25 scores that fusion adds up are computed from the lists of the index itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from askjapan.index.encoders.embedding import MULTILINGUAL_VECTORS, PASSAGE_VECTORS
from askjapan.index.encoders.encoder import Vectors
from askjapan.index.storage.manifest import Manifest
from askjapan.records import Passage

Capability = Literal["dense", "lexical", "filter"]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One passage as an engine keeps it.

    `id` is that of `entry_id`, `document` the id of its document, `foreign` whether the English encoder cannot read it, `words` what a
    search by words looks through, `vector` of length one, shape (dimension,).
    """

    id: str
    document: str
    foreign: bool
    words: str
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that was found; in one list a higher score means nearer."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Where:
    """Filter of a search: the entries of some documents (with `but`, of all others), and of one kind of script; None for any."""

    documents: tuple[str, ...] | None = None
    but: bool = False
    foreign: bool | None = None

    def allows(self, entry: Entry) -> bool:
        """Whether an entry is searched."""
        if self.foreign is not None and entry.foreign != self.foreign:
            return False
        return self.documents is None or (entry.document in self.documents) != self.but


class SearchEngine(Protocol):
    """Entries by id, found by vector, by words and under a filter."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Abilities of the engine; without "lexical" it does not search by words."""

    @property
    def place(self) -> str:
        """Where the entries are, as the beginning of a sentence."""

    def upsert(self, entries: Iterable[Entry]) -> None:
        """Put entries in, in place of those of the same id; doing it twice changes nothing."""

    def delete(self, ids: Sequence[str]) -> None:
        """Take entries out; unknown ids are ignored."""

    def dense(self, vector: Vectors, k: int, where: Where | None = None) -> list[Match]:
        """The k entries nearest to a unit vector, best first, with their cosines; fewer if the filter leaves fewer."""

    def lexical(self, question: str, k: int, where: Where | None = None) -> list[Match]:
        """The k entries that hold the question's words best, best first; only those that hold one."""

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """The vectors of some entries as they were put in, shape (len(ids), dimension).

        Raises:
            IndexStale: one of them is not there.
        """

    def ids(self) -> Iterator[str]:
        """The ids of all entries, in any order."""

    def count(self) -> int:
        """The number of entries."""

    def holder(self) -> str:
        """What `hold` has noted last; empty where nothing is."""

    def hold(self, noted: str) -> None:
        """Note whose entries these are, a short text; whoever opens the same place sees it at once."""

    def refresh(self) -> None:
        """Make changes visible: what was put in is found from now on, and what was taken out is not."""

    def close(self) -> None:
        """Close connections and free memory."""


Engines = Mapping[str, SearchEngine]
"""Engines by the name of their vector set."""


def models_of(manifest: Manifest) -> dict[str, str]:
    """SHA-256 of the encoder of each vector set."""
    models = {PASSAGE_VECTORS: manifest.encoder["sha256"]}
    if manifest.multilingual is not None:
        models[MULTILINGUAL_VECTORS] = manifest.multilingual["sha256"]
    return models


def entry_id(passage: Passage, model: str) -> str:
    """The id of a passage's entry: another text or another model makes another entry, so two builds never mix.

    Args:
        passage: the passage.
        model: SHA-256 of the encoder that its vector is from.
    """
    said = "\0".join((model, passage.context, passage.text)).encode("utf-8")
    return f"{passage.id}@{hashlib.blake2b(said, digest_size=8).hexdigest()}"


def passage_id(entry: str) -> str:
    """The id of the passage that an entry is of."""
    return entry.rpartition("@")[0]


def nearest(ids: Sequence[str], rows: Vectors, vector: Vectors, k: int) -> list[Match]:
    """The k of some vectors, shape (len(ids), dimension), with the highest cosines, compared one by one."""
    scores = rows @ vector.reshape(-1) if len(ids) else np.zeros(0, dtype=np.float32)
    return [Match(ids[place], float(scores[place])) for place in np.argsort(-scores, kind="stable")[:k]]
