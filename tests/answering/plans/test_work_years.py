"""When a text was written, asked after a question on one work: the year of the catalogue, marked as from there."""

from __future__ import annotations

import pytest

from askjapan.answering.messages import say
from askjapan.answering.plans.works.years import asks_for_year
from askjapan.assistant import Assistant

HARBOURS, SCHOOLS = "Harbour Towns of the Marvik Coast", "Village Schools and Their Teachers"


@pytest.mark.model
@pytest.mark.parametrize(
    ("history", "message", "standalone", "short"),
    [
        ("What does the report on harbours conclude?", "When was it published?", f"When was “{HARBOURS}” published?", "2004"),
        ("Who wrote the paper on village schools?", "When was it written?", f"When was “{SCHOOLS}” written?", "2013"),
        ("How many boats did Marvik have in 1970?", "How old is this report?", f"How old is “{HARBOURS}”?", "2004"),
        ("What does Renner argue?", "Which year is the paper from?", f"Which year is “{SCHOOLS}” from?", "2013"),
        ("汐見町の人口は1985年に何人でしたか", "この論文は何年のものですか", "『港町の歩み』は何年のものですか", "2009"),
    ],
)
def test_the_year_of_the_work_that_was_spoken_of(
    towns: Assistant, history: str, message: str, standalone: str, short: str
) -> None:
    answer = towns.ask(message, [history])
    assert (answer.kind, answer.short, answer.standalone_question) == ("library", short, standalone)
    language = "en" if message.isascii() else "ja"
    assert answer.sentences[0].text == say("catalogue", language)  # type: ignore[arg-type]
    assert len(answer.sentences) == 2
    assert not answer.citations


@pytest.mark.model
def test_author_and_year_in_one_question_are_both_of_the_catalogue(towns: Assistant) -> None:
    answer = towns.ask("Who wrote the paper on village schools, and when was it written?")
    assert (answer.kind, answer.short) == ("two parts", "Paul Renner; 2013")
    assert not answer.citations


@pytest.mark.model
def test_one_work_alone_needs_no_question_before(towns: Assistant) -> None:
    schools = next(work.id for work in towns.documents if work.title == SCHOOLS)
    answer = towns.ask("How old is this report?", documents=[schools])
    assert (answer.kind, answer.short) == ("library", "2013")
    assert len(towns.ask("How old is this report?").sentences) == 2 + len(towns.documents)


@pytest.mark.model
def test_what_is_no_text_is_not_looked_up_in_the_catalogue(towns: Assistant) -> None:
    answer = towns.ask("When was it published?", ["What is the Coastal Board?"])
    assert answer.kind == "fact"


@pytest.mark.parametrize(
    "message",
    [
        "When was it written?",
        "How recent is the study?",
        "What year is this from?",
        "それはいつ書かれましたか",
        "いつ発表されましたか",
    ],
)
def test_asks_for_the_year_of_a_text(message: str) -> None:
    assert asks_for_year(message) is (message != "What year is this from?")


@pytest.mark.parametrize(
    "message",
    [
        "When was he born?",
        "How old is it?",
        "When was the treaty written?",
        "Who wrote it?",
        "いつ生まれましたか",
        "条約はいつ書かれましたか",
    ],
)
def test_asks_for_something_else(message: str) -> None:
    assert not asks_for_year(message)
