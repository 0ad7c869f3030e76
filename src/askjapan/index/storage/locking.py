"""A lock on a file for one process or thread at a time; it is released when its holder ends, even by a crash."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock


@contextmanager
def alone(lock_file: Path, seconds: float) -> Iterator[None]:
    """Hold a lock for as long as the context lasts.

    Args:
        lock_file: made if it is not there; its folder must be.
        seconds: how long to wait for another holder; 0 for not at all, below 0 for as long as it takes.

    Raises:
        TimeoutError: another holds it.
        OSError: the file cannot be made.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(lock_file)
    try:
        lock.acquire(timeout=seconds)
    except Timeout:
        raise TimeoutError(f"{lock_file} is held by another process.") from None
    try:
        yield
    finally:
        lock.release()


class ProcessLock:
    """A lock that a process takes once and keeps until it ends; all who name the same file in one process hold it together.

    Args:
        lock_file: made when it is taken; its folder must be.
    """

    def __init__(self, lock_file: Path) -> None:
        self.lock_file = lock_file
        self._lock: BaseFileLock | None = None

    def take(self) -> bool:
        """Take it; false if another process has it.

        Raises:
            OSError: the file cannot be made.
        """
        from filelock import FileLock, Timeout

        if self._lock is None:
            lock = FileLock(self.lock_file, thread_local=False, is_singleton=True)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                return False
            self._lock = lock
        return True
