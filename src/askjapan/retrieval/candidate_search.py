"""The first stage of retrieval: vector search and BM25 find candidates among the passages of each script, which are brought to one scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askjapan.index.encoders.embedding import MULTILINGUAL_VECTORS, PASSAGE_VECTORS
from askjapan.index.encoders.encoder import Vectors
from askjapan.index.storage.store import Index
from askjapan.language.glossary import Gloss, in_japanese
from askjapan.retrieval.fusion import Rows, Scores, Signal, candidate_rows, fused, levelled, signal

SAME_LANGUAGE: Mapping[str, float] = {"dense": 1.0, "lexical": 0.6, "multilingual": 0.3}
"""Weights for passages in Latin script, for a question in it or with a gloss; docs/retrieval.md shows the effect of each."""
JAPANESE: Mapping[str, float] = {"lexical": 1.0, "multilingual": 0.5}
"""Weights for passages and questions that are both in another script than Latin."""
FROM_ENGLISH: Mapping[str, float] = {"multilingual": 1.0, "lexical": 0.6}
"""Weights for a question in Latin script and passages in another; BM25 looks for the Japanese terms that its words may stand for."""
ACROSS: Mapping[str, float] = {"multilingual": 1.0, "lexical": 0.3}
"""Weights for a question without a gloss and passages in Latin script; BM25 then finds only words that are spelled the same."""
BOTH_WEIGHT, ACROSS_BEHIND = 0.35, 0.5
"""Where passages are in Latin and in other scripts: the weight of the multilingual encoder's score over all of them, and what those in another
script than a question without a gloss lose, both in standard deviations of the fused score."""
MESSAGE_WEIGHT = 0.5
"""Weight of a follow-up message's own score, added to that of the standalone question."""
CANDIDATES = 100
"""Number of best rows of each search that are fused."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query: its text, English gloss and vectors, each of shape (dimension,)."""

    text: str
    foreign: bool
    english: Gloss | None
    dense: Vectors | None
    multilingual: Vectors | None

    @property
    def latin(self) -> str:
        """The text as compared with passages in Latin script: its English gloss, or itself where there is none."""
        return self.english.text if self.english else self.text

    def is_known(self, japanese: bool) -> bool:
        """Whether the query has a wording for passages in Latin script, or with `japanese` for those in others."""
        return self.foreign if japanese else self.english is not None


class CandidateSearch:
    """Searches one index for what a question may be answered by."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def fused(
        self, asked: Query, message: Query | None, allowed: NDArray[np.bool_]
    ) -> tuple[Rows, Scores, dict[str, Scores], dict[str, float]]:
        """Candidate rows with their fused scores, each signal's standardised scores, and the highest raw score of each signal.

        Passages in Latin and in other scripts are scored separately, each with the signals that suit them. `message` is that of a follow-up,
        and `asked` has all words of the turns before it, too.
        """
        foreign, whole = self.index.passages.foreign, allowed.all()
        groups = {japanese: script if whole else script & allowed for japanese, script in ((False, ~foreign), (True, foreign))}
        groups = {japanese: group for japanese, group in groups.items() if group.any()}
        both: Signal | None = None
        if len(groups) > 1 and asked.multilingual is not None:
            both = self._vector_signal("both", BOTH_WEIGHT, MULTILINGUAL_VECTORS, asked.multilingual, allowed)
        rows: list[Rows] = []
        scores: list[Scores] = []
        parts: dict[str, list[Scores]] = {}
        tops: dict[str, float] = {}
        for japanese, group in groups.items():
            signals = self._signals(asked, group, japanese)
            more = self._signals(message, group, japanese) if message else []
            group_rows = candidate_rows([*signals, *more])
            total = fused(signals, group_rows) + (MESSAGE_WEIGHT * fused(more, group_rows) if more else 0)
            for one in signals:
                tops[one.name] = max(one.top, tops.get(one.name, one.top))
                parts.setdefault(one.name, [np.zeros(len(other), dtype=np.float32) for other in rows]).append(
                    one.standardised(group_rows)
                )
            for values in parts.values():
                if len(values) == len(rows):
                    values.append(np.zeros(len(group_rows), dtype=np.float32))
            if len(groups) > 1:
                # Signals that differ spread less when they are added than one that stands alone.
                behind = 0.0 if asked.is_known(japanese) else ACROSS_BEHIND
                total = levelled(total, CANDIDATES) + ((both.weight * both.standardised(group_rows) if both else 0.0) - behind)
            rows.append(group_rows)
            scores.append(np.asarray(total, dtype=np.float32))
        every = {name: np.concatenate(values) for name, values in parts.items()}
        return np.concatenate(rows), np.concatenate(scores), every, tops

    def _signals(self, asked: Query, group: NDArray[np.bool_], japanese: bool) -> list[Signal]:
        known = asked.is_known(japanese)
        same, across = (JAPANESE, FROM_ENGLISH) if japanese else (SAME_LANGUAGE, ACROSS)
        weights = same if known else across
        signals = []
        if "dense" in weights and asked.dense is not None:
            signals.append(self._vector_signal("dense", weights["dense"], PASSAGE_VECTORS, asked.dense, group))
        if asked.multilingual is not None:
            signals.append(
                self._vector_signal("multilingual", weights["multilingual"], MULTILINGUAL_VECTORS, asked.multilingual, group)
            )
        words = asked.english.wordings if asked.english and not japanese else asked.text
        if japanese and not known:
            words = f"{words} {in_japanese(asked.text)}"
        signals.append(self._lexical_signal(weights["lexical"], words, group))
        return signals

    def _vector_signal(self, name: str, weight: float, vectors: str, query: Vectors, group: NDArray[np.bool_]) -> Signal:
        best, scores = self.index.search(vectors, query, CANDIDATES, group)
        return signal(name, weight, best, scores, lambda rows: self.index.cosines(vectors, query, rows))

    def _lexical_signal(self, weight: float, words: str, group: NDArray[np.bool_]) -> Signal:
        lexical = self.index.lexical
        best, scores = lexical.best(words, CANDIDATES, group)
        return signal("lexical", weight, best, scores, lambda rows: lexical.scores_of(words, rows))
