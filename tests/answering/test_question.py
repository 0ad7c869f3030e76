"""A question as it is read: its terms with their weight, its years, figures and names, and what kind of answer it wants."""

from __future__ import annotations

import math

import pytest

from askjapan.answering.question import read_question

KNOWN = {"ferri": 9, "line": 4, "harbor": 2}


def read(text: str, original: str = ""):
    return read_question(text, lambda term: KNOWN.get(term, 0), 10, original)


def test_terms_weigh_by_their_rarity():
    asked = read("How many ferry lines leave the harbour?")
    assert list(asked.weights) == ["mani", "ferri", "line", "leav", "harbor"]
    assert asked.weights["ferri"] == pytest.approx(math.log(1 + 1.5 / 9.5))
    assert asked.weights["leav"] == pytest.approx(math.log(1 + 10.5 / 0.5))
    assert asked.unknown == pytest.approx((asked.weights["mani"] + asked.weights["leav"]) / sum(asked.weights.values()))


def test_the_parts_of_a_hyphenated_word_are_enough():
    assert list(read("sister-city ties").weights) == ["sister", "citi", "tie"]


@pytest.mark.parametrize(
    ("text", "years", "figures"),
    [
        ("Who paid 1,576 yen in 1998?", ("1998",), ("1576",)),
        ("What fell by 3.5 percent from 1998 to 2004?", ("1998", "2004"), ("3.5",)),
        ("明治40年 27 人は来たか", ("1907",), ("27",)),
        ("明治40年に27人は来たか", ("1907",), ("27",)),
        ("What is G7?", (), ()),
    ],
)  # fmt: skip
def test_years_and_figures(text, years, figures):
    asked = read(text)
    assert (asked.years, asked.figures) == (years, figures)
    assert set(years) & set(asked.weights) == set()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Which ports did Hoshino and Vesterby name?", ("hoshino", "vesterbi")),
        ("Hoshino spent how much?", ()),
        ("JETRO helped whom?", ("jetro",)),
        ("It ended. Who paid Asahi's teachers?", ("asahi",)),
        ("What did Trans-Pacific talks bring?", ("tran", "pacif")),
        ("what is a ferry", ()),
    ],
)
def test_names_are_capitalised_words_that_open_no_sentence(text, names):
    assert read(text).names == names


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("How many ferries are there?", {"number"}),
        ("What percentage of ferries is blue?", {"number", "percent"}),
        ("When did the ferry stop?", {"date"}),
        ("In which year did it stop?", {"date"}),
        ("Who stopped the ferry?", {"person"}),
        ("Where does the ferry call?", {"place"}),
        ("Why did the ferry stop?", {"cause"}),
        ("How does the ferry work?", set()),
        ("Tell me of the everywhere.", set()),
        ("Did the whole fleet sail?", set()),
        ("渡船は何隻でいつ来たか", {"date", "number"}),
        ("摘み手は何人か", {"number"}),
        ("なぜ渡船は止まったか", {"cause"}),
    ],
)  # fmt: skip
def test_the_kind_of_answer(text, kinds):
    assert read(text).kinds == kinds


def test_a_gloss_asks_for_what_the_question_asked_for():
    asked = read("picker how come cooperative", "摘み手は何人か")
    assert asked.kinds == {"number"}
    assert "picker" in asked.weights


def test_a_question_without_content():
    asked = read("What is it?")
    assert (dict(asked.weights), asked.unknown, asked.years) == ({}, 0.0, ())


def test_the_kind_asked_for_is_that_of_a_follow_up_itself() -> None:
    follow_up = "「塔を建てたのは誰ですか」について、それはいつですか"
    assert read_question(follow_up, lambda term: 1, 10).kinds == frozenset({"date"})
