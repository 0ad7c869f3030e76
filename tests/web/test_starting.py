"""What the chat's address answers before the chat is there, and that it is told at once."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest

import askjapan.web
from askjapan.errors import AskJapanError, SettingsError
from askjapan.settings import load_settings
from askjapan.web.listening import Place, listening
from askjapan.web.starting import Starting
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
    place = Place(host, free_port(), None)
    with Starting(place):
        status, kind, page = fetched(f"{place.url}/")
        assert (status, kind) == (503, "text/html; charset=utf-8")
        assert "askjapan is starting …" in page
        assert "askjapan を起動しています…" in page
        assert fetched(f"{place.url}/healthz") == (
            200,
            "application/json",
            '{"status": "starting", "building": false, "waiting": 0}',
        )
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind((host, place.port))


def test_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AskJapanError) as caught:
            Starting(Place("127.0.0.1", port, None))
    assert str(caught.value) == (
        f"The chat cannot listen on 127.0.0.1:{port} (Address already in use). "
        "Stop what uses that port, or choose another one with --port."
    )


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("chat.example", "http://chat.example:8000"),
    ],
)
def test_the_address_that_is_told(host: str, url: str) -> None:
    assert listening(load_settings(host=host, port=8000, no_auth=True)).url == url


def test_the_address_is_told_and_answers_before_the_page_is_made(place: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(port=free_port(), conversations=str(place.home / "kept.sqlite3"))
    told: list[str] = []
    met: list[object] = []

    def made(desk: object, keeper: object) -> object:
        met.append(json.loads(fetched(f"http://127.0.0.1:{settings.port}/healthz")[2])["status"])
        return "the page"

    monkeypatch.setattr(askjapan.web, "build_page", made)
    monkeypatch.setattr("askjapan.web.serving.serve", lambda page, settings: met.append(page))
    monkeypatch.setattr("askjapan.web.service.Desk", lambda settings: SimpleNamespace(start=lambda: met.append(list(told))))
    askjapan.web.launch(settings, tell=told.append)
    assert told == [f"The chat opens on http://127.0.0.1:{settings.port} (Ctrl-C stops it)."]
    assert met == [told, "starting", "the page"]


def test_nothing_listens_where_anybody_could_come_in(place: Home) -> None:
    told: list[str] = []
    with pytest.raises(SettingsError):
        askjapan.web.launch(load_settings(host="0.0.0.0", conversations=str(place.home / "kept.sqlite3")), tell=told.append)
    assert told == []
