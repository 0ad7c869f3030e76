"""Loads questions with known answers (docs/evaluation.md gives the form) and checks whether a text holds an answer.

A text *holds* an answer when it contains at least one alternative from each inner list of `answer_any`. Both are compared after NFKC, in
lower case, with plain quotes and dashes and single spaces. A number only counts where no further digit adjoins it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from askjapan.errors import EvaluationError
from askjapan.foreign_data import parse_json

_FOLDED = str.maketrans("’‘“”−–—", "''\"\"---")


@dataclass(frozen=True, slots=True)
class Question:
    """One question; without `answer_any` the corpus does not answer it.

    `works` are document ids or beginnings of file names; a passage of another work never counts as right. Without any, all works count.
    `evidence` are stretches of text that a relevant passage contains; `context` are the earlier messages, oldest first.
    """

    id: str
    text: str
    language: str
    type: str
    works: tuple[str, ...] = ()
    answer_any: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[str, ...] = ()
    context: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        return bool(self.answer_any)


def load_questions(path: Path) -> list[Question]:
    """Read a JSONL file of questions.

    Raises:
        EvaluationError: the file cannot be read, is not UTF-8 or has no questions; or a line is not JSON, lacks a field, has one of the wrong
            type or repeats an id. The message names the line.
    """
    try:
        # Not splitlines(): a string in JSON may hold other line separators than the line feed.
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path} is not UTF-8 text.") from error
    questions: dict[str, Question] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                question = _question(parse_json(line))
            except _BadField as error:
                raise EvaluationError(f"{path}, line {number}: {error}.") from error
            except ValueError as error:
                reason = error.msg if isinstance(error, json.JSONDecodeError) else error
                raise EvaluationError(f"{path}, line {number}, is not JSON: {reason}.") from error
            if question.id in questions:
                raise EvaluationError(f"{path}, line {number}: the id {question.id!r} is there already.")
            questions[question.id] = question
    if not questions:
        raise EvaluationError(f"There are no questions in {path}.")
    return list(questions.values())


class _BadField(Exception):
    """A line's field is missing or of the wrong type; the message says which."""


def _question(data: object) -> Question:
    if not isinstance(data, dict):
        raise _BadField("it is not a JSON object")
    answer_any = data.get("answer_any", [])
    if not isinstance(answer_any, list):
        raise _BadField("'answer_any' is not a list of lists")
    return Question(
        id=_text(data, "id"),
        text=_text(data, "question"),
        language=_text(data, "language", "en"),
        type=_text(data, "type", _text(data, "kind", "")),
        works=_texts(data.get("doc", []), "doc"),
        answer_any=tuple(_texts(alternatives, "answer_any", least=1) for alternatives in answer_any),
        evidence=_texts(data.get("evidence", []), "evidence"),
        context=_texts(data.get("context", []), "context"),
    )


def _text(data: Mapping[str, object], name: str, default: str | None = None) -> str:
    value = data.get(name, default)
    if value is None:
        raise _BadField(f"the field {name!r} is missing")
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise _BadField(f"{name!r} is not a text")
    return value


def _texts(value: object, name: str, least: int = 0) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) < least or not all(isinstance(item, str) for item in value):
        raise _BadField(f"{name!r} is not a list of {'lists of ' if least else ''}texts")
    return tuple(value)


def holds(text: str, answer_any: Sequence[Sequence[str]]) -> bool:
    """Whether a text holds an answer; see the module's docstring."""
    folded = _fold(text)
    return all(any(_stands_in(folded, alternative) for alternative in alternatives) for alternatives in answer_any)


def _fold(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).lower().translate(_FOLDED))


def _stands_in(folded: str, alternative: str) -> bool:
    wanted = _fold(alternative).strip()
    if not wanted:
        return False
    before = r"(?<![\d.,])" if wanted[0].isdigit() else ""
    after = r"(?![\d]|[.,]\d)" if wanted[-1].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, folded) is not None
