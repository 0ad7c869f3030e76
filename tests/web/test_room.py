"""Kept conversations have bounds; a full store says so before the answer and deletes nothing, or makes room where strangers ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from askjapan.errors import AskJapanError
from askjapan.web.columns.chat import Chat, Visitor
from askjapan.web.conversations.room import MOST_COLLECTIONS, Room
from askjapan.web.conversations.store import ConversationStore
from askjapan.web.shared.service import AssistantService
from tests.support.chats import EMILIA, last
from tests.support.web_places import MONEY, MONEY_QUOTE, NETS, make_library, make_service

STRANGER = Visitor("stranger").stored()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> AssistantService:
    return make_service(make_library(tmp_path_factory.mktemp("library") / "home"))


def chat_with(service: AssistantService, path: Path, room: Room) -> Chat:
    return Chat(service, ConversationStore(path / "c.sqlite3", room), pause=0)


def test_a_browser_with_as_many_answers_as_it_may_have_is_told_and_keeps_them(service: AssistantService, tmp_path: Path) -> None:
    chat = chat_with(service, tmp_path, Room(answers=2))
    _, _, stored = last(chat, MONEY)
    last(chat, NETS, stored)
    shown, _, _ = last(chat, MONEY, stored)
    assert "Your conversations hold 2 answers, the most that are kept for one browser." in shown[-1]["content"]
    assert "Nothing has been deleted." in shown[-1]["content"]
    assert [turn.answer.question for turn in chat.store.turns("emilia", stored["conversation"])] == [MONEY, NETS]
    # Others ask, and so does this one when it has made room.
    assert MONEY_QUOTE in last(chat, MONEY, STRANGER)[0][-1]["content"]
    chat.store.delete("emilia", stored["conversation"])
    assert MONEY_QUOTE in last(chat, MONEY)[0][-1]["content"]


def test_a_full_file_says_so_and_nothing_is_lost(service: AssistantService, tmp_path: Path) -> None:
    chat = chat_with(service, tmp_path, Room(megabytes=0.06))
    stored, asked = EMILIA, 0
    while len(list(chat.store.turns("emilia", stored.get("conversation", "")))) == asked:
        _, _, stored = last(chat, MONEY, stored)
        asked += 1
        assert asked < 100
    shown, _, _ = last(chat, MONEY, STRANGER)
    assert "The kept conversations take 0.0" in shown[-1]["content"]
    assert "conversations_megabytes" in shown[-1]["content"]
    assert len(chat.store.turns("emilia", stored["conversation"])) == asked - 1
    assert chat.store.path.stat().st_size < 0.2e6


def test_where_strangers_ask_the_conversations_touched_longest_ago_make_room(service: AssistantService, tmp_path: Path) -> None:
    chat = chat_with(service, tmp_path, Room(megabytes=0.08, oldest_go=True))
    visitors = [Visitor(f"visitor {number}").stored() for number in range(12)]
    for visitor in visitors:
        assert MONEY_QUOTE in last(chat, MONEY, visitor)[0][-1]["content"]
    kept = [bool(chat.store.conversations(visitor["owner"])) for visitor in visitors]
    assert (kept[0], kept[-1], kept == sorted(kept)) == (False, True, True)
    assert chat.store.path.stat().st_size < 0.2e6


def test_collections_have_a_bound(tmp_path: Path) -> None:
    store = ConversationStore(tmp_path / "c.sqlite3")
    for number in range(MOST_COLLECTIONS):
        store.keep_collection("emilia", f"c{number}", ["a"])
    with pytest.raises(AskJapanError, match="There are 500 collections already"):
        store.keep_collection("emilia", "one more", ["a"])
    store.keep_collection("emilia", "c7", ["b"])
    store.keep_collection("stranger", "one more", ["a"])
    assert len(store.collections("emilia")) == MOST_COLLECTIONS
    assert [entry.documents for entry in store.collections("emilia") if entry.name == "c7"] == [("b",)]
