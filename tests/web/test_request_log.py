"""What the log holds: a line of JSON for each call, with an id, and no word of a question or a work."""

from __future__ import annotations

import http.client
import json
import time
from pathlib import Path
from typing import Any

import pytest

from askjapan.web.server.request_log import start_logging
from askjapan.web.tools.functions import Tools
from tests.support.web_places import MONEY, make_library, make_service, served


def call(address: str, method: str, path: str, data: object = None) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    try:
        connection.request(method, path, json.dumps(data) if data else None, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read().decode(), response.headers["X-Request-Id"]
    finally:
        connection.close()


@pytest.mark.parametrize("level", ["info", "debug"])
def test_the_log_names_each_call_and_holds_words_when_debugging_only(tmp_path: Path, level: str) -> None:
    with served(make_library(tmp_path / "home"), tmp_path / "c.sqlite3", ASKJAPAN_LOG_LEVEL=level) as address:
        status, health, _ = call(address, "GET", "/healthz")
        said = json.loads(health)
        assert (status, said["building"], said["waiting"]) == (200, False, 0)
        assert said["status"] in ("loading", "ready")
        # What else it says names a process and a state, and nothing of what is in the library.
        assert {name: len(said[name]) for name in ("process", "state")} == {"process": 8, "state": 12}
        assert len(said) == 5
        _, told, asked = call(address, "POST", "/gradio_api/call/ask", {"data": [MONEY, [], [], []]})
        call(address, "GET", f"/gradio_api/call/ask/{json.loads(told)['event_id']}")
        _, _, refused = call(address, "GET", "/gradio_api/file=/home/rin/diary.txt")
        _, _, closed = call(address, "GET", "/somewhere/else")
        # A line is written after its response has been sent.
        while closed not in (tmp_path / "server.log").read_text(encoding="utf-8"):
            time.sleep(0.1)
    text = (tmp_path / "server.log").read_text(encoding="utf-8")
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    by_id = {line["id"]: line for line in lines if line["event"] == "request"}
    assert {name: by_id[asked][name] for name in ("level", "client", "method", "path", "status")} == {
        "level": "info", "client": "127.0.0.1", "method": "POST", "path": "/gradio_api/call/ask", "status": 200
    }  # fmt: skip
    assert (by_id[refused]["path"], by_id[refused]["status"]) == ("/gradio_api/file=", 403)
    assert (by_id[closed]["path"], by_id[closed]["status"]) == ("(another)", 404)
    answer = next(line for line in lines if line["event"] == "answer")
    assert (answer["id"], answer["answered"], answer["characters"]) == (asked, True, len(MONEY))
    assert ("Hoshino" in text) is (level == "debug")
    assert ("/healthz" in {line.get("path") for line in lines}) is (level == "debug")
    assert "diary" not in text


def test_an_error_is_logged_by_its_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from askjapan.errors import QuestionError

    start_logging("info")
    with pytest.raises(QuestionError):
        Tools(make_service(make_library(tmp_path / "home"))).ask(MONEY, themes=["astronomy"])
    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (line["event"], line["error"], line["level"]) == ("answer", "QuestionError", "info")
    assert "astronomy" not in json.dumps(line)
