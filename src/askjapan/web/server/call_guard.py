"""Checks each call before Gradio: no file at an address, which Gradio would fetch, and no function of the page for other callers."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askjapan.sayings import Saying
from askjapan.web.server.paths import (
    ADDRESS,
    API,
    CALLS_BY_NUMBER,
    MCP_PATH,
    NOT_DOCUMENTED,
    PAGE_ONLY,
    UPLOAD,
    is_address,
    path_of,
)
from askjapan.web.server.refusals import refusal

MOST = 4 * 1024 * 1024  # bytes; a call holds a question and a visitor, its files come through the upload
TOO_MUCH = Saying.of("call_too_large", mebibytes=MOST // 1024 // 1024)
TOO_DEEP = Saying.of("call_too_deep")
NO_TEXT = Saying.of("call_is_no_text")


class CallGuard:
    """ASGI middleware: calls are read whole, up to `MOST` bytes, and checked; uploads and other requests pass unread.

    Args:
        app: the page's server.
        documented: the numbers of the functions that programs may call; the page's own may be called by the page alone.
    """

    def __init__(self, app: ASGIApp, documented: Collection[int]) -> None:
        self.app = app
        self.documented = documented

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a harmless call on, refuse any other."""
        if not _is_call(scope):
            await self.app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            return
        refused = self._refusal(body, path_of(scope), own_page=bool(scope.get("askjapan.own_page")))
        if refused:
            await refusal(scope, *refused)(scope, receive, send)
            return
        waiting = [body]

        async def again() -> Message:
            if waiting:
                return {"type": "http.request", "body": waiting.pop(), "more_body": False}
            return await receive()

        await self.app(scope, again, send)

    def _refusal(self, body: bytes, path: str, *, own_page: bool) -> tuple[Saying, int] | None:
        """The reason and HTTP status of a refusal; None for none. A call that is not JSON is refused by the endpoint itself."""
        if len(body) > MOST:
            return TOO_MUCH, 413
        try:
            data = json.loads(body)
            # JSON may hold halves of characters, which no answer could send back.
            json.dumps(data, ensure_ascii=False).encode("utf-8")
        except RecursionError:
            return TOO_DEEP, 400
        except UnicodeEncodeError:
            return NO_TEXT, 400
        except ValueError:
            return None
        if any(_is_elsewhere(part) for part in _objects(data)):
            return ADDRESS, 400
        number = data.get("fn_index") if isinstance(data, dict) else None
        if isinstance(data, dict) and number is None and path in CALLS_BY_NUMBER:
            return NOT_DOCUMENTED, 404
        # Compared by type as well: Gradio takes "3", 3.0 and true for numbers.
        documented = number is None or (type(number) is int and number in self.documented)
        return None if documented or own_page else (PAGE_ONLY, 403)


def _is_call(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    path = path_of(scope)
    return path == MCP_PATH or (path.startswith(f"{API}/") and path != UPLOAD)


async def _read(receive: Receive) -> bytes | None:
    """A body, or as much of it as shows that it is too long; None where the visitor has gone."""
    body = bytearray()
    while len(body) <= MOST:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)


def _objects(data: object) -> Iterator[dict[str, Any]]:
    left = [data]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            yield part
            left += part.values()
        elif isinstance(part, list):
            left += part


def _is_elsewhere(part: dict[str, Any]) -> bool:
    """Whether an object is a file of Gradio's at an address other than the one under which this server shows an upload."""
    meta = part.get("meta")
    if not isinstance(meta, dict) or meta.get("_type") != "gradio.FileData":
        return False
    path, url = part.get("path"), part.get("url")
    if is_address(path):
        return True
    return is_address(url) and not (path and _shown_as(str(url)) == path)


def _shown_as(url: str) -> str:
    """The path of an upload that such an address shows; Gradio itself never fetches it."""
    try:
        return unquote(urlsplit(url).path).partition(f"{API}/file=")[2]
    except ValueError:
        return ""
