"""Work of a build in other processes, by any executor of `concurrent.futures`: those of this machine, or a cluster's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from askjapan.index.encoders.inference import work_alone

R = TypeVar("R")


def processes(count: int) -> ProcessPoolExecutor:
    """So many processes of this machine, each of which runs its models on one processor."""
    # A copy of a process that has threads may wait forever for one of them.
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=work_alone)


def in_order(
    executor: Executor | None, work: Callable[..., R], calls: Sequence[tuple[object, ...]], **here: object
) -> Iterator[R]:
    """What the work makes of each call's arguments, in their order: in an executor's workers, or one after another in this process.

    Args:
        executor: any of `concurrent.futures`, a cluster's too; if its workers are lost for good, this process does what is left.
        work: a function of a module.
        calls: the positional arguments of each call.
        here: named arguments for calls in this process.
    """
    futures = [_begun(executor, work, arguments) for arguments in calls] if executor else [None] * len(calls)
    try:
        for future, arguments in zip(futures, calls, strict=True):
            try:
                done = future.result() if future else work(*arguments, **here)
            except BrokenExecutor:
                done = work(*arguments, **here)
            yield done
    finally:
        for future in filter(None, futures):
            future.cancel()


def _begun(executor: Executor, work: Callable[..., R], arguments: tuple[object, ...]) -> Future[R] | None:
    try:
        return executor.submit(work, *arguments)
    except BrokenExecutor:
        return None
