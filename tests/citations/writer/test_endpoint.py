"""An endpoint that stalls, drips, breaks off, never ends or refuses: the writer ends in one sentence with a remedy."""

from __future__ import annotations

import json
import logging
import socket
import sys
import time
from dataclasses import replace

import pytest

from askjapan.citations.writer.generate import Splitter, messages, tidied, write
from askjapan.citations.writer.generate import writes as has_something_to_write
from askjapan.records import Sentence, Written, WrittenSentence
from askjapan.settings import load_settings
from tests.support.scripted_endpoint import Reply, Script, endpoint, refuses, writes
from tests.support.web_places import MONEY
from tests.support.written import (
    ANSWER,
    HONEST,
    KEY,
    TRUE,
    answer_with,
    changes,
    settings_for,
    stalls_midway,
    written_by,
)


@pytest.fixture(autouse=True)
def _client() -> None:
    pytest.importorskip("openai", reason="the llm extra is not installed")


def stalls_first(reply: Reply) -> None:
    reply.wait(5)


def drips(reply: Reply) -> None:
    reply.begin()
    for char in HONEST * 40:
        reply.say(char)
        if not reply.wait(0.03):
            return


def drips_below_the_events(reply: Reply) -> None:
    reply.begin()
    while reply.wait(0.02):
        reply.raw(b": still here\n")


@pytest.mark.parametrize(
    ("script", "sentences"), [(stalls_first, ()), (stalls_midway, TRUE[:1]), (drips, ()), (drips_below_the_events, ())]
)
def test_the_deadline_ends_a_stall_and_a_drip(script: Script, sentences: tuple[WrittenSentence, ...]) -> None:
    began = time.monotonic()
    with endpoint(script) as served:
        last = list(write(ANSWER, settings_for(served, 1)))[-1]
        assert time.monotonic() - began < 4
    assert last.sentences == sentences
    assert last.trouble == (
        f"The writer at {served.url} had not finished after 1 seconds. Raise ASKJAPAN_LLM_TIMEOUT, or choose a smaller model."
    )


def test_an_unfinished_sentence_is_dropped_when_the_endpoint_breaks_off() -> None:
    def script(reply: Reply) -> None:
        reply.begin()
        reply.say("Hoshino spent 312 million yen on exchanges in 1998 [1]. By 2004 the sum had fallen to 95")

    with endpoint(script) as served:
        last = list(write(ANSWER, settings_for(served)))[-1]
    assert last == Written("small-model", TRUE[:1], f"The writer at {served.url} broke off. Look at its log, or ask again.")


def test_a_sentence_cut_at_the_limit_of_tokens_is_dropped() -> None:
    assert written_by(writes(HONEST, " The mayor of Vesterby [1]", why="length")) == Written("small-model", TRUE)


def test_a_body_cut_in_the_middle_is_a_trouble() -> None:
    def script(reply: Reply) -> None:
        reply.begin(**{"Content-Length": "100000"})
        reply.say(HONEST + " By")

    last = written_by(script)
    assert last.sentences == TRUE
    assert "cannot be reached, or broke off (" in last.trouble


def endless_sentences(reply: Reply) -> None:
    reply.begin()
    number = 0
    while reply.wait(0):
        number += 1
        reply.say(f"Hoshino spent {number} yen [1]. ")


def endless_word(reply: Reply) -> None:
    reply.begin()
    while reply.wait(0):
        reply.say("a" * 500)


def endless_line(reply: Reply) -> None:
    reply.begin()
    while reply.wait(0):
        reply.raw(b"data: " + b"a" * 60_000)


def endless_refusal(reply: Reply) -> None:
    reply.begin(500, "text/plain")
    while reply.wait(0):
        reply.raw(b"no " * 1000)


@pytest.mark.parametrize(
    ("script", "count", "trouble"),
    [
        (endless_sentences, 20, ""),
        (endless_word, 0, "The writer at {url} does not end its sentence. Choose another model."),
        (endless_line, 0, "The writer at {url} does not stop. What came after a million bytes is left out."),
        (endless_refusal, 0, "The writer at {url} failed (HTTP 500: no no no"),
    ],
)
def test_endless_output_ends(script: Script, count: int, trouble: str) -> None:
    began = time.monotonic()
    with endpoint(script) as served:
        last = list(write(ANSWER, settings_for(served, 20)))[-1]
    assert time.monotonic() - began < 10
    assert len(last.sentences) == count
    assert last.trouble.startswith(trouble.format(url=served.url))


