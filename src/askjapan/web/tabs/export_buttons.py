"""Row of export buttons, one per form, visible when there is something to export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import gradio as gr

from askjapan.web.words.spoken import Spoken
from askjapan.web.words.translations import Words

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


class ExportButtons:
    """The buttons of some forms; `shown` gives the updates of `components`."""

    def __init__(self, forms: Sequence[str], spoken: Spoken, speak: Words) -> None:
        self.forms = forms
        with gr.Row(elem_classes="aj-forms-row"):
            self.components = [
                gr.Button(speak.plain("export_as", form=speak.form(form)), size="sm", visible=False, min_width=120)
                for form in forms
            ]
        for button, form in zip(self.components, forms, strict=True):
            spoken.say(button, partial(_label, form))

    def wire(self, export: Callable[..., str | None], given: Sequence[Any], download: Any) -> None:  # noqa: ANN401
        """Connect the buttons.

        Args:
            export: takes the form and what is `given`, and returns a file's path, or None where there is nothing to export.
            given: components whose values `export` takes after the form.
            download: the page's hidden button for files.
        """
        for button, form in zip(self.components, self.forms, strict=True):
            made = button.click(partial(export, form), list(given), [download], **PRIVATE)
            made.success(None, [download], None, js="(file) => askjapan.download(file)")

    def shown(self, visible: bool = True) -> list[Any]:
        """Updates that show the buttons, or hide them."""
        return [gr.update(visible=visible) for _ in self.forms]


def _label(form: str, speak: Words) -> dict[str, Any]:
    return {"value": speak.plain("export_as", form=speak.form(form))}
