"""Figures of retrieval and answers, over an assistant whose hits and answers are given."""

from __future__ import annotations

from dataclasses import replace
from math import log2

import pytest

from askjapan.errors import EvaluationError
from askjapan.evaluation.questions import Question, holds
from askjapan.evaluation.score import BUDGETS, measures, run_question
from askjapan.readings import Page
from tests.support.scored import (
    BENCH,
    HOW_MANY,
    LANTERNS,
    PASSAGES,
    PICKERS,
    SCHOOL,
    SEASONS,
    TEXTS,
    FakeAssistant,
    answer,
    asked,
    document,
    passage,
    quoted,
)


@pytest.mark.parametrize(
    ("text", "answer_any", "expected"),
    [
        ("The village hired 27 pickers.", [["27"]], True),
        ("The village hired 127 pickers.", [["27"]], False),
        ("The village hired 270 pickers.", [["27"]], False),
        ("It rose by 1.27 percent.", [["27"]], False),
        ("It rose to 27.5 percent.", [["27"]], False),
        ("It rose to 27,500.", [["27"]], False),
        ("They were 27.", [["27"]], True),
        ("They were 27, no more.", [["27"]], True),
        ("In 2012 there were 27.", [["27"], ["2012"]], True),
        ("In 2011 there were 27.", [["27"], ["2012"]], False),
        ("Twenty-seven came.", [["27", "twenty-seven"]], True),
        ("TWENTY–SEVEN came.", [["twenty-seven"]], True),
        ("the mayor’s  “own”\n bench", [['mayor\'s "own" bench']], True),
        ("２７ pickers", [["27"]], True),
        ("anything", [["  "]], False),
        ("anything", [], True),
    ],
)
def test_holds(text: str, answer_any: list[list[str]], expected: bool) -> None:
    assert holds(text, answer_any) is expected


def test_an_answer_in_another_edition_counts_in_the_words_of_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TEXTS, "lanterns-note-ja", "1961年に40個の灯籠がベスタービュへ渡った。")
    japanese = passage("lanterns-note-ja", TEXTS["lanterns-note-ja"])
    for alternative in ("forty lanterns", "40個の灯籠"):
        question = Question("ja", "灯籠はいくつ？", "ja", "factoid", ("lanterns",), ((alternative,),))
        assistant = FakeAssistant(
            {question.text: [japanese]}, {question.text: answer("?", quoted(japanese, document_kind="study note"))}
        )
        assistant.index.documents["lanterns-note-ja"] = replace(document("lanterns-note-ja"), edition_of="lanterns-note")
        assistant.index.passages = (*PASSAGES, japanese)
        assistant.first = {japanese.id: LANTERNS}
        outcome = run_question(assistant, question, {})  # type: ignore[arg-type]
        assert outcome.held == dict.fromkeys(BUDGETS, True)
        assert (outcome.first_passage, outcome.relevant) == (True, {japanese.id: 1})
        # Two Japanese characters count as one word.
        assert outcome.words == 11


def test_words_within_the_budget_hold_the_answer() -> None:
    filler = replace(LANTERNS, text="word " * 244)
    # 244 words of another work come first; the right passage has 7 words, its sixth is "27".
    assert asked(HOW_MANY, [filler, PICKERS]).held == {250: True, 500: True, 1000: True}
    filler = replace(LANTERNS, text="word " * 245)
    # One word more, and the passage that crosses the line is cut before "27".
    assert asked(HOW_MANY, [filler, PICKERS]).held == {250: False, 500: True, 1000: True}


def test_words_of_other_works_count_but_their_text_does_not() -> None:
    other = replace(LANTERNS, text="There were 27 lanterns.")
    assert asked(HOW_MANY, [other]).held == dict.fromkeys(BUDGETS, False)
    assert asked(HOW_MANY, [other, PICKERS]).held == dict.fromkeys(BUDGETS, True)
    assert not asked(HOW_MANY, [other, PICKERS]).first_passage


def test_the_answer_may_stand_in_several_passages_of_several_works() -> None:
    question = Question("q", "Q?", "en", "multi_doc", ("tea", "lanterns"), (("27",), ("forty",)))
    assert asked(question, [PICKERS, LANTERNS]).held[250]
    assert not asked(replace(question, works=("tea",)), [PICKERS, LANTERNS]).held[250]
    assert asked(replace(question, works=()), [PICKERS, LANTERNS]).held[250]


def test_first_passage_is_taken_whole() -> None:
    long = replace(PICKERS, text="word " * 2000 + "27")
    outcome = asked(HOW_MANY, [long])
    assert outcome.first_passage
    assert not outcome.held[1000]
    assert not asked(HOW_MANY, [SEASONS, PICKERS]).first_passage
    assert not asked(HOW_MANY, []).first_passage


def test_history_goes_to_both() -> None:
    question = Question("q", "And then?", "en", "followup", ("tea",), (("27",),), context=("Who came?", "When?"))
    assistant = FakeAssistant({})
    run_question(assistant, question, {})  # type: ignore[arg-type]
    assert assistant.asked == [("retrieve", "And then?", ("Who came?", "When?")), ("ask", "And then?", ("Who came?", "When?"))]


