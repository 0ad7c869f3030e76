"""Questions for all rows of which a figure or year keeps a limit, for what part of a whole a figure is, and for which of two is more."""

from __future__ import annotations

import pytest

from askjapan.answering.plans.tables.asking.limits import Limit, limit_of
from askjapan.assistant import Assistant
from tests.support.table_answers import library_of_one, rows

GUESTS = """---
title: Guest Workers in the Bay of Harne
authors: Iris Tolland
year: 2019
themes: migration
---

# Guest workers in the bay of Harne

## Who came

The fish factories of Harne have hired abroad since the strike of 1999. The council counts the guest workers each winter,
when the boats lie in the harbour.

Table A. Guest workers in Harne by country of origin

| Country | 2010 | 2018 |
| --- | --- | --- |
| Viet Nam | 120 | 410 |
| Philippines | 260 | 305 |
| Indonesia | 95 | 88 |
| Nepal | 4 | 197 |
| Total | 479 | 1,000 |

## Where they meet

Clubs help newcomers with forms, doctors and the language, and most of them live on gifts. One closed in 2016 for want of members
and opened again a year later.

Table B. Clubs of guest workers in Harne

| Club | Founded | Members | Share of women (%) |
| --- | --- | --- | --- |
| Lantern House | 2001 | 84 | 61.5 |
| The Anchor | 1999 | 130 | 22.0 |
| Northern Star | 2012 | 47 | 55.3 |
| Blue Door | 2015 | 66 | 48.1 |
"""
LANTERN, ANCHOR = "Lantern House\t2001\t84\t61.5", "The Anchor\t1999\t130\t22.0"
STAR, DOOR = "Northern Star\t2012\t47\t55.3", "Blue Door\t2015\t66\t48.1"


@pytest.fixture(scope="module")
def guests(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return library_of_one(tmp_path_factory.mktemp("guests"), "guests.md", GUESTS)


@pytest.mark.parametrize(
    ("question", "quoted", "short"),
    [
        (
            "Which clubs of guest workers in Harne were founded in 2012 or later?",
            [STAR, DOOR],
            "Northern Star (2012), Blue Door (2015)",
        ),
        (
            "Which clubs of guest workers in Harne have more than 80 members?",
            [LANTERN, ANCHOR],
            "Lantern House (84), The Anchor (130)",
        ),
        (
            "In which clubs of guest workers in Harne are more than half of the members women?",
            [LANTERN, STAR],
            "Lantern House (61.5), Northern Star (55.3)",
        ),
        ("Which club of guest workers in Harne was founded most recently?", [DOOR], "Blue Door (2015)"),
        (
            "What part of all guest workers in Harne came from Nepal in 2018?",
            ["Nepal\t4\t197", "Total\t479\t1,000"],
            "197 / 1,000 (19.7%)",
        ),
        (
            "Did more guest workers in Harne come from Nepal or from Indonesia in 2018?",
            ["Indonesia\t95\t88", "Nepal\t4\t197"],
            "Indonesia: 88; Nepal: 197",
        ),
    ],
)
def test_rows_that_keep_a_limit_are_all_shown(guests: Assistant, question: str, quoted: list[str], short: str) -> None:
    answer = guests.ask(question)
    assert (rows(answer), answer.short) == (quoted, short)


def test_one_of_two_is_no_answer_to_which_is_more(guests: Assistant) -> None:
    assert guests.ask("Did more guest workers in Harne come from Nepal or from Brazil in 2018?").short == ""


def test_a_caption_with_a_letter_stands_above_its_rows(guests: Assistant) -> None:
    answer = guests.ask("How many guest workers from Nepal were in Harne in 2018?")
    (quote,) = [sentence.text for sentence in answer.sentences if sentence.kind == "quote"]
    assert quote == "Table A. Guest workers in Harne by country of origin\nCountry\t2010\t2018\nNepal\t4\t197"


@pytest.mark.parametrize(
    ("question", "limit"),
    [
        ("In which years did more than 80,000 people come?", Limit(80_000, over=True, equal=False, percent=False, year=False)),
        ("Which years had at most 12.5 % of it?", Limit(12.5, over=False, equal=True, percent=True, year=False)),
        ("Which were set up in 2001 or later?", Limit(2001, over=True, equal=True, percent=False, year=True)),
        ("Which closed before 1990?", Limit(1990, over=False, equal=False, percent=False, year=True)),
        ("売上の半分以上を海外で得ているのはどこですか。", Limit(50, over=True, equal=True, percent=True, year=False)),
        ("2001年以降に創設されたのはどれですか。", Limit(2001, over=True, equal=True, percent=False, year=True)),
        ("会員が80人未満の会はどこですか。", Limit(80, over=False, equal=False, percent=False, year=False)),
    ],
)
def test_a_limit_is_read(question: str, limit: Limit) -> None:
    assert limit_of(question) == limit


@pytest.mark.parametrize(
    "question", ["Which cost more than 2 million yen?", "Which are older?", "300万人を超えた国はどこですか。"]
)
def test_a_limit_in_another_scale_is_left_alone(question: str) -> None:
    assert limit_of(question) is None


def test_a_limit_keeps_or_leaves_out_its_own_value() -> None:
    assert [Limit(80, over=True, equal=equal, percent=False, year=False).holds(80) for equal in (True, False)] == [True, False]
    assert [Limit(80, over=over, equal=False, percent=False, year=False).holds(81) for over in (True, False)] == [True, False]
