"""What an answer does with its evidence: the quotes that it chooses, two figures side by side, refusals and what they say."""

from __future__ import annotations

from dataclasses import replace

import pytest

import askjapan.answering.judgement as judgement_module
from askjapan.answering.candidates import Candidate, candidates_of
from askjapan.answering.compose import choose, compose, reply
from askjapan.answering.judgement import judge
from askjapan.answering.messages import say
from askjapan.assistant import Assistant
from askjapan.citations.render import to_text
from askjapan.index.build import build
from askjapan.index.encoders.minilm import minilm
from askjapan.records import Answer, Unit
from askjapan.retrieval.evidence import Evidence, Read
from askjapan.retrieval.follow_up import stand_alone
from tests.answering.test_candidates import BOATS, FERRIES
from tests.answering.test_conflicts import FERRY, OTHER, QUESTION
from tests.support.evidence import corpus_of, evidence_of, plain_model
from tests.support.places import make_place
from tests.support.stages import document, passages

OFFICE = "The harbour office counts 41 ferry lines in 2011."


@pytest.fixture
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models whose numbers can be counted with, instead of the package's."""
    monkeypatch.setattr(judgement_module, "answer_model", plain_model)


plain = pytest.mark.usefixtures("_plain")


def answered(text: str, question: str, *, evidence: Evidence | None = None, **options: object) -> Answer:
    return compose(stand_alone(question), evidence or evidence_of(text, question), corpus_of(text), **options)  # type: ignore[arg-type]


def quotes(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences if sentence.kind == "quote"]


# What is chosen


def candidates(*texts: str, kind: str = "sentence") -> list[Candidate]:
    """Candidates with these texts; only their texts and kinds are looked at."""
    passage = passages("A ferry.")[0]
    from askjapan.records import Hit

    hit = Hit(passage, document("A ferry."), 1.0, 1)
    return [
        Candidate(hit, number, Unit(text, ((0, 1),), kind), (), 0, 0.0, 0.0, 0.0, None, 0.0)  # type: ignore[arg-type]
        for number, text in enumerate(texts)
    ]


FIVE = ("Ships came.", "Snow fell.", "Tea grew.", "Nets dried.", "Bells rang.")


@pytest.mark.parametrize(
    ("logits", "quote", "limit", "chosen"),
    [
        ([0.1, 2.0, 1.0, 3.0, 0.5], 0.5, 4, [3, 1, 2, 4]),
        ([0.1, 2.0, 1.0, 3.0, 0.5], 0.5, 2, [3, 1]),
        # A probability of 0.8 is a logit of 1.386.
        ([1.38, 2.0, 1.39, 3.0, 0.5], 0.8, 4, [3, 1, 2]),
        # The best one is always there.
        ([-9.0, -3.0, -5.0, -4.0, -6.0], 0.5, 4, [1]),
        ([0.0, 0.0, 0.0, 0.0, 0.0], 0.5, 4, [0, 1, 2, 3]),
    ],
)
def test_the_best_and_all_that_are_likely_enough_are_quoted(logits, quote, limit, chosen):
    assert choose(candidates(*FIVE), logits, quote, limit) == chosen


def test_the_same_in_nearly_the_same_words_is_quoted_once():
    alike = candidates(
        "Forty ships came in during the long winter.", "Forty ships came in during the very long winter.", "Snow fell."
    )
    assert choose(alike, [3.0, 2.0, 1.0], 0.5, 4) == [0, 2]
    rows = candidates("Asahi\t44", "Asahi\t44", kind="row")
    assert choose(rows, [3.0, 2.0], 0.5, 4) == [0, 1]


def test_nothing_to_choose_from():
    assert choose([], [], 0.5, 4) == []


# Answers


@plain
def test_quotes_with_their_citations():
    answer = answered(FERRIES, "How many ferry lines does the harbour office count in 2011?")
    assert (answer.answered, answer.reason) == (True, "")
    assert quotes(answer) == [OFFICE]
    (citation,) = answer.citations
    assert (citation.marker, citation.quote, citation.section) == (1, OFFICE, "1. Ferries of Hoshino")
    assert FERRIES[citation.start : citation.end] == OFFICE
    # Six of seven terms are met: the logit is 10 · 6/7 - 5.
    assert answer.confidence == pytest.approx(0.9728, abs=2e-4)
    assert [hit.rank for hit in answer.hits] == [1, 2, 3]
    assert answer.index_fingerprint == "f" * 64


@plain
def test_a_row_is_quoted_below_its_caption_and_header_under_one_number():
    answer = answered(FERRIES, BOATS, threshold=0.0, max_quotes=1)
    assert quotes(answer) == ["Table 1. Boats by harbour\nHarbour\tBoats in 1990\tBoats in 2000\nAsahi\t44\t61"]
    assert [(citation.marker, citation.unit) for citation in answer.citations] == [(1, "caption"), (1, "header"), (1, "row")]


@plain
@pytest.mark.parametrize("max_quotes", [1, 2])
def test_no_more_quotes_than_asked_for(max_quotes):
    answer = answered(
        FERRY, "How many ferry lines does the board or the office count in 2011?", max_quotes=max_quotes, threshold=0.0
    )
    assert len(quotes(answer)) <= max_quotes


