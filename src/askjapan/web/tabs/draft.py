"""Tab that checks a draft, a file or pasted text: each quotation with what the works say of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from askjapan.citations.export.draft import draft_csv, draft_markdown
from askjapan.errors import AskJapanError
from askjapan.findings import CheckedQuotation, Difference, DraftCheck, QuotationPlace
from askjapan.web.columns.chat import Visitor
from askjapan.web.conversations.exporting import Exports
from askjapan.web.html.answers import note_html, page_name
from askjapan.web.shared.service import AssistantService
from askjapan.web.tabs.export_buttons import ExportButtons
from askjapan.web.words.spoken import Spoken
from askjapan.web.words.translations import Words, words

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
FORMS: Mapping[str, tuple[str, Callable[[DraftCheck], str]]] = {
    "CSV": ("quotations.csv", draft_csv),
    "Markdown": ("quotations.md", draft_markdown),
    "JSON": ("quotations.json", lambda check: json.dumps(check.to_dict(), ensure_ascii=False, indent=1)),
}
STATUSES = {"exact": "exact", "other page": "other_page", "altered": "altered", "not found": "not_found"}


class DraftTab:
    """Components and handlers of the tab; the last check of a visitor's page is kept to be exported."""

    def __init__(self, service: AssistantService, exports: Exports, spoken: Spoken, speak: Words) -> None:
        self.service = service
        self.exports = exports
        self.file = gr.File(
            label=speak.plain("draft_file"), height=150, elem_id="aj-draft", visible=service.settings.library_editing
        )
        spoken.label(self.file, "draft_file", "label")
        self.text = gr.Textbox(label=speak.plain("draft_text"), lines=4, max_lines=12, elem_id="aj-draft-text")
        spoken.label(self.text, "draft_text", "label")
        self.check = spoken.label(
            gr.Button(speak.plain("draft_check"), variant="primary", size="md", elem_id="aj-check"), "draft_check"
        )
        self.shown = gr.HTML("", elem_id="aj-checked", apply_default_css=False)
        self.kept = gr.State(None, time_to_live=3600)
        self.exporting = ExportButtons(list(FORMS), spoken, speak)

    def wire(self, browser: Any, filters: Sequence[Any], download: Any) -> None:  # noqa: ANN401 - components of Gradio
        """Connect the events; `filters` are the themes and works that are looked through, `download` is the page's hidden button for files."""
        self.check.click(
            self.run,
            [self.file, self.text, browser, *filters],
            [self.shown, self.kept, *self.exporting.components],
            concurrency_limit=None,
            **PRIVATE,
        )
        self.exporting.wire(self.export, [self.kept], download)

    def run(
        self, file: str | None, text: str, stored: object, themes: Sequence[str] = (), documents: Sequence[str] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Check a draft: yields a note that it is being read, then its quotations or the error, as HTML with updates of the buttons."""
        visitor = Visitor.of(stored)
        speak = words(visitor.language)
        hidden = self.exporting.shown(False)
        if not file and not text.strip():
            yield note_html(speak.plain("draft_missing"), "error"), None, *hidden
            return
        yield note_html(speak.plain("draft_reading")), None, *hidden
        try:
            checked = self.service.use_in_turn(
                visitor.owner,
                lambda assistant: (
                    assistant.check(Path(file), themes, documents) if file else assistant.check_text(text, themes, documents)
                ),
            )
        except AskJapanError as error:
            yield note_html(speak.error(error), "error"), None, *hidden
            return
        yield draft_html(checked, speak), checked, *self.exporting.shown(bool(checked.quotations))

    def export(self, form: str, kept: DraftCheck | None) -> str | None:
        """Write the last check in one of `FORMS` and return the file's path; None where there is none."""
        name, write = FORMS[form]
        return str(self.exports.keep(name, write(kept))) if kept is not None else None


def draft_html(check: DraftCheck, speak: Words) -> str:
    """A checked draft as HTML: the counts, then one card per quotation."""
    counts = check.counts
    if not sum(counts.values()):
        return note_html(speak.plain("draft_nothing"))
    told = "".join(f"<li>{_badge(status, speak)} <b>{count}</b></li>" for status, count in counts.items() if count)
    shown = [one for one in check.quotations if one.kind != "term" or one.status != "not found"]
    cards = "".join(_card(one, speak) for one in shown)
    terms = len(check.quotations) - len(shown)
    beside = f'<p class="aj-quiet">{speak("draft_terms", count=str(terms))}</p>' if terms else ""
    return f'<ul class="aj-forms">{told}</ul><ol class="aj-quotations">{cards}</ol>{beside}'


def _card(one: CheckedQuotation, speak: Words) -> str:
    places = "".join(f"<li>{_place(place, speak)}</li>" for place in one.places)
    differences = "".join(f"<li>{_difference(difference)}</li>" for difference in one.differences)
    pages = f" · {speak('draft_pages', pages=one.cited_pages)}" if one.cited_pages else ""
    return (
        f'<li>{_badge(one.status, speak)} <span class="aj-quiet">{speak("draft_line", number=str(one.line))}{pages}</span>'
        f"<blockquote>{escape(one.text)}</blockquote>"
        + (f'<ul class="aj-differences">{differences}</ul>' if differences else "")
        + (f"<p>{escape(speak.said(one.detail))}</p>" if one.detail else "")
        + (f'<ul class="aj-places">{places}</ul>' if places else "")
        + "</li>"
    )


def _place(place: QuotationPlace, speak: Words) -> str:
    link = f"aj-passage/{place.passage_id}" if place.passage_id else f"aj-work/{place.document_id}"
    page = page_name(place.page, place.page_label, speak) if place.page is not None else ""
    told = " · ".join(filter(None, (place.title, page, place.section.split(" › ")[-1])))
    return f'<a href="#{escape(link)}">{escape(told)}</a>'


def _difference(difference: Difference) -> str:
    """The draft's words struck, the work's words marked."""
    return f"<del>{escape(difference.draft) or '∅'}</del> <ins>{escape(difference.source) or '∅'}</ins>"


def _badge(status: str, speak: Words) -> str:
    return f'<span class="aj-status aj-status-{STATUSES[status]}">{speak(f"draft_{STATUSES[status]}")}</span>'
