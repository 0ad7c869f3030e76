"""Hits → an answer made of quotes, or a refusal that says what was looked for and what was near."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from askjapan.answering.candidate_features import unit_features
from askjapan.answering.candidates import Candidate, candidates_of
from askjapan.answering.cite import cite
from askjapan.answering.confidence import confidence_features, unmet
from askjapan.answering.conflicts import Disagreement, disagreement
from askjapan.answering.fitted import Rule, confidence_model, unit_model
from askjapan.answering.question import Asked, DocumentFrequency, read_question
from askjapan.language.scripts import is_foreign
from askjapan.records import Answer, Hit, Sentence
from askjapan.retrieval.evidence import Evidence, Floats
from askjapan.retrieval.follow_up import Standalone

REPLIES = {
    "greeting": "Hello. Ask a question about Japan in the world; the answer is made of quotes from the works in this corpus.",
    "thanks": "You are welcome. Each number in an answer leads to the place where the quote stands.",
    "abilities": "I answer questions from the works in this corpus alone, in English, Japanese and other languages, with quotes "
    "that can be checked in the files, and say so when the corpus does not hold the answer.",
}


NEAREST = "The nearest that the corpus says, which does not answer this:"
TWO_FIGURES = "The corpus gives two figures for this, {first} and {second}; here is each as it stands, with what it counts."
NEAR, NEAR_OTHER_SCRIPT = 0.42, 0.35
"""A refused question's best quote is offered from this cosine on: nine in ten questions about other things stay below it."""


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


def compose(
    question: Standalone,
    hits: Sequence[Hit],
    evidence: Evidence,
    corpus: Corpus,
    *,
    most: int | None = None,
    threshold: float | None = None,
) -> Answer:
    """Choose the units that answer, or refuse.

    Args:
        question: as it was retrieved.
        hits: in rank order, and `evidence` about them in the same order.
        corpus: of the index.
        most: quote at most so many units; the fitted rule's number by default.
        threshold: refuse below this confidence; the fitted one by default.
    """
    # The same test of the script as in retrieval, so that models and evidence are of one kind.
    asked = read_question(evidence.text, corpus.frequency, corpus.passages, is_foreign(evidence.text))
    found = candidates_of(evidence)
    if not found:
        return _refusal(question, hits, 0.0, "The passages found hold no sentence that could be quoted.", corpus)
    if not asked.stems:
        return _refusal(question, hits, 0.0, "It holds no word that could be looked for.", corpus)
    fitted = unit_model(asked.other_script)
    features = unit_features(asked, evidence, found)
    logits = fitted.model.logits(features)
    judge = confidence_model()
    confidence = judge.probability(confidence_features(asked, evidence, found, features, logits))
    rule = fitted.rule if most is None else replace(fitted.rule, most=most)
    chosen = choose(evidence, found, logits, rule)
    if confidence < (judge.threshold_for(asked.other_script) if threshold is None else threshold):
        refusal = _refusal(question, hits, confidence, _why(asked, evidence, found, chosen), corpus)
        return replace(refusal, sentences=_nearest(asked, evidence, found[chosen[0]], hits, corpus))
    other = disagreement(asked, evidence, found, logits, chosen[0]) if rule.most > 1 else None
    if other:
        chosen = [chosen[0], other.number, *(number for number in chosen[1:] if number != other.number)][: rule.most]
    quoted = _quote([found[number] for number in chosen], hits, corpus)
    if not quoted:
        return _refusal(question, hits, confidence, "No quote could be placed exactly in its file.", corpus)
    framing = _two_figures(other, found, chosen, quoted)
    return Answer(
        question=question.message,
        standalone_question=question.question,
        answered=True,
        reason="",
        confidence=round(confidence, 4),
        sentences=(*framing, *quoted),
        hits=tuple(hits),
        index_fingerprint=corpus.fingerprint,
    )


def choose(evidence: Evidence, found: Sequence[Candidate], logits: Floats, rule: Rule) -> list[int]:
    """The numbers of the candidates to quote, the most direct first."""
    chosen: list[int] = []
    framed: set[int] = set()
    words = 0
    for number in (int(place) for place in np.argsort(-logits, kind="stable")):
        if _repeats(evidence, found, chosen, number, rule.same):
            continue
        candidate = found[number]
        # Caption and header are shown once for all rows of a table.
        frame = candidate.frame if candidate.passage not in framed else ()
        size = sum(len(unit.text.split()) for unit in (*frame, candidate.unit))
        if chosen and words + size > rule.budget and logits[number] < rule.strong:
            break
        chosen.append(number)
        framed |= {candidate.passage} if candidate.frame else set()
        words += size
        if len(chosen) == rule.most:
            break
    return chosen


def _repeats(evidence: Evidence, found: Sequence[Candidate], chosen: Sequence[int], number: int, same: float) -> bool:
    """Whether a unit says what a chosen one says; rows of a table are alike by nature and never repeat each other."""
    mine = evidence.vectors[found[number].passage][found[number].number]
    for other in chosen:
        theirs = evidence.vectors[found[other].passage][found[other].number]
        if found[other].unit.kind != "row" and float(mine @ theirs) > same:
            return True
    return False


def _quote(chosen: Sequence[Candidate], hits: Sequence[Hit], corpus: Corpus) -> tuple[Sentence, ...]:
    """Quotes with their citations; a unit of which any part does not resolve exactly is left out."""
    quoted: list[Sentence] = []
    for candidate in chosen:
        hit = hits[candidate.passage]
        units = (*candidate.frame, candidate.unit)
        text = corpus.text_of(hit.document.id)
        pieces = [cite(unit, hit, text, len(quoted) + 1) for unit in units]
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


def _nearest(asked: Asked, evidence: Evidence, candidate: Candidate, hits: Sequence[Hit], corpus: Corpus) -> tuple[Sentence, ...]:
    """The nearest fact that the corpus does hold, as what it is; nothing where even that is about something else."""
    if float(evidence.cosines[candidate.passage][candidate.number]) < (NEAR_OTHER_SCRIPT if asked.other_script else NEAR):
        return ()
    quoted = _quote([candidate], hits, corpus)
    return (Sentence(NEAREST, "framing"), *quoted) if quoted else ()


def _why(asked: Asked, evidence: Evidence, found: Sequence[Candidate], chosen: Sequence[int]) -> str:
    """What the nearest passages lack, in a sentence."""
    lacking = unmet(asked, evidence, found, chosen)
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
