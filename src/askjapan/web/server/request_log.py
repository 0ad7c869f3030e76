"""Logs requests and answers to stderr, one JSON object per line; what was asked is logged at level "debug" only."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askjapan.errors import AskJapanError, WriterError
from askjapan.records import Answer
from askjapan.web.server.paths import named_path
from askjapan.web.server.rates import client_of

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
_LOG = logging.getLogger("askjapan.web")


class JsonLines(logging.Formatter):
    """A record as one line of JSON: `time` (UTC), `level`, `event`, then the fields of the event."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line of JSON."""
        said: Mapping[str, object] = record.__dict__.get("said", {})
        time_ = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        entry = {"time": time_, "level": record.levelname.lower(), "event": record.getMessage(), **said}
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=True)


def start_logging(level: str) -> None:
    """Write the server's log to stderr, from a level on ("debug", "info", "warning")."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    _LOG.handlers = [handler]
    _LOG.setLevel(level.upper())
    _LOG.propagate = False


def id_of(request: object) -> str:
    """The id of the request that Gradio hands to a handler; empty without one, as when a handler is called directly."""
    # What Gradio hands on is a wrapper that turns each attribute into JSON.
    scope = getattr(getattr(request, "request", None), "scope", None)
    return str(scope.get("askjapan.request_id", "")) if isinstance(scope, Mapping) else ""


def log_answer(answer: Answer | AskJapanError, began: float, request_id: str, question: str) -> None:
    """Log an answer, or the error in its place.

    Args:
        answer: what was given.
        began: when, by `time.perf_counter`.
        request_id: of the request that asked; may be empty.
        question: as it was asked; logged at level "debug" only, at any other only its length.
    """
    said: dict[str, object] = {"id": request_id, "ms": _since(began), "characters": len(question)}
    if isinstance(answer, AskJapanError):
        said |= {"error": type(answer).__name__}
    else:
        said |= {"answered": answer.answered, "confidence": round(answer.confidence, 3), "citations": len(answer.citations)}
    if _LOG.isEnabledFor(logging.DEBUG):
        said["question"] = question
    _LOG.info("answer", extra={"said": said})


def log_writer(error: WriterError) -> None:
    """Log that the writer failed; what is wrong at level "debug" only, since an endpoint may repeat the question and the quotes."""
    _LOG.warning("writer", extra={"said": {"told": str(error)} if _LOG.isEnabledFor(logging.DEBUG) else {}})


class RequestLog:
    """ASGI middleware: each request gets an id, which its response carries as `X-Request-Id`.

    Calls, uploads and refusals are logged as "info", what only shows the page as "debug".
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request, and log its status and duration (ms)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["askjapan.request_id"] = id_ = secrets.token_hex(8)
        REQUEST_ID.set(id_)
        began = time.perf_counter()
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                MutableHeaders(scope=message)["X-Request-Id"] = id_
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            said = {"id": id_, "client": client_of(scope), "method": str(scope["method"]), "path": named_path(scope)}
            level = logging.INFO if scope["method"] == "POST" or status >= 400 or not status else logging.DEBUG
            _LOG.log(level, "request", extra={"said": {**said, "status": status, "ms": _since(began)}})


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
