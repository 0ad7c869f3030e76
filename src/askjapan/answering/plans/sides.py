"""Answers questions with several sides: a comparison side by side, a question of opinion work by work."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from askjapan.answering.candidates import Candidate, known_around
from askjapan.answering.compose import choose
from askjapan.answering.judgement import preferred
from askjapan.answering.messages import framing
from askjapan.answering.plans.overview import heading_of
from askjapan.answering.plans.search import Search
from askjapan.answering.question import Asked
from askjapan.answering.quoting.quotations import quotations, quoted
from askjapan.language.glossary import gloss
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import terms
from askjapan.language.wordings import wordings
from askjapan.records import Answer, Hit, Sentence
from askjapan.retrieval.follow_up import Standalone
from askjapan.sayings import Saying

_EN, _JA = wordings("sides", "en"), wordings("sides", "ja")
QUOTES_OF_A_SIDE = 3
QUOTES_OF_WHOLE = 3
"""Maximum number of units that answer the question as it stands."""
QUOTES_BESIDE = 2
"""Maximum number of units of a side beside those."""
MOST_WORKS = 3
LEAST_OF_A_SIDE = 0.75
"""Least share of a side's own terms in a sentence that names the side."""
_LEAD = re.compile(
    rf"^(?:please )?(?:{_EN['lead']})\s+",
    re.IGNORECASE,
)
_BETWEEN = tuple(re.compile(rf"(?<!\s)\s++{word}\s++", re.IGNORECASE) for word in ("and", "with", "to", "or", "from"))
"""Words between two sides, the least ambiguous first; "from" may be part of one side."""
_STRONG = re.compile(
    r"(?<!\s)\s++(?:versus|vs\.?|(?:differs?|differed|different|compares?|compared)\s+(?:from|to|with)|as against)\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?<!\s)\s++(?:(?:differ|diverge|compare)(?=\s+(?:in|as|on|over|about|when|where|with regard|regarding)\b)|"
    r"(?:differ|compare|have in common|(?:so )?(?:different|similar))$)",
    re.IGNORECASE,
)
_JAPANESE = re.compile(
    r"^(.{1,200}?)(?:と|、)(.{1,200}?)(?:の違い|の相違点?|の差|の共通点|の類似点|を比較|を比べ|は(?:どう|どのように)(?:違|異|比)|とを比|では|の比較|、どちら)"
)
_OF = re.compile(r"^(.*?)(?:の)([^の]+)$")
_PREPOSITION = re.compile(r"(?<!\s)\s++(?:in|on|of|for|as|at|by|between|among|during|under|with respect to)\s++", re.IGNORECASE)
_ARGUED = re.compile(
    rf"\b(?:{_EN['argued']})\b|{_JA['argued']}",
    re.IGNORECASE,
)
ARGUES = 1.0
"""Logits added to a sentence that argues, where an opinion is asked for."""
VIEWS_BEHIND = 4.5
"""Largest gap in logits from the best sentence at which others are quoted for an opinion; a fact may meet the words better than any view."""


def sides_of(question: str) -> tuple[str, ...]:
    """The two sides that a question compares, each as a search text of its own; empty where they are not found."""
    text = question.strip().rstrip("?.!？。")
    if is_foreign(text):
        match = _JAPANESE.match(text)
        return _japanese(match.group(1), match.group(2)) if match else ()
    body = _TAIL.sub("", _LEAD.sub("", text, count=1))
    between = next((pattern for pattern in (_STRONG, *_BETWEEN) if pattern.search(body)), _STRONG)
    parts = between.split(body, maxsplit=1)
    if len(parts) != 2 or not all(part.strip() for part in parts):
        return ()
    return _shared(*(re.sub(r"^(?:is|are|was|were|does|do|did)\s+", "", part.strip()) for part in parts))


def _shared(one: str, other: str) -> tuple[str, ...]:
    """Both sides with the words that they share: in "Japan's and China's aid to Laos" both sides get "aid to Laos"."""
    if re.fullmatch(r"(?:the )?(?:[\w’'.-]+ ){0,2}[\w.-]+(?:[’']s|s[’'])", one) and (
        owner := re.match(r".*?(?:[’']s|s[’'])\s+(.+)$", other)
    ):
        one = f"{one} {owner.group(1)}"
    if pronoun := re.match(r"(?:those|that|the ones?)\s+(.+)$", other, re.IGNORECASE):
        head = _PREPOSITION.split(one, maxsplit=1)[0]
        other = f"{head} {pronoun.group(1)}"
    else:
        tail = _PREPOSITION.search(other)
        if tail and not _PREPOSITION.search(one):
            one = f"{one}{other[tail.start() :]}"
    return one, other


