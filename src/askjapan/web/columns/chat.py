"""Handlers of the chat: each asks, presents or explains. The visitor's state comes in with the call and goes out again."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import gradio as gr

from askjapan.assistant import check_question
from askjapan.citations.render import shortened
from askjapan.citations.writer.generate import write
from askjapan.errors import AskJapanError, WriterError
from askjapan.web.columns.messages import Message, assistant_message, messages, user_message
from askjapan.web.columns.replies import Replies, Reply, unchanged
from askjapan.web.columns.visitors import Visitor, page_of
from askjapan.web.conversations.store import ConversationStore, Turn
from askjapan.web.html.answers import answer_html, note_html, sources_html
from askjapan.web.html.library_cards import build_line
from askjapan.web.server.hosts import is_local
from askjapan.web.server.request_log import id_of, log_answer, log_writer
from askjapan.web.shared.running import Asked, Running
from askjapan.web.shared.service import AssistantService, Status
from askjapan.web.shared.suggestions import Suggestions, questions_after
from askjapan.web.words.translations import Words, words

TOLD = 80  # characters of a question that was stopped
REMEMBERED = 100  # earlier questions of a conversation that a follow-up may lean on


class Chat:
    """The handlers of the conversation, over the service and the conversations that all visitors share."""

    def __init__(self, service: AssistantService, store: ConversationStore, pause: float = 0.15) -> None:
        self.service = service
        self.store = store
        self.pause = pause
        self.suggestions = Suggestions(service)
        self.running = Running()

    def respond(
        self,
        question: str,
        stored: object,
        themes: Sequence[str] = (),
        documents: Sequence[str] = (),
        instead_of: str = "",
        request: gr.Request | None = None,
    ) -> Iterator[Reply]:
        """Answer a question of a visitor: yields notes while models load or others wait, then the answer sentence by sentence.

        `instead_of` is the id of the turn that is asked again; it stays until the new answer is kept in its place.
        """
        visitor = Visitor.of(stored)
        with self.running.asking(page_of(stored, request), question, visitor.language) as asked:
            begun = False
            with closing(self._answered(asked, visitor, themes, documents, instead_of, request)) as replies:
                while not asked.stopped.is_set() and (reply := next(replies, None)):
                    # Whoever has gone to another conversation meanwhile is not taken back.
                    if not asked.stopped.is_set():
                        begun = True
                        yield reply
            if not begun:
                # Gradio empties the outputs of a generator that yields nothing.
                yield unchanged()

    def _answered(
        self,
        asked: Asked,
        visitor: Visitor,
        themes: Sequence[str],
        documents: Sequence[str],
        instead_of: str,
        request: gr.Request | None,
    ) -> Generator[Reply, None, None]:
        question, began = asked.question, time.perf_counter()
        reply = Replies(asked, visitor)
        try:
            turns = self._before(visitor, instead_of)
            reply = Replies(asked, visitor, turns)
            self.store.require_room(visitor.owner)
            while not self.service.wait(0):
                yield reply.told(status_line(self.service.status, words(asked.language)))
                self.service.wait(0.5)
            with self.suggestions.waiting(), self.service.line.join(visitor.owner) as ticket:
                while place := ticket.wait(0.5):
                    yield reply.told(words(asked.language).plain("queue_place", place=place))
                earlier = [turn.answer.question for turn in turns[-REMEMBERED:]]
                answer = self.service.ask(question, earlier, themes, documents)
                if asked.stopped.is_set():
                    return
                turn = self.store.keep(visitor.owner, visitor.conversation, answer, themes, documents, instead_of=instead_of)
                asked.kept.set()
            log_answer(answer, began, id_of(request), question)
        except AskJapanError as error:
            log_answer(error, began, id_of(request), question)
            yield reply.told(words(asked.language).error(error), "error")
            return
        reply = Replies(asked, replace(visitor, conversation=turn.conversation), turns)
        yield from self._appear(reply, turn)
        yield from self._write(reply, turn)

    def _before(self, visitor: Visitor, turn: str) -> list[Turn]:
        """The turns of the open conversation before one; all of them where it is not among them."""
        turns = self.store.turns(visitor.owner, visitor.conversation)
        place = next((number for number, one in enumerate(turns) if one.id == turn), len(turns))
        return turns[:place]

    def asked(self, question: str, stored: object, instead_of: str = "") -> Any:  # noqa: ANN401 - messages, or Gradio's sign
        """The conversation with a question that is being answered at its end, as it is shown until the answer comes."""
        visitor = Visitor.of(stored)
        try:
            before = self._before(visitor, instead_of)
        except AskJapanError:
            # The answer meets the same error, and tells it.
            return gr.skip()
        return [*messages(before, words(visitor.language)), user_message(question)]

    def _appear(self, reply: Replies, turn: Turn) -> Iterator[Reply]:
        for count in range(1, len(turn.answer.sentences)):
            yield reply.answered(turn, shown=count)
            time.sleep(self.pause)
        yield reply.answered(turn, beside=True)

    def _write(self, reply: Replies, turn: Turn) -> Iterator[Reply]:
        """Add what the writer of the settings, if there is one, writes from the quotes; it is kept also when it is stopped."""
        try:
            for written in write(turn.answer, self.service.settings, lambda error: self._told(error, reply.speak)):
                turn = replace(turn, answer=replace(turn.answer, written=written))
                yield reply.answered(turn, writing=True)
        finally:
            if turn.answer.written is not None:
                self.store.write(turn)
        if turn.answer.written is not None:
            yield reply.answered(turn)

    def _told(self, error: WriterError, speak: Words) -> str:
        """What a visitor is told of a writer that failed: only at this machine where it is and what it said."""
        log_writer(error)
        return str(error) if is_local(self.service.settings) else speak.plain("writer_failed")

    def suggest(self, question: str, stored: object, instead_of: str = "") -> Any:  # noqa: ANN401 - messages, or Gradio's sign to leave them
        """The conversation with follow-up questions, or the readings to choose from, under its last answer; nothing if it has gone on."""
        visitor = Visitor.of(stored)
        speak = words(visitor.language)
        try:
            turns = self.store.turns(visitor.owner, visitor.conversation)
            if not turns or turns[-1].answer.question != question or turns[-1].id == instead_of:
                return gr.skip()
            turn = turns[-1]
            given = questions_after(turn, [earlier.answer.question for earlier in turns], speak)
            options = turn.answer.readings or self.suggestions.answerable(given, turn.themes, turn.documents)
            gone_on = self.suggestions.in_the_way or len(self.store.turns(visitor.owner, visitor.conversation)) != len(turns)
        except AskJapanError:
            # The answer stands already; what is wrong is told to whoever asks next.
            return gr.skip()
        if not options or gone_on:
            return gr.skip()
        return [*messages(turns, speak)[:-1], assistant_message(answer_html(turns[-1], speak), options)]

    def open(self, stored: object, conversation: str) -> Reply:
        """A conversation of this visitor, with the sources of its last answer."""
        visitor = Visitor.of(stored)
        speak = words(visitor.language)
        try:
            turns = self.store.turns(visitor.owner, conversation)
        except AskJapanError as error:
            return self._nothing(speak.error(error), visitor, speak)
        visitor = replace(visitor, conversation=conversation if turns else "")
        return messages(turns, speak), sources_html(turns[-1] if turns else None, speak), visitor.stored()

    def spoken_anew(self, stored: object, request: gr.Request | None = None) -> tuple[Any, ...]:
        """The open conversation in the page's language; an answer that is coming brings it along."""
        if self.is_busy(stored, request):
            return (gr.skip(),) * 3
        return self.open(stored, Visitor.of(stored).conversation)

    def open_link(self, stored: object, turn_id: str) -> Reply:
        """The answer that a link names, in its conversation if that is this visitor's, else alone."""
        visitor = Visitor.of(stored)
        speak = words(visitor.language)
        try:
            turn = self.store.turn(turn_id)
            turns = self.store.turns(visitor.owner, turn.conversation) if turn else []
        except AskJapanError as error:
            return self._nothing(speak.error(error), visitor, speak)
        if turn is None:
            return self._nothing(speak.plain("link_gone"), visitor, speak)
        visitor = replace(visitor, conversation=turn.conversation if turns else "")
        return messages(turns or [turn], speak), sources_html(turn, speak), visitor.stored()

    def _nothing(self, told: str, visitor: Visitor, speak: Words) -> Reply:
        """An empty conversation that says why it is empty."""
        note = assistant_message(note_html(told, "error"))
        return [note], sources_html(None, speak), replace(visitor, conversation="").stored()

    def open_shared(self, stored: object, conversation: str) -> Reply:
        """The conversation that a link names, for anybody who has the link; their own questions go into a new conversation."""
        visitor = Visitor.of(stored)
        speak = words(visitor.language)
        try:
            own = self.store.turns(visitor.owner, conversation)
            turns = own or self.store.shared(conversation)
        except AskJapanError as error:
            return self._nothing(speak.error(error), visitor, speak)
        if not turns:
            return self._nothing(speak.plain("link_gone"), visitor, speak)
        visitor = replace(visitor, conversation=conversation if own else "")
        return messages(turns, speak), sources_html(turns[-1], speak), visitor.stored()

    def fault(self, question: str, stored: object) -> str:
        """Why a question cannot be asked, as HTML; empty where it can."""
        speak = words(Visitor.of(stored).language)
        try:
            check_question(question)
        except AskJapanError as error:
            return note_html(speak.error(error), "error")
        return ""

    def turn_at(self, stored: object, number: int) -> tuple[Turn | None, bool]:
        """A turn of the open conversation, None where none is kept there, and whether others come after it."""
        visitor = Visitor.of(stored)
        try:
            turns = self.store.turns(visitor.owner, visitor.conversation)
        except AskJapanError:
            # The question is asked next, and meets the same error where it can be told.
            turns = []
        return (turns[number], number < len(turns) - 1) if number < len(turns) else (None, False)

    def kept(self, stored: object, request: gr.Request | None = None) -> Any:  # noqa: ANN401 - messages, or Gradio's sign
        """The stored conversation, shown after a question was not taken; nothing changes on a page that waits for an answer."""
        visitor = Visitor.of(stored)
        if self.is_busy(stored, request):
            return gr.skip()
        return messages(self.store.turns(visitor.owner, visitor.conversation), words(visitor.language))

    def take(self, stored: object, request: gr.Request | None = None) -> None:
        """Prepare a page for a new question; see `Running.take`."""
        self.running.take(page_of(stored, request))

    def is_busy(self, stored: object, request: gr.Request | None = None) -> bool:
        """Whether a page waits for an answer."""
        return self.running.is_busy(page_of(stored, request))

    def leave(self, question: str, stored: object, request: gr.Request | None = None) -> str:
        """Stop what a page waits for, since it goes to another conversation; returns what is told of a question without an answer, as HTML."""
        left = self.running.stop(page_of(stored, request), question)
        if left is None or left.kept.is_set():
            return ""
        return note_html(words(Visitor.of(stored).language).plain("left", question=shortened(left.question, TOLD)))

    def stop(
        self, question: str, stored: object, instead_of: str = "", request: gr.Request | None = None
    ) -> tuple[list[Message], str]:
        """Stop the answer that a page waits for. Returns the stored conversation, and the question, empty where it stands there already."""
        visitor = Visitor.of(stored)
        turns = self.store.turns(visitor.owner, visitor.conversation)
        stands = bool(turns) and turns[-1].answer.question == question
        answered = stands and turns[-1].id != instead_of
        self.running.stop(page_of(stored, request), "" if answered else question)
        return messages(turns, words(visitor.language)), "" if stands else question


def status_line(status: Status, speak: Words) -> str:
    """Loading state, running build or error in a sentence; empty when the service is ready without any of these."""
    if status.building:
        return build_line(status, speak)
    if status.error is not None:
        return speak.error(status.error)
    return speak.plain("loading") if status.kind == "loading" else ""
