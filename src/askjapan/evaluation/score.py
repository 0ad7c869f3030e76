"""Scores retrieval, answers, citations and refusals on questions with known answers."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from askjapan.assistant import Assistant
from askjapan.citations.labels import language_of
from askjapan.citations.render import block_lines, sentence_blocks
from askjapan.errors import EvaluationError
from askjapan.evaluation.questions import Question, holds
from askjapan.language.quotation import normalise, same
from askjapan.language.words import count_words, cut_to_words
from askjapan.records import Answer, Hit

DEPTH = 60
BUDGETS = (250, 500, 1000)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one question.

    `held` maps a word budget to whether that many retrieved words hold the whole answer, `first_passage` says the same of the first hit.
    `relevant` are the ids of relevant passages, `ranked` the scores of the retrieved ones. `words` are those of the answer as shown.
    """

    question: Question
    answered: bool
    confidence: float
    held: Mapping[int, bool]
    first_passage: bool
    right_answer: bool
    words: int
    sentences: int
    citations: int
    valid_citations: int
    relevant: Mapping[str, int]
    ranked: Mapping[str, float]


def evaluate(
    assistant: Assistant,
    questions: Sequence[Question],
    progress: Callable[[int, int], None] = lambda done, total: None,
    aliases: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Ask every question and score what comes back.

    Args:
        assistant: an assistant with the index to evaluate.
        questions: answerable and unanswerable ones.
        progress: called with the number done and the total.
        aliases: other names of works in the questions' `works`, mapped to document ids.

    Returns:
        JSON-ready figures: `groups` maps a group of questions ("all", a language, "type: …") to its measures; `questions` gives
        each outcome.

    Raises:
        EvaluationError: there are no questions, two have the same id, or one names a work that the index does not hold.
    """
    if not questions:
        raise EvaluationError("There are no questions.")
    repeated = [id_ for id_, times in Counter(question.id for question in questions).items() if times > 1]
    if repeated:
        raise EvaluationError(f"The id {repeated[0]!r} stands in two question files.")
    outcomes = []
    for number, question in enumerate(questions):
        progress(number, len(questions))
        outcomes.append(run_question(assistant, question, aliases or {}))
    progress(len(questions), len(questions))
    groups = {"all": outcomes}
    for outcome in outcomes:
        groups.setdefault(outcome.question.language, []).append(outcome)
    for outcome in outcomes:
        if outcome.question.answerable:
            groups.setdefault(f"type: {outcome.question.type}", []).append(outcome)
    return {
        "fingerprint": assistant.index.manifest.fingerprint,
        "groups": {name: measures(members) for name, members in groups.items()},
        "questions": [_line(outcome) for outcome in outcomes],
    }


def run_question(assistant: Assistant, question: Question, aliases: Mapping[str, str]) -> Outcome:
    """Retrieve and answer one question.

    Raises:
        EvaluationError: the question names a work that the index does not hold.
    """
    hits = assistant.retrieve(question.text, k=DEPTH, history=question.context)
    answer = assistant.ask(question.text, history=question.context)
    right = _right_documents(assistant, question, aliases)
    works = right | {assistant.index.documents[id_].edition_of for id_ in right}
    # What answers a question may be written for a note's first edition; the other one says the same, sentence by sentence.
    readings = (hits, assistant.in_first_edition(hits))
    said = (" ".join(sentence.text for sentence in answer.sentences), " ".join(_parallel_texts(answer)))
    relevant = _relevant(assistant, question, right)
    return Outcome(
        question=question,
        answered=answer.answered,
        confidence=answer.confidence,
        held={budget: _hold((_kept(each, budget, works) for each in readings), question) for budget in BUDGETS},
        first_passage=_hold((_of_right(each[:1], works) for each in readings), question),
        right_answer=answer.answered and _hold(said, question),
        words=_words(answer),
        sentences=len(answer.sentences),
        citations=len(answer.citations),
        valid_citations=sum(_valid(assistant, answer)),
        relevant=relevant,
        ranked={hit.passage.id: hit.score for hit in hits},
    )


def _hold(texts: Iterable[str], question: Question) -> bool:
    """Whether one of the texts holds the whole answer; False for a question without an answer."""
    return question.answerable and any(holds(text, question.answer_any) for text in texts)


def _parallel_texts(answer: Answer) -> list[str]:
    return [citation.parallel.text for citation in answer.citations if citation.parallel]


def _words(answer: Answer) -> int:
    """Number of words of an answer as shown: caption and header of a table once, without the citation numbers."""
    language = language_of([answer.question])
    blocks = sentence_blocks(answer.sentences)
    lines = (line for block in blocks for line in block_lines(block, numbered=False, language=language))
    return sum(count_words(line) for line in lines)


def _right_documents(assistant: Assistant, question: Question, aliases: Mapping[str, str]) -> set[str]:
    # Of a study note only the edition that this question may be shown.
    shown = [assistant.index.documents[id_] for id_ in assistant.shown_documents(question.text)]
    if not question.works:
        return {document.id for document in shown}
    right: set[str] = set()
    for work in question.works:
        name = aliases.get(work, work)
        names = (name, f"{name}-note")
        ids = {d.id for d in shown if (d.edition_of or d.id) in names or Path(d.path).name.startswith(f"{name}_")}
        if not ids:
            raise EvaluationError(
                f"Question {question.id} is about the work {work!r}, which the index does not hold.",
                "Index that work first, or say with --works which works the names stand for.",
            )
        right |= ids
    return right


def _kept(hits: Sequence[Hit], budget: int, right: set[str]) -> str:
    return " ".join(text for hit, text in first_words(hits, budget) if hit.document.id in right)


def _of_right(hits: Sequence[Hit], right: set[str]) -> str:
    return " ".join(hit.passage.text for hit in hits if hit.document.id in right)


@lru_cache(maxsize=100_000)
def _normal(text: str) -> str:
    """Cached `normalise`, since every question uses the same passages."""
    return normalise(text)


def _relevant(assistant: Assistant, question: Question, right: set[str]) -> dict[str, int]:
    """Ids of the passages that hold a stretch of the evidence, or the whole answer where no passage does; each with relevance 1."""
    candidates = [passage for id_ in assistant.index.documents if id_ in right for passage in assistant.index.passages_of(id_)]
    wanted = [normalise(span) for span in question.evidence]
    with_evidence = {passage.id: 1 for passage in candidates if any(span in _normal(passage.text) for span in wanted)}
    both = ((passage, (passage, *assistant.parallels(passage))) for passage in candidates)
    return with_evidence or {passage.id: 1 for passage, each in both if _hold((one.text for one in each), question)}


def _valid(assistant: Assistant, answer: Answer) -> list[bool]:
    valid = []
    for citation in answer.citations:
        document = assistant.index.documents[citation.document_id]
        page = next((p for p in document.pages if p.number == citation.page), None)
        base = page.start if citation.offsets == "page" and page else 0
        valid.append(same(assistant.text(document.id)[base + citation.start : base + citation.end], citation.quote))
    return valid


def measures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Measures of a group of questions by name; those that do not apply to its questions are left out.

    `AR@n` is the share of answerable questions whose whole answer is in the first n retrieved words.
    """
    answerable = [outcome for outcome in outcomes if outcome.question.answerable]
    figures: dict[str, float] = {"questions": len(outcomes)}
    if answerable:
        figures |= {f"AR@{budget}": _share(outcome.held[budget] for outcome in answerable) for budget in BUDGETS}
        figures["first passage"] = _share(outcome.first_passage for outcome in answerable)
        figures |= _ranking(answerable)
        figures["right answer"] = _share(outcome.right_answer for outcome in answerable)
        answered = [outcome for outcome in answerable if outcome.answered]
        if answered:
            figures["median words"] = statistics.median(outcome.words for outcome in answered)
            figures["median sentences"] = statistics.median(outcome.sentences for outcome in answered)
    citations = sum(outcome.citations for outcome in outcomes)
    if citations:
        figures["valid citations"] = sum(outcome.valid_citations for outcome in outcomes) / citations
    return figures | _refusal(outcomes)


def _share(values: Iterable[bool]) -> float:
    outcomes = list(values)
    return sum(outcomes) / len(outcomes)


def _ranking(outcomes: Sequence[Outcome]) -> dict[str, float]:
    import ir_measures
    from ir_measures import RR, R, nDCG

    judged = {outcome.question.id: dict(outcome.relevant) for outcome in outcomes if outcome.relevant}
    if not judged:
        return {}
    run = {outcome.question.id: dict(outcome.ranked) for outcome in outcomes if outcome.relevant}
    wanted = {"recall@5": R @ 5, "recall@10": R @ 10, "MRR": RR, "nDCG@10": nDCG @ 10}
    scored = ir_measures.calc_aggregate(list(wanted.values()), judged, run)
    return {name: float(scored[measure]) for name, measure in wanted.items()}


def _refusal(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Precision and recall of refusals, and the AUROC of the confidence for answerable against unanswerable questions."""
    unanswerable = [outcome for outcome in outcomes if not outcome.question.answerable]
    answerable = [outcome for outcome in outcomes if outcome.question.answerable]
    if not unanswerable or not answerable:
        return {}
    refused = [outcome for outcome in outcomes if not outcome.answered]
    right = sum(not outcome.question.answerable for outcome in refused)
    precision = {"refusal precision": right / len(refused)} if refused else {}
    return precision | {
        "refusal recall": right / len(unanswerable),
        "confidence AUROC": auroc([o.confidence for o in answerable], [o.confidence for o in unanswerable]),
    }


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Area under the ROC curve: the probability that a random positive scores above a random negative; ties count half.

    Both need at least one score.
    """
    wins = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


def _line(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.question.id,
        "answered": outcome.answered,
        "confidence": outcome.confidence,
        "right answer": outcome.right_answer,
        "first passage": outcome.first_passage,
        "words": outcome.words,
        **{f"AR@{budget}": held for budget, held in outcome.held.items()},
    }


def summary_rows(figures: Mapping[str, Any]) -> list[list[str]]:
    """The figures as rows of a table: a measure a row, a group a column."""
    groups: Mapping[str, Mapping[str, float]] = figures["groups"]
    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    return [[name, *(_shown(name, group.get(name)) for group in groups.values())] for name in names]


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if name == "questions" or name.startswith("median") else f"{value:.3f}"


def first_words(hits: Sequence[Hit], budget: int) -> list[tuple[Hit, str]]:
    """The hits with their texts, up to `budget` words in all; the last text is cut there."""
    taken: list[tuple[Hit, str]] = []
    for hit in hits:
        taken.append((hit, cut_to_words(hit.passage.text, budget)))
        budget -= count_words(hit.passage.text)
        if budget <= 0:
            break
    return taken
