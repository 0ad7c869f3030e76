"""Composes an answer from quotes, or a refusal that says what is missing and quotes the nearest fact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from askjapan.answering.candidates import Candidate, candidates_of, coverage, held_in, known_around
from askjapan.answering.conflicts import Disagreement, disagreement
from askjapan.answering.constraints import as_asked, fitting
from askjapan.answering.explanation import explained
from askjapan.answering.judgement import ANOTHER, Corpus, Judged, Preference, is_near, judge, preferred
from askjapan.answering.messages import framing, say
from askjapan.answering.plans.definitions import DEFINES, expansion, term_of
from askjapan.answering.question import NAMES, Asked
from askjapan.answering.quoting.announcements import enumeration, is_counted
from askjapan.answering.quoting.quotations import (
    CONTEXT_WORDS,
    REASON_WORDS,
    Quotation,
    quotation_of,
    quotations,
    quoted,
)
from askjapan.answering.quoting.sequels import with_sequels
from askjapan.answering.short import short_answer, yes_or_no
from askjapan.language.glossary import glossed_terms
from askjapan.language.question_kinds import Kind
from askjapan.language.scripts import Language, is_foreign
from askjapan.language.terms import terms
from askjapan.language.years import years_covered, years_in
from askjapan.records import Answer, Hit, Sentence
from askjapan.retrieval.evidence import Evidence
from askjapan.retrieval.follow_up import Standalone
from askjapan.sayings import Saying

REPEATS = 0.8
"""Least share of common words, of the longer of two units, at which the second one counts as a repetition."""
MOST = 4
MOST_QUOTATIONS = 3
"""Maximum number of quotations; units that follow each other are one quotation."""
CLOSE = 2.5
"""Largest gap in logits at which others are quoted beside a quote with a short answer."""
ONE_THING = frozenset({"number", "percent", "date", "person", "place"})
"""Kinds of answer for which one sentence is enough; any other question asks for an explanation."""
NEARLY, HALFWAY = 0.7, 0.5
"""Shares of the limit from which a quote is an answer that says less plainly who or what is asked for, and one that has the year asked for in a
span or decade."""
ONE_SENTENCE: frozenset[Kind] = frozenset({"definition", "who"})
"""Kinds of question that one sentence answers by itself; what stands beside it is about something else as often as not."""
PAIRS = 0.25
"""Share of the weight of a Japanese question's pairs of characters that a quote on its subject must have more of: some meet by chance."""


