"""Hits → an answer made of quotes, or a refusal that says what was looked for and what was near."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from askjapan.answering.calibration import AnswerModel, answer_model, corpus_signals
from askjapan.answering.candidates import MARGIN, Candidate, candidates_of, held_in, known_around, signals_of
from askjapan.answering.conflicts import Disagreement, disagreement
from askjapan.answering.explanation import explained
from askjapan.answering.messages import Language, say, spoken, template
from askjapan.answering.plans.definitions import expansion
from askjapan.answering.question import NAME, Asked, DocumentFrequency, read_question
from askjapan.answering.quoting.announcements import enumeration, is_counted
from askjapan.answering.quoting.quotations import (
    CONTEXT_WORDS,
    REASON_WORDS,
    Around,
    Beside,
    Quotation,
    quotation_of,
    quotations,
    quoted,
    says_something,
)
from askjapan.answering.short import short_answer, yes_or_no
from askjapan.language.question_kinds import Kind
from askjapan.language.terms import terms
from askjapan.records import Answer, Hit, Sentence
from askjapan.retrieval.evidence import Evidence
from askjapan.retrieval.follow_up import Standalone

REPLIES = {kind: say(kind) for kind in ("greeting", "thanks", "abilities")}
NEAREST = say("nearest")
TWO_FIGURES = template("two_figures")
NEAR = 0.42
"""A refused question's best quote is offered where its cosine with a passage is at least this: most about other things stay below."""
REPEATS = 0.8
"""A unit that holds so much of the words of one quoted already, and the other way round, says the same."""
MOST = 4
MOST_QUOTATIONS = 3
"""Units that follow each other count as one quotation."""
CLOSE = 2.5
"""Beside a quote with a sure short answer others are quoted whose logit is at most so far below its own."""
ANOTHER_YEAR = 0.9
"""A figure of another year than the one asked for is no answer: the confidence stays below this share of the threshold."""
BY_FAR = 1.5
"""A heading or a reference is quoted only where its logit is so far above that of any sentence."""
ONE_THING = frozenset({"number", "percent", "date", "person", "place"})
"""Kinds of answer for which one sentence is enough; any other question is for an explanation."""
Preference = Callable[[Asked, Candidate], float]
"""What a kind of question adds to the logit of a candidate."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What of the index an answer needs: its texts by document id, how often a term occurs in how many passages, its fingerprint, and the
    passages before and after one in its document."""

    text_of: Callable[[str], str]
    frequency: DocumentFrequency
    passages: int
    fingerprint: str
    before: Beside | None = None
    after: Beside | None = None

    @property
    def around(self) -> Around:
        """What stands around a unit."""
        return Around(self.text_of, self.before, self.after)


