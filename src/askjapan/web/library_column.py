"""The components of the library: adding on top, then what is on its way, the works, and the map."""

from __future__ import annotations

from typing import Any

import gradio as gr

from askjapan.web.handlers import Handlers
from askjapan.web.spoken import Spoken
from askjapan.web.translations import Words

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
LISTEN = "askjapan.listen(element, trigger);"


class LibraryColumn:
    """The components; `wire` says what they do."""

    def __init__(self, spoken: Spoken, speak: Words, *, editing: bool) -> None:
        self.upload = gr.File(
            label=speak.plain("upload"), file_count="multiple", height=150, elem_id="aj-upload", visible=editing
        )
        spoken.label(self.upload, "upload", "label")
        self.told = gr.HTML("", elem_id="aj-told")
        self.adding = gr.HTML("", elem_id="aj-adding", js_on_load=LISTEN, apply_default_css=False)
        self.works = gr.HTML("", elem_id="aj-library", js_on_load=LISTEN, apply_default_css=False)
        with gr.Row(elem_id="aj-keep"):
            self.draw = spoken.label(gr.Button(speak.plain("map_show"), size="sm", elem_id="aj-draw"), "map_show")
            self.rebuild = spoken.label(gr.Button(speak.plain("rebuild"), size="sm", visible=editing), "rebuild")
        self.map = gr.HTML("", elem_id="aj-map")

    def wire(self, do: Handlers, browser: Any, tab: Any, filters: list[Any]) -> None:  # noqa: ANN401
        """Connect the events.

        Args:
            do: the page's handlers.
            browser: where the visitor is kept.
            tab: of the library; what it shows is looked up anew when it is chosen.
            filters: the choices of themes and works.
        """
        tab.select(do.fill_library, [browser], [self.adding, self.works, *filters], **PRIVATE)
        self.upload.upload(do.add_files, [self.upload, browser], [self.told, self.adding, self.upload], **PRIVATE)
        shown = [self.told, self.adding, self.works]
        self.adding.click(do.act_in_library, [browser], shown, **PRIVATE)
        self.works.click(do.act_in_library, [browser], shown, **PRIVATE)
        self.rebuild.click(do.build_again, [browser], [self.told, self.adding], **PRIVATE)
        self.draw.click(do.draw_map, [browser], [self.map], **PRIVATE)
