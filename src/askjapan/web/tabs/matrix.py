"""Tab of the matrix: questions, one per line, asked of each work by itself, as a table whose quotes link into the documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

import gradio as gr

from askjapan.citations.export import export_matrix_docx
from askjapan.citations.export.matrix import matrix_csv, matrix_markdown, matrix_xlsx
from askjapan.findings import Matrix
from askjapan.records import Answer
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.exporting import STYLES, Exports
from askjapan.web.html.answers import document_line, kind_badge, place_line
from askjapan.web.html.study_notes import note_label
from askjapan.web.shared.service import AssistantService
from askjapan.web.tabs.kept_result import KeptResult, Shown
from askjapan.web.words.spoken import Spoken
from askjapan.web.words.translations import Words, words


def _word(matrix: Matrix, language: str) -> bytes:
    """A Word file in the style that goes with the page's language, as the rich text of an answer has it."""
    return export_matrix_docx(matrix, STYLES.get(language, "chicago"), language)


FORMS: Mapping[str, tuple[str, Callable[[Matrix, str], str | bytes]]] = {
    "XLSX": ("matrix.xlsx", matrix_xlsx),
    "Word": ("matrix.docx", _word),
    "CSV": ("matrix.csv", matrix_csv),
    "Markdown": ("matrix.md", matrix_markdown),
    "JSON": ("matrix.json", lambda matrix, language: json.dumps(matrix.to_dict(), ensure_ascii=False, indent=1)),
}


class MatrixTab(KeptResult[Matrix]):
    """Components and handlers of the tab."""

    def __init__(self, service: AssistantService, exports: Exports, spoken: Spoken, speak: Words) -> None:
        self.questions = gr.Textbox(
            label=speak.plain("matrix_questions"),
            placeholder=speak.plain("matrix_hint"),
            lines=3,
            max_lines=8,
            elem_id="aj-questions",
        )
        spoken.say(
            self.questions, lambda speak: {"label": speak.plain("matrix_questions"), "placeholder": speak.plain("matrix_hint")}
        )
        self.ask = spoken.label(
            gr.Button(speak.plain("matrix_ask"), variant="primary", size="md", elem_id="aj-ask-works"), "matrix_ask"
        )
        super().__init__(service, exports, FORMS, "aj-matrix", spoken, speak)

    def wire(self, browser: Any, filters: Sequence[Any], download: Any) -> None:  # noqa: ANN401 - components of Gradio
        """Connect the events; `filters` are the themes and works that are asked, `download` is the page's hidden button for files."""
        self.wire_result(self.ask, self.fill, [self.questions, browser, *filters], browser, download)

    def fill(self, questions: str, stored: object, themes: Sequence[str] = (), documents: Sequence[str] = ()) -> Iterator[Shown]:
        """Fill a matrix: yields a note that each work is being asked, then the table or the error."""
        visitor = Visitor.of(stored)
        speak = words(visitor.language)
        yield from self.asked(
            visitor.owner,
            lambda assistant: assistant.matrix(questions.splitlines(), themes, documents),
            lambda filled: matrix_html(filled, speak),
            speak.plain("matrix_asking"),
            speak,
        )


def matrix_html(matrix: Matrix, speak: Words) -> str:
    """The matrix as an HTML table, one row per work."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (speak.plain("filter_documents"), *matrix.questions))
    rows = "".join(
        f'<tr><th scope="row">{kind_badge(row.document.kind, speak)} {escape(document_line(row.document))}</th>'
        + "".join(
            f'<td data-label="{escape(question)}">{_cell(cell, speak)}</td>'
            for question, cell in zip(matrix.questions, row.cells, strict=True)
        )
        + "</tr>"
        for row in matrix.rows
    )
    return (
        f'<div class="aj-grid" tabindex="0" role="region" aria-label="{speak("tab_matrix")}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell_place(cell: Answer, speak: Words) -> str:
    """The places of a cell's quotes; for a sentence of a study note, the part of the work that it reports."""
    first = [sentence.citations[0] for sentence in cell.sentences if sentence.kind == "quote"]
    told = (
        speak.plain("note_on", label=note_label(citation, speak))
        if citation.document_kind == "study note"
        else place_line(citation, speak)
        for citation in first
    )
    return speak.plain("list_semicolon").join(dict.fromkeys(told))


def _cell(cell: Answer, speak: Words) -> str:
    sure = f'<span class="aj-quiet">{speak("matrix_sure", number=f"{100 * cell.confidence:.0f}")}</span>'
    if not cell.answered:
        return f'<span class="aj-lacking">{speak("not_in_work")}</span>{sure}'
    parts = []
    for sentence in cell.sentences:
        if sentence.kind != "quote":
            continue
        ours = sentence.citations[0].document_kind == "study note"
        text = escape(sentence.text).replace("\t", " · ").replace("\n", "<br>")
        shown = text if ours else f"“{text}”"
        parts.append(f'<a href="#aj-passage/{escape(sentence.citations[0].passage_id)}">{shown}</a>')
    return f'{" ".join(parts)}<span class="aj-quiet">{escape(_cell_place(cell, speak))}</span>{sure}'
