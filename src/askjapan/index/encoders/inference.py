"""Models in ONNX on this machine's processors, through onnxruntime: opened without a copy of their weights, run in parallel batches."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
_alone = Event()
B = TypeVar("B")
R = TypeVar("R")


class Model:
    """An opened model. Each run takes one thread, so that runs of several threads do not wait for each other.

    Args:
        graph: the model's bytes.
        weights: the folder of the files that the graph names as external data, which are mapped; without it the weights are in the graph.
    """

    def __init__(self, graph: bytes, weights: Path | None = None) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        if weights is not None:
            options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(weights))
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def run(self, given: Arrays, outputs: Sequence[str] | None = None) -> list[NDArray[Any]]:
        """The model's outputs of these names, or all."""
        return [np.asarray(output) for output in self._session.run(outputs, given)]


def in_parallel(work: Callable[[B], R], batches: Sequence[B]) -> Iterator[R]:
    """Results of the work on each batch, in their order, on all processors; a single batch is done by the caller's own thread."""
    if len(batches) < 2 or _alone.is_set():
        return map(work, batches)
    return _pool().map(work, batches)


@contextmanager
def beside(*works: Callable[[], object]) -> Iterator[None]:
    """Do some works on other threads while the body runs, and wait for them at its end; their errors are ignored."""
    begun = [_pool().submit(work) for work in works]
    try:
        yield
    finally:
        wait(begun)


def work_alone() -> None:
    """Run batches one after another in this process, because others work beside it."""
    _alone.set()


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(processors(), thread_name_prefix="askjapan-model")


if hasattr(os, "register_at_fork"):
    # A forked process has none of its parent's threads, and would wait for them.
    os.register_at_fork(after_in_child=_pool.cache_clear)
