"""Follow-ups → what is read, what is shown and what is searched for."""

from __future__ import annotations

import pytest

from askjapan.retrieval.turns.completion import Completed, begins_with_verb, completed

EARLIER = "How many ships entered the harbour of Asahi in 1999?"


def of(message: str, *turns: str, searched: str = "") -> Completed:
    return completed(message, turns[0], turns, searched or turns[0])


def test_a_message_with_a_verb_is_read_as_one_sentence_about_the_subject() -> None:
    topic = ("ships", "entered", "harbour", "Asahi", "1999")
    assert of("And did they pay?", EARLIER) == Completed(
        "As for the harbour of Asahi, did they pay?", "And did they pay? (ships entered harbour Asahi 1999)", topic
    )


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("What had it dropped to five years later?", "As for the harbour of Asahi, what had it dropped to in 2004?"),
        ("What was it two years before that?", "As for the harbour of Asahi, what was it in 1997?"),
        ("Bottom line: did they pay?", "As for the harbour of Asahi, did they pay?"),
        ("And Okada, did she pay?", "As for the harbour of Asahi, Okada, did she pay?"),
    ],
)
def test_a_sentence_is_one_that_a_person_would_say(message: str, sentence: str) -> None:
    assert of(message, EARLIER).read == sentence


def test_a_year_counted_from_another_takes_its_place() -> None:
    assert of("And two years earlier?", EARLIER).read == "How many ships entered the harbour of Asahi in 1997?"


@pytest.mark.parametrize("message", ["What about the gates?", "And the gates?", "And against whom?", "And how many did it send?"])
def test_a_message_without_a_verb_is_read_with_the_words_before_it_and_shown_as_a_sentence(message: str) -> None:
    done = of(message, EARLIER)
    assert (done.read, done.searched) == (f"{message} (ships entered harbour Asahi 1999)", "")
    small = message.removeprefix("And ").replace("What", "what")
    assert done.sentence == f"How many ships entered the harbour of Asahi in 1999, and {small}"


def test_a_verb_without_a_subject_is_read_with_the_words_before_it() -> None:
    done = of("Who ran it?", "Which ships came in May?")
    assert (done.read, done.sentence) == ("Who ran it? (ships came)", "Which ships came in May, and who ran it?")


def test_nothing_is_taken_from_turns_whose_words_are_all_said() -> None:
    assert of("Did the ships of Asahi pay?", "Ships of Asahi?") == Completed("Did the ships of Asahi pay?")


def test_a_japanese_message_is_shown_with_the_topic_and_read_with_the_whole_question() -> None:
    whole = "朝日港の船は1999年に何隻でしたか"
    assert of("それはなぜですか", whole) == Completed(
        f"「{whole}」について、それはなぜですか", topic=(whole,), sentence="朝日港の船について、それはなぜですか"
    )


@pytest.mark.parametrize(
    ("message", "verb"),
    [("Will it change?", True), ("Has he met others? Name one.", True), ("Who will?", False), ("Why?", False)],
)
def test_a_message_that_begins_with_a_verb_asks_for_yes_or_no(message: str, *, verb: bool) -> None:
    assert begins_with_verb(message) is verb
