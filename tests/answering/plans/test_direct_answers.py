"""Questions that want one thing – a cell, a difference, a rank, yes or no, two things of one sentence – asked through the door."""

from __future__ import annotations

import pytest

from askjapan.assistant import Assistant
from askjapan.index.build import build
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import multilingual
from askjapan.records import Answer
from askjapan.settings import Settings

SALT = """---
title: The Salt Pans of Ersby
authors: Ada Brandt
year: 1999
themes: salt
---

# The salt pans of Ersby

## Introduction

This paper asks how the salt pans of Ersby outlived their competitors. It argues that the pans lived on tourists.

## Keepers

The salt museum was opened by the chemist Lena Holm on 3 May 1931. The old weigh house was never rebuilt. The paper recommends that the
council should pave the causeway. The council did not pave the causeway.

## Boats and carts

Boats carried 40 sacks a day, carts only 12. Boats were rented from the abbey. Carts belonged to the keepers.

## Output

Table 1. Salt made and visitors of the pans

| Year | Salt made (tons) | Visitors |
| --- | --- | --- |
| 1920 | 1,250 | 300 |
| 1930 | 980 | 2,400 |
| 1940 | 415 | 7,150 |

Table 2. Workers of the pans by place and task (persons, 1930)

| Place | Task | Workers | Share of women (%) |
| --- | --- | --- | --- |
| Ersby | Total | 90 | 41.0 |
| Ersby | Raking | 50 | 30.0 |
| Ersby | Boiling | 25 | 48.0 |
| Ersby | Packing | 15 | 66.7 |
| Halm | Raking | 70 | 71.0 |
| Halm | Boiling | 12 | 20.0 |

Table 3. Buyers of the salt of Ersby

| Buyer | Country | Sacks |
| --- | --- | --- |
| Moller | Denmark | 900 |
| Pirk | Estonia | 410 |
| Tromp | Denmark | 75 |

## Conclusion

The paper concludes that a museum keeps what trade gives up.
"""

