"""`make audit`: what is known of a package is told, and a database that cannot be asked is never taken for one that knows nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import MappingProxyType

import pytest

from tests.support.audit import installed, main


@contextmanager
def database(
    answer: bytes | None, bad: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """A server in the place of the database: its address and what it was asked; without an answer of its own it knows what is `bad`."""
    asked: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            asked.extend(queries)
            names = [query["package"]["name"] for query in queries]
            results = [{"vulns": [{"id": each} for each in bad[name]]} if name in bad else {} for name in names]
            body = json.dumps({"results": results}).encode() if answer is None else answer
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *given: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/querybatch", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_known_vulnerability_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    packages = installed()
    with database(None, {"lxml": ["GHSA-2", "GHSA-1"]}) as (address, asked):
        assert main(["--address", address]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told == [
        f"!! lxml {packages['lxml']}: GHSA-1, GHSA-2",
        f"{len(packages)} packages asked about, 1 with known vulnerabilities.",
    ]
    assert [(query["package"], query["version"]) for query in asked] == [
        ({"name": name, "ecosystem": "PyPI"}, version) for name, version in packages.items()
    ]


def test_a_database_that_knows_of_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with database(None) as (address, asked):
        assert main(["--address", address]) == 0
    assert len(asked) == len(installed()) > 100
    assert capsys.readouterr().out == f"{len(asked)} packages asked about, 0 with known vulnerabilities.\n"


@pytest.mark.parametrize("answer", [b'{"results": []}', b"{}", b"[]", b"<html>", b'{"results": 5}'])
def test_an_answer_of_another_kind_is_no_health(answer: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    with database(answer) as (address, _):
        assert main(["--address", address]) == 2
    assert capsys.readouterr().err.startswith("Nothing was checked: ")


def test_no_network_is_no_health(capsys: pytest.CaptureFixture[str]) -> None:
    with database(None) as (address, _):
        pass
    assert main(["--address", address]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"Nothing was checked: the database of known vulnerabilities cannot be asked ({address}: ")
