"""Scores answers to broad questions (overviews, comparisons, lists, causes) by the share of key points in their quotes.

A file has one question a line: `{"id", "question", "points": [[alternative, …], …]}`. A point counts when one quote holds all words of one of
its alternatives. A word counts where a word of the quote begins with it; a Japanese one counts anywhere in the quote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any, Protocol

from askjapan.errors import EvaluationError
from askjapan.foreign_data import parse_json
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import fold
from askjapan.language.words import count_words
from askjapan.records import Answer

QuestionProgress = Callable[[int, int], None]
_WORD = re.compile(r"[^\W_]+(?:[.,][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class BroadQuestion:
    """A question with its key points, each a tuple of alternative wordings."""

    id: str
    text: str
    points: tuple[tuple[str, ...], ...]


class Asks(Protocol):
    """Anything that answers questions."""

    def ask(self, question: str) -> Answer:
        """The answer to a question."""


def load_broad(path: Path) -> list[BroadQuestion]:
    """Read a file of broad questions.

    Raises:
        EvaluationError: the file cannot be read or has no questions, or a line is not of the form above; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}.", "Check the path.") from error
    questions = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = parse_json(line)
            points = tuple(tuple(str(one) for one in alternatives) for alternatives in data["points"])
            questions.append(BroadQuestion(str(data["id"]), str(data["question"]), points))
        except (ValueError, KeyError, TypeError) as error:
            raise EvaluationError(f"{path}, line {number}, is no broad question: {error!r}.") from error
    if not questions:
        raise EvaluationError(f"There are no questions in {path}.")
    return questions


def states(quote: str, alternative: str) -> bool:
    """Whether a quote holds all words of an alternative."""
    text = fold(quote).replace(",", "")
    words = _WORD.findall(text)
    return all(
        wanted in text if is_foreign(wanted) else any(word.startswith(wanted) for word in words)
        for wanted in fold(alternative).split()
    )


def touched(answer: Answer, question: BroadQuestion) -> list[bool]:
    """For each key point, whether a quote of the answer states it."""
    quotes = [sentence.text for sentence in answer.sentences if sentence.kind == "quote"] if answer.answered else []
    return [any(states(quote, one) for quote in quotes for one in point) for point in question.points]


def evaluate_broad(assistant: Asks, questions: Sequence[BroadQuestion], progress: QuestionProgress) -> dict[str, Any]:
    """Share of key points that the answers state, over all points, with words quoted and a row for each question; JSON-ready.

    `questions` needs at least one question with a point; `progress` is called with the number done and the total.
    """
    rows: list[dict[str, Any]] = []
    for number, question in enumerate(questions, 1):
        answer = assistant.ask(question.text)
        hits = touched(answer, question)
        words = sum(count_words(sentence.text) for sentence in answer.sentences if sentence.kind == "quote")
        rows.append({"id": question.id, "kind": answer.kind, "touched": sum(hits), "points": len(hits), "words": words})
        progress(number, len(questions))
    points = sum(row["points"] for row in rows)
    return {
        "questions": len(rows),
        "points": points,
        "touched": round(sum(row["touched"] for row in rows) / points, 3),
        "median words": median(row["words"] for row in rows),
        "mean words": round(mean(row["words"] for row in rows), 1),
        "most words": max(row["words"] for row in rows),
        "rows": rows,
    }
