"""Column of sources beside the chat: the choice of works that are asked, by ticks, themes and a visitor's collections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from askjapan.citations.render import shortened
from askjapan.errors import AskJapanError
from askjapan.records import Document
from askjapan.web.columns.library_handlers import LibraryTab
from askjapan.web.columns.visitors import Visitor, greeted
from askjapan.web.conversations.store import Collection, ConversationStore
from askjapan.web.html.answers import note_html
from askjapan.web.words.spoken import Spoken
from askjapan.web.words.translations import Words, words

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
NAMED = 2  # works that are named over the box; of more only the number is told
Update = Any
"""Update of a component in Gradio: a value, or `gr.update(...)`."""


class Choice:
    """Handlers of the choice, which is kept in the page; collections are kept with the conversations."""

    def __init__(self, library: LibraryTab, store: ConversationStore) -> None:
        self.library = library
        self.store = store

    def offered(self, stored: object) -> tuple[Update, Update]:
        """The themes and works that can be chosen."""
        speak = words(Visitor.of(stored).language)
        themes = [(speak.theme(theme), theme) for theme in self.library.themes()]
        works = [(_title(document), document.id) for document in self.library.documents()]
        return gr.update(choices=themes), gr.update(choices=works)

    def collections(self, stored: object, chosen: str | None = None) -> Update:
        """The visitor's collections, one of them chosen; out of sight where there are none."""
        choices = [(entry.name, entry.id) for entry in self._kept(stored)]
        return gr.update(choices=choices, value=chosen, visible=bool(choices))

    def pick(self, stored: object, collection: str | None) -> Update:
        """Tick the works of a collection that are in the library; without a chosen one, as when its list is closed, the ticks stay."""
        if not collection:
            return gr.skip()
        known = {document.id for document in self.library.documents()}
        picked = next((entry for entry in self._kept(stored) if entry.id == collection), None)
        return gr.update(value=[id_ for id_ in picked.documents if id_ in known] if picked else [])

    def save(self, stored: object, name: str, documents: Sequence[str]) -> tuple[Update, str]:
        """Keep the ticked works under a name; returns an update of the collections, and a message as HTML, or an empty one."""
        if not documents:
            return gr.skip(), self._told(stored, "collection_untied")
        if not name.strip():
            return gr.skip(), ""
        return self._changed(stored, lambda owner: self.store.keep_collection(owner, name, documents))

    def rename(self, stored: object, name: str, collection: str | None) -> tuple[Update, str]:
        """Give a collection another name; returns as `save`."""
        if not collection:
            return gr.skip(), self._told(stored, "collection_missing")
        if not name.strip():
            return gr.skip(), ""
        return self._changed(stored, lambda owner: self.store.rename_collection(owner, str(collection), name))

    def delete(self, stored: object, name: str, collection: str | None) -> tuple[Update, str]:
        """Delete a collection, if that was confirmed by a `name` that is not empty; its works stay. Returns as `save`."""
        if not collection:
            return gr.skip(), self._told(stored, "collection_missing")
        if not name:
            return gr.skip(), ""
        return self._changed(stored, lambda owner: self.store.delete_collection(owner, str(collection)))

    def told(self, stored: object, themes: Sequence[str], documents: Sequence[str], request: gr.Request | None = None) -> Update:
        """The text of the button over the box for questions: the themes and works that are asked."""
        speak = words(Visitor.of(greeted(stored, request)).language)
        works = self.library.documents()
        titles = [shortened(work.title, 40) for work in works if work.id in documents]
        parts = [*(speak.theme(theme) for theme in themes), *(titles if len(titles) <= NAMED else ())]
        if len(titles) > NAMED:
            parts.append(speak.plain("chosen_some", number=str(len(titles)), total=str(len(works))))
        if not parts:
            return gr.update(value=speak.plain("chosen_all", total=str(len(works))) if works else speak.plain("chosen_none_yet"))
        return gr.update(value=speak.plain("chosen", names=speak.plain("list_semicolon").join(parts)))

    def _changed(self, stored: object, change: Any) -> tuple[Update, str]:  # noqa: ANN401 - a call to the store
        visitor = Visitor.of(stored)
        try:
            chosen = change(visitor.owner)
        except AskJapanError as error:
            return gr.skip(), note_html(words(visitor.language).error(error), "error")
        return self.collections(stored, chosen), ""

    @staticmethod
    def _told(stored: object, key: str) -> str:
        return note_html(words(Visitor.of(stored).language).plain(key), "error")

    def _kept(self, stored: object) -> list[Collection]:
        try:
            return self.store.collections(Visitor.of(stored).owner)
        except AskJapanError:
            return []


class ChoiceColumn:
    """Components of the choice; `wire` connects their events."""

    def __init__(self, spoken: Spoken, speak: Words) -> None:
        self.close = gr.HTML('<button type="button" class="aj-close" aria-label="Close">×</button>', elem_id="aj-choice-close")
        self.hint = gr.HTML(f"<p>{speak('choice_hint')}</p>", elem_id="aj-choice-hint")
        spoken.say(self.hint, lambda speak: {"value": f"<p>{speak('choice_hint')}</p>"})
        self.documents = gr.CheckboxGroup([], label=speak.plain("filter_documents"), elem_id="aj-documents")
        spoken.label(self.documents, "filter_documents", "label")
        self.themes = gr.CheckboxGroup([], label=speak.plain("filter_themes"), elem_id="aj-themes")
        spoken.label(self.themes, "filter_themes", "label")
        self.collection = gr.Dropdown([], label=speak.plain("collection"), elem_id="aj-collection", visible=False)
        spoken.label(self.collection, "collection", "label")
        with gr.Row(elem_id="aj-collection-tools"):
            self.clear = self._button(spoken, speak, "choice_clear")
            self.save = self._button(spoken, speak, "collection_save")
            self.rename = self._button(spoken, speak, "collection_rename", "aj-of-collection")
            self.delete = self._button(spoken, speak, "delete", "aj-of-collection")
        self.name = gr.Textbox("", visible="hidden")
        self.note = gr.HTML("", elem_id="aj-choice-note")

    def wire(self, do: Choice, browser: Any, chosen: Any) -> None:  # noqa: ANN401 - components of Gradio
        """Connect the events; `chosen` is the button over the box for questions."""
        given = [browser, self.themes, self.documents]
        for part in (self.themes, self.documents):
            part.change(do.told, given, [chosen], **PRIVATE)
        self.collection.input(do.pick, [browser, self.collection], [self.documents], **PRIVATE)
        self.clear.click(lambda: ([], [], None), None, [self.themes, self.documents, self.collection], **PRIVATE)
        after = [self.collection, self.note]
        named = "(stored, _, of) => [stored, of?.length ? askjapan.named('collection_name') : '', of]"
        sure = "(stored, _, of) => [stored, of && askjapan.sure('collection_sure') ? 'yes' : '', of]"
        self.save.click(do.save, [browser, self.name, self.documents], after, js=named, **PRIVATE)
        self.rename.click(do.rename, [browser, self.name, self.collection], after, js=named, **PRIVATE)
        self.delete.click(do.delete, [browser, self.name, self.collection], after, js=sure, **PRIVATE)

    @staticmethod
    def _button(spoken: Spoken, speak: Words, key: str, css: str = "") -> Any:  # noqa: ANN401
        return spoken.label(gr.Button(speak.plain(key), size="sm", min_width=60, elem_classes=css or None), key)


def _title(document: Document) -> str:
    year = f" ({document.year})" if document.year else ""
    people = f"{document.authors[0]}, " if document.authors else ""
    return f"{people}{shortened(document.title, 90)}{year}"
