"""Checks the bounds of an upload while it comes in: its size, the number of its files and their kinds."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from pathlib import PurePath

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askjapan.sayings import Saying
from askjapan.web.server.paths import UPLOAD, path_of
from askjapan.web.server.refusals import refusal, told_to

MOST_FILES = 50
CLOSED = Saying.of("upload_closed")
TOO_MANY = Saying.of("upload_too_many", limit=MOST_FILES)
BROKEN_OFF = Saying.of("upload_broken_off")
NO_FORM = Saying.of("upload_is_no_form")


class UploadGuard:
    """ASGI middleware that checks uploads.

    Args:
        app: the page's server.
        kinds: the endings of files that are taken, in small letters with their dot; none where nothing is.
        megabytes: most that one upload may hold.
    """

    def __init__(self, app: ASGIApp, kinds: Collection[str], megabytes: int) -> None:
        self.app = app
        self.kinds = frozenset(kinds)
        self.megabytes = megabytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; an upload is checked, and ends with a message where it breaks a bound."""
        if scope["type"] != "http" or path_of(scope) != UPLOAD:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        announced = headers.get("content-length", "")
        too_large = Saying.of("upload_too_large", megabytes=self.megabytes)
        if not self.kinds:
            await refusal(scope, CLOSED, 403)(scope, receive, send)
        elif announced.isdecimal() and int(announced[:18]) > self.megabytes * 1_000_000:
            await refusal(scope, too_large, 413)(scope, receive, send)
        elif not (boundary := parse_options_header(headers.get("content-type", ""))[1].get(b"boundary")):
            await refusal(scope, NO_FORM, 400)(scope, receive, send)
        else:
            say = partial(told_to, scope)
            watch = _Watch(boundary, self.kinds, say)
            left = self.megabytes * 1_000_000

            async def watched() -> Message:
                # What is raised here reaches Gradio's parser, which then deletes what it has written and answers with the sentence.
                nonlocal left
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise MultiPartException(say(BROKEN_OFF))
                left -= len(message.get("body", b""))
                if left < 0:
                    raise MultiPartException(say(too_large))
                watch.see(message.get("body", b""))
                return message

            await self.app(scope, watched, send)


class _Watch:
    """Checks the headers of a form's parts as they pass; `say` translates a refusal into the visitor's language."""

    def __init__(self, boundary: bytes, kinds: frozenset[str], say: Callable[[Saying], str]) -> None:
        self._kinds = kinds
        self._say = say
        self._files = 0
        self._field = self._value = b""
        # The same parser as Gradio's: two that disagree could be played against each other.
        self._parser = MultipartParser(
            boundary,
            {
                "on_header_field": self._on_field,
                "on_header_value": self._on_value,
                "on_header_end": self._on_end,
            },
        )

    def see(self, chunk: bytes) -> None:
        """Parse further bytes of the form.

        Raises:
            MultiPartException: a bound is broken, or the bytes are no form.
        """
        try:
            self._parser.write(chunk)
        except MultipartParseError as error:
            raise MultiPartException(self._say(NO_FORM)) from error

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_end(self) -> None:
        field, value, self._field, self._value = self._field.lower(), self._value, b"", b""
        options = parse_options_header(value)[1] if field == b"content-disposition" else {}
        if b"filename" not in options:
            return
        self._files += 1
        name = options[b"filename"].decode("utf-8", "replace")
        if self._files > MOST_FILES:
            raise MultiPartException(self._say(TOO_MANY))
        if PurePath(name).suffix.lower() not in self._kinds:
            told = Saying.of("upload_of_wrong_kind", name=PurePath(name).name[:100], kinds=", ".join(sorted(self._kinds)))
            raise MultiPartException(self._say(told))
