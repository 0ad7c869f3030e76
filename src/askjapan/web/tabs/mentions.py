"""Tab of mentions: a term, its counts by work and section, and each mention in its context as a link into the document."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import gradio as gr

from askjapan.citations.export.mentions import mentions_csv
from askjapan.errors import AskJapanError
from askjapan.findings import Mention, Mentions, WorkMentions
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.exporting import Exports
from askjapan.web.html.answers import document_line, kind_badge, note_html, page_name
from askjapan.web.shared.service import AssistantService
from askjapan.web.tabs.export_buttons import PRIVATE, ExportButtons
from askjapan.web.words.spoken import Spoken
from askjapan.web.words.translations import Words, words

FORMS: Mapping[str, tuple[str, Callable[[Mentions, str], str]]] = {
    "CSV": ("mentions.csv", mentions_csv),
    "JSON": ("mentions.json", lambda mentions, language: json.dumps(mentions.to_dict(), ensure_ascii=False, indent=1)),
}
SHOWN_MOST = 1_000
"""Most mentions of a work that are shown; exports have all of them."""
SHOWN_OPEN = 40
"""Most mentions of a work that is unfolded at first, unless it is the only one that has any."""


class MentionsTab:
    """Components and handlers of the tab."""

    def __init__(self, service: AssistantService, exports: Exports, spoken: Spoken, speak: Words) -> None:
        self.service = service
        self.exports = exports
        self.term = gr.Textbox(
            label=speak.plain("mentions_term"),
            placeholder=speak.plain("mentions_hint"),
            max_lines=1,
            submit_btn=True,
            elem_id="aj-term",
        )
        spoken.say(self.term, lambda speak: {"label": speak.plain("mentions_term"), "placeholder": speak.plain("mentions_hint")})
        self.exact = spoken.label(gr.Checkbox(label=speak.plain("mentions_exact")), "mentions_exact", "label")
        self.shown = gr.HTML("", elem_id="aj-mentions", apply_default_css=False)
        self.exporting = ExportButtons(list(FORMS), spoken, speak)

    def wire(self, browser: Any, filters: Sequence[Any], download: Any) -> None:  # noqa: ANN401 - components of Gradio
        """Connect the events; `filters` are the themes and works that are searched, `download` is the page's hidden button for files."""
        given = [self.term, self.exact, browser, *filters]
        self.term.submit(self.find, given, [self.shown, *self.exporting.components], **PRIVATE)
        self.exact.input(self.find, given, [self.shown, *self.exporting.components], **PRIVATE)
        self.exporting.wire(self.export, given, download)

    def find(
        self, term: str, exact: bool, stored: object, themes: Sequence[str] = (), documents: Sequence[str] = ()
    ) -> tuple[Any, ...]:
        """All mentions of a term as HTML, or the error, with the updates that show or hide the export buttons."""
        visitor = Visitor.of(stored)
        speak = words(visitor.language)
        if not term.strip():
            return "", *self.exporting.shown(False)
        try:
            mentions = self.service.use_in_turn(
                visitor.owner, lambda assistant: assistant.mentions(term, themes, documents, exact=exact)
            )
        except AskJapanError as error:
            return note_html(speak.error(error), "error"), *self.exporting.shown(False)
        return mentions_html(mentions, speak), *self.exporting.shown(bool(mentions.count))

    def export(
        self, form: str, term: str, exact: bool, stored: object, themes: Sequence[str] = (), documents: Sequence[str] = ()
    ) -> str | None:
        """Write the mentions of a term in one of `FORMS`, in the page's language, and return the file's path.

        None where it cannot be looked for.
        """
        name, write = FORMS[form]
        try:
            mentions = self.service.assistant().mentions(term, themes, documents, exact=exact)
            return str(self.exports.keep(name, write(mentions, Visitor.of(stored).language)))
        except AskJapanError:
            return None


def mentions_html(mentions: Mentions, speak: Words) -> str:
    """The mentions as HTML: the counts, the ways of writing, and each work's mentions in context."""
    works = sum(bool(work.count) for work in mentions.works)
    counts = {"count": str(mentions.count), "works": str(works), "all": str(len(mentions.works))}
    parts = [f'<p class="aj-total"><strong>{escape(mentions.term)}</strong> {speak("mentions_count", **counts)}</p>']
    if len(mentions.forms) > 1:
        forms = "".join(f"<li>{escape(form)} <b>{count}</b></li>" for form, count in mentions.forms)
        parts.append(
            f'<p class="aj-label" id="aj-forms">{speak("mentions_forms")}</p><ul class="aj-forms" aria-labelledby="aj-forms">{forms}</ul>'
        )
    parts += [_work(work, speak, alone=works == 1) for work in mentions.works if work.count]
    if without := [escape(document_line(work.document)) for work in mentions.works if not work.count]:
        parts.append(f'<p class="aj-quiet">{speak("mentions_without")} {speak("list_semicolon").join(without)}</p>')
    return "".join(parts)


def _work(work: WorkMentions, speak: Words, *, alone: bool) -> str:
    is_open = " open" if alone or work.count <= SHOWN_OPEN else ""
    outside = f" · {speak('mentions_outside', count=str(work.outside))}" if work.outside else ""
    counts = dict(work.sections)
    sections: dict[str, list[Mention]] = {}
    for mention in work.mentions[:SHOWN_MOST]:
        sections.setdefault(mention.section, []).append(mention)
    inner = "".join(
        f"<h4>{escape(section) or speak('no_heading')} <b>{counts[section]}</b></h4>"
        f"<ul>{''.join(_mention(one, speak) for one in mentions)}</ul>"
        for section, mentions in sections.items()
    )
    if len(work.mentions) > SHOWN_MOST:
        inner += f'<p class="aj-quiet">{speak("mentions_more", count=str(len(work.mentions) - SHOWN_MOST))}</p>'
    head = f"{kind_badge(work.document.kind, speak)} {escape(document_line(work.document))} <b>{work.count}</b>{outside}"
    return f'<details class="aj-found"{is_open}><summary>{head}</summary>{inner}</details>'


def _mention(mention: Mention, speak: Words) -> str:
    """One mention in its context."""
    link = f"aj-passage/{mention.passage_id}" if mention.passage_id else f"aj-work/{mention.document_id}"
    page = f' <span class="aj-quiet">{escape(page_name(mention.page, mention.page_label, speak))}</span>' if mention.page else ""
    opening, closing = "… " if mention.more_before else "", " …" if mention.more_after else ""
    context = f"{opening}{escape(mention.before)}<mark>{escape(mention.text)}</mark>{escape(mention.after.rstrip())}{closing}"
    return f'<li><a href="#{escape(link)}">{context}</a>{page}</li>'
