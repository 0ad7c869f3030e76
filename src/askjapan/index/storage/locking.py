"""A lock on a file for one process or thread at a time; it is released when its holder ends, even by a crash."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
