"""Tab that checks a draft, a file or pasted text: each quotation with what the works say of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from askjapan.citations.export.draft import draft_csv, draft_markdown, left_unchecked, status_name
from askjapan.citations.labels import labels
from askjapan.findings import CheckedQuotation, Difference, DraftCheck, QuotationPlace
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.exporting import Exports
from askjapan.web.html.answers import note_html, page_name
from askjapan.web.shared.service import AssistantService
from askjapan.web.tabs.kept_result import KeptResult, Shown
from askjapan.web.words.spoken import Spoken
from askjapan.web.words.translations import Words, words

FORMS: Mapping[str, tuple[str, Callable[[DraftCheck, str], str]]] = {
    "CSV": ("quotations.csv", draft_csv),
    "Markdown": ("quotations.md", draft_markdown),
    "JSON": ("quotations.json", lambda check, language: json.dumps(check.to_dict(), ensure_ascii=False, indent=1)),
}


class DraftTab(KeptResult[DraftCheck]):
    """Components and handlers of the tab."""

    def __init__(self, service: AssistantService, exports: Exports, spoken: Spoken, speak: Words) -> None:
        self.file = gr.File(
            label=speak.plain("draft_file"), height=150, elem_id="aj-draft", visible=service.settings.library_editing
        )
        spoken.label(self.file, "draft_file", "label")
        self.text = gr.Textbox(label=speak.plain("draft_text"), lines=4, max_lines=12, elem_id="aj-draft-text")
        spoken.label(self.text, "draft_text", "label")
        self.check = spoken.label(
            gr.Button(speak.plain("draft_check"), variant="primary", size="md", elem_id="aj-check"), "draft_check"
        )
        super().__init__(service, exports, FORMS, "aj-checked", spoken, speak)

    def wire(self, browser: Any, filters: Sequence[Any], download: Any) -> None:  # noqa: ANN401 - components of Gradio
        """Connect the events; `filters` are the themes and works that are looked through, `download` is the page's hidden button for files."""
        self.wire_result(self.check, self.run, [self.file, self.text, browser, *filters], browser, download)

    def run(
        self, file: str | None, text: str, stored: object, themes: Sequence[str] = (), documents: Sequence[str] = ()
    ) -> Iterator[Shown]:
        """Check a draft: yields a note that it is being read, then its quotations or the error."""
        visitor = Visitor.of(stored)
        speak = words(visitor.language)
        if not file and not text.strip():
            yield self.nothing(note_html(speak.plain("draft_missing"), "error"))
            return
        yield from self.asked(
            visitor.owner,
            lambda assistant: (
                assistant.check(Path(file), themes, documents) if file else assistant.check_text(text, themes, documents)
            ),
            lambda checked: draft_html(checked, speak),
            speak.plain("draft_reading"),
            speak,
            lambda checked: bool(checked.quotations),
        )


def draft_html(check: DraftCheck, speak: Words) -> str:
    """A checked draft as HTML: what was left unchecked, the counts, then one card per quotation."""
    counts = check.counts
    if not sum(counts.values()):
        return note_html(speak.plain("draft_nothing"))
    told = "".join(f"<li>{_badge(status, speak)} <b>{count}</b></li>" for status, count in counts.items() if count)
    shown = [one for one in check.quotations if one.kind != "term" or one.status != "not found"]
    cards = "".join(_card(one, speak) for one in shown)
    terms = len(check.quotations) - len(shown)
    beside = f'<p class="aj-quiet">{escape(labels(speak.language)("short_expressions", number=terms))}</p>' if terms else ""
    left = left_unchecked(check, speak.language)
    return f'{note_html(left, "error") if left else ""}<ul class="aj-forms">{told}</ul><ol class="aj-quotations">{cards}</ol>{beside}'


def _card(one: CheckedQuotation, speak: Words) -> str:
    # What stands in a section several times leads to the first of its places.
    named: dict[str, QuotationPlace] = {}
    for place in one.places:
        named.setdefault(_place_name(place, speak), place)
    places = "".join(f"<li>{_place(place, name)}</li>" for name, place in named.items())
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


def _place_name(place: QuotationPlace, speak: Words) -> str:
    """Work, page and section; not escaped."""
    page = page_name(place.page, place.page_label, speak) if place.page is not None else ""
    return " · ".join(filter(None, (place.title, page, place.section.split(" › ")[-1])))


def _place(place: QuotationPlace, name: str) -> str:
    link = f"aj-passage/{place.passage_id}" if place.passage_id else f"aj-work/{place.document_id}"
    return f'<a href="#{escape(link)}">{escape(name)}</a>'


def _difference(difference: Difference) -> str:
    """The draft's words struck, the work's words marked."""
    return f"<del>{escape(difference.draft) or '∅'}</del> <ins>{escape(difference.source) or '∅'}</ins>"


def _badge(status: str, speak: Words) -> str:
    css = f"aj-status aj-status-{status.replace(' ', '_')}"
    return f'<span class="{css}">{escape(status_name(status, labels(speak.language)))}</span>'
