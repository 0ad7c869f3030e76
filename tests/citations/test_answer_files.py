"""Files of answers: read back field by field, or refused in words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pydantic
import pytest

from askjapan.citations.answer_files import answer_of, load_answers
from askjapan.citations.verify import verify
from askjapan.errors import AnswerFileError
from askjapan.records import Citation, Sentence, Unit
from tests.support.citations import QUOTE, answered, cited, document, hit, only, quoting


def written(path: Path, data: object) -> Path:
    path.write_text(json.dumps(data))
    return path


def test_an_answer_file_is_read_and_gives_back_the_same_answer(harbour: Path, tmp_path: Path) -> None:
    unit = Unit(QUOTE, ((12, 44),))
    answer = answered(Sentence(QUOTE, "quote", (cited(harbour, QUOTE),)), hits=(hit(document(harbour), unit),))
    path = written(tmp_path / "answer.json", answer.to_dict())
    loaded = load_answers(path)
    assert len(loaded) == 1
    assert answer_of(loaded[0]) == answer
    assert only(verify(loaded, [])) == ("ok", "")


def test_a_conversation_file_gives_its_answers_in_order(tmp_path: Path) -> None:
    answers = [replace(answered(), question=question).to_dict() for question in ("One?", "Two?")]
    path = written(tmp_path / "talk.json", {"format": "askjapan conversation 1", "answers": answers})
    assert [answer["question"] for answer in load_answers(path)] == ["One?", "Two?"]


def test_what_answers_are_checked_by_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes ten times as long as an answer: a conversation of 400 turns took eight seconds to open."""
    made: list[object] = []
    real = pydantic.TypeAdapter
    monkeypatch.setattr(pydantic, "TypeAdapter", lambda kind: made.append(kind) or real(kind))
    data = {"format": "askjapan conversation 1", "answers": [answered().to_dict()] * 20}
    assert len(load_answers(written(tmp_path / "talk.json", data))) == 20
    assert len(made) <= 1


def test_an_answer_file_may_be_utf16_as_windows_shells_write_it(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(json.dumps(replace(answered(), question="港は？").to_dict(), ensure_ascii=False).encode("utf-16"))
    assert load_answers(path)[0]["question"] == "港は？"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is not JSON: Expecting value"),
        (b'{"format": ', "is not JSON: Expecting value"),
        (b"\xff\x00\xfe", "is not JSON:"),
        (b"[" * 100_000, "is not JSON:"),
        (b"[]", "is not an answer: its format is None, not 'askjapan answer 1' or 'askjapan conversation 1'."),
        (b'{"format": "askjapan answer 2"}', "is not an answer: its format is 'askjapan answer 2', not"),
        (b'{"format": ["x"]}', "is not an answer: its format is ['x'], not"),
        (b'{"format": "askjapan conversation 1"}', "is a conversation whose `answers` is not a list of answers."),
        (b'{"format": "askjapan conversation 1", "answers": [1]}', "is a conversation whose `answers` is not a list of answers."),
        (b'{"format": "askjapan conversation 1", "answers": [{}, {}]}', ": answers[0] is not an answer: its format is None"),
        (b'{"format": "askjapan answer 1"}', ".question cannot be used: "),
    ],
)
def test_what_is_no_answer_file_is_refused_in_words(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(data)
    with pytest.raises(AnswerFileError) as caught:
        load_answers(path)
    assert caught.value.message.startswith(f"{path}")
    assert message in caught.value.message
    assert caught.value.remedy == "Make one with `askjapan ask QUESTION --json > answer.json`."


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnswerFileError, match=r"none\.json cannot be opened: No such file or directory\."):
        load_answers(tmp_path / "none.json")


OPTIONAL = {"unit", "locator", "parallel", "recognised", "unconfirmed"}


@pytest.mark.parametrize("name", [name for name in Citation.__dataclass_fields__ if name not in OPTIONAL])
def test_each_field_of_a_citation_is_needed_and_typed(harbour: Path, tmp_path: Path, name: str) -> None:
    data = json.loads(json.dumps(quoting(cited(harbour, QUOTE))))
    record = data["sentences"][0]["citations"][0]
    record[name] = {"a": 1}
    with pytest.raises(AnswerFileError) as caught:
        load_answers(written(tmp_path / "answer.json", data))
    assert f"answer.json.sentences[0].citations[0].{name} cannot be used: " in caught.value.message
    del record[name]
    with pytest.raises(AnswerFileError) as caught:
        verify([data], [])
    assert f"answers[0].sentences[0].citations[0].{name} cannot be used: " in caught.value.message


@pytest.mark.parametrize(
    ("name", "value"), [("start", True), ("start", "12"), ("start", 12.0), ("year", "2011"), ("offsets", "line"), ("quote", 5)]
)
def test_a_value_is_not_bent_into_its_type(harbour: Path, name: str, value: object) -> None:
    data = json.loads(json.dumps(quoting(cited(harbour, QUOTE))))
    data["sentences"][0]["citations"][0][name] = value
    with pytest.raises(AnswerFileError, match=rf"citations\[0\]\.{name} cannot be used"):
        verify([data], [])


def test_half_a_character_is_refused(harbour: Path) -> None:
    data = quoting(cited(harbour, QUOTE, quote=QUOTE))
    data["question"] = "\ud83d"
    with pytest.raises(AnswerFileError, match=r"answers\[0\] cannot be used"):
        verify([data], [])
