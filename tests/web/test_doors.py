"""Who may call the page's server, by which name, through which path, and what it tells browsers to forbid."""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from askjapan.errors import SettingsError
from askjapan.settings import load_settings
from askjapan.web.server.hosts import FOREIGN, UNKNOWN_HOST, Hosts, KnownHosts, is_loopback, known_hosts
from askjapan.web.server.paths import ADDRESS, NOT_DOCUMENTED, NOTHING_HERE, PAGE_ONLY
from tests.support.web_places import MONEY, MONEY_QUOTE, make_library, served

JSON = {"Content-Type": "application/json"}
PART = b'--x\r\nContent-Disposition: form-data; name="files"; filename="kelp.txt"\r\n\r\nKelp.\r\n--x--\r\n'
MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}
TO_MCP = {**JSON, "Accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("doors")
    with served(make_library(folder / "home"), folder / "conversations.sqlite3") as url:
        yield url


Response = tuple[int, str, dict[str, str]]


def ask(address: str, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> Response:
    """Status, text and headers (their names in small letters); `Host` may be any."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        return response.status, text, {name.lower(): value for name, value in response.getheaders()}
    finally:
        connection.close()


def own(address: str) -> dict[str, str]:
    return {"Origin": address}


def function(address: str, name: str) -> int:
    config = json.loads(ask(address, "GET", "/config")[1])
    return next(int(entry["id"]) for entry in config["dependencies"] if entry["api_name"] == name)


def body(**fields: Any) -> bytes:
    return json.dumps({"session_hash": "s", **fields}).encode()


DOORS = [
    ("GET", "/", {}, None),
    ("GET", "/config", {}, None),
    ("GET", "/gradio_api/info", {}, None),
    ("POST", "/gradio_api/call/ask", JSON, json.dumps({"data": [MONEY, [], [], []]}).encode()),
    ("POST", "/gradio_api/upload", MULTIPART, PART),
    ("GET", "/gradio_api/file=/tmp/x", {}, None),
    ("POST", "/mcp", TO_MCP, json.dumps(INITIALIZE).encode()),
]


@pytest.mark.parametrize(("method", "path", "headers", "sent"), DOORS)
def test_under_a_foreign_name_nothing_answers(
    address: str, method: str, path: str, headers: dict[str, str], sent: bytes | None
) -> None:
    port = address.rpartition(":")[2]
    for host in (f"evil.example:{port}", "evil.example", f"127.0.0.1.evil.example:{port}", f"10.0.0.9:{port}", ""):
        # A page that a foreign name was rebound to has that name as its origin too.
        for rebound in ({}, {"Origin": f"http://{host}"}):
            assert ask(address, method, path, {**headers, **rebound, "Host": host}, sent)[:2] == (400, str(UNKNOWN_HOST))


@pytest.mark.parametrize(("method", "path", "headers", "sent"), DOORS)
def test_the_page_of_another_site_reaches_nothing(
    address: str, method: str, path: str, headers: dict[str, str], sent: bytes | None
) -> None:
    port = int(address.rpartition(":")[2])
    for origin in (
        "http://evil.example",
        "null",
        f"http://127.0.0.1:{port + 1}",
        "file://",
        f"http://127.0.0.1:{port}@evil.example",
    ):
        assert ask(address, method, path, {**headers, "Origin": origin}, sent)[:2] == (403, str(FOREIGN))
    for site in ("cross-site", "same-site"):
        assert ask(address, method, path, {**headers, "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}, sent)[:2] == (
            403,
            str(FOREIGN),
        )


def test_a_link_on_another_site_opens_the_page_and_nothing_else(address: str) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert ask(address, "GET", "/?answer=x", link)[0] == 200
    assert ask(address, "GET", "/config", link)[:2] == (403, str(FOREIGN))
    assert ask(address, "GET", "/gradio_api/file=/etc/passwd", link)[:2] == (403, str(FOREIGN))


def test_the_names_of_this_machine_answer(address: str) -> None:
    port = address.rpartition(":")[2]
    for host in (f"localhost:{port}", f"LOCALHOST:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"):
        assert ask(address, "GET", "/config", {"Host": host, "Origin": f"http://{host}"})[0] == 200
    asked = json.dumps({"data": [MONEY, [], [], []]}).encode()
    told = json.loads(ask(address, "POST", "/gradio_api/call/ask", JSON, asked)[1])
    assert MONEY_QUOTE in ask(address, "GET", f"/gradio_api/call/ask/{told['event_id']}")[1]
    if find_spec("mcp") is not None:
        assert ask(address, "POST", "/mcp", TO_MCP, json.dumps(INITIALIZE).encode())[0] == 200


def test_programs_call_the_documented_functions_alone(address: str) -> None:
    private = function(address, "draw_map")
    for number in (private, str(private), float(private), True):
        for path in ("/gradio_api/queue/join", "/gradio_api/run/predict", "/gradio_api/api/predict", "/gradio_api/run/ask"):
            assert ask(address, "POST", path, JSON, body(data=[None], fn_index=number))[:2] == (403, str(PAGE_ONLY))
    for door in ("call", "call/v2", "run", "api"):
        told = ask(address, "POST", f"/gradio_api/{door}/draw_map", {**JSON, **own(address)}, body(data=[None]))
        assert told[:2] == (404, str(NOT_DOCUMENTED))
    pane = {"data": ["x", 1, "en"], "component_id": 1, "fn_name": "show_citation"}
    assert ask(address, "POST", "/gradio_api/component_server", JSON, body(**pane))[:2] == (403, str(PAGE_ONLY))
    assert ask(address, "POST", "/gradio_api/upload", MULTIPART, PART)[:2] == (403, str(PAGE_ONLY))
    documented = function(address, "list_documents")
    assert ask(address, "POST", "/gradio_api/queue/join", JSON, body(data=[], fn_index=documented))[0] == 200
    assert set(json.loads(ask(address, "GET", "/gradio_api/info")[1])["named_endpoints"]) == {
        "/ask",
        "/retrieve",
        "/list_documents",
        "/overview",
        "/mentions",
        "/matrix",
        "/check_quote",
    }


def test_the_page_calls_its_own_functions(address: str) -> None:
    private = function(address, "draw_map")
    assert ask(address, "POST", "/gradio_api/queue/join", {**JSON, **own(address)}, body(data=[None], fn_index=private))[0] == 200


@pytest.mark.parametrize(
    "path",
    ["/docs", "/openapi.json", "/monitoring", "/gradio_api/proxy=http://127.0.0.1/", "/gradio_api/runs", "/gradio_api/deep_link",
     "/gradio_api/vibe-code", "/gradio_api/stream/x/1/2/playlist.m3u8", "/login", "/gradio_api/dev/reload", "/gradio_api/token",
     "//config", "/gradio_api/file/etc/passwd", "/gradio_api/custom_component/1/client/x/y"],
)  # fmt: skip
def test_what_nobody_needs_is_closed(address: str, path: str) -> None:
    assert ask(address, "GET", path)[:2] == (404, str(NOTHING_HERE))


@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/environ", "%2Fetc%2Fpasswd", "../../etc/passwd"])
def test_the_file_route_reaches_no_file_of_the_machine(address: str, path: str) -> None:
    status, text, headers = ask(address, "GET", f"/gradio_api/file={path}")
    assert status in (403, 404)
    assert "root:" not in text
    assert headers["content-security-policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"


@pytest.mark.parametrize("path", ["http://127.0.0.1:1/x", "HTTPS://example.org/x", "%68ttp://example.org/x", "%20http:/x"])
def test_the_file_route_fetches_nothing(address: str, path: str) -> None:
    """Gradio gets what stands at an address and hands it on as its own; `served` sees to it that not even a name is looked up."""
    assert ask(address, "GET", f"/gradio_api/file={path}")[:2] == (400, str(ADDRESS))


@pytest.mark.parametrize("path", ["/gradio_api/run/predict", "/gradio_api/api/predict", "/gradio_api/queue/join"])
@pytest.mark.parametrize("sent", ['{"data": [], "session_hash": "s"}', '{"data": [NaN, Infinity], "fn_index": null}'])
def test_a_call_by_number_names_one(address: str, path: str, sent: str) -> None:
    for headers in (JSON, {**JSON, **own(address)}):
        assert ask(address, "POST", path, headers, sent.encode())[:2] == (404, str(NOT_DOCUMENTED))


def test_no_file_of_the_library_is_served(address: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = next(tmp_path_factory.getbasetemp().glob("doors*/home"))
    for path in (home / "corpus" / "works" / "knots.md", home.parent / "conversations.sqlite3"):
        assert path.is_file()
        assert ask(address, "GET", f"/gradio_api/file={path}")[0] == 403


def test_what_the_browser_is_told(address: str) -> None:
    _, text, headers = ask(address, "GET", "/")
    nonce = re.search(r"'nonce-([\w-]{20,})'", headers["content-security-policy"])
    digest = re.search(r"('sha256-[\w+/]{43}=')", headers["content-security-policy"])
    assert nonce is not None
    assert digest is not None
    assert headers["content-security-policy"] == (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce[1]}' {digest[1]} 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self'; "
        "manifest-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
    )
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    scripts = re.findall(r"<script[^>]*>", text)
    assert len(scripts) > 3
    assert [script for script in scripts if f'nonce="{nonce[1]}"' not in script] == []
    assert f"nonce-{nonce[1]}'" not in ask(address, "GET", "/")[2]["content-security-policy"]


@pytest.mark.parametrize(
    ("listens_on", "named", "known"),
    [
        ("127.0.0.1", (), KnownHosts(("localhost", "127.0.0.1", "[::1]", "127.0.0.1"))),
        ("192.168.1.5", ("Chat.Example",), KnownHosts(("localhost", "127.0.0.1", "[::1]", "chat.example", "192.168.1.5"))),
        ("fe80::1", (), KnownHosts(("localhost", "127.0.0.1", "[::1]", "[fe80::1]"))),
    ],
)
def test_the_names_of_a_server(listens_on: str, named: tuple[str, ...], known: KnownHosts) -> None:
    assert known_hosts(listens_on, named) == known


@pytest.mark.parametrize("listens_on", ["0.0.0.0", "::"])
def test_on_every_address_the_figures_of_each_are_known_but_no_foreign_name(listens_on: str) -> None:
    known = known_hosts(listens_on)
    assert known.any_address
    assert socket.gethostname().lower() in known.names
    assert statuses(known, "10.1.2.3:7860", "[fe80::7]:7860", "evil.example", "10.1.2.3.evil.example", "") == [
        200,
        200,
        400,
        400,
        400,
    ]
    assert statuses(known_hosts("10.1.2.3"), "10.1.2.3:7860", "10.1.2.4:7860") == [200, 400]


def statuses(known: KnownHosts, *hosts: str) -> list[int]:
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route
    from starlette.testclient import TestClient

    app = Starlette(routes=[Route("/", lambda request: PlainTextResponse("here"))], middleware=[Middleware(Hosts, known=known)])
    client = TestClient(app)
    return [client.get("/", headers={"Host": host}).status_code for host in hosts]


def test_behind_a_proxy_the_name_that_was_given_is_the_pages_own() -> None:

    assert not Hosts(_none, known_hosts("127.0.0.1", ["chat.example"]))._is_own("https://evil.example", "127.0.0.1:7860")
    assert Hosts(_none, known_hosts("127.0.0.1", ["chat.example"]))._is_own("https://chat.example", "127.0.0.1:7860")
    assert not Hosts(_none, known_hosts("127.0.0.1"))._is_own("http://localhost:3000", "127.0.0.1:7860")


async def _none(*_: object) -> None:
    return


@pytest.mark.parametrize(
    ("address", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.5", False), ("chat.example", False), ("127.0.0.1.evil.example", False)],
)  # fmt: skip
def test_which_addresses_stay_on_this_machine(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


def test_names_of_hosts_are_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_HOSTS", "chat.example, *.example.org ,")
    assert load_settings().hosts == ("chat.example", "*.example.org")
    with pytest.raises(SettingsError, match=r"'https://chat.example' is no name of a host; give names as chat.example.org"):
        load_settings(hosts=["https://chat.example"])
