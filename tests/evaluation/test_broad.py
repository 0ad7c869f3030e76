"""Key points of broad questions: when a quote states one, how files are read, and what the command prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from askjapan.errors import EvaluationError
from askjapan.evaluation.broad import BroadQuestion, evaluate_broad, load_broad, states, touched
from askjapan.records import Answer, Sentence
from tests.support.commands import ROOT, Ran
from tests.support.places import Place


def answer(*quotes: str, answered: bool = True) -> Answer:
    sentences = (Sentence("Said by nobody.", "framing"), *(Sentence(quote, "quote") for quote in quotes))
    return Answer("?", "?", answered, "", 0.9, sentences, (), "f" * 64, kind="list")


QUESTION = BroadQuestion("one", "Why?", (("clover maize",), ("mown May", "mowing May"), ("nobody",)))


@pytest.mark.parametrize(
    ("quote", "alternative", "stated"),
    [
        ("Farmers replaced clover by maize.", "clover maize", True),
        ("The hay was globalized in 1,576 towns.", "globaliz 1576", True),
        ("Clover grew.", "clover maize", False),
        ("Over the hill.", "lover", False),
        ("団体旅行に頼りすぎたことである。", "団体旅行に頼り", True),
    ],
)
def test_a_quote_states_a_point_by_all_its_words(quote: str, alternative: str, stated: bool) -> None:
    assert states(quote, alternative) is stated


def test_points_are_touched_by_one_quote_each_and_never_by_our_own_words() -> None:
    assert touched(answer("Maize came.", "Clover went for maize.", "Mowing begins in May."), QUESTION) == [True, True, False]
    assert touched(answer("Clover, maize.", answered=False), QUESTION) == [False, False, False]


def test_the_figures_are_over_all_points() -> None:
    class Asked:
        def ask(self, question: str) -> Answer:
            return answer("Clover went for maize.")

    figures = evaluate_broad(Asked(), [QUESTION, QUESTION], lambda done, total: None)
    assert (figures["touched"], figures["points"], figures["most words"]) == (0.333, 6, 4)


@pytest.mark.parametrize("line", ["{", '{"id": "a"}', '{"id": "a", "question": "?", "points": 3}'])
def test_a_line_of_another_form_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "broad.jsonl"
    path.write_text('{"id": "a", "question": "?", "points": [["x"]]}\n' + line, encoding="utf-8")
    with pytest.raises(EvaluationError, match="line 2"):
        load_broad(path)


def test_the_file_of_the_project_has_forty_questions_of_four_to_six_points() -> None:
    questions = load_broad(ROOT / "evaluation" / "broad.jsonl")
    assert len({question.id for question in questions}) == len(questions) == 40
    assert {len(question.points) for question in questions} <= {4, 5, 6}


@pytest.mark.usefixtures("fake_model")
def test_the_command_prints_points_and_words(
    small_index: Place, askjapan: Callable[..., Ran], tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("ASKJAPAN_HOME", str(small_index.home))
    path = tmp_path / "broad.jsonl"
    path.write_text(
        '{"id": "q", "question": "What did Hoshino spend on exchanges in 1998?", "points": [["312 million"], ["ghosts"]]}\n'
    )
    ran = askjapan("eval", path, "--broad")
    assert ran.code == 0, ran.err
    assert "Key points touched: 0.50" in ran.out
