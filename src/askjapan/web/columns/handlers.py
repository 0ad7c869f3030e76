"""Handlers of the page outside its columns: opening it, polling the loading state, the library, repeating an earlier question."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import gradio as gr

from askjapan.web.columns.chat import Chat, status_line
from askjapan.web.columns.choice import Choice
from askjapan.web.columns.history import History
from askjapan.web.columns.library_handlers import LibraryTab
from askjapan.web.columns.messages import typed
from askjapan.web.columns.visitors import Visitor, greeted
from askjapan.web.conversations.store import ConversationStore
from askjapan.web.html.answers import note_html
from askjapan.web.html.corpus_map import map_html
from askjapan.web.html.start_screen import start_html
from askjapan.web.shared.service import AssistantService
from askjapan.web.source_pane.calls import SourcePane, shown
from askjapan.web.words.translations import Words, language_of, words

Update = Any
"""Update of a component in Gradio: a value, or `gr.update(...)`."""


class Handlers:
    """Handlers over the service and the conversations that all visitors share; a visitor comes in with each call."""

    def __init__(self, service: AssistantService, store: ConversationStore, chat: Chat) -> None:
        self.service = service
        self.store = store
        self.chat = chat
        self.library = LibraryTab(service)
        self.history = History(store, chat)
        self.choice = Choice(self.library, store)
        self.pane = SourcePane(service, store)
        self._process = secrets.token_hex(4)

    def health(self) -> dict[str, object]:
        """State of the server for the page's script: `process` changes with a restart, `state` with whatever `tick` would show."""
        status = self.service.status
        state = hashlib.sha256(f"{status.kind}{status.error}{self.library.state()}".encode()).hexdigest()[:12]
        return {"process": self._process, "state": state}

    def arrive(self, stored: object, request: gr.Request) -> tuple[Update, ...]:
        """Open a page: the visitor's language, the open conversation or what a link names, and what `tick` shows.

        Returns:
            Messages with the start, pane, visitor, conversations, language, then as `tick` after its start.
        """
        visitor = Visitor.of(stored)
        asked_for = str(request.query_params.get("lang", ""))
        language = words(asked_for or visitor.language or language_of(request.headers.get("accept-language", ""))).language
        visitor = replace(visitor, language=language)
        if link := request.query_params.get("answer"):
            shown, pane, known = self.chat.open_link(visitor.stored(), str(link))
        elif link := request.query_params.get("conversation"):
            shown, pane, known = self.chat.open_shared(visitor.stored(), str(link))
        else:
            shown, pane, known = self.chat.open(visitor.stored(), visitor.conversation)
        start, *heard = self.tick(known)
        return {**start, "value": shown}, pane, known, self.history.rows(known), language, *heard

    def tick(self, stored: object, request: gr.Request | None = None) -> tuple[Update, ...]:
        """The start screen, the status line, the themes and works to choose, the jobs of adding and the works."""
        status, stored = self.service.status, greeted(stored, request)
        speak = speak_to(stored)
        documents = self.library.documents()
        start = start_html(documents or None, speak, editing=self.service.settings.library_editing)
        line = status_line(status, speak)
        told = note_html(line, "note" if status.building or status.error is None else "error") if line else ""
        heard = (told, *self.choice.offered(stored), self.library.adding(speak), self.library.works(speak))
        return gr.update(placeholder=start), *heard

    def take_question(self, question: str, stored: object, request: gr.Request | None = None) -> tuple[str, str, str]:
        """Take a question that was typed or chosen.

        Returns:
            The question, empty where it cannot be asked; the reason as HTML, or what is to be said beside it; and the id of the turn that it
            is asked instead of, empty where it is a new one.
        """
        if reason := self._busy(stored, request) or self.chat.fault(question, stored):
            return "", reason, ""
        self.chat.take(stored, request)
        return question, "", ""

    def retry(self, stored: object, event: gr.RetryData, request: gr.Request | None = None) -> tuple[str, str, str]:
        """Take the question of an answer whose retry button was pressed; returns as `take_question`."""
        return self._again(stored, typed(event.value), _number(event.index), request)

    def edit(self, stored: object, event: gr.EditData, request: gr.Request | None = None) -> tuple[str, str, str]:
        """Take an edited question; where others came after it, the note says that they stay. Returns as `take_question`."""
        return self._again(stored, typed(event.value), _number(event.index), request)

    def _again(self, stored: object, question: str, number: int, request: gr.Request | None) -> tuple[str, str, str]:
        taken, told, _ = self.take_question(question, stored, request)
        if not taken:
            return "", told, ""
        turn, gone_on = self.chat.turn_at(stored, number)
        if turn is None:
            return question, "", ""
        return question, note_html(speak_to(stored).plain("branched")) if gone_on else "", turn.id

    def _busy(self, stored: object, request: gr.Request | None) -> str:
        """Note that the previous answer is still coming, as HTML; empty where a question can be taken."""
        return note_html(speak_to(stored).plain("answering"), "error") if self.chat.is_busy(stored, request) else ""

    def fill_library(self, stored: object) -> tuple[Update, ...]:
        """The jobs of adding, the works, and the themes and works to choose, all looked up anew."""
        speak = speak_to(stored)
        return self.library.adding(speak), self.library.works(speak, fresh=True), *self.choice.offered(stored)

    def add_files(self, paths: list[str] | None, stored: object) -> tuple[Update, ...]:
        """Put uploaded files into the queue; returns a message, the jobs, and None, which empties the upload."""
        speak = speak_to(stored)
        told = self.library.add(paths or [], speak)
        return told, self.library.adding(speak), None

    def add_typed(self, path: str, title: str, text: str, stored: object) -> tuple[Update, ...]:
        """Add a file of this machine by its path, or a pasted text; returns a message, the jobs, and the fields, emptied if that worked."""
        speak = speak_to(stored)
        told = self.library.add_path(path, speak) if path.strip() else self.library.add_text(title, text, speak)
        left = (path, title, text) if told else ("", "", "")
        return told, self.library.adding(speak), *left

    def act_in_library(self, stored: object, event: gr.EventData) -> tuple[Update, ...]:
        """Carry out the action of a button of the library; returns a message, the jobs and the works."""
        given: Mapping[str, Any] = event._data if isinstance(event._data, dict) else {}
        fields = {str(name): str(value) for name, value in given.items()}
        speak = speak_to(stored)
        told = self.library.act(fields.get("do", ""), fields.get("of", ""), fields, speak)
        return told, self.library.adding(speak), self.library.works(speak, fresh=True)

    def build_again(self, stored: object) -> tuple[str, str]:
        """Start a build of the index; returns a message, and the jobs with the build."""
        speak = speak_to(stored)
        return self.library.rebuild(speak), self.library.adding(speak)

    def draw_map(self, stored: object) -> str:
        """The map of the corpus as HTML, with the passages of the last answer highlighted."""
        visitor = Visitor.of(stored)

        def draw() -> str:
            turns = self.store.turns(visitor.owner, visitor.conversation)
            lit = {citation.passage_id for citation in turns[-1].answer.citations} if turns else set()
            return map_html(self.service.assistant(), lit, speak_to(stored))

        return shown(draw, speak_to(stored))


def speak_to(stored: object) -> Words:
    """The words of a visitor's language."""
    return words(Visitor.of(stored).language)


def _number(index: int | tuple[int, int]) -> int:
    """The turn that a message belongs to: each has a question and an answer."""
    return (index if isinstance(index, int) else index[0]) // 2
