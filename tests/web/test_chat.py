"""The page's handlers, called directly and through `gradio_client` and MCP on this machine."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio import EditData

from askjapan.answering.compose import NEAREST, REPLIES, TWO_FIGURES
from askjapan.answering.quoting.cite import cite
from askjapan.citations.answer_files import load_answers
from askjapan.citations.verify import verify
from askjapan.documents.readers import read
from askjapan.errors import AskJapanError
from askjapan.language.quotation import same
from askjapan.records import Sentence
from askjapan.web.columns.ask import _busy
from askjapan.web.columns.chat import Chat, Message, Visitor, messages, status_line, typed, user_message
from askjapan.web.columns.handlers import Handlers
from askjapan.web.columns.history import History
from askjapan.web.columns.library_handlers import LibraryTab
from askjapan.web.conversations.exporting import FORMS
from askjapan.web.conversations.store import ConversationStore, Turn
from askjapan.web.html.answers import answer_html, note_html, page_name, sources_html
from askjapan.web.html.corpus_map import map_html
from askjapan.web.html.library_cards import build_line
from askjapan.web.shared.service import AssistantService, Status
from askjapan.web.source_pane.calls import SourcePane
from askjapan.web.source_pane.text import citation_pane, passage_pane
from askjapan.web.words.translations import LANGUAGES, OWN, language_of, words
from tests.support.commands import SUPPORT, in_subprocess
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, Place
from tests.support.web_places import (
    BOATS,
    MONEY,
    MONEY_QUOTE,
    MONEY_SENTENCE,
    NETS,
    NETS_SHOWN,
    PAGES,
    PAGES_QUOTE,
    make_library,
    make_service,
    served,
)

ENGLISH = words("en")
EMILIA = Visitor("emilia").stored()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return make_library(tmp_path_factory.mktemp("library") / "home", pdf=True)


@pytest.fixture(scope="module")
def service(library: Place) -> AssistantService:
    return make_service(library)


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "conversations.sqlite3")


@pytest.fixture
def chat(service: AssistantService, store: ConversationStore) -> Chat:
    return Chat(service, store, pause=0)


def last(chat: Chat, question: str, stored: object = EMILIA, **filters: list[str]) -> tuple[list[Message], str, dict[str, str]]:
    """The messages and the visitor after a whole answer, and the last pane that was sent."""
    replies = list(chat.respond(question, stored, **filters))
    panes = [pane for _, pane, _ in replies if isinstance(pane, str)]
    return replies[-1][0], panes[-1] if panes else "", replies[-1][2]


def turn_of(service: AssistantService, question: str) -> Turn:
    return Turn("t1", "c1", 0, service.ask(question))


def marked(html: str, css: str = "aj-current") -> str:
    """The text that is marked, in order, with its white space collapsed."""
    from html import unescape

    found = re.findall(rf'<mark class="aj-mark ?(?:{css})"[^>]*>(.*?)</mark>', html, re.DOTALL)
    return " ".join(unescape(" ".join(found)).split())


def test_an_answer_quotes_with_numbers_and_names_the_passages_beside_it(chat: Chat, store: ConversationStore) -> None:
    shown, pane, stored = last(chat, MONEY)
    turn = store.turns("emilia", stored["conversation"])[0]
    first = turn.answer.sentences[0]
    assert first.text == MONEY_QUOTE
    assert [message["role"] for message in shown] == ["user", "assistant"]
    assert shown[0]["content"] == MONEY
    assert f'<a class="aj-cite" href="#aj-cite/{turn.id}/1">1</a>' in shown[1]["content"]
    assert f"“{MONEY_QUOTE}”" in shown[1]["content"]
    assert f'<a class="aj-source" href="#aj-cite/{turn.id}/1">' in pane
    assert "The Lantern Towns of Hoshino Bay (2006)" in pane
    assert '<span class="aj-badge aj-badge-full">full text</span>' in pane


def test_an_answer_appears_sentence_by_sentence(chat: Chat, store: ConversationStore) -> None:
    replies = list(chat.respond(MONEY, EMILIA))
    count = len(store.turns("emilia", replies[-1][2]["conversation"])[0].answer.sentences)
    assert count > 1
    quotes = [shown[-1]["content"].count("<blockquote") + shown[-1]["content"].count("<table") for shown, _, _ in replies]
    assert quotes[:count] == list(range(1, count + 1))
    assert ["aj-tools" in shown[-1]["content"] for shown, _, _ in replies[:count]] == [False] * (count - 1) + [True]


def test_a_follow_up_shows_how_it_was_understood(chat: Chat) -> None:
    _, _, stored = last(chat, MONEY)
    shown, _, _ = last(chat, "And in 2004?", stored)
    assert len(shown) == 4
    understood = re.search(r'<p class="aj-understood">This was taken as (.*?)</p>', shown[-1]["content"])
    assert understood is not None
    assert "2004" in understood.group(1)
    assert "Hoshino" in understood.group(1)


def test_filters_keep_to_the_works_named(chat: Chat, store: ConversationStore) -> None:
    _, _, stored = last(chat, MONEY, themes=["migration"])
    turn = store.turns("emilia", stored["conversation"])[0]
    assert {hit.document.id for hit in turn.answer.hits} == {"aoba-tea-note"}
    assert turn.themes == ("migration",)


def test_an_error_is_a_sentence_in_the_conversation_and_is_not_kept(chat: Chat, store: ConversationStore) -> None:
    shown, pane, stored = last(chat, MONEY, themes=["astronomy"])
    assert pane == ""
    assert shown[-1]["content"] == (
        '<div class="aj-error"><p>There is no theme &#x27;astronomy&#x27; in the index. '
        "Known are: fisheries, migration, sister cities.</p></div>"
    )
    assert store.conversations("emilia") == []
    assert stored["conversation"] == ""


def test_while_models_load_the_page_says_so_and_answers_when_they_are_there(library: Place, store: ConversationStore) -> None:
    asked, loaded = threading.Event(), threading.Event()

    class SlowEncoder(HashEncoder):
        def encode(self, texts, progress=None):
            asked.set()
            assert loaded.wait(20)
            return super().encode(texts, progress)

    slow = AssistantService(make_service(library).settings, SlowEncoder())
    slow.start()
    assert asked.wait(20)
    assert slow.status.kind == "loading"
    replies = Chat(slow, store, pause=0).respond(MONEY, EMILIA)
    shown, _, _ = next(replies)
    assert shown[-1]["content"] == note_html(
        "Loading the models. You may ask already; the answer comes as soon as they are there."
    )
    loaded.set()
    assert MONEY_QUOTE in list(replies)[-1][0][-1]["content"]
    assert slow.status == Status("ready")


def test_a_desk_without_a_corpus_says_what_to_do(tmp_path: Path, store: ConversationStore) -> None:
    from askjapan.settings import load_settings

    empty = AssistantService(load_settings(home=tmp_path / "nowhere", multilingual=False), HashEncoder())
    empty.start()
    assert empty.wait(20)
    assert empty.status.kind == "failed"
    assert str(empty.status.error) == (
        f"The corpus folder {tmp_path / 'nowhere' / 'corpus'} does not exist. Give an existing folder with --corpus."
    )
    shown, _, _ = last(Chat(empty, store), MONEY)
    assert '<div class="aj-error"><p>' in shown[-1]["content"]


def test_a_missing_index_is_built_while_the_page_is_up(place: Place) -> None:
    from askjapan.settings import load_settings

    fresh = AssistantService(load_settings(multilingual=False, threshold=0.0), HashEncoder())
    fresh.start()
    assert fresh.wait(30)
    assert fresh.status == Status("ready")
    assert [document.id for document in fresh.assistant().documents] == ["hoshino-lanterns-note", "aoba-tea-note"]


def test_a_refusal_is_a_finding_with_the_nearest_passages(
    library: Place, store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("askjapan.answering.compose.NEAR", 0.0)  # a stub's cosines are low
    strict = Chat(make_service(library, threshold=1.0), store, pause=0)
    shown, pane, stored = last(strict, MONEY)
    turn = store.turns("emilia", stored["conversation"])[0]
    html = shown[-1]["content"]
    assert not turn.answer.answered
    assert '<p class="aj-label">Finding: not in this corpus</p>' in html
    assert html.count('class="aj-near"') == 3
    assert f'href="#aj-near/{turn.id}/1"' in html
    assert "<h2>Nearest passages</h2>" in pane
    # What it says beside that stands in the finding, and says of itself that it is no answer.
    finding = html[html.index('<div class="aj-finding">') :]
    assert finding.index("which does not answer this:") < finding.index("<blockquote") < finding.index('<ol class="aj-nearest">')


def test_nothing_from_a_document_becomes_markup(chat: Chat, service: AssistantService, store: ConversationStore) -> None:
    shown, pane, stored = last(chat, NETS)
    turn = store.turns("emilia", stored["conversation"])[0]
    assert turn.answer.sentences[0].text == NETS_SHOWN
    opened = citation_pane(turn, 1, service.assistant().documents, service.text, ENGLISH)
    for html in (
        shown[-1]["content"],
        pane,
        opened,
        map_html(service.assistant(), set(), ENGLISH),
        LibraryTab(service).works(ENGLISH),
    ):
        assert "<script" not in html
        assert "<img" not in html
        assert "<b>Knots" not in html
    assert "{{constructor}} ${window.hacked = 1} &quot;&gt; in one storm" in shown[-1]["content"]
    # What is left out of a quote keeps its place in the file, without width.
    assert marked(opened).replace("\u200b", "") == NETS_SHOWN


def test_a_question_is_shown_as_typed_and_comes_back_as_typed() -> None:
    question = "Is 3 < 4 & <b>bold</b> *here*?"
    assert user_message(question)["content"] == ("Is 3 &#60; 4 &#38; &#60;b&#62;bold&#60;/b&#62; &#42;here&#42;?")
    assert typed(user_message(question)["content"]) == question
    assert typed([{"type": "text", "text": "3 &lt; 4"}]) == "3 < 4"


def test_an_answer_has_no_empty_line_that_would_end_its_html(service: AssistantService) -> None:
    html = answer_html(turn_of(service, BOATS), ENGLISH)
    assert "\n" not in html
    assert html.startswith('<div class="aj-answer" id="aj-turn-t1">')


def test_a_table_is_a_table_with_the_answering_row_marked(service: AssistantService) -> None:
    turn = turn_of(service, BOATS)
    hit = next(hit for hit in turn.answer.hits if hit.passage.kind == "table")
    units = [unit for unit in hit.passage.units if unit.kind in ("caption", "header") or "Asahi" in unit.text]
    cited = [cite(unit, hit, service.text(hit.document.id), 1) or () for unit in units]
    row = Sentence("\n".join(unit.text for unit in units), "quote", tuple(citation for part in cited for citation in part))
    html = answer_html(replace(turn, answer=replace(turn.answer, sentences=(row,))), ENGLISH)
    marked_row = re.search(r'<tr class="aj-hit">(.*?)</tr>', html)
    assert marked_row is not None
    assert marked_row.group(1).startswith('<td>Asahi</td><td>44</td><td>61</td><td class="aj-row-source">')
    assert '<a class="aj-cite" href="#aj-cite/t1/1">1</a>' in marked_row.group(1)
    assert html.count('class="aj-hit"') == 1
    assert '<th scope="col">Harbour</th><th scope="col">Boats in 1990</th><th scope="col">Boats in 2000</th>' in html
    assert '<tr><td>Kujira</td><td>120</td><td>87</td><td class="aj-row-source"></td></tr>' in html
    assert '<tr><td>Yoichi</td><td>15</td><td>12</td><td class="aj-row-source"></td></tr>' in html


def rows_quoted(service: AssistantService, *names: str) -> Turn:
    """An answer that quotes these rows of the table of boats, in this order."""
    turn = turn_of(service, BOATS)
    hit = next(hit for hit in turn.answer.hits if hit.passage.kind == "table")
    sentences = []
    for marker, name in enumerate(names, start=1):
        units = [unit for unit in hit.passage.units if unit.kind in ("caption", "header") or name in unit.text]
        cited = [cite(unit, hit, service.text(hit.document.id), marker) or () for unit in units]
        sentences.append(Sentence("\n".join(unit.text for unit in units), "quote", tuple(one for part in cited for one in part)))
    return replace(turn, answer=replace(turn.answer, sentences=tuple(sentences)))


def test_rows_of_one_table_share_it_and_the_first_chosen_is_marked_strongest(service: AssistantService) -> None:
    html = answer_html(rows_quoted(service, "Asahi", "Yoichi"), ENGLISH)
    assert html.count("<table>") == 1
    assert '<tr class="aj-hit"><td>Asahi</td>' in html
    assert '<tr class="aj-also"><td>Yoichi</td>' in html
    assert re.findall(r'href="(#aj-cite/[^"]+)"', html) == ["#aj-cite/t1/1", "#aj-cite/t1/2"]


def test_a_quoted_row_is_a_card_with_its_caption_and_the_names_of_its_columns(service: AssistantService) -> None:
    html = sources_html(rows_quoted(service, "Asahi"), ENGLISH)
    assert '<span class="aj-card-caption">Table 1. Boats by harbour</span>' in html
    assert '<span class="aj-cell"><span>Boats in 2000</span> <b>61</b></span>' in html
    assert "“" not in re.sub(r"<q>.*?</q>", "", html)


def test_the_pane_shows_a_table_of_a_markdown_file_as_rows_of_cells(service: AssistantService) -> None:
    html = citation_pane(rows_quoted(service, "Asahi"), 1, service.assistant().documents, service.text, ENGLISH)
    bar, cell = '<span class="aj-hash">|</span>', '<span class="aj-td">{}</span>'
    row = bar + bar.join(cell.format(f" {text} ") for text in ("Asahi", "44", "61")) + bar
    assert f'<mark class="aj-mark aj-current" data-markers="1">{row}</mark>' in html
    other = bar + bar.join(cell.format(f" {text} ") for text in ("Yoichi", "15", "12")) + bar
    assert f'<span class="aj-row">{other}\n</span>' in html
    assert '<span class="aj-hash">|---|---|---|\n</span>' in html


def test_a_work_opens_from_its_beginning(service: AssistantService, store: ConversationStore, chat: Chat) -> None:
    handlers = SourcePane(service, store)
    document = next(entry for entry in service.assistant().documents if entry.title == "The Lantern Towns of Hoshino Bay")
    html = handlers.show_work(document.id, "en")
    assert "The Lantern Towns of Hoshino Bay (2006)" in html
    assert "<mark" not in html
    assert handlers.show_work("nobody's", "en") == note_html(ENGLISH.plain("gone_work"), "error")


def test_the_pane_marks_the_quote_strongest_and_the_other_quotes_weaker(service: AssistantService) -> None:
    turn = turn_of(service, MONEY)
    document = turn.answer.citations[0].document_id
    others = [c for c in turn.answer.citations if c.document_id == document and c.marker != 1]
    html = citation_pane(turn, 1, service.assistant().documents, service.text, ENGLISH)
    assert marked(html) == MONEY_QUOTE
    assert marked(html, "") == " ".join(c.quote for c in sorted(others, key=lambda c: c.start))
    assert "1 of" in html
    assert 'class="aj-step aj-next" href="#aj-cite/t1/2"' in html
    assert "aj-previous" not in html.replace('aria-hidden="true">Previous', "")


def test_the_pane_holds_the_whole_document(service: AssistantService) -> None:
    from html import unescape

    html = citation_pane(turn_of(service, MONEY), 1, service.assistant().documents, service.text, ENGLISH)
    text = re.sub(r"<[^>]+>", "", html[html.index('<div class="aj-text"') :])
    assert unescape(text).split() == LANTERNS.split()


def test_a_pdf_shows_its_pages(service: AssistantService) -> None:
    turn = turn_of(service, PAGES)
    citation = turn.answer.citations[0]
    assert (citation.quote, citation.page, citation.offsets) == (PAGES_QUOTE, 2, "page")
    html = citation_pane(turn, citation.marker, service.assistant().documents, service.text, ENGLISH)
    assert marked(html) == PAGES_QUOTE
    assert '<p class="aj-place">page 2' in html
    assert re.findall(r'<span class="aj-page">(.*?)</span>', html) == ["page 1", "page 2"]
    assert html.index("page 2</span>") < html.index("aj-current")


def test_a_document_that_has_changed_or_gone_shows_the_quote_as_it_was(service: AssistantService) -> None:
    turn = turn_of(service, MONEY)
    documents = service.assistant().documents
    changed = [replace(document, sha256="0" * 64) for document in documents]
    html = citation_pane(turn, 1, changed, service.text, ENGLISH)
    assert "This file has changed since the answer was given." in html
    assert f"<blockquote>{MONEY_QUOTE}</blockquote>" in html
    assert "aj-mark" not in html
    assert "This work is no longer in the library." in citation_pane(turn, 1, [], service.text, ENGLISH)
    assert "This answer has no such citation." in citation_pane(turn, 99, documents, service.text, ENGLISH)


def test_a_passage_opens_in_its_document(service: AssistantService) -> None:
    hit = service.retrieve(MONEY, 1)[0]
    text = service.text(hit.document.id)
    html = passage_pane(hit.passage, hit.document, text, ENGLISH)
    assert same(text[hit.passage.start : hit.passage.end], marked(html))


def test_the_pane_functions_answer_with_a_sentence_when_there_is_nothing(
    service: AssistantService, store: ConversationStore, chat: Chat
) -> None:
    show_citation, show_near, show_passage, copy_text, *_ = SourcePane(service, store).functions()
    assert "The link leads to no answer that is kept here." in show_citation(["nobody", 1, "en"])
    assert "This passage is no longer in the index." in show_passage(["nothing", "en"])
    assert "This passage is no longer in the index." in show_near(["nobody", 1, "en"])
    assert copy_text(["nobody", True]) == ""


def test_copying_with_and_without_citations(service: AssistantService, store: ConversationStore, chat: Chat) -> None:
    copy_text = SourcePane(service, store).functions()[3]
    turn = store.keep("emilia", "", service.ask(MONEY))
    bare, cited = copy_text([turn.id, False]), copy_text([turn.id, True])
    assert bare.split("\n\n")[0] == f"“{MONEY_QUOTE}”"
    assert "[1]" not in bare
    assert f"“{MONEY_QUOTE}” [1]" in cited
    assert "[1] Sachi Morikawa, The Lantern Towns of Hoshino Bay (2006)" in cited


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
    store.cut("stranger", stored["conversation"], 0)
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


def test_asking_again_forgets_what_came_after(chat: Chat, store: ConversationStore) -> None:
    _, _, stored = last(chat, MONEY)
    _, _, stored = last(chat, NETS, stored)
    assert chat.ask_again(stored, 0, "shown") == (MONEY, stored)
    assert store.turns("emilia", stored["conversation"]) == []
    shown, _, again = last(chat, BOATS, stored)
    assert again["conversation"] == stored["conversation"]
    assert len(shown) == 2


def test_editing_an_earlier_question_branches_and_drops_nothing(
    chat: Chat, store: ConversationStore, service: AssistantService
) -> None:
    do = Handlers(service, store, chat)
    _, _, stored = last(chat, MONEY)
    _, _, stored = last(chat, NETS, stored)
    _, _, stored = last(chat, PAGES, stored)
    before = stored["conversation"]
    question, told, branch = do.edit(stored, EditData(None, {"value": BOATS, "index": 2, "previous_value": NETS}))
    assert (question, branch["conversation"] != before) == (BOATS, True)
    assert "The later questions were not dropped" in told
    shown, _, after = last(chat, question, branch)
    assert [message["content"] for message in shown[::2]] == [MONEY, BOATS]
    assert [turn.answer.question for turn in store.turns("emilia", before)] == [MONEY, NETS, PAGES]
    assert {entry.id for entry in store.conversations("emilia")} == {before, after["conversation"]}
    # The first question has nothing before it, so a new conversation begins with it; the last one is replaced.
    assert do.edit(stored, EditData(None, {"value": BOATS, "index": 0, "previous_value": MONEY}))[2]["conversation"] == ""
    assert do.edit(stored, EditData(None, {"value": BOATS, "index": 4, "previous_value": PAGES}))[1:] == ("", stored)
    assert [turn.answer.question for turn in store.turns("emilia", before)] == [MONEY, NETS]
    assert store.branch("stranger", before, 1) == ""


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
    assert do.take_question(question, EMILIA) == ("", note_html(reason, "error"), EMILIA)
    assert _busy("", question) == gr.skip()
    shown, pane, _ = last(chat, "", EMILIA)
    assert (shown, pane, store.conversations("emilia")) == ([], "", [])
    assert do.take_question(MONEY, EMILIA) == (MONEY, "", EMILIA)
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
        assert running.result(20) == []
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


def make_settings():
    from askjapan.settings import load_settings

    return load_settings(multilingual=False, threshold=0.0)


def test_a_failed_build_leaves_the_old_index_answering(place: Place) -> None:
    service = AssistantService(make_settings(), HashEncoder())
    service.start()
    assert service.wait(30)
    place.catalogue.write_text("[[work]\n", encoding="utf-8")
    with pytest.raises(AskJapanError) as failed:
        list(service.rebuild(0.01))
    assert service.ask(MONEY).hits
    assert (service.status.kind, service.status.building) == ("ready", False)
    assert status_line(service.status, ENGLISH) == str(failed.value)


def test_two_who_rebuild_at_once_watch_the_same_build(place: Place) -> None:
    started, free = threading.Event(), threading.Event()

    class SlowEncoder(HashEncoder):
        def encode(self, texts, progress=None):
            started.set()
            assert free.wait(20)
            return super().encode(texts, progress)

    free.set()
    service = AssistantService(make_settings(), SlowEncoder())
    service.start()
    assert service.wait(30)
    (place.notes / "kelp.md").write_text("# Kelp\n\nRausu sold 900 tons of kelp.\n", encoding="utf-8")
    started.clear()
    free.clear()
    first = service.rebuild(every=0.01)
    next(first)
    assert started.wait(20)
    second = service.rebuild(every=0.01)
    assert next(second).building
    free.set()
    for watching in (first, second):
        for _ in watching:
            continue
    assert service.report is not None
    assert len(service.report.documents) == 3


def test_the_time_left_is_told_once_it_is_known() -> None:
    started = Status("ready", building=True, stage="embedding", done=0, total=90)
    assert build_line(started, ENGLISH) == "Building the index: embedding text 0 of 90."
    assert build_line(replace(started, done=30, seconds_left=42.4), ENGLISH).endswith("30 of 90. About 42 seconds left.")
    assert build_line(replace(started, done=30, seconds_left=300.0), ENGLISH).endswith("About 5 minutes left.")
    assert build_line(replace(started, done=89, seconds_left=0.6), ENGLISH) == "Building the index: embedding text 89 of 90."


def test_the_library_lists_themes_kind_pages_passages_and_date(service: AssistantService) -> None:
    cards = LibraryTab(service).works(ENGLISH).split('<li class="aj-work-card">')
    lamps = next(card for card in cards if "Lamps of Minato" in card)
    tea = next(card for card in cards if "Tea Growers" in card)
    assert "full text</span> Emi Hara · 2000 · pages: 2 · passages: " in lamps
    assert "study note</span>" in tea
    assert " · 2016 · migration · passages: " in tea
    # Only what was added by hand can be removed.
    assert 'data-do="remove" data-of="hoshino-lanterns"' in "".join(cards)
    assert 'data-do="remove"' not in tea


def test_the_map_has_a_point_a_passage_and_lights_those_of_the_last_answer(
    service: AssistantService, store: ConversationStore, chat: Chat
) -> None:
    _, _, stored = last(chat, MONEY)
    html = Handlers(service, store, chat).draw_map(stored)
    turn = store.turns("emilia", stored["conversation"])[0]
    passages = service.assistant().index.passages
    lit = {citation.passage_id for citation in turn.answer.citations}
    assert html.count("<circle") == len(passages)
    assert html.count("aj-lit") == len(lit)
    assert all(f'href="#aj-passage/{passage.id}"' in html for passage in passages)
    assert html.count('class="aj-year"') == len(service.assistant().documents)


def test_any_text_for_a_language_is_english_and_takes_no_memory() -> None:
    assert words("tlh") is words("<b>") is ENGLISH
    assert words("ja").language == "ja"


def test_the_label_of_a_page_is_escaped_once() -> None:
    assert page_name(3, "A&B", ENGLISH) == "p. A&B (page 3 of the file)"
    assert page_name(3, "3", ENGLISH) == "page 3"


def test_both_languages_say_the_same_things() -> None:
    english, japanese = words("en").texts, words("ja").texts
    assert set(english) == set(japanese)
    for key, text in english.items():
        names = re.findall(r"\{(\w+)\}", text)
        assert sorted(names) == sorted(re.findall(r"\{(\w+)\}", japanese[key])), key
    assert set(LANGUAGES) == {"en", "ja"}


@pytest.mark.parametrize(
    ("header", "language"), [("ja,en;q=0.8", "ja"), ("de-DE,ja-JP;q=0.5", "ja"), ("de", "en"), ("", "en"), ("en-US,ja", "en")]
)
def test_the_language_is_the_browsers(header: str, language: str) -> None:
    assert language_of(header) == language


def test_an_answer_in_the_japanese_interface(service: AssistantService) -> None:
    html = answer_html(turn_of(service, MONEY), words("ja"))
    assert f"登録文献に答えがある確率：{turn_of(service, MONEY).answer.confidence * 100:.0f}%" in html
    assert "出典つきでコピー" in html


def test_what_askjapan_says_itself_is_said_in_the_language_of_the_page(library: Place) -> None:
    japanese = words("ja")
    polite = ("Hello!", "Thank you.", "What can you do?")
    hello, thanks, able = (make_service(library).ask(text).sentences[0].text for text in polite)
    assert japanese.own(hello) == "こんにちは。日本と世界の関わりについて質問してください。登録文献からの引用でお答えします。"
    assert japanese.own(thanks) == japanese.plain("own_thanks")
    assert japanese.own(able) == japanese.plain("own_abilities")
    assert ENGLISH.own(hello) == hello
    refused = make_service(library, threshold=1.0).ask(MONEY).reason
    assert refused.startswith("Not in this corpus: ")
    assert japanese.own(refused) == japanese.plain("own_nothing", question=MONEY)
    why = "The nearest passages do not hold 1998 together with the rest of the question."
    lacking = f"Not in this corpus: looked for “{MONEY}”. {why}"
    assert japanese.own(lacking) == japanese.plain("own_lacking", question=MONEY, lacking="1998")
    assert ENGLISH.own(lacking) == lacking.replace("Not in this corpus: looked", "Looked")
    assert set(OWN.values()) >= {*REPLIES.values(), NEAREST, TWO_FIGURES}
    assert japanese.own(TWO_FIGURES.format(first="12", second="15")) == japanese.plain("own_two_figures", first="12", second="15")
    assert japanese.own("Something else.") == "Something else."


@pytest.mark.parametrize(
    ("query", "headers", "language"),
    [
        ("", {"Accept-Language": "ja,en;q=0.8"}, "ja"),
        ("", {"Accept-Language": "ja", "Cookie": "askjapan-language=en"}, "en"),
        ("?lang=ja", {"Accept-Language": "en", "Cookie": "askjapan-language=en"}, "ja"),
        ("?lang=xx", {"Accept-Language": "en", "Cookie": "askjapan-language=xx"}, "en"),
    ],
)
def test_the_page_is_sent_in_the_visitors_language(address: str, query: str, headers: dict[str, str], language: str) -> None:
    with urllib.request.urlopen(urllib.request.Request(f"{address}/{query}", headers=headers)) as response:
        sent = response.read().decode()
        assert response.headers["Content-Language"] == language
        assert "Accept-Language" in response.headers["Vary"]
    assert f'lang="{language}"' in sent[:200]
    assert f'"value": "{words(language).plain("new_chat")}"' in sent
    for number in (1, 2, 3, 4):
        question, kind = (words(language).plain(f"example_{part}{number}") for part in ("", "kind_"))
        example = {"text": question, "display_text": f"{kind} · {question}"}
        assert json.dumps(example, ensure_ascii=False) in sent


@pytest.mark.parametrize("stored", [None, "", [], {"owner": 3}, {"language": "ja"}, {"owner": ""}])
def test_a_browser_that_says_nothing_sensible_is_a_new_visitor(stored: object) -> None:
    first, second = Visitor.of(stored), Visitor.of(stored)
    assert len(first.owner) == 32
    assert first.owner != second.owner
    assert first.conversation == ""


def test_conversations_that_cannot_be_kept_are_an_error_with_a_remedy(tmp_path: Path) -> None:
    broken = tmp_path / "c.sqlite3"
    broken.write_text("this is no database, but it is long enough to look like one " * 20, encoding="utf-8")
    remedy = r"Make the folder writable, move the file away, or name another one with the setting `conversations`\."
    with pytest.raises(AskJapanError, match=rf"cannot be used .* {remedy}"):
        ConversationStore(broken)
    newer = tmp_path / "newer.sqlite3"
    with closing(sqlite3.connect(newer)) as database:
        database.execute("PRAGMA user_version = 9")
    with pytest.raises(AskJapanError, match=r"kept in form 9, this version reads form 1"):
        ConversationStore(newer)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(AskJapanError, match=r"cannot be used"):
        ConversationStore(tmp_path / "file" / "c.sqlite3")


def test_an_answer_of_another_version_is_told_of_and_does_not_block_the_page(chat: Chat, store: ConversationStore) -> None:
    _, _, stored = last(chat, MONEY)
    with closing(sqlite3.connect(store.path)) as database, database:
        database.execute("UPDATE turns SET answer = ?", (json.dumps({"format": "askjapan answer 0"}),))
    shown, _, known = chat.open(stored, stored["conversation"])
    assert len(shown) == 1
    assert "its format is &#x27;askjapan answer 0&#x27;" in shown[0]["content"]
    assert known["conversation"] == ""


@pytest.fixture(scope="module")
def address(library: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(library, tmp_path_factory.mktemp("kept") / "conversations.sqlite3") as url:
        yield url


def call_page(address: str, *requests: list[object]) -> list[Any]:
    """What `gradio_client` gets for requests made all at once; in its own process, because it leaves sockets open."""
    script = SUPPORT / "call_page.py"
    done = subprocess.run(
        [sys.executable, str(script), address],
        input=json.dumps(requests),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def test_gradio_client_calls_the_three_functions(address: str) -> None:
    answer, hits, works, wrong = call_page(
        address, ["ask", MONEY], ["retrieve", NETS, 2], ["list_documents"], ["ask", MONEY, [], ["astronomy"]]
    )
    assert answer["format"] == "askjapan answer 1"
    assert answer["sentences"][0]["text"] == MONEY_QUOTE
    assert [hit["rank"] for hit in hits] == [1, 2]
    assert hits[0]["document"]["title"] == "Nets & <b>Knots</b>"
    assert {"hoshino-lanterns", "aoba-tea-note"} < {work["id"] for work in works}
    assert wrong["error"].startswith("There is no theme 'astronomy' in the index. Known are: ")


def test_ten_at_once_get_their_own_answers(address: str) -> None:
    questions = [MONEY, NETS, BOATS, PAGES, "How many pickers from Nepal did Aoba hire?"] * 2
    answers = call_page(address, *(["ask", question] for question in questions))
    assert [answer["question"] for answer in answers] == questions
    assert answers[:5] == answers[5:]
    firsts = [answer["sentences"][0]["text"] for answer in answers]
    assert (firsts[0], firsts[1], firsts[3]) == (MONEY_QUOTE, NETS_SHOWN, PAGES_QUOTE)


def test_only_the_documented_functions_are_offered(address: str) -> None:
    with urllib.request.urlopen(f"{address}/gradio_api/info", timeout=20) as response:
        offered = json.load(response)
    documented = ["/ask", "/check_quote", "/list_documents", "/matrix", "/mentions", "/overview", "/retrieve"]
    assert sorted(offered["named_endpoints"]) == documented
    assert offered["unnamed_endpoints"] == {}


def test_two_visitors_at_once_see_only_their_own(chat: Chat, store: ConversationStore) -> None:
    visitors = [Visitor(f"visitor-{number}").stored() for number in range(10)]
    questions = [MONEY, NETS] * 5

    def converse(place: tuple[dict[str, str], str]) -> list[Message]:
        stored, question = place
        _, _, stored = last(chat, question, stored)
        shown, _, _ = last(chat, BOATS, stored)
        return shown

    with ThreadPoolExecutor(10) as pool:
        shown = list(pool.map(converse, zip(visitors, questions, strict=True)))
    assert [[message["content"] for message in conversation[::2]] for conversation in shown] == [[q, BOATS] for q in questions]
    for visitor in visitors:
        entries = store.conversations(visitor["owner"])
        assert len(entries) == 1
        turns = store.turns(visitor["owner"], entries[0].id)
        assert len(turns) == 2
        assert len(messages(turns, ENGLISH)) == 4


def test_an_mcp_client_finds_and_calls_the_tools(address: str) -> None:
    mcp = pytest.importorskip("mcp", reason="the mcp extra is not installed")

    async def converse() -> None:
        async with mcp.Client(f"{address}/mcp") as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {"ask", "retrieve", "list_documents", "overview", "mentions", "matrix", "check_quote"}
            assert all(len(tool.description) > 100 for tool in tools.values())
            assert tools["ask"].description.startswith("Answer a question about Japan in the world")
            assert tools["ask"].input_schema["required"] == ["question"]
            answer = await client.call_tool("ask", {"question": MONEY})
            assert not answer.is_error
            assert json.loads(answer.content[0].text)["sentences"][0]["text"] == MONEY_QUOTE
            hits = await client.call_tool("retrieve", {"question": NETS, "k": 1})
            assert json.loads(hits.content[0].text)["rank"] == 1
            works = await client.call_tool("list_documents", {})
            assert "hoshino-lanterns" in [json.loads(entry.text)["id"] for entry in works.content]
            about = json.loads((await client.call_tool("overview", {"documents": ["hoshino-lanterns"]})).content[0].text)
            assert about["answered"]
            assert {one["document_id"] for told in about["sentences"] for one in told["citations"]} == {"hoshino-lanterns"}
            unknown = await client.call_tool("overview", {"language": "fr"})
            assert "'fr' is no language that can be asked for." in unknown.content[0].text
            counted = json.loads((await client.call_tool("mentions", {"term": "lantern", "shown": 1})).content[0].text)
            work = next(work for work in counted["works"] if work["id"] == "hoshino-lanterns")
            assert (counted["count"], work["count"], len(work["mentions"])) == (2, 2, 1)
            compared = json.loads((await client.call_tool("matrix", {"questions": [MONEY]})).content[0].text)
            cells = {row["id"]: row["cells"][0] for row in compared["rows"]}
            assert cells["hoshino-lanterns"]["quote"] == MONEY_SENTENCE
            assert cells["hoshino-lanterns"]["where"] == "§ 2. What the towns spent"
            misquoted = {"quote": MONEY_QUOTE.replace("312", "321")}
            checked = json.loads((await client.call_tool("check_quote", misquoted)).content[0].text)
            assert (checked["status"], checked["differences"]) == ("altered", [{"draft": "321", "source": "312"}])
            nothing = await client.call_tool("mentions", {"term": "?"})
            assert nothing.is_error
            assert "is no term that could be looked for" in nothing.content[0].text
            wrong = await client.call_tool("ask", {"question": MONEY, "themes": ["astronomy"]})
            assert wrong.is_error
            assert "There is no theme 'astronomy' in the index." in wrong.content[0].text

    asyncio.run(converse())


@pytest.mark.parametrize("library_used", ["gradio_client", "mcp"])
def test_what_the_readme_shows_to_other_programs_runs(address: str, library_used: str, tmp_path: Path) -> None:
    pytest.importorskip(library_used, reason=f"{library_used} is not installed")
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    code = next(block for block in blocks if f"from {library_used} import" in block)
    asked = "Why did Masuzoe visit Beijing?"
    assert asked in code
    ran = in_subprocess("-c", code.replace("http://127.0.0.1:7860", address).replace(asked, MONEY), home=tmp_path)
    assert ran.returncode == 0, ran.stderr
    first = {"gradio_client": f"{MONEY_QUOTE} ['2. What the towns spent']", "mcp": "True "}[library_used]
    assert ran.stdout.startswith(first)


def test_app_py_is_short_and_only_starts_the_page() -> None:
    lines = (Path(__file__).resolve().parents[2] / "app.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 20
    assert any("launch(load_settings())" in line for line in lines)


def test_a_port_in_use_is_one_sentence_with_a_remedy(library: Place, address: str, tmp_path: Path) -> None:
    port = address.rsplit(":", 1)[1]
    app = Path(__file__).resolve().parents[2] / "app.py"
    done = in_subprocess(app, home=library.home, ASKJAPAN_PORT=port, XDG_DATA_HOME=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith(f"The chat cannot listen on 127.0.0.1:{port} (")
    assert done.stderr.endswith("Stop what uses that port, or choose another one with --port.\n")
    assert "Traceback" not in done.stderr
