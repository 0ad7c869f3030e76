"""Queue of questions: a few are answered at once, the others wait and know their position."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from askjapan.errors import AskJapanError
from askjapan.sayings import Saying

LONGEST_STEP = 60.0


class Ticket:
    """A place in the queue; `wait` returns its number."""

    def __init__(self, line: WaitingLine, client: str) -> None:
        self._line = line
        self.client = client

    def wait(self, seconds: float = LONGEST_STEP) -> int:
        """Wait for this ticket's turn, at most so many seconds: 0 when it has come, else the place in the queue, from 1."""
        return self._line.wait(self, seconds)


class WaitingLine:
    """First-come, first-served queue; safe to share between threads.

    Args:
        at_once: how many are served at once.
        limit: how many may wait.
        limit_each: how many of them may be one client's.
    """

    def __init__(self, at_once: int, limit: int, limit_each: int) -> None:
        self.at_once, self.limit, self.limit_each = at_once, limit, limit_each
        self._turn = threading.Condition()
        self._waiting: list[Ticket] = []
        self._served: set[Ticket] = set()

    @property
    def length(self) -> int:
        """Number of tickets that wait."""
        return len(self._waiting)

    @contextmanager
    def join(self, client: str) -> Iterator[Ticket]:
        """Take a place in the queue, given up when the block ends, also by an error.

        Raises:
            AskJapanError: the queue is full, or this client has too many places in it already.
        """
        ticket = Ticket(self, client)
        with self._turn:
            own = sum(other.client == client for other in self._waiting)
            if own >= self.limit_each:
                raise AskJapanError(Saying.of("own_questions_waiting", questions=own))
            if len(self._waiting) >= self.limit:
                raise AskJapanError(Saying.of("questions_waiting", questions=len(self._waiting)))
            self._waiting.append(ticket)
        try:
            yield ticket
        finally:
            with self._turn:
                self._served.discard(ticket)
                if ticket in self._waiting:
                    self._waiting.remove(ticket)
                self._turn.notify_all()

    def wait(self, ticket: Ticket, seconds: float) -> int:
        """See `Ticket.wait`."""
        with self._turn:
            self._turn.wait_for(lambda: self._may_go(ticket), seconds)
            if ticket in self._served:
                return 0
            if not self._may_go(ticket):
                return self._waiting.index(ticket) + 1
            self._waiting.remove(ticket)
            self._served.add(ticket)
            # The next in line has moved up, and may find a free place as well.
            self._turn.notify_all()
            return 0

    def _may_go(self, ticket: Ticket) -> bool:
        return ticket in self._served or (len(self._served) < self.at_once and self._waiting[0] is ticket)
