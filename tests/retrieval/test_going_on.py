"""Messages that ask for what comes next."""

from __future__ import annotations

import pytest

from askjapan.retrieval.follow_up import stand_alone

FIRST = "When did Otaru and Nakhodka become partners?"


@pytest.mark.parametrize(
    "message",
    ["And after that?", "What happened next?", "And then?", "What came after that?", "Go on", "Since then?", "And later on?"],
)
def test_what_comes_next_is_a_sentence_that_stands_alone(message: str) -> None:
    found = stand_alone(message, [FIRST])
    assert (found.goes_on, found.follow_up) == (True, True)
    assert found.question == "What came after that: “When did Otaru and Nakhodka become partners”?"


@pytest.mark.parametrize("message", ["その後は？", "それで、その後どうなりましたか", "続きを教えてください"])
def test_so_it_is_in_japanese(message: str) -> None:
    found = stand_alone(message, ["小樽はいつナホトカと姉妹都市になりましたか"])
    assert (found.goes_on, found.question) == (True, "「小樽はいつナホトカと姉妹都市になりましたか」の後はどうなりましたか。")


@pytest.mark.parametrize(
    "message", ["What happened next to the ferry of Otaru?", "And in 1999?", "Why then?", "What happened after the war?"]
)
def test_a_question_with_a_subject_does_not_go_on(message: str) -> None:
    assert not stand_alone(message, [FIRST]).goes_on


def test_nothing_goes_on_without_a_question_before() -> None:
    assert not stand_alone("And after that?").goes_on


def test_a_chain_goes_on_from_its_first_question() -> None:
    assert stand_alone("And then?", [FIRST, "And after that?"]).question == stand_alone("And then?", [FIRST]).question
