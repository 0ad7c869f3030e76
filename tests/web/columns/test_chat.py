"""The chat: an answer as it appears, its quotes and tables, what is said where there is none."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from askjapan.answering.quoting.cite import cite
from askjapan.records import Sentence
from askjapan.web.columns.chat import Chat
from askjapan.web.columns.library_handlers import LibraryTab
from askjapan.web.columns.messages import typed, user_message
from askjapan.web.conversations.store import ConversationStore
from askjapan.web.html.answers import answer_html, note_html, sources_html
from askjapan.web.html.corpus_map import map_html
from askjapan.web.shared.service import AssistantService, Status
from askjapan.web.source_pane.text import citation_pane
from tests.support.chats import EMILIA, ENGLISH, last, marked, rows_quoted, turn_of
from tests.support.fakes import HashEncoder
from tests.support.places import Place
from tests.support.web_places import (
    BOATS,
    MONEY,
    MONEY_QUOTE,
    NETS,
    NETS_SHOWN,
    make_service,
)


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
    monkeypatch.setattr("askjapan.answering.judgement.NEAR", 0.0)  # a stub's cosines are low
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
