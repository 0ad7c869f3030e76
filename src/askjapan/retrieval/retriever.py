"""Question → ranked hits: several signals, brought to one scale and added up with fitted weights."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from askjapan.errors import QuestionError
from askjapan.index.embedding import unit_texts
from askjapan.index.encoder import Encoder, TokenEncoder, Vectors
from askjapan.index.late_interaction import aligned, max_sim, project
from askjapan.index.multilingual import INSTALL
from askjapan.index.store import Index
from askjapan.language.glossary import Gloss, gloss
from askjapan.language.scripts import is_foreign
from askjapan.records import Hit, Passage
from askjapan.retrieval.editions import Editions
from askjapan.retrieval.evidence import Evidence
from askjapan.retrieval.follow_up import Standalone
from askjapan.retrieval.fusion import Scores, best_of, fused, standardised

WEIGHTS: Mapping[str, float] = {"late": 1.5, "dense": 1.0, "unit": 0.75, "lexical": 0.4, "multilingual": 0.25}
"""How much each signal counts for a question in Latin script; `docs/retrieval.md` shows what each adds."""
FOREIGN_WEIGHTS: Mapping[str, float] = {
    "late": 1.5, "glossed": 1.0, "unit": 0.75, "multilingual": 0.5, "lexical": 0.4, "dense": 0.1,
}  # fmt: skip
"""The same for a question in another script; without an English gloss only the multilingual encoder and, for names, the English one count."""
MESSAGE_WEIGHT = 0.5
"""A follow-up is scored together with the turns before it, and this much of its score by itself is added."""
CANDIDATES = 2_000
"""In a larger index only so many passages, the best by the cheaper signals, are compared word piece by word piece."""


class Retriever:
    """Searches one index with its encoders."""

    def __init__(self, index: Index, encoder: TokenEncoder, multilingual: Encoder | None) -> None:
        self.index = index
        self.editions = Editions(index)
        self.encoder = encoder
        self.multilingual = multilingual
        self._encoded = lru_cache(maxsize=32)(lambda text: encoder.encode_tokens([text]))

    def retrieve(
        self, question: Standalone, k: int, themes: Collection[str] | None = None, documents: Collection[str] | None = None
    ) -> list[Hit]:
        """The k best passages for a question, best first.

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
        foreign = self.reads_foreign(question.question)
        if foreign and self.multilingual is None:
            raise QuestionError(
                "Questions in this language need the multilingual encoder, which this index was built without.", INSTALL
            )
        found = self.signals(question.question, allowed, foreign)
        weights = FOREIGN_WEIGHTS if foreign else WEIGHTS
        total = fused(found, weights)
        if question.follow_up:
            total = total + MESSAGE_WEIGHT * fused(self.signals(question.message, allowed, foreign), weights)
        total[~allowed] = -np.inf
        order = np.argsort(-total, kind="stable")[: min(k, int(allowed.sum()))]
        return [self._hit(int(row), rank, float(total[row]), found) for rank, row in enumerate(order, start=1)]

    @property
    def compares_candidates_only(self) -> bool:
        """Whether the index is so large that only the best passages are compared word piece by word piece."""
        return len(self.index.passages) > 2 * CANDIDATES

    def reads_foreign(self, text: str) -> bool:
        """Whether a question goes the way of those that the English encoder cannot read."""
        return is_foreign(text)

    def evidence(self, question: Standalone, hits: Sequence[Hit]) -> Evidence:
        """The hits with what the answer is chosen by: their similarities, and those of their units, with the question or its gloss."""
        foreign = self.reads_foreign(question.question)
        said = gloss(question.question) if foreign else None
        text, foreign = (said.text, False) if said else (question.question, foreign)
        passages = [hit.passage for hit in hits]
        rows = [self.index.numbers[passage.id] for passage in passages]
        batch = self._encoded(text)
        scale = 1 + MESSAGE_WEIGHT * question.follow_up
        vectors = self._unit_vectors(passages, rows, foreign)
        if foreign and self.multilingual is not None:
            query = self.multilingual.encode([text])[0]
            dense = self.index.similarities("passages-multilingual", query)[rows]
            aligned_units = [np.zeros((0, len(passage.units)), dtype=np.float32) for passage in passages]
        else:
            query = batch.pooled[0]
            dense = self.index.similarities("passages", query)[rows]
            tokens = project(batch.rows)
            pairs = zip(passages, rows, strict=True)
            aligned_units = [aligned(tokens, self.index.tokens, row, len(passage.units)) for passage, row in pairs]
        return Evidence(
            text=text,
            passages=passages,
            scores=np.array([hit.score / scale for hit in hits], dtype=np.float32),
            dense=dense,
            lexical=self.index.lexical["passages"].scores(text)[rows],
            cosines=[unit_vectors @ query for unit_vectors in vectors],
            vectors=vectors,
            aligned=aligned_units,
            starts=self.encoder.piece_starts(text),
        )

    def _unit_vectors(self, passages: Sequence[Passage], rows: Sequence[int], foreign: bool) -> list[Vectors]:
        if not foreign or self.multilingual is None:
            every = self.index.vectors_of("units")
            return [every[self.index.unit_rows(row)] for row in rows]
        # Units are not kept in this encoder: those of a few passages are quickly encoded again.
        found = self.multilingual.encode(unit_texts(passages, self.multilingual))
        return np.split(found, np.cumsum([len(passage.units) for passage in passages])[:-1])

    def signals(self, text: str, allowed: NDArray[np.bool_], foreign: bool) -> dict[str, Scores]:
        """Each signal's score of every passage, shape (passages,), standardised over the allowed ones.

        In another script the signals that read words are those of its English gloss, where there is one.
        """
        index = self.index
        found = {"dense": index.similarities("passages", self._encoded(text).pooled)}
        if self.multilingual is not None:
            found["multilingual"] = index.similarities("passages-multilingual", self.multilingual.encode([text]))
        english = gloss(text) if foreign else Gloss(text, text)
        if english:
            batch = self._encoded(english.text)
            if foreign:
                found["glossed"] = index.similarities("passages", batch.pooled)
            found["unit"] = best_of(index.similarities("units", batch.pooled), index.owners, len(index.passages))
            found["lexical"] = index.lexical["passages"].scores(english.wordings)
            found["late"] = self._late(project(batch.rows), found, allowed)
        return {name: standardised(scores, allowed) for name, scores in found.items()}

    def _late(self, question: Vectors, cheaper: Mapping[str, Scores], allowed: NDArray[np.bool_]) -> Scores:
        """MaxSim scores; in a large index those of the candidates, and the lowest of them for all others."""
        if not self.compares_candidates_only:
            return max_sim(question, self.index.tokens)
        weights = FOREIGN_WEIGHTS if "glossed" in cheaper else WEIGHTS
        rough = fused({name: standardised(scores, allowed) for name, scores in cheaper.items()}, weights)
        rough[~allowed] = -np.inf
        rows = np.argpartition(-rough, CANDIDATES)[:CANDIDATES]
        found = max_sim(question, self.index.tokens, [int(row) for row in rows])
        scores = np.full(len(self.index.passages), found.min(), dtype=np.float32)
        scores[rows] = found
        return scores

    def _allowed(self, themes: Collection[str] | None, documents: Collection[str] | None) -> NDArray[np.bool_]:
        known = self.editions.searched
        documents = self.editions.named(documents) if documents else None
        all_themes = {theme for document in known.values() for theme in document.themes}
        for name, given, there in (("theme", themes or (), all_themes), ("document", documents or (), set(known))):
            for value in given:
                if value not in there:
                    raise QuestionError(f"There is no {name} {value!r} in the index.", f"Known are: {', '.join(sorted(there))}.")
        passes = {
            id_: (not themes or bool(set(themes) & set(document.themes))) and (not documents or id_ in documents)
            for id_, document in known.items()
        }
        allowed = np.array([passes.get(passage.document_id, False) for passage in self.index.passages], dtype=bool)
        if not allowed.any():
            raise QuestionError("No work has both one of the themes and one of the ids given.", "Widen the filters.")
        return allowed

    def _hit(self, row: int, rank: int, score: float, signals: Mapping[str, Scores]) -> Hit:
        passage = self.index.passages[row]
        values = {name: round(float(scores[row]), 4) for name, scores in signals.items()}
        return Hit(passage, self.index.documents[passage.document_id], score, rank, values)
