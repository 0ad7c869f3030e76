"""Questions for the rows of which a table says something: which rows are quoted, and which questions are left alone."""

from __future__ import annotations

import pytest

from askjapan.assistant import Assistant
from tests.support.table_answers import library_of_one, rows

TIES = """---
title: The Friends of Port Hamer
authors: Ruth Oduya
year: 2018
themes: sister cities
---

# The friends of Port Hamer

## Partners

The port has signed agreements of friendship since the fifties, and the archive of the town hall keeps them in one cupboard.

Table 1. Sister cities of Port Hamer, as of 2017

| City | Country | Signed | Main field | Delegates 2000 | Delegates 2015 |
| --- | --- | --- | --- | --- | --- |
| Minato-Shima | Japan | 4 May 1961 | Youth exchange | 84 | 41 |
| Sant Pol | Spain | 1998 | Trade fairs | 12 | 30 |
| Kamigawa | Japan | 1987 | Port technology | 22 | 35 |
| Lobito Novo | Angola | 2009 | Port technology | – | 6 |
| Tasmar | Turkey | 1974 | Youth exchange | 40 | 18 |

表2 水沢市の姉妹都市（2020年現在）

| 都市 | 国 | 提携年 | 主な分野 |
| --- | --- | --- | --- |
| ローゼンタール | ドイツ | 1984 | 音楽 |
| 清河 | 韓国 | 1996 | 農業 |
| ベルポート | カナダ | 1971 | 農業 |
"""


@pytest.fixture(scope="module")
def ties(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return library_of_one(tmp_path_factory.mktemp("ties"), "ties.md", TIES)


MINATO, SANT_POL = "Minato-Shima\tJapan\t4 May 1961\tYouth exchange\t84\t41", "Sant Pol\tSpain\t1998\tTrade fairs\t12\t30"
KAMIGAWA, LOBITO = "Kamigawa\tJapan\t1987\tPort technology\t22\t35", "Lobito Novo\tAngola\t2009\tPort technology\t–\t6"
TASMAR = "Tasmar\tTurkey\t1974\tYouth exchange\t40\t18"


@pytest.mark.parametrize(
    ("question", "quoted", "short"),
    [
        ("Which is the oldest sister city of Port Hamer?", [MINATO], "Minato-Shima (4 May 1961)"),
        ("What is the newest of the sister cities of Port Hamer?", [LOBITO], "Lobito Novo (2009)"),
        ("Which sister cities of Port Hamer work on port technology?", [KAMIGAWA, LOBITO], "Kamigawa, Lobito Novo"),
        ("Which sister cities of Port Hamer are in Japan?", [MINATO, KAMIGAWA], "Minato-Shima, Kamigawa"),
        ("Which sister city of Port Hamer in Japan is the newest?", [KAMIGAWA], "Kamigawa (1987)"),
        (
            "For which sister cities of Port Hamer did the number of delegates fall between 2000 and 2015?",
            [MINATO, TASMAR],
            "Minato-Shima (84 → 41), Tasmar (40 → 18)",
        ),
        (
            "Which sister cities of Port Hamer increased their delegates from 2000 to 2015?",
            [SANT_POL, KAMIGAWA],
            "Sant Pol (12 → 30), Kamigawa (22 → 35)",
        ),
        ("水沢市の最も古い姉妹都市はどこですか。", ["ベルポート\tカナダ\t1971\t農業"], "ベルポート (1971)"),
    ],
)
def test_the_rows_are_picked_by_what_the_table_says_of_them(
    ties: Assistant, question: str, quoted: list[str], short: str
) -> None:
    answer = ties.ask(question)
    assert (rows(answer), answer.short) == (quoted, short)


@pytest.mark.parametrize(
    "question",
    [
        "Which sister cities of Port Hamer are not in Japan?",
        "When did Port Hamer sign with its oldest sister city in Norway?",
        "Which sister cities of Port Hamer are in Norway?",
        "For which sister cities of Port Hamer did the number of delegates fall between 1990 and 2015?",
        "Which country is Tasmar in?",
    ],
)
def test_what_the_table_does_not_say_is_not_picked(ties: Assistant, question: str) -> None:
    assert ", " not in ties.ask(question).short
    assert "(" not in ties.ask(question).short