def _japanese(one: str, other: str) -> tuple[str, ...]:
    if (shared := _OF.match(other)) and "の" not in one:
        one = f"{one}の{shared.group(2)}"
    return one, other


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a comparison: its hits, the candidates to quote, the confidence, and whether any passage found has a term of its own."""

    hits: Sequence[Hit]
    chosen: Sequence[Candidate]
    confidence: float
    known: bool


def comparison(question: Standalone, search: Search) -> Answer | None:
    """Both sides of a comparison; None without two sides, or without any quote.

    What answers the question as a whole goes first, then each side has its own quotes. A side that nothing can be quoted on is said to be
    missing, unless the first quotes may speak of it in other words.
    """
    sides = sides_of(question.question)
    if len(sides) != 2:
        return None
    language = question.language
    only = [_own_words(side, other) for side, other in ((sides[0], sides[1]), (sides[1], sides[0]))]
    if not all(only):
        return None
    by_side = [_side(question.asking(side), own, search) for side, own in zip(sides, only, strict=True)]
    if not any(side.chosen for side in by_side):
        return None
    whole, confidence = _of_whole(question, search)
    first = _of_both(by_side, only) or whole
    used = {candidate.key for candidate in first}
    sentences = [*quoted(quotations(first, search.corpus.around), search.corpus.text_of)]
    marker = 1 + len(sentences)
    hits: dict[str, Hit] = {}
    for name, own, side in zip(sides, only, by_side, strict=True):
        fresh = [candidate for candidate in side.chosen if candidate.key not in used] or ([] if first else side.chosen[:1])
        if first:
            fresh = [candidate for candidate in fresh if _names(candidate, own)][:QUOTES_BESIDE]
        used |= {candidate.key for candidate in fresh}
        made = quoted(quotations(fresh, search.corpus.around), search.corpus.text_of, marker)
        marker += len(made)
        if made or not (first and side.known):
            sentences.append(Sentence(name[0].upper() + name[1:], "heading"))
            sentences += made or [framing(Saying.of("side_missing", side=name), language)]
        for hit in side.hits:
            hits.setdefault(hit.passage.id, replace(hit, rank=len(hits) + 1))
    return Answer(
        question=question.message,
        standalone_question=question.said,
        answered=True,
        reason="",
        confidence=round(max(confidence, min(side.confidence for side in by_side)), 4),
        sentences=tuple(sentences),
        hits=tuple(hits.values()),
        index_fingerprint=search.corpus.fingerprint,
        kind="comparison",
    )


def _of_whole(question: Standalone, search: Search) -> tuple[list[Candidate], float]:
    """The best units for the question as it stands, with its confidence; none, and 0, where that is below the limit."""
    _, judged = search.judged(question)
    if judged is None or judged.confidence < search.limit(judged):
        return [], 0.0
    chosen = choose(judged.candidates, preferred(judged), judged.model.quote, QUOTES_OF_WHOLE)
    return [judged.candidates[number] for number in chosen], judged.confidence


def _of_both(by_side: Sequence[_Side], only: Sequence[set[str]]) -> list[Candidate]:
    """The quotes of either side that name both sides themselves, at most `QUOTES_OF_A_SIDE`: what compares stands before what does not."""
    naming: dict[tuple[str, int], Candidate] = {}
    for side in by_side:
        for candidate in side.chosen:
            if candidate.unit.kind == "sentence" and all(_names(candidate, own) for own in only):
                naming.setdefault(candidate.key, candidate)
    return list(naming.values())[:QUOTES_OF_A_SIDE]


def _names(candidate: Candidate, own: set[str]) -> bool:
    """Whether a candidate's text holds most of a side's own terms."""
    return len(own & set(terms(candidate.text))) >= LEAST_OF_A_SIDE * len(own)


def _own_words(side: str, other: str) -> set[str]:
    """The terms of a side that the other side lacks."""
    in_side, in_other = (terms(glossed.text if is_foreign(text) and (glossed := gloss(text)) else text) for text in (side, other))
    own = set(in_side) - set(in_other)
    return own | (set(terms(side)) - set(terms(other)))


def _side(question: Standalone, own: set[str], search: Search) -> _Side:
    """One side; its quotes must hold a term of the side's own, in or around them."""
    evidence, judged = search.judged(question)
    hits = [read.hit for read in evidence.read]
    if judged is None:
        return _Side(hits, [], 0.0, known=False)
    logits = preferred(judged)
    knows = [bool(own & known_around(candidate)) for candidate in judged.candidates]
    itself = [bool(own & set(terms(candidate.text))) for candidate in judged.candidates]
    # A sentence that names the side itself goes before one that only stands near its name.
    usable = itself if any(itself) else knows
    logits = [logit - (0.0 if use else 30.0) for logit, use in zip(logits, usable, strict=True)]
    if judged.confidence < search.limit(judged) or not any(knows):
        return _Side(hits, [], judged.confidence, known=any(knows))
    chosen = choose(judged.candidates, logits, judged.model.quote, QUOTES_OF_A_SIDE)
    quotable = [judged.candidates[number] for number in chosen if usable[number]]
    return _Side(hits, quotable, judged.confidence, known=True)


def opinion(question: Standalone, search: Search) -> Answer | None:
    """Quotes on a question of opinion, grouped under the works that hold them; None where the confidence is below the threshold."""
    language = question.language
    evidence, judged = search.judged(question)
    if judged is None or judged.confidence < search.limit(judged):
        return None
    logits = preferred(judged, _argues)
    quotable = choose(judged.candidates, logits, judged.model.quote, 8)
    works: dict[str, list[Candidate]] = {}
    for number in quotable:
        candidate = judged.candidates[number]
        if (
            logits[number] >= logits[quotable[0]] - VIEWS_BEHIND
            and len(works.get(candidate.hit.document.id, ())) < QUOTES_OF_A_SIDE
        ):
            works.setdefault(candidate.hit.document.id, []).append(candidate)
    sentences: list[Sentence] = [framing(Saying.of("opinion"), language)]
    marker = 1
    for chosen in list(works.values())[:MOST_WORKS]:
        made = quoted(quotations(chosen, search.corpus.around, best_first=False), search.corpus.text_of, marker)
        if made:
            sentences += [Sentence(heading_of(chosen[0].hit.document), "heading"), *made]
            marker += len(made)
    if marker == 1:
        return None
    return Answer(
        question=question.message,
        standalone_question=question.said,
        answered=True,
        reason="",
        confidence=round(judged.confidence, 4),
        sentences=tuple(sentences),
        hits=tuple(read.hit for read in evidence.read),
        index_fingerprint=search.corpus.fingerprint,
        kind="opinion",
    )


def _argues(question: Asked, candidate: Candidate) -> float:
    return ARGUES if _ARGUED.search(candidate.text) else 0.0
