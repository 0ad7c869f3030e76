"""Report on how the library's files were read, as HTML: pages, words, title and other facts, warnings, and files left out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from askjapan.index.works.unindexed import Unindexed
from askjapan.readings import FileReport
from askjapan.records import Document
from askjapan.web.words.translations import Words


def read_html(document: Document, report: FileReport | None, speak: Words) -> str:
    """The folded report under a work: pages and words, each fact with where it was found, and the warnings."""
    lines = [_line(speak("column_words"), f"{document.words:,}")] if document.words else []
    if report and report.pages:
        told = speak.plain("pages_read", pages=str(report.pages), with_text=str(report.pages_with_text))
        by_ocr = speak.plain("pages_recognised", number=str(report.pages_recognised)) if report.pages_recognised else ""
        lines.insert(0, _line(speak("column_pages"), f"{told} {by_ocr}".strip()))
    lines += [
        _line(speak(f"fact_{name}"), _fact(_said(name, value, speak), source, speak)) for name, value, source in document.facts
    ]
    lines += [_line(speak("fact_date"), document.date)] if document.date else []
    lines += [_line(speak("warning"), speak.said(warning)) for warning in (report.warnings if report else ())]
    marked = ' class="aj-heed"' if report and report.warnings else ""
    return f'<details class="aj-read"><summary{marked}>{speak("how_read")}</summary><ul>{"".join(lines)}</ul></details>'


def unindexed_html(entries: Sequence[Unindexed], works: Path, speak: Words, *, editing: bool) -> str:
    """The files that lie in the library's folders but not in the index, with why and what can be done; empty if there are none.

    Args:
        entries: the files.
        works: the folder of the user's own works, of which files can be removed here.
        speak: the interface's language.
        editing: whether this page may change the library.
    """
    if not entries:
        return ""
    lines = "".join(_unindexed(entry, works, speak, editing=editing) for entry in entries)
    return f'<section class="aj-unindexed"><h3>{speak("unindexed")}</h3><ul class="aj-files">{lines}</ul></section>'


def _unindexed(entry: Unindexed, works: Path, speak: Words, *, editing: bool) -> str:
    name = escape(entry.path.name)
    # What is no work, such as the rest of an interrupted copy, can be neither indexed nor removed here.
    own = editing and entry.path.parent.resolve() == works and not entry.path.name.startswith(".")
    index = f'<button type="button" class="aj-tool aj-do" data-do="index" data-of="{name}">{speak("index_it")}</button>'
    sure = speak("remove_sure", title=entry.path.name)
    remove = f'<button type="button" class="aj-tool aj-do" data-do="remove" data-of="{name}" data-sure="{sure}">{speak("remove")}</button>'
    return (
        f'<li class="aj-file-bad"><span><strong>{name}</strong> {escape(speak.said(entry.reason))}</span>'
        f"{f'<span>{index} {remove}</span>' if own else ''}</li>"
    )


def _line(name: str, told: str) -> str:
    return f"<li><strong>{name}</strong> {escape(told)}</li>"


def _said(name: str, value: str | int | None, speak: Words) -> str | int | None:
    return speak.language_name(str(value)) if name == "language" and value else value


def _fact(value: str | int | None, source: str, speak: Words) -> str:
    if not value:
        return speak.plain("fact_missing")
    return speak.plain("fact_from", fact=str(value), source=speak.source(source)) if source else str(value)
