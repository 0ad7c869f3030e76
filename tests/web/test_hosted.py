"""On a hosted Gradio space: what is installed, where the page listens, and that visitors leave the library as it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import gradio as gr
import pytest

from askjapan.index.build import build
from askjapan.settings import load_settings
from askjapan.web.columns.chat import Chat
from askjapan.web.columns.handlers import Handlers
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.store import ConversationStore
from askjapan.web.html.answers import note_html
from askjapan.web.shared.service import AssistantService
from tests.support.commands import SUPPORT
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, Place
from tests.support.web_places import free_port, make_library, make_service, served

PROJECT = Path(__file__).resolve().parents[2]
EMILIA = Visitor("emilia").stored()
CLOSED = "The library of this page cannot be changed here. Install askjapan to add works of your own."


def test_requirements_are_those_of_the_package_with_its_extras() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if line and not line.startswith("#")]
    assert named == [*project["dependencies"], *extras["multilingual"], *extras["mcp"]]
    # Such a host has only this file when it installs: a path in it would name nothing.
    assert [line for line in named if line.startswith((".", "-", "/"))] == []


def launched(monkeypatch: pytest.MonkeyPatch, **given: object) -> dict[str, Any]:
    """What the page is launched with."""
    options: dict[str, Any] = {}

    def launch(**named: Any) -> tuple[None, str, None]:
        options.update(named)
        return None, "", None

    page = MagicMock()
    page.demo.launch = launch
    page.tools.mcp_options.return_value = {}
    from askjapan.web.serving import serve

    serve(page, load_settings(**given))
    return options


@pytest.mark.parametrize(
    ("environment", "given", "name", "port"),
    [
        ({}, {}, "127.0.0.1", 7860),
        ({"SPACE_ID": "a/b"}, {}, "0.0.0.0", 7860),
        ({"SPACE_ID": "a/b", "GRADIO_SERVER_PORT": "8001"}, {}, "0.0.0.0", 8001),
        ({"GRADIO_SERVER_NAME": "0.0.0.0", "GRADIO_SERVER_PORT": "8001", "ASKJAPAN_NO_AUTH": "true"}, {}, "0.0.0.0", 8001),
        ({"SPACE_ID": "a/b", "GRADIO_SERVER_NAME": "0.0.0.0"}, {"host": "127.0.0.1", "port": 8002}, "127.0.0.1", 8002),
        ({"SPACE_ID": "a/b", "ASKJAPAN_HOST": "::1", "ASKJAPAN_PORT": "8003"}, {}, "::1", 8003),
    ],
)
def test_where_the_page_listens(
    environment: dict[str, str], given: dict[str, object], name: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    options = launched(monkeypatch, **given)
    assert (options["server_name"], options["server_port"]) == (name, port)
    assert options["max_file_size"] == 200_000_000


@pytest.fixture
def hosted(place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Handlers:
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    monkeypatch.setenv("SPACE_ID", "somebody/askjapan")
    service = make_service(place)
    store = ConversationStore(tmp_path / "c.sqlite3")
    return Handlers(service, store, Chat(service, store))


def test_the_server_refuses_to_change_the_library(
    hosted: Handlers, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("add", "remove", "edit", "rebuild"):
        monkeypatch.setattr(AssistantService, name, lambda *_, name=name: pytest.fail(name))
    (tmp_path / "kelp.md").write_text("# Kelp\n\nRausu sold 900 tons of kelp.\n", encoding="utf-8")
    refusal = note_html(CLOSED, "error")
    assert hosted.add_files([str(tmp_path / "kelp.md")], EMILIA)[0] == refusal
    for action in ("remove", "edit", "index"):
        event = gr.EventData(None, {"do": action, "of": "hoshino-lanterns", "title": "Mine"})
        assert hosted.act_in_library(EMILIA, event)[0] == refusal
    assert hosted.build_again(EMILIA)[0] == refusal
    assert sorted(path.name for path in place.works.iterdir()) == ["README.md", "lanterns.txt"]


def test_the_owner_of_a_space_may_open_the_library(hosted: Handlers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_LIBRARY_EDITING", "true")
    service = make_service(Place(hosted.service.settings.home))
    told, jobs = Handlers(service, hosted.store, hosted.chat).build_again(EMILIA)
    assert told == ""
    assert "Building the index" in jobs or "Indexed " in jobs


def own_page(url: str) -> dict[str, str]:
    """What a browser adds to what the page itself sends."""
    return {"Origin": "/".join(url.split("/")[:3])}


def post(url: str, data: object) -> Any:
    request = urllib.request.Request(url, json.dumps(data).encode(), {"Content-Type": "application/json", **own_page(url)})
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)


def send(url: str, content: bytes) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="kelp.txt"\r\n\r\n' + content + b"\r\n--x--\r\n"
    request = urllib.request.Request(url, body, {"Content-Type": "multipart/form-data; boundary=x", **own_page(url)})
    with urllib.request.urlopen(request, timeout=20):
        return


def outcome(address: str, function: str, data: list[object]) -> str:
    """What a page's own event ends with when somebody calls it without the page."""
    with urllib.request.urlopen(f"{address}/config", timeout=20) as response:
        config = json.load(response)
    number = next(entry["id"] for entry in config["dependencies"] if entry["api_name"] == function)
    post(f"{address}/gradio_api/queue/join", {"data": data, "fn_index": number, "session_hash": function})
    with urllib.request.urlopen(f"{address}/gradio_api/queue/data?session_hash={function}", timeout=60) as stream:
        for line in stream:
            message = json.loads(line.removeprefix(b"data:")) if line.startswith(b"data:") else {}
            if message.get("msg") in ("process_generating", "process_completed"):
                return json.dumps(message["output"])
    raise AssertionError("The call did not end.")


