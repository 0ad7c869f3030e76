"""How the command line shows what a build did: a table a file, or JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from askjapan.cli.terminal import error_line, line, table
from askjapan.file_names import path_text
from askjapan.readings import FileReport
from askjapan.sayings import ENGLISH, Value, filled

if TYPE_CHECKING:
    from askjapan.index.report import BuildReport
    from askjapan.index.works.library import Added
    from askjapan.records import Document
    from askjapan.settings import Settings


def report_table(files: Sequence[FileReport], documents: Mapping[str, Document]) -> None:
    """Print a line a file: pages, words, what was taken as title, authors, year and language and from where, and warnings."""
    table(["file", "pages", "words", "taken as", "to be heeded"], [_row(file, documents.get(file.document_id)) for file in files])


def report_dict(
    files: Sequence[FileReport], documents: Mapping[str, Document], report: BuildReport | None, settings: Settings
) -> dict[str, Any]:
    """The same as JSON-ready data, with the counts of the build, if there was one."""
    lines = [file.to_dict(documents.get(file.document_id)) for file in files]
    if report is None:
        return {"files": lines, "index": None}
    return {
        "files": lines,
        "index": str(settings.index_folder),
        "works": len(report.documents),
        "passages": report.passages,
        "embedded": report.embedded,
        "kept": report.reused,
        "seconds": round(report.seconds, 3),
    }


def reports_of(results: Sequence[Added], report: BuildReport | None) -> tuple[list[FileReport], dict[str, Document]]:
    """A report for each file that was given: as the build read its copy, or why it was not added."""
    built = {file.path: file for file in report.files} if report else {}
    files = [built[path_text(result.copy)] if result.copy else _not_added(result) for result in results]
    return files, {document.id: document for document in report.documents} if report else {}


def _not_added(result: Added) -> FileReport:
    return FileReport(path_text(result.given), left_out=result.error.saying if result.error else None)


def tell_left_out(report: BuildReport) -> None:
    """A line on stderr for each file that was left out, with the reason."""
    for file in report.files:
        if file.left_out:
            error_line(
                f"Left out: {file.left_out}" if file.name in str(file.left_out) else f"Left out: {file.path}: {file.left_out}"
            )


def tell_warnings(report: BuildReport) -> None:
    """A line on stderr for each warning, where no table has them."""
    for file in report.files:
        for warning in file.warnings:
            error_line(f"{file.name}: {warning}")


def tell_replaced(report: BuildReport) -> None:
    """The notes that gave way to their full texts."""
    for file in report.files:
        if file.replaced_by:
            name = next(other.name for other in report.files if other.path == file.replaced_by)
            line(f"{name} takes the place of the study note {file.name}.")


def tell_counts(report: BuildReport, settings: Settings) -> None:
    """How much was indexed."""
    counted = "Indexed {works} {works:work|works} in {passages} {passages:passage|passages} ({embedded} embedded, {kept} kept)"
    counts: dict[str, Value] = {
        "works": len(report.documents),
        "passages": report.passages,
        "embedded": report.embedded,
        "kept": report.reused,
    }
    line(f"{filled(counted, counts, ENGLISH)} in {report.seconds:.0f} s, into {settings.index_folder}.")


def _row(file: FileReport, document: Document | None) -> list[str]:
    taken = [f"{name}: {_fact(value, source)}" for name, value, source in (document.facts if document else ())]
    told = list(map(str, file.warnings))
    if file.left_out:
        told.append(f"LEFT OUT: {file.left_out}")
    if file.replaced_by:
        told.append(f"Its full text is in the corpus: {file.replaced_by}")
    return [file.name, _pages(file), str(file.words) if file.words else "", "\n".join(taken), "\n".join(told)]


def _pages(file: FileReport) -> str:
    if not file.pages:
        return ""
    by_ocr = f", {file.pages_recognised} of them by OCR" if file.pages_recognised else ""
    return f"{file.pages}, {file.pages_with_text} with text{by_ocr}"


def _fact(value: str | int | None, source: str) -> str:
    return f"{value} ({source})" if value and source else str(value or "not found")
