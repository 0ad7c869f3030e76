"""What the tabs of the matrix and of the draft check share: a result that is asked for, shown, and kept to be exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

import gradio as gr

from askjapan.assistant import Assistant
from askjapan.errors import AskJapanError
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.exporting import Exports
from askjapan.web.html.answers import note_html
from askjapan.web.shared.service import AssistantService
from askjapan.web.tabs.export_buttons import PRIVATE, ExportButtons
from askjapan.web.words.spoken import Spoken
from askjapan.web.words.translations import Words

T = TypeVar("T")
Shown = tuple[Any, ...]
"""Values of `KeptResult.components`: HTML, the result or None, and the updates of the export buttons."""


class KeptResult(Generic[T]):
    """A tab's result as HTML, with a button for each form that it can be exported in; the last one of a visitor's page is kept.

    Args:
        service: the assistant that all visitors share.
        exports: where exported files are written.
        forms: the file name and the writer of each form, which takes the result and the page's language.
        elem_id: the id of the HTML's element on the page.
        spoken, speak: the texts of the page.
    """

    def __init__(
        self,
        service: AssistantService,
        exports: Exports,
        forms: Mapping[str, tuple[str, Callable[[T, str], str | bytes]]],
        elem_id: str,
        spoken: Spoken,
        speak: Words,
    ) -> None:
        self.service = service
        self.exports = exports
        self.forms = forms
        self.shown = gr.HTML("", elem_id=elem_id, apply_default_css=False)
        self.kept = gr.State(None, time_to_live=3600)
        self.exporting = ExportButtons(list(forms), spoken, speak)

    @property
    def components(self) -> list[Any]:
        """The components that a result changes."""
        return [self.shown, self.kept, *self.exporting.components]

    def wire_result(
        self,
        button: Any,  # noqa: ANN401 - components of Gradio
        run: Callable[..., Iterator[Shown]],
        given: Sequence[Any],
        browser: Any,  # noqa: ANN401
        download: Any,  # noqa: ANN401
    ) -> None:
        """Connect the button that asks for a result, and those that export it.

        Args:
            button: asks, by `run` with what is `given`.
            run: yields what is shown.
            given: the components that `run` takes.
            browser: the component in which the browser keeps the visitor.
            download: the page's hidden button for files.
        """
        button.click(run, list(given), self.components, concurrency_limit=None, **PRIVATE)
        self.exporting.wire(self.export, [self.kept, browser], download)

    def nothing(self, html: str) -> Shown:
        """Values that show a note in place of a result."""
        return (html, None, *self.exporting.shown(False))

    def asked(
        self,
        owner: str,
        ask: Callable[[Assistant], T],
        show: Callable[[T], str],
        waiting: str,
        speak: Words,
        holds_anything: Callable[[T], bool] = lambda result: True,
    ) -> Iterator[Shown]:
        """Ask in a visitor's turn: yields the note of `waiting`, then the result or the error.

        Args:
            owner: the visitor.
            ask: gives the result.
            show: gives its HTML.
            waiting: what is shown meanwhile.
            speak: the interface's language.
            holds_anything: whether there is something in the result to export.
        """
        yield self.nothing(note_html(waiting))
        try:
            result = self.service.use_in_turn(owner, ask)
        except AskJapanError as error:
            yield self.nothing(note_html(speak.error(error), "error"))
            return
        yield (show(result), result, *self.exporting.shown(holds_anything(result)))

    def export(self, form: str, kept: T | None, stored: object) -> str | None:
        """Write the kept result in one of the forms, in the page's language, and return the file's path; None where there is none."""
        name, write = self.forms[form]
        return str(self.exports.keep(name, write(kept, Visitor.of(stored).language))) if kept is not None else None
