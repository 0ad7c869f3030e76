"""Sets headers that forbid the browser content from elsewhere, foreign frames, guessing of types, and scripts that are not the page's."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askjapan.web.server.paths import API, path_of

FILES = f"{API}/file="
# A file of somebody's is never a page of this server.
_FOR_FILES = "default-src 'none'; sandbox; frame-ancestors 'none'"
# Gradio builds functions from text (`unsafe-eval`) and sets styles on elements; scripts in the page's HTML need this response's nonce, so
# that none that slips in with a document's text is run.
_FOR_PAGES = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' {scripts} 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors {framed_by}"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # a link to an answer holds the key to it
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class ResponseHeaders:
    """ASGI middleware that adds the headers; code that makes the page's HTML finds the response's nonce in the scope as `askjapan.nonce`.

    Args:
        app: the page's server.
        scripts: texts of scripts that Gradio adds to the page later, where no nonce reaches them; allowed by their hashes.
        framed_by: the sites that may show the page in a frame; none by default.
    """

    def __init__(self, app: ASGIApp, scripts: Sequence[str], framed_by: Sequence[str] = ()) -> None:
        self.app = app
        self.framed_by = tuple(framed_by)
        hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
        self._scripts = " ".join(f"'sha256-{digest}'" for digest in hashes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add the headers to what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["askjapan.nonce"] = nonce = secrets.token_urlsafe(16)
        is_file = path_of(scope).startswith(FILES)
        framed_by = " ".join(self.framed_by) or "'none'"
        policy = _FOR_FILES if is_file else _FOR_PAGES.format(nonce=nonce, scripts=self._scripts, framed_by=framed_by)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_ALWAYS)
                headers["Content-Security-Policy"] = policy
                if not self.framed_by:
                    headers["X-Frame-Options"] = "DENY"
                    headers["Cross-Origin-Opener-Policy"] = "same-origin"
            await send(message)

        await self.app(scope, receive, marked)
