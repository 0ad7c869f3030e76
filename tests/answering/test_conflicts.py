"""Two figures for the same thing: what counts as a contradiction, and what does not."""

from __future__ import annotations

import pytest

from askjapan.answering.candidates import candidates_of
from askjapan.answering.conflicts import disagreement, measure_of
from tests.support.evidence import asked, evidence_of

FERRY = """1. Ferries of Hoshino Bay

The harbour office counts 41 ferry lines in 2011. Each line calls at two towns or more.

The tourist board speaks of 57 ferry lines in 2011. It also counts boats that sail in summer only.

In 1990 the bay had 12 ferry lines. They were run by the fishing cooperative of Hoshino and by two companies from the mainland.
"""
QUESTION = "How many ferry lines were there in 2011?"
OTHER = "The tourist board speaks of 57 ferry lines in 2011."


def other_figure(text: str, question: str = QUESTION, behind: float = 0.0) -> tuple[str, str, str] | None:
    """The text of the contradicting quote and both figures, where the first sentence with a figure was chosen."""
    found = candidates_of(evidence_of(text, question))
    first = next(number for number, candidate in enumerate(found) if candidate.text.startswith("The harbour office"))
    logits = [0.0 if number == first else -behind for number in range(len(found))]
    other = disagreement(asked(question, text), found, logits, first)
    return other and (found[other.number].text, other.first, other.second)


def test_two_figures_for_the_same_thing_and_year_are_found():
    assert other_figure(FERRY) == (OTHER, "41", "57")
    assert other_figure(FERRY, "How many ferry lines did the bay count in 2011?") == (OTHER, "41", "57")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("The tourist board speaks of 57 ferry lines in 2003.", "another year"),
        ("The tourist board speaks of 57 ferry captains in 2011.", "something else is counted"),
        ("The tourist board speaks of 57 percent ferry lines in 2011.", "a share"),
        ("The tourist board speaks of $57 ferry lines in 2011.", "money"),
        ("The tourist board speaks of 40 ferry lines in 2011.", "the same, rounded"),
        ("The tourist board speaks of 57 or 61 ferry lines in 2011.", "two figures"),
        ("The tourist board speaks of ferry lines, old and new, large and small, and in 2011 of 57 captains.", "too far away"),
        (f"The tourist board speaks of 1{'0' * 400} ferry lines in 2011.", "beyond all measure"),
    ],
)
def test_figures_that_do_not_contradict(other, why):
    assert other_figure(FERRY.replace(OTHER, other)) is None, why


@pytest.mark.parametrize(("behind", "found"), [(2.4, True), (2.6, False)])
def test_a_quote_far_less_direct_does_not_contradict(behind, found):
    assert bool(other_figure(FERRY, behind=behind)) == found


def test_the_names_of_the_question_must_be_met_by_both():
    assert other_figure(FERRY, "How many ferry lines did Vesterby have in 2011?") is None


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        (QUESTION, {"ferri", "line"}),
        ("How many hours a week may guests work?", {"hour"}),
        ("What share of the ferry captains is from Nepal?", {"ferri", "captain"}),
        ("Why did the ferries stop?", set()),
    ],
)
def test_what_a_question_counts(question, terms):
    assert measure_of(asked(question, FERRY)) == terms
