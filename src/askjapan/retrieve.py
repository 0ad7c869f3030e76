"""Question → ranked hits: several signals, brought to one scale and added up with fitted weights."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askjapan.conversation import Standalone
from askjapan.encoder import Encoder, Vectors
from askjapan.errors import QuestionError
from askjapan.index import Index
from askjapan.records import Hit

Scores = NDArray[np.float32]
WEIGHTS: Mapping[str, float] = {"lexical": 1.0, "dense": 1.0, "best_unit": 1.0}
MULTILINGUAL_WEIGHTS: Mapping[str, float] = {"lexical": 0.5, "dense": 1.0, "best_unit": 1.0}
_NOT_LATIN = re.compile(
    r"[\u0400-\u04ff\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


@dataclass(frozen=True)
class Retrieved:
    """Hits in rank order, with what the answer stage needs: each unit's cosine with the question, by row."""

    hits: tuple[Hit, ...]
    unit_cosines: Scores
    language: str


def is_foreign(text: str) -> bool:
    """Whether a question is written in a script that the English encoder cannot read."""
    return len(_NOT_LATIN.findall(text)) >= 2


class Retriever:
    """Searches one index with its encoders."""

    def __init__(self, index: Index, encoder: Encoder, multilingual: Encoder | None) -> None:
        self.index = index
        self.encoder = encoder
        self.multilingual = multilingual

    def retrieve(
        self, question: Standalone, k: int, themes: Collection[str] | None = None, documents: Collection[str] | None = None
    ) -> Retrieved:
        """The k best passages for a question.

        Args:
            question: made to stand alone.
            k: how many hits at most.
            themes, documents: search only works with one of these themes, and only these document ids.

        Raises:
            QuestionError: k is under 1, a theme or document is unknown, or nothing passes the filters.
        """
        if k < 1:
            raise QuestionError(f"k is {k}; it must be at least 1.", "Ask for one passage or more.")
        allowed = self._allowed(themes, documents)
        foreign = is_foreign(question.question)
        signals, unit_cosines = self._signals(question, foreign)
        weights = MULTILINGUAL_WEIGHTS if foreign else WEIGHTS
        standard = {name: standardised(scores, allowed) for name, scores in signals.items()}
        total = np.sum([weights[name] * scores for name, scores in standard.items()], axis=0)
        total[~allowed] = -np.inf
        order = np.argsort(-total, kind="stable")[: min(k, int(allowed.sum()))]
        hits = tuple(self._hit(int(row), rank, float(total[row]), standard) for rank, row in enumerate(order, start=1))
        return Retrieved(hits, unit_cosines, "other" if foreign else "en")

    def _signals(self, question: Standalone, foreign: bool) -> tuple[dict[str, Scores], Scores]:
        index = self.index
        text = question.question
        if foreign and self.multilingual is not None:
            vector, suffix = self.multilingual.encode([text]), "-multilingual"
        else:
            vector, suffix = self.encoder.encode([text]), ""
        unit_cosines = index.similarities(f"units{suffix}", vector)
        return {
            "lexical": index.lexical["passages"].scores(text),
            "dense": index.similarities(f"passages{suffix}", vector),
            "best_unit": best_of(unit_cosines, index.owners, len(index.passages)),
        }, unit_cosines

    def _allowed(self, themes: Collection[str] | None, documents: Collection[str] | None) -> NDArray[np.bool_]:
        known = self.index.documents
        all_themes = {theme for document in known.values() for theme in document.themes}
        for name, given, there in (("theme", themes or (), all_themes), ("document", documents or (), set(known))):
            for value in given:
                if value not in there:
                    raise QuestionError(f"There is no {name} {value!r} in the index.", f"Known are: {', '.join(sorted(there))}.")
        passes = {
            id_: (not themes or bool(set(themes) & set(document.themes))) and (not documents or id_ in documents)
            for id_, document in known.items()
        }
        allowed = np.array([passes[passage.document_id] for passage in self.index.passages], dtype=bool)
        if not allowed.any():
            raise QuestionError("No work has both one of the themes and one of the ids given.", "Widen the filters.")
        return allowed

    def _hit(self, row: int, rank: int, score: float, signals: Mapping[str, Scores]) -> Hit:
        passage = self.index.passages[row]
        values = {name: round(float(scores[row]), 4) for name, scores in signals.items()}
        return Hit(passage, self.index.documents[passage.document_id], score, rank, values)


def best_of(unit_scores: Scores, owners: NDArray[np.int64], passages: int) -> Scores:
    """For each passage the highest score of its units, shape (passages,)."""
    best = np.full(passages, -1.0, dtype=np.float32)
    np.maximum.at(best, owners, unit_scores)
    return best


def standardised(scores: Scores, among: NDArray[np.bool_]) -> Scores:
    """Scores as distances from the mean in standard deviations, both taken over the allowed rows."""
    chosen = scores[among]
    spread = float(chosen.std())
    return np.asarray((scores - chosen.mean()) / spread if spread > 1e-9 else np.zeros_like(scores), dtype=np.float32)


def first_words(hits: Sequence[Hit], budget: int) -> list[tuple[Hit, str]]:
    """The hits' texts up to a number of words in all; the one that crosses the line is cut."""
    taken: list[tuple[Hit, str]] = []
    for hit in hits:
        words = hit.passage.text.split()
        taken.append((hit, " ".join(words[:budget])))
        budget -= len(words)
        if budget <= 0:
            break
    return taken


__all__ = ["Retrieved", "Retriever", "Vectors", "best_of", "first_words", "is_foreign", "standardised"]
