"""Hits → an answer made of quotes, or a refusal that says what was looked for and what was near."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from askjapan.citing import cite
from askjapan.conversation import Standalone
from askjapan.lexical import terms
from askjapan.records import Answer, Hit, Sentence, Unit
from askjapan.retrieve import Scores

REPLIES = {
    "greeting": "Hello. Ask a question about Japan in the world; the answer is made of quotes from the works in this corpus.",
    "thanks": "You are welcome. Each number in an answer leads to the place where the quote stands.",
    "abilities": "I answer questions from the works in this corpus alone, in English, Japanese and other languages, with quotes that can be "
    "checked in the files, and say so when the corpus does not hold the answer.",
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    unit: Unit
    hit: Hit
    score: float


def reply(question: Standalone, fingerprint: str) -> Answer:
    """The answer to a greeting, thanks, or a question about askjapan itself: nothing is retrieved."""
    text = REPLIES[question.kind]
    return Answer(
        question=question.message,
        standalone_question=question.question,
        answered=True,
        reason="This is no question to the corpus.",
        confidence=1.0,
        sentences=(Sentence(text, "framing"),),
        hits=(),
        index_fingerprint=fingerprint,
    )


def compose(
    question: Standalone,
    hits: Sequence[Hit],
    unit_cosines: Sequence[Scores],
    text_of: Callable[[str], str],
    fingerprint: str,
    *,
    sentences: int = 4,
    threshold: float = 0.5,
) -> Answer:
    """Choose the units that answer, or refuse.

    Args:
        question: as it was retrieved.
        hits: in rank order.
        unit_cosines: for each hit the cosines of its units with the question.
        text_of: a document's text as read, by id.
        fingerprint: of the index.
        sentences: quote at most so many units.
        threshold: refuse below this confidence.
    """
    candidates = _candidates(question, hits, unit_cosines)
    confidence = float(1 / (1 + np.exp(-8 * (candidates[0].score - 0.55)))) if candidates else 0.0
    chosen = candidates[:sentences]
    quoted = _quote(chosen, text_of)
    answered = confidence >= threshold and bool(quoted)
    return Answer(
        question=question.message,
        standalone_question=question.question,
        answered=answered,
        reason="" if answered else f"This corpus does not say. Looked for: {question.question}",
        confidence=round(confidence, 4),
        sentences=quoted if answered else (),
        hits=tuple(hits),
        index_fingerprint=fingerprint,
    )


def _candidates(question: Standalone, hits: Sequence[Hit], unit_cosines: Sequence[Scores]) -> list[_Candidate]:
    wanted = set(terms(question.question))
    found = []
    for hit, cosines in zip(hits, unit_cosines, strict=True):
        for unit, cosine in zip(hit.passage.units, cosines, strict=True):
            if unit.kind in ("sentence", "row"):
                coverage = len(wanted & set(terms(unit.text))) / max(1, len(wanted))
                found.append(_Candidate(unit, hit, float(cosine) + 0.5 * coverage))
    return sorted(found, key=lambda candidate: -candidate.score)


def _quote(chosen: list[_Candidate], text_of: Callable[[str], str]) -> tuple[Sentence, ...]:
    quoted: list[Sentence] = []
    for candidate in chosen:
        frame = (
            [u for u in candidate.hit.passage.units if u.kind in ("caption", "header")] if candidate.unit.kind == "row" else []
        )
        pieces = [
            cite(unit, candidate.hit, text_of(candidate.hit.document.id), len(quoted) + 1) for unit in (*frame, candidate.unit)
        ]
        if all(pieces):
            citations = tuple(citation for piece in pieces if piece for citation in piece)
            joiner = "\n" if frame else " "
            quoted.append(Sentence(joiner.join(unit.text for unit in (*frame, candidate.unit)), "quote", citations))
    return tuple(quoted)
