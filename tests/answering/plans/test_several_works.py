"""A question that tells several works by author or subject is asked of each of them, and each has its own heading."""

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
    answer = towns.ask("What was opened, according to Renner and Ellison?")
    assert (answer.answered, answer.kind) == (True, "comparison")
    assert [sentence.text for sentence in answer.sentences if sentence.kind == "heading"] == ["Paul Renner", "Mark Ellison"]
    said = [sentence.text for sentence in answer.sentences]
    renner, ellison = said[: said.index("Mark Ellison")], said[said.index("Mark Ellison") :]
    assert any("opened a kitchen in 2006" in text for text in renner)
    assert any("opened an office in Hakodate" in text for text in ellison)
    markers = [citation.marker for sentence in answer.sentences for citation in sentence.citations]
    assert markers == list(range(1, len(markers) + 1))


@pytest.mark.model
def test_a_work_that_does_not_answer_is_said_to_be_the_one(towns: Assistant) -> None:
    question = "What do Renner and Ellison say on the pay or the budget of an office?"
    said = [sentence.text for sentence in towns.ask(question).sentences]
    assert said[:3] == ["Paul Renner", f"Not in this work: looked for “{question}”.", "Mark Ellison"]
    assert "a budget of 80 million yen" in said[3]


@pytest.mark.model
def test_works_that_are_told_by_their_subjects_are_asked_one_by_one(towns: Assistant) -> None:
    answer = towns.ask("What was opened in the paper on village schools and in the study of northern fisheries?")
    said = [sentence.text for sentence in answer.sentences]
    assert (answer.kind, said[0]) == ("comparison", "Paul Renner, Village Schools and Their Teachers (2013)")
    fisheries = said.index("Mark Ellison, Japan and the Northern Fisheries (2011)")
    assert "opened a kitchen in 2006" in said[1]
    assert "opened an office in Hakodate" in said[fisheries + 1]
