"""Serves the page over a small library in its own process: `python serve_page.py HOME CONVERSATIONS PORT THRESHOLD PAUSE`.

The variables SLOW_BUILD and SLOW_ANSWER give the seconds that embedding and answering take longer, so that they can be watched;
HELD_BUILD names a file, and nothing is embedded while it is there.
"""

from __future__ import annotations

import os
import sys
import threading
import time
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


def main() -> None:
    """Serve until terminated."""
    # Imported after the watch is set: an import might already ask somebody something.
    import askjapan.answering.judgement
    import askjapan.assistant
    from askjapan.settings import load_settings
    from askjapan.web import build_page
    from askjapan.web.conversations.store import ConversationStore
    from askjapan.web.serving import serve
    from askjapan.web.shared.service import AssistantService
    from tests.support.fakes import HashEncoder, WordReader, generous_model

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

    askjapan.assistant.reader = WordReader
    askjapan.answering.judgement.answer_model = generous_model
    home, conversations, port, threshold, pause = sys.argv[1:]
    settings = load_settings(home=Path(home), threshold=float(threshold), port=int(port), multilingual=False)
    service = Service(settings, Encoder())
    service.start()
    serve(build_page(service, ConversationStore(Path(conversations)), float(pause)), settings)


sys.addaudithook(watch)
main()
