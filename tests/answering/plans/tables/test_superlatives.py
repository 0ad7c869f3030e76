"""Which questions ask for the most, the least or a rank, and which for the opposite of what is told."""

from __future__ import annotations

import pytest

from askjapan.answering.plans.tables.asking.superlatives import superlative
from askjapan.answering.plans.tables.asking.wanted import is_opposed


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Which was the leanest year for loans?", -1),
        ("In which year was the jump the steepest?", 1),
        ("What was the record year for new visas?", 1),
        ("When did Asia count least among the postings?", -1),
        ("Which is the busiest port?", 1),
        ("Which is the second largest city?", 2),
        ("Which town came third?", 3),
        ("Which is the second lowest rate?", -2),
        ("輸出がもっとも少なかったのは何年ですか。", -1),
        ("一番大きく増えたのは何年ですか。", 1),
        ("2番目に少ない国はどこですか。", -2),
    ],
)
def test_a_superlative_gives_the_place_that_is_asked_for(question: str, place: int) -> None:
    found = superlative(question)
    assert found is not None
    assert found.place == place


@pytest.mark.parametrize(
    "question",
    [
        "Who had an interest in the forest?",
        "Which towns have at least 5,000 people?",
        "Where did most of the students come from?",
        "What is the latest figure for the harvest?",
        "How many guests came to the contest in Budapest?",
        "When was almost nobody left?",
    ],
)
def test_what_only_sounds_like_one_is_none(question: str) -> None:
    assert superlative(question) is None


@pytest.mark.parametrize(
    ("question", "falls", "rises"),
    [("Which port lost the most ships?", True, False), ("Where did rents rise most?", False, True)],
)
def test_the_most_of_a_fall_or_rise_is_told(question: str, falls: bool, rises: bool) -> None:
    found = superlative(question)
    assert found is not None
    assert (found.falls, found.rises) == (falls, rises)


@pytest.mark.parametrize(
    ("question", "told", "opposed"),
    [
        ("How much timber was imported? What were the imports in 1993?", "Exports of timber", True),
        ("What were the imports in 1993?", "Imports and exports of timber", False),
        ("Were exports larger than imports?", "Exports of timber", False),
        ("How many people died?", "Births", False),
    ],
)
def test_a_table_of_exports_says_nothing_of_imports(question: str, told: str, opposed: bool) -> None:
    assert is_opposed(question, told) is opposed
