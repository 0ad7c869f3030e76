"""Figures of refusals and confidence, by group."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from askjapan.errors import EvaluationError
from askjapan.evaluation.questions import Question
from askjapan.evaluation.score import auroc, evaluate, measures, summary_rows
from tests.support.scored import (
    HOW_MANY,
    PICKERS,
    FakeAssistant,
    answer,
    outcome,
    quoted,
)


def test_precision_and_recall_of_refusals() -> None:
    outcomes = [
        outcome(True, True, 0.9),
        outcome(True, True, 0.8),
        outcome(True, False, 0.3),
        outcome(False, False, 0.2),
        outcome(False, False, 0.1),
        outcome(False, True, 0.85),
        outcome(False, True, 0.7),
    ]
    figures = measures(outcomes)
    assert figures["questions"] == 7
    assert figures["refusal precision"] == pytest.approx(2 / 3)
    assert figures["refusal recall"] == pytest.approx(2 / 4)
    # Of the 12 pairs, 0.9 wins 4, 0.8 wins 3 and 0.3 wins 2.
    assert figures["confidence AUROC"] == pytest.approx(9 / 12)


def test_measures_that_cannot_be_given_are_left_out() -> None:
    only_answerable = measures([outcome(True, True, 0.9)])
    assert not {"refusal precision", "refusal recall", "confidence AUROC"} & set(only_answerable)
    only_unanswerable = measures([replace(outcome(False, False, 0.9), citations=0)])
    assert only_unanswerable == {"questions": 1}
    nothing_refused = measures([outcome(True, True, 0.9), outcome(False, True, 0.2)])
    assert "refusal precision" not in nothing_refused
    assert nothing_refused["refusal recall"] == 0


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1),
        ([0.1], [0.9], 0),
        ([0.5], [0.5], 0.5),
        ([0.5, 0.9], [0.5, 0.1], (0.5 + 1 + 1 + 1) / 4),
    ],
)
def test_auroc(positive: list[float], negative: list[float], expected: float) -> None:
    assert auroc(positive, negative) == pytest.approx(expected)


def test_figures_by_group() -> None:
    ja = Question("q2", "摘み手は何人？", "ja", "number", ("tea",), (("27",),))
    unanswerable = Question("u1", "Who won the cup?", "en", "off_topic")
    assistant = FakeAssistant({HOW_MANY.text: [PICKERS]}, {HOW_MANY.text: answer("?", quoted(PICKERS))})
    told: list[tuple[int, int]] = []
    figures = evaluate(assistant, [HOW_MANY, ja, unanswerable], lambda done, total: told.append((done, total)))  # type: ignore[arg-type]
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert list(figures["groups"]) == ["all", "en", "ja", "type: number"]
    assert figures["fingerprint"] == "f" * 64
    assert figures["groups"]["all"]["questions"] == 3
    assert figures["groups"]["all"]["AR@500"] == 0.5
    assert figures["groups"]["en"]["AR@500"] == 1
    assert figures["groups"]["ja"]["AR@500"] == 0
    assert figures["groups"]["all"]["refusal precision"] == 0.5
    assert figures["groups"]["en"]["refusal precision"] == 1
    assert [line["id"] for line in figures["questions"]] == ["q1", "q2", "u1"]
    assert figures["questions"][0] == {
        "id": "q1", "answered": True, "confidence": 0.9, "right answer": True, "first passage": True, "words": 7,
        "AR@250": True, "AR@500": True, "AR@1000": True,
    }  # fmt: skip
    assert json.loads(json.dumps(figures)) == figures
    rows = summary_rows(figures)
    assert rows[0] == ["questions", "3", "2", "1", "2"]
    assert ["AR@500", "0.500", "1.000", "0.000", "0.500"] in rows
    assert ["refusal recall", "1.000", "1.000", "", ""] in rows


def test_no_questions_and_repeated_ids() -> None:
    assistant: Any = FakeAssistant({})
    with pytest.raises(EvaluationError, match=r"There are no questions\."):
        evaluate(assistant, [])
    with pytest.raises(EvaluationError, match=r"The id 'q1' stands in two question files\."):
        evaluate(assistant, [HOW_MANY, HOW_MANY])
