"""A question that names several works by their authors is asked of each of them, and each has its own heading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from askjapan.answering.plans.works.several import by_author
from askjapan.assistant import Assistant
from tests.support.stages import document

WORKS = [
    replace(document("x", title="Rents in Bonn"), id="rents", authors=("Nora Lindqvist",)),
    replace(document("y", title="Tides"), id="tides", authors=("Kenji Ota", "Paul Ames")),
    replace(document("z", title="Rents in Bonn"), id="rents-note", authors=("Nora Lindqvist",)),
]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("How do Lindqvist and Ota explain it?", [["rents", "rents-note"], ["tides"]]),
        ("What do Ota and Ames say?", [["tides"]]),
        ("What are tides in Bonn?", []),
    ],
)
def test_a_work_and_its_note_are_of_one_author(question: str, named: list[list[str]]) -> None:
    assert [[work.id for work in works] for works in by_author(question, WORKS)] == named


@pytest.mark.model
def test_each_author_that_a_question_names_has_quotes_of_his_own_work(towns: Assistant) -> None:
    answer = towns.ask("What do Renner and Ellison say on the pay or the budget of an office?")
    assert (answer.answered, answer.kind) == (True, "comparison")
    assert [sentence.text for sentence in answer.sentences if sentence.kind == "heading"] == ["Paul Renner", "Mark Ellison"]
    by_heading = [sentence.text for sentence in answer.sentences]
    renner = by_heading[by_heading.index("Paul Renner") + 1 : by_heading.index("Mark Ellison")]
    ellison = by_heading[by_heading.index("Mark Ellison") + 1 :]
    assert any("Teachers in Hollen earned 2,400 euros a month." in text for text in renner)
    assert any("a budget of 80 million yen" in text for text in ellison)
    assert [citation.marker for sentence in answer.sentences for citation in sentence.citations] == sorted(
        citation.marker for sentence in answer.sentences for citation in sentence.citations
    )
