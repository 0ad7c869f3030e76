"""Work of a build in other processes, by any executor of `concurrent.futures`: those of this machine, or a cluster's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from askjapan.errors import SettingsError
from askjapan.index.encoders.inference import processors, work_alone

MOST_EACH = 4  # processes a processor
R = TypeVar("R")


def processes(count: int) -> ProcessPoolExecutor:
    """A pool of so many processes of this machine, each of which runs its models on one processor.

    Raises:
        SettingsError: they are far more than there are processors; all of them would begin at once and load models of their own.
    """
    if count > (limit := MOST_EACH * processors()):
        raise SettingsError(
            f"{count} processes are too many for this machine's {processors()} processors.", f"Give at most {limit}."
        )
    # A copy of a process that has threads may wait forever for one of them.
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=work_alone)


def in_order(
    executor: Executor | None, work: Callable[..., R], calls: Sequence[tuple[object, ...]], **here: object
) -> Iterator[R]:
    """Results of the work on each call's arguments, in their order: in an executor's workers, or one after another in this process.

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
