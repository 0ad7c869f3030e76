"""What kind of question a question is, whatever it is about: none of these stands among the examples."""

from __future__ import annotations

import pytest

from askjapan.language.question_kinds import KINDS, features, kind_model, kind_of

UNSEEN = {
    "fact": (
        "How many lifts does the hotel have?",
        "When was the pipeline finished?",
        "ホテルの客室はいくつありますか",
        "学校はいつ開校しましたか",
    ),
    "definition": ("What is a cantilever?", "What does ablation mean?", "摩擦とは何ですか"),
    "who": ("Who was Vasco da Gama?", "Who is Grace Hopper?"),
    "cause": ("Why did the glacier retreat?", "What caused the outage?", "なぜ氷河は後退したのですか", "停電の原因は何ですか"),
    "list": ("List the towers of the castle", "What are the advantages of tiled stoves?"),
    "yesno": ("Did the choir perform abroad?", "Are tulips perennial?", "Was the ferry late?"),
    "comparison": ("Compare copper and tin", "What is the difference between a fugue and a canon?", "銅と錫の違いは何ですか"),
    "overview": (
        "Summarise the lecture on tides",
        "What are the main findings of Mendel?",
        "What does Mendel argue?",
        "この本を要約してください",
    ),
    "library": ("Which works are in the collection?", "Who wrote the paper on tides?", "どんな文献がありますか"),
    "event": ("What happened on 2 September 1945?", "What happened in 1905?", "1905年に何がありましたか"),
    "opinion": ("Should the port be deepened?", "港を深くすべきですか"),
    "vague": ("tides", "the captain?", "潮汐"),
}


@pytest.mark.parametrize(("kind", "question"), [(kind, question) for kind, questions in UNSEEN.items() for question in questions])
def test_a_kind_is_told_by_how_is_asked(kind: str, question: str) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    "question",
    [
        "How does a gearbox work?",
        "Which towers does the author name as the oldest?",
        "Which crops did the study call thirsty?",
        "日本の港の税金の仕組みには何が必要でしたか",
    ],
)
def test_what_a_text_says_is_no_question_about_the_library(question: str) -> None:
    assert kind_of(question) != "library"


def test_probabilities_are_of_all_kinds_and_add_up() -> None:
    found = kind_model().probabilities("Why did the glacier retreat?")
    assert set(found) == set(KINDS)
    assert sum(found.values()) == pytest.approx(1)
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_the_subject_is_no_feature() -> None:
    assert set(features("Why did the glacier retreat?")) == set(features("Why did the parliament dissolve?"))
