"""What the chat's address answers before the chat is there, and that it is told at once."""

from __future__ import annotations

import gc
import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest

import askjapan.web
from askjapan.errors import AskJapanError, SettingsError
from askjapan.settings import load_settings
from askjapan.web.server.hosts import shown_address
from askjapan.web.server.starting import Starting
from tests.support.places import Place as Home
from tests.support.web_places import free_port


def fetched(url: str) -> tuple[int, str, str]:
    """Status, kind and text of what an address answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_until_the_chat_is_there_a_page_says_so_and_a_watcher_too(host: str) -> None:
    port = free_port()
    with Starting(host, port):
        status, kind, page = fetched(shown_address(host, port))
        assert (status, kind) == (503, "text/html; charset=utf-8")
        assert "askjapan is starting …" in page
        assert "askjapan を起動しています…" in page
        assert fetched(f"{shown_address(host, port)}healthz") == (
            200,
            "application/json",
            '{"status": "starting", "building": false, "waiting": 0}',
        )
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind((host, port))


def test_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AskJapanError) as caught:
            Starting("127.0.0.1", port)
    assert str(caught.value) == (
        f"The chat cannot listen on 127.0.0.1:{port} (Address already in use). "
        "Stop what uses that port, or choose another one with --port."
    )


def test_the_address_is_told_and_answers_before_the_page_is_made(
    place: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings(port=free_port(), conversations=str(place.home / "kept.sqlite3"))
    address = f"http://127.0.0.1:{settings.port}/"
    met: list[object] = []
    page = SimpleNamespace(demo=SimpleNamespace(block_thread=lambda: met.append("blocked")))

    def made(service: object, store: object) -> object:
        met.append(capsys.readouterr().out)
        met.append(json.loads(fetched(f"{address}healthz")[2])["status"])
        return page

    monkeypatch.setattr(askjapan.web, "build_page", made)
    monkeypatch.setattr(askjapan.web.webbrowser, "open", lambda url: met.append(url))
    monkeypatch.setattr("askjapan.web.serving.serve", lambda page, settings, block: met.append((page, block)))
    monkeypatch.setattr(gc, "freeze", lambda: met.append("kept for good"))
    monkeypatch.setattr(
        "askjapan.web.shared.service.AssistantService", lambda settings: SimpleNamespace(start=lambda: met.append("loading"))
    )
    askjapan.web.launch(settings, open_browser=True)
    told = f"askjapan is starting; the page will be at {address}\n"
    assert met == [address, "loading", told, "starting", "kept for good", (page, False), "blocked"]
    assert gc.isenabled()
    assert capsys.readouterr().out == f"The page is open: {address} (Ctrl+C stops it.)\n"


def test_nothing_listens_where_anybody_could_come_in(place: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SettingsError):
        askjapan.web.launch(load_settings(host="0.0.0.0", conversations=str(place.home / "kept.sqlite3")))
    assert capsys.readouterr().out == ""


STUBS = """
import ast
def told(code, node):
    raise SystemExit("Gradio reads its own code to write stubs of it.")
ast.get_source_segment = told
{first}
import gradio
print(gradio.Textbox().submit is not None)
"""


@pytest.mark.parametrize(
    ("first", "said"), [("import askjapan.web", "True"), ("", "Gradio reads its own code to write stubs of it.")]
)
def test_gradio_is_imported_without_stubs_for_editors(first: str, said: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", STUBS.format(first=first)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (run.stdout + run.stderr).strip().splitlines()[-1] == said
