"""What a question pins down, held against one sentence: another year, place, person or figure, and what is the same in other words."""

from __future__ import annotations

import pytest

import askjapan.answering.judgement as judgement_module
from askjapan.answering.compose import compose
from askjapan.records import Answer
from askjapan.retrieval.follow_up import stand_alone
from tests.support.evidence import corpus_of, evidence_of, plain_model


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models whose numbers can be counted with, instead of the package's."""
    monkeypatch.setattr(judgement_module, "answer_model", plain_model)


def answered(text: str, question: str) -> Answer:
    return compose(stand_alone(question), evidence_of(text, question), corpus_of(text), threshold=0.01)


@pytest.mark.parametrize(
    ("text", "question", "lacking"),
    [
        ("The mayor of Asahi opened the pier.", "What did the mayor of Bora open?", "Bora"),
        ("Asahi's mayor opened the pier.", "What did the mayor of Bora open?", "Bora"),
        ("Filipino residents read the harbour paper.", "Which paper do the Brazilian residents read?", "Brazilian"),
        ("The Asahi Museum shows old nets.", "What does the Bora Museum show?", "Bora Museum"),
        ("Lena Holm paved the causeway.", "What did Anna Holm pave?", "Anna Holm"),
        ("Lena Holm paved the causeway.", "What did Ingrid Moe pave?", "Ingrid Moe"),
        ("Lena Holm paved the causeway in 1931.", "Where did Lena Holm pave the causeway in 1941?", "1941"),
        ("Boats left the pier in 1931.", "How many boats left the pier since 1941?", "1941"),
        ("The union of 1,250 members bought the pier.", "Did the union of 4,700 members buy the pier?", "4700"),
    ],
)
def test_another_is_no_answer(text: str, question: str, lacking: str) -> None:
    answer = answered(text, question)
    assert not answer.answered
    assert answer.saying
    assert answer.saying.values["why"].values == {"lacking": (lacking,)}  # type: ignore[union-attr]
    assert [sentence.text for sentence in answer.sentences][1:] == [text]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("The mayor of Asahi opened the pier.", "What did the mayor of Asahi open?"),
        ("The mayor opened the pier.", "What did the mayor of Bora open?"),
        ("The Dutch government opposed the deal.", "Did the government of the Netherlands oppose the deal?"),
        ("The United Ferry Board sold the pier.", "Which pier did the UFB have?"),
        ("Governor Holm paved the causeway.", "What did Lena Holm pave?"),
        ("L. Holm paved the causeway.", "What did Lena Holm pave?"),
        ("Boats left the pier in 1931.", "How many boats left the pier since 1921?"),
        ("Boats left the pier in 1931.", "How many boats left the pier before 1941?"),
        ("Boats left the pier from 1931 to 1945.", "How many boats left the pier in 1941?"),
        ("The Kobe earthquake broke the pier, which was mended in 1997.", "What did the 1995 Kobe earthquake break?"),
        ("The law on piers was in force from 1990.", "When was the law of 1989 on piers in force?"),
        ("Why the boats left in 1931 is told.", "Why did the boats leave in 1941?"),
        ("The union of 1,250 members bought the pier.", "Did the union of 1250 members buy the pier?"),
    ],
)
def test_the_same_in_other_words_stays_an_answer(text: str, question: str) -> None:
    assert answered(text, question).answered


def test_a_quote_that_meets_the_question_takes_the_place_of_one_that_does_not() -> None:
    text = "The mayor of Asahi opened the long pier of the harbour.\n\nThe mayor of Bora opened a school beside the long pier.\n"
    answer = answered(text, "What did the mayor of Bora open on the long pier of the harbour?")
    assert answer.answered
    assert answer.sentences[0].text == "The mayor of Bora opened a school beside the long pier."
