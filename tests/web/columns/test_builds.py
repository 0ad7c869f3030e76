"""Builds while the page is up, the library and the map."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from askjapan.assistant import Assistant
from askjapan.citations.verify import verify
from askjapan.errors import AskJapanError
from askjapan.web.columns.chat import Chat, status_line
from askjapan.web.columns.handlers import Handlers
from askjapan.web.columns.library_handlers import LibraryTab
from askjapan.web.conversations.store import ConversationStore
from askjapan.web.html.library_cards import build_line
from askjapan.web.shared.service import AssistantService, Status
from tests.support.chats import ENGLISH, last
from tests.support.fakes import HashEncoder
from tests.support.places import TEA_NOTE, Place
from tests.support.web_places import (
    MONEY,
)


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


def test_an_answer_that_builds_overtake_comes_from_the_index_in_use(place: Place) -> None:
    """On a busy machine more than one build ends while one answer is looked for; each takes the texts of the one before it away."""
    service = AssistantService(make_settings(), HashEncoder())
    service.start()
    assert service.wait(30)
    used = []

    def overtaken(assistant: Assistant) -> str:
        used.append(assistant)
        if len(used) < 4:
            (place.notes / "kelp.md").write_text(f"# Kelp\n\nRausu sold {len(used)}00 tons of kelp.\n", encoding="utf-8")
            list(service.rebuild(0.01))
        return assistant.text("aoba-tea-note")

    assert service.use_in_turn("emilia", overtaken) == TEA_NOTE
    assert len(set(map(id, used))) == 4
    assert used[-1] is service.assistant()


def test_a_hundred_questions_while_the_index_is_built_again_and_again(place: Place) -> None:
    service = AssistantService(make_settings(), HashEncoder())
    service.start()
    assert service.wait(30)
    asked = threading.Event()

    def rebuild() -> int:
        number = 0
        while not asked.is_set() or not number:
            number += 1
            (place.notes / "kelp.md").write_text(f"# Kelp\n\nRausu sold {number}00 tons of kelp.\n", encoding="utf-8")
            list(service.rebuild(0.01))
        return number

    with ThreadPoolExecutor(5) as threads:
        built = threads.submit(rebuild)
        answers = list(threads.map(service.ask, [MONEY] * 100))
        asked.set()
        assert built.result()
    assert len(answers) == 100
    for answer in answers:
        assert [verdict.status for verdict in verify([answer.to_dict()], [])] == ["ok"] * len(answer.citations)
        assert answer.citations


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
