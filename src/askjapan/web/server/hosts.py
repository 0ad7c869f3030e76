"""Checks the host name of each request and the site that sent it, against DNS rebinding and cross-site request forgery."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askjapan.errors import SettingsError
from askjapan.sayings import Saying
from askjapan.settings import Settings
from askjapan.web.server.credentials import Credentials, load_credentials
from askjapan.web.server.paths import HEALTH, path_of
from askjapan.web.server.refusals import refusal

LOCAL = ("localhost", "127.0.0.1", "[::1]")
UNKNOWN_HOST = Saying.of("unknown_host")
FOREIGN = Saying.of("page_of_another_site")


@dataclass(frozen=True, slots=True)
class KnownHosts:
    """The names of a server: `names` without ports, and whether every address in figures is one of its own."""

    names: tuple[str, ...]
    any_address: bool = False


def listening_on(settings: Settings) -> tuple[str, int]:
    """The address and port to listen on: what the user set; else Gradio's own variables, which some hosts set; else the defaults."""
    host, port = (
        str(getattr(settings, name))
        if name in settings.model_fields_set
        else os.environ.get(variable, str(getattr(settings, name)))
        for name, variable in (("host", "GRADIO_SERVER_NAME"), ("port", "GRADIO_SERVER_PORT"))
    )
    return host, int(port)


def who_may(settings: Settings, listens_on: str) -> Credentials | None:
    """The credentials of those who may use the page; None lets everybody in who reaches it.

    Raises:
        SettingsError: other machines could reach the page and no setting says who may use it, or the credentials cannot be read.
    """
    credentials = load_credentials(settings)
    if credentials is None and not settings.no_auth and not is_loopback(listens_on):
        raise SettingsError(
            f"On {listens_on} other machines would reach the chat and all works in it, and no password is set.",
            "Name a file of credentials with --auth (`askjapan password NAME` makes its lines), or say --no-auth to let everybody in.",
        )
    return credentials


def is_local(settings: Settings) -> bool:
    """Whether only people at this machine reach the page, so that the files that they name on it are their own."""
    return is_loopback(listening_on(settings)[0]) and not settings.hosts


def shown_address(host: str, port: int) -> str:
    """The address of the page as somebody on this machine opens it."""
    named = "localhost" if is_any(host) else f"[{host}]" if ":" in host else host
    return f"http://{named}:{port}/"


def known_hosts(listens_on: str, named: Sequence[str] = ()) -> KnownHosts:
    """The names that a server which listens on an address goes by.

    Args:
        listens_on: an address or a name; "0.0.0.0" and "::" stand for every address of the machine.
        named: further names that the user has given it.
    """
    names = [*LOCAL, *(name.lower() for name in named)]
    if not is_any(listens_on):
        shown = f"[{listens_on}]" if ":" in listens_on else listens_on
        return KnownHosts((*names, shown.lower()))
    # A name is what rebinding needs; an address in figures belongs to whoever has it.
    own = socket.gethostname().lower()
    return KnownHosts((*names, own, f"{own}.local"), any_address=True)


def is_loopback(address: str) -> bool:
    """Whether only programs on this machine reach an address."""
    return address == "localhost" or (_is_figures(address) and ip_address(address).is_loopback)


def is_any(address: str) -> bool:
    """Whether an address stands for every address of the machine."""
    return _is_figures(address) and ip_address(address).is_unspecified


class Hosts:
    """ASGI middleware: a request under an unknown host name, or from another site's page, is refused."""

    def __init__(self, app: ASGIApp, known: KnownHosts) -> None:
        self.app = app
        self.known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request under a known name that no other site's page has sent."""
        if scope["type"] not in ("http", "websocket") or path_of(scope) == HEALTH:
            await self.app(scope, receive, send)
        elif not await self._is_known(scope, receive):
            await refusal(scope, UNKNOWN_HOST, 400)(scope, receive, send)
        elif self._is_foreign(scope):
            await refusal(scope, FOREIGN, 403)(scope, receive, send)
        else:
            scope["askjapan.own_page"] = _sent_by_own_page(Headers(scope=scope))
            await self.app(scope, receive, send)

    async def _is_known(self, scope: Scope, receive: Receive) -> bool:
        met = []

        async def known(scope: Scope, receive: Receive, send: Send) -> None:
            met.append(scope)

        async def drop(message: Message) -> None:
            return

        host = _name(Headers(scope=scope).get("host", ""))
        figures = [host, f"[{host}]"] if self.known.any_address and _is_figures(host) else []
        allowed = [*self.known.names, *figures]
        await TrustedHostMiddleware(known, allowed, www_redirect=False)(scope, receive, drop)
        return bool(met)

    def _is_foreign(self, scope: Scope) -> bool:
        """Whether another site sent a request, by what browsers send: `Origin` with every call and upload, else `Sec-Fetch-Site`."""
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is not None:
            return not self._is_own(origin, headers.get("host", ""))
        if headers.get("sec-fetch-site") not in ("cross-site", "same-site"):
            return False
        opened = scope["method"] in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"
        # A link on another site may open the page, nothing else.
        return not (opened and path_of(scope) == "/")

    def _is_own(self, origin: str, host: str) -> bool:
        try:
            parts = urlsplit(origin.lower())
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or not parts.netloc:
            return False
        port = ":443" if parts.scheme == "https" else ":80"
        same = parts.netloc.removesuffix(port) == host.lower().removesuffix(port)
        # Behind a proxy the server may see a name of its own; the names that the user gave count as well.
        return same or (parts.hostname or "") in set(self.known.names) - set(LOCAL)


def _sent_by_own_page(headers: Headers) -> bool:
    """Whether a browser says that this server's page sent a request whose `Origin`, if any, is known to be the server's own."""
    return "origin" in headers or headers.get("sec-fetch-site") == "same-origin"


def _name(host: str) -> str:
    """A `Host` header without its port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def _is_figures(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
