"""Follow-up questions: offered where the corpus answers them, checked once, and never in the way of a question."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from askjapan.errors import QuestionError
from askjapan.index.build import build
from askjapan.web.columns.chat import Chat
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.store import ConversationStore, Turn
from askjapan.web.shared import suggestions
from askjapan.web.shared.service import AssistantService
from askjapan.web.shared.suggestions import Suggestions, _written, questions_after
from askjapan.web.words.translations import LANGUAGES, words
from tests.support.commands import ROOT
from tests.support.fakes import HashEncoder
from tests.support.places import Place
from tests.support.web_places import MONEY, NETS, make_library, make_service

EMILIA = Visitor("emilia").stored()
SKIP = {"__type__": "update"}


class Counting:
    """Stands in for the service: it answers every question that does not end with "mute"."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fingerprint = "one"

    def assistant(self) -> Any:
        return SimpleNamespace(index=SimpleNamespace(manifest=SimpleNamespace(fingerprint=self.fingerprint)))

    def ask(self, question: str, *filters: object) -> Any:
        self.asked.append(question)
        if question.endswith("wrong"):
            raise QuestionError("No.")
        return SimpleNamespace(answered=not question.endswith("mute"), kind="library" if question.endswith("list") else "fact")


def about(*sections: str) -> list[str]:
    return [f"What of {section}" for section in sections]


@pytest.fixture
def service() -> Counting:
    return Counting()


def test_the_first_three_that_are_answered_are_offered(service: Counting) -> None:
    found = Suggestions(service).answerable(about("a", "mute", "b", "c", "d"), (), ())  # type: ignore[arg-type]
    assert found == ["What of a", "What of b", "What of c"]
    assert len(service.asked) == 4
    assert Suggestions(service).answerable(about("mute", "wrong", "list", "a"), (), ()) == ["What of a"]  # type: ignore[arg-type]
    service.asked.clear()
    assert Suggestions(service).answerable(about("mute", *"pqrstu"), (), ()) == [  # type: ignore[arg-type]
        "What of p",
        "What of q",
        "What of r",
    ]


def test_each_is_checked_once_until_the_corpus_changes(service: Counting) -> None:
    suggestions = Suggestions(service)  # type: ignore[arg-type]
    for _ in range(3):
        suggestions.answerable(about("a", "mute"), (), ())
    assert service.asked == ["What of a", "What of mute"]
    suggestions.answerable(about("a"), ("migration",), ())
    service.fingerprint = "two"
    suggestions.answerable(about("a"), (), ())
    assert service.asked[2:] == ["What of a", "What of a"]


def test_nothing_is_checked_while_somebody_waits(service: Counting) -> None:
    suggestions = Suggestions(service)  # type: ignore[arg-type]
    with suggestions.waiting(), suggestions.waiting():
        assert suggestions.answerable(about("a"), (), ()) == []
    assert not suggestions.in_the_way
    with pytest.raises(ValueError, match="broken"), suggestions.waiting():
        raise ValueError("broken")
    assert suggestions.answerable(about("a"), (), ()) == ["What of a"]


def test_a_question_that_comes_in_ends_the_checks(service: Counting) -> None:
    suggestions = Suggestions(service)  # type: ignore[arg-type]
    waiting = suggestions.waiting()
    ask = service.ask

    def interrupted(question: str, *filters: object) -> Any:
        waiting.__enter__()
        return ask(question, *filters)

    service.ask = interrupted  # type: ignore[method-assign]
    assert suggestions.answerable(about("a", "b", "c"), (), ()) == ["What of a"]
    assert service.asked == ["What of a"]


def test_no_check_begins_after_the_time_is_up(service: Counting) -> None:
    seconds = iter([0.0, 0.0, 0.2, 0.3, 9.0])
    suggestions = Suggestions(service, lambda: next(seconds))  # type: ignore[arg-type]
    assert suggestions.answerable(about("a", "b", "c"), (), ()) == ["What of a", "What of b"]


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    library: Place = make_library(tmp_path / "home")
    return Chat(make_service(library), ConversationStore(tmp_path / "conversations.sqlite3"), pause=0)


def test_the_chat_offers_nothing_over_a_question_on_its_way(chat: Chat) -> None:
    stored = list(chat.respond(MONEY, EMILIA))[-1][2]
    options = chat.suggest(MONEY, stored)[-1]["options"]
    assert options
    with chat.suggestions.waiting():
        assert chat.suggest(MONEY, stored) == SKIP
    assert chat.suggest(MONEY, stored)[-1]["options"] == options
    assert chat.suggest(NETS, stored) == SKIP


def test_a_visitor_waits_only_until_the_answer_is_kept(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    states: list[bool] = []
    ask = AssistantService.ask

    def noting(self: AssistantService, *given: Any) -> Any:
        states.append(chat.suggestions.in_the_way)
        return ask(self, *given)

    monkeypatch.setattr(AssistantService, "ask", noting)
    replies = chat.respond(MONEY, EMILIA)
    next(replies)
    assert states == [True]
    assert not chat.suggestions.in_the_way
    replies.close()
    list(chat.respond(MONEY, EMILIA, themes=["astronomy"]))
    assert states == [True, True]
    assert not chat.suggestions.in_the_way


def test_suggestions_are_checked_in_the_index_in_use(chat: Chat) -> None:
    stored = list(chat.respond(MONEY, EMILIA))[-1][2]
    before = chat.suggestions._known.cache_info()
    chat.suggest(MONEY, stored)
    checked = chat.suggestions._known.cache_info().misses - before.misses
    assert checked > 0
    chat.suggest(MONEY, stored)
    assert chat.suggestions._known.cache_info().misses == before.misses + checked
    settings = chat.service.settings
    (settings.works / "kelp.md").write_text("# Kelp\n\nRausu sold 900 tons of kelp.\n", encoding="utf-8")
    build(settings.corpus_folders, settings.index_folder, HashEncoder(), catalogue=settings.catalogue)
    chat.suggest(MONEY, stored)
    assert chat.suggestions._known.cache_info().misses > before.misses + checked


def test_follow_ups_are_about_the_works_of_the_catalogue() -> None:
    catalogue = tomllib.loads((ROOT / "corpus" / "catalogue.toml").read_text(encoding="utf-8"))
    written = _written()
    assert set(written) == {work["title"] for work in catalogue["work"]}
    for languages in written.values():
        assert set(languages) == set(LANGUAGES)
        assert all(len(questions) >= 3 and len(set(questions)) == len(questions) for questions in languages.values())
        assert all(question.endswith("?") for question in languages["en"])
        assert all(question.endswith("か。") for question in languages["ja"])


def test_written_questions_come_first_and_none_is_asked_twice(
    service_of_books: AssistantService, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = service_of_books.ask(MONEY)
    title = answer.citations[0].title
    monkeypatch.setattr(suggestions, "_written", lambda: {title: {"en": ["Who paid?", "When?"], "ja": ["誰ですか。"]}})
    turn = Turn("t", "c", 0, answer)
    english = questions_after(turn, [MONEY, "When?"], words("en"))
    assert english[0] == "Who paid?"
    assert "When?" not in english
    assert english[-1] == f"Give an overview of “{title}”."
    assert questions_after(turn, [MONEY], words("ja"))[0] == "誰ですか。"


@pytest.fixture
def service_of_books(tmp_path: Path) -> AssistantService:
    return make_service(make_library(tmp_path / "home"))
