"""A passage → the text that is read, to the character, and where its units stand in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from askjapan.records import Passage, Unit
from askjapan.retrieval.readers.window import NEIGHBOUR_WORDS, Place, window_of
from tests.support.stages import passages


def passage(*texts: str, section: str = "", kind: str = "prose", units: str = "sentence", context: str = "") -> Passage:
    made = tuple(Unit(text, ((0, len(text)),), units) for text in texts)  # type: ignore[arg-type]
    return Passage(
        f"p-{texts[0]}",
        "work",
        " ".join(texts),
        section,
        None,
        None,
        0,
        1,
        kind,
        made,
        context=context,  # type: ignore[arg-type]
    )


SHIPS = passage("Ships came in.", "Nobody saw it.", section="Ports › 2 Trade")
BEFORE = passage("It was winter.", "Snow fell.", section="Ports › 2 Trade")
AFTER = passage("They left in May.", "All was quiet.", section="Ports › 2 Trade")


def stretches(window):
    return [window.text[place.start : place.end] for place in window.places]


def test_heading_sentence_before_own_sentences_and_sentence_after():
    window = window_of(SHIPS, BEFORE, AFTER)
    assert window.text == "2 Trade. Snow fell. Ships came in. Nobody saw it. They left in May."
    assert window.places == (
        Place(-1, 1, 9, 19),
        Place(0, 0, 20, 34),
        Place(0, 1, 35, 49),
        Place(1, 0, 50, 67),
    )
    assert stretches(window) == ["Snow fell.", "Ships came in.", "Nobody saw it.", "They left in May."]


def test_a_passage_alone_without_a_heading():
    window = window_of(passage("Ships came in."), None, None)
    assert (window.text, window.places) == ("Ships came in.", (Place(0, 0, 0, 14),))


def test_the_context_stands_before_it_and_is_no_place():
    window = window_of(passage("A note.", kind="footnote", units="note", context="Ships came in."), BEFORE, AFTER)
    assert window.text == "Ships came in. A note."
    assert window.places == (Place(0, 0, 15, 22),)


@pytest.mark.parametrize(
    "other",
    [
        replace(BEFORE, section="Ports"),
        replace(BEFORE, kind="table"),
        replace(BEFORE, kind="footnote"),
        replace(BEFORE, units=(Unit("Snow\tfell.", ((0, 1),), "row"),)),
        passage(" ".join(["snow"] * (NEIGHBOUR_WORDS + 1)), section=SHIPS.section),
    ],
    ids=["another section", "a table", "a footnote", "a row", "too long a sentence"],
)
def test_neighbours_that_are_not_read(other):
    assert window_of(SHIPS, other, other).text == "2 Trade. Ships came in. Nobody saw it."


def test_a_neighbour_of_fifty_words_is_read():
    long = " ".join(["snow"] * NEIGHBOUR_WORDS)
    window = window_of(SHIPS, passage(long, section=SHIPS.section), None)
    assert window.text == f"2 Trade. {long} Ships came in. Nobody saw it."


def test_a_list_may_be_a_neighbour():
    assert window_of(SHIPS, None, replace(AFTER, kind="list")).text.endswith("Nobody saw it. They left in May.")


def test_a_table_line_by_line_its_cells_parted_by_bars():
    text = "1. Ports\n\nTable 1. Ships by port\n\nPort\tShips\nAsahi\t5\nBora\t6\n"
    table = next(found for found in passages(text) if found.kind == "table")
    window = window_of(table, SHIPS, replace(AFTER, section=table.section))
    assert window.text.split("\n") == ["1. Ports. Table 1. Ships by port", "Port | Ships", "Asahi | 5", "Bora | 6"]
    assert stretches(window) == ["Table 1. Ships by port", "Port | Ships", "Asahi | 5", "Bora | 6"]
    assert [place.number for place in window.places] == [0, 1, 2, 3]
    assert {place.offset for place in window.places} == {0}


def test_japanese_is_read_the_same():
    window = window_of(passage("港に船が来た。", section="港"), passage("冬だった。", section="港"), None)
    assert window.text == "港. 冬だった。 港に船が来た。"
    assert stretches(window) == ["冬だった。", "港に船が来た。"]
