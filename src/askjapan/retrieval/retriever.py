"""Ranks passages for a question in two stages: vector search and BM25 find candidates, and the reader reorders the best of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from askjapan.errors import QuestionError
from askjapan.index.encoders.encoder import Encoder, TokenEncoder, TokenVectors, Vectors
from askjapan.index.encoders.inference import in_parallel
from askjapan.index.encoders.multilingual import INSTALL
from askjapan.index.storage.store import Index
from askjapan.language.glossary import Gloss, gloss
from askjapan.language.scripts import is_foreign
from askjapan.records import Hit
from askjapan.retrieval.alignment import Alignment, Halved, align, projected
from askjapan.retrieval.candidate_search import CandidateSearch, Query
from askjapan.retrieval.editions import Editions
from askjapan.retrieval.evidence import Evidence, Read
from askjapan.retrieval.follow_up import Standalone
from askjapan.retrieval.fusion import Rows, Scores, among_themselves, moved
from askjapan.retrieval.readers.opened import Opened, Readers
from askjapan.retrieval.readers.reader import PassageReader
from askjapan.retrieval.readers.window import Window

READ, READ_OF_BOTH = 12, 15
"""Number of best candidates that are read, and where passages are in Latin and in other scripts."""
ALIGNED = 8
"""Number of best windows after reading that are aligned with the question word by word."""
COMPARED = 800
"""Number of texts whose token vectors are kept, in half precision, about 50 MB: of a small library after a while nearly all."""
ANSWERS_WEIGHT = 1.0
"""Weight of the reader's answer logit, standardised over the windows read, beside the fused score."""
RANK_WEIGHT = 1.0
"""Weight of the reader's rank logit, standardised in the same way."""
TOGETHER_WEIGHT = 1.0
"""Weight of the mean cosine of the question's words in a window's best single unit."""