def test_calls_past_the_page_are_refused_too(tmp_path: Path) -> None:
    place = make_library(tmp_path / "home")
    before = (place.index / "CURRENT").read_text()
    with served(place, tmp_path / "c.sqlite3", SPACE_ID="somebody/askjapan") as address:
        assert CLOSED in outcome(address, "build_again", [EMILIA])
        assert CLOSED in outcome(address, "act_in_library", [EMILIA])
        with pytest.raises(urllib.error.HTTPError, match="403"):
            send(f"{address}/gradio_api/upload", b"Rausu sold 900 tons of kelp.")
    assert (place.index / "CURRENT").read_text() == before
    assert (place.works / "lanterns.txt").is_file()


@contextmanager
def started(place: Place, folder: Path, **environment: str) -> Iterator[int]:
    """`python app.py` as a space runs it, for as long as the context lasts; its port."""
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ASKJAPAN_")}
    settings = {"ASKJAPAN_HOME": str(place.home), "GRADIO_SERVER_PORT": str(port), "ASKJAPAN_MULTILINGUAL": "false"}
    with (folder / "app.log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, str(PROJECT / "app.py")], env={**inherited, **settings, **environment}, stdout=log, stderr=log
        )
        try:
            yield port
        finally:
            process.terminate()
            process.wait(30)


@pytest.mark.model
def test_app_py_on_a_space_builds_what_is_missing_and_answers_from_outside(place: Place, tmp_path: Path) -> None:
    kept = tmp_path / "kept" / "chat.sqlite3"
    with started(place, tmp_path, SPACE_ID="somebody/askjapan", ASKJAPAN_CONVERSATIONS=str(kept)) as port:
        # 127.0.0.2 is this machine too, but nobody who listens on 127.0.0.1 alone is to be found there.
        script = [sys.executable, str(SUPPORT / "call_page.py"), f"http://127.0.0.2:{port}"]
        for _ in range(60):
            done = subprocess.run(
                script, input='[["list_documents"]]', capture_output=True, encoding="utf-8", timeout=300, check=False
            )
            if done.returncode == 0:
                break
            time.sleep(1)
        assert done.returncode == 0, done.stderr + (tmp_path / "app.log").read_text()
        assert [work["id"] for work in json.loads(done.stdout)[0]] == ["hoshino-lanterns-note", "aoba-tea-note"]
        assert (place.index / "CURRENT").is_file()
        assert kept.is_file()
