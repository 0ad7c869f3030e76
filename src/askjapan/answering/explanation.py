"""Explains in words how an answer came about: candidates with their probabilities, the reader's output, and the rule that decided."""

from __future__ import annotations

import math
from collections.abc import Sequence

from askjapan.answering.candidates import Candidate
from askjapan.answering.messages import say
from askjapan.language.scripts import Language

SHOWN = 5
LONGEST = 120


def explained(
    candidates: Sequence[Candidate],
    logits: Sequence[float],
    confidence: float,
    threshold: float,
    quote: float,
    language: Language,
) -> tuple[str, ...]:
    """Lines on the best candidates, the reader's output for the first, and why the question was answered or refused.

    Args:
        candidates, logits: the candidates, at least one, and their logits.
        confidence: the probability that the corpus holds the answer.
        threshold: the confidence below which a question is refused.
        quote: the least probability at which further candidates are quoted.
        language: the language of the lines.
    """
    order = sorted(range(len(candidates)), key=lambda number: -logits[number])
    lines = [
        say(
            "explain_candidate",
            language,
            rank=rank,
            probability=f"{_probability(logits[number]):.2f}",
            source=_source(candidates[number]),
            text=_short(candidates[number].text),
        )
        for rank, number in enumerate(order[:SHOWN], 1)
    ]
    best = candidates[order[0]]
    if best.answers is not None:
        span = best.span
        marked = (
            say("explain_span", language, span=best.text[span.start : span.end], margin=f"{span.margin:.1f}")
            if span is not None and span.margin > 0
            else ""
        )
        lines.append(say("explain_reader", language, evidence=f"{best.evidence:.1f}", answers=f"{best.answers:.1f}", span=marked))
    rule = "explain_answered" if confidence >= threshold else "explain_refused"
    lines.append(say(rule, language, confidence=f"{confidence:.2f}", threshold=f"{threshold:.2f}", quote=f"{quote:.2f}"))
    return tuple(lines)


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def _source(candidate: Candidate) -> str:
    document = candidate.hit.document
    return f"{document.authors[0] if document.authors else document.title}, {candidate.passage.section or document.title}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[:LONGEST].rsplit(' ', 1)[0]} …"
