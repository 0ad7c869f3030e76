"""An announced enumeration comes with its items, and only with them."""

from __future__ import annotations

import pytest

from askjapan.answering.candidates import Candidate
from askjapan.answering.quoting.announcements import enumeration, is_counted
from askjapan.answering.quoting.quotations import Around, quoted
from askjapan.records import Hit, Passage
from tests.support.stages import document, passages

LONG = " ".join(f"The keeper of year {year} noted calm seas and little traffic." for year in range(1901, 1911))
TEXT = f"""The old pier

The pier rests on three kinds of piles. First, there are oak piles. Second, there are iron piles. Third, there are stone piles. Gulls nest
on it.

Its upkeep

The town keeps the pier in two ways. First, it collects a toll at the gate. {LONG} Second, it sells the herring rights. {LONG} The toll is old.

Its parts

The pier has four parts:

- The head. It faces the sea.
- The deck. It carries a railway.
- The landing. Boats lie there.
- The gate. It is locked at night.

Its growth

Mori tells it as a model. The first, “timber” stage began in 1820. It cost little. This was followed by a stage of iron. The third stage is
that of stone. Boats pay for it. In a fourth and quiet stage nobody builds. The model is old.

Its history

Two storms broke it. Nobody was hurt. It was mended in spring.
"""


def found(begin: str, *, items: bool) -> list[str]:
    """The quotations for the sentence of the text that begins with some words."""
    every = passages(TEXT)
    passage, number = next((p, n) for p in every for n, unit in enumerate(p.units) if unit.text.startswith(begin))
    place = {passage.id: position for position, passage in enumerate(every)}

    def beside(step: int, one: Passage) -> Passage | None:
        position = place[one.id] + step
        return every[position] if 0 <= position < len(every) else None

    candidate = Candidate(Hit(passage, document(TEXT), 1.0, 1), number, passage.units[number], (), 0, 1.0, 0.0, 1.0, None, 0.5)
    around = Around(lambda id_: TEXT, lambda one: beside(-1, one), lambda one: beside(1, one))
    made = enumeration(candidate, around, items=items)
    return [sentence.text for sentence in quoted(made, lambda id_: TEXT)]


PILES = "The pier rests on three kinds of piles. First, there are oak piles. Second, there are iron piles. Third, there are stone piles."


@pytest.mark.parametrize("items", [True, False])
def test_an_announcement_brings_its_items_and_nothing_behind_them(items: bool) -> None:
    assert found("The pier rests", items=items) == [PILES]


def test_an_item_brings_the_whole_only_where_several_things_are_asked_for() -> None:
    assert found("Second, there are iron", items=True) == [PILES]
    assert found("Second, there are iron", items=False) == []


def test_of_long_items_the_beginnings_are_quoted() -> None:
    assert found("The town keeps", items=False) == [
        "The town keeps the pier in two ways. First, it collects a toll at the gate.",
        "Second, it sells the herring rights.",
    ]


def test_items_of_a_list_are_known_by_their_marks() -> None:
    assert found("The pier has four", items=False) == [
        "The pier has four parts: The head. It faces the sea. The deck. It carries a railway. The landing. Boats lie there. The gate."
    ]


@pytest.mark.parametrize("begin", ["The first, “timber”", "The third stage", "Boats pay"])
def test_stages_that_are_told_one_after_another_come_together(begin: str) -> None:
    assert found(begin, items=True) == [
        "The first, “timber” stage began in 1820. It cost little. This was followed by a stage of iron. The third stage is that of stone. "
        "Boats pay for it. In a fourth and quiet stage nobody builds."
    ]
    assert found(begin, items=False) == []


@pytest.mark.parametrize("begin", ["Mori tells", "The model is old", "Two storms", "Gulls nest", "The toll is old"])
def test_where_nothing_is_announced_there_is_no_enumeration(begin: str) -> None:
    assert found(begin, items=True) == []


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("Which three kinds of piles are there?", True),
        ("In what two ways is it kept?", True),
        ("桟橋の三つの部分は何ですか", True),
        ("Who keeps the pier?", False),
        ("What happened in 1903?", False),
        ("Who often paints it?", False),
    ],
)
def test_a_question_that_says_how_many(question: str, counted: bool) -> None:
    assert is_counted(question) is counted
