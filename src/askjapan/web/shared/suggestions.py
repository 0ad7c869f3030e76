"""Follow-up questions, offered where the corpus answers them; the check never stands in a visitor's way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from askjapan.errors import AskJapanError
from askjapan.web.shared.service import AssistantService

MOST = 3
TRIED = 4
SECONDS = 0.25  # no check begins later than this; on a slow machine fewer are offered
REMEMBERED = 512


class Suggestions:
    """Checks of follow-up questions over the service that all visitors share.

    Args:
        service: answers.
        clock: gives the time in seconds.
    """

    def __init__(self, service: AssistantService, clock: Callable[[], float] = time.monotonic) -> None:
        self.service = service
        self._clock = clock
        self._lock = threading.Lock()
        self._asked = 0
        self._known = lru_cache(maxsize=REMEMBERED)(self._check)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While a visitor waits for an answer, nothing is checked."""
        with self._lock:
            self._asked += 1
        try:
            yield
        finally:
            with self._lock:
                self._asked -= 1

    @property
    def in_the_way(self) -> bool:
        """Whether some visitor waits for an answer now."""
        return self._asked > 0

    def answerable(self, given: Sequence[str], themes: tuple[str, ...], documents: tuple[str, ...]) -> list[str]:
        """The questions of the first few that the corpus answers, as far as the time allows."""
        found: list[str] = []
        began = self._clock()
        for question in given[:TRIED]:
            if len(found) == MOST or self.in_the_way or self._clock() - began > SECONDS:
                break
            if self._answers(question, themes, documents):
                found.append(question)
        return found

    def _answers(self, question: str, themes: tuple[str, ...], documents: tuple[str, ...]) -> bool:
        try:
            state = self.service.assistant().index.manifest.fingerprint
            return self._known(question, themes, documents, state)
        except AskJapanError:
            return False

    def _check(self, question: str, themes: tuple[str, ...], documents: tuple[str, ...], state: str) -> bool:
        """`state` is the corpus's, so that a build is noticed."""
        return self.service.ask(question, (), themes, documents).answered
