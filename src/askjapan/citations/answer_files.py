"""Loads answers from JSON files and JSON data, checked field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askjapan.errors import AnswerFileError
from askjapan.foreign_data import parse_json
from askjapan.records import Answer

if TYPE_CHECKING:
    from pydantic import TypeAdapter

ANSWER_FORMAT = "askjapan answer 1"
CONVERSATION_FORMAT = "askjapan conversation 1"


def load_answers(path: Path) -> list[dict[str, Any]]:
    """The answers of a JSON file with one answer or a conversation, in order, as checked JSON data.

    Raises:
        AnswerFileError: the file cannot be opened, is no JSON, or is no answer; says which field is wrong.
    """
    try:
        data = parse_json(path.read_bytes())
    except OSError as error:
        raise AnswerFileError(f"{path} cannot be opened: {error.strerror or error}.") from error
    except ValueError as error:
        raise AnswerFileError(f"{path} is not JSON: {error}.") from error
    answers = _answers_in(data, str(path))
    for number, answer in enumerate(answers):
        answer_of(answer, f"{path}: answers[{number}]" if len(answers) > 1 else str(path))
    return answers


def answer_of(data: object, where: str = "answer") -> Answer:
    """The record that `Answer.to_dict()` was made from; keys that the record does not have are passed over.

    Args:
        data: an answer as JSON data.
        where: how errors name it.

    Raises:
        AnswerFileError: the format is another one, a field is missing or of the wrong type, or the data is not JSON.
    """
    form = data.get("format") if isinstance(data, Mapping) else None
    if form != ANSWER_FORMAT:
        raise AnswerFileError(f"{where} is not an answer: its format is {form!r}, not {ANSWER_FORMAT!r}.")
    from pydantic import ValidationError

    try:
        # In strict mode only JSON input may have lists where the records have tuples.
        return _answers().validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
        raise AnswerFileError(f"{where}{place} cannot be used: {first['msg']}.") from error
    except (TypeError, ValueError) as error:
        raise AnswerFileError(f"{where} is not JSON data: {error}.") from error


@cache
def _answers() -> TypeAdapter[Answer]:
    """Made once: that takes ten times as long as to check an answer, and a conversation may have hundreds."""
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)


def _answers_in(data: object, where: str) -> list[dict[str, Any]]:
    form = data.get("format") if isinstance(data, dict) else None
    if isinstance(data, dict) and form == ANSWER_FORMAT:
        return [data]
    if isinstance(data, dict) and form == CONVERSATION_FORMAT:
        answers = data.get("answers")
        if isinstance(answers, list) and all(isinstance(answer, dict) for answer in answers):
            return answers
        raise AnswerFileError(f"{where} is a conversation whose `answers` is not a list of answers.")
    raise AnswerFileError(f"{where} is not an answer: its format is {form!r}, not {ANSWER_FORMAT!r} or {CONVERSATION_FORMAT!r}.")
