"""A question that names a work by its author is asked of that work, without the name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from askjapan.answering.plans.library import named_works, without_authors
from tests.support.stages import document

WORKS = [
    replace(document("x", title="Rents in Bonn: A Survey"), id="rents", authors=("Nora Lindqvist",)),
    replace(document("y", title="Tides"), id="tides", authors=("Kenji Ota", "Paul Ames")),
]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("What does Lindqvist argue?", ["rents"]),
        ("Summarise Ota's paper", ["tides"]),
        ("What do Ames and Lindqvist say?", ["rents", "tides"]),
        ("What is Rents in Bonn about?", ["rents"]),
        ("What is a tide?", []),
    ],
)
def test_works_are_named_by_author_or_title(question: str, ids: list[str]) -> None:
    assert [work.id for work in named_works(question, WORKS)] == ids


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What reasons does Lindqvist give for the end of leases?", "What reasons for the end of leases?"),
        ("Why did rents rise, according to Nora Lindqvist?", "Why did rents rise?"),
        ("What are Lindqvist's recommendations?", "What are recommendations?"),
        ("Why did rents rise?", "Why did rents rise?"),
    ],
)
def test_the_name_is_left_out(question: str, asked: str) -> None:
    assert without_authors(question, WORKS) == asked
