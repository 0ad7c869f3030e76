"""Passwords and limits before the page: who gets in, and how often."""

from __future__ import annotations

import base64

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from askjapan.errors import SettingsError
from askjapan.settings import load_settings
from askjapan.web.server.credentials import Credentials, line_for, load_credentials
from askjapan.web.server.hosts import who_may
from askjapan.web.server.rates import RateLimit, Rates
from askjapan.web.server.sign_in import FAILURES, TOO_OFTEN, WHO, SignIn

PASSWORD = "seven small lanterns"


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> Credentials:
    monkeypatch.setenv("ASKJAPAN_CREDENTIALS", line_for("rin", PASSWORD))
    made = load_credentials(load_settings())
    assert made is not None
    return made


def page(*layers: Middleware) -> TestClient:
    paths = ("/", "/config", "/mcp", "/healthz", "/gradio_api/upload", "/gradio_api/startup-events")
    routes = [Route(path, lambda request: PlainTextResponse("here"), methods=["GET", "POST"]) for path in paths]
    return TestClient(Starlette(routes=routes, middleware=list(layers)))


def basic(pair: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def test_every_path_asks_for_the_password_but_those_that_tell_nothing(credentials: Credentials) -> None:
    client = page(Middleware(SignIn, credentials=credentials))
    for path in ("/", "/config", "/mcp", "/gradio_api/upload"):
        for method in ("GET", "POST"):
            response = client.request(method, path)
            assert (response.status_code, response.text) == (401, str(WHO))
            assert response.headers["www-authenticate"] == 'Basic realm="askjapan", charset="UTF-8"'
            assert client.request(method, path, headers=basic(f"rin:{PASSWORD}")).text == "here"
    assert client.get("/healthz").text == "here"
    assert client.get("/gradio_api/startup-events").text == "here"


@pytest.mark.parametrize("given", ["", "Basic", "Basic %%%", "Bearer x", "Basic cmlu", "Basic /w=="])
def test_what_is_no_password_is_asked_again(credentials: Credentials, given: str) -> None:
    response = page(Middleware(SignIn, credentials=credentials)).get("/", headers={"Authorization": given})
    assert (response.status_code, response.text) == (401, str(WHO))


def test_guessing_is_stopped_and_who_is_known_is_not(credentials: Credentials) -> None:
    client = page(Middleware(SignIn, credentials=credentials, failures=Rates(FAILURES, lambda: 0.0)))
    assert client.get("/", headers=basic(f"rin:{PASSWORD}")).status_code == 200
    tried = [client.get("/", headers=basic(f"rin:guess {number}")) for number in range(FAILURES + 2)]
    assert [response.status_code for response in tried] == [401] * FAILURES + [429] * 2
    assert tried[-1].text == str(TOO_OFTEN)
    assert client.get("/", headers=basic(f"rin:{PASSWORD}")).status_code == 200
    # A right password that was not seen before is not even looked at while the limit lasts.
    assert client.get("/", headers=basic(f"rin:{PASSWORD} ")).status_code == 429


def test_one_address_may_call_so_often_and_look_as_often_as_it_likes() -> None:
    now = [0.0]
    client = page(Middleware(RateLimit, rates=Rates(3, lambda: now[0])))
    assert [client.post("/").status_code for _ in range(4)] == [200, 200, 200, 429]
    told = client.post("/")
    assert told.text == "Too many calls came from your address: 3 a minute are answered. Come again in 20 s."
    assert told.headers["retry-after"] == "20"
    assert client.get("/").status_code == 200
    now[0] = 20.0
    assert [client.post("/").status_code for _ in range(2)] == [200, 429]


def test_rates_are_kept_by_client_and_no_limit_is_none() -> None:
    rates = Rates(1, lambda: 0.0)
    assert [rates.allow("a"), rates.allow("b"), rates.allow("a")] == [True, True, False]
    assert all(Rates(0, lambda: 0.0).allow("a") for _ in range(1000))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "chat.example"])
def test_other_machines_need_a_password_or_a_word(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as error:
        who_may(load_settings(), host)
    assert str(error.value) == (
        f"On {host} other machines would reach the chat and all works in it, and no password is set. Name a file of credentials "
        "with --auth (`askjapan password NAME` makes its lines), or say --no-auth to let everybody in."
    )
    assert who_may(load_settings(no_auth=True), host) is None
    monkeypatch.setenv("ASKJAPAN_CREDENTIALS", line_for("rin", PASSWORD))
    for settings in (load_settings(), load_settings(no_auth=True)):
        credentials = who_may(settings, host)
        assert credentials is not None
        assert credentials.allow("rin", PASSWORD)


def test_on_this_machine_alone_nobody_is_asked_unless_a_password_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert who_may(load_settings(), "127.0.0.1") is None
    monkeypatch.setenv("ASKJAPAN_CREDENTIALS", line_for("rin", PASSWORD))
    assert who_may(load_settings(), "127.0.0.1") is not None
