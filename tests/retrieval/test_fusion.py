"""Scores of several signals → one, to the exact value."""

from __future__ import annotations

import numpy as np
import pytest

from askjapan.retrieval.fusion import among_themselves, candidate_rows, fused, levelled, moved, signal, standardised

RAW = np.array([4.0, 2.0, 0.0, 9.0, -1.0], dtype=np.float32)


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def made(name="dense", weight=1.0, best=(0, 1, 2), raw=RAW):
    return signal(name, weight, rows(*best), raw[list(best)], lambda some: raw[some])


def test_the_scale_is_taken_from_the_best_rows_alone():
    one = made()
    assert (one.mean, one.spread) == pytest.approx((2.0, np.sqrt(8 / 3)))
    values = one.standardised(rows(0, 1, 2, 3, 4))
    assert values.dtype == np.float32
    assert values == pytest.approx(np.array([2.0, 0.0, -2.0, 7.0, -3.0]) / np.sqrt(8 / 3), rel=1e-6)


@pytest.mark.parametrize("best", [(), (3,)])
def test_a_signal_without_spread_says_nothing(best):
    assert made(best=best).standardised(rows(0, 3)).tolist() == [0.0, 0.0]


def test_equal_scores_say_nothing():
    same = np.ones(5, dtype=np.float32)
    assert made(raw=same).standardised(rows(0, 4)).tolist() == [0.0, 0.0]


def test_candidates_are_the_best_rows_of_all_signals_once_and_ascending():
    found = candidate_rows([made(best=(3, 1)), made(best=(4, 1, 0))])
    assert (found.tolist(), found.dtype) == ([0, 1, 3, 4], np.int64)
    assert candidate_rows([]).tolist() == []


def test_fused_is_the_weighted_mean_of_the_standardised_scores():
    other = np.array([0.0, 0.0, 6.0, 0.0, 0.0], dtype=np.float32)
    signals = [made(weight=3.0), made("lexical", 1.0, (2, 3), other)]
    # Of the best rows (6, 0) mean and spread are 3: rows score 1 and -1.
    expected = (3 * np.array([2.0, 0.0, -2.0]) / np.sqrt(8 / 3) + np.array([-1.0, -1.0, 1.0])) / 4
    assert fused(signals, rows(0, 1, 2)) == pytest.approx(expected, rel=1e-6)


def test_weights_count_in_proportion():
    signals = [made(weight=2.0), made("other", 2.0, (0, 3))]
    halves = [made(weight=0.5), made("other", 0.5, (0, 3))]
    assert fused(signals, rows(0, 3)) == pytest.approx(fused(halves, rows(0, 3)))


def test_without_signals_all_rows_are_equal():
    assert fused([], rows(0, 1)).tolist() == [0.0, 0.0]


def test_standardised_scores():
    assert standardised(np.array([1.0, 3.0], dtype=np.float32)).tolist() == [-1.0, 1.0]
    assert standardised(np.array([5.0, 5.0], dtype=np.float32)).tolist() == [0.0, 0.0]
    assert standardised(np.zeros(0, dtype=np.float32)).tolist() == []


def test_further_signals_move_the_first_rows_and_leave_the_others_behind():
    scores = np.array([5.0, 4.0, 3.0, 2.0, 1.0], dtype=np.float32)
    further = {
        "reader": (2.0, np.array([0.0, np.nan, 4.0], dtype=np.float32)),
        "met": (0.5, np.array([1.0, 1.0, 1.0], dtype=np.float32)),
    }
    found, gains = moved(scores, further)
    # Of 0 and 4 mean and spread are 2; equal values say nothing. The lowest of the first three is 3, so 2 and 1 come down by none.
    assert found.tolist() == [3.0, 4.0, 5.0, 2.0, 1.0]
    assert gains["reader"].tolist() == [-1.0, 0.0, 1.0, 0.0, 0.0]
    assert gains["met"].tolist() == [0.0] * 5


def test_rows_that_were_not_asked_about_come_down_together():
    scores = np.array([5.0, 4.5, 4.0, 3.5], dtype=np.float32)
    found, _ = moved(scores, {"reader": (1.0, np.array([3.0, 1.0], dtype=np.float32))})
    assert found.tolist() == [6.0, 3.5, 3.5, 3.0]


def test_without_further_signals_nothing_moves():
    found, gains = moved(RAW, {})
    assert (found.tolist(), gains) == (RAW.tolist(), {})


def test_scores_are_levelled_by_the_best_of_them():
    scores = np.array([1.0, 7.0, -50.0, 3.0, 5.0], dtype=np.float32)
    assert levelled(scores, 4) == pytest.approx(np.array([-3.0, 3.0, -54.0, -1.0, 1.0]) / np.sqrt(5), rel=1e-6)
    assert levelled(scores[:1], 4).tolist() == [0.0]
    assert levelled(scores[:0], 4).tolist() == []


def test_some_rows_exchange_their_scores_in_another_order_and_the_others_keep_theirs():
    scores = np.array([9.0, 8.0, 7.0, 6.0, 5.0], dtype=np.float32)
    further = np.array([0.0, 99.0, 1.0, 50.0, 2.0], dtype=np.float32)
    assert among_themselves(scores, further, np.array([0, 2, 4])).tolist() == [5.0, 8.0, 7.0, 6.0, 9.0]
    assert among_themselves(scores, further, np.array([], dtype=np.intp)).tolist() == scores.tolist()
