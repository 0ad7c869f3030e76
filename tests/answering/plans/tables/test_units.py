"""Figures of tables with their unit, and sums of money that are no answer to "how many"."""

from __future__ import annotations

import pytest

from askjapan.assistant import Assistant
from tests.support.table_answers import library_of_one, rows

pytestmark = pytest.mark.model

BANK = """---
title: The Savings Bank of Velmo
authors: Tora Lind
year: 2003
themes: banks
---

# The savings bank of Velmo

## Lending abroad

The savings bank of Velmo lends to yards and mills abroad. Between 1994 and 1996 it paid for 17 projects abroad, most of them mills.

Table 1. Lending of the savings bank abroad, 1994–1996 (million yen)

| Year | Mills | Yards |
| --- | --- | --- |
| 1994 | 210.5 | 41.0 |
| 1995 | 288.1 | 39.7 |
| 1996 | 330.6 | 52.4 |

## Branches

Table 2. Projects of the savings bank at home, 1994–1996

| Year | Projects | Costs (thousand euros) |
| --- | --- | --- |
| 1994 | 12 | 802 |
| 1995 | 19 | 977 |
| 1996 | 23 | 1,104 |
"""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return library_of_one(tmp_path_factory.mktemp("bank"), "bank.md", BANK)


@pytest.mark.parametrize(
    ("question", "row", "short"),
    [
        ("How much did the savings bank lend to mills abroad in 1996?", "1996\t330.6\t52.4", "330.6 million yen"),
        ("How many projects did the savings bank have at home in 1995?", "1995\t19\t977", "19"),
        ("What did the projects of the savings bank at home cost in 1995?", "1995\t19\t977", "977 thousand euros"),
    ],
)
def test_a_figure_comes_with_the_unit_of_its_column_or_caption(bank: Assistant, question: str, row: str, short: str) -> None:
    answer = bank.ask(question)

    assert rows(answer) == [row]
    assert answer.short == short


@pytest.mark.parametrize(
    "question",
    [
        "How many mills abroad did the savings bank lend to in 1996?",
        "How many projects abroad did the savings bank pay for between 1994 and 1996?",
    ],
)
def test_a_sum_of_money_is_no_number_of_things(bank: Assistant, question: str) -> None:
    answer = bank.ask(question)

    assert answer.sentences[0].text == "Between 1994 and 1996 it paid for 17 projects abroad, most of them mills."
    assert "yen" not in answer.short