def reply(question: Standalone, fingerprint: str) -> Answer:
    """The answer to a greeting, thanks, or a question about askjapan itself: nothing is retrieved."""
    return Answer(
        question=question.message,
        standalone_question=question.question,
        answered=True,
        reason=say("no_question", spoken(question.message)),
        confidence=1.0,
        sentences=(Sentence(say(question.kind, spoken(question.message)), "framing"),),
        hits=(),
        index_fingerprint=fingerprint,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """The candidates of a question with their signals, the logit of each by the unit model, and the probability that the corpus answers."""

    asked: Asked
    candidates: Sequence[Candidate]
    signals: Sequence[Mapping[str, float]]
    logits: Sequence[float]
    model: AnswerModel
    confidence: float


def judge(evidence: Evidence, candidates: Sequence[Candidate], corpus: Corpus) -> Judged | None:
    """Compare the candidates with the question; None where it holds no word to look for."""
    read = [candidate for candidate in candidates if candidate.answers is not None]
    unread = [candidate for candidate in candidates if candidate.answers is None]
    judged = [_judge(evidence, some, corpus) for some in (read, unread) if some]
    # Passages in different languages are judged by what reads each; the surer of the two answers.
    known = [one for one in judged if one]
    best = max(known, key=lambda one: one.confidence, default=None)
    # Where neither answers, the nearest is what the reader has read.
    return known[0] if best and best.confidence < best.model.threshold else best


def _judge(evidence: Evidence, candidates: Sequence[Candidate], corpus: Corpus) -> Judged | None:
    is_read = candidates[0].answers is not None
    text = evidence.text if is_read else evidence.question
    asked = read_question(text, corpus.frequency, corpus.passages, evidence.question)
    if not asked.weights and not asked.years:
        return None
    top = max(candidate.cosine for candidate in candidates)
    signals = [signals_of(asked, candidate, known_around(candidate), top) for candidate in candidates]
    model = answer_model(is_read)
    logits = [model.unit.logit(one) for one in signals]
    confidence = model.corpus.probability(corpus_signals(asked, evidence, candidates, signals, logits))
    if _is_of_another_year(asked, signals, logits):
        confidence = min(confidence, ANOTHER_YEAR * model.threshold)
    return Judged(asked, candidates, signals, logits, model, confidence)


def _is_of_another_year(asked: Asked, signals: Sequence[Mapping[str, float]], logits: Sequence[float]) -> bool:
    """Whether a figure of one year is asked for, and none of the best units, with what stands around them, is of that year."""
    if len(asked.years) != 1 or not asked.kinds & {"number", "percent"}:
        return False
    best = sorted(range(len(logits)), key=lambda number: -logits[number])[:MOST]
    return not any(signals[number]["years"] for number in best)


def compose(
    question: Standalone,
    evidence: Evidence,
    corpus: Corpus,
    *,
    max_quotes: int | None = None,
    threshold: float | None = None,
    kind: Kind = "fact",
    prefer: Preference | None = None,
) -> Answer:
    """Choose the units that answer, or refuse.

    Args:
        question: as it was retrieved.
        evidence: the ranked passages, as read.
        corpus: of the index.
        max_quotes: quote at most so many units.
        threshold: refuse below this confidence; the fitted one by default.
        kind: of the question.
        prefer: which of the candidates suit that kind.
    """
    hits = [read.hit for read in evidence.read]
    language = spoken(question.message)
    quotable = candidates_of(evidence)
    if not quotable:
        return refusal(question, hits, 0.0, say("no_sentence", language), corpus)
    judged = judge(evidence, quotable, corpus)
    if judged is None:
        return refusal(question, hits, 0.0, say("no_word", language), corpus)
    limit = threshold if threshold is not None else judged.model.threshold
    candidates, logits = judged.candidates, preferred(judged, prefer)
    chosen = choose(candidates, logits, judged.model.quote, MOST if max_quotes is None else max_quotes)
    told = explained(candidates, logits, judged.confidence, limit, judged.model.quote, language)
    if judged.confidence < limit:
        refused = refusal(question, hits, judged.confidence, _why(judged, chosen, language), corpus)
        return replace(refused, sentences=_nearest(evidence, candidates[chosen[0]], corpus, language), explanation=told)
    other = disagreement(judged.asked, candidates, logits, chosen[0]) if max_quotes is None or max_quotes > 1 else None
    if other:
        chosen = [chosen[0], other.number, *(number for number in chosen[1:] if number != other.number)][: max_quotes or MOST]
    short = _short(judged.asked, candidates[chosen[0]], kind, language)
    if short and not other:
        chosen = [number for number in chosen if logits[number] >= logits[chosen[0]] - CLOSE]
    if other:
        # Two figures stand side by side, each as it was found.
        arranged = [quotation_of(candidates[number].hit, candidates[number].number, rank) for rank, number in enumerate(chosen)]
    else:
        arranged = [] if short else _listed(judged.asked, candidates[chosen[0]], kind, corpus)
        arranged = arranged or _arranged(
            judged.asked, [candidates[number] for number in chosen], kind, corpus, max_quotes or MOST, short
        )
    sentences = quoted(arranged, corpus.text_of)
    if not sentences:
        return refusal(question, hits, judged.confidence, say("no_place", language), corpus)
    framing = _two_figures(other, candidates, chosen, sentences, language)
    carried = short and not framing and any(short in sentence.text for sentence in sentences[:1])
    decided = short and kind == "yesno" and not framing
    return Answer(
        question=question.message,
        standalone_question=question.question,
        answered=True,
        reason="",
        confidence=round(judged.confidence, 4),
        sentences=(*framing, *sentences),
        hits=tuple(hits),
        index_fingerprint=corpus.fingerprint,
        short=short if carried or decided else "",
        short_markers=(1,) if carried or decided else (),
        kind=kind,
        explanation=told,
    )


def _listed(asked: Asked, candidate: Candidate, kind: Kind, corpus: Corpus) -> list[Quotation]:
    """The enumeration that the best quote announces, or that it is part of where several things are asked for."""
    several = kind in ("list", "cause") or is_counted(asked.text)
    return enumeration(candidate, corpus.around, items=several)


def _arranged(
    asked: Asked, chosen: Sequence[Candidate], kind: Kind, corpus: Corpus, max_quotes: int, short: str
) -> list[Quotation]:
    """The quotations of the chosen units; where an explanation is asked for, two at most, the best one in its context."""
    if short or asked.kinds & ONE_THING:
        return quotations(chosen, corpus.before)[: MOST_QUOTATIONS if max_quotes <= MOST else max_quotes]
    words = REASON_WORDS if kind == "cause" or "cause" in asked.kinds else CONTEXT_WORDS
    return quotations(chosen, corpus.before, context_words=words, around=corpus.around)[
        : MOST_QUOTATIONS - 1 if max_quotes <= MOST else max_quotes
    ]


def _short(asked: Asked, candidate: Candidate, kind: Kind, language: Language) -> str:
    if kind == "yesno":
        decided = yes_or_no(asked, candidate)
        return say(decided, language) if decided else ""
    return expansion(asked.text, candidate.text) or short_answer(asked, candidate)


def preferred(judged: Judged, prefer: Preference | None = None) -> list[float]:
    """The logits by which quotes are chosen: those of the unit model, with what the kind of question adds; headings and references last."""
    logits = [
        logit + (prefer(judged.asked, candidate) if prefer else 0.0)
        for candidate, logit in zip(judged.candidates, judged.logits, strict=True)
    ]
    said = [logit for candidate, logit in zip(judged.candidates, logits, strict=True) if says_something(candidate)]
    top = max(said, default=-math.inf)
    return [
        logit if says_something(candidate) or logit > top + BY_FAR else min(logit, top) - MARGIN
        for candidate, logit in zip(judged.candidates, logits, strict=True)
    ]


def choose(candidates: Sequence[Candidate], logits: Sequence[float], quote: float, limit: int) -> list[int]:
    """The numbers of the candidates to quote, the most direct first: the best one, and others of a probability of at least `quote`."""
    chosen: list[int] = []
    least = math.log(quote / (1 - quote))
    for number in sorted(range(len(candidates)), key=lambda place: -logits[place]):
        if len(chosen) == limit or (chosen and logits[number] < least):
            break
        if not any(_repeats(candidates[number], candidates[other]) for other in chosen):
            chosen.append(number)
    return chosen


def _repeats(one: Candidate, other: Candidate) -> bool:
    """Whether two units say the same in nearly the same words; rows of a table are alike by nature and never repeat each other."""
    if "row" in (one.unit.kind, other.unit.kind):
        return False
    in_one, in_other = held_in(one.text), held_in(other.text)
    return bool(in_one) and len(in_one & in_other) >= REPEATS * max(len(in_one), len(in_other))


def _two_figures(
    other: Disagreement | None,
    candidates: Sequence[Candidate],
    chosen: Sequence[int],
    sentences: Sequence[Sentence],
    language: Language,
) -> tuple[Sentence, ...]:
    """What is said above two quotes that disagree, if both could be placed."""
    if other is None or not all(
        candidates[number].text in sentence.text for number, sentence in zip(chosen[:2], sentences[:2], strict=False)
    ):
        return ()
    return (
        (Sentence(say("two_figures", language, first=other.first, second=other.second), "framing"),) if len(sentences) > 1 else ()
    )


def _nearest(evidence: Evidence, candidate: Candidate, corpus: Corpus, language: Language) -> tuple[Sentence, ...]:
    """The nearest fact that the corpus does hold, as what it is; nothing where even that is about something else."""
    if max(evidence.dense, evidence.multilingual) < NEAR:
        return ()
    sentences = quoted(quotations([candidate], corpus.before), corpus.text_of)
    return (Sentence(say("nearest", language), "framing"), *sentences) if sentences else ()


def _why(judged: Judged, chosen: Sequence[int], language: Language) -> str:
    """What the nearest passages lack, in a sentence: whole words of the question."""
    asked = judged.asked
    have = set().union(*(known_around(judged.candidates[number]) for number in chosen)) if chosen else set()
    names = [match.group() for match in NAME.finditer(asked.text) if set(terms(match.group())) & set(asked.names)]
    wanted = [*asked.years, *asked.figures, *(name for name in dict.fromkeys(names) if not set(terms(name)) <= have)]
    lacking = [item for item in wanted if item not in have]
    if lacking:
        return say("lacking", language, lacking=say("comma", language).join(lacking))
    return say("nothing", language)


def refusal(question: Standalone, hits: Sequence[Hit], confidence: float, why: str, corpus: Corpus) -> Answer:
    """The answer that there is none: what was looked for, and why it was not found."""
    return Answer(
        question=question.message,
        standalone_question=question.question,
        answered=False,
        reason=say("refused", spoken(question.message), question=question.question, why=why),
        confidence=round(confidence, 4),
        sentences=(),
        hits=tuple(hits),
        index_fingerprint=corpus.fingerprint,
    )
