"""Turns before a message → the phrase that says what they are about."""

from __future__ import annotations

import pytest

from askjapan.retrieval.turns.subject import japanese_subject_of, speaks_of_another, subject_of, without_opening


@pytest.mark.parametrize(
    ("turns", "message", "subject"),
    [
        (["How common are ferries between Asahi and Bora?"], "And pilots?", "ferries between Asahi and Bora"),
        (["What is the stage model of Okada?"], "What comes next?", "the stage model of Okada"),
        (["What happened to the ferry company after the war?"], "Who bought it?", "the ferry company"),
        (["Who uses the bicycles of Port Asahi?"], "How old are they?", "the bicycles of Port Asahi"),
        (["Why did the Asahi Canal fail?"], "What was wrong with the gates?", "the Asahi Canal"),
        (["Why did the Asahi Canal fail?", "So Okada warned them?"], "Who was he?", "Okada"),
        (["Why did the Asahi Canal fail?", "So it was Mari Okada?"], "What did it cost?", "the Asahi Canal"),
        (["Why did the Asahi Canal fail?"], "Who drew the Asahi Canal?", ""),
        (["Which ships came to Japan in May?"], "Why?", ""),
        (["Why did ships stay in Asahi?"], "Which ones?", ""),
    ],
)
def test_the_last_turn_that_names_something_new_gives_the_subject(turns: list[str], message: str, subject: str) -> None:
    assert subject_of(turns, message) == subject


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("朝日港の船はなぜ減ったのですか", "朝日港の船"),
        ("漁業組合とは何ですか", "漁業組合"),
        ("日本は何を輸出しますか", ""),
        ("1999年に何隻の船が来ましたか", ""),
    ],
)
def test_the_topic_of_a_japanese_question_is_its_subject(question: str, subject: str) -> None:
    assert japanese_subject_of(question) == subject


@pytest.mark.parametrize(
    ("message", "plain"),
    [
        ("So what came back?", "What came back?"),
        ("Bottom line: does it help?", "Does it help?"),
        ("Why?", "Why?"),
        ("So?", "So?"),
    ],
)
def test_an_opening_is_left_out(message: str, plain: str) -> None:
    assert without_opening(message) == plain


def test_a_turn_that_begins_with_a_pronoun_speaks_of_another() -> None:
    assert speaks_of_another("So it was Mari Okada?")
    assert not speaks_of_another("So Mari Okada was it?")
