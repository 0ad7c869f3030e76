"""Questions that differ from what the works say in one year, place, person or figure: refused, with the nearest fact as what it is."""

from __future__ import annotations

import pytest

from askjapan.answering.messages import say
from askjapan.assistant import Assistant
from askjapan.language.scripts import is_japanese

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("question", "lacking", "nearest"),
    [
        ("What was the population of Marvik in 2002?", "2002", "The population of Marvik was 14,200 in 2001."),
        ("What was the population of Tornby in 2001?", "Tornby", "The population of Marvik was 14,200 in 2001."),
        ("Who was mayor of Tornby in 1980?", "1980", "The mayor of Tornby in 1999 was Liv Haugen."),
        (
            "How many passengers did the ferry line to Tornby carry a year in the 1970s?",
            "1970s",
            "In the 1990s the ferry line to Tornby carried 40,000 passengers a year.",
        ),
        (
            "How many tons of dried fish did Marvik export to Spain in 1985?",
            "Spain",
            "Exports of dried fish from Marvik to Portugal reached 820 tons in 1985.",
        ),
        ("Who founded the Tornby Museum of Nets?", "Tornby Museum", "Astrid Fjell founded the Marvik Museum of Nets."),
        ("When did Liv Haugen become mayor of Marvik?", "Marvik", "The mayor of Tornby in 1999 was Liv Haugen."),
        ("How many licences did South Korea sell in 2006?", "South Korea", "North Korea sold 250 licences in 2006."),
        (
            "What did Jiro Mori of the Hakodate Fishing Union call robbery?",
            "Jiro Mori",
            "Taro Mori of the Hakodate Fishing Union called the price robbery.",
        ),
        ("汐見町の人口は1995年に何人でしたか", "1995年", "汐見町の人口は1985年に8,400人であった。"),
        ("青浜町の人口は1985年に何人でしたか", "青浜町", "汐見町の人口は1985年に8,400人であった。"),
        ("1980年の青浜町長は誰ですか", "1980年", "1999年の青浜町長は西田弘であった。"),
        ("灯台は明治30年に建てられましたか", "明治30年", "明治40年に灯台が建てられた。"),
    ],
)
def test_what_a_quote_does_not_say_is_refused_with_the_nearest(
    towns: Assistant, question: str, lacking: str, nearest: str
) -> None:
    answer, language = towns.ask(question), "ja" if is_japanese(question) else "en"
    assert (answer.outcome, answer.short) == ("refusal", "")
    assert answer.saying
    assert answer.saying.values["why"].values["lacking"] == (lacking,)  # type: ignore[union-attr]
    assert [sentence.text for sentence in answer.sentences] == [say("nearest", language), nearest]  # type: ignore[arg-type]


def test_the_explanation_says_what_held_the_answer_back(towns: Assistant) -> None:
    *_, held, refused = towns.ask("What was the population of Tornby in 2001?").explanation
    assert held == "Held back: the question is about Tornby, and the best candidate speaks of another, or of none."
    assert refused.startswith("Refused: the confidence ")


@pytest.mark.parametrize(
    ("question", "short", "quote"),
    [
        ("What was the population of Marvik in 2001?", "14,200", "The population of Marvik was 14,200 in 2001."),
        ("Who was mayor of Tornby in 1999?", "Liv Haugen", "The mayor of Tornby in 1999 was Liv Haugen."),
        (
            "How many passengers did the ferry line to Tornby carry a year in 1995?",
            "",
            "In the 1990s the ferry line to Tornby carried 40,000 passengers a year.",
        ),
        ("Who led the school of Grubach in 1990?", "", "Anton Weber led the school of Grubach from 1985 to 1998."),
        (
            "How many tons of dried fish did Marvik export to Portugal in 1985?",
            "820 tons",
            "Exports of dried fish from Marvik to Portugal reached 820 tons in 1985.",
        ),
        ("How many licences did North Korea sell in 2006?", "250", "North Korea sold 250 licences in 2006."),
        (
            "How many countries came to the 1983 Bergen conference?",
            "12",
            "The 1983 Bergen conference brought together 12 countries.",
        ),
        ("How many quotas were raised before 1990?", "twice", "Quotas were raised twice before 1990."),
        (
            "What does Renner's 2013 paper recommend?",
            "that villages build flats",
            "The paper recommends that villages build flats for teachers.",
        ),
        ("汐見町の人口は1985年に何人でしたか", "8,400人", "汐見町の人口は1985年に8,400人であった。"),
        ("1999年の青浜町長は誰ですか", "西田弘", "1999年の青浜町長は西田弘であった。"),
        (
            "1975年に汐見町と青浜町の間の定期船は年に何人を運びましたか",
            "",
            "1970年代に汐見町と青浜町の間の定期船は年に3万人を運んだ。",
        ),
    ],
)
def test_what_a_quote_says_in_other_words_stays_an_answer(towns: Assistant, question: str, short: str, quote: str) -> None:
    answer = towns.ask(question)
    assert (answer.outcome, answer.short) == ("answer", short)
    assert next(sentence.text for sentence in answer.sentences if sentence.kind == "quote").startswith(quote)
