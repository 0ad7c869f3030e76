"""The library tab's handlers: what is there, adding with a result a file, removing, and building again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

import numpy as np

from askjapan.errors import AskJapanError
from askjapan.records import Document
from askjapan.unindexed import Unindexed
from askjapan.web.chat import build_line
from askjapan.web.html import kind_badge, note_html
from askjapan.web.library_report import read_html, unindexed_html
from askjapan.web.service import Desk, Status
from askjapan.web.translations import Words


class Shelf:
    """The handlers of the library, over the desk that all visitors share."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def documents(self) -> tuple[Document, ...]:
        """The works in the index in use; none while there is no index yet."""
        try:
            return self.desk.assistant().documents
        except AskJapanError:
            return ()

    def themes(self) -> list[str]:
        """All themes of the works."""
        return list(dict.fromkeys(theme for document in self.documents() for theme in document.themes))

    def own_works(self) -> list[tuple[str, str]]:
        """What can be removed: the works that were added by hand, as (title, id), and their files that are not in the index, by name."""
        works = self.desk.settings.works.resolve()
        own = [(entry.title, entry.id) for entry in self.documents() if works in Path(entry.path).resolve().parents]
        indexed = {Path(entry.path).resolve() for entry in self.documents()}
        names = [
            entry.path.name
            for entry in self._unindexed()
            if entry.path.parent.resolve() == works and not entry.path.name.startswith(".")
        ]
        return own + [(name, name) for name in names if works / name not in indexed]

    def _unindexed(self) -> list[Unindexed]:
        try:
            return self.desk.unindexed()
        except AskJapanError:
            return []

    def table(self, speak: Words) -> str:
        """The works as an HTML table, each with how it was read, and the files that are not in the index."""
        documents = self.documents()
        missing = unindexed_html(self._unindexed(), speak)
        if not documents:
            return note_html(speak.plain("library_empty")) + missing
        passages = self._passages()
        reports = {report.document_id: report for report in self.desk.assistant().index.manifest.reports}
        names = ("work", "themes", "kind", "pages", "passages", "date")
        head = "".join(f'<th scope="col">{speak("column_" + name)}</th>' for name in names)
        body = "".join(
            _line(document, passages.get(document.id, 0), read_html(document, reports.get(document.id), speak), speak)
            for document in documents
        )
        return (
            f'<div class="aj-works" tabindex="0" role="region" aria-label="{speak("library_table")}">'
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{missing}"
        )

    def _passages(self) -> Counter[str]:
        index = self.desk.assistant().index
        counts = np.bincount(index.passages.owners, minlength=len(index.manifest.documents))
        return Counter({document.id: int(count) for document, count in zip(index.manifest.documents, counts, strict=True)})

    def add(self, paths: Sequence[str], speak: Words) -> Iterator[str]:
        """Read files one by one, then build; yields the results so far as HTML. A bad file gets its reason, the others go on."""
        if not self.desk.settings.library_editing:
            yield note_html(speak.plain("library_closed"), "error")
            return
        outcomes: list[tuple[str, Document | AskJapanError]] = []
        for number, given in enumerate(paths):
            path = Path(given)
            waiting = [_result(Path(name).name, speak.plain("file_waiting"), "waiting") for name in paths[number + 1 :]]
            reading = _result(path.name, speak.plain("file_reading"), "reading")
            yield _results([*(_outcome(*outcome, speak) for outcome in outcomes), reading, *waiting])
            outcomes.append((path.name, self._add(path)))
        yield _results([_outcome(*outcome, speak) for outcome in outcomes])
        if any(isinstance(outcome, Document) for _, outcome in outcomes):
            for stage, told in self._build(speak):
                counts = self._passages() if stage == "done" else Counter[str]()
                lines = [_outcome(name, outcome, speak, _come(outcome, stage, counts, speak)) for name, outcome in outcomes]
                yield _results(lines) + told

    def _add(self, path: Path) -> Document | AskJapanError:
        try:
            outcome = self.desk.add(path)
        except AskJapanError as error:
            return error
        return outcome.document or outcome.error or AskJapanError(f"{path.name} was not added.")

    def remove(self, document_id: str | None, speak: Words) -> Iterator[str]:
        """Delete one of the user's works and build again."""
        if not self.desk.settings.library_editing:
            yield note_html(speak.plain("library_closed"), "error")
            return
        if not document_id:
            yield note_html(speak.plain("choose_work"))
            return
        try:
            path = self.desk.remove(document_id)
        except AskJapanError as error:
            yield note_html(str(error), "error")
            return
        gone = note_html(speak.plain("removed", name=path.name))
        for told in self.rebuild(speak):
            yield gone + told

    def facts(self, document_id: str | None) -> tuple[str, str, str]:
        """Title, authors and year of a work as they are typed; empty for none."""
        found = next((document for document in self.documents() if document.id == document_id), None)
        return (found.title, "; ".join(found.authors), str(found.year or "")) if found else ("", "", "")

    def edit(self, document_id: str | None, title: str, authors: str, year: str, speak: Words) -> Iterator[str]:
        """Correct a work's title, authors and year and build again; a fact that was not changed stays as it was found."""
        if not self.desk.settings.library_editing:
            yield note_html(speak.plain("library_closed"), "error")
            return
        if not document_id:
            yield note_html(speak.plain("choose_work"))
            return
        typed = dict(zip(("title", "authors", "year"), (title, authors, year), strict=True))
        before = dict(zip(typed, self.facts(document_id), strict=True))
        try:
            path = self.desk.edit(document_id, {name: text for name, text in typed.items() if text.strip() != before[name]})
        except AskJapanError as error:
            yield note_html(str(error), "error")
            return
        kept = note_html(speak.plain("edit_kept", name=path.name))
        for told in self.rebuild(speak):
            yield kept + told

    def rebuild(self, speak: Words) -> Iterator[str]:
        """Build the index and tell how far it is; the index in use keeps answering meanwhile."""
        if not self.desk.settings.library_editing:
            yield note_html(speak.plain("library_closed"), "error")
            return
        yield from (told for _, told in self._build(speak))

    def _build(self, speak: Words) -> Iterator[tuple[str, str]]:
        """The stage of a build, "done" or "failed", each with how far it is as HTML."""
        try:
            for status in self.desk.rebuild():
                yield status.stage, _bar(status, speak)
        except AskJapanError as error:
            yield "failed", note_html(str(error), "error")
            return
        report = self.desk.report
        if report is None:
            return
        counts = {"works": len(report.documents), "passages": report.passages, "embedded": report.embedded, "kept": report.reused}
        done = speak.plain("built", seconds=f"{report.seconds:.0f}", **{name: str(count) for name, count in counts.items()})
        left_out = "".join(note_html(f"{Path(path).name}: {reason}", "error") for path, reason in report.skipped.items())
        yield "done", note_html(done, "done") + left_out


