"""Hits → an answer made of quotes, or a refusal that says what was looked for and what was near."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from askjapan.answering.calibration import AnswerModel, answer_model, corpus_signals
from askjapan.answering.candidates import Candidate, candidates_of, held_in, known_around, signals_of
from askjapan.answering.cite import cite
from askjapan.answering.conflicts import Disagreement, disagreement
from askjapan.answering.question import NAME, Asked, DocumentFrequency, read_question
from askjapan.language.terms import terms
from askjapan.records import Answer, Hit, Sentence
from askjapan.retrieval.evidence import Evidence
from askjapan.retrieval.follow_up import Standalone

REPLIES = {
    "greeting": "Hello. Ask a question about Japan in the world; the answer is made of quotes from the works in this corpus.",
    "thanks": "You are welcome. Each number in an answer leads to the place where the quote stands.",
    "abilities": "I answer questions from the works in this corpus alone, in English, Japanese and other languages, with quotes "
    "that can be checked in the files, and say so when the corpus does not hold the answer.",
}


NEAREST = "The nearest that the corpus says, which does not answer this:"
TWO_FIGURES = "The corpus gives two figures for this, {first} and {second}; here is each as it stands, with what it counts."
NEAR = 0.42
"""A refused question's best quote is offered where its cosine with a passage is at least this: most about other things stay below."""
REPEATS = 0.8
"""A unit that holds so much of the words of one quoted already, and the other way round, says the same."""
MOST = 4


@dataclass(frozen=True, slots=True)
class Corpus:
    """What of the index an answer needs: its texts by document id, how often a term occurs in how many passages, its fingerprint."""

    text_of: Callable[[str], str]
    frequency: DocumentFrequency
    passages: int
    fingerprint: str


