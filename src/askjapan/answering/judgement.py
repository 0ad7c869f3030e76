"""Scores the candidates of a question (logits) and the confidence: the probability that the corpus answers it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from askjapan.answering.calibration import AnswerModel, answer_model, corpus_signals
from askjapan.answering.candidates import MARGIN, Candidate, all_signals
from askjapan.answering.question import Asked, DocumentFrequency, read_question
from askjapan.answering.quoting.quotations import Around, Beside, says_something
from askjapan.index.storage.store import Index
from askjapan.language.glossary import glossed_terms
from askjapan.language.scripts import is_foreign
from askjapan.records import Passage
from askjapan.retrieval.evidence import Evidence
from askjapan.retrieval.readers.opened import ReadBy

NEAR = 0.42
"""Least cosine of a refused question with a passage for its best quote to be shown; most questions on other subjects are below it."""
NEAR_TERMS = 0.2
"""Least share of the question's term weight in or around the best quote of a refused question for it to be shown."""
BEST = 4
"""Number of best units that are searched for the year asked for."""
ANOTHER = 0.9
"""Share of the threshold that limits the confidence where what is found is of another year, place or person than the one asked for."""
BY_FAR = 1.5
"""Gap in logits above all other units from which a heading or a reference is quoted."""
FURTHER = 0.5
"""Log-odds by which passages in another language than the question's must be surer than those in its own."""
_NAMED = re.compile(r"[ァ-ヴー一-鿿々]{2,}")
_QUOTED = re.compile(r"[「『]([^「」『』]{2,20})[」』](?!について、)")
Preference = Callable[[Asked, Candidate], float]
"""Function that gives what a kind of question adds to the logit of a candidate."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Parts of the index that an answer needs.

    `text_of` gives a document's text by its id, `frequency` the number of passages that hold a term, `passages` is the number of passages,
    and `before` and `after` give the neighbours of a passage in its document.
    """

    text_of: Callable[[str], str]
    frequency: DocumentFrequency
    passages: int
    fingerprint: str
    before: Beside | None = None
    after: Beside | None = None

    @classmethod
    def of(cls, index: Index, text_of: Callable[[str], str]) -> Corpus:
        """The parts of an index; `text_of` gives a document's text as read by its id."""

        def beside(passage: Passage, side: int) -> Passage | None:
            return index.neighbours(index.numbers[passage.id])[side]

        lexical, fingerprint = index.lexical, index.manifest.fingerprint
        return cls(
            text_of,
            lexical.document_frequency,
            lexical.size,
            fingerprint,
            lambda passage: beside(passage, 0),
            lambda passage: beside(passage, 1),
        )

    @property
    def around(self) -> Around:
        """Access to the texts and passages around a unit."""
        return Around(self.text_of, self.before, self.after)


@dataclass(frozen=True, slots=True)
class Judged:
    """Candidates of a question with their signals and logits by the unit model.

    `confidence` is the probability that the corpus holds the answer.
    """

    asked: Asked
    candidates: Sequence[Candidate]
    signals: Sequence[Mapping[str, float]]
    logits: Sequence[float]
    model: AnswerModel
    confidence: float


def judge(evidence: Evidence, candidates: Sequence[Candidate], corpus: Corpus) -> Judged | None:
    """Score the candidates and the confidence; None where the question has neither content terms nor years.

    Passages in different languages are judged by what reads each, and what no reader has read by itself; the result is the one that is
    furthest above the threshold of its model, less `FURTHER` for those in another language than the question beside some in its own. Where
    that is below it, what a reader has read goes first, in the question's language if there is any.
    """
    parts: dict[ReadBy, list[Candidate]] = {"english": [], "japanese": [], "nobody": []}
    for candidate in candidates:
        parts[candidate.by].append(candidate)
    known = {by: judged for by, some in parts.items() if some and (judged := _judge(evidence, some, corpus))}
    for by in ("japanese", "nobody"):
        if "english" in known and by in known and _is_named_in(evidence.question, parts[by]):
            return known[by]
    if not known:
        return None
    own = {by for by in known if (by != "english") == is_foreign(evidence.question)}
    sure = {by: _surety(judged) - (FURTHER if own and by not in own else 0.0) for by, judged in known.items()}
    best = max(sure, key=lambda by: sure[by])
    if sure[best] < 0:
        best = max(sure, key=lambda by: (by != "nobody", by in own, sure[by]))
    return known[best]


