"""Agreement of quotes with annotators."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.support.benchmark_scripts import script


@pytest.fixture
def cited() -> ModuleType:
    return script("cited_sentences")


@pytest.fixture
def ferry(data: ModuleType) -> Any:
    # In the file the title and the blank line take 9 characters.
    return data.Text("f", "Ferries", "It runs daily. It pays. It is so blue.", (0, 15, 24))


def test_sentences_stand_where_the_file_has_them(cited: ModuleType, ferry: Any, data: ModuleType) -> None:
    written = data.content(ferry)
    spans = cited.sentence_spans(ferry)
    assert [written[start:end] for start, end in spans] == ["It runs daily.", "It pays.", "It is so blue."]


@pytest.mark.parametrize(
    ("quote", "numbers"),
    [
        ("It pays.", {1}),
        ("It pays. It is so", {1, 2}),
        ("daily. It pays. It", {1}),
        ("It is", {2}),
        ("Ferries", {-1}),
    ],
)
def test_a_quote_cites_what_it_covers_by_half_or_shares_most_with(
    cited: ModuleType, data: ModuleType, ferry: Any, quote: str, numbers: set[int]
) -> None:
    start = data.content(ferry).index(quote)
    found = cited.cited_sentences([("f", start, start + len(quote))], {"f": ferry})
    assert found == {("f", number) for number in numbers}


def test_agreement_is_with_the_annotator_who_agrees_most(cited: ModuleType, data: ModuleType) -> None:
    answers = ({"sentences": [0]}, {"sentences": [1, 2]}, {"sentences": []})
    query = data.Query("q", "?", True, answers, "f")
    assert cited.best_agreement(query, {("f", 1), ("f", 2), ("g", 0)}) == pytest.approx((2 / 3, 1.0, 0.8))
    rows = [(query, {("f", 1)}), (query, set())]
    figures = cited.cited_figures(rows)
    assert figures == pytest.approx({"precision": 1.0, "recall": 0.5, "F1": 2 / 3, "sentences": 1.0, "recall over all": 0.25})


def test_the_whole_passage_is_the_floor_for_precision(cited: ModuleType, data: ModuleType, ferry: Any) -> None:
    query = data.Query("q", "?", True, ({"sentences": [0]},), "f")
    figures = cited.whole_passage_figures([query], {"f": ferry})
    assert (figures["precision"], figures["recall"], figures["sentences"]) == (pytest.approx(1 / 3), 1.0, 3)


def test_the_nearest_sentences_are_those_of_the_highest_cosine(cited: ModuleType, data: ModuleType, ferry: Any) -> None:
    np = pytest.importorskip("numpy")
    query = data.Query("q", "?", True, ({"sentences": [1, 2]},), "f")
    figures = cited.nearest_figures([query], {"f": ferry}, 2, lambda texts: np.array([[0, 1], [1, 0], [1, 1], [1, 0]]))
    assert (figures["precision"], figures["recall"]) == (1.0, 1.0)
