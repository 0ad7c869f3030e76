"""Which works are asked: collections of one browser, and what the button over the box says."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from askjapan.web.columns.choice import Choice
from askjapan.web.columns.library_handlers import LibraryTab
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.store import ConversationStore
from tests.support.web_places import make_library, make_service

EMILIA, STRANGER = Visitor("emilia").stored(), Visitor("stranger").stored()


@pytest.fixture
def choice(tmp_path: Path) -> Choice:
    library = LibraryTab(make_service(make_library(tmp_path / "home")))
    return Choice(library, ConversationStore(tmp_path / "c.sqlite3"))


def test_collections_are_made_renamed_chosen_and_forgotten_by_their_browser(choice: Choice) -> None:
    update, told = choice.save(EMILIA, "  My   towns ", ["hoshino-lanterns", "gone"])
    assert (told, [name for name, _ in update["choices"]]) == ("", ["My towns"])
    id_ = update["value"]
    assert choice.pick(EMILIA, id_)["value"] == ["hoshino-lanterns"]
    assert choice.collections(STRANGER)["choices"] == []
    choice.rename(STRANGER, "Mine", id_)
    assert choice.rename(EMILIA, "Towns", id_)[0]["choices"] == [("Towns", id_)]
    # A name is kept once: what is saved under it again takes its place.
    again = choice.save(EMILIA, "Towns", ["aoba-tea-note"])[0]
    assert [name for name, _ in again["choices"]] == ["Towns"]
    choice.delete(STRANGER, "yes", again["value"])
    choice.delete(EMILIA, "", again["value"])
    assert choice.pick(EMILIA, again["value"])["value"] == ["aoba-tea-note"]
    assert choice.delete(EMILIA, "yes", again["value"])[0]["choices"] == []


def test_what_is_chosen_is_named(choice: Choice) -> None:
    assert choice.told(EMILIA, [], [])["value"] == "Asking all works (3)"
    assert choice.told(EMILIA, ["migration"], [])["value"] == "Asking: migration"
    assert choice.told(EMILIA, [], ["hoshino-lanterns"])["value"] == "Asking: The Lantern Towns of Hoshino Bay"
    every = [document.id for document in choice.library.documents()]
    assert choice.told(EMILIA, [], every)["value"] == "Asking: 3 of 3 works"


def test_a_page_that_asks_before_it_is_known_gets_the_browsers_language(choice: Choice) -> None:
    request: Any = SimpleNamespace(headers={"accept-language": "ja,en;q=0.5"})
    assert choice.told(None, [], [], request)["value"] == "対象：すべての文献（3点）"
    assert choice.told({**EMILIA, "language": "en"}, [], [], request)["value"] == "Asking all works (3)"


def test_a_collection_that_is_not_chosen_is_asked_for(choice: Choice) -> None:
    assert "Choose a collection first." in choice.rename(EMILIA, "Ports", None)[1]
    assert "Choose a collection first." in choice.delete(EMILIA, "yes", None)[1]
    assert "Tick the works of the collection first." in choice.save(EMILIA, "Ports", [])[1]


def test_a_list_of_collections_that_is_closed_again_unticks_nothing(choice: Choice) -> None:
    assert choice.pick(EMILIA, None) == choice.pick(EMILIA, "") == gr.skip()


def test_collections_are_in_sight_where_there_are_some(choice: Choice) -> None:
    assert choice.collections(EMILIA)["visible"] is False
    choice.save(EMILIA, "Towns", ["hoshino-lanterns"])
    assert choice.collections(EMILIA)["visible"] is True