def reply(question: Standalone, fingerprint: str) -> Answer:
    """The answer to a greeting, thanks, or a question about askjapan itself: nothing is retrieved."""
    return Answer(
        question=question.message,
        standalone_question=question.question,
        answered=True,
        reason="This is no question to the corpus.",
        confidence=1.0,
        sentences=(Sentence(REPLIES[question.kind], "framing"),),
        hits=(),
        index_fingerprint=fingerprint,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """The candidates of a question with their signals, the logit of each by the unit model, and the probability that the corpus answers."""

    asked: Asked
    found: Sequence[Candidate]
    signals: Sequence[Mapping[str, float]]
    logits: Sequence[float]
    model: AnswerModel
    confidence: float


def judge(evidence: Evidence, found: Sequence[Candidate], corpus: Corpus) -> Judged | None:
    """Compare the candidates with the question; None where it holds no word to look for."""
    read = [candidate for candidate in found if candidate.answers is not None]
    unread = [candidate for candidate in found if candidate.answers is None]
    judged = [_judge(evidence, some, corpus) for some in (read, unread) if some]
    # Passages in different languages are judged by what reads each; the surer of the two answers.
    return max((one for one in judged if one), key=lambda one: one.confidence, default=None)


def _judge(evidence: Evidence, found: Sequence[Candidate], corpus: Corpus) -> Judged | None:
    is_read = found[0].answers is not None
    text = evidence.text if is_read else evidence.question
    asked = read_question(text, corpus.frequency, corpus.passages, evidence.question)
    if not asked.weights and not asked.years:
        return None
    top = max(candidate.cosine for candidate in found)
    signals = [signals_of(asked, candidate, known_around(candidate), top) for candidate in found]
    model = answer_model(is_read)
    logits = [model.unit.logit(one) for one in signals]
    confidence = model.corpus.probability(corpus_signals(asked, evidence, found, signals, logits))
    return Judged(asked, found, signals, logits, model, confidence)


def compose(
    question: Standalone, evidence: Evidence, corpus: Corpus, *, most: int | None = None, threshold: float | None = None
) -> Answer:
    """Choose the units that answer, or refuse.

    Args:
        question: as it was retrieved.
        evidence: the ranked passages, as read.
        corpus: of the index.
        most: quote at most so many units.
        threshold: refuse below this confidence; the fitted one by default.
    """
    hits = [read.hit for read in evidence.read]
    candidates = candidates_of(evidence)
    if not candidates:
        return _refusal(question, hits, 0.0, "The passages found hold no sentence that could be quoted.", corpus)
    judged = judge(evidence, candidates, corpus)
    if judged is None:
        return _refusal(question, hits, 0.0, "It holds no word that could be looked for.", corpus)
    found, logits = judged.found, judged.logits
    chosen = choose(found, logits, judged.model.quote, MOST if most is None else most)
    if judged.confidence < (judged.model.threshold if threshold is None else threshold):
        refusal = _refusal(question, hits, judged.confidence, _why(judged, chosen), corpus)
        return replace(refusal, sentences=_nearest(evidence, found[chosen[0]], corpus))
    other = disagreement(judged.asked, found, logits, chosen[0]) if most is None or most > 1 else None
    if other:
        chosen = [chosen[0], other.number, *(number for number in chosen[1:] if number != other.number)][: most or MOST]
    quoted = _quote([found[number] for number in chosen], corpus)
    if not quoted:
        return _refusal(question, hits, judged.confidence, "No quote could be placed exactly in its file.", corpus)
    framing = _two_figures(other, found, chosen, quoted)
    return Answer(
        question=question.message,
        standalone_question=question.question,
        answered=True,
        reason="",
        confidence=round(judged.confidence, 4),
        sentences=(*framing, *quoted),
        hits=tuple(hits),
        index_fingerprint=corpus.fingerprint,
    )


def choose(found: Sequence[Candidate], logits: Sequence[float], quote: float, most: int) -> list[int]:
    """The numbers of the candidates to quote, the most direct first: the best one, and others of a probability of at least `quote`."""
    chosen: list[int] = []
    least = math.log(quote / (1 - quote))
    for number in sorted(range(len(found)), key=lambda place: -logits[place]):
        if len(chosen) == most or (chosen and logits[number] < least):
            break
        if not any(_repeats(found[number], found[other]) for other in chosen):
            chosen.append(number)
    return chosen


def _repeats(one: Candidate, other: Candidate) -> bool:
    """Whether two units say the same in nearly the same words; rows of a table are alike by nature and never repeat each other."""
    if "row" in (one.unit.kind, other.unit.kind):
        return False
    mine, theirs = held_in(one.text), held_in(other.text)
    return bool(mine) and len(mine & theirs) >= REPEATS * max(len(mine), len(theirs))


def _quote(chosen: Sequence[Candidate], corpus: Corpus) -> tuple[Sentence, ...]:
    """Quotes with their citations; a unit of which any part does not resolve exactly is left out."""
    quoted: list[Sentence] = []
    for candidate in chosen:
        units = (*candidate.frame, candidate.unit)
        text = corpus.text_of(candidate.hit.document.id)
        pieces = [cite(unit, candidate.hit, text, len(quoted) + 1) for unit in units]
        if all(pieces):
            citations = tuple(citation for piece in pieces if piece for citation in piece)
            joiner = "\n" if candidate.frame else " "
            quoted.append(Sentence(joiner.join(unit.text for unit in units), "quote", citations))
    return tuple(quoted)


def _two_figures(
    other: Disagreement | None, found: Sequence[Candidate], chosen: Sequence[int], quoted: Sequence[Sentence]
) -> tuple[Sentence, ...]:
    """What is said above two quotes that disagree, if both could be placed."""
    if other is None or [sentence.text for sentence in quoted[:2]] != [found[number].text for number in chosen[:2]]:
        return ()
    return (Sentence(TWO_FIGURES.format(first=other.first, second=other.second), "framing"),)


def _nearest(evidence: Evidence, candidate: Candidate, corpus: Corpus) -> tuple[Sentence, ...]:
    """The nearest fact that the corpus does hold, as what it is; nothing where even that is about something else."""
    if max(evidence.dense, evidence.multilingual) < NEAR:
        return ()
    quoted = _quote([candidate], corpus)
    return (Sentence(NEAREST, "framing"), *quoted) if quoted else ()


def _why(judged: Judged, chosen: Sequence[int]) -> str:
    """What the nearest passages lack, in a sentence: whole words of the question."""
    asked = judged.asked
    have = set().union(*(known_around(judged.found[number]) for number in chosen)) if chosen else set()
    names = [match.group() for match in NAME.finditer(asked.text) if set(terms(match.group())) & set(asked.names)]
    wanted = [*asked.years, *asked.figures, *(name for name in dict.fromkeys(names) if not set(terms(name)) <= have)]
    lacking = [item for item in wanted if item not in have]
    if lacking:
        return f"The nearest passages do not hold {', '.join(lacking)} together with the rest of the question."
    return "Nothing in it answers this closely enough to be quoted as an answer."


def _refusal(question: Standalone, hits: Sequence[Hit], confidence: float, why: str, corpus: Corpus) -> Answer:
    return Answer(
        question=question.message,
        standalone_question=question.question,
        answered=False,
        reason=f"Not in this corpus: looked for “{question.question}”. {why}",
        confidence=round(confidence, 4),
        sentences=(),
        hits=tuple(hits),
        index_fingerprint=corpus.fingerprint,
    )
