"""The page: Gradio's components, where they stand, and which handler each event calls."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr

from askjapan.errors import AskJapanError
from askjapan.web.chat import Chat, Visitor
from askjapan.web.conversations import ConversationStore
from askjapan.web.handlers import FORMS, Handlers
from askjapan.web.html import note_html, sources_html
from askjapan.web.service import AssistantService
from askjapan.web.tools import Tools
from askjapan.web.translations import LANGUAGES, Words, words

EXAMPLES = 4
FACTS = ("title", "authors", "year")
KEPT = (3600, 86400)  # seconds: how often what was exported or uploaded is looked through, and how old it becomes
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
Labels = Callable[[Words], Any]


def _heading(speak: Words) -> str:
    skip = f'<a class="aj-skip" href="#aj-question">{speak("skip")}</a>'
    theme = f'<button type="button" class="aj-tool aj-theme" aria-label="{speak("theme")}" title="{speak("theme")}"></button>'
    return f'{skip}<header class="aj-header"><h1>{speak("title")}</h1><p>{speak("tagline")}</p>{theme}</header>'


def _welcome(speak: Words) -> str:
    return f'<div class="aj-welcome"><h2>{speak("welcome")}</h2><p>{speak("welcome_hint")}</p></div>'


def _examples(speak: Words) -> list[Any]:
    return [{"text": speak.plain(f"example_{number}")} for number in range(1, EXAMPLES + 1)]


class Page:
    """Builds the page once; `demo` is what is launched. Nothing of a visitor is kept in it."""

    def __init__(self, service: AssistantService, store: ConversationStore, pause: float) -> None:
        self.chat = Chat(service, store, pause)
        self.handlers = Handlers(service, store, self.chat)
        self._spoken: list[tuple[Any, Labels]] = []
        self._sent: list[tuple[Any, Labels]] = []
        speak = words("en")
        _keep_private(store.path.parent / "uploads")
        with gr.Blocks(title=speak.plain("title"), analytics_enabled=False, fill_width=True, delete_cache=KEPT) as self.demo:
            self.browser = gr.BrowserState(None, storage_key="askjapan", secret="askjapan")
            self.pending = gr.State("")
            self.timer = gr.Timer(1.0)
            self._sidebar(speak)
            with gr.Row(elem_id="aj-top"):
                header = gr.HTML(_heading(speak), elem_id="aj-header")
                self._say(header, lambda speak: gr.update(value=_heading(speak)))
                self.language = gr.Radio(
                    [(name, code) for code, name in LANGUAGES.items()],
                    value="en",
                    label=speak.plain("language"),
                    show_label=False,
                    container=False,
                    min_width=100,
                    scale=0,
                    elem_id="aj-language",
                )
                self._labelled(self.language, "language", "label")
            self.status = gr.HTML(note_html(speak.plain("loading")), elem_id="aj-status")
            self._sent.append((self.language, lambda speak: {"value": speak.language}))
            self._sent.append((self.status, lambda speak: {"value": note_html(speak.plain("loading"))}))
            with gr.Row(elem_id="aj-main"):
                with gr.Column(scale=3, min_width=300, elem_id="aj-left"):
                    self.new = self._labelled(gr.Button(speak.plain("new_chat"), size="sm", elem_id="aj-new"), "new_chat")
                    with gr.Tabs():
                        self._ask_tab(speak)
                        self._library_tab(speak)
                with gr.Column(scale=2, min_width=300, elem_id="aj-side"):
                    self._pane(speak)
            self._wire()
            self.tools = Tools(service)
            self.tools.register()

    def _say(self, component: Any, labels: Labels) -> Any:  # noqa: ANN401 - any component of Gradio
        """Remember what of a component changes with the language."""
        self._spoken.append((component, labels))
        return component

    def _sidebar(self, speak: Words) -> None:
        with gr.Sidebar(open=False, width=300, elem_id="aj-history"):
            self.search = gr.Textbox(label=speak.plain("search"), placeholder=speak.plain("search_hint"), max_lines=1)
            self._say(self.search, lambda speak: gr.update(label=speak.plain("search"), placeholder=speak.plain("search_hint")))
            self.list = gr.Radio(label=speak.plain("conversations"), choices=[], elem_id="aj-conversations")
            self._labelled(self.list, "conversations", "label")
            self.title = gr.Textbox(label=speak.plain("rename_hint"), max_lines=1)
            self._labelled(self.title, "rename_hint", "label")
            with gr.Row():
                self.rename = self._labelled(gr.Button(speak.plain("rename"), size="sm", min_width=80), "rename")
                self.delete = self._labelled(gr.Button(speak.plain("delete"), size="sm", variant="stop", min_width=80), "delete")
            self.form = gr.Dropdown(list(FORMS), value="Markdown", label=speak.plain("export"), filterable=False)
            self._labelled(self.form, "export", "label")
            self.export = self._labelled(gr.Button(speak.plain("export_download"), size="sm"), "export_download")
            self.exported = gr.HTML("", elem_id="aj-exported")
            self.download = gr.DownloadButton("Download", visible="hidden", elem_id="aj-download")

    def _labelled(self, component: Any, key: str, field: str = "value") -> Any:  # noqa: ANN401
        return self._say(component, lambda speak: {"__type__": "update", field: speak.plain(key)})

    def _ask_tab(self, speak: Words) -> None:
        with gr.Tab(speak.plain("tab_ask"), id="ask") as tab:
            self._labelled(tab, "tab_ask", "label")
            self.chatbot = gr.Chatbot(
                label=speak.plain("conversation"),
                show_label=False,
                elem_id="aj-chat",
                height="var(--aj-chat-height)",
                min_height=220,
                placeholder=_welcome(speak),
                examples=_examples(speak),
                autoscroll=False,
                editable="user",
                latex_delimiters=[],
                layout="panel",
                buttons=[],
                feedback_options=None,
                allow_tags=False,
            )
            self._say(
                self.chatbot,
                lambda speak: gr.update(
                    label=speak.plain("conversation"), placeholder=_welcome(speak), examples=_examples(speak)
                ),
            )
            self.question = gr.Textbox(
                label=speak.plain("question"),
                show_label=False,
                placeholder=speak.plain("question_hint"),
                lines=1,
                max_lines=4,
                submit_btn=True,
                elem_id="aj-question",
            )
            self._say(
                self.question,
                lambda speak: gr.update(label=speak.plain("question"), placeholder=speak.plain("question_hint")),
            )
            with gr.Accordion(speak.plain("filters"), open=False, elem_id="aj-filters") as accordion, gr.Row():
                self._labelled(accordion, "filters", "label")
                self.themes = gr.Dropdown([], multiselect=True, label=speak.plain("filter_themes"), elem_id="aj-themes")
                self._labelled(self.themes, "filter_themes", "label")
                self.documents = gr.Dropdown([], multiselect=True, label=speak.plain("filter_documents"), elem_id="aj-documents")
                self._labelled(self.documents, "filter_documents", "label")

    def _library_tab(self, speak: Words) -> None:
        with gr.Tab(speak.plain("tab_library"), id="library") as tab:
            self.library_tab = tab
            self._labelled(tab, "tab_library", "label")
            self.works = gr.HTML("", elem_id="aj-library")
            editing = self.handlers.service.settings.library_editing
            self.upload = gr.File(
                label=speak.plain("upload"), file_count="multiple", height=190, elem_id="aj-upload", visible=editing
            )
            self._labelled(self.upload, "upload", "label")
            add = gr.Button(speak.plain("add"), variant="primary", size="md", visible=editing, elem_id="aj-add")
            self.add = self._labelled(add, "add")
            self.results = gr.HTML("", elem_id="aj-results")
            with gr.Row(elem_id="aj-keep", visible=editing):
                self.own = gr.Dropdown([], scale=3, label=speak.plain("remove_work"), elem_id="aj-own")
                self._labelled(self.own, "remove_work", "label")
                self.remove = self._labelled(gr.Button(speak.plain("remove"), size="sm", variant="stop"), "remove")
                self.rebuild = self._labelled(gr.Button(speak.plain("rebuild"), size="sm"), "rebuild")
            with gr.Accordion(speak.plain("edit_work"), open=False, visible=editing, elem_id="aj-edit") as accordion:
                self._labelled(accordion, "edit_work", "label")
                self.edited = gr.Dropdown([], label=speak.plain("column_work"), elem_id="aj-edited")
                self._labelled(self.edited, "column_work", "label")
                self.facts = [gr.Textbox(label=speak.plain(f"edit_{name}"), max_lines=2) for name in FACTS]
                for box, name in zip(self.facts, FACTS, strict=True):
                    self._labelled(box, f"edit_{name}", "label")
                self.save = self._labelled(gr.Button(speak.plain("edit_save"), size="sm", elem_id="aj-save"), "edit_save")
            self.draw = self._labelled(gr.Button(speak.plain("map_show"), size="sm", elem_id="aj-draw"), "map_show")
            self.map = gr.HTML("", elem_id="aj-map")

    def _pane(self, speak: Words) -> None:
        static = files("askjapan.web").joinpath("static")
        self.pane = gr.HTML(
            sources_html(None, speak),
            elem_id="aj-pane",
            html_template=static.joinpath("pane.html").read_text(encoding="utf-8"),
            js_on_load="askjapan.attach(element, server);",
            server_functions=self.handlers.for_the_pane(),
            apply_default_css=False,
        )
        self._sent.append((self.pane, lambda speak: {"value": sources_html(None, speak)}))

    def _wire(self) -> None:
        do = self.handlers
        spoken = [entry for entry, _ in self._spoken]
        opened = [self.chatbot, self.pane, self.browser]
        ticked = [self.status, self.themes, self.documents, self.timer]
        load = self.demo.load(do.arrive, [self.browser], [*opened, self.list, self.language, *ticked], **PRIVATE)
        load.then(self.speak, [self.browser, self.language], [self.browser, *spoken], **PRIVATE).then(
            None, [self.language], None, js="(language) => askjapan.speak(language)"
        )
        self.timer.tick(do.tick, [self.browser], ticked, **PRIVATE)
        asked = [
            self._ask_on(self.question.submit, lambda text: text, [self.question]),
            self._ask_on(self.chatbot.example_select, _selected, None),
            self._ask_on(self.chatbot.option_select, _selected, None),
            self._ask_on(self.chatbot.retry, do.retry, [self.browser]),
            self._ask_on(self.chatbot.edit, do.edit, [self.browser]),
        ]
        self.question.stop(_idle, None, [self.question], cancels=asked, **PRIVATE)
        self.new.click(lambda stored: self.chat.open(stored, ""), [self.browser], opened, **PRIVATE).then(
            do.list_conversations, [self.browser, self.search], [self.list], **PRIVATE
        )
        self.list.input(self.chat.open, [self.browser, self.list], opened, **PRIVATE)
        self.search.change(do.list_conversations, [self.browser, self.search], [self.list], **PRIVATE)
        self.rename.click(do.rename_conversation, [self.browser, self.title], [self.list, self.title], **PRIVATE)
        self.delete.click(
            do.delete_conversation,
            [self.browser],
            [*opened, self.list],
            js="(stored) => [askjapan.sure() ? stored : null]",
            **PRIVATE,
        )
        self.export.click(do.export_conversation, [self.browser, self.form], [self.download, self.exported], **PRIVATE).success(
            None, None, None, js="() => askjapan.download()"
        )
        self.language.input(self.speak, [self.browser, self.language], [self.browser, *spoken], **PRIVATE).then(
            lambda stored: self.chat.open(stored, Visitor.of(stored).conversation), [self.browser], opened, **PRIVATE
        ).then(None, [self.language], None, js="(language) => askjapan.speak(language)")
        library_after = [self.works, self.own, self.edited, self.themes, self.documents]
        self.edited.input(do.library.facts, [self.edited], self.facts, **PRIVATE)
        self.library_tab.select(do.fill_library, [self.browser], library_after, **PRIVATE)
        for trigger, handler, given in (
            (self.add.click, do.add_files, [self.upload, self.browser]),
            (self.remove.click, do.remove_work, [self.own, self.browser]),
            (self.rebuild.click, do.build_again, [self.browser]),
            (self.save.click, do.edit_work, [self.edited, *self.facts, self.browser]),
        ):
            done = trigger(handler, given, [self.results], **PRIVATE)
            done.then(do.fill_library, [self.browser], library_after, **PRIVATE)
            if handler == do.add_files:
                done.then(lambda: None, None, [self.upload], **PRIVATE)
        self.draw.click(do.draw_map, [self.browser], [self.map], **PRIVATE)

    def speak(self, stored: object, language: str) -> list[Any]:
        """Everything on the page in another language."""
        visitor = replace(Visitor.of(stored), language=language)
        return [visitor.stored(), *(labels(words(language)) for _, labels in self._spoken)]

    def said(self) -> dict[str, dict[int, dict[str, Any]]]:
        """What each component says when the page is sent, for each language: the changed properties by the component's number."""
        parts = [*self._spoken, *self._sent]
        return {language: {part._id: _changes(labels(words(language))) for part, labels in parts} for language in LANGUAGES}

    def _ask_on(self, trigger: Any, prepare: Callable[..., str], given: list[Any] | None) -> Any:  # noqa: ANN401 - Gradio's events
        """Wire one way of asking: take the question, show that the page is busy, answer, refresh the list."""
        taken = trigger(prepare, given, [self.pending], queue=False, **PRIVATE).then(
            _busy, None, [self.question], queue=False, **PRIVATE
        )
        answered = taken.then(
            self.chat.respond,
            [self.pending, self.browser, self.themes, self.documents],
            [self.chatbot, self.pane, self.browser],
            concurrency_limit=None,
            **PRIVATE,
        )
        answered.then(_idle, None, [self.question], queue=False, **PRIVATE).then(
            self.handlers.list_conversations, [self.browser, self.search], [self.list], queue=False, **PRIVATE
        ).then(self.chat.suggest, [self.pending, self.browser], [self.chatbot], concurrency_limit=None, **PRIVATE)
        return answered


def _keep_private(folder: Path) -> None:
    """Uploads and exports go into a folder of this user alone, each under the hash of its contents, not into `/tmp` for all to see.

    What an earlier process has left there for longer than `KEPT` is deleted.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        old = [path for path in folder.iterdir() if time.time() - path.stat().st_mtime > KEPT[1]]
    except OSError as error:
        raise AskJapanError(f"Uploads cannot be kept in {folder} ({error}).", "Make the folder writable.") from error
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    # Read by Gradio when a component is made.
    os.environ.setdefault("GRADIO_TEMP_DIR", str(folder))


def _changes(update: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in update.items() if name != "__type__"}


def _selected(event: gr.SelectData) -> str:
    value = event.value
    return str(value.get("text") or value.get("value") or "") if isinstance(value, dict) else str(value)


def _busy() -> dict[str, Any]:
    return gr.update(value="", submit_btn=False, stop_btn=True)


def _idle() -> dict[str, Any]:
    return gr.update(submit_btn=True, stop_btn=False)