def _line(document: Document, passages: int, read: str, speak: Words) -> str:
    people = escape(", ".join(document.authors))
    named = f'<a class="aj-work" href="#aj-work/{escape(document.id)}">{escape(document.title)}</a>'
    title = f"{named}{'<br>' if people else ''}{people}{read}"
    date = document.date or (str(document.year) if document.year else "–")
    names = ("work", "themes", "kind", "pages", "passages", "date")
    cells = (
        title,
        escape(", ".join(document.themes)) or "–",
        kind_badge(document.kind, speak),
        str(len(document.pages)) if document.pages else "–",
        str(passages),
        escape(date),
    )
    labelled = zip(names, cells, strict=True)
    return "<tr>" + "".join(f'<td data-label="{speak("column_" + name)}">{cell}</td>' for name, cell in labelled) + "</tr>"


def _results(entries: Sequence[str]) -> str:
    return f'<ul class="aj-files">{"".join(entries)}</ul>'


def _outcome(name: str, outcome: Document | AskJapanError, speak: Words, then: str = "") -> str:
    """A file's line: the reason that kept it out, or its title and how far it has come since."""
    if isinstance(outcome, AskJapanError):
        return _result(name, str(outcome), "bad")
    read = speak.plain("file_read", title=outcome.title)
    return _result(name, f"{read} · {then}" if then else read, "good")


def _come(outcome: Document | AskJapanError, stage: str, passages: Mapping[str, int], speak: Words) -> str:
    """How far an added file has come in the build; empty where there is nothing to say of it."""
    if stage in ("reading", "recognising", "embedding"):
        return speak.plain(f"file_stage_{stage}")
    number = passages.get(outcome.id, 0) if isinstance(outcome, Document) else 0
    return speak.plain("file_passages", number=str(number)) if number else ""


def _result(name: str, told: str, css: str) -> str:
    return f'<li class="aj-file-{css}"><strong>{escape(name)}</strong> {escape(told)}</li>'


def _bar(status: Status, speak: Words) -> str:
    line = build_line(status, speak)
    share = f' value="{status.done}" max="{status.total}"' if status.total else ""
    return f'<div class="aj-build"><p>{escape(line)}</p><progress aria-label="{speak("rebuild")}"{share}></progress></div>'