def reply(question: Standalone, fingerprint: str) -> Answer:
    """The answer to a greeting, thanks, or a question about askjapan itself: nothing is retrieved."""
    language, reason = question.language, Saying.of("no_question")
    return Answer(
        question=question.message,
        standalone_question=question.said,
        answered=True,
        reason=reason.said(language),
        confidence=1.0,
        sentences=(framing(Saying.of(question.kind), language),),
        hits=(),
        index_fingerprint=fingerprint,
        saying=reason,
    )


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
        question: the standalone question.
        evidence: its ranked passages with their readings.
        corpus: data of the index.
        max_quotes: maximum number of units to quote.
        threshold: the confidence below which the question is refused; the fitted one by default.
        kind: the kind of question.
        prefer: what the kind of question adds to the logit of a candidate.
    """
    hits = [read.hit for read in evidence.read]
    language = question.language
    quotable = candidates_of(evidence)
    if not quotable:
        return refusal(question, hits, 0.0, Saying.of("no_sentence"), corpus)
    judged = judge(evidence, quotable, corpus)
    if judged is None:
        return refusal(question, hits, 0.0, Saying.of("no_word"), corpus)
    limit = threshold if threshold is not None else judged.model.threshold
    candidates = judged.candidates
    logits, confidence, lacking = _held_against(question.question, judged, kind, prefer, limit, corpus)
    chosen = choose(candidates, logits, judged.model.quote, MOST if max_quotes is None else max_quotes)
    told = explained(candidates, logits, confidence, limit, judged.model.quote, language)
    if confidence < limit:
        refused = refusal(question, hits, confidence, _why(judged, chosen, question.question, lacking), corpus)
        nearest = _nearest(evidence, judged, chosen[0], corpus, language, held_back=bool(lacking))
        held = (say("explain_held_back", language, lacking=lacking),) if lacking else ()
        return replace(refused, sentences=nearest, explanation=(*told[:-1], *held, told[-1]))
    other = disagreement(judged.asked, candidates, logits, chosen[0]) if max_quotes is None or max_quotes > 1 else None
    if other:
        chosen = [chosen[0], other.number, *(number for number in chosen[1:] if number != other.number)][: max_quotes or MOST]
    short = _short(judged.asked, candidates[chosen[0]], kind, language)
    if not other:
        first, behind = chosen[0], CLOSE if short else math.inf
        close = [number for number in chosen if logits[number] >= logits[first] - behind]
        chosen = [number for number in close if _adds(judged.asked, candidates[first], candidates[number], short, kind)]
    if other:  # Two figures stand side by side, each as it was found.
        arranged = [quotation_of(candidates[number].hit, candidates[number].number, rank) for rank, number in enumerate(chosen)]
    else:
        arranged = [] if short else _listed(judged.asked, candidates[chosen[0]], kind, corpus)
        arranged = arranged or _arranged(
            judged.asked, [candidates[number] for number in chosen], kind, corpus, max_quotes or MOST, short
        )
    sentences = quoted(arranged, corpus.text_of)
    if not sentences:
        return refusal(question, hits, judged.confidence, Saying.of("no_place"), corpus)
    above = _two_figures(other, candidates, chosen, sentences, language)
    if kind == "list" and not judged.asked.kinds & ONE_THING:
        # One span is no list: the quote that holds it has the others, too.
        short = ""
    carried = short and not above and any(short in sentence.text for sentence in sentences[:1])
    decided = short and kind == "yesno" and not above
    return Answer(
        question=question.message,
        standalone_question=question.said,
        answered=True,
        reason="",
        confidence=round(confidence, 4),
        sentences=(*above, *sentences),
        hits=tuple(hits),
        index_fingerprint=corpus.fingerprint,
        short=short if carried or decided else "",
        short_markers=(1,) if carried or decided else (),
        kind=kind,
        explanation=told,
    )


def _held_against(
    question: str, judged: Judged, kind: Kind, prefer: Preference | None, limit: float, corpus: Corpus
) -> tuple[list[float], float, tuple[str, ...]]:
    """The logits by which quotes are chosen, the confidence, and what the best quote lacks of what the question pins down."""
    logits = preferred(judged, prefer)
    confidence = max(judged.confidence, limit) if _is_told(judged, logits, kind, prefer, limit) else judged.confidence
    if confidence < limit:
        return logits, confidence, ()
    held = (corpus.frequency, corpus.passages)
    logits, lacking = fitting(question, judged.asked, kind, judged.candidates, logits, held)
    return logits, min(confidence, ANOTHER * (limit or judged.model.threshold)) if lacking else confidence, lacking


def _is_told(judged: Judged, logits: Sequence[float], kind: Kind, prefer: Preference | None, limit: float) -> bool:
    """Whether the best quote begins by saying who or what is asked for; or the confidence is near the limit, and it says so less plainly, or
    has the year asked for in a span or decade, which the reader misses."""
    best = judged.candidates[max(range(len(logits)), key=lambda number: logits[number])]
    told = prefer(judged.asked, best) if kind in ONE_SENTENCE and prefer else 0.0
    years = set(judged.asked.years)
    covered = len(years) == 1 and not years & set(years_in(best.text)) and years <= years_covered(best.text)
    least = NEARLY if told > 0 else HALFWAY
    return told >= DEFINES or ((told > 0 or covered) and judged.confidence >= least * limit)


def _listed(asked: Asked, candidate: Candidate, kind: Kind, corpus: Corpus) -> list[Quotation]:
    """The enumeration that the best quote announces. Where several things are asked for, also the one that it is an item of."""
    several = kind in ("list", "cause") or is_counted(asked.text)
    return enumeration(candidate, corpus.around, items=several)


def _arranged(
    asked: Asked, chosen: Sequence[Candidate], kind: Kind, corpus: Corpus, max_quotes: int, short: str
) -> list[Quotation]:
    """The quotations of the chosen units. For an explanation they are two by default, and the best one brings its context."""
    if short or asked.kinds & ONE_THING or kind in ONE_SENTENCE:
        made = quotations(chosen, corpus.around)[: MOST_QUOTATIONS if max_quotes <= MOST else max_quotes]
        if kind not in ONE_SENTENCE or max_quotes == 1:
            return made
        return with_sequels(made, term_of(asked.text), corpus.around, person=kind == "who")
    words = REASON_WORDS if kind == "cause" or "cause" in asked.kinds else CONTEXT_WORDS
    return quotations(chosen, corpus.around, context_words=words, about=asked.weights)[
        : MOST_QUOTATIONS - 1 if max_quotes <= MOST else max_quotes
    ]


def _short(asked: Asked, candidate: Candidate, kind: Kind, language: Language) -> str:
    if kind == "yesno":
        decided = yes_or_no(asked, candidate)
        return say(decided, language) if decided else ""
    return expansion(asked.text, candidate.text) or short_answer(asked, candidate)


def choose(candidates: Sequence[Candidate], logits: Sequence[float], quote: float, limit: int) -> list[int]:
    """Indices of the candidates to quote, best first: the best one, and others with a probability of at least `quote`, without repetitions."""
    chosen: list[int] = []
    least = math.log(quote / (1 - quote))
    for number in sorted(range(len(candidates)), key=lambda place: -logits[place]):
        if len(chosen) == limit or (chosen and logits[number] < least):
            break
        if not any(_repeats(candidates[number], candidates[other]) for other in chosen):
            chosen.append(number)
    return chosen


def _repeats(one: Candidate, other: Candidate) -> bool:
    """Whether two units say the same in nearly the same words; table rows never count as repetitions."""
    if "row" in (one.unit.kind, other.unit.kind):
        return False
    in_one, in_other = held_in(one.text), held_in(other.text)
    return bool(in_one) and len(in_one & in_other) >= REPEATS * max(len(in_one), len(in_other))


def _adds(asked: Asked, first: Candidate, other: Candidate, short: str, kind: Kind) -> bool:
    """Whether a unit is worth quoting beside the first quote.

    A sentence must hold the years and names of the question that the first quote with a short answer holds, and a term of the question
    where a thing or a person is asked about. A table row beside a sentence with a short answer must hold that answer; beside the row of
    the year asked for, in the same table, that year.
    """
    if other is first:
        return True
    if other.unit.kind != "row":
        held, wanted = held_in(other.text), {*asked.years, *asked.names}
        if kind in ("definition", "who") and coverage(asked, held) <= (PAIRS if is_foreign(asked.text) else 0):
            return False
        return not short or wanted & held_in(first.text) <= held
    if first.unit.kind != "row":
        return not short or short in other.text
    years = set(asked.years)
    same_table = first.frame == other.frame
    return not (same_table and years and years <= held_in(first.text) and not years & held_in(other.text))


def _two_figures(
    other: Disagreement | None,
    candidates: Sequence[Candidate],
    chosen: Sequence[int],
    sentences: Sequence[Sentence],
    language: Language,
) -> tuple[Sentence, ...]:
    """The framing sentence above two quotes that disagree; empty unless both could be cited."""
    if other is None or not all(
        candidates[number].text in sentence.text for number, sentence in zip(chosen[:2], sentences[:2], strict=False)
    ):
        return ()
    told = Saying.of("two_figures", first=other.first, second=other.second)
    return (framing(told, language),) if len(sentences) > 1 else ()


def _nearest(
    evidence: Evidence, judged: Judged, best: int, corpus: Corpus, language: Language, *, held_back: bool
) -> tuple[Sentence, ...]:
    """The best quote for a refused question, introduced as the nearest fact; empty where it is far from the question and not held back."""
    if not (held_back or is_near(evidence, judged, best)):
        return ()
    sentences = quoted(quotations([judged.candidates[best]], corpus.around), corpus.text_of)
    return (framing(Saying.of("nearest"), language), *sentences) if sentences else ()


def _why(judged: Judged, chosen: Sequence[int], question: str, lacking: Sequence[str]) -> Saying:
    """The reason of a refusal: what the best quote lacks, else the years, figures and names of the question that the chosen units lack."""
    if lacking:
        return Saying.of("lacking", lacking=tuple(lacking))
    asked = judged.asked
    have = set().union(*(known_around(judged.candidates[number]) for number in chosen)) if chosen else set()
    names = [match.group() for match in NAMES.finditer(asked.text) if set(terms(match.group())) & set(asked.names)]
    wanted = [*asked.years, *asked.figures, *(name for name in dict.fromkeys(names) if not set(terms(name)) <= have)]
    written = {name: japanese for japanese, name in glossed_terms(question)} if asked.text != question else {}
    written |= {year: as_asked(question, year) for year in asked.years}
    missing = tuple(written.get(item, item) for item in wanted if item not in have)
    return Saying.of("lacking", lacking=missing) if missing else Saying.of("nothing")


def refusal(question: Standalone, hits: Sequence[Hit], confidence: float, why: Saying, corpus: Corpus) -> Answer:
    """A refusal that says what was searched for and why it was not found."""
    reason = Saying.of("refused", question=question.said, why=why)
    return Answer(
        question=question.message,
        standalone_question=question.said,
        answered=False,
        reason=reason.said(question.language),
        confidence=round(confidence, 4),
        sentences=(),
        hits=tuple(hits),
        index_fingerprint=corpus.fingerprint,
        saying=reason,
    )
