"""Fills a matrix of questions and works: each question is asked of each work separately and gets its best quote or a refusal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from askjapan.errors import QuestionError
from askjapan.findings import Matrix, MatrixRow
from askjapan.records import Answer, Document
from askjapan.retrieval.follow_up import Standalone, stand_alone
from askjapan.sayings import Saying

MOST_QUESTIONS = 20
CellProgress = Callable[[int, int], None]


def fill(
    questions: Sequence[str],
    works: Sequence[Document],
    answer: Callable[[Standalone, Document], Answer],
    fingerprint: str,
    progress: CellProgress = lambda done, total: None,
) -> Matrix:
    """Ask every question of every work.

    Args:
        questions: as typed; empty ones and repetitions are left out.
        works: the rows, in their order.
        answer: answers a question from one work alone.
        fingerprint: the fingerprint of the index.
        progress: called with the number of filled cells and the total.

    Raises:
        QuestionError: there is no question or too many, or one is too long, has no letters or digits, or is only a greeting or the like.
    """
    asked = [
        stand_alone(question) for question in dict.fromkeys(" ".join(question.split()) for question in questions) if question
    ]
    if not asked:
        raise QuestionError("No question was given.", "Give one or several questions.")
    if len(asked) > MOST_QUESTIONS:
        raise QuestionError(
            f"A matrix has at most {MOST_QUESTIONS} questions, not {len(asked)}.", "Ask the rest in a second one."
        )
    for question in asked:
        if question.kind != "question":
            raise QuestionError(f"{question.message!r} is no question to the works.", "Ask what a work can say.")
    total = len(works) * len(asked)
    rows: list[MatrixRow] = []
    for work in works:
        cells = []
        for question in asked:
            cells.append(_cell(answer(question, work)))
            progress(len(rows) * len(asked) + len(cells), total)
        rows.append(MatrixRow(work, tuple(cells)))
    return Matrix(tuple(question.message for question in asked), tuple(rows), fingerprint)


def _cell(answer: Answer) -> Answer:
    """An answer as it is; a refusal with a reason about one work and without the nearest quote."""
    if answer.answered:
        return answer
    reason = Saying.of("not_in_this_work", question=answer.standalone_question)
    return replace(answer, reason=str(reason), sentences=(), saying=reason)
