"""Limits the calls of one client by a token bucket: so many calls a minute, saved up to as many, and else the seconds to wait."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar

from starlette.types import ASGIApp, Receive, Scope, Send

from askjapan.sayings import Saying
from askjapan.web.server.refusals import refusal

CLIENTS = 10_000  # addresses that are remembered; the one not heard of for longest is forgotten first
# Who is served now, for what knows nothing of requests.
CLIENT: ContextVar[str] = ContextVar("client", default="")


class Rates:
    """Counts events by client; each client regains `limit` of them a minute.

    Args:
        limit: events a minute; 0 for any number.
        clock: gives the time in seconds.
    """

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, client: str) -> bool:
        """Count one event, if the client has one left; whether it had."""
        if not self.limit:
            return True
        with self._lock:
            left = self._left_of(client)
            allowed = left >= 1
            self._left[client] = (left - allowed, self._clock())
            self._left.move_to_end(client)
            if len(self._left) > CLIENTS:
                self._left.popitem(last=False)
        return allowed

    def is_used_up(self, client: str) -> bool:
        """Whether the client has none left now."""
        with self._lock:
            return bool(self.limit) and self._left_of(client) < 1

    def seconds_until_next(self, client: str) -> int:
        """Whole seconds after which the client has one again."""
        with self._lock:
            return math.ceil(max(0.0, 1 - self._left_of(client)) * 60 / self.limit) if self.limit else 0

    def _left_of(self, client: str) -> float:
        left, when = self._left.get(client, (float(self.limit), self._clock()))
        return min(float(self.limit), left + (self._clock() - when) * self.limit / 60)


class RateLimit:
    """ASGI middleware: POST requests (calls and uploads) are counted; requests that only show the page are not."""

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self.app = app
        self.rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request within the limit, refuse any other."""
        client = client_of(scope)
        CLIENT.set(client)
        if scope["type"] != "http" or scope["method"] != "POST" or self.rates.allow(client):
            await self.app(scope, receive, send)
            return
        seconds = self.rates.seconds_until_next(client)
        told = Saying.of("too_many_calls", limit=self.rates.limit, seconds=seconds)
        await refusal(scope, told, 429, {"Retry-After": str(seconds)})(scope, receive, send)


def client_of(scope: Scope) -> str:
    """The address that a request comes from; behind a proxy on this machine the one that the proxy names."""
    client = scope.get("client")
    return str(client[0]) if client else ""
