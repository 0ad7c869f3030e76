"""Paths of the page's server that are open; Gradio has many more, which are not needed here."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from askjapan.sayings import Saying
from askjapan.web.server.refusals import refusal

API = "/gradio_api"
HEALTH = "/healthz"
MCP_PATH = "/mcp"
STARTUP = f"{API}/startup-events"
UPLOAD = f"{API}/upload"
NOTHING_HERE = Saying.of("nothing_here")
NOT_DOCUMENTED = Saying.of("no_such_function")
PAGE_ONLY = Saying.of("call_of_page_only")
ADDRESS = Saying.of("call_names_address")

# What the page, `gradio_client` and MCP use.
_OF_API = """app_id cancel component_server info openapi.json queue/data queue/join queue/status reset startup-events theme.css upload
    upload_progress"""
_OF_PAGE = ("/", "/config", "/favicon.ico", "/manifest.json", "/robots.txt", "/theme.css", HEALTH, MCP_PATH)
_OPEN = frozenset([*_OF_PAGE, *(f"{API}/{name}" for name in _OF_API.split())])
_FILE = f"{API}/file="
_OPEN_UNDER = ("/assets/", "/static/", "/svelte/", _FILE, f"{API}/heartbeat/")
_CALLS = tuple(f"{API}/{door}/" for door in ("call/v2", "call", "run", "api"))
# By these the page reaches its own functions, none of which has a name or a promise to stay.
_PAGE_ONLY = frozenset((f"{API}/component_server", UPLOAD))
BY_NUMBER = "predict"
CALLS_BY_NUMBER = frozenset((f"{API}/queue/join", f"{API}/run/{BY_NUMBER}", f"{API}/api/{BY_NUMBER}"))
"""Paths of calls that name the function by a number in the body."""


def path_of(scope: Scope) -> str:
    """The path of a request below the server's own root, without a slash at its end."""
    path = str(scope.get("path", "")).removeprefix(str(scope.get("root_path", "")))
    return path.rstrip("/") or "/"


def named_path(scope: Scope) -> str:
    """The path of a request for the log, without ids and names of files."""
    path = path_of(scope)
    name = function_named(path)
    if name is not None:
        door = next(door for door in _CALLS if path.startswith(door))
        return f"{door}{name}" if name.isidentifier() else door
    if path in _OPEN:
        return path
    return next((under for under in _OPEN_UNDER if path.startswith(under)), "(another)")


def is_address(text: object) -> bool:
    """Whether what stands for a file is an address on the network."""
    return isinstance(text, str) and text.strip().lower().startswith(("http:", "https:"))


def function_named(path: str) -> str | None:
    """The function that a call names in its path; None where it is no call by name, `predict` where a number follows in the body."""
    door = next((door for door in _CALLS if path.startswith(door)), None)
    return path.removeprefix(door).split("/")[0] if door else None


class Paths:
    """ASGI middleware: only open paths pass, and by name only the documented functions.

    Args:
        app: the page's server.
        documented: the numbers of the documented functions by their names.
    """

    def __init__(self, app: ASGIApp, documented: Mapping[str, int]) -> None:
        self.app = app
        self.documented = documented

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request to an open path, refuse any other."""
        refused = self._refusal(scope) if scope["type"] == "http" else None
        if refused:
            await refusal(scope, *refused)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[Saying, int] | None:
        """The reason and HTTP status of a refusal; None for none."""
        path = path_of(scope)
        name = function_named(path)
        if path in CALLS_BY_NUMBER:
            return None
        if name is not None:
            return None if name in self.documented else (NOT_DOCUMENTED, 404)
        if path not in _OPEN and not path.startswith(_OPEN_UNDER):
            return NOTHING_HERE, 404
        if path.startswith(_FILE) and is_address(path.removeprefix(_FILE)):
            # Gradio would fetch it, whatever it is, and show it as this server's own.
            return ADDRESS, 400
        return (PAGE_ONLY, 403) if path in _PAGE_ONLY and not scope.get("askjapan.own_page") else None
