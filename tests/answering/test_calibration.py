"""Signals → probabilities: by name, monotone, and from the file in the package."""

from __future__ import annotations

import json
import math
from importlib.resources import files

import pytest

from askjapan.answering.calibration import LogisticModel, answer_model, corpus_signals
from askjapan.answering.candidates import all_signals, candidates_of, known_around, signals_of, word_weights
from askjapan.retrieval.evidence import Evidence
from tests.answering.test_candidates import FERRIES, FERRY, LINES, READ, UNREAD
from tests.support.evidence import asked, evidence_of

MODEL = LogisticModel(
    mean={"cover": 0.5, "rank": 1.0}, scale={"cover": 0.25, "rank": 2.0}, weights={"cover": 1.5, "rank": -0.5}, intercept=0.25
)


def test_each_signal_is_brought_to_scale_weighted_and_added():
    assert MODEL.logit({"cover": 1.0, "rank": 0.0}) == pytest.approx(0.25 + 1.5 * 2 + 0.5 * 0.5)
    assert MODEL.probability({"cover": 0.5, "rank": 1.0}) == pytest.approx(1 / (1 + math.exp(-0.25)))


def test_signals_are_picked_by_name_whatever_their_order_and_company():
    wanted = MODEL.logit({"cover": 0.7, "rank": 2.0})
    assert MODEL.logit({"rank": 2.0, "evidence": 99.0, "cover": 0.7}) == wanted


@pytest.mark.parametrize("missing", ["cover", "rank"])
def test_a_signal_that_is_missing_is_an_error(missing):
    signals = {"cover": 1.0, "rank": 0.0}
    del signals[missing]
    with pytest.raises(KeyError, match=missing):
        MODEL.logit(signals)


def test_the_probability_grows_with_a_signal_of_positive_weight_and_falls_with_the_other():
    steps = [number / 4 for number in range(9)]
    growing = [MODEL.probability({"cover": step, "rank": 0.0}) for step in steps]
    falling = [MODEL.probability({"cover": 0.5, "rank": step}) for step in steps]
    assert growing == sorted(set(growing))
    assert falling == sorted(set(falling), reverse=True)


@pytest.mark.parametrize(("cover", "near"), [(1e9, 1.0), (-1e9, 0.0)])
def test_signals_beyond_measure_give_no_error(cover, near):
    assert MODEL.probability({"cover": cover, "rank": 0.0}) == pytest.approx(near)


# The models in the package

COMMON = {
    "best", "second", "mass", "cover_best", "cover_three", "unknown", "years_lost", "figures_lost", "names_lost", "kind_lost",
    "multilingual",
}  # fmt: skip
MET = {"lost_best"}
MET_UNIT = {"met", "met_around", "low_around"}
CORPUS_UNREAD = COMMON | {"cosine"}
CORPUS_JAPANESE = CORPUS_UNREAD | {"across", "answers_top", "answers_mean", "span_top", "dense"}
CORPUS_READ = CORPUS_UNREAD | MET | {"answers_top", "answers_mean", "span_top", "dense"}


@pytest.mark.parametrize(
    ("by", "unit", "corpus"),
    [
        ("english", READ, CORPUS_READ),
        ("japanese", READ - MET_UNIT, CORPUS_JAPANESE),
        ("nobody", UNREAD, CORPUS_UNREAD),
    ],
)
def test_the_models_of_the_package_ask_for_signals_that_there_are(by, unit, corpus):
    model = answer_model(by)
    for found, known in ((model.unit, unit), (model.corpus, corpus)):
        assert set(found.mean) == set(found.scale) == set(found.weights) <= known
        assert min(found.scale.values()) > 0
    assert 0 < model.threshold < 1
    assert 0 < model.quote < 1


def test_the_file_holds_the_three_models_and_nothing_else():
    data = json.loads(files("askjapan.answering").joinpath("data/answers.json").read_text(encoding="utf-8"))
    assert set(data) == {"english", "japanese", "nobody"}
    assert {frozenset(one) for one in data.values()} == {frozenset({"unit", "corpus", "threshold", "quote"})}


@pytest.mark.parametrize("by", ["english", "japanese"])
def test_better_evidence_makes_a_better_quote_in_the_packages_model(by):
    unit = answer_model(by).unit
    signals = dict(unit.mean)
    logits = [unit.logit(signals | {"evidence": value}) for value in (-5.0, 0.0, 5.0)]
    assert logits == sorted(set(logits))


# Whether the corpus answers


def corpus_of_question(text: str, question: str, unread: bool = False):
    evidence = evidence_of(text, question, unread=unread)
    found = candidates_of(evidence)
    read = asked(question, text)
    signals = all_signals(read, found)
    logits = [one["cosine" if unread else "evidence"] for one in signals]
    return corpus_signals(read, evidence, found, signals, logits), signals, logits


def test_the_signals_of_a_question_that_was_read():
    got, signals, logits = corpus_of_question(FERRIES, LINES)
    assert set(got) == CORPUS_READ
    first, second = sorted(logits, reverse=True)[:2]
    assert (got["best"], got["second"]) == (first, second)
    assert got["mass"] == pytest.approx(math.log1p(sum(1 / (1 + math.exp(-logit)) for logit in logits)))
    assert got["cover_best"] == signals[logits.index(first)]["cover_around"]
    assert got["answers_top"] == pytest.approx(first)
    assert got["span_top"] == max(one["span"] for one in signals)
    assert (got["dense"], got["multilingual"]) == (0.5, 0.4)
    assert (got["years_lost"], got["figures_lost"], got["names_lost"], got["kind_lost"]) == (0.0, 0.0, 0.0, 0.0)


def test_what_is_lost_is_what_none_of_the_best_three_has():
    got, _, _ = corpus_of_question(FERRIES, "How many ferry lines of Vesterby does the office count in 1966?")
    assert (got["years_lost"], got["figures_lost"], got["names_lost"]) == (1.0, 0.0, 1.0)
    assert got["unknown"] > 0


def test_the_signals_of_a_question_that_was_not_read():
    got, _, logits = corpus_of_question(FERRIES, "Who came from Nepal?", unread=True)
    assert set(got) == CORPUS_UNREAD
    assert got["cosine"] == max(logits) == pytest.approx(1.0)


def test_one_candidate_alone_is_its_own_second():
    evidence = evidence_of(f"{FERRY}\n", LINES)
    (candidate,) = candidates_of(evidence)
    read = asked(LINES, FERRY)
    signals = [signals_of(read, candidate, known_around(candidate), 0.0, word_weights(read))]
    got = corpus_signals(read, Evidence(LINES, LINES, evidence.read, 0.0, 0.0), [candidate], signals, [1.5])
    assert (got["best"], got["second"]) == (1.5, 1.5)
