"""Components of the library: adding on top, then the jobs of adding, the works, and the map."""

from __future__ import annotations

from typing import Any

import gradio as gr

from askjapan.web.columns.handlers import Handlers
from askjapan.web.words.spoken import Spoken
from askjapan.web.words.translations import Words

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
LISTEN = "askjapan.listen(element, trigger);"


class LibraryColumn:
    """Components of the library; `wire` connects their events."""

    def __init__(self, spoken: Spoken, speak: Words, *, editing: bool, local: bool) -> None:
        """`editing` says whether the page may change the library, `local` whether only this machine reaches the page."""
        self.upload = gr.File(
            label=speak.plain("upload"), file_count="multiple", height=150, elem_id="aj-upload", visible=editing
        )
        spoken.label(self.upload, "upload", "label")
        with gr.Accordion(speak.plain("add_other"), open=False, elem_id="aj-add-other", visible=editing) as other:
            spoken.label(other, "add_other", "label")
            self.path = gr.Textbox(
                label=speak.plain("add_path"), placeholder=speak.plain("add_path_hint"), max_lines=1, visible=local
            )
            spoken.say(self.path, lambda speak: {"label": speak.plain("add_path"), "placeholder": speak.plain("add_path_hint")})
            self.title = gr.Textbox(label=speak.plain("add_title"), max_lines=1)
            spoken.label(self.title, "add_title", "label")
            self.pasted = gr.Textbox(label=speak.plain("add_text"), lines=3, max_lines=8, elem_id="aj-pasted")
            spoken.label(self.pasted, "add_text", "label")
            self.add = spoken.label(gr.Button(speak.plain("add_this"), size="sm", elem_id="aj-add"), "add_this")
        self.told = gr.HTML("", elem_id="aj-told")
        self.adding = gr.HTML("", elem_id="aj-adding", js_on_load=LISTEN, apply_default_css=False)
        self.works = gr.HTML("", elem_id="aj-library", js_on_load=LISTEN, apply_default_css=False)
        with gr.Row(elem_id="aj-keep"):
            self.draw = spoken.label(gr.Button(speak.plain("map_show"), size="sm", elem_id="aj-draw"), "map_show")
            self.rebuild = spoken.label(
                gr.Button(speak.plain("rebuild"), size="sm", visible=editing, elem_id="aj-rebuild"), "rebuild"
            )
        self.map = gr.HTML("", elem_id="aj-map")

    def wire(self, do: Handlers, browser: Any, tab: Any, filters: list[Any]) -> None:  # noqa: ANN401
        """Connect the events.

        Args:
            do: the page's handlers.
            browser: the component in which the browser keeps the visitor.
            tab: of the library; its contents are looked up anew when it is chosen.
            filters: the choices of themes and works.
        """
        tab.select(do.fill_library, [browser], [self.adding, self.works, *filters], **PRIVATE)
        self.upload.upload(do.add_files, [self.upload, browser], [self.told, self.adding, self.upload], **PRIVATE)
        fields = [self.path, self.title, self.pasted]
        self.add.click(do.add_typed, [*fields, browser], [self.told, self.adding, *fields], **PRIVATE)
        shown = [self.told, self.adding, self.works]
        self.adding.click(do.act_in_library, [browser], shown, **PRIVATE)
        self.works.click(do.act_in_library, [browser], shown, **PRIVATE)
        self.rebuild.click(do.build_again, [browser], [self.told, self.adding], **PRIVATE)
        self.draw.click(do.draw_map, [browser], [self.map], **PRIVATE)
