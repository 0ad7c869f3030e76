"""Calls that no page of ours sends: each is answered by a sentence, none by words of Python, and the log says where the fault was."""

from __future__ import annotations

import http.client
import json
import random
from pathlib import Path

from askjapan.web.server.call_guard import NO_TEXT
from askjapan.web.server.faults import UNFORESEEN
from tests.support.commands import ROOT, SOURCE, in_subprocess
from tests.support.web_places import MONEY, make_library, served

LONG = "a" * 100_000
FILE = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
JUNK = (
    *(None, True, -1, 10**30, 1e308, "", "x", "\x00", "\u202ertl", LONG, "../../etc/passwd", "aj-work/x"),
    *(
        [],
        [None],
        [["x"]],
        {},
        {"a": [{}]},
        {"owner": 1},
        {"owner": "x", "conversation": 5},
        FILE,
        [FILE],
        {"__type__": "update"},
    ),
)
PYTHON = (
    "object has",
    "NoneType",
    "Traceback",
    "Error:",
    "unhashable",
    "iterable",
    "codec",
    ".py",
    "/etc/passwd",
    "enough input values",
)


def post(address: str, path: str, body: bytes) -> tuple[int, str]:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json", "Origin": address})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def functions(address: str) -> list[tuple[int, int]]:
    """The number of each function that runs on the server, and how many values it takes."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    connection.request("GET", "/config")
    config = json.loads(connection.getresponse().read())
    connection.close()
    return [(entry["id"], len(entry["inputs"])) for entry in config["dependencies"] if entry["backend_fn"]]


def test_no_call_is_answered_in_words_of_python(tmp_path: Path) -> None:
    drawn = random.Random(4)
    with served(make_library(tmp_path / "home"), tmp_path / "c.sqlite3", ASKJAPAN_RATE_LIMIT="0") as address:
        told = set()
        for number, takes in functions(address) * 2:
            data = [drawn.choice(JUNK) for _ in range(takes if drawn.random() < 0.9 else 0)]
            body = json.dumps({"data": data, "fn_index": number, "session_hash": "s"}).encode()
            status, text = post(address, "/gradio_api/run/predict", body)
            if status != 200:
                error = json.loads(text)["error"]
                assert status == 500
                assert len(error) < 400
                assert [word for word in PYTHON if word in error and error != UNFORESEEN] == []
                told.add(error)
        assert UNFORESEEN in told
        status, text = post(address, "/gradio_api/run/overview", json.dumps({"data": [["en"], [], []]}).encode())
        assert (status, json.loads(text)["error"]) == (500, "language is an array, not a text. Send it as a JSON string.")
        for name, data in (("overview", [LONG, [], []]), ("ask", [MONEY, [], [LONG], []]), ("ask", [MONEY, [], [], [LONG]])):
            status, text = post(address, f"/gradio_api/run/{name}", json.dumps({"data": data}).encode())
            assert status == 500
            assert len(text) < 1_000
        for body in (b'{"data": ["\\ud800", [], [], []]}', b'{"data": ["\xed\xa0\x80", [], [], []]}'):
            assert post(address, "/gradio_api/run/ask", body) == (400, str(NO_TEXT))
        assert post(address, "/gradio_api/run/ask", json.dumps({"data": [MONEY, [], [], []]}).encode())[0] == 200
    log = (tmp_path / "server.log").read_text(encoding="utf-8")
    assert "Traceback" not in log
    faults = [json.loads(line) for line in log.splitlines() if '"event": "fault"' in line]
    assert faults
    assert all(fault["id"] and fault["kind"] and ":" in fault["where"] for fault in faults)
    assert LONG not in log


def test_a_page_starts_on_a_machine_that_takes_its_time(tmp_path: Path) -> None:
    """Gradio asks for its own page when it starts, and ends where that takes more than three seconds."""
    library = make_library(tmp_path / "home")
    code = (
        "import gradio.networking; gradio.networking.url_ok = lambda url: False\n"
        "from pathlib import Path; from askjapan.web.serving import serve; from askjapan.web import build_page\n"
        "from askjapan.web.conversations.store import ConversationStore\n"
        "from tests.support.places import Place; from tests.support.web_places import free_port, make_service, settings_of\n"
        f"place = Place(Path({str(library.home)!r})); settings = settings_of(place, port=free_port())\n"
        f"page = build_page(make_service(place), ConversationStore(Path({str(tmp_path / 'c.sqlite3')!r})))\n"
        "print(serve(page, settings, block=False)[:17]); page.demo.close()"
    )
    ran = in_subprocess("-c", code, home=library.home, PYTHONPATH=f"{SOURCE}:{ROOT}")
    assert (ran.returncode, ran.stdout.splitlines()[:1]) == (0, ["http://127.0.0.1:"]), ran.stderr