class Retriever:
    """Searches one index with its encoders and the readers; passages in Japanese are read only with a reader of them."""

    def __init__(
        self,
        index: Index,
        encoder: TokenEncoder,
        multilingual: Encoder | None,
        reader: PassageReader,
        reader_of_japanese: PassageReader | None = None,
    ) -> None:
        self.index = index
        self.candidate_search = CandidateSearch(index)
        self.editions = Editions(index)
        self.encoder = encoder
        self.multilingual = multilingual
        self.readers = Readers(index, reader, reader_of_japanese)
        self._asked = lru_cache(maxsize=64)(self._read_question)
        self._tokens = lru_cache(maxsize=COMPARED)(lambda text: Halved.of(projected(encoder.encode_tokens([text])[0])))
        self.vectors_of = lru_cache(maxsize=64)(self._vectors_of)
        self._evidence = lru_cache(maxsize=16)(self._gathered)

    def retrieve(
        self, question: Standalone, k: int, themes: Collection[str] | None = None, documents: Collection[str] | None = None
    ) -> list[Hit]:
        """The k best passages for a question, best first.

        Args:
            question: the standalone question.
            k: the maximum number of hits.
            themes, documents: search only works with one of these themes, and only these document ids.

        Raises:
            QuestionError: k is under 1, a theme or document is unknown, no passage passes the filters, or the question needs the missing
                multilingual encoder.
        """
        if k < 1:
            raise QuestionError(f"k is {k}; it must be at least 1.", "Ask for one passage or more.")
        hits, *_ = self._ranked(question, k, self._allowed(themes, documents), None)
        return hits

    def evidence(
        self,
        question: Standalone,
        k: int,
        themes: Collection[str] | None = None,
        documents: Collection[str] | None = None,
        read: int | None = None,
    ) -> Evidence:
        """The k best passages with the reader's output for each; arguments and errors as for `retrieve`, but k is not checked.

        `read` is the number of best candidates to read, by default `READ`, or `READ_OF_BOTH`; two thirds as many are aligned with the
        question word by word.
        """
        # A plan may look at the passages before it leaves the question to another.
        filters = (tuple(given) if given else None for given in (themes, documents))
        return self._evidence(question, k, *filters, read)

    def _gathered(
        self, question: Standalone, k: int, themes: tuple[str, ...] | None, documents: tuple[str, ...] | None, read: int | None
    ) -> Evidence:
        allowed = self._allowed(themes, documents)
        hits, readings, alignments, tops = self._ranked(question, k, allowed, read)
        asked = self._asked(question.question)
        reads = []
        for hit in hits:
            row = self.index.passages.row_of(hit.passage.id)
            if row is None:
                continue
            window, reading, by = readings[row] if row in readings else Opened(self.readers.window(row))
            cosines = () if by == "english" else self._cosines(window, asked.multilingual)
            reads.append(Read(hit, window, reading, cosines, alignments.get(row), self._neighbours(row), by))
        return Evidence(question.question, asked.latin, reads, tops.get("dense", 0.0), tops.get("multilingual", 0.0))

    def _alignments(self, question: str, windows: Mapping[int, Window]) -> dict[int, Alignment]:
        """Alignments of a question with windows, by row."""
        if not windows:
            return {}
        asked, *texts = in_parallel(self.tokens, [question, *(window.text for window in windows.values())])
        return {row: align(question, asked, window, text) for (row, window), text in zip(windows.items(), texts, strict=True)}

    def tokens(self, text: str) -> TokenVectors:
        """A text's word pieces, `projected`; of a text seen lately from memory, with the same values."""
        return self._tokens(text).whole()

    def _ranked(
        self, question: Standalone, k: int, allowed: NDArray[np.bool_], read: int | None
    ) -> tuple[list[Hit], dict[int, Opened], dict[int, Alignment], Mapping[str, float]]:
        message = self._asked(question.message) if question.follow_up else None
        rows, scores, parts, tops = self.candidate_search.fused(self._asked(question.to_search), message, allowed)
        both = len(set(self.index.passages.foreign[rows].tolist())) > 1
        if read is None:
            read = READ_OF_BOTH if both else READ
        rows, scores, parts = _best_first(rows, scores, parts)
        readings = self._readings(question.question, rows[:read])
        alignments: dict[int, Alignment] = {}
        if readings:
            read_rows = [readings[row].reading if row in readings else None for row in rows[:read].tolist()]
            logits = [(each.answers, each.rank) if each else (np.nan, np.nan) for each in read_rows]
            answers, rank = np.array(logits, dtype=np.float32).T
            scores, gains = moved(scores, {"reader": (ANSWERS_WEIGHT, answers), "reader's rank": (RANK_WEIGHT, rank)})
            rows, scores, parts = _best_first(rows, scores, parts | gains)
            first = rows[: ALIGNED * read // READ].tolist()
            windows = {row: readings[row].window for row in first if row in readings and readings[row].by == "english"}
            alignments = self._alignments(self._asked(question.question).latin, windows)
            together = np.array([alignments[row].together if row in alignments else np.nan for row in first], dtype=np.float32)
            closer, gains = moved(scores, {"words together": (TOGETHER_WEIGHT, together)})
            # Passages in another script have no words to meet.
            scores = among_themselves(scores, closer, np.flatnonzero(~np.isnan(together))) if both else closer
            rows, scores, parts = _best_first(rows, scores, parts | gains)
        hits = []
        for place in range(min(k, len(rows))):
            signals = {name: round(float(values[place]), 4) for name, values in parts.items()}
            hits.append(self._hit(int(rows[place]), place + 1, float(scores[place]), signals))
        return hits, readings, alignments, tops

    def _read_question(self, text: str) -> Query:
        foreign = is_foreign(text)
        if foreign and self.multilingual is None:
            raise QuestionError(
                "Questions in this language need the multilingual encoder, which this index was built without.", INSTALL
            )
        english = gloss(text) if foreign else Gloss(text, text)
        dense = self.encoder.encode([english.text])[0] if english else None
        multilingual = self.multilingual.encode([text])[0] if self.multilingual is not None else None
        return Query(text, foreign, english, dense, multilingual)

    def _readings(self, question: str, rows: Rows) -> dict[int, Opened]:
        """Readings by row; English is not read for a foreign question without a gloss."""
        asked = self._asked(question)
        return self.readers.opened(
            rows.tolist(), {"english": asked.english.text if asked.english else "", "japanese": asked.text}
        )

    def _vectors_of(self, texts: tuple[str, ...], multilingual: bool = False) -> Vectors:
        """Vectors of texts, shape (texts, dimension), by the multilingual encoder if it is asked for and available."""
        encoder: Encoder = self.multilingual if multilingual and self.multilingual is not None else self.encoder
        return encoder.encode(texts)

    def _cosines(self, window: Window, vector: Vectors | None) -> Sequence[float]:
        if vector is None or self.multilingual is None:
            return ()
        units = self.multilingual.encode([window.text[place.start : place.end] for place in window.places])
        return [float(value) for value in units @ vector]

    def _neighbours(self, row: int) -> tuple[Hit | None, Hit | None]:
        before, after = self.index.neighbours(row)
        hits = (Hit(p, self.index.documents[p.document_id], 0.0, 0) if p is not None else None for p in (before, after))
        first, last = hits
        return first, last

    def _allowed(self, themes: Collection[str] | None, documents: Collection[str] | None) -> NDArray[np.bool_]:
        ids = self.editions.chosen(themes, documents)
        chosen = np.array([document.id in ids for document in self.index.manifest.documents], dtype=bool)
        allowed = chosen[self.index.passages.owners] if len(chosen) else np.zeros(0, dtype=bool)
        if not allowed.any():
            raise QuestionError("The works chosen hold no passage.", "Widen the filters.")
        return allowed

    def _hit(self, row: int, rank: int, score: float, signals: Mapping[str, float]) -> Hit:
        passage = self.index.passages[row]
        return Hit(passage, self.index.documents[passage.document_id], score, rank, signals)


def _best_first(rows: Rows, scores: Scores, parts: Mapping[str, Scores]) -> tuple[Rows, Scores, dict[str, Scores]]:
    order = np.argsort(-scores, kind="stable")
    return rows[order], scores[order], {name: values[order] for name, values in parts.items()}
