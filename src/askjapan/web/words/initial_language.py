"""Sends the page in the visitor's language from the first byte, so that no text flashes up in another one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askjapan.web.words.translations import LANGUAGES, language_of

COOKIE = "askjapan-language"
# Gradio's page carries its components as data and draws them from there; this changes what they say before they are drawn.
_SCRIPT = """<script>((said) => {
for (const part of window.gradio_config.components || []) Object.assign(part.props, said[part.id] || {});
})(%s);</script></head>"""


class FirstWords:
    """ASGI middleware: the page is sent in the language of the visitor's choice or browser.

    Args:
        app: the page's server.
        said: for each language, what each component says, by the component's number.
    """

    def __init__(self, app: ASGIApp, said: Mapping[str, Mapping[int, Mapping[str, Any]]]) -> None:
        self.app = app
        self._scripts = {language: _script(parts) for language, parts in said.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on as it is, except the page itself."""
        path = str(scope.get("path", "")).removeprefix(str(scope.get("root_path", "")))
        if scope["type"] != "http" or scope["method"] != "GET" or path not in ("", "/"):
            await self.app(scope, receive, send)
            return
        language = asked_for(scope)
        head: Message = {}
        body = b""

        async def hold(message: Message) -> None:
            nonlocal head, body
            if message["type"] == "http.response.start":
                head = message
                return
            body += message.get("body", b"")
            if message.get("more_body", False):
                return
            headers = MutableHeaders(scope=head)
            if head["status"] == 200 and headers.get("content-type", "").startswith("text/html"):
                body = _with_nonce(self._spoken(body, language), str(scope.get("askjapan.nonce", "")))
                headers["content-length"] = str(len(body))
                headers["content-language"] = language
                headers.add_vary_header("Accept-Language, Cookie")
            await send(head)
            await send({"type": "http.response.body", "body": body})

        await self.app(scope, receive, hold)

    def _spoken(self, body: bytes, language: str) -> bytes:
        named = body.replace(b'lang="en"', f'lang="{language}"'.encode(), 1)
        return named.replace(b"</head>", self._scripts[language], 1)


def _with_nonce(body: bytes, nonce: str) -> bytes:
    """The page with the nonce on its own scripts; its data hold no "<", so that each "<script" begins a script."""
    return body.replace(b"<script", f'<script nonce="{nonce}"'.encode())


def _script(parts: Mapping[int, Mapping[str, Any]]) -> bytes:
    data = json.dumps(parts, ensure_ascii=False).replace("<", "\\u003c")
    return (_SCRIPT % data).encode()


def asked_for(scope: Scope) -> str:
    """The language that the address names, that was chosen on the page before, or that the browser prefers."""
    headers = Headers(scope=scope)
    # Cookie by cookie: one that another page of this host has set wrongly takes nothing from ours.
    cookies = (cookie.partition("=") for header in headers.getlist("cookie") for cookie in header.split(";"))
    chosen = next((value.strip() for name, _, value in cookies if name.strip() == COOKIE), "")
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[0]
    wanted = (asked, chosen, language_of(headers.get("accept-language", "")))
    return next(language for language in wanted if language in LANGUAGES)
