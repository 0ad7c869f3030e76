"""The units that may be quoted: which they are, what is quoted with them, their short answers, and their signals by name."""

from __future__ import annotations

import math

import numpy as np
import pytest

from askjapan.answering.candidates import (
    MARGIN,
    MOST_PASSAGES,
    candidates_of,
    coverage,
    held_in,
    kind_met,
    known_around,
    share,
    signals_of,
    word_weights,
)
from askjapan.retrieval.alignment import content_words
from askjapan.retrieval.evidence import Evidence
from tests.support.evidence import asked, evidence_of

FERRIES = """1. Ferries of Hoshino

The harbour office counts 41 ferry lines in 2011. They call at two towns or more.

2. Boats

Table 1. Boats by harbour

Harbour\tBoats in 1990\tBoats in 2000
Kujira\t120\t87
Asahi\t44\t61

3. Captains

The oldest captain came from Nepal. He learned the work in six weeks.
"""
LINES = "How many ferry lines does the harbour office count in 2011?"
FERRY, TWO_TOWNS = "The harbour office counts 41 ferry lines in 2011.", "They call at two towns or more."
BOATS = "How many boats did the harbour of Asahi have in 2000?"


def found(evidence: Evidence, text: str):
    return next(candidate for candidate in candidates_of(evidence) if candidate.text == text)


# Which they are


def test_sentences_and_rows_are_candidates_captions_and_headers_of_rows_are_not():
    texts = [candidate.text for candidate in candidates_of(evidence_of(FERRIES, LINES))]
    assert sorted(texts) == sorted(
        [
            FERRY,
            TWO_TOWNS,
            "Kujira\t120\t87",
            "Asahi\t44\t61",
            "The oldest captain came from Nepal.",
            "He learned the work in six weeks.",
        ]
    )


def test_a_row_is_quoted_with_its_caption_and_header():
    row = found(evidence_of(FERRIES, BOATS), "Asahi\t44\t61")
    assert [unit.text for unit in row.frame] == ["Table 1. Boats by harbour", "Harbour\tBoats in 1990\tBoats in 2000"]
    assert found(evidence_of(FERRIES, LINES), FERRY).frame == ()


def test_a_unit_without_a_word_is_none():
    text = f"{FERRY} — … ! A.\n"
    assert [candidate.text for candidate in candidates_of(evidence_of(text, LINES))] == [FERRY]


def test_only_the_first_passages_are_looked_at():
    text = "".join(f"{n}. Pier {n}\n\nPier {n} has {n} cranes for ships.\n\n" for n in range(1, MOST_PASSAGES + 6))
    evidence = evidence_of(text, "How many cranes?")
    assert {candidate.rank for candidate in candidates_of(evidence)} == set(range(MOST_PASSAGES))
    assert len(candidates_of(evidence, limit=3)) == 3


def test_the_same_sentence_in_two_works_is_quoted_once():
    text = f"1. Ferries\n\n{FERRY}\n\n2. Again\n\n{FERRY} More were planned.\n"
    assert [candidate.text for candidate in candidates_of(evidence_of(text, LINES))].count(FERRY) == 1


def test_rows_that_look_alike_stay_apart():
    text = "1. Boats\n\nTable 1. Boats\n\nHarbour\tBoats\nAsahi\t61\nBora\t12\n\nTable 2. Nets\n\nHarbour\tNets\nAsahi\t61\nBora\t14\n"
    rows = [candidate for candidate in candidates_of(evidence_of(text, "Boats of Asahi?")) if candidate.text == "Asahi\t61"]
    assert sorted(row.frame[0].text for row in rows) == ["Table 1. Boats", "Table 2. Nets"]


# Neighbours


LONG = " ".join(f"The crane of pier {n} lifts {n} tons of fish a day in the long winter of the north." for n in range(1, 15))


