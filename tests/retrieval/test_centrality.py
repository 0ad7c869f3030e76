"""The most central text is the one that most others are like."""

from __future__ import annotations

import numpy as np
import pytest

from askjapan.retrieval.centrality import centrality


def unit(*rows: tuple[float, ...]) -> np.ndarray:
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_the_one_in_the_middle_is_most_central_and_a_stranger_least() -> None:
    ranks = centrality(unit((1, 0.2, 0), (1, 1, 0), (0.2, 1, 0), (0, 0, 1)))
    assert ranks.argmax() == 1
    assert ranks.sum() == pytest.approx(1)
    assert ranks[3] == pytest.approx(0.25)


def test_a_prior_leads_where_all_are_alike() -> None:
    ranks = centrality(unit((1, 0), (1, 0)), np.array([0.9, 0.1]))
    assert ranks[0] > ranks[1]


def test_nothing_is_central_among_none() -> None:
    assert len(centrality(np.zeros((0, 3), dtype=np.float32))) == 0