@plain
def test_a_quote_that_does_not_stand_in_its_file_is_left_out():
    question = "How many ferry lines call at two towns?"
    text = "1. Ferries\n\nSome 41 ferry lines call at towns.\n\n2. Lines\n\nAs many as 57 ferry lines call at two towns.\n"
    evidence = evidence_of(text, question)
    assert quotes(answered(text, question)) == [
        "As many as 57 ferry lines call at two towns.",
        "Some 41 ferry lines call at towns.",
    ]
    cut = text[: text.index("As many")]
    answer = compose(stand_alone(question), evidence, replace(corpus_of(text), text_of=lambda id_: cut))
    assert quotes(answer) == ["Some 41 ferry lines call at towns."]
    assert [citation.marker for citation in answer.citations] == [1]
    none = compose(stand_alone(question), evidence, replace(corpus_of(text), text_of=lambda id_: ""))
    assert (none.answered, none.sentences) == (False, ())
    assert none.reason.endswith("No quote could be placed exactly in its file.")


@plain
def test_japanese_that_was_not_read_is_quoted_by_its_cosine():
    text = "## 灯台\n\n朝日港の灯台は1931年に二つ目の灯を得た。青葉では茶を摘む。\n"
    question = "When did the lighthouse of Asahi harbour receive its second lamp?"
    answer = answered(text, question, evidence=evidence_of(text, question, unread=True), threshold=0.0, max_quotes=1)
    assert quotes(answer) == ["朝日港の灯台は1931年に二つ目の灯を得た。"]


@plain
def test_of_what_was_read_and_what_was_not_the_surer_answers():
    read = evidence_of(FERRIES, QUESTION)
    text = "## 学校\n\n学校は1975年に開かれた。\n"
    unread = evidence_of(text, QUESTION, unread=True)
    both = Evidence(QUESTION, QUESTION, [*unread.read, *read.read], 0.5, 0.4)
    judged = judge(both, candidates_of(both), corpus_of(FERRIES))
    assert judged is not None
    assert {candidate.answers is None for candidate in judged.candidates} == {False}
    assert len(candidates_of(both)) > len(judged.candidates)


@plain
@pytest.mark.parametrize(("logit", "by"), [(3.0, "japanese"), (-3.0, "english")])
def test_what_two_readers_have_read_is_judged_apart_and_the_surer_answers(logit, by):
    """Their logits are never compared with each other: each has models of its own."""

    def of(text: str, value: float) -> list[Read]:
        reads = [read for read in evidence_of(text, QUESTION).read if read.reading]
        for read in reads:
            read.reading.evidence[:] = value
        return reads

    japanese = [replace(read, by="japanese", alignment=None) for read in of("## 学校\n\n学校は2011年に開かれた。\n", logit)]
    both = Evidence(QUESTION, QUESTION, [*of(FERRIES, 0.0), *japanese], 0.5, 0.4)
    judged = judge(both, candidates_of(both), corpus_of(FERRIES))
    assert judged is not None
    assert {candidate.by for candidate in judged.candidates} == {by}
    assert all(("met" in signals) == (by == "english") for signals in judged.signals)


# Two figures


@plain
def test_two_figures_stand_side_by_side():
    answer = answered(FERRY, QUESTION)
    framing, first, second, *_ = answer.sentences
    assert (framing.kind, framing.citations) == ("framing", ())
    assert [first.text, second.text] == [OFFICE, OTHER]
    assert framing.text == "The corpus gives two figures for this, 41 and 57; here is each as it stands, with what it counts."
    assert [citation.marker for citation in answer.citations][:2] == [1, 2]


@plain
def test_one_quote_alone_contradicts_nothing():
    answer = answered(FERRY, QUESTION, max_quotes=1)
    assert [sentence.kind for sentence in answer.sentences] == ["quote"]


@plain
def test_a_contradicting_quote_that_cannot_be_placed_is_not_spoken_of():
    blank = FERRY.replace(OTHER, " " * len(OTHER))
    corpus = replace(corpus_of(FERRY), text_of=lambda id_: blank)
    answer = compose(stand_alone(QUESTION), evidence_of(FERRY, QUESTION), corpus)
    assert {sentence.kind for sentence in answer.sentences} == {"quote"}
    assert OTHER not in quotes(answer)


# Refusals


@pytest.mark.parametrize(("year", "is_answered"), [(2011, True), (2015, False)])
def test_a_figure_of_another_year_is_refused_however_well_the_rest_fits(
    year: int, is_answered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judgement_module, "answer_model", lambda read: replace(plain_model(read), threshold=0.01))
    answer = answered(OFFICE, f"How many ferry lines does the harbour office count in {year}?")
    assert answer.answered is is_answered
    assert (answer.confidence < 0.01) is not is_answered


