"""Conversations that are kept, searched, branched, stopped, exported and handed on."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from askjapan.citations.answer_files import load_answers
from askjapan.citations.verify import verify
from askjapan.documents.readers import read
from askjapan.web.columns.ask import _busy
from askjapan.web.columns.chat import Chat
from askjapan.web.columns.handlers import Handlers
from askjapan.web.columns.history import History
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.exporting import FORMS
from askjapan.web.conversations.store import ConversationStore
from askjapan.web.html.answers import answer_html, note_html, sources_html
from askjapan.web.shared.service import AssistantService
from tests.support.chats import EMILIA, ENGLISH, last
from tests.support.places import Place
from tests.support.web_places import (
    BOATS,
    MONEY,
    MONEY_QUOTE,
    NETS,
    PAGES,
    make_service,
)


def test_conversations_outlive_the_server_and_belong_to_one_browser(
    chat: Chat, store: ConversationStore, service: AssistantService
) -> None:
    _, _, stored = last(chat, MONEY)
    again = Chat(service, ConversationStore(store.path))
    shown, pane, _ = again.open(stored, stored["conversation"])
    assert MONEY_QUOTE in shown[1]["content"]
    assert MONEY_QUOTE in pane
    assert [entry.title for entry in store.conversations("emilia")] == [MONEY[:59].rstrip() + "…"]
    stranger = Visitor("stranger").stored()
    assert again.open(stranger, stored["conversation"])[0] == []
    store.rename("stranger", stored["conversation"], "Mine now")
    store.delete("stranger", stored["conversation"])
    assert store.conversations("stranger") == []
    assert len(store.turns("emilia", stored["conversation"])) == 1
    _, _, theirs = last(chat, NETS, {**stranger, "conversation": stored["conversation"]})
    assert theirs["conversation"] != stored["conversation"]
    assert [turn.answer.question for turn in store.turns("emilia", stored["conversation"])] == [MONEY]


def test_conversations_are_searched_renamed_and_deleted(chat: Chat, store: ConversationStore) -> None:
    _, _, first = last(chat, MONEY)
    _, _, second = last(chat, NETS)
    store.rename("emilia", first["conversation"], "  Money   of the towns ")
    found = {word: [entry.id for entry in store.conversations("emilia", word)] for word in ("money", "41 nets", "%", "zebra")}
    assert found == {"money": [first["conversation"]], "41 nets": [second["conversation"]], "%": [], "zebra": []}
    assert [entry.title for entry in store.conversations("emilia", "money of")] == ["Money of the towns"]
    store.delete("emilia", first["conversation"])
    assert [entry.id for entry in store.conversations("emilia")] == [second["conversation"]]
    assert store.turns("emilia", first["conversation"]) == []


def test_a_link_opens_one_answer_for_anybody_and_the_conversation_for_its_owner(chat: Chat, store: ConversationStore) -> None:
    _, _, stored = last(chat, MONEY)
    last(chat, NETS, stored)
    first = store.turns("emilia", stored["conversation"])[0]
    own, _, _ = chat.open_link(EMILIA, first.id)
    assert len(own) == 4
    shown, pane, theirs = chat.open_link(Visitor("stranger").stored(), first.id)
    assert [message["content"] for message in shown] == [MONEY, answer_html(first, ENGLISH)]
    assert pane == sources_html(first, ENGLISH)
    assert theirs["conversation"] == ""
    gone, _, _ = chat.open_link(EMILIA, "no-such-answer")
    assert "It may have been deleted." in gone[0]["content"]


def test_an_answer_stays_until_the_one_that_replaces_it_is_kept(
    chat: Chat, store: ConversationStore, service: AssistantService
) -> None:
    do = Handlers(service, store, chat)
    _, _, stored = last(chat, MONEY)
    _, _, stored = last(chat, NETS, stored)
    of = stored["conversation"]
    first, second = (turn.id for turn in store.turns("emilia", of))
    assert do.retry(stored, gr.RetryData(None, {"value": NETS, "index": 2})) == (NETS, "", second)
    assert do.edit(stored, gr.EditData(None, {"value": BOATS, "index": 2, "previous_value": NETS})) == (BOATS, "", second)
    assert [turn.id for turn in store.turns("emilia", of)] == [first, second]
    assert [message["content"] for message in chat.asked(BOATS, stored, second)[::2]] == [MONEY, BOATS]
    # Whoever opens the page again meanwhile, or stops, has what was there before.
    assert [message["content"] for message in chat.open(stored, of)[0][::2]] == [MONEY, NETS]
    shown, left = chat.stop(BOATS, stored, second)
    assert ([message["content"] for message in shown[::2]], left) == ([MONEY, NETS], BOATS)
    shown, left = chat.stop(NETS, stored, second)
    assert (len(shown), left) == (4, "")
    chat.take(stored)
    shown, _, again = last(chat, BOATS, stored, instead_of=second)
    assert [message["content"] for message in shown[::2]] == [MONEY, BOATS]
    assert again["conversation"] == of
    assert [(turn.number, turn.answer.question) for turn in store.turns("emilia", of)] == [(0, MONEY), (1, BOATS)]
    # Nobody but its owner, and no turn of another conversation, takes a place.
    store.keep("stranger", of, service.ask(NETS), instead_of=first)
    store.keep("emilia", of, service.ask(NETS), instead_of="nothing")
    assert [turn.answer.question for turn in store.turns("emilia", of)] == [MONEY, BOATS, NETS]


def test_a_title_follows_the_first_question_until_somebody_gives_one(chat: Chat, store: ConversationStore) -> None:
    _, _, stored = last(chat, MONEY)
    _, _, stored = last(chat, NETS, stored, instead_of=store.turns("emilia", stored["conversation"])[0].id)
    assert [entry.title for entry in store.conversations("emilia")] == [NETS]
    store.rename("emilia", stored["conversation"], "Storms")
    last(chat, BOATS, stored, instead_of=store.turns("emilia", stored["conversation"])[0].id)
    assert [entry.title for entry in store.conversations("emilia")] == ["Storms"]


def test_editing_an_earlier_question_branches_and_drops_nothing(
    chat: Chat, store: ConversationStore, service: AssistantService
) -> None:
    do = Handlers(service, store, chat)
    _, _, stored = last(chat, MONEY)
    _, _, stored = last(chat, NETS, stored)
    _, _, stored = last(chat, PAGES, stored)
    before = stored["conversation"]
    question, told, turn = do.edit(stored, gr.EditData(None, {"value": BOATS, "index": 2, "previous_value": NETS}))
    assert (question, turn) == (BOATS, store.turns("emilia", before)[1].id)
    assert "The later questions were not dropped" in told
    shown, _, after = last(chat, question, stored, instead_of=turn)
    assert [message["content"] for message in shown[::2]] == [MONEY, BOATS]
    assert [message["content"] for message in chat.open(after, after["conversation"])[0][::2]] == [MONEY, BOATS]
    assert [turn.answer.question for turn in store.turns("emilia", before)] == [MONEY, NETS, PAGES]
    assert {entry.id for entry in store.conversations("emilia")} == {before, after["conversation"]}
    # The first question has nothing before it, so a new conversation begins with it.
    shown, _, alone = last(chat, BOATS, stored, instead_of=store.turns("emilia", before)[0].id)
    assert [message["content"] for message in shown[::2]] == [BOATS]
    assert [turn.answer.question for turn in store.turns("emilia", alone["conversation"])] == [BOATS]
    assert {entry.title for entry in store.conversations("emilia")} == {MONEY[:59].rstrip() + "…", BOATS}
    assert [turn.answer.question for turn in store.turns("emilia", before)] == [MONEY, NETS, PAGES]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("   ", "The question is empty. Type a question in words."),
        ("🙂 🙂", "The question is empty. Type a question in words."),
        ("y" * 2001, "The question has 2001 characters, more than 2000. Ask it more briefly."),
    ],
)
def test_a_question_that_cannot_be_asked_keeps_its_text_and_gets_a_reason(
    question: str, reason: str, chat: Chat, store: ConversationStore, service: AssistantService
) -> None:
    do = Handlers(service, store, chat)
    assert do.take_question(question, EMILIA) == ("", note_html(reason, "error"), "")
    # Nothing was taken: what would come after taking it does not.
    with pytest.raises(gr.Error):
        _busy("", question)
    assert (chat.kept(EMILIA), store.conversations("emilia")) == ([], [])
    assert do.take_question(MONEY, EMILIA) == (MONEY, "", "")
    assert _busy(MONEY, MONEY)["value"] == ""
    assert _busy(MONEY, "being typed")["value"] == "being typed"


def test_stopping_leaves_no_half_answer_and_gives_the_question_back(
    library: Place, store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = make_service(library)
    chat = Chat(service, store, pause=0)
    _, _, stored = last(chat, NETS)
    asked, free = threading.Event(), threading.Event()
    answer = service.ask

    def slow(*given: Any) -> Any:
        asked.set()
        assert free.wait(20)
        return answer(*given)

    monkeypatch.setattr(service, "ask", slow)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: list(chat.respond(MONEY, stored)))
        assert asked.wait(20)
        shown, left = chat.stop(MONEY, stored)
        free.set()
        assert running.result(20) == [(gr.skip(),) * 3]
    assert left == MONEY
    assert [message["content"] for message in shown[::2]] == [NETS]
    assert [turn.answer.question for turn in store.turns("emilia", stored["conversation"])] == [NETS]
    # What had been answered already is shown whole.
    monkeypatch.undo()
    last(chat, MONEY, stored)
    shown, left = chat.stop(MONEY, stored)
    assert (left, len(shown)) == ("", 4)
    assert "aj-tools" in shown[-1]["content"]


@pytest.mark.parametrize("form", ["Markdown", "BibTeX", "CSL-JSON", "RIS", "JSON"])
def test_a_conversation_is_exported(
    form: str, chat: Chat, service: AssistantService, store: ConversationStore, library: Place
) -> None:
    _, _, stored = last(chat, MONEY)
    *rest, path = History(store, chat).do(stored, "", "export", stored["conversation"], form)
    assert rest == [gr.skip()] * 4
    assert Path(path).name == f"askjapan-conversation.{FORMS[form][0]}"
    if form.startswith("Word"):
        text = read(Path(path)).text
        assert f"> “{MONEY_QUOTE}" in text
        assert "[^1]\n" in text
        assert "ibid" not in text.lower()
        return
    text = Path(path).read_text(encoding="utf-8")
    needle = {
        "Markdown": "[^1]",
        "Pandoc": "[@morikawa2006lantern, {§ 2. What the towns spent}]",
        "Zotero": '<span class="citation-item">Sachi Morikawa, 2006, § 2. What the towns spent</span>',
        "BibTeX": "Sachi",
        "CSL-JSON": '"family": "Morikawa"',
        "RIS": "AU  - Morikawa, Sachi",
    }
    if form == "JSON":
        verdicts = verify(load_answers(Path(path)), [library.corpus])
        assert verdicts
        assert {verdict.status for verdict in verdicts} == {"ok"}
    else:
        assert needle[form] in text


def test_a_conversation_is_exported_in_the_pages_language(chat: Chat, store: ConversationStore) -> None:
    _, _, stored = last(chat, MONEY, Visitor("emilia", language="ja").stored())
    *_, path = History(store, chat).do(stored, "", "export", stored["conversation"], "Markdown")
    text = Path(path).read_text(encoding="utf-8")
    assert "登録文献に答えがある確率：" in text
    assert "Confidence" not in text


def test_a_row_of_the_list_opens_renames_and_deletes(chat: Chat, store: ConversationStore) -> None:
    history = History(store, chat)
    _, _, first = last(chat, MONEY)
    _, _, second = last(chat, NETS)
    rows = history.rows(second)
    assert rows.count("<li") == 2
    assert (
        f'<li aria-current="true"><button type="button" class="aj-do aj-row-title" data-do="open" data-of="{second["conversation"]}"'
        in rows
    )
    shown, _, known, rows, _ = history.do(second, "", "open", first["conversation"])
    assert MONEY_QUOTE in shown[1]["content"]
    assert known["conversation"] == first["conversation"]
    assert "Nets of Kujira" in history.do(first, "", "rename", second["conversation"], "Nets of Kujira")[3]
    assert "Nets of Kujira" not in history.rows(first, "lanterns")
    # Another conversation than the open one goes without a trace in what is open.
    *left, rows, _ = history.do(first, "", "delete", second["conversation"])
    assert left == [gr.skip()] * 3
    assert "Nets of Kujira" not in rows
    shown, _, known, rows, _ = history.do(first, "", "delete", first["conversation"])
    assert (shown, known["conversation"]) == ([], "")
    assert "Nothing kept yet." in rows
    assert history.do(first, "", "export", "nothing", "Markdown")[4] is None


def test_a_link_to_a_conversation_is_read_by_anybody_and_goes_on_in_ones_own(chat: Chat, store: ConversationStore) -> None:
    _, _, stored = last(chat, MONEY)
    _, _, stored = last(chat, NETS, stored)
    stranger = Visitor("stranger").stored()
    shown, _, known = chat.open_shared(stranger, stored["conversation"])
    assert len(shown) == 4
    assert known["conversation"] == ""
    assert chat.open_shared(EMILIA, stored["conversation"])[2]["conversation"] == stored["conversation"]
    assert "It may have been deleted." in chat.open_shared(stranger, "nothing")[0][0]["content"]
    assert store.conversations("stranger") == []


def test_suggestions_are_questions_that_the_corpus_answers(chat: Chat, service: AssistantService) -> None:
    _, _, stored = last(chat, MONEY)
    shown = chat.suggest(MONEY, stored)
    options = [option["value"] for option in shown[-1].get("options", [])]
    assert options
    assert chat.suggest(NETS, stored) == {"__type__": "update"}
    assert all(option.startswith(("What does ", "Give an overview of ")) and service.ask(option).answered for option in options)
