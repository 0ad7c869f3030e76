"""Serves a waiting page at once, while Gradio is imported and the page is built, which takes seconds."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from askjapan.errors import AskJapanError
from askjapan.web.server.paths import HEALTH

STATUS = "starting"
# The page asks again until something else answers; in between nothing may, so a failed request means to go on asking.
PAGE = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>askjapan</title>
<style>body {{ font: 1.1rem system-ui, sans-serif; margin: 20vh auto; max-width: 30rem; padding: 0 1rem; text-align: center;
color: #334155; background: #fff }} @media (prefers-color-scheme: dark) {{ body {{ color: #cbd5e1; background: #0f172a }} }}</style>
<noscript><meta http-equiv="refresh" content="3"></noscript></head>
<body><main role="status"><p>askjapan is starting …</p><p lang="ja">askjapan を起動しています…</p></main>
<script>
setInterval(async () => {{
  try {{
    const told = await (await fetch("{HEALTH.lstrip("/")}", {{cache: "no-store"}})).json();
    if (told.status !== "{STATUS}") location.reload();
  }} catch {{ }}
}}, 300);
</script></body></html>
""".encode()


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        health = self.path.split("?")[0].endswith(HEALTH)
        body = json.dumps({"status": STATUS, "building": False, "waiting": 0}).encode() if health else PAGE
        self.send_response(200 if health else 503)
        self.send_header("Content-Type", "application/json" if health else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Retry-After", "1")
        self.send_header("Content-Security-Policy", "default-src 'self' 'unsafe-inline'; frame-ancestors 'self'")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *parts: object) -> None:
        """Log nothing about who opens the page."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True


class Starting:
    """Answers on an address until the `with` block ends: HTTP 503 with a page that opens the chat when it is there, and 200 on `/healthz`.

    Raises:
        AskJapanError: the port is taken.
    """

    def __init__(self, host: str, port: int) -> None:
        self._server = _bound(host, port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="askjapan-starting", daemon=True)

    def __enter__(self) -> Starting:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


def _bound(host: str, port: int) -> ThreadingHTTPServer:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    chosen = type("_Chosen", (_Server,), {"address_family": family})
    try:
        server: ThreadingHTTPServer = chosen((host, port), _Answers)
    except OSError as error:
        raise AskJapanError(
            f"The chat cannot listen on {host}:{port} ({error.strerror or error}).",
            "Stop what uses that port, or choose another one with --port.",
        ) from error
    return server
