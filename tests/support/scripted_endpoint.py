"""A chat endpoint on this machine that does what a test tells it: writes, lies, stalls, drips, breaks off or refuses."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Script = Callable[["Reply"], None]


@dataclass
class Asked:
    """What a client sent."""

    path: str
    headers: dict[str, str]
    body: dict[str, object]

    @property
    def messages(self) -> list[dict[str, str]]:
        return self.body["messages"]  # type: ignore[return-value]


@dataclass
class Reply:
    """What a script answers with; `over` is set when the test is, so that a script that stalls does not outlive it."""

    handler: BaseHTTPRequestHandler
    over: threading.Event

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()

    def raw(self, data: bytes) -> None:
        self.handler.wfile.write(data)
        self.handler.wfile.flush()

    def event(self, data: object) -> None:
        self.raw(f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode())

    def say(self, text: str, why: str | None = None) -> None:
        self.event({"choices": [{"index": 0, "delta": {"content": text} if text else {}, "finish_reason": why}]})

    def end(self, why: str = "stop") -> None:
        self.say("", why)
        self.event("[DONE]")

    def wait(self, seconds: float) -> bool:
        """Wait, but no longer than the test lasts; whether it still does."""
        return not self.over.wait(seconds)


def writes(*pieces: str, why: str = "stop") -> Script:
    """A script that streams these pieces and ends."""

    def script(reply: Reply) -> None:
        reply.begin()
        for piece in pieces:
            reply.say(piece)
        reply.end(why)

    return script


def refuses(status: int, body: str = "", kind: str = "application/json", **headers: str) -> Script:
    """A script that answers with a status."""

    def script(reply: Reply) -> None:
        reply.begin(status, kind, **headers)
        reply.raw(body.encode())

    return script


@dataclass
class Served:
    """A running endpoint: its address, and what it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def endpoint(script: Script) -> Iterator[Served]:
    """An endpoint that follows a script at every request."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            served.asked.append(Asked(self.path, headers, json.loads(body)))
            self.close_connection = True
            try:
                script(Reply(self, over))
            except OSError:
                # The client has gone, as it should when it has heard enough.
                gone.set()

        do_GET = do_POST

        def log_message(self, *arguments: object) -> None:
            pass

    gone = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    served = Served(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
