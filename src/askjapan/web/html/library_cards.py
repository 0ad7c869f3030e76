"""Renders the library as HTML: the jobs of adding, the running build, and a card per work with its report, facts and buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from askjapan.index.works.unindexed import Unindexed
from askjapan.readings import FileReport
from askjapan.records import Document
from askjapan.web.html.answers import kind_badge, note_html
from askjapan.web.html.library_report import read_html, unindexed_html
from askjapan.web.shared.adding import Job
from askjapan.web.shared.service import Status
from askjapan.web.words.translations import Words

if TYPE_CHECKING:
    from askjapan.index.report import BuildReport
    from askjapan.index.storage.manifest import Manifest


def adding_html(jobs: Sequence[Job], status: Status, speak: Words) -> str:
    """The jobs of adding with their state, the latest first; empty without jobs."""
    if not jobs:
        return ""
    lines = "".join(_job(job, status, speak) for job in jobs)
    clear = "" if all(job.is_open for job in jobs) else button("clear", "", speak("jobs_clear"))
    head = f'<div class="aj-jobs-head"><h3>{speak("jobs")}</h3>{clear}</div>'
    return f'<section class="aj-jobs">{head}<ul class="aj-files">{lines}</ul></section>'


def _job(job: Job, status: Status, speak: Words) -> str:
    told = {
        "failed": lambda: speak.said(job.told) if job.told else "",
        "done": lambda: speak.plain("job_done", title=job.title, passages=str(job.passages)),
        "embedding": lambda: _embedding(job, status, speak),
    }.get(job.state, lambda: speak.plain(f"job_{job.state}"))()
    css = {"failed": "bad", "done": "good"}.get(job.state, job.state)
    stop = button("cancel", job.id, speak("cancel"), name=speak("cancel_job", name=job.name)) if job.is_open else ""
    return f'<li class="aj-file-{css}" data-state="{job.state}"><span><strong>{escape(job.name)}</strong> {escape(told)}</span>{stop}</li>'


def _embedding(job: Job, status: Status, speak: Words) -> str:
    """State of a file that has been read: the build that it waits for, and its progress."""
    read = speak.plain("job_read", title=job.title) if job.title else ""
    stage = status.stage if status.building and status.stage else "waiting"
    far = speak.plain(f"job_stage_{stage}", done=str(status.done), total=str(status.total))
    return f"{read} · {far}" if read else far


def build_html(status: Status, speak: Words) -> str:
    """The progress bar of the build that is running."""
    share = f' value="{status.done}" max="{status.total}"' if status.total else ""
    line = escape(build_line(status, speak))
    return f'<div class="aj-build"><p>{line}</p><progress aria-label="{speak("rebuild")}"{share}></progress></div>'


def build_line(status: Status, speak: Words) -> str:
    """The progress of a build in words, with the time left once it is known; not escaped."""
    stage = speak.plain(f"stage_{status.stage}") if status.stage else ""
    line = speak.plain("building", stage=stage, done=str(status.done), total=str(status.total))
    if status.seconds_left is None or status.seconds_left < 1:
        return line
    minutes = status.seconds_left / 60
    unit, number = ("minutes", minutes) if minutes > 1.5 else ("seconds", status.seconds_left)
    return f"{line} {speak.plain(unit, number=f'{number:.0f}')}"


def built_html(report: BuildReport | None, speak: Words) -> str:
    """Summary of the last build of this process; empty without one."""
    if report is None:
        return ""
    counts = {"works": len(report.documents), "passages": report.passages, "embedded": report.embedded, "kept": report.reused}
    done = speak.plain("built", seconds=f"{report.seconds:.0f}", **{name: str(count) for name, count in counts.items()})
    return note_html(done, "done")


def works_html(
    manifest: Manifest | None,
    missing: Sequence[Unindexed],
    passages: Mapping[str, int],
    works: Path,
    speak: Words,
    *,
    editing: bool,
) -> str:
    """The works as cards, after the files that are not in the index.

    Args:
        manifest: of the index in use, if there is one.
        missing: the files that no question reaches.
        passages: the number of passages of each work in all its editions, by its id.
        works: the folder of the user's own works, which can be removed.
        speak: the interface's language.
        editing: whether this page may change the library.
    """
    above = unindexed_html(missing, works, speak, editing=editing)
    documents = manifest.works if manifest else ()
    if manifest is None or not documents:
        return above + note_html(speak.plain("library_empty"))
    reports = {report.document_id: report for report in manifest.reports}
    editions: dict[str, list[str]] = {}
    for document in manifest.documents:
        editions.setdefault(document.edition_of or document.id, []).append(speak.language_name(document.language))
    counts = {id_: _count(passages.get(id_, 0), languages, speak) for id_, languages in editions.items()}
    cards = "".join(
        _card(document, counts[document.id], reports.get(document.id), works, speak, editing=editing) for document in documents
    )
    return f'{above}<ul class="aj-works" aria-label="{speak("library_table")}">{cards}</ul>'


def _count(passages: int, languages: Sequence[str], speak: Words) -> str:
    """How many passages a work has, with the languages where these are several; not escaped."""
    if len(languages) == 1:
        return speak.plain("count_passages", number=passages)
    return speak.plain("count_passages_in", number=passages, languages=tuple(languages))


def _card(document: Document, passages: str, report: FileReport | None, works: Path, speak: Words, *, editing: bool) -> str:
    facts = [
        ", ".join(document.authors),
        str(document.year or speak.plain("undated")),
        speak.plain("list_comma").join(map(speak.theme, document.themes)),
        speak.plain("count_pages", number=str(len(document.pages))) if document.pages else "",
        passages,
    ]
    line = " · ".join(filter(None, facts))
    own = works in Path(document.path).resolve().parents
    removing = button("remove", document.id, speak("remove"), sure=speak("remove_sure", title=document.title)) if own else ""
    tools = f"{_form(document, speak)}{removing}" if editing else ""
    return (
        f'<li class="aj-work-card"><h3><a class="aj-work" href="#aj-work/{escape(document.id)}">{escape(document.title)}</a></h3>'
        f'<p class="aj-work-facts">{kind_badge(document.kind, speak)} {escape(line)}</p>'
        f'<div class="aj-work-tools">{read_html(document, report, speak)}{tools}</div></li>'
    )


def _form(document: Document, speak: Words) -> str:
    values = (("title", document.title), ("authors", "; ".join(document.authors)), ("year", str(document.year or "")))
    fields = "".join(
        f'<label>{speak(f"edit_{name}")}<input name="{name}" value="{escape(value)}"></label>' for name, value in values
    )
    save = f'<button type="submit" class="aj-tool">{speak("edit_save")}</button>'
    return (
        f'<details class="aj-edit"><summary>{speak("edit_work")}</summary>'
        f'<form data-do="edit" data-of="{escape(document.id)}">{fields}{save}</form></details>'
    )


def button(action: str, of: str, label: str, *, name: str = "", sure: str = "") -> str:
    """A button whose action the page's script sends to the server, after it has asked `sure`. All texts but `of` are HTML already."""
    more = (f' aria-label="{name}"' if name else "") + (f' data-sure="{sure}"' if sure else "")
    return f'<button type="button" class="aj-tool aj-do" data-do="{action}" data-of="{escape(of)}"{more}>{label}</button>'
