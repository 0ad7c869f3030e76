"""A question that names a work by its author is asked of that work, without the name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from askjapan.answering.plans.works.named import named_works, subjects_in, told_by_subject, without_authors
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


SUBJECTS = [
    replace(document("a", title="Cashew Country: Why Raw Nuts Keep Leaving the Northern Districts"), id="nuts"),
    replace(document("b", title="Needles in the Highlands: Labour Turnover in a Garment Park"), id="park"),
    replace(document("c", title="Labour and Rents in Three Ports"), id="ports"),
    replace(document("d", title="Labour and Rents in Three Ports"), id="ports-note"),
]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Which changes does the report on cashew nuts suggest to government?", ("nuts", "Which changes does it suggest to government?")),
        ("What policy does the working paper on the garment park put forward?", ("park", "What policy does it put forward?")),
        ("According to the garment park study, why do workers leave?", ("park", "why do workers leave?")),
        ("What does the report on rents and labour in the three ports say of 1990?", ("ports", "What does it say of 1990?")),
        # Two titles have labour; a policy paper is a sort of text; half of a subject is not enough; no text is named.
        ("What does the labour study say of wages?", None),
        ("What does the policy paper say of wages?", None),
        ("What does the study on garment prices in Hanoi shops say?", None),
        ("Why do cashew nuts leave the districts?", None),
    ],
)  # fmt: skip
def test_a_work_is_told_by_its_subject(question: str, told: tuple[str, str] | None) -> None:
    found = told_by_subject(question, SUBJECTS)
    assert (found and (found[0][0].id, found[1])) == told


def test_a_study_note_is_told_with_its_work() -> None:
    assert [
        [work.id for work in told.works]
        for told in subjects_in("the report on rents in the three ports and the garment park study", SUBJECTS)
    ] == [
        ["ports", "ports-note"],
        ["park"],
    ]
