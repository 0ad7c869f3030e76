"""Answers questions of two or three parts: each part is answered or refused separately."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

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


_ASKS = r"(?:when|where|why|how|who|by whom|with whom|in (?:what|which) (?:year|city|country|town))"
_BEHIND = re.compile(
    rf"^(?P<one>{_WH}(?: (?:many|much|year|city|country))?)\s++(?P<rest>.+?)(?:,|(?<![\s,]))\s++and\s++(?P<other>{_ASKS})$",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"^(?P<one>{_ASKS})(?:,|\s)\s*+and\s++(?P<other>{_ASKS})\s++(?P<rest>\S++\s.+)$", re.IGNORECASE)
_ASKS_JA = r"(?:誰|だれ|いつ|どこ|なぜ|いくつ|いくら|何[年月人件回校社]|どの[^\s、。はがをに]{1,4}|何)"
_JAPANESE_BEHIND = re.compile(
    rf"^(?P<head>[^、。]{{2,}}[はが])、?(?P<one>{_ASKS_JA})で(?:、|あり、)(?:また)?(?:それは)?(?P<other>{_ASKS_JA})(?P<tail>です(?:か)?|でした(?:か)?)?か?$"
)
_JAPANESE_BEFORE = re.compile(
    r"^(?P<head>[^、。]*?)、?(?P<one>誰が|いつ|どこで|なぜ|どのように)、(?P<other>誰が|いつ|どこで|なぜ|どのように)、?(?P<rest>[^、。]{3,})$"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions that a question is made of: as it is shown above its answer, and as it is asked."""

    shown: str
    asked: str


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


def shared_parts(question: str) -> tuple[Part, ...]:
    """The two parts of a question that asks two things of one clause, "Who built the tower, and when?"; empty for any other."""
    text = question.strip(" ?？。.!")
    if match := _JAPANESE_BEHIND.match(text):
        head, tail = match.group("head"), match.group("tail") or "ですか"
        return tuple(Part(asked := f"{head}{match.group(which)}{tail}", asked) for which in ("one", "other"))
    if match := _JAPANESE_BEFORE.match(text):
        return tuple(
            Part(asked := f"{match.group('head')}{match.group(which)}{match.group('rest')}", asked) for which in ("one", "other")
        )
    if match := _BEHIND.match(text):
        first, word, rest = (match.group(name) for name in ("one", "other", "rest"))
        # The verb of "Who built it?" does not fit "when"; what is shown is the word alone.
        return Part(asked := f"{_capital(first)} {rest}?", asked), Part(f"{_capital(word)}?", f"{_capital(word)} {rest}?")
    if match := _BEFORE.match(text):
        return tuple(Part(asked := f"{_capital(match.group(which))} {match.group('rest')}?", asked) for which in ("one", "other"))
    return ()


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


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
    if one := _in_one_quote(question, answers):
        return one
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
        standalone_question=question.said,
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


def _in_one_quote(question: Standalone, answers: Sequence[Answer]) -> Answer | None:
    """One answer where all parts have a short answer, or none has, in the same first quote; else None."""
    quotes = [next((sentence for sentence in answer.sentences if sentence.kind == "quote"), None) for answer in answers]
    if not all(answer.answered for answer in answers) or any(quote is None or quote != quotes[0] for quote in quotes):
        return None
    shorts = list(dict.fromkeys(answer.short for answer in answers if answer.short))
    whole = len(shorts) in (0, len(answers))
    return replace(
        answers[0],
        question=question.message,
        standalone_question=question.said,
        confidence=min(answer.confidence for answer in answers),
        sentences=tuple(quote for quote in quotes[:1] if quote),
        short="; ".join(shorts) if whole else "",
        short_markers=answers[0].short_markers if whole else (),
        kind="two parts",
        explanation=tuple(step for answer in answers for step in answer.explanation),
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
    if parts := parts_of(question.question):
        answers = [ask(part) for part in resolved_parts(question, parts)]
    elif shared := shared_parts(question.question):
        parts = tuple(part.shown for part in shared)
        answers = [ask(replace(question, question=part.asked)) for part in shared]
    else:
        return None
    return together(question, parts, answers) if any(answer.answered for answer in answers) else None
