"""Batches on several threads."""

from __future__ import annotations

import multiprocessing
import sys

import pytest

from askjapan.index.encoders.inference import beside, in_parallel


def shown() -> list[str]:
    done: list[str] = []
    with beside(lambda: done.append("beside")):
        shown = list(in_parallel(str, [1, 2, 3]))
    return [*shown, *done]


@pytest.mark.skipif(sys.platform == "win32", reason="no process is forked there")
def test_a_forked_process_has_threads_of_its_own() -> None:
    """As in a notebook that asks a question and then hands others to `multiprocessing.Pool`."""
    assert shown() == ["1", "2", "3", "beside"]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.apply_async(shown).get(timeout=60) == ["1", "2", "3", "beside"]
