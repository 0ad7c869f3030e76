"""Sign-in by HTTP Basic for every request, also of programs and MCP, where the chat has credentials."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections import OrderedDict

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from askjapan.sayings import Saying
from askjapan.web.server.credentials import Credentials
from askjapan.web.server.paths import HEALTH, STARTUP, path_of
from askjapan.web.server.rates import Rates, client_of
from askjapan.web.server.refusals import refusal

WHO = Saying.of("sign_in")
TOO_OFTEN = Saying.of("too_many_passwords")
FAILURES = 10  # wrong passwords a minute from one address
_REMEMBERED = 256
# Tells nothing and is asked by what watches the process, or by Gradio itself when it starts.
_OPEN = (HEALTH, STARTUP)


class SignIn:
    """ASGI middleware: only a request with a known name and password passes.

    Args:
        app: the page's server.
        credentials: of those who are known.
        failures: counts wrong passwords by address.
    """

    def __init__(self, app: ASGIApp, credentials: Credentials, failures: Rates | None = None) -> None:
        self.app = app
        self.credentials = credentials
        self._failures = failures or Rates(FAILURES)
        # scrypt takes its time, and a page makes many requests: what was right is remembered by its keyed hash.
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, None] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request with a known name and password, refuse any other."""
        if scope["type"] != "http" or path_of(scope) in _OPEN:
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("authorization", "")
        mark = hmac.digest(self._key, given.encode("latin-1", "replace"), hashlib.sha256)
        if mark in self._known or await self._is_right(scope, given, mark):
            await self.app(scope, receive, send)
        elif given and not self._failures.allow(client_of(scope)):
            await refusal(scope, TOO_OFTEN, 429, {"Retry-After": "60"})(scope, receive, send)
        else:
            asked = {"WWW-Authenticate": 'Basic realm="askjapan", charset="UTF-8"'}
            await refusal(scope, WHO, 401, asked)(scope, receive, send)

    async def _is_right(self, scope: Scope, given: str, mark: bytes) -> bool:
        pair = _pair(given)
        if pair is None or self._failures.is_used_up(client_of(scope)):
            return False
        if not await run_in_threadpool(self.credentials.allow, *pair):
            return False
        self._known[mark] = None
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return True


def _pair(header: str) -> tuple[str, str] | None:
    """Name and password of an `Authorization` header."""
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return None
    return (name, password) if colon else None
