"""The commands across all works: mentions, matrix and check. `cli` puts them on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askjapan.cli.options import Csv, Documents, IndexDir, Json, Style, Themes, settings_in_force
from askjapan.cli.terminal import error_line, line, print_json, progress_bars, shown, table
from askjapan.errors import AskJapanError

if TYPE_CHECKING:
    from askjapan.assistant import Assistant
    from askjapan.findings import Matrix
    from askjapan.settings import Settings


UNCHECKED = 3
"""Exit code of a check that found nothing wrong, but did not come to its end."""


class MatrixForm(StrEnum):
    """What `matrix` writes."""

    text = "text"
    markdown = "markdown"
    csv = "csv"
    xlsx = "xlsx"
    docx = "docx"
    json = "json"


def mentions(
    term: Annotated[
        str,
        typer.Argument(
            help="A word or phrase. Plurals, hyphens, diacritics and Japanese variants count too; `*` stands for any letters. "
            "In quotation marks ('\"sister city\"'), or with --exact, letter for letter."
        ),
    ],
    exact: Annotated[bool, typer.Option("--exact", help="Letter for letter, up to upper and lower case.")] = False,
    counts: Annotated[bool, typer.Option("--counts", help="Show the counts alone, not each mention.")] = False,
    index: IndexDir = None,
    json_: Json = False,
    csv: Csv = False,
    theme: Themes = None,
    document: Documents = None,
) -> None:
    """Find every mention of a term in all works, counted by work and section, each in its context; nothing is sampled."""
    from askjapan.citations.export.mentions import mentions_csv, mentions_text

    result = open_assistant(settings_in_force(index=index)).mentions(term, theme, document, exact=exact)
    if json_:
        print_json(result.to_dict())
    elif csv:
        write(mentions_csv(result))
    else:
        line(mentions_text(result, in_context=not counts))


def matrix(
    questions: Annotated[list[str], typer.Argument(help="One or several questions, each in quotation marks of the shell.")],
    form: Annotated[MatrixForm, typer.Option("--to", help="Form of the matrix.")] = MatrixForm.text,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write into this file; its ending says the form.")] = None,
    style: Annotated[Style, typer.Option("--style", help="Style of the footnotes of docx.")] = Style.chicago,
    index: IndexDir = None,
    json_: Json = False,
    theme: Themes = None,
    document: Documents = None,
) -> None:
    """Ask each question of each work by itself: a row a work, a column a question, with the best quote or "not in this work"."""
    from askjapan.citations.export import export_matrix_docx
    from askjapan.citations.export import matrix as writing
    from askjapan.citations.labels import language_of

    form = MatrixForm.json if json_ else _form_of(output, form)
    if form in (MatrixForm.xlsx, MatrixForm.docx) and output is None:
        raise typer.BadParameter(f"{form} goes into a file: add --output FILE.{form}", param_hint="--to")
    assistant = open_assistant(settings_in_force(index=index))
    with progress_bars() as progress:
        filled = assistant.matrix(questions, theme, document, lambda done, total: progress("asking", done, total))
    language = language_of(filled.questions)
    writers: dict[MatrixForm, Callable[[Matrix, str], str | bytes]] = {
        MatrixForm.text: lambda made, spoken: writing.matrix_text(made, spoken) + "\n",
        MatrixForm.markdown: writing.matrix_markdown,
        MatrixForm.csv: writing.matrix_csv,
        MatrixForm.xlsx: writing.matrix_xlsx,
        MatrixForm.docx: lambda made, spoken: export_matrix_docx(made, style.value, spoken),
        MatrixForm.json: lambda made, spoken: json.dumps(made.to_dict(), ensure_ascii=False, indent=1) + "\n",
    }
    deliver(writers[form](filled, language), output)


def _form_of(output: Path | None, form: MatrixForm) -> MatrixForm:
    endings = {
        ".md": MatrixForm.markdown,
        ".csv": MatrixForm.csv,
        ".xlsx": MatrixForm.xlsx,
        ".docx": MatrixForm.docx,
        ".json": MatrixForm.json,
    }
    return endings.get(output.suffix.lower(), form) if output else form


def deliver(content: str | bytes, output: Path | None) -> None:
    """Print a text, or write it into a file."""
    if output is None:
        write(content if isinstance(content, str) else "")
        return
    try:
        output.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    except OSError as error:
        raise AskJapanError(f"{output} cannot be written: {error.strerror or error}.", "Name another file.") from error
    line(f"Wrote {output}.")


def check(
    draft: Annotated[Path, typer.Argument(help="A manuscript: .md, .docx, .txt, or any other format that askjapan reads.")],
    index: IndexDir = None,
    json_: Json = False,
    csv: Csv = False,
    theme: Themes = None,
    document: Documents = None,
) -> None:
    """Look for every quotation of a manuscript in the works: exact, altered (word by word), on another page, or not found.

    The exit code is 1 if one of them is not right, and 3 if none is wrong, but the time did not suffice for all.
    """
    from askjapan.citations.export.draft import draft_csv, draft_rows, header, left_unchecked, summary

    result = open_assistant(settings_in_force(index=index)).check(draft, theme, document)
    if json_:
        print_json(result.to_dict())
    elif csv:
        write(draft_csv(result))
    else:
        if rows := draft_rows(result, length=200):
            table(header(), rows)
        line(summary(result))
    if (json_ or csv) and not result.is_complete:
        error_line(left_unchecked(result))
    if result.has_faults:
        raise typer.Exit(1)
    if not result.is_complete:
        raise typer.Exit(UNCHECKED)


def write(text: str) -> None:
    """Print a file's text as it is, unless a terminal would obey it."""
    sys.stdout.write(shown(text) if sys.stdout.isatty() else text)


def assistant_at_once(settings: Settings) -> Assistant:
    """As `open_assistant`, for a process that asks one question."""
    from askjapan.opening import models_opening

    with models_opening(settings):
        return open_assistant(settings)


def open_assistant(settings: Settings) -> Assistant:
    """The assistant over the index of the settings; an index that is not up to date is told on stderr."""
    from askjapan.api import changed_files
    from askjapan.assistant import Assistant

    if differing := changed_files(settings):
        error_line(f"The index is not up to date. {differing[0]} Run `askjapan index` to bring it up to date.")
    return Assistant.open(settings=settings)
