"""The short answer: whole words, of the kind that is asked for, or none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from askjapan.answering.candidates import Candidate, Span
from askjapan.answering.short import NO, YES, short_answer, yes_or_no
from askjapan.records import Hit, Unit
from tests.support.evidence import asked
from tests.support.stages import document, passages


def candidate(
    text: str, marked: str = "", margin: float = 5.0, *, kind: str = "sentence", met: tuple[float, ...] = ()
) -> Candidate:
    """A candidate in which the reader marks a stretch."""
    passage = replace(passages(text)[0], units=(Unit(text, ((0, len(text)),), kind),))  # type: ignore[arg-type]
    start = text.index(marked)
    span = Span(start, start + len(marked), margin) if marked else None
    return Candidate(Hit(passage, document(text), 1.0, 1), 0, passage.units[0], (), 0, 1.0, 0.0, 1.0, span, 0.5, met, met)


@pytest.mark.parametrize(
    ("question", "text", "marked", "short"),
    [
        ("How many boats came?", "In all, 1,576 boats came.", "576 bo", "1,576"),
        ("How much did it cost?", "It cost about $3.5 million in all.", "3.5", "$3.5 million"),
        ("What percentage of boats sank?", "Of the boats 12.4 percent sank.", "12.4", "12.4 percent"),
        ("When was the quay built?", "The quay was built on 23 April 1965.", "1965", "23 April 1965"),
        ("In which year was the quay built?", "The quay was built on 23 April 1965.", "1965", "1965"),
        ("Who built the quay?", "The quay was built by Harold Wells.", "arold Wel", "Harold Wells"),
        ("Where was the anchor cast?", "The anchor was cast in Marseille, they say.", "Marseille,", "Marseille"),
        ("いつ岸壁ができましたか", "岸壁は昭和40年4月23日にできた。", "40年", "昭和40年4月23日"),
        ("How many boats came in 1996?", "In 1991, 12 boats came, and in 1996 there came 30 boats.", "30", "30"),
        ("船は何隻ありますか", "港には船が1,576隻ある。", "576", "1,576隻"),
        ("What share of boats came from Peru?", "Boats came from Chile (46 percent) and Peru (15 percent).", "46", "15 percent"),
    ],
)
def test_it_is_whole_and_of_the_kind_asked_for(question: str, text: str, marked: str, short: str) -> None:
    assert short_answer(asked(question, text), candidate(text, marked)) == short


@pytest.mark.parametrize(
    ("question", "text", "marked", "margin"),
    [
        ("How many boats came?", "Many boats came with the tide.", "with the tide", 9.0),
        ("How many boats came?", "They were 91.2 percent of all boats.", "91.2 percent", 9.0),
        ("How many boats came in May?", "The boats of 1999 came in May.", "1999", 9.0),
        ("When was the quay built?", "The quay was built by sailors.", "sailors", 9.0),
        ("Who built the quay?", "The quay was built by sailors.", "sailors", 9.0),
        ("How many boats came?", "In all, 12 boats came.", "12", -0.5),
        ("Which boat sank?", "The boat Aurora sank.", "Aurora", 1.0),
        ("Who built the quay?", "The quay was built.", "The quay", 9.0),
        ("How many boats came in 1996?", "There came 12 boats in 1991 and 30 in 1996.", "12", 9.0),
        ("Why was the quay built?", "The quay was built because of the tide.", "the tide", 9.0),
        ("Who is Harold Wells?", "The sailor Harold Wells built the quay.", "The sailor Harold Wells", 9.0),
    ],
)
def test_there_is_none_of_another_kind_or_where_the_reader_is_unsure(
    question: str, text: str, marked: str, margin: float
) -> None:
    assert short_answer(asked(question, text), candidate(text, marked, margin)) == ""


@pytest.mark.parametrize(
    ("header", "marked", "short"),
    [
        ("Year\tExperts sent (number)\tShare of all experts (%)", "51.9", ""),
        ("Year\tExperts sent (number)\tShare of all experts (%)", "1,513", "1,513"),
        ("Year\tSent to Asia\tSent to Africa", "1,513", "1,513"),
        ("Year\tSent to Asia\tSent to Africa", "51.9", ""),
        ("Year\tMen\tWomen", "1,513", ""),
        ("", "1,513", ""),
    ],
)
def test_of_several_figures_in_a_row_it_is_the_one_under_the_header_that_is_asked_for(
    header: str, marked: str, short: str
) -> None:
    row = candidate("1993\t1,513\t51.9", marked, kind="row")
    frame = (Unit(header, ((0, len(header)),), "header"),) if header else ()
    assert short_answer(asked("How many experts were sent to Asia in 1993?", row.text), replace(row, frame=frame)) == short


def test_a_cell_of_a_table_is_taken_whole() -> None:
    row = candidate("1993\t1,513 experts", "513", kind="row")
    assert short_answer(asked("How many experts were sent in 1993?", row.text), row) == "1,513 experts"


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("Did the ferry run in winter?", "The ferry ran all winter.", YES),
        ("Did the ferry run in winter?", "The ferry did not run in winter.", NO),
        ("冬に渡船は運航しましたか", "渡船は冬には運航しなかった。", NO),
        # A plan, a double negation and a question with a negation decide nothing.
        ("Did the ferry run in winter?", "The ferry might run in winter.", ""),
        ("Did the ferry run in winter?", "The report recommends that the ferry run in winter.", ""),
        ("Did the ferry run in winter?", "It is not true that the ferry did not run in winter.", ""),
        ("Did the ferry not run in winter?", "The ferry ran in winter.", ""),
    ],
)
def test_yes_and_no_are_said_where_a_sentence_says_just_that(question: str, text: str, said: str) -> None:
    assert yes_or_no(asked(question, text), candidate(text, met=(0.9, 0.95, 0.9))) == said


def test_nothing_is_said_where_a_word_of_the_question_is_not_met() -> None:
    text = "The ferry fell in winter."
    assert yes_or_no(asked("Did the fares rise in winter?", text), candidate(text, met=(0.95, 0.3, 0.95))) == ""
