"""Questions on tables in other words than the tables' heads: which rows are quoted, and which questions are left alone."""

from __future__ import annotations

import pytest

from askjapan.assistant import Assistant
from tests.support.table_answers import library_of_one, rows

FERRIES = """---
title: The Ferries of Osmark
authors: Nils Aker
year: 2015
themes: ferries
---

# The ferries of Osmark

## Traffic

The ferry company of Osmark keeps its own books. They were opened to the writer in 2014.

Table 1. Traffic of the Osmark ferries, 2008–2013

| Year | Passengers (thousand) | Lorries | Share of tickets sold to tourists (%) |
| --- | --- | --- | --- |
| 2008 | 412 | 9,120 | 31.5 |
| 2009 | 365 | 6,480 | 38.2 |
| 2010 | 388 | 7,015 | 44.9 |
| 2011 | 401 | 7,902 | 50.6 |
| 2012 | 437 | 8,250 | 53.1 |
| 2013 | 429 | 8,614 | 49.7 |

## Guests

Guests are counted in the hotels of the island on the day on which they arrive.

Table 2. Hotel guests of Osmark by country of residence, 2011 and 2013

| Country of residence | 2011 | 2013 |
| --- | --- | --- |
| United Kingdom | 8,120 | 9,945 |
| Netherlands | 11,310 | 10,204 |
| Germany | 24,870 | 27,318 |
| Japan | 640 | 1,102 |
| Other | 5,005 | 4,870 |
| Total | 49,945 | 53,439 |

## Islands

Osmark has many islands, most of them small.

Table 3. Islands of Osmark by number of inhabitants, 1990 and 2010

| Inhabitants | Islands 1990 | Islands 2010 |
| --- | --- | --- |
| Under 100 | 61 | 58 |
| 100–499 | 22 | 19 |
| 500–1,499 | 9 | 11 |
| 1,500 and over | 3 | 4 |
"""


@pytest.fixture(scope="module")
def ferries(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return library_of_one(tmp_path_factory.mktemp("ferries"), "ferries.md", FERRIES)


@pytest.mark.parametrize(
    ("question", "row", "short"),
    [
        ("In which year did the Osmark ferries carry the fewest people?", "2009\t365\t6,480\t38.2", "2009 (365)"),
        ("What was the record year for travellers on the Osmark ferries?", "2012\t437\t8,250\t53.1", "2012 (437)"),
        (
            "Which was the weakest year for trucks on the Osmark ferries, and how many were there?",
            "2009\t365\t6,480\t38.2",
            "2009 (6,480)",
        ),
        (
            "Since 2010, in which year did the Osmark ferries carry the fewest lorries?",
            "2010\t388\t7,015\t44.9",
            "2010 (7,015)",
        ),
        (
            "When did tourists buy half of the tickets of the Osmark ferries for the first time?",
            "2011\t401\t7,902\t50.6",
            "2011 (50.6)",
        ),
        ("How many British people stayed in the hotels of Osmark in 2013?", "United Kingdom\t8,120\t9,945", "9,945"),
        ("How many islands of Osmark had between 500 and 1,499 inhabitants in 2010?", "500–1,499\t9\t11", "11"),
        ("How many islands of Osmark had at least 1,500 inhabitants in 1990?", "1,500 and over\t3\t4", "3"),
    ],
)
def test_a_row_is_found_by_what_the_words_mean(ferries: Assistant, question: str, row: str, short: str) -> None:
    answer = ferries.ask(question)
    assert (rows(answer), answer.short) == ([row], short)


@pytest.mark.parametrize(
    ("question", "quoted", "short"),
    [
        (
            "How did the number of trucks on the Osmark ferries develop from 2008 to 2010?",
            ["2008\t412\t9,120\t31.5", "2010\t388\t7,015\t44.9"],
            "9,120 → 7,015 (-2,105)",
        ),
        (
            "How many lorries went with the Osmark ferries in 2009, and how many three years on?",
            ["2009\t365\t6,480\t38.2", "2012\t437\t8,250\t53.1"],
            "6,480 → 8,250 (+1,770)",
        ),
        (
            "By how much did Dutch hotel guests of Osmark fall between 2011 and 2013?",
            ["Netherlands\t11,310\t10,204"],
            "11,310 → 10,204 (-1,106)",
        ),
    ],
)
def test_a_change_shows_both_figures_and_the_difference(ferries: Assistant, question: str, quoted: list[str], short: str) -> None:
    answer = ferries.ask(question)
    assert (rows(answer), answer.short) == (quoted, short)


@pytest.mark.parametrize(
    "question",
    [
        "How many British people stayed in the hotels of Osmark in 2007?",
        "How many accidents did the Osmark ferries have in 2012?",
        "How much money did Japanese hotel guests of Osmark spend in 2013?",
        "Why did the Osmark ferries carry fewer lorries in 2009?",
    ],
)
def test_another_year_measure_or_a_reason_is_not_computed(ferries: Assistant, question: str) -> None:
    assert ferries.ask(question).short == ""
