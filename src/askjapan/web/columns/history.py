"""Column of conversations: the list with a menu for each row, its search, and the handlers of the menus."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import gradio as gr

from askjapan.errors import AskJapanError
from askjapan.web.columns.chat import Chat
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.exporting import FORMS, Exports
from askjapan.web.conversations.store import Conversation, ConversationStore
from askjapan.web.html.answers import note_html
from askjapan.web.words.spoken import Spoken
from askjapan.web.words.translations import Words, words

Update = Any
"""Update of a component in Gradio: a value, or `gr.update(...)`."""


class History:
    """The handlers of the list of conversations."""

    def __init__(self, store: ConversationStore, chat: Chat) -> None:
        self.store = store
        self.chat = chat
        self.exports = Exports()

    def rows(self, stored: object, search: str = "") -> str:
        """The visitor's conversations that fit the search, as HTML; the open one is marked."""
        visitor = Visitor.of(stored)
        speak = words(visitor.language)
        try:
            conversations = self.store.conversations(visitor.owner, search)
        except AskJapanError as error:
            return note_html(speak.error(error), "error")
        if not conversations:
            return note_html(speak.plain("no_match" if search.strip() else "no_conversations"))
        rows = "".join(_row(entry, entry.id == visitor.conversation, speak) for entry in conversations)
        return f'<ul class="aj-rows" aria-label="{speak("conversations")}">{rows}</ul>'

    def act(
        self, stored: object, search: str, pending: str, event: gr.EventData, request: gr.Request | None = None
    ) -> tuple[Update, ...]:
        """Carry out the action of a row's button; `pending` is the question that was asked last.

        Returns:
            Messages, pane, visitor, rows, the path of the file to download, and what is told beside the box; `gr.skip()` for what
            does not change.
        """
        given: Mapping[str, str] = event._data if isinstance(event._data, dict) else {}
        action, of = str(given.get("do", "")), str(given.get("of", ""))
        here = of == Visitor.of(stored).conversation
        if action == "open" and here and self.chat.is_busy(stored, request):
            return (*(gr.skip(),) * 3, self.rows(stored, search), *(gr.skip(),) * 2)
        leaves = (action == "open" and not here) or (action == "delete" and here)
        told = self.chat.leave(pending, stored, request) if leaves else gr.skip()
        return *self.do(stored, search, action, of, str(given.get("given", ""))), told

    def start(self, stored: object, pending: str, request: gr.Request | None = None) -> tuple[Update, ...]:
        """Begin a new conversation; returns messages, pane, visitor, what is told beside the box, and the box, ready for a question."""
        told = self.chat.leave(pending, stored, request)
        return *self.chat.open(stored, ""), told, gr.update(submit_btn=True, stop_btn=False)

    def do(self, stored: object, search: str, action: str, of: str, given: str = "") -> tuple[Update, ...]:
        """Carry out "open", "rename" (to `given`), "delete" or "export" (in the form `given`) on the conversation `of`; returns as `act`."""
        visitor = Visitor.of(stored)
        nothing = gr.skip()
        try:
            if action == "open":
                shown, pane, known = self.chat.open(stored, of)
                return shown, pane, known, self.rows(known, search), nothing
            if action == "export" and given in FORMS:
                answers = [turn.answer for turn in self.store.turns(visitor.owner, of)]
                file = str(self.exports.write(answers, given, visitor.language)) if answers else None
                return nothing, nothing, nothing, nothing, file
            if action == "rename":
                self.store.rename(visitor.owner, of, given)
            if action == "delete":
                self.store.delete(visitor.owner, of)
                if of == visitor.conversation:
                    shown, pane, known = self.chat.open(stored, "")
                    return shown, pane, known, self.rows(known, search), nothing
        except AskJapanError as error:
            return nothing, nothing, nothing, note_html(words(visitor.language).error(error), "error"), nothing
        return nothing, nothing, nothing, self.rows(stored, search), nothing


class HistoryColumn:
    """The components of the column."""

    def __init__(self, spoken: Spoken, speak: Words) -> None:
        with gr.Sidebar(open=False, width=300, elem_id="aj-history"):
            self.search = gr.Textbox(label=speak.plain("search"), placeholder=speak.plain("search_hint"), max_lines=1)
            spoken.say(self.search, lambda speak: {"label": speak.plain("search"), "placeholder": speak.plain("search_hint")})
            self.rows = gr.HTML(
                "", elem_id="aj-conversations", js_on_load="askjapan.listen(element, trigger);", apply_default_css=False
            )
            self.download = gr.DownloadButton("Download", visible="hidden", elem_id="aj-download")


def _row(entry: Conversation, is_open: bool, speak: Words) -> str:
    title, id_ = escape(entry.title), escape(entry.id)
    current = ' aria-current="true"' if is_open else ""
    forms = "".join(_item("export", id_, speak("export_as", form=speak.form(form)), given=form) for form in FORMS)
    items = (
        _item("rename", id_, speak("rename"), ask=speak("rename_hint"), was=title)
        + _item("link", id_, speak("copy_link_conversation"))
        + forms
        + _item("delete", id_, speak("delete"), sure=speak("delete_sure", title=entry.title))
    )
    return (
        f'<li{current}><button type="button" class="aj-do aj-row-title" data-do="open" data-of="{id_}" title="{title}">{title}</button>'
        f'<details class="aj-menu"><summary aria-label="{speak("menu_of", title=entry.title)}">⋯</summary><div>{items}</div></details></li>'
    )


def _item(action: str, of: str, label: str, **data: str) -> str:
    """A line of a menu; all texts are HTML already."""
    more = "".join(f' data-{name}="{value}"' for name, value in data.items())
    return f'<button type="button" class="aj-do" data-do="{action}" data-of="{of}"{more}>{label}</button>'
