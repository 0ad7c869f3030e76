"""Serves the page over a small library in its own process: `python serve_page.py HOME CONVERSATIONS PORT THRESHOLD PAUSE`.

Without arguments it reads orders, a line of JSON each, and serves every page in a copy of itself: what a page is made of is then
imported once for all of them. `{"serve": [HOME, …], "environment": {…}, "log": FILE}` is answered with the number of the new process,
`{"look": NUMBER}` with whether it runs, `{"end": NUMBER}`, which ends it, with false.

The variables SLOW_BUILD and SLOW_ANSWER give the seconds that embedding and answering take longer, so that they can be watched;
HELD_BUILD names a file, and nothing is embedded while it is there. With BILINGUAL, questions in Japanese can be asked of an index that
was built with `multilingual=HashEncoder()`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any

HERE = ("127.0.0.1", "::1", "localhost", "0.0.0.0", None, "")


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Tell of every name that is looked up and every address that is connected to, unless it is this machine."""
    host = None
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    if host not in HERE:
        sys.stderr.write(f"REACHED OUT to {host}\n")


def serve_page(home: str, conversations: str, port: str, threshold: str, pause: str) -> None:
    """Serve until terminated."""
    # Imported after the watch is set: an import might already ask somebody something.
    import askjapan.answering.judgement
    import askjapan.assistant
    from askjapan.settings import load_settings
    from askjapan.web import build_page
    from askjapan.web.conversations.store import ConversationStore
    from askjapan.web.serving import serve
    from askjapan.web.shared.service import AssistantService
    from tests.support.fakes import HashEncoder, WordReader, generous_model, no_reader

    class Encoder(HashEncoder):
        def encode(self, texts, progress=None):  # type: ignore[no-untyped-def]
            if threading.current_thread().name == "askjapan-build":
                time.sleep(float(os.environ.get("SLOW_BUILD", 0)))
                while os.path.exists(os.environ.get("HELD_BUILD", "")):
                    time.sleep(0.1)
            return super().encode(texts, progress)

    class Service(AssistantService):
        def ask(self, *given):  # type: ignore[no-untyped-def]
            time.sleep(float(os.environ.get("SLOW_ANSWER", 0)))
            return super().ask(*given)

    askjapan.assistant.reader, askjapan.assistant.reader_of_japanese = WordReader, no_reader
    askjapan.answering.judgement.answer_model = generous_model
    bilingual = bool(os.environ.get("BILINGUAL"))
    if bilingual:
        askjapan.assistant.multilingual, askjapan.assistant.is_installed = HashEncoder, lambda: True
    settings = load_settings(home=Path(home), threshold=float(threshold), port=int(port), multilingual=bilingual)
    service = Service(settings, Encoder())
    service.start()
    serve(build_page(service, ConversationStore(Path(conversations)), float(pause)), settings)


def follow_orders() -> None:
    """Serve a page in a copy of this process for each order; all that still run end when no more orders can come."""
    before = dict(os.environ)
    with redirect_stderr(StringIO()) as told:
        from askjapan.web import build_page, serving  # noqa: F401 - the libraries that each page needs

    added = {name: value for name, value in os.environ.items() if before.get(name) != value}
    running: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        number = order.get("look") or order.get("end") or os.fork()
        if not number:
            become(order["log"], {**order["environment"], **added})
            sys.stderr.write(told.getvalue())
            serve_page(*order["serve"])
            return
        if "serve" in order:
            running.add(number)
        elif number in running:
            if "end" in order:
                os.kill(number, signal.SIGTERM)
            if os.waitpid(number, 0 if "end" in order else os.WNOHANG)[0]:
                running.remove(number)
        sys.stdout.write(f"{json.dumps(number if 'serve' in order else number in running)}\n")
        sys.stdout.flush()
    for number in running:
        os.kill(number, signal.SIGTERM)


def become(log: str, environment: dict[str, str]) -> None:
    """Be a process of its own: nothing to read, what is printed into the log, and the environment that was asked for."""
    for file, flags, descriptors in ((os.devnull, os.O_RDONLY, (0,)), (log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, (1, 2))):
        opened = os.open(file, flags)
        for descriptor in descriptors:
            os.dup2(opened, descriptor)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)


sys.addaudithook(watch)
if len(sys.argv) > 1:
    serve_page(*sys.argv[1:])
else:
    follow_orders()
