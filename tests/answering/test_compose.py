"""What an answer does with its evidence: two figures side by side, the nearest fact under a refusal, what a follow-up inherits."""

from __future__ import annotations

import numpy as np
import pytest

from askjapan.answering.candidates import candidates_of, known_around
from askjapan.answering.conflicts import disagreement
from askjapan.answering.question import Asked, measure_of, read_question
from askjapan.answering.word_support import WORD_FEATURES, word_features
from askjapan.assistant import Assistant
from askjapan.citations.render import to_text
from askjapan.index.build import build
from askjapan.index.minilm import minilm
from askjapan.retrieval.evidence import Evidence
from tests.support.fakes import HashEncoder
from tests.support.places import make_place
from tests.support.stages import passages

FERRY = """Ferries of Hoshino Bay

The harbour office counts 41 ferry lines in 2011. Each line calls at two towns or more.

The tourist board speaks of 57 ferry lines in 2011. It also counts boats that sail in summer only.

In 1990 the bay had 12 ferry lines. They were run by the fishing cooperative of Hoshino and by two companies from the mainland.
"""
QUESTION = "How many ferry lines were there in 2011?"


def asked(question: str) -> Asked:
    return read_question(question, lambda term: 1, 10)


def evidence_of(text: str, question: str) -> Evidence:
    """All units of a text, whose vectors are those of a word-hashing encoder."""
    encoder = HashEncoder()
    found = passages(text)
    query = encoder.encode_tokens([question]).rows
    vectors = [encoder.encode([unit.text for unit in passage.units]) for passage in found]
    tokens = [[encoder.encode_tokens([unit.text]).rows for unit in passage.units] for passage in found]
    return Evidence(
        text=question,
        passages=found,
        scores=np.zeros(len(found), dtype=np.float32),
        dense=np.zeros(len(found), dtype=np.float32),
        lexical=np.zeros(len(found), dtype=np.float32),
        cosines=[rows @ encoder.encode([question])[0] for rows in vectors],
        vectors=vectors,
        aligned=[np.stack([(query @ rows.T).max(axis=1) for rows in units], axis=1) for units in tokens],
        starts=encoder.piece_starts(question),
    )


def other_figure(text: str, question: str = QUESTION) -> tuple[str, str, str] | None:
    """The text of the contradicting quote and both figures, where the first sentence with a figure was chosen."""
    evidence = evidence_of(text, question)
    found = candidates_of(evidence)
    first = next(number for number, candidate in enumerate(found) if "ferry lines" in candidate.text)
    other = disagreement(asked(question), evidence, found, np.zeros(len(found), dtype=np.float32), first)
    return other and (found[other.number].text, other.first, other.second)


def test_two_figures_for_the_same_thing_and_year_are_found() -> None:
    assert other_figure(FERRY) == ("The tourist board speaks of 57 ferry lines in 2011.", "41", "57")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("The tourist board speaks of 57 ferry lines in 2003.", "another year"),
        ("The tourist board speaks of 57 ferry captains in 2011.", "something else is counted"),
        ("The tourist board speaks of 57 percent ferry lines in 2011.", "a share"),
        ("The tourist board speaks of 40 ferry lines in 2011.", "the same, rounded"),
        ("The tourist board speaks of 57 or 61 ferry lines in 2011.", "two figures"),
        ("The tourist board speaks of ferry lines, old and new, large and small, and in 2011 of 57 captains.", "too far away"),
    ],
)
def test_figures_that_do_not_contradict(other: str, why: str) -> None:
    assert other_figure(FERRY.replace("The tourist board speaks of 57 ferry lines in 2011.", other)) is None, why


def test_a_number_beyond_all_measure_is_no_figure() -> None:
    endless = FERRY.replace("57 ferry lines in 2011", f"1{'0' * 400} ferry lines in 2011")
    assert other_figure(endless) is None


def test_a_quote_far_less_direct_does_not_contradict() -> None:
    evidence = evidence_of(FERRY, QUESTION)
    found = candidates_of(evidence)
    logits = np.array([0.0 if "41" in candidate.text else -2.6 for candidate in found], dtype=np.float32)
    assert disagreement(asked(QUESTION), evidence, found, logits, int(np.argmax(logits))) is None


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("How many ferry lines were there in 2011?", {"ferri", "line"}),
        ("How many hours a week may guests work?", {"hour"}),
        ("What share of the ferry captains is from Nepal?", {"ferri", "captain"}),
        ("Why did the ferries stop?", set()),
    ],
)
def test_what_a_question_counts(question: str, terms: set[str]) -> None:
    assert measure_of(asked(question)) == terms


def support(question: str) -> dict[str, float]:
    evidence = evidence_of(FERRY, question)
    found = candidates_of(evidence)
    known = [known_around(evidence, candidate) for candidate in found]
    best = [number for number, candidate in enumerate(found) if "41 ferry lines" in candidate.text]
    return dict(zip(WORD_FEATURES, word_features(asked(question), evidence, found, known, best), strict=True))


def test_a_word_that_the_evidence_lacks_lowers_the_support() -> None:
    met, missed = (
        support("How many ferry lines has the harbour office in 2011?"),
        support("How many ferry lines does Vesterby count?"),
    )
    assert met["words_unit_low"] == pytest.approx(1.0)
    assert missed["words_unit_low"] < 0.5
    assert missed["words_unit_lost"] > met["words_unit_lost"]
    assert missed["words_names_low"] < 0.5
    assert met["words_names_low"] == 1.0


def test_a_question_without_content_words_has_no_support_to_measure() -> None:
    assert all(np.isnan(value) for value in support("What is it?").values())


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
    assert (framing.kind, framing.citations) == ("framing", ())
    both = ("The harbour office counts 41 ferry lines in 2011.", "The tourist board speaks of 57 ferry lines in 2011.")
    assert {first.text, second.text} == set(both)
    figures = ("41", "57") if first.text == both[0] else ("57", "41")
    assert framing.text == (
        f"The corpus gives two figures for this, {figures[0]} and {figures[1]}; here is each as it stands, with what it counts."
    )
    assert [citation.marker for citation in answer.citations][:2] == [1, 2]


@pytest.mark.model
def test_a_refusal_offers_the_nearest_fact(ferries: Assistant) -> None:
    answer = ferries.ask("How many ferry lines did the bay have in 2020?")
    assert not answer.answered
    assert answer.reason.startswith("Not in this corpus: looked for “How many ferry lines did the bay have in 2020?”.")
    assert "2020" in answer.reason.split("”.")[1]
    framing, nearest = answer.sentences
    assert (framing.kind, framing.text) == ("framing", "The nearest that the corpus says, which does not answer this:")
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
    assert set(after.inherited) <= {citation.passage_id for citation in after.citations}
    assert set(after.inherited) <= {citation.passage_id for citation in alone.citations}
    shared = [citation.marker for citation in after.citations if citation.passage_id in after.inherited]
    assert f"Quoted for the question before as well: [{shared[0]}]" in to_text(after)