REFUSALS = [
    (refuses(401, f'{{"error": {{"message": "Wrong key {KEY}"}}}}'), "refused the key (HTTP 401). Correct ASKJAPAN_LLM_API_KEY."),
    (
        refuses(404, '{"error": {"message": "model \\"small-model\\" not found, try pulling it first"}}'),
        "knows no model “small-model”, or is not at this address (HTTP 404: model \"small-model\" not found, try pulling it first). "
        "Correct ASKJAPAN_LLM_MODEL, or ASKJAPAN_LLM_BASE_URL, which mostly ends with /v1.",
    ),
    (refuses(404, "<html><body>Not here</body></html>", "text/html"), "knows no model “small-model”, or is not at this address (HTTP 404). "
     "Correct ASKJAPAN_LLM_MODEL, or ASKJAPAN_LLM_BASE_URL, which mostly ends with /v1."),
    (refuses(429, '{"error": "slow down"}', **{"Retry-After": "60"}), "takes no more requests for now (HTTP 429: slow down). Ask again later."),
    (refuses(500, f"crashed with key {KEY}\n\x1b[31mred"), "failed (HTTP 500: crashed with key … [31mred). Look at its log, or ask again."),
    (refuses(503), "failed (HTTP 503). Look at its log, or ask again."),
    (refuses(400, '{"message": "no streaming here"}'),
     "did not take the request (HTTP 400: no streaming here). Look at its documentation for what it expects."),
    (refuses(200, "<!doctype html><p>Welcome", "text/html"),
     "answered with a web page instead of a stream. Correct ASKJAPAN_LLM_BASE_URL; most servers' address ends with /v1."),
    (refuses(200, '{"choices": []}'),
     "answered with something else instead of a stream. Correct ASKJAPAN_LLM_BASE_URL; most servers' address ends with /v1."),
    (refuses(200, "data: {broken\n\n", "text/event-stream"),
     "sent something that is no chat completion. Correct ASKJAPAN_LLM_BASE_URL; most servers' address ends with /v1."),
    (refuses(200, "data: [1, 2]\n\n", "text/event-stream"),
     "sent something that is no chat completion. Correct ASKJAPAN_LLM_BASE_URL; most servers' address ends with /v1."),
    (refuses(200, 'data: {"error": {"message": "out of memory"}}\n\n', "text/event-stream"),
     "failed: out of memory. Look at its log, or ask again."),
    (refuses(200, "", "text/event-stream"), "broke off. Look at its log, or ask again."),
    (writes(), "wrote no sentence. Ask again, or choose another model."),
    (writes("   \n "), "wrote no sentence. Ask again, or choose another model."),
]  # fmt: skip


@pytest.mark.parametrize(("script", "trouble"), REFUSALS)
def test_every_failure_is_one_sentence_with_a_remedy(script: Script, trouble: str) -> None:
    with endpoint(script) as served:
        states = changes(write(ANSWER, settings_for(served)))
    assert states[-1] == Written("small-model", (), f"The writer at {served.url} {trouble}")
    assert len(served.asked) == 1


def test_odd_but_valid_events_are_read() -> None:
    def script(reply: Reply) -> None:
        reply.begin()
        reply.raw(b": comment\r\nevent: message\r\nid: 1\r\n\r\n")
        reply.event({"choices": [{"delta": {"role": "assistant", "content": None}}]})
        reply.raw(f"data:{json.dumps({'choices': [{'delta': {'content': HONEST}}]})}\r\n\r\n".encode())
        reply.event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        reply.event({"choices": [], "usage": {"total_tokens": 9}})
        reply.raw(b"data: [DONE]")

    assert written_by(script) == Written("small-model", TRUE)


def test_the_key_does_not_follow_a_redirect() -> None:
    with endpoint(writes(HONEST)) as elsewhere:
        with endpoint(refuses(307, "", Location=f"{elsewhere.url}/chat/completions")) as served:
            last = list(write(ANSWER, settings_for(served)))[-1]
        assert elsewhere.asked == []
    assert last.trouble == (
        f"The writer at {served.url} points to another address (HTTP 307), which is not followed. Set ASKJAPAN_LLM_BASE_URL to that one."
    )