@pytest.mark.parametrize(
    ("works", "aliases", "expected"),
    [
        (("tea",), {}, True),
        (("000",), {}, True),
        (("lanterns",), {}, False),
        (("001",), {"001": "tea"}, True),
        (("001",), {"001": "lanterns"}, False),
    ],
)
def test_works_are_named_by_id_file_name_or_alias(works: tuple[str, ...], aliases: dict[str, str], expected: bool) -> None:
    assert asked(replace(HOW_MANY, works=works), [PICKERS], aliases=aliases).held[500] is expected


def test_a_work_that_the_index_does_not_hold() -> None:
    with pytest.raises(EvaluationError) as caught:
        asked(replace(HOW_MANY, works=("00",)), [PICKERS])
    assert str(caught.value) == (
        "Question q1 is about the work '00', which the index does not hold. "
        "Index that work first, or say with --works which works the names stand for."
    )


def test_relevant_passages_hold_the_evidence_or_else_the_answer() -> None:
    by_evidence = replace(HOW_MANY, evidence=("They  stayed\nthree seasons", "closed in 2014"))
    assert asked(by_evidence).relevant == {SEASONS.id: 1, SCHOOL.id: 1}
    assert asked(HOW_MANY).relevant == {PICKERS.id: 1}
    assert asked(replace(HOW_MANY, evidence=("stands nowhere",))).relevant == {PICKERS.id: 1}
    assert asked(replace(HOW_MANY, evidence=("forty lanterns",))).relevant == {PICKERS.id: 1}
    assert asked(replace(HOW_MANY, answer_any=())).relevant == {}


def test_ranking_measures() -> None:
    """Two relevant passages at ranks 2 and 3, and a question whose one relevant passage is not found."""
    first = replace(HOW_MANY, id="a", evidence=("three seasons", "closed in 2014"))
    outcomes = [asked(first, [PICKERS, SEASONS, SCHOOL]), asked(replace(HOW_MANY, id="b"), [BENCH])]
    figures = measures(outcomes)
    ideal = 1 + 1 / log2(3)
    assert figures["MRR"] == pytest.approx((1 / 2 + 0) / 2)
    assert figures["recall@5"] == pytest.approx((1 + 0) / 2)
    assert figures["recall@10"] == pytest.approx((1 + 0) / 2)
    assert figures["nDCG@10"] == pytest.approx(((1 / log2(3) + 1 / log2(4)) / ideal + 0) / 2)


def test_recall_looks_at_the_first_five_and_ten() -> None:
    fillers = [replace(BENCH, id=f"filler {number}") for number in range(9)]
    figures = measures([asked(HOW_MANY, [*fillers[:5], PICKERS])])
    assert (figures["recall@5"], figures["recall@10"], figures["MRR"]) == (0, 1, pytest.approx(1 / 6))
    figures = measures([asked(HOW_MANY, [*fillers, replace(BENCH, id="tenth"), PICKERS])])
    assert (figures["recall@10"], figures["nDCG@10"], figures["MRR"]) == (0, 0, pytest.approx(1 / 11))


def test_right_answer_is_judged_on_the_joined_sentences() -> None:
    both = replace(HOW_MANY, answer_any=(("27",), ("three seasons",)))
    outcome = asked(both, given=answer("?", quoted(PICKERS), quoted(SEASONS)))
    assert (outcome.right_answer, outcome.answered, outcome.words, outcome.sentences) == (True, True, 11, 2)
    assert not asked(both, given=answer("?", quoted(PICKERS))).right_answer


def test_a_refusal_is_never_a_right_answer() -> None:
    refused = replace(answer("?", quoted(PICKERS)), answered=False)
    assert not asked(HOW_MANY, given=refused).right_answer


def test_citations_are_checked_against_the_text() -> None:
    right = quoted(PICKERS)
    moved = quoted(PICKERS, start=PICKERS.start + 3)
    invented = quoted(PICKERS, quote="In 2012 the village hired 72 pickers.")
    outcome = asked(HOW_MANY, given=answer("?", right, moved, invented))
    assert (outcome.citations, outcome.valid_citations) == (3, 1)
    assert measures([outcome])["valid citations"] == pytest.approx(1 / 3)


def test_offsets_within_a_page() -> None:
    assistant = FakeAssistant({}, {"How many pickers?": answer("?", quoted(SEASONS, start=0, end=26, page=2, offsets="page"))})
    pages = (Page(1, "1", 0, SEASONS.start), Page(2, "2", SEASONS.start, len(TEXTS["tea"])))
    assistant.index.documents["tea"] = replace(document("tea"), pages=pages)
    assert run_question(assistant, HOW_MANY, {}).valid_citations == 1  # type: ignore[arg-type]
    assistant.index.documents["tea"] = replace(document("tea"), pages=(replace(pages[0], number=2), pages[1]))
    assert run_question(assistant, HOW_MANY, {}).valid_citations == 0  # type: ignore[arg-type]


def test_medians_are_over_answered_questions() -> None:
    outcomes = [
        asked(replace(HOW_MANY, id="a"), given=answer("?", quoted(PICKERS))),
        asked(replace(HOW_MANY, id="b"), given=answer("?", quoted(PICKERS), quoted(SEASONS))),
        asked(replace(HOW_MANY, id="c")),
    ]
    figures = measures(outcomes)
    assert (figures["median words"], figures["median sentences"]) == (9, 1.5)
    assert figures["right answer"] == pytest.approx(2 / 3)