def test_a_unit_of_the_passage_beside_is_a_candidate_of_its_own_passage():
    evidence = evidence_of(f"1. Piers\n\n{LONG}\n", "Which crane lifts 7 tons?")
    assert len(evidence.read) > 1
    first = Evidence(evidence.question, evidence.text, evidence.read[:1], 0.0, 0.0)
    candidates = candidates_of(first)
    own = first.read[0].hit.passage
    beside = [candidate for candidate in candidates if candidate.passage.id != own.id]
    assert 1 <= len(beside) <= 2
    for candidate in beside:
        assert candidate.unit == candidate.passage.units[candidate.number]
        assert candidate.number in (0, len(candidate.passage.units) - 1)
        assert candidate.key == (candidate.passage.id, candidate.number)
    assert len(candidates) == len(own.units) + len(beside)


def test_a_unit_in_several_windows_counts_as_it_was_read_best():
    evidence = evidence_of(f"1. Piers\n\n{LONG}\n", "Which crane lifts 7 tons?")
    places = [
        (read.neighbours[0], read.hit, read.neighbours[1])[place.offset + 1]
        for read in evidence.read
        for place in read.window.places
    ]
    candidates = candidates_of(evidence)
    assert len(places) > len(candidates) == 14
    weaker = evidence.read[0].reading
    assert weaker is not None
    weaker.evidence[:] -= 3
    for candidate in candidates_of(evidence):
        held_by = [read for read in evidence.read if read.window.text.count(candidate.text)]
        if len(held_by) > 1:
            assert candidate.rank != 0


# Short answers


@pytest.mark.parametrize(("question", "text"), [(LINES, FERRY), ("Who learned the work?", "He learned the work in six weeks.")])
def test_a_short_answer_stands_inside_its_unit(question, text):
    candidate = found(evidence_of(FERRIES, question), text)
    assert candidate.span is not None
    assert 0 <= candidate.span.start < candidate.span.end <= len(text)


def test_the_short_answer_is_the_best_pair_of_first_and_last_pieces():
    evidence = evidence_of(FERRIES, LINES)
    read = evidence.read[0]
    assert read.reading is not None
    read.reading.first[:] = read.reading.last[:] = 0
    place = read.window.places[0]
    pieces = read.reading.pieces_of(place.start, place.end)
    # "41" to "ferry": the fifth and the sixth word.
    read.reading.first[pieces.start + 4] = 3
    read.reading.last[pieces.start + 5] = 2
    # A last piece before the first one, and a pair across sentences, are none.
    read.reading.first[pieces.start] = -20
    read.reading.last[pieces.start] = 9
    read.reading.last[pieces.stop] = 9
    span = found(evidence, FERRY).span
    assert span is not None
    assert FERRY[span.start : span.end] == "41 ferry"
    assert span.margin == 5.0


def test_the_short_answer_of_a_row_stands_in_the_row_as_quoted():
    evidence = evidence_of(FERRIES, BOATS)
    read = next(read for read in evidence.read if read.hit.passage.kind == "table")
    assert read.reading is not None
    place = next(place for place in read.window.places if read.window.text[place.start : place.end] == "Asahi | 44 | 61")
    last = read.reading.pieces_of(place.start, place.end).stop - 1
    read.reading.first[last] = read.reading.last[last] = 50
    span = found(evidence, "Asahi\t44\t61").span
    assert span is not None
    assert "Asahi\t44\t61"[span.start : span.end] == "61"


def test_a_unit_beyond_what_was_read_has_no_short_answer():
    evidence = evidence_of(FERRIES, LINES)
    read = evidence.read[0]
    assert read.reading is not None
    read.reading.starts[:] = read.reading.ends[:] = 10_000
    candidate = found(evidence, FERRY)
    assert (candidate.span, candidate.evidence) == (None, -MARGIN)


# Signals


UNREAD = {"cover", "cover_around", "years", "figures", "names", "kind", "rank", "pointing", "cosine", "cosine_behind"}
READ = UNREAD | {"met", "met_around", "low_around", "answers", "lead", "evidence", "span"}


