"""Work of a build in other processes, by any executor of `concurrent.futures`: those of this machine, or a cluster's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
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
    futures = [executor.submit(work, *arguments) for arguments in calls] if executor else []
    try:
        for number, arguments in enumerate(calls):
            try:
                yield futures[number].result() if futures else work(*arguments, **here)
            except BrokenExecutor:
                yield work(*arguments, **here)
    finally:
        for future in futures:
            future.cancel()
