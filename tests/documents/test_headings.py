"""Headings of plain texts that stand right above their text: a title's end is no sentence, and a wrapped line is no heading."""

from __future__ import annotations

import pytest

from tests.support.stages import blocks

LETTERS = (
    "In 1961 the harbours of Asahi and Bora began to write to each other every month, and both towns read the letters aloud."
)
WHOLE = "The harbour office counted every ship that came in during the long winter and gave the figures away."
LONG_TITLE = "Harbours and their friends: what the small towns of the north did abroad"


@pytest.mark.parametrize("title", ["", "Harbours and their friends", LONG_TITLE])
@pytest.mark.parametrize("end", ["\n", "\n\n", "\r\n"])
@pytest.mark.parametrize(
    "heading",
    [
        "1. Letters between harbours",
        "1.1 Letters between harbours",
        "I. Letters between harbours",
        "Chapter 1: Letters between harbours",
        "Introduction",
        "CONCLUSIONS:",
        "1. 港と港の手紙",
        "１．港と港の手紙",
        "第1章 港と港の手紙",
        "はじめに",
    ],
)
def test_a_heading_right_above_its_text_is_no_part_of_the_first_sentence(title: str, heading: str, end: str) -> None:
    above = [("prose", title)] if title else []
    text = f"{title}{2 * end if title else ''}{heading}{end}{LETTERS}"
    assert blocks(text) == [*above, ("heading", heading), ("prose", LETTERS)]


@pytest.mark.parametrize(
    "text",
    [
        "Chapter 3 tells how the\nharbours began",
        "The lists follow the\nnotes\nof both towns.",
        f"{WHOLE} It was read in\n12 Asian ports and\nmore.",
    ],
)
def test_a_line_that_only_begins_like_a_heading_stays_in_its_paragraph(text: str) -> None:
    assert blocks(text) == [("prose", " ".join(text.split()))]


def test_a_numbered_line_in_the_middle_of_a_torn_sentence_is_no_heading() -> None:
    torn = f"{WHOLE} The two towns then met on the ferry and talked about the fleet and about the harbours of"
    assert blocks(f"{torn}\n\n3. March festivals and the sea\n\n{LETTERS}")[0][0] == "prose"
    assert ("heading", "3. March festivals and the sea") not in blocks(f"{torn}\n\n3. March festivals and the sea\n\n{LETTERS}")


def test_items_that_are_numbered_in_full_width_are_items() -> None:
    assert blocks("１．魚\n２．米\n３．塩") == [("list", "魚"), ("list", "米"), ("list", "塩")]