def signals(text: str, question: str, unit: str, **options: object):
    evidence = evidence_of(text, question, **options)  # type: ignore[arg-type]
    candidate = found(evidence, unit)
    top = max(other.cosine for other in candidates_of(evidence))
    read = asked(question, text)
    return signals_of(read, candidate, known_around(candidate), top, word_weights(read))


def test_the_signals_of_a_unit_that_was_read():
    got = signals(FERRIES, LINES, FERRY)
    assert set(got) == READ
    question = asked(LINES, FERRIES)
    missing = question.weights["mani"] / sum(question.weights.values())
    assert (got["years"], got["figures"], got["names"], got["kind"], got["rank"], got["pointing"]) == (
        1.0,
        1.0,
        1.0,
        1.0,
        0.0,
        0.0,
    )
    assert got["cover"] == pytest.approx(1 - missing)
    assert got["cover_around"] == pytest.approx(1 - missing)
    # 7 terms of 8: "how many" asks for a number, no text says it.
    assert (got["answers"], got["evidence"]) == (pytest.approx(10 * 6 / 7 - 5), pytest.approx(10 * 6 / 7 - 5))
    assert got["lead"] == 0.0
    assert got["span"] == pytest.approx(2 * (4 * 6 / 7 - 2))


def test_a_unit_without_what_was_asked_for():
    got = signals(FERRIES, "How many ferry lines did Vesterby count in 1998?", TWO_TOWNS)
    assert (got["years"], got["names"], got["pointing"]) == (0.0, 0.0, 1.0)
    assert got["kind"] == 0.0
    # The heading and the sentence before are known to whoever reads this one.
    assert got["cover_around"] > got["cover"] == 0.0


def test_the_signals_of_a_unit_that_was_not_read():
    got = signals(FERRIES, "Who came from Nepal?", "The oldest captain came from Nepal.", unread=True)
    assert set(got) == UNREAD
    assert (got["cosine"], got["cosine_behind"]) == (pytest.approx(1.0), pytest.approx(0.0))
    other = signals(FERRIES, "Who came from Nepal?", FERRY, unread=True)
    assert (other["cosine"], other["cosine_behind"]) == (pytest.approx(0.0), pytest.approx(1.0))


def test_ranks_and_leads_fall_with_the_windows():
    evidence = evidence_of(FERRIES, LINES)
    by_rank = {candidate.rank: candidate for candidate in candidates_of(evidence)}
    assert [by_rank[rank].lead for rank in sorted(by_rank)] == sorted((one.lead for one in by_rank.values()), reverse=True)
    question = asked(LINES, FERRIES)
    ranks = [signals_of(question, by_rank[rank], set(), 0.0, word_weights(question))["rank"] for rank in (0, 1, 2)]
    assert ranks == pytest.approx([0.0, math.log(2), math.log(3)])


def test_a_margin_beyond_measure_is_cut():
    evidence = evidence_of(FERRIES, LINES)
    for read in evidence.read:
        assert read.reading is not None
        read.reading.first[:] = 1000
    candidate = found(evidence, FERRY)
    read = asked(LINES, FERRIES)
    got = signals_of(read, candidate, set(), 0.0, word_weights(read))
    assert got["span"] == MARGIN
    assert np.isfinite(list(got.values())).all()


def test_what_is_known_around_a_row():
    row = found(evidence_of(FERRIES, BOATS, title="Statistics of the bay"), "Asahi\t44\t61")
    known = known_around(row)
    assert {"asahi", "61", "2000", "1990", "boat", "statist", "bay"} <= known
    assert "kujira" not in known


def test_what_is_known_around_a_sentence_is_its_heading_and_the_sentence_before():
    known = known_around(found(evidence_of(FERRIES, LINES), TWO_TOWNS))
    assert {"hoshino", "41", "2011", "town"} <= known
    assert "captain" not in known


