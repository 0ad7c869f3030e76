"""Many questions at once: first come, first served, each knows its place, and nobody fills the line alone."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from askjapan.errors import AskJapanError
from askjapan.records import Answer
from askjapan.web.columns.chat import Chat
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.store import ConversationStore
from askjapan.web.html.answers import note_html
from askjapan.web.shared.waiting_line import WaitingLine
from askjapan.web.tools.functions import Tools
from tests.support.web_places import MONEY, MONEY_QUOTE, make_library, make_service


def test_places_are_told_and_move_up() -> None:
    line = WaitingLine(1, 10, 10)
    with line.join("a") as first:
        assert first.wait(0) == 0
        with line.join("b") as second, line.join("c") as third:
            assert (second.wait(0), third.wait(0)) == (1, 2)
            assert line.length == 2
            # Who leaves makes room, also without having been served.
            with line.join("d") as fourth:
                assert fourth.wait(0) == 3
        with line.join("e") as fifth:
            assert fifth.wait(0) == 1
    with line.join("f") as sixth:
        assert sixth.wait(0) == 0


def test_nobody_overtakes() -> None:
    line = WaitingLine(2, 10, 10)
    with line.join("a") as first, line.join("b") as second, line.join("c") as third:
        assert (second.wait(0), third.wait(0), first.wait(0), second.wait(0), third.wait(0)) == (2, 3, 0, 0, 1)


def test_a_full_line_and_a_greedy_client_are_told() -> None:
    line = WaitingLine(1, 2, 1)
    with line.join("a"):
        with pytest.raises(AskJapanError) as error, line.join("a"):
            pytest.fail("joined")
        assert str(error.value) == "1 question of yours waits to be answered already. Wait for an answer, then ask again."
        with line.join("b"), pytest.raises(AskJapanError) as error, line.join("c"):
            pytest.fail("joined")
        assert str(error.value) == "2 questions wait to be answered. Try again in a minute."
    assert line.length == 0


def test_many_threads_are_served_a_few_at_once() -> None:
    line = WaitingLine(3, 100, 100)
    inside: list[int] = []
    most: list[int] = []
    lock = threading.Lock()

    def work() -> None:
        with line.join("a") as ticket:
            while ticket.wait():
                continue
            with lock:
                inside.append(1)
                most.append(len(inside))
            with lock:
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(most) == 40
    assert max(most) <= 3


def test_the_chat_tells_the_place_and_then_answers(tmp_path: Path) -> None:
    service = make_service(make_library(tmp_path / "home"))
    service.line = WaitingLine(1, 10, 10)
    chat = Chat(service, ConversationStore(tmp_path / "c.sqlite3"), pause=0)
    with service.line.join("somebody") as other:
        assert other.wait(0) == 0
        replies = chat.respond(MONEY, Visitor("emilia").stored())
        shown = next(replies)[0]
        told = "Others are asking as well. Your question is number 1 in the queue."
        assert shown[-1]["content"] == note_html(told)
    assert MONEY_QUOTE in list(replies)[-1][0][-1]["content"]
    assert service.line.length == 0


def test_a_visitor_who_leaves_gives_up_the_place(tmp_path: Path) -> None:
    service = make_service(make_library(tmp_path / "home"))
    service.line = WaitingLine(1, 10, 10)
    chat = Chat(service, ConversationStore(tmp_path / "c.sqlite3"), pause=0)
    with service.line.join("somebody") as other:
        assert other.wait(0) == 0
        replies = chat.respond(MONEY, Visitor("emilia").stored())
        next(replies)
        assert service.line.length == 1
        replies.close()  # type: ignore[attr-defined]
        assert service.line.length == 0


def test_programs_wait_in_the_same_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = make_service(make_library(tmp_path / "home"))
    service.line = WaitingLine(1, 1, 1)
    answer = service.ask(MONEY)
    served: list[int] = []

    def ask(*_: object) -> Answer:
        served.append(len(service.line._served))
        return answer

    monkeypatch.setattr(service, "ask", ask)
    assert Tools(service).ask(MONEY)["question"] == MONEY
    assert served == [1]
    with service.line.join("somebody"), pytest.raises(AskJapanError, match=r"^1 question waits to be answered\."):
        Tools(service).ask(MONEY)
