"""Builds the page: lays out Gradio's components and connects the events of its columns."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr

from askjapan.errors import AskJapanError
from askjapan.web.columns.ask import AskColumn
from askjapan.web.columns.chat import Chat
from askjapan.web.columns.choice import ChoiceColumn
from askjapan.web.columns.handlers import Handlers
from askjapan.web.columns.history import HistoryColumn
from askjapan.web.columns.library import LibraryColumn
from askjapan.web.columns.visitors import Visitor, page_of
from askjapan.web.conversations.store import ConversationStore
from askjapan.web.frame import Frame
from askjapan.web.html.answers import note_html, sources_html
from askjapan.web.server.hosts import is_local
from askjapan.web.shared.service import AssistantService
from askjapan.web.tabs.draft import DraftTab
from askjapan.web.tabs.matrix import MatrixTab
from askjapan.web.tabs.mentions import MentionsTab
from askjapan.web.tools.functions import Tools
from askjapan.web.words.spoken import Spoken
from askjapan.web.words.translations import LANGUAGES, Words, words

KEPT = (3600, 86400)  # seconds: how often what was exported or uploaded is looked through, and how old it becomes
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def _heading(speak: Words) -> str:
    theme = f'<button type="button" class="aj-tool aj-theme" aria-label="{speak("theme")}" title="{speak("theme")}"></button>'
    return f'<header class="aj-header"><h1>{speak("title")}</h1><p>{speak("tagline")}</p>{theme}</header>'


def _skip(speak: Words) -> str:
    return f'<a class="aj-skip" href="#aj-question">{speak("skip")}</a>'


class ChatPage:
    """Builds the page once; `demo` is what is launched. Nothing of a visitor is kept in it."""

    def __init__(self, service: AssistantService, store: ConversationStore, pause: float) -> None:
        self.chat = Chat(service, store, pause)
        self.handlers = Handlers(service, store, self.chat)
        self.spoken = Spoken()
        speak = words("en")
        _keep_private(store.path.parent / "uploads")
        with Frame(title=speak.plain("title"), analytics_enabled=False, fill_width=True, delete_cache=KEPT) as self.demo:
            self.browser = gr.BrowserState(None, storage_key="askjapan", secret="askjapan")
            skip = gr.HTML(_skip(speak), elem_id="aj-first")
            self.spoken.say(skip, lambda speak: {"value": _skip(speak)})
            self.history = HistoryColumn(self.spoken, speak)
            self._top(speak)
            with gr.Row(elem_id="aj-main"):
                with gr.Column(scale=3, min_width=300, elem_id="aj-left"):
                    new = gr.Button(speak.plain("new_chat"), size="sm", elem_id="aj-new")
                    self.new = self.spoken.label(new, "new_chat")
                    with gr.Tabs(overflow_behavior="wrap"):
                        with gr.Tab(speak.plain("tab_ask"), id="ask", elem_id="aj-tab-ask") as tab:
                            self.spoken.label(tab, "tab_ask", "label")
                            self.asking = AskColumn(self.spoken, speak)
                        with gr.Tab(speak.plain("tab_library"), id="library", elem_id="aj-tab-library") as self.library_tab:
                            self.spoken.label(self.library_tab, "tab_library", "label")
                            self.library = LibraryColumn(
                                self.spoken, speak, editing=service.settings.library_editing, local=is_local(service.settings)
                            )
                        self._across_works(service, speak)
                with gr.Column(scale=2, min_width=300, elem_id="aj-side"), gr.Tabs():
                    with gr.Tab(speak.plain("tab_read"), id="read", elem_id="aj-tab-read", render_children=True) as tab:
                        self.spoken.label(tab, "tab_read", "label")
                        self._pane(speak)
                    with gr.Tab(speak.plain("tab_choose"), id="choose", elem_id="aj-tab-choose", render_children=True) as tab:
                        self.spoken.label(tab, "tab_choose", "label")
                        self.choice = ChoiceColumn(self.spoken, speak)
            self._wire()
            self.tools = Tools(service)
            self.tools.register()

    def _across_works(self, service: AssistantService, speak: Words) -> None:
        exports = self.handlers.history.exports
        self.across: list[MatrixTab | MentionsTab | DraftTab] = []
        kinds: dict[str, type[MatrixTab | MentionsTab | DraftTab]] = {
            "matrix": MatrixTab,
            "mentions": MentionsTab,
            "draft": DraftTab,
        }
        for name, kind in kinds.items():
            with gr.Tab(speak.plain(f"tab_{name}"), id=name) as tab:
                self.spoken.label(tab, f"tab_{name}", "label")
                self.across.append(kind(service, exports, self.spoken, speak))

    def _top(self, speak: Words) -> None:
        with gr.Row(elem_id="aj-top"):
            header = gr.HTML(_heading(speak), elem_id="aj-header")
            self.spoken.say(header, lambda speak: {"value": _heading(speak)})
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
            self.spoken.label(self.language, "language", "label")
            self.spoken.send(self.language, lambda speak: {"value": speak.language})
        self.status = gr.HTML(
            note_html(speak.plain("loading")), elem_id="aj-status", js_on_load="askjapan.hear(trigger);", apply_default_css=False
        )
        self.spoken.send(self.status, lambda speak: {"value": note_html(speak.plain("loading"))})

    def _pane(self, speak: Words) -> None:
        static = files("askjapan.web").joinpath("static")
        self.pane = gr.HTML(
            sources_html(None, speak),
            elem_id="aj-pane",
            html_template=static.joinpath("pane.html").read_text(encoding="utf-8"),
            js_on_load="askjapan.attach(element, server);",
            server_functions=self.handlers.pane.functions(),
            apply_default_css=False,
        )
        self.spoken.send(self.pane, lambda speak: {"value": sources_html(None, speak)})

    def _wire(self) -> None:
        do, asking, history, library = self.handlers, self.asking, self.history, self.library
        filters = [self.choice.themes, self.choice.documents]
        opened = [asking.chatbot, self.pane, self.browser]
        heard = [self.status, *filters, library.adding, library.works]
        load = self.demo.load(do.arrive, [self.browser], [*opened, history.rows, self.language, *heard], **PRIVATE)
        told = {"fn": do.choice.told, "inputs": [self.browser, *filters], "outputs": [asking.chosen], **PRIVATE}
        load.then(**told).then(do.choice.collections, [self.browser], [self.choice.collection], **PRIVATE)
        load.then(self.speak, [self.browser, self.language], [self.browser, *self.spoken.components], **PRIVATE).then(
            None, [self.language], None, js="(language) => askjapan.speak(language)"
        )
        # The page's script asks the server how it is, and calls this when there is something new.
        self.status.click(do.tick, [self.browser], [asking.chatbot, *heard], **PRIVATE).then(**told)
        # Whoever opens another conversation is not taken back by suggestions for the one before.
        asked, suggested = asking.wire(do, self.chat, self.browser, self.pane, (history.rows, history.search), filters)
        self.choice.wire(do.choice, self.browser, asking.chosen)
        library.wire(do, self.browser, self.library_tab, filters)
        for tab in self.across:
            tab.wire(self.browser, filters, history.download)
        self.new.click(
            do.history.start,
            [self.browser, asking.pending],
            [*opened, asking.note, asking.question],
            cancels=[*asked, *suggested],
            queue=False,
            **PRIVATE,
        ).then(do.history.rows, [self.browser, history.search], [history.rows], **PRIVATE)
        history.search.change(do.history.rows, [self.browser, history.search], [history.rows], **PRIVATE)
        history.rows.click(
            do.history.act,
            [self.browser, history.search, asking.pending],
            [*opened, history.rows, history.download, asking.note],
            cancels=suggested,
            **PRIVATE,
        ).success(None, [history.download], None, js="(file) => askjapan.download(file)")
        self.language.input(self.speak, [self.browser, self.language], [self.browser, *self.spoken.components], **PRIVATE).then(
            self.chat.spoken_anew, [self.browser], opened, cancels=suggested, **PRIVATE
        ).then(do.history.rows, [self.browser, history.search], [history.rows], **PRIVATE).then(
            do.tick, [self.browser], [asking.chatbot, *heard], **PRIVATE
        ).then(**told).then(None, [self.language], None, js="(language) => askjapan.speak(language)")

    def speak(self, stored: object, language: str, request: gr.Request | None = None) -> list[Any]:
        """Switch the page to a language: the visitor, then an update for each component of `spoken`."""
        visitor = replace(Visitor.of(stored), language=language)
        self.chat.running.speak(page_of(stored, request), language)
        return [visitor.stored(), *self.spoken.updates(language)]

    def said(self) -> dict[str, dict[int, dict[str, Any]]]:
        """The texts of each component when the page is sent, for each language: the changed properties by the component's number."""
        return self.spoken.first()


def _keep_private(folder: Path) -> None:
    """Keep uploads and exports in a folder that only this user can read, each under the hash of its contents, not in `/tmp`.

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
