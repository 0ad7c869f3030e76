"""Sayings in tests: as the English sentences that Python users and the command line read."""

from __future__ import annotations

from collections.abc import Iterable

from askjapan.sayings import Saying


def told(sayings: Iterable[Saying]) -> tuple[str, ...]:
    """The English sentences."""
    return tuple(map(str, sayings))