@pytest.mark.parametrize(
    ("wanted", "have", "part"), [((), set(), 1.0), (("a", "b"), {"a"}, 0.5), (("a",), set(), 0.0), (("a",), {"a", "b"}, 1.0)]
)
def test_share(wanted, have, part):
    assert share(wanted, have) == part


def test_coverage_is_by_weight():
    question = asked("Which captain counts ferry lines?", FERRIES)
    assert coverage(question, set(question.weights)) == pytest.approx(1.0)
    assert coverage(question, set()) == 0.0
    weight = question.weights["captain"] / sum(question.weights.values())
    assert coverage(question, {"captain"}) == pytest.approx(weight)
    assert coverage(asked("What is it?", FERRIES), {"captain"}) == 0.0


def test_held_are_terms_figures_and_all_years_of_a_range():
    assert {"1576", "3.5", "1998", "1999", "2000", "yen"} <= held_in("1,576 yen, 3.5 more, in 1998-2000")


@pytest.mark.parametrize(
    ("question", "text", "met"),
    [
        (LINES, FERRY, 1.0),
        (LINES, "In 2011 it counts ferry lines.", 0.0),
        ("何本の渡船が何人を運ぶか", "渡船は三本ある。", 1.0),
        ("When did the office count?", FERRY, 1.0),
        ("When in 2011 did the office count?", FERRY, 0.0),
        ("When in 2011 did the office count?", "彼らは5月に来た。", 1.0),
        ("Who counts?", "The harbour office of Hoshino counts.", 1.0),
        ("Who counts for Hoshino?", "The harbour office of Hoshino counts.", 0.0),
        ("Where is it?", "It is in Asahi.", 1.0),
        ("Why did it stop?", "It stopped because of the snow.", 1.0),
        ("Why did it stop?", "It stopped in the snow.", 0.0),
        ("Why did how many stop?", "Some stopped because of the snow.", 0.5),
        ("How does it work?", "It works.", 1.0),
        ("渡船は何隻か、組合の人数は", "渡船は3隻ある。", 1.0),
    ],
)  # fmt: skip
def test_the_kind_of_answer_is_met_beyond_the_questions_own_words(question, text, met):
    assert kind_met(asked(question, FERRIES), text) == met


# Word by word


def test_the_words_of_the_question_are_met_by_a_unit_and_around_it():
    question = "Which ferry calls at two towns?"
    evidence = evidence_of(FERRIES, question)
    first, second = found(evidence, FERRY), found(evidence, TWO_TOWNS)
    read = asked(question, FERRIES)
    weights = word_weights(read)
    assert weights.sum() == pytest.approx(1.0)
    words = [question[start:end] for start, end in content_words(question)]
    ferry, towns = words.index("ferry"), words.index("towns")
    assert len(first.met) == len(second.met) == len(words)
    assert first.met[ferry] == pytest.approx(1.0)
    assert second.met[towns] == pytest.approx(1.0)
    # The sentence before counts around it.
    assert second.met[ferry] < 0.5
    assert second.met_around[ferry] == pytest.approx(1.0)
    got = signals_of(read, second, known_around(second), 0.0, weights)
    assert got["met"] == pytest.approx(sum(float(w) * m for w, m in zip(weights, second.met, strict=True)))
    assert got["met"] < got["met_around"]
    assert got["low_around"] == min(second.met_around)


def test_a_row_meets_words_with_its_caption_and_header():
    row = found(evidence_of(FERRIES, BOATS), "Asahi\t44\t61")
    words = [BOATS[start:end] for start, end in content_words(BOATS)]
    assert row.met[words.index("Asahi")] == pytest.approx(1.0)
    assert row.met[words.index("2000")] < 0.5
    assert row.met_around[words.index("2000")] == pytest.approx(1.0)


def test_what_was_not_read_meets_no_words():
    candidate = found(evidence_of(FERRIES, "Who came from Nepal?", unread=True), FERRY)
    assert (candidate.met, candidate.met_around) == ((), ())