def _surety(judged: Judged) -> float:
    """How far, in log-odds, the confidence is above the threshold of its own model."""
    confidence, limit = (min(max(value, 1e-6), 1 - 1e-6) for value in (judged.confidence, judged.model.threshold))
    return math.log(confidence / (1 - confidence)) - math.log(limit / (1 - limit))


def _is_named_in(question: str, candidates: Sequence[Candidate]) -> bool:
    """Whether a Japanese question has a name or a quoted term that no English wording carries, and one of the passages has it.

    Passages in English, which know nothing of it, are then about something else.
    """
    rest = question
    for term, _ in sorted(glossed_terms(question), key=lambda pair: -len(pair[0])):
        rest = rest.replace(term, " ")
    wanted = {*_NAMED.findall(rest), *_QUOTED.findall(question)}
    return any(
        name in f"{one.hit.document.title} {one.passage.section} {one.passage.text}" for name in wanted for one in candidates
    )


def compare(
    evidence: Evidence, candidates: Sequence[Candidate], frequency: DocumentFrequency, size: int
) -> tuple[Asked, list[Mapping[str, float]]]:
    """The analysed question and the signals of its candidates; the models are fitted on the same signals.

    Args:
        evidence: the evidence of the question.
        candidates: at least one, all read by the same.
        frequency, size: the number of passages that hold a term, and the number of passages of the corpus.
    """
    text = evidence.text if candidates[0].by == "english" else evidence.question
    asked = read_question(text, frequency, size, evidence.question)
    return asked, all_signals(asked, candidates)


def _judge(evidence: Evidence, candidates: Sequence[Candidate], corpus: Corpus) -> Judged | None:
    asked, signals = compare(evidence, candidates, corpus.frequency, corpus.passages)
    if not asked.weights and not asked.years:
        return None
    model = answer_model(candidates[0].by)
    logits = [model.unit.logit(one) for one in signals]
    confidence = model.corpus.probability(corpus_signals(asked, evidence, candidates, signals, logits))
    if _is_of_another_year(asked, signals, logits):
        confidence = min(confidence, ANOTHER * model.threshold)
    return Judged(asked, candidates, signals, logits, model, confidence)


def _is_of_another_year(asked: Asked, signals: Sequence[Mapping[str, float]], logits: Sequence[float]) -> bool:
    """Whether a figure of one year is asked for, and none of the best units names that year, in its text or around it."""
    if len(asked.years) != 1 or not asked.kinds & {"number", "percent"}:
        return False
    best = sorted(range(len(logits)), key=lambda number: -logits[number])[:BEST]
    return not any(signals[number]["years"] for number in best)


def is_near(evidence: Evidence, judged: Judged, best: int) -> bool:
    """Whether the best quote for a refused question is near it: the best cosine is at least `NEAR` and the quote has enough of the
    question's terms, or the reader of Japanese takes its passage for an answer.
    """
    candidate = judged.candidates[best]
    if judged.signals[best]["cover_around"] >= NEAR_TERMS and max(evidence.dense, evidence.multilingual) >= NEAR:
        return True
    return candidate.by == "japanese" and candidate.answers is not None and candidate.answers >= 0


def preferred(judged: Judged, prefer: Preference | None = None) -> list[float]:
    """Logits by which quotes are chosen: those of the unit model plus what `prefer` adds; headings and references are put last."""
    logits = [
        logit + (prefer(judged.asked, candidate) if prefer else 0.0)
        for candidate, logit in zip(judged.candidates, judged.logits, strict=True)
    ]
    says = [says_something(candidate) for candidate in judged.candidates]
    top = max((logit for logit, useful in zip(logits, says, strict=True) if useful), default=-math.inf)
    return [
        logit if useful or logit > top + BY_FAR else min(logit, top) - MARGIN for logit, useful in zip(logits, says, strict=True)
    ]
