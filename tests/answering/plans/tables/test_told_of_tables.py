"""Tables of which the text around them says more than their heads: what it says where it refers to a table counts as said of it."""

from __future__ import annotations

import pytest

from askjapan.answering.plans.tables.asking.wanted import wanted
from askjapan.answering.plans.tables.whole.references import label_of, labels_in
from askjapan.assistant import Assistant
from tests.support.table_answers import library_of_one, rows

LIGHTS = """---
title: Lights and Keepers of Veyland
authors: Runa Holm
year: 2003
themes: lighthouses
---

# Lights and keepers of Veyland

## Help for the islands

The coast guard office of Veyland lends experienced staff to the outer islands, where they teach the local pilots. Table 1 documents this.
Most of them come from the mainland harbours.

The islands pay for food and lodging.

## Boats

Wooden boats are counted in the spring by the harbour masters of the outer islands.

## Tables

Table 1. Flow of VK fellows

| Year | Fellows | Share of all fellows (%) |
| --- | --- | --- |
| 1990 | 412 | 31.5 |
| 1991 | 365 | 38.2 |
| 1992 | 388 | 44.9 |
| 1993 | 455 | 47.3 |

Table 2. Wooden boats of the islands

| Year | Renovated | Registered boats |
| --- | --- | --- |
| 1990 | 12 | 1,911 |
| 1991 | 48 | 1,870 |
| 1992 | 31 | 1,902 |
| 1993 | 17 | 1,855 |
"""


@pytest.fixture(scope="module")
def lights(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return library_of_one(tmp_path_factory.mktemp("lights"), "lights.md", LIGHTS)


@pytest.mark.parametrize(
    ("question", "quoted", "short"),
    [
        (
            "In which year did the coast guard office of Veyland lend the fewest people to the outer islands?",
            ["1991\t365\t38.2"],
            "1991 (365)",
        ),
        (
            "How many staff did the coast guard office lend to the islands in 1990, and how many three years on?",
            ["1990\t412\t31.5", "1993\t455\t47.3"],
            "412 → 455 (+43)",
        ),
    ],
)
def test_words_that_the_text_uses_where_it_refers_to_a_table(
    lights: Assistant, question: str, quoted: list[str], short: str
) -> None:
    answer = lights.ask(question)
    assert (rows(answer), answer.short) == (quoted, short)


def test_a_word_of_the_caption_tells_no_column_from_another(lights: Assistant) -> None:
    answer = lights.ask("What was the record year for wooden boats that were restored on the islands?")
    assert (rows(answer), answer.short) == (["1991\t48\t1,870"], "1991 (48)")


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("As Table 2 indicates, trade doubled.", {"table 2"}),
        ("Few came back (Tables 3, 4 and 7; see Annex Table).", {"table 3", "table 4", "table 7", "annex table"}),
        ("It is shown in Table 2.7 and Figure 1a.", {"table 2.7", "figure 1a"}),
        ("Table 10, 2012 and a table of stable 3s.", {"table 10"}),
        ("第2表と表３に示す。", {"表 2", "表 3"}),
    ],
)
def test_references_to_tables(text: str, labels: set[str]) -> None:
    assert labels_in(text) == labels


@pytest.mark.parametrize(
    ("caption", "label"),
    [
        ("Table8 Boats by Table 3", "table 8"),
        ("Annex Table Development of boats", "annex table"),
        ("【表3】船の数", "表 3"),
        ("Boats, see Table 3", ""),
    ],
)
def test_the_label_of_a_caption(caption: str, label: str) -> None:
    assert label_of(caption) == label


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How little was lent in 1986?", ["lent"]),
        ("How many boats came in 1990, and how many five years on?", ["boats"]),
        ("Tell me how steeply fares rose.", ["fares"]),
    ],
)
def test_words_that_say_how_it_is_asked_are_not_looked_for(question: str, words: list[str]) -> None:
    assert [question[start:end] for start, end in wanted(question, question).words] == words
