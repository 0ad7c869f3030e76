"""The rest of the page's handlers: arriving, the list of conversations, exporting, the source pane, the library."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from askjapan.citations.export import to_bibtex, to_csl, to_markdown, to_ris
from askjapan.citations.render import to_plain, to_text
from askjapan.citations.verify import CONVERSATION_FORMAT
from askjapan.errors import AskJapanError
from askjapan.records import Answer
from askjapan.web.chat import Chat, Visitor, status_line, typed
from askjapan.web.conversations import Keeper
from askjapan.web.corpus_map import map_html
from askjapan.web.highlights import Mark, citation_marks, passage_mark
from askjapan.web.html import note_html
from askjapan.web.library_tab import Shelf
from askjapan.web.page_view import page_html
from askjapan.web.service import Desk
from askjapan.web.source import citation_pane, passage_pane, work_pane
from askjapan.web.translations import Words, language_of, words

EXPORT_SECONDS = 60.0  # an exported file stays so long at least; it is copied as soon as its handler has ended
Update = Any
"""What Gradio takes for a component: a value, or `gr.update(...)`."""


def conversation_json(answers: Sequence[Answer]) -> str:
    """A conversation in the form that `askjapan verify` and `askjapan export` read."""
    data = {"format": CONVERSATION_FORMAT, "answers": [answer.to_dict() for answer in answers]}
    return json.dumps(data, ensure_ascii=False, indent=1)


FORMS: dict[str, tuple[str, Callable[[Sequence[Answer]], str]]] = {
    "Markdown": ("md", to_markdown),
    "BibTeX": ("bib", to_bibtex),
    "CSL-JSON": ("csl.json", to_csl),
    "RIS": ("ris", to_ris),
    "JSON": ("json", conversation_json),
}


class Handlers:
    """Handlers over the desk and the conversations that all visitors share; a visitor comes in with each call."""

    def __init__(self, desk: Desk, keeper: Keeper, chat: Chat) -> None:
        self.desk = desk
        self.keeper = keeper
        self.chat = chat
        self.shelf = Shelf(desk)
        self._exports: dict[Path, float] = {}
        self._lock = threading.Lock()

    def arrive(self, stored: object, request: gr.Request) -> tuple[Update, ...]:
        """A page has been opened: the visitor's language, the open conversation or the linked answer, and how far the desk is.

        Returns:
            Messages, pane, visitor, conversations, language, then as `tick`.
        """
        visitor = Visitor.of(stored)
        asked_for = str(request.query_params.get("lang", ""))
        language = words(asked_for or visitor.language or language_of(request.headers.get("accept-language", ""))).language
        visitor = replace(visitor, language=language)
        if link := request.query_params.get("answer"):
            shown, pane, known = self.chat.open_link(visitor.stored(), str(link))
        else:
            shown, pane, known = self.chat.open(visitor.stored(), visitor.conversation)
        return shown, pane, known, self.list_conversations(known), language, *self.tick(known)

    def tick(self, stored: object) -> tuple[Update, ...]:
        """The status line, the choices of both filters, and whether the page has to ask again."""
        status = self.desk.status
        line = status_line(status, _speak(stored))
        told = note_html(line, "error" if status.kind == "failed" else "note") if line else ""
        return (told, *self._filters(), gr.Timer(active=status.kind == "loading" or status.building))

    def _filters(self) -> tuple[Update, Update]:
        documents = [(entry.title, entry.id) for entry in self.shelf.documents()]
        return gr.update(choices=self.shelf.themes()), gr.update(choices=documents)

    def list_conversations(self, stored: object, search: str = "") -> Update:
        """The visitor's conversations that fit the search, the open one chosen."""
        visitor = Visitor.of(stored)
        try:
            found = [(entry.title, entry.id) for entry in self.keeper.conversations(visitor.owner, search)]
        except AskJapanError as error:
            return gr.update(choices=[], value=None, info=str(error))
        chosen = visitor.conversation if visitor.conversation in {id_ for _, id_ in found} else None
        info = "" if found else _speak(stored).plain("no_match" if search.strip() else "no_conversations")
        return gr.update(choices=found, value=chosen, info=info)

    def rename_conversation(self, stored: object, title: str) -> tuple[Update, str]:
        """Rename the open conversation; empties the field, unless that failed."""
        visitor = Visitor.of(stored)
        try:
            self.keeper.rename(visitor.owner, visitor.conversation, title)
        except AskJapanError as error:
            return gr.update(info=str(error)), title
        return self.list_conversations(stored), ""

    def delete_conversation(self, stored: object) -> tuple[Update, ...]:
        """Delete the open conversation; None in place of the visitor means that the user thought better of it."""
        if stored is None:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        visitor = Visitor.of(stored)
        try:
            self.keeper.delete(visitor.owner, visitor.conversation)
        except AskJapanError as error:
            return gr.skip(), gr.skip(), gr.skip(), gr.update(info=str(error))
        shown, pane, known = self.chat.open(stored, "")
        return shown, pane, known, self.list_conversations(known)

    def export_conversation(self, stored: object, form: str) -> tuple[Update, str]:
        """The open conversation as a file, or a sentence where there is nothing to export."""
        visitor = Visitor.of(stored)
        try:
            answers = [turn.answer for turn in self.keeper.turns(visitor.owner, visitor.conversation)]
        except AskJapanError as error:
            return None, note_html(str(error), "error")
        if not answers:
            return None, note_html(_speak(stored).plain("export_nothing"), "error")
        ending, write = FORMS[form]
        path = self._export_folder() / f"askjapan-conversation.{ending}"
        path.write_text(write(answers), encoding="utf-8")
        return str(path), ""

    def _export_folder(self) -> Path:
        """A new folder for an export; those of earlier exports, of which Gradio has its own copy long since, are deleted."""
        now = time.monotonic()
        folder = Path(tempfile.mkdtemp(prefix="askjapan-"))
        with self._lock:
            old = [made for made, when in self._exports.items() if now - when > EXPORT_SECONDS]
            self._exports = {made: when for made, when in self._exports.items() if made not in old} | {folder: now}
        for made in old:
            shutil.rmtree(made, ignore_errors=True)
        return folder

    def retry(self, stored: object, event: gr.RetryData) -> str:
        """The question of the answer whose retry button was pressed."""
        again = self._ask_again(stored, event.index)
        return again or typed(event.value)

    def edit(self, stored: object, event: gr.EditData) -> str:
        """The edited question; what came after it is forgotten."""
        self._ask_again(stored, event.index)
        return typed(event.value)

    def _ask_again(self, stored: object, index: int | tuple[int, int]) -> str:
        try:
            return self.chat.ask_again(stored, _number(index))
        except AskJapanError:
            # The question is asked next, and meets the same error where it can be told.
            return ""

    def for_the_pane(self) -> list[Callable[[list[Any]], str]]:
        """The functions that the source pane's script calls, each with a list of arguments."""
        shown = (self.show_citation, self.show_near, self.show_passage, self.copy_text, self.show_page, self.show_work)
        return [_with_a_list(function) for function in shown]

    def show_citation(self, turn_id: str, marker: int, language: str) -> str:
        """For the source pane: the document that a number cites, its quote marked."""
        speak = words(language)

        def show() -> str:
            turn = self.keeper.turn(str(turn_id))
            if turn is None:
                return note_html(speak.plain("link_gone"), "error")
            return citation_pane(turn, _whole(marker), self.desk.assistant().index.manifest.documents, self.desk.text, speak)

        return self._shown(show)

    def show_near(self, turn_id: str, rank: int, language: str) -> str:
        """For the source pane: the document of one of an answer's hits, opened at its passage."""
        return self._shown(lambda: self.show_passage(self._near(turn_id, rank), language))

    def _near(self, turn_id: str, rank: int) -> str:
        turn = self.keeper.turn(str(turn_id))
        hit = next((hit for hit in turn.answer.hits if hit.rank == _whole(rank)), None) if turn else None
        return hit.passage.id if hit else ""

    def show_passage(self, passage_id: str, language: str) -> str:
        """For the source pane: the document of a passage, opened at it."""
        speak = words(language)

        def show() -> str:
            index = self.desk.assistant().index
            passage = index.passage(str(passage_id))
            if passage is None:
                return note_html(speak.plain("gone_passage"), "error")
            return passage_pane(passage, index.documents[passage.document_id], self.desk.text(passage.document_id), speak)

        return self._shown(show)

    def show_work(self, document_id: str, language: str) -> str:
        """For the source pane: a work of the library from its beginning."""
        speak = words(language)

        def show() -> str:
            document = self.desk.assistant().index.documents.get(str(document_id))
            if document is None:
                return note_html(speak.plain("gone_work"), "error")
            return work_pane(document, self.desk.text(document.id), speak)

        return self._shown(show)

    def show_page(self, document_id: str, number: int, link: list[str], language: str) -> str:
        """For the source pane: one page of a document as a picture, marked for the link that opened the document.

        Args:
            document_id: names a document of the index; nothing else is ever opened.
            number: of the page, from 1.
            link: the parts of the pane's link: "aj-cite" with an answer's id and a number of it, "aj-near" with an answer's id and
                a rank, or "aj-passage" with a passage's id.
            language: of the interface.
        """
        speak = words(language)

        def show() -> str:
            return page_html(self.desk.assistant(), str(document_id), _whole(number), self._marks(str(document_id), link), speak)

        return self._shown(show)

    def _marks(self, document_id: str, link: list[str]) -> list[Mark]:
        index = self.desk.assistant().index
        document = index.documents.get(document_id)
        kind, first, second = [*map(str, link), "", "", ""][:3]
        if document is None:
            return []
        if kind == "aj-cite":
            turn = self.keeper.turn(first)
            return citation_marks(turn, document, _whole(second)) if turn else []
        passage = index.passage(self._near(first, _whole(second)) if kind == "aj-near" else first)
        return [passage_mark(passage)] if passage and passage.document_id == document_id else []

    def copy_text(self, turn_id: str, cited: bool) -> str:
        """An answer as text for the clipboard: with its numbers and sources, or the bare quotes; empty if there is none."""
        try:
            turn = self.keeper.turn(str(turn_id))
        except AskJapanError:
            turn = None
        if turn is None:
            return ""
        if cited:
            return to_text(turn.answer)
        return to_plain(turn.answer)

    def _shown(self, show: Callable[[], str]) -> str:
        try:
            return show()
        except AskJapanError as error:
            return note_html(str(error), "error")

    def fill_library(self, stored: object) -> tuple[Update, ...]:
        """The table of works, the works that can be removed and corrected, and the choices of both filters."""
        removable = gr.update(choices=self.shelf.own_works(), value=None)
        themes, works = self._filters()
        return self.shelf.table(_speak(stored)), removable, gr.update(choices=works["choices"], value=None), themes, works

    def edit_work(self, document_id: str | None, title: str, authors: str, year: str, stored: object) -> Iterator[str]:
        """Correct a work and build the index."""
        yield from self.shelf.edit(document_id, title, authors, year, _speak(stored))

    def add_files(self, paths: list[str] | None, stored: object) -> Iterator[str]:
        """Add files, telling how far each is."""
        speak = _speak(stored)
        if not paths:
            yield note_html(speak.plain("choose_file"), "error")
            return
        yield from self.shelf.add(paths, speak)

    def remove_work(self, document_id: str | None, stored: object) -> Iterator[str]:
        """Remove one of the user's works."""
        yield from self.shelf.remove(document_id, _speak(stored))

    def build_again(self, stored: object) -> Iterator[str]:
        """Build the index."""
        yield from self.shelf.rebuild(_speak(stored))

    def draw_map(self, stored: object) -> str:
        """The map of the corpus, the passages of the last answer lit."""
        visitor = Visitor.of(stored)

        def draw() -> str:
            turns = self.keeper.turns(visitor.owner, visitor.conversation)
            lit = {citation.passage_id for citation in turns[-1].answer.citations} if turns else set()
            return map_html(self.desk.assistant(), lit, _speak(stored))

        return self._shown(draw)


def _with_a_list(function: Callable[..., str]) -> Callable[[list[Any]], str]:
    """The same function, called as the pane's script calls: by its name, with one list."""

    def call(given: list[Any]) -> str:
        return function(*given)

    call.__name__ = function.__name__
    return call


def _speak(stored: object) -> Words:
    return words(Visitor.of(stored).language)


def _whole(given: object) -> int:
    """A number as a link gives it; 0, which nothing is numbered with, for anything else."""
    text = str(given)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _number(index: int | tuple[int, int]) -> int:
    """The turn that a message belongs to: each has a question and an answer."""
    return (index if isinstance(index, int) else index[0]) // 2
