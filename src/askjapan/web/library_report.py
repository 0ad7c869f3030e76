"""How the files of the library were read, as HTML: pages, words, what was taken as title and the like, warnings, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from askjapan.records import Document, FileReport
from askjapan.unindexed import Unindexed
from askjapan.web.translations import Words


def read_html(document: Document, report: FileReport | None, speak: Words) -> str:
    """What stands under a work, folded: pages and words, each fact with where it was found, and the warnings."""
    lines = [_line(speak("column_words"), str(document.words))] if document.words else []
    if report and report.pages:
        told = speak.plain("pages_read", pages=str(report.pages), with_text=str(report.pages_with_text))
        by_ocr = speak.plain("pages_recognised", number=str(report.pages_recognised)) if report.pages_recognised else ""
        lines.insert(0, _line(speak("column_pages"), f"{told} {by_ocr}".strip()))
    lines += [_line(speak(f"fact_{name}"), _fact(value, source, speak)) for name, value, source in document.facts]
    lines += [_line(speak("warning"), warning) for warning in (report.warnings if report else ())]
    marked = ' class="aj-heed"' if report and report.warnings else ""
    return f'<details class="aj-read"><summary{marked}>{speak("how_read")}</summary><ul>{"".join(lines)}</ul></details>'


def unindexed_html(entries: Sequence[Unindexed], speak: Words) -> str:
    """The files that lie in the library's folders but not in the index, with why and what to do; empty if there are none."""
    if not entries:
        return ""
    lines = "".join(
        f'<li class="aj-file-bad"><strong>{escape(entry.path.name)}</strong> {escape(entry.reason)} {speak("unindexed_remedy")}</li>'
        for entry in entries
    )
    return f'<section class="aj-unindexed"><h3>{speak("unindexed")}</h3><ul class="aj-files">{lines}</ul></section>'


def _line(name: str, told: str) -> str:
    return f"<li><strong>{name}</strong> {escape(told)}</li>"


def _fact(value: str | int | None, source: str, speak: Words) -> str:
    if not value:
        return speak.plain("fact_missing")
    return f"{value} ({source})" if source else str(value)
