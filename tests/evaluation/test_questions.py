"""Files of questions with known answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askjapan.errors import EvaluationError
from askjapan.evaluation.questions import Question, load_questions


def test_a_question_file(tmp_path: Path) -> None:
    path = tmp_path / "質問 file.jsonl"
    lines = [
        {
            "id": "a1", "question": "How many?", "language": "en", "type": "number", "doc": ["000"], "answer": "27",
            "answer_any": [["27", "twenty-seven"]], "evidence": ["27 pickers"], "section": "1", "context": ["Who came?"],
        },
        {"id": "u1", "question": "Line\u2028separator?", "language": "ja", "kind": "off_topic"},
        {"id": "u2", "question": "Bare?"},
    ]  # fmt: skip
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode())
    assert load_questions(path) == [
        Question("a1", "How many?", "en", "number", ("000",), (("27", "twenty-seven"),), ("27 pickers",), ("Who came?",)),
        Question("u1", "Line\u2028separator?", "ja", "off_topic"),
        Question("u2", "Bare?", "en", ""),
    ]
    assert [question.answerable for question in load_questions(path)] == [True, False, False]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2, is not JSON: Expecting property name enclosed in double quotes."),
        ("[1]", "line 2: it is not a JSON object."),
        ('{"question": "Q?"}', "line 2: the field 'id' is missing."),
        ('{"id": "b"}', "line 2: the field 'question' is missing."),
        ('{"id": 7, "question": "Q?"}', "line 2: 'id' is not a text."),
        ('{"id": "b", "question": " "}', "line 2: 'question' is not a text."),
        ('{"id": "b", "question": "Q?", "doc": "000"}', "line 2: 'doc' is not a list of texts."),
        ('{"id": "b", "question": "Q?", "answer_any": "27"}', "line 2: 'answer_any' is not a list of lists."),
        ('{"id": "b", "question": "Q?", "answer_any": ["27"]}', "line 2: 'answer_any' is not a list of lists of texts."),
        ('{"id": "b", "question": "Q?", "answer_any": [[]]}', "line 2: 'answer_any' is not a list of lists of texts."),
        ('{"id": "b", "question": "Q?", "evidence": [1]}', "line 2: 'evidence' is not a list of texts."),
        ('{"id": "b", "question": "Q?", "context": null}', "line 2: 'context' is not a list of texts."),
        ('{"id": "a", "question": "Q?"}', "line 2: the id 'a' is there already."),
    ],
)
def test_a_wrong_line_is_named(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"id": "a", "question": "Q?"}\n' + line + "\n")
    with pytest.raises(EvaluationError) as caught:
        load_questions(path)
    assert str(caught.value) == f"{path}, {message} docs/evaluation.md gives the fields."


def test_files_that_hold_no_questions(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    with pytest.raises(EvaluationError) as caught:
        load_questions(path)
    assert str(caught.value) == f"{path} cannot be read: No such file or directory. Check the path."
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(EvaluationError, match=r"q\.jsonl is not UTF-8 text\."):
        load_questions(path)
    path.write_text("\n\n")
    with pytest.raises(EvaluationError, match=r"There are no questions in .*q\.jsonl\."):
        load_questions(path)


SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the gold questions are not beside the project")
def test_the_gold_questions_are_in_this_form() -> None:
    questions = load_questions(SHARED / "gold" / "answerable.jsonl")
    assert len(questions) == 202
    assert all(question.answerable and question.works for question in questions)
    assert not any(question.answerable for question in load_questions(SHARED / "gold" / "unanswerable.jsonl"))
