"""The mix of searches without each of its signals."""

from __future__ import annotations

import contextlib
from types import ModuleType

import pytest

from askjapan.evaluation.questions import Question
from askjapan.index.storage.store import open_index
from askjapan.records import Hit
from tests.support.benchmark_scripts import question, script
from tests.support.fakes import HashEncoder, WordReader
from tests.support.places import Place


@pytest.fixture
def ablation() -> ModuleType:
    return script("ablation")


def test_the_variants_are_the_mix_without_each_signal_and_each_alone(ablation: ModuleType) -> None:
    found = {variant.name: variant for variant in ablation.variants()}
    assert list(found) == [
        "**the mix**", "without the reader", "without the words together", "without both",
        "without the reader's “answers”", "without the reader's rank",
        "without dense", "without lexical", "without multilingual",
        "the reader alone", "dense alone", "lexical alone", "multilingual alone",
    ]  # fmt: skip
    assert found["without dense"].signals == {"lexical", "multilingual"}
    assert found["dense alone"].signals == {"dense"}
    factors = {name: (variant.answers, variant.rank, variant.words) for name, variant in found.items()}
    assert [name for name, both in factors.items() if both == (0.0, 0.0, 0.0)] == [
        "without both", "dense alone", "lexical alone", "multilingual alone"
    ]  # fmt: skip
    assert (factors["without the reader's “answers”"], factors["without the reader's rank"]) == ((0.0, 1.0, 1.0), (1.0, 0.0, 1.0))
    assert min(factors["the reader alone"][:2]) > 100 * max(factors["**the mix**"]) == 100.0


def test_a_variant_is_in_force_for_as_long_as_it_lasts(ablation: ModuleType) -> None:
    retriever, search = ablation.retriever, ablation.candidate_search
    places = {
        **dict.fromkeys(("SAME_LANGUAGE", "JAPANESE", "FROM_ENGLISH", "ACROSS"), search),
        **dict.fromkeys(("ANSWERS_WEIGHT", "RANK_WEIGHT", "TOGETHER_WEIGHT"), retriever),
    }
    before = {name: getattr(module, name) for name, module in places.items()}
    with ablation.in_force(ablation.Variant("dense alone", frozenset({"dense"}), 0.0, 0.0, 0.0)):
        usual = before["SAME_LANGUAGE"]["dense"]
        assert dict(search.SAME_LANGUAGE) == {"dense": usual, "lexical": 0.0, "multilingual": 0.0}
        # Of a mix without the signal nothing would be left: it stays.
        assert search.JAPANESE is before["JAPANESE"]
        assert (retriever.ANSWERS_WEIGHT, retriever.RANK_WEIGHT, retriever.TOGETHER_WEIGHT) == (0.0, 0.0, 0.0)
    with ablation.in_force(ablation.Variant("without the reader's rank", frozenset({"dense"}), rank=0.0)):
        assert retriever.ANSWERS_WEIGHT == before["ANSWERS_WEIGHT"] > retriever.RANK_WEIGHT == 0.0
    with contextlib.suppress(KeyError), ablation.in_force(ablation.Variant("none", frozenset(), 5.0)):
        raise KeyError
    assert {name: getattr(module, name) for name, module in places.items()} == before


def hits(*pairs: tuple[str, str]) -> list[Hit]:
    from tests.support.stages import document
    from tests.support.stages import passages as split

    return [Hit(split(text)[0], document(text, id=work), 1.0, rank) for rank, (work, text) in enumerate(pairs, start=1)]


def test_an_outcome_counts_the_first_words_and_the_first_passage(ablation: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ablation.Asked(question(), frozenset({"ferries"}), False)
    assert ablation.outcome(hits(("ferries", "The blue ferry of 1961.")), asked) == (True, True)
    apart = hits(("ferries", "A blue ferry."), ("ferries", "Built in 1961."))
    assert ablation.outcome(apart, asked) == (True, False)
    assert ablation.outcome(hits(("boats", "The blue ferry of 1961.")), asked) == (False, False)
    assert ablation.outcome([], asked) == (False, False)
    monkeypatch.setattr(ablation, "BUDGET", 5)
    assert ablation.outcome(apart, asked) == (False, False)


def test_a_text_is_read_once_for_a_question(ablation: ModuleType) -> None:
    inner = WordReader()
    reader = ablation.RememberingReader(inner)
    first = reader.read("Which ferry?", ["A ferry.", "A bench.", "A ferry."])
    assert first[0] is first[2]
    assert reader.read("Which ferry?", ["A bench.", "A lamp."])[0] is first[1]
    reader.read("Which bench?", ["A bench."])
    assert inner.asked == [
        ("Which ferry?", ["A ferry.", "A bench."]),
        ("Which ferry?", ["A lamp."]),
        ("Which bench?", ["A bench."]),
    ]


def test_the_variants_rank_an_index(ablation: ModuleType, small_index: Place) -> None:
    searcher = ablation.retriever.Retriever(open_index(small_index.index), HashEncoder(), None, WordReader())
    asked = ablation.Asked(
        Question("q", "How much did Hoshino spend in 1998?", "en", "factoid", answer_any=(("312 million",),)),
        frozenset({"hoshino-lanterns"}), False,
    )  # fmt: skip
    for variant in ablation.variants():
        # The multilingual encoder is not there, so that nothing is left of this variant.
        if variant.name != "multilingual alone":
            name, held, *_ = ablation.row(searcher, variant, [asked])
            assert (name, held) == (variant.name, "100.0")


def test_the_number_of_passages_read_is_put_back() -> None:
    public_sets = script("public_sets")
    usual = public_sets.retriever.READ
    with public_sets.reading(7):
        assert public_sets.retriever.READ == 7
    assert list(public_sets.READ) == [0, usual, 100]
    now = public_sets.retriever.READ
    assert now == usual
