"""How results across all works are shown: what is cut says so, what is alone is unfolded, a place is named once."""

from __future__ import annotations

from pathlib import Path

import pytest

from askjapan.index.build import build
from askjapan.web.conversations.exporting import Exports
from askjapan.web.conversations.store import Turn
from askjapan.web.html.answers import answer_html
from askjapan.web.shared.service import AssistantService
from askjapan.web.tabs.draft import DraftTab
from askjapan.web.tabs.mentions import MentionsTab
from askjapan.web.words.spoken import Spoken
from askjapan.web.words.translations import words
from tests.support.fakes import HashEncoder
from tests.support.web_places import make_library, make_service

TERNS = (
    "Terns nest on the pier. " + "Every spring the children of the harbour count the terns, and the ferry waits for them. " * 3
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> AssistantService:
    place = make_library(tmp_path_factory.mktemp("library") / "home")
    text = f"# Terns of the pier\n\n## On terns\n\n{TERNS}\n\n{'鯨の町は姉妹都市と手紙を交わした。' * 8}\n"
    (place.works / "terns.md").write_text(text, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    return make_service(place)


def mentions(service: AssistantService, term: str) -> str:
    return str(MentionsTab(service, Exports(), Spoken(), words("en")).find(term, False, {"owner": "emilia"})[0])


def test_a_mention_that_is_cut_has_an_ellipsis_on_that_side(service: AssistantService) -> None:
    html = mentions(service, "terns")
    assert "><mark>Terns</mark> nest on the pier. Every spring the children of the harbour count the …</a>" in html
    assert "><mark>Terns</mark> of the pier</a>" in html
    assert (
        ">… waits for them. Every spring the children of the harbour count the <mark>terns</mark>, and the ferry waits for them. …</a>"
        in html
    )
    assert ">… " in mentions(service, "姉妹都市")


def test_the_only_work_with_mentions_is_unfolded_however_many_it_has(
    service: AssistantService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("askjapan.web.tabs.mentions.SHOWN_OPEN", 0)
    assert mentions(service, "terns").count('<details class="aj-found" open>') == 1
    assert '<details class="aj-found" open>' not in mentions(service, "the")


def test_a_place_of_a_quotation_is_named_once(service: AssistantService, tmp_path: Path) -> None:
    *_, (html, kept, *_) = DraftTab(service, Exports(), Spoken(), words("en")).run(
        None, "“Every spring the children of the harbour count the terns”", {"owner": "emilia"}
    )
    assert kept is not None
    assert len(kept.quotations[0].places) == 3
    assert html.count("Terns of the pier · On terns</a>") == 1


def test_a_list_from_the_catalogue_can_be_copied_and_linked_to(service: AssistantService) -> None:
    html = answer_html(Turn("t1", "c1", 0, service.ask("Which works are there?")), words("en"))
    assert "This library holds 4 works." in html
    assert "aj-copy_link" in html
    assert "aj-confidence" not in html
