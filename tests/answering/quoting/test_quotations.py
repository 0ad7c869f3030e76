"""Quotations that can be read alone, in the document's order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from askjapan.answering.candidates import Candidate
from askjapan.answering.quoting.quotations import Around, leans_back, quotations, quoted, says_something, without_repetition
from askjapan.language.quotation import normalise
from askjapan.records import Answer, Hit, Passage, Sentence
from tests.support.stages import document, passages

HARBOUR = """The harbour

The harbour of Port Ellen was built in 1825. It was paid for by the distillers. Fishermen use the inner basin.

Three reasons kept it open. First, the ferry needs deep water. Second, the distillers ship malt. The rest is history.

岬の灯台

岬の灯台は1911年に建てられた。その灯は三十キロ先から見える。霧笛は後に付けられた。
"""


def candidates(text: str, *wanted: str) -> list[Candidate]:
    """Candidates for the sentences of a text that begin with some words, in this order."""
    work = document(text)
    found = []
    for begin in wanted:
        passage, number = next((p, n) for p in passages(text) for n, unit in enumerate(p.units) if unit.text.startswith(begin))
        found.append(Candidate(Hit(passage, work, 1.0, 1), number, passage.units[number], (), 0, 1.0, 0.0, 1.0, None, 0.5))
    return found


def texts(chosen: Sequence[Candidate]) -> list[str]:
    made = quoted(quotations(chosen), lambda id_: HARBOUR)
    for number, sentence in enumerate(made, 1):
        assert {citation.marker for citation in sentence.citations} == {number}
        assert normalise(sentence.text) == "".join(normalise(citation.quote) for citation in sentence.citations)
        assert all(HARBOUR[citation.start : citation.end] == citation.quote for citation in sentence.citations)
    return [sentence.text for sentence in made]


def test_sentences_that_follow_each_other_are_one_quotation() -> None:
    assert texts(candidates(HARBOUR, "Fishermen", "It was paid")) == [
        "The harbour of Port Ellen was built in 1825. It was paid for by the distillers. Fishermen use the inner basin."
    ]


@pytest.mark.parametrize(
    ("begin", "whole"),
    [
        ("It was paid", "The harbour of Port Ellen was built in 1825. It was paid for by the distillers."),
        ("Second", "Three reasons kept it open. First, the ferry needs deep water. Second, the distillers ship malt."),
        ("その灯", "岬の灯台は1911年に建てられた。その灯は三十キロ先から見える。"),
        ("Fishermen", "Fishermen use the inner basin."),
    ],
)
def test_a_sentence_that_leans_on_the_one_before_brings_it(begin: str, whole: str) -> None:
    assert texts(candidates(HARBOUR, begin)) == [whole]


def test_the_most_direct_stands_first_and_the_others_in_the_order_of_the_text() -> None:
    assert texts(candidates(HARBOUR, "The rest", "霧笛", "Fishermen")) == [
        "The rest is history.",
        "Fishermen use the inner basin.",
        "霧笛は後に付けられた。",
    ]


@pytest.mark.parametrize(
    "text", ["First, boats.", "This is so.", "It fell.", "(see there) it fell.", "その後。", "さらに船が来た。", "However, no."]
)
def test_words_that_lean_back(text: str) -> None:
    assert leans_back(text)


@pytest.mark.parametrize("text", ["The first boat came.", "Firs grow there.", "Ittersum is a town.", "船が来た。"])
def test_words_that_do_not(text: str) -> None:
    assert not leans_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "A Work",
        "Khan A. (1999) The movement of boats, Sage, London",
        "Ito Y (2011b) “Boats today” Report on boats, pp. 1-3",
        "http://boats.example/a",
    ],
)
def test_titles_references_and_addresses_say_nothing(text: str) -> None:
    hit = Hit(passages("A boat.")[0], document("A boat.", title="A Work"), 1.0, 1)
    unit = hit.passage.units[0]
    assert not says_something(Candidate(hit, 0, type(unit)(text, unit.segments), (), 0, 1.0, 0.0, 1.0, None, 0.5))
    assert says_something(Candidate(hit, 0, unit, (), 0, 1.0, 0.0, 1.0, None, 0.5))


def answer_of(*chosen: Candidate) -> Answer:
    sentences = quoted(quotations(chosen), lambda id_: HARBOUR)
    return Answer("?", "?", True, "", 0.9, sentences, (), "f" * 64, short="x", short_markers=(len(sentences),))


def test_a_later_answer_repeats_no_quote_but_the_one_that_answers_and_says_so() -> None:
    before = answer_of(*candidates(HARBOUR, "Fishermen", "霧笛"))
    after = answer_of(*candidates(HARBOUR, "The rest", "Fishermen", "霧笛"))
    told = without_repetition(after, before)
    assert [sentence.text for sentence in told.sentences] == ["The rest is history."]
    assert (told.inherited, told.short_markers) == ((), ())
    again = without_repetition(answer_of(*candidates(HARBOUR, "Fishermen", "霧笛")), before)
    assert [sentence.text for sentence in again.sentences] == ["Fishermen use the inner basin."]
    assert again.inherited == (again.citations[0].quote_sha256,)


def test_framing_stays() -> None:
    before = answer_of(*candidates(HARBOUR, "Fishermen"))
    framed = Answer("?", "?", True, "", 0.9, (Sentence("Said.", "framing"),), (), "f" * 64)
    assert without_repetition(framed, before).sentences == framed.sentences


CONTEXT = """The ferry

The ferry was sold in 1931. Its owners had lost their coal contract. The engine burned twelve tons a day. No other fuel was to be had.
Passengers took the train instead. The crew went to sea.

Of the pier nothing is left.
"""


@pytest.mark.parametrize(
    ("begin", "most", "whole"),
    [
        ("The engine", 0, "The engine burned twelve tons a day."),
        ("The engine", 20, "Its owners had lost their coal contract. The engine burned twelve tons a day."),
        (
            "The engine",
            25,
            "Its owners had lost their coal contract. The engine burned twelve tons a day. No other fuel was to be had.",
        ),
        ("The crew", 90, "Passengers took the train instead. The crew went to sea."),
        ("Of the pier", 90, "Of the pier nothing is left."),
    ],
)
def test_an_explanation_stands_in_its_context_and_never_beyond_its_paragraph(begin: str, most: int, whole: str) -> None:
    every = passages(CONTEXT)
    place = {passage.id: number for number, passage in enumerate(every)}

    def beside(step: int, one: Passage) -> Passage | None:
        number = place[one.id] + step
        return every[number] if 0 <= number < len(every) else None

    around = Around(lambda id_: CONTEXT, lambda one: beside(-1, one), lambda one: beside(1, one))
    made = quotations(candidates(CONTEXT, begin), around, context_words=most)
    assert [sentence.text for sentence in quoted(made, lambda id_: CONTEXT)] == [whole]
