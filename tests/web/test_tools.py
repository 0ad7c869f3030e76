"""The documented API takes any JSON and any Unicode: what comes back is an answer or one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from askjapan.errors import QuestionError
from askjapan.records import Answer
from askjapan.retrieval.follow_up import MAX_HISTORY
from askjapan.web.columns.chat import REMEMBERED, Chat
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.store import ConversationStore
from askjapan.web.shared.service import AssistantService
from askjapan.web.tools.functions import Tools
from tests.support.web_places import MONEY, MONEY_QUOTE, make_library, make_service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> AssistantService:
    return make_service(make_library(tmp_path_factory.mktemp("library") / "home"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"question": None}, "question is null, not a text. Send it as a JSON string."),
        ({"question": [MONEY]}, "question is an array, not a text. Send it as a JSON string."),
        ({"question": MONEY, "history": "And in 2000?"}, "history is no list of texts. Send it as a JSON array of strings, or leave it out."),
        ({"question": MONEY, "history": [1]}, "history is no list of texts. Send it as a JSON array of strings, or leave it out."),
        ({"question": MONEY, "themes": {}}, "themes is no list of texts. Send it as a JSON array of strings, or leave it out."),
        ({"question": "😀🎌"}, "The question is empty. Type a question in words."),
        ({"question": "x" * 1_000_000}, "The question has 1000000 characters, more than 2000. Ask it more briefly."),
        (
            {"question": "And in 2000?", "history": ["And in 2000?"] * 20_000},
            "The history has 20000 messages, more than 200. Send the last ones only.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_one_sentence_with_a_remedy(service: AssistantService, given: dict[str, Any], told: str) -> None:
    for call in (Tools(service).ask, Tools(service).retrieve):
        with pytest.raises(QuestionError) as error:
            call(**given)
        assert str(error.value) == told


@pytest.mark.parametrize(("k", "kind"), [("5", "a text"), (None, "null"), (True, "true or false"), (1.5, "a number")])
def test_k_is_a_whole_number(service: AssistantService, k: Any, kind: str) -> None:
    with pytest.raises(QuestionError) as error:
        Tools(service).retrieve(MONEY, k)
    assert str(error.value) == f"k is {kind}, not a whole number. Send it as a JSON number."
    assert len(Tools(service).retrieve(MONEY, 2.0)) == 2  # type: ignore[arg-type]


def test_control_characters_change_nothing(service: AssistantService) -> None:
    answer = Tools(service).ask(MONEY.replace(" ", "\x00"))
    assert answer["question"] == MONEY
    assert answer["sentences"][0]["text"] == MONEY_QUOTE


@pytest.mark.parametrize("question", ["\u202eHoshino\u202c spent what in 1998?", "ＨＯＳＨＩＮＯ 1998"])
def test_a_question_with_unusual_signs_is_answered_or_refused_in_a_sentence(service: AssistantService, question: str) -> None:
    answer = Tools(service).ask(question)
    assert answer["question"] == question
    assert answer["answered"] or answer["reason"].endswith((".", "。"))


def test_a_long_conversation_goes_on(service: AssistantService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert REMEMBERED <= MAX_HISTORY
    asked: list[list[str]] = []
    answer = service.ask(MONEY)
    store = ConversationStore(tmp_path / "c.sqlite3")
    conversation = store.keep("emilia", "", answer).conversation
    for _ in range(REMEMBERED + 5):
        store.keep("emilia", conversation, answer)

    def ask(question: str, history: list[str], *_: object) -> Answer:
        asked.append(history)
        return answer

    monkeypatch.setattr(service, "ask", ask)
    list(Chat(service, store, pause=0).respond("And in 2004?", Visitor("emilia", conversation).stored()))
    assert asked == [[MONEY] * REMEMBERED]