@plain
def test_below_the_threshold_nothing_is_answered():
    assert answered(FERRY, QUESTION, threshold=0.9999).answered is False
    assert answered(FERRY, QUESTION, threshold=0.0).answered is True
    answer = answered(FERRY, "Which wolves live on Vesterby?")
    assert (answer.answered, answer.confidence) == (False, pytest.approx(0.0067, abs=1e-4))


@plain
@pytest.mark.parametrize(
    ("question", "why"),
    [
        (
            "How many ferry lines did Vesterby count in 2020?",
            "The nearest passages do not hold 2020, Vesterby together with the rest of the question.",
        ),
        ("Who paid 1,576 yen?", "The nearest passages do not hold 1576 together with the rest of the question."),
        (
            "Did the Ministry of Kujira Bay ask?",
            "The nearest passages do not hold Ministry, Kujira Bay together with the rest of the question.",
        ),
        ("which wolves sing", "Nothing in it answers this closely enough to be quoted as an answer."),
    ],
)
def test_a_refusal_names_what_the_passages_lack_in_whole_words(question, why):
    answer = answered(FERRY, question, threshold=1.0)
    assert answer.reason == f"Not in this corpus: looked for “{question}”. {why}"


@plain
@pytest.mark.parametrize(("cosine", "offered"), [(0.41, False), (0.42, True)])
def test_a_refusal_offers_the_nearest_quote_where_it_is_near(cosine, offered):
    for dense, multilingual in ((cosine, 0.0), (0.0, cosine)):
        found = evidence_of(FERRY, QUESTION)
        answer = answered(FERRY, QUESTION, evidence=Evidence(QUESTION, QUESTION, found.read, dense, multilingual), threshold=1.0)
        assert not answer.answered
        assert [sentence.text for sentence in answer.sentences] == ([say("nearest"), OFFICE] if offered else [])
        assert len(answer.hits) == len(found.read)


@plain
@pytest.mark.parametrize("text", ["— …\n\nA.\n", FERRY])
def test_nothing_to_compare(text):
    empty = text != FERRY
    question = QUESTION if empty else "What is it?"
    why = "no sentence that could be quoted." if empty else "It holds no word that could be looked for."
    answer = answered(text, question)
    assert (answer.answered, answer.sentences, answer.confidence) == (False, (), 0.0)
    assert answer.reason.endswith(why)


def test_greetings_are_answered_without_the_corpus():
    answer = reply(stand_alone("Hello"), "f" * 64)
    assert [sentence.text for sentence in answer.sentences] == [say("greeting")]
    assert (answer.answered, answer.hits, answer.confidence) == (True, (), 1.0)


# With the trained models


@pytest.fixture(scope="module")
def ferries(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The real encoder over an invented work and the notes on two others."""
    place = make_place(tmp_path_factory.mktemp("ferries") / "home")
    (place.works / "ferries.txt").write_text(FERRY, encoding="utf-8")
    build([place.corpus], place.index, minilm(), catalogue=place.catalogue)
    return Assistant.open(place.index)


@pytest.mark.model
def test_contradicting_figures_stand_side_by_side(ferries: Assistant) -> None:
    answer = ferries.ask(QUESTION)
    assert answer.answered
    framing, first, second, *_ = answer.sentences
    assert framing.kind == "framing"
    assert {first.text, second.text} == {OFFICE, OTHER}
    figures = ("41", "57") if first.text == OFFICE else ("57", "41")
    assert framing.text == (
        f"The corpus gives two figures for this, {figures[0]} and {figures[1]}; here is each as it stands, with what it counts."
    )


@pytest.mark.model
def test_a_refusal_offers_the_nearest_fact(ferries: Assistant) -> None:
    answer = ferries.ask("How many ferry lines did the bay have in 2020?")
    assert not answer.answered
    assert answer.reason.startswith("Not in this corpus: looked for “How many ferry lines did the bay have in 2020?”.")
    assert "2020" in answer.reason.split("”.")[1]
    framing, nearest = answer.sentences
    assert (framing.kind, framing.text) == ("framing", say("nearest"))
    assert "ferry lines" in nearest.text
    citation = nearest.citations[0]
    assert ferries.text(citation.document_id)[citation.start : citation.end] == citation.quote == nearest.text
    assert f"“{nearest.text}” [1]" in to_text(answer)


@pytest.mark.model
def test_a_question_about_something_else_is_offered_nothing(ferries: Assistant) -> None:
    answer = ferries.ask("How do I bake sourdough bread?")
    assert (answer.answered, answer.sentences) == (False, ())


@pytest.mark.model
def test_a_follow_up_says_which_evidence_it_shares_with_the_question_before(ferries: Assistant) -> None:
    alone = ferries.ask(QUESTION)
    assert alone.inherited == ()
    after = ferries.ask("And in 1990?", history=["Thanks!", QUESTION])
    assert after.answered
    assert after.inherited
    assert set(after.inherited) <= {citation.quote_sha256 for citation in after.citations}
    assert set(after.inherited) <= {citation.quote_sha256 for citation in alone.citations}
    shared = [citation.marker for citation in after.citations if citation.quote_sha256 in after.inherited]
    assert f"Quoted for the question before as well: [{shared[0]}]" in to_text(after)