SALT_JA = """---
title: 砂浜町の塩田
authors: 浜野薫
year: 2012
language: ja
themes: 塩
---

# 砂浜町の塩田

## はじめに

本稿は砂浜町の塩田がなぜ残ったかを問う。塩田は観光によって残ったと本稿は主張する。

## 歴史

塩田の組合を設立したのは薬剤師の西野鉄平で、1951年6月2日のことである。最盛期の働き手は3万人で、1980年には1万2千人に減った。
資料館を開いたのは隣の岬町である。

## 生産

表1 塩の生産量と見学者（単位：トン、人）

| 年 | 生産量 | 見学者 |
| --- | --- | --- |
| 1960 | 640 | 200 |
| 1970 | 310 | 5,100 |
| 1980 | 120 | 9,400 |

## おわりに

塩田を残したのは見学者である。
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    home = tmp_path_factory.mktemp("direct")
    corpus = home / "corpus"
    corpus.mkdir()
    for name, text in (("salt.md", SALT), ("shio.md", SALT_JA)):
        (corpus / name).write_text(text, encoding="utf-8")
    build([corpus], home / "index", minilm(), catalogue=home / "none.toml", multilingual=multilingual())
    return Assistant.open(settings=Settings(home=home, index=home / "index", corpus=[corpus]))


def quotes(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences if sentence.kind == "quote"]


def rows(answer: Answer) -> list[str]:
    return [quote.splitlines()[-1] for quote in quotes(answer)]


pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("question", "short", "shown"),
    [
        ("How many visitors did the salt pans of Ersby have in 1930?", "2,400", ["1930\t980\t2,400"]),
        ("How much salt was made in 1920?", "1,250 tons", ["1920\t1,250\t300"]),
        ("1970年の見学者は何人ですか", "5,100", ["1970\t310\t5,100"]),
    ],
)
def test_the_cell_whose_row_and_column_are_named_is_the_short_answer(
    library: Assistant, question: str, short: str, shown: list[str]
) -> None:
    answer = library.ask(question)
    assert (answer.short, rows(answer)) == (short, shown)


@pytest.mark.parametrize(
    ("question", "short", "shown"),
    [
        (
            "How much did the visitors of the pans grow from 1920 to 1940?",
            "300 → 7,150 (+6,850)",
            ["1920\t1,250\t300", "1940\t415\t7,150"],
        ),
        ("1960年から1980年に塩の生産量はどれだけ減りましたか", "640 → 120 (-520)", ["1960\t640\t200", "1980\t120\t9,400"]),
    ],
)
def test_a_change_between_two_years_shows_both_rows_and_the_difference(
    library: Assistant, question: str, short: str, shown: list[str]
) -> None:
    answer = library.ask(question)
    assert (answer.short, rows(answer)) == (short, shown)


def test_a_year_that_the_table_lacks_is_looked_up_nowhere(library: Assistant) -> None:
    assert "1930" not in library.ask("How many visitors did the salt pans have in 1936?").short


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Which task in Ersby has the highest share of women?", "Packing (66.7)"),
        ("Which task in Ersby has the second highest share of women?", "Boiling (48.0)"),
        ("In which year was the second smallest amount of salt made?", "1930 (980)"),
        ("砂浜町の塩田の見学者が最も多かったのは何年ですか", "1980 (9,400)"),
    ],
)
def test_a_rank_is_computed_over_the_rows_of_the_group_that_is_named(library: Assistant, question: str, short: str) -> None:
    assert library.ask(question).short == short


def test_two_things_of_one_sentence_are_one_quote_with_both_answers(library: Assistant) -> None:
    answer = library.ask("Who opened the salt museum and when?")
    assert (answer.kind, answer.short, len(quotes(answer))) == ("two parts", "the chemist Lena Holm; 3 May 1931", 1)
    japanese = library.ask("塩田の組合を設立したのは誰で、いつですか")
    assert japanese.kind == "two parts"
    assert quotes(japanese)[0].startswith("塩田の組合を設立したのは薬剤師の西野鉄平で、1951年6月2日のことである。")


@pytest.mark.parametrize(
    ("question", "short", "quote"),
    [
        ("Was the old weigh house ever rebuilt?", "No", "The old weigh house was never rebuilt."),
        ("Did the council pave the causeway?", "No", "The council did not pave the causeway."),
    ],
)
def test_what_is_recommended_says_neither_yes_nor_no(library: Assistant, question: str, short: str, quote: str) -> None:
    answer = library.ask(question)
    assert (answer.short, quotes(answer)[0].endswith(quote)) == (short, True)


def test_a_sentence_that_names_both_sides_stands_before_them(library: Assistant) -> None:
    answer = library.ask("Compare boats and carts")
    assert answer.sentences[0].text == "Boats carried 40 sacks a day, carts only 12."


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Which of these papers is the oldest?", "The Salt Pans of Ersby"),
        ("一番新しい論文はどれですか", "砂浜町の塩田"),
    ],
)
def test_the_oldest_and_the_newest_work_are_told_from_the_catalogue(library: Assistant, question: str, short: str) -> None:
    answer = library.ask(question)
    assert (answer.kind, answer.short) == ("library", short)


def test_a_work_with_a_japanese_title_is_named_by_a_part_of_it_and_its_conclusion_is_the_section_so_headed(
    library: Assistant,
) -> None:
    answer = library.ask("砂浜町の論文の結論は何ですか")
    assert (answer.kind, quotes(answer)) == ("overview", ["塩田を残したのは見学者である。"])


def test_several_things_are_listed_from_the_column_that_is_named(library: Assistant) -> None:
    answer = library.ask("In which countries are the buyers of the salt of Ersby?")
    assert (answer.short, len(quotes(answer))) == ("Denmark, Estonia", 3)


def test_a_question_with_a_name_that_only_japanese_passages_have_is_answered_from_them(library: Assistant) -> None:
    answer = library.ask("西野鉄平が組合を設立したのはいつですか")
    assert (answer.short, {citation.title for citation in answer.citations}) == ("1951年6月2日", {"砂浜町の塩田"})


def test_a_follow_up_in_japanese_is_asked_for_its_own_kind_of_answer(library: Assistant) -> None:
    answer = library.ask("それは何年のことですか", ["資料館を開いたのはどこの町ですか"])
    assert answer.short != "岬町"


@pytest.mark.parametrize(
    ("question", "short"),
    [("塩田の働き手は1980年に何人でしたか", "1万2千人"), ("資料館を開いたのはどこの町ですか", "岬町")],
)
def test_figures_in_japanese_are_told_by_their_counter_and_year_and_places_by_their_kind(
    library: Assistant, question: str, short: str
) -> None:
    assert library.ask(question).short == short
