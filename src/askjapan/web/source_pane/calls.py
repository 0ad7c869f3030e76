"""Functions that the source pane's script calls on the server: documents opened at a place, pages drawn, answers as text to copy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from askjapan.citations.export import export_answers
from askjapan.citations.render import to_plain, to_text
from askjapan.errors import AskJapanError
from askjapan.web.conversations.exporting import STYLES
from askjapan.web.conversations.store import ConversationStore
from askjapan.web.html.answers import note_html
from askjapan.web.shared.service import AssistantService
from askjapan.web.source_pane.highlights import Mark, citation_marks, passage_mark
from askjapan.web.source_pane.pages import page_html
from askjapan.web.source_pane.text import citation_pane, passage_pane, work_pane
from askjapan.web.words.translations import Words, words


class SourcePane:
    """The functions over the service and the conversations that all visitors share."""

    def __init__(self, service: AssistantService, store: ConversationStore) -> None:
        self.service = service
        self.store = store

    def functions(self) -> list[Callable[[list[Any]], str]]:
        """The functions that the source pane's script calls, each with a list of arguments."""
        calls = (
            self.show_citation,
            self.show_near,
            self.show_passage,
            self.copy_text,
            self.show_page,
            self.show_work,
            self.copy_rich,
        )
        return [_with_a_list(function) for function in calls]

    def show_citation(self, turn_id: str, marker: int, language: str) -> str:
        """HTML of the document that a number of an answer cites, with its quote marked."""
        speak = words(language)

        def show() -> str:
            turn = self.store.turn(str(turn_id))
            if turn is None:
                return note_html(speak.plain("link_gone"), "error")
            return citation_pane(
                turn, _whole(marker), self.service.assistant().index.manifest.documents, self.service.text, speak
            )

        return shown(show, speak)

    def show_near(self, turn_id: str, rank: int, language: str) -> str:
        """HTML of the document of one of an answer's hits, opened at its passage."""
        return shown(lambda: self.show_passage(self._near(turn_id, rank), language), words(language))

    def _near(self, turn_id: str, rank: int) -> str:
        turn = self.store.turn(str(turn_id))
        hit = next((hit for hit in turn.answer.hits if hit.rank == _whole(rank)), None) if turn else None
        return hit.passage.id if hit else ""

    def show_passage(self, passage_id: str, language: str) -> str:
        """HTML of the document of a passage, opened at it."""
        speak = words(language)

        def show() -> str:
            index = self.service.assistant().index
            passage = index.passage(str(passage_id))
            if passage is None:
                return note_html(speak.plain("gone_passage"), "error")
            return passage_pane(passage, index.documents[passage.document_id], self.service.text(passage.document_id), speak)

        return shown(show, speak)

    def show_work(self, document_id: str, language: str) -> str:
        """HTML of a work of the library from its beginning; of a study note the edition in the page's language, if there is one."""
        speak = words(language)

        def show() -> str:
            documents = self.service.assistant().index.documents
            work = documents.get(str(document_id))
            if work is None:
                return note_html(speak.plain("gone_work"), "error")
            editions = (one for one in documents.values() if one.edition_of == work.id and one.language == speak.language)
            document = next(editions, work)
            return work_pane(document, self.service.text(document.id), speak)

        return shown(show, speak)

    def show_page(self, document_id: str, number: int, link: list[str], language: str) -> str:
        """HTML of one page of a document as a picture, marked for the link that opened the document.

        Args:
            document_id: names a document of the index; nothing else is ever opened.
            number: of the page, from 1.
            link: the parts of the pane's link: "aj-cite" with an answer's id and a number of it, "aj-near" with an answer's id and
                a rank, or "aj-passage" with a passage's id.
            language: of the interface.
        """
        speak = words(language)

        def show() -> str:
            return page_html(
                self.service.assistant(), str(document_id), _whole(number), self._marks(str(document_id), link), speak
            )

        return shown(show, speak)

    def _marks(self, document_id: str, link: list[str]) -> list[Mark]:
        index = self.service.assistant().index
        document = index.documents.get(document_id)
        kind, first, second = [*map(str, link), "", "", ""][:3]
        if document is None:
            return []
        if kind == "aj-cite":
            turn = self.store.turn(first)
            return citation_marks(turn, document, _whole(second)) if turn else []
        passage = index.passage(self._near(first, _whole(second)) if kind == "aj-near" else first)
        return [passage_mark(passage)] if passage and passage.document_id == document_id else []

    def copy_text(self, turn_id: str, cited: bool, language: str) -> str:
        """An answer as text for the clipboard: with its numbers and sources, or the bare quotes; empty if there is none."""
        try:
            turn = self.store.turn(str(turn_id))
        except AskJapanError:
            turn = None
        if turn is None:
            return ""
        spoken = words(language).language
        return to_text(turn.answer, language=spoken) if cited else to_plain(turn.answer, spoken)

    def copy_rich(self, turn_id: str, language: str) -> str:
        """An answer as HTML for the clipboard, each quote with a footnote; empty if there is none."""
        try:
            turn = self.store.turn(str(turn_id))
        except AskJapanError:
            turn = None
        spoken = words(language).language
        return str(export_answers([turn.answer], "html", STYLES.get(spoken, "chicago"), spoken)) if turn else ""


def shown(show: Callable[[], str], speak: Words) -> str:
    """The HTML that `show` gives, or an error of this project as HTML."""
    try:
        return show()
    except AskJapanError as error:
        return note_html(speak.error(error), "error")


def _with_a_list(function: Callable[..., str]) -> Callable[[list[Any]], str]:
    """The same function, called as the pane's script calls: by its name, with one list."""

    def call(given: list[Any]) -> str:
        return function(*given)

    call.__name__ = function.__name__
    return call


def _whole(given: object) -> int:
    """A number as a link gives it; 0, which nothing is numbered with, for anything else."""
    text = str(given)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