def test_nobody_there() -> None:
    with endpoint(writes()) as served:
        pass
    assert list(write(ANSWER, settings_for(served)))[-1].trouble == (
        f"The writer at {served.url} cannot be reached, or broke off (All connection attempts failed). "
        "Start it, or correct ASKJAPAN_LLM_BASE_URL."
    )


def test_a_host_without_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*arguments: object, **options: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    assert list(write(ANSWER, settings_for("http://no.such.host/v1")))[-1].trouble == (
        "The writer at http://no.such.host/v1 cannot be reached, or broke off ([Errno -2] Name or service not known). "
        "Start it, or correct ASKJAPAN_LLM_BASE_URL."
    )


def test_without_the_client_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    assert list(write(ANSWER, settings_for("http://127.0.0.1:9/v1")))[-1].trouble == (
        "A writer is set, but the package that talks to it is not installed. "
        "Run `pip install 'askjapan[llm]'`, or unset ASKJAPAN_LLM_BASE_URL."
    )


def test_nothing_is_sent_for_a_refusal_a_greeting_or_without_a_writer() -> None:
    greeting = replace(answer_with(), answered=True, sentences=(Sentence("Hello.", "framing"),))
    refusal = answer_with()
    with endpoint(writes(HONEST)) as served:
        assert list(write(greeting, settings_for(served))) == []
        assert list(write(refusal, settings_for(served))) == []
        assert list(write(replace(ANSWER, answered=False), settings_for(served))) == []
    assert served.asked == []
    assert list(write(ANSWER, load_settings())) == []
    assert not has_something_to_write(ANSWER, load_settings())


def test_stopping_ends_the_request_at_once() -> None:
    closed = []

    def script(reply: Reply) -> None:
        reply.begin()
        reply.say(HONEST + " By")
        try:
            while reply.wait(0.02):
                reply.raw(b": waiting\n")
        except OSError:
            closed.append(True)

    with endpoint(script) as served:
        states = write(ANSWER, settings_for(served, 30))
        next(states)
        next(states)
        began = time.monotonic()
        states.close()
        assert time.monotonic() - began < 1
        time.sleep(0.2)
        assert closed == [True]


def test_the_key_is_nowhere_to_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with endpoint(refuses(500, KEY)) as served:
        settings = settings_for(served)
        last = list(write(ANSWER, settings))[-1]
    assert KEY not in last.trouble
    assert KEY not in repr(settings)
    assert KEY not in str(settings.model_dump())
    assert KEY not in caplog.text


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_sentences_do_not_depend_on_how_the_text_is_cut(size: int) -> None:
    text = (
        "In 1998 Mr. Ota paid 3.5 million yen. [1, 2] The U.S. was no. 29 (12) there [quote 3]. Was it so?【4】 "
        "It was.\n- A point (quote 5)\nThe last one [1] and [2]"
    )
    splitter = Splitter()
    found = [sentence for at in range(0, len(text), size) for sentence in splitter.feed(text[at : at + size])] + splitter.finish()
    assert [tidied(sentence) for sentence in found] == [
        ("In 1998 Mr. Ota paid 3.5 million yen.", (1, 2)),
        ("The U.S. was no. 29 (12) there.", (3,)),
        ("Was it so?", (4,)),
        ("It was.", ()),
        ("A point", (5,)),
        ("The last one and", (1, 2)),
    ]


def test_runs_of_spaces_are_one_and_never_pile_up() -> None:
    splitter = Splitter()
    for _ in range(200):
        assert splitter.feed(" " * 500) == []
    assert not splitter.is_stuck
    assert splitter.feed("It  was\t\t95. [1] Then") == ["It was 95. [1]"]


@pytest.mark.parametrize(("text", "stuck"), [("a" * 1_000, False), ("a" * 1_001, True), ("<think>" + "a" * 5_000, False)])
def test_a_sentence_may_not_go_on_for_ever_but_a_thought_may_for_longer(text: str, stuck: bool) -> None:
    splitter = Splitter()
    splitter.feed(text)
    assert splitter.is_stuck is stuck


def test_a_follow_up_is_sent_as_it_was_understood() -> None:
    asked = replace(ANSWER, question="And in 1998?", standalone_question=MONEY)
    assert messages(asked)[1][1].startswith(f'Question: "{MONEY}"\n')
