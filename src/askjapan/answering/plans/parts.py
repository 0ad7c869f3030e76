"""Answers questions of two or three parts: each part is answered or refused separately."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from askjapan.answering.messages import framing
from askjapan.records import Answer, Citation, Hit, Sentence
from askjapan.retrieval.follow_up import Standalone, leans_on_history, stand_alone
from askjapan.sayings import Saying, Value

MOST_PARTS = 3
LEAST_WORDS = 3
_WH = r"(?:how|what|when|where|who|whom|whose|which|why|in (?:what|which)|by whom|for what|at what|to what|on what)"
_SPLIT = re.compile(
    rf"\?\s+(?:and\s+)?(?=\S)|(?:,|;)?(?<!\s)\s++(?:and|as well as)\s++(?={_WH}\b)|;\s+(?={_WH}\b)", re.IGNORECASE
)
_JAPANESE = re.compile(r"(?<=か)[。、？?]\s*(?:また、?|そして、?|それから、?)?(?=.{4})|[？?]\s*(?=.{4})|(?<=か)、(?=.{4})")
_BEGINS = re.compile(rf"^(?:and\s+)?{_WH}\b|^(?:is|are|was|were|did|does|do|has|have|had|can)\b", re.IGNORECASE)


def parts_of(question: str) -> tuple[str, ...]:
    """The two or three questions that a question is made of; empty for a single question."""
    text = question.strip()
    japanese = [part.strip(" 、。") for part in _JAPANESE.split(text) if part.strip(" 、。？?")]
    if not text.isascii() and 1 < len(japanese) <= MOST_PARTS:
        return tuple(japanese)
    parts = [part.strip(" ,;?") for part in _SPLIT.split(text) if part.strip(" ,;?")]
    if not 1 < len(parts) <= MOST_PARTS or not all(_BEGINS.match(part) and len(part.split()) >= LEAST_WORDS for part in parts):
        return ()
    # "Do you know who built it and when it was sold?" asks one thing of its first verb.
    return tuple(f"{part[0].upper()}{part[1:]}?" for part in parts)


def resolved_parts(question: Standalone, parts: Sequence[str]) -> list[Standalone]:
    """The parts as standalone questions; one that depends on context is completed from the first part."""
    first = replace(question, question=parts[0])
    rest = [
        stand_alone(part, [parts[0]]) if leans_on_history(part) else replace(question, question=part, topic=(), follow_up=False)
        for part in parts[1:]
    ]
    return [first, *rest]


def together(question: Standalone, parts: Sequence[str], answers: Sequence[Answer]) -> Answer:
    """One answer made of the answers to the parts, each under its question, with consecutive markers."""
    language = question.language
    sentences: list[Sentence] = []
    shorts: list[str] = []
    markers: list[int] = []
    hits: dict[str, Hit] = {}
    told: list[str] = []
    for part, answer in zip(parts, answers, strict=True):
        shift = max((citation.marker for sentence in sentences for citation in sentence.citations), default=0)
        sentences.append(Sentence(part, "heading"))
        if answer.answered:
            sentences += [_shifted(sentence, shift) for sentence in answer.sentences]
            if answer.short:
                shorts.append(answer.short)
                markers += [marker + shift for marker in answer.short_markers]
        else:
            sentences.append(framing(Saying.of("part_missing", why=_why(answer)), language))
        for hit in answer.hits:
            hits.setdefault(hit.passage.id, replace(hit, rank=len(hits) + 1))
        told += [part, *answer.explanation]
    answered = [answer for answer in answers if answer.answered]
    whole = len(shorts) == len(answered)
    return Answer(
        question=question.message,
        standalone_question=question.question,
        answered=True,
        reason="",
        confidence=min(answer.confidence for answer in answered),
        sentences=tuple(sentences),
        hits=tuple(hits.values()),
        index_fingerprint=answers[0].index_fingerprint,
        short="; ".join(shorts) if whole else "",
        short_markers=tuple(markers) if whole else (),
        kind="two parts",
        explanation=tuple(told),
    )


def _why(answer: Answer) -> Value:
    """The reason of a part's refusal, without its question."""
    reason = answer.saying
    return reason.values["why"] if reason and reason.key == "refused" else reason or answer.reason


def _shifted(sentence: Sentence, shift: int) -> Sentence:
    return replace(sentence, citations=tuple(_renumbered(citation, citation.marker + shift) for citation in sentence.citations))


def _renumbered(citation: Citation, marker: int) -> Citation:
    return replace(citation, marker=marker)


def answered_by_parts(question: Standalone, ask: Callable[[Standalone], Answer]) -> Answer | None:
    """The answer to a question of several parts; None for a single question, or where no part is answered."""
    parts = parts_of(question.question)
    if not parts:
        return None
    answers = [ask(part) for part in resolved_parts(question, parts)]
    return together(question, parts, answers) if any(answer.answered for answer in answers) else None
