"""Registry of the questions that are being answered, by open page: each can be stopped, and a page has one at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Asked:
    """A question that is being answered.

    `language` is the page's, which may change meanwhile. `stopped` is set when the answer is no longer wanted, `kept` when it is stored.
    """

    question: str
    language: str = ""
    stopped: threading.Event = field(default_factory=threading.Event)
    kept: threading.Event = field(default_factory=threading.Event)


class Running:
    """The questions that are being answered, one a page; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[str, Asked] = {}
        self._unwanted: dict[str, str] = {}
        self._spoken: dict[str, str] = {}

    @contextmanager
    def asking(self, page: str, question: str, language: str = "") -> Iterator[Asked]:
        """Register the question that a page waits for while the block lasts; if it was stopped before, `stopped` is set at once."""
        asked = Asked(question, language)
        with self._lock:
            asked.language = self._spoken.pop(page, language)
            if self._unwanted.pop(page, None) == question:
                asked.stopped.set()
            else:
                self._asked[page] = asked
        try:
            yield asked
        finally:
            with self._lock:
                # Whoever has stopped it may have asked something else meanwhile.
                if self._asked.get(page) is asked:
                    del self._asked[page]

    def is_busy(self, page: str) -> bool:
        """Whether a page waits for an answer."""
        return page in self._asked

    def take(self, page: str) -> None:
        """Prepare a page for a new question: what was to become of an earlier one that had not begun no longer counts."""
        with self._lock:
            self._unwanted.pop(page, None)
            self._spoken.pop(page, None)

    def speak(self, page: str, language: str) -> None:
        """Let the answer that a page waits for, or whose question is still on its way, come in another language of the page."""
        with self._lock:
            if asked := self._asked.get(page):
                asked.language = language
            else:
                self._spoken[page] = language

    def stop(self, page: str, question: str = "") -> Asked | None:
        """End what a page waits for, and return it; a `question` that is still on its way from the page is not begun when it comes."""
        with self._lock:
            asked = self._asked.pop(page, None)
            if asked is None and question:
                self._unwanted[page] = question
            elif asked is not None:
                asked.stopped.set()
        return asked
