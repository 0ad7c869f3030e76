"""The commands about the corpus and its index: index, add, edit, remove, list, sketch and info. `cli` puts them on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askjapan.cli.options import Corpus, IndexDir, Json, folders_of_index, settings_in_force, settings_in_place
from askjapan.cli.report import report_dict, report_table, reports_of, tell_counts, tell_left_out, tell_replaced, tell_warnings
from askjapan.cli.terminal import error_line, line, print_json, progress_bars, table
from askjapan.errors import IndexBusy, IndexFault
from askjapan.file_names import path_text
from askjapan.home import expanded
from askjapan.sayings import ENGLISH, filled

if TYPE_CHECKING:
    from askjapan.index.report import BuildReport
    from askjapan.index.works.library import Added
    from askjapan.records import Document
    from askjapan.settings import Settings


def index(
    corpus: Corpus = None,
    index: IndexDir = None,
    if_stale: Annotated[bool, typer.Option("--if-stale", help="Do nothing if it is up to date.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="So many processes read, cut and embed.")] = 1,
    check: Annotated[
        bool, typer.Option("--check", help="Build nothing; compare every file of the index with its checksum.")
    ] = False,
    json_: Json = False,
) -> None:
    """Build the index, or bring it up to date: only changed documents are embedded again. Exit code 1 if a file was left out."""
    from askjapan.api import why_stale

    settings = settings_in_force(index=index)
    if check:
        _check(settings)
        return
    # Folders named here are indexed alone; those of the settings have the user's own works with them.
    folders = [*map(expanded, corpus)] if corpus else None
    if if_stale:
        reason = why_stale(settings, corpus=folders)
        if not reason:
            line(f"The index in {settings.index_folder} is up to date.")
            return
        error_line(f"Building the index. {reason}")
    report = run_build(settings, folders, workers=workers)
    documents = {document.id: document for document in report.documents}
    if json_:
        print_json(report_dict(report.files, documents, report, settings))
    else:
        tell_replaced(report)
        report_table(report.files, documents)
        tell_counts(report, settings)
    tell_left_out(report)
    if report.skipped:
        raise typer.Exit(1)


def _check(settings: Settings) -> None:
    """Tell every damaged file of the index; exit code 1 if there is one."""
    from askjapan.api import damage, manifest

    broken = damage(settings)
    for sentence in broken:
        error_line(sentence)
    if broken:
        raise typer.Exit(1)
    parts = filled(
        "{files} {files:file is as it was|files are as they were} written", {"files": len(manifest(settings).parts)}, ENGLISH
    )
    line(f"The index in {settings.index_folder} is whole: {parts}.")


def add(
    files: Annotated[
        list[str] | None, typer.Argument(help="Files, folders or globs; without any, those that the bibliographies name.")
    ] = None,
    bibliography: Annotated[
        list[Path] | None,
        typer.Option(
            "--bibliography",
            help="CSL-JSON, BibTeX, RIS, or a Zotero library or export, for titles, authors and years; may be given more than once.",
        ),
    ] = None,
    zotero: Annotated[
        list[Path] | None,
        typer.Option(
            "--zotero",
            help="A Zotero library (its folder or database) or a file that Zotero exported: its papers with their facts, citekeys "
            "and collections; a later run follows what has changed there. May be given more than once.",
        ),
    ] = None,
    index: IndexDir = None,
    json_: Json = False,
) -> None:
    """Copy your own works into the corpus and index them. Exit code 1 if a file was left out."""
    from askjapan.index.works.given_files import to_add
    from askjapan.index.works.library import add as add_file

    settings = settings_in_place(settings_in_force(index=index), index)
    paths, bibliographies = to_add(files or (), bibliography or ()) if files or bibliography or not zotero else ([], [])
    if zotero:
        from askjapan.index.works.zotero import follow

        papers, described, told = follow(zotero, settings.works)
        for sentence in told:
            error_line(sentence)
        paths, bibliographies = [*paths, *papers], [*bibliographies, *described]
    for warning in (warning for bibliography in bibliographies for warning in bibliography.warnings):
        error_line(str(warning))
    results = []
    try:
        for path in paths:
            results.append(add_file(path, settings.works, settings.corpus_folders, settings.catalogue, bibliographies))
            _tell_added(results[-1], json_)
        report = _built_anew(settings) if any(result.document for result in results) else None
    except KeyboardInterrupt:
        error_line(f"Stopped. What was added lies in {settings.works}; `askjapan index` puts it into the index.")
        raise
    added, documents = reports_of(results, report)
    if json_:
        print_json(report_dict(added, documents, report, settings))
    elif report is not None:
        tell_replaced(report)
        report_table(added, documents)
        tell_counts(report, settings)
    if report is not None:
        tell_left_out(report)
    if any(file.left_out for file in added):
        raise typer.Exit(1)


def _tell_added(result: Added, json_: bool) -> None:
    if result.document is None:
        error_line(str(result.error))
    elif not json_:
        done = "Already in the corpus, and now described:" if result.known else "Added"
        line(f"{done} {result.given.name}: {result.document.title} (described by {result.document.described_by}).")


def remove(
    work: Annotated[str, typer.Argument(help="Id or file name of a work that you added.")], index: IndexDir = None
) -> None:
    """Take one of your works out of the corpus and the index."""
    from askjapan.index.works.library import remove as remove_file

    settings = settings_in_place(settings_in_force(index=index), index)
    line(f"Removed {path_text(remove_file(work, settings.works, _documents(settings)).name)}.")
    _tell_build(_built_anew(settings), settings)


def edit(
    work: Annotated[str, typer.Argument(help="Id of a work, or file name of one that you added.")],
    title: Annotated[str | None, typer.Option(help="The title; empty to go back to the one that was found.")] = None,
    authors: Annotated[str | None, typer.Option(help="The authors, parted by semicolons.")] = None,
    year: Annotated[str | None, typer.Option(help="The year.")] = None,
    index: IndexDir = None,
) -> None:
    """Correct the title, authors or year of a work; they are kept beside its file and stand in every citation from then on."""
    from askjapan.index.works.library import edit as edit_work

    settings = settings_in_place(settings_in_force(index=index), index)
    path = edit_work(work, settings.works, _documents(settings), title=title, authors=authors, year=year)
    line(f"Kept what you gave for {path_text(path.name)} beside it.")
    _tell_build(_built_anew(settings), settings)


def list_(index: IndexDir = None, json_: Json = False) -> None:
    """List the works in the index, and what lies in the corpus folders but is not in it."""
    from askjapan.api import manifest
    from askjapan.index.works.unindexed import unindexed

    settings = settings_in_place(settings_in_force(index=index), index)
    try:
        state = manifest(settings)
    except IndexFault as error:
        state, fault = None, error
    missing = unindexed([folder for folder in settings.corpus_folders if folder.is_dir()], settings.works, state)
    documents = state.works if state else ()
    if json_:
        indexed = [{**asdict(document), "indexed": True} for document in documents]
        others = [{**asdict(entry), "id": None, "path": str(entry.path), "indexed": False} for entry in missing]
        print_json([*indexed, *others])
    else:
        rows = [[d.id, d.title, ", ".join(d.authors), str(d.year or ""), d.kind, ", ".join(d.themes)] for d in documents]
        if state:
            table(["id", "title", "authors", "year", "kind", "themes"], rows)
        if missing:
            table(
                ["not in the index", "why", "what to do"],
                [[str(entry.path), str(entry.reason), entry.remedy] for entry in missing],
            )
    if state is None:
        raise fault


def sketch(file: Annotated[Path, typer.Argument(help="The full text of a work.")]) -> None:
    """Print the hashes that recognise a full text, for its entry in corpus/catalogue.toml."""
    from askjapan.index.works.library import sketch_of

    hashes = [f'"{item}"' for item in sketch_of(file)]
    rows = [", ".join(hashes[i : i + 8]) for i in range(0, len(hashes), 8)]
    line("sketch = [\n" + "".join(f"    {row},\n" for row in rows) + "]")


def info(index: IndexDir = None) -> None:
    """Show the settings in force and the state of the index."""
    from askjapan.api import manifest, why_stale

    settings = settings_in_force(index=index)
    rows = [[name, str(value)] for name, value in settings.model_dump().items()]
    table(
        ["setting", "value"],
        [
            *rows,
            ["corpus folders", ", ".join(map(str, settings.corpus_folders))],
            ["index folder", str(settings.index_folder)],
            ["conversations file", str(settings.conversations_file)],
        ],
    )
    state = manifest(settings)
    table(
        ["index", "value"],
        [
            ["fingerprint", state.fingerprint],
            ["encoder", f"{state.encoder['name']} ({state.encoder['sha256'][:12]})"],
            ["multilingual encoder", state.multilingual["name"] if state.multilingual else "none"],
            ["documents", str(len(state.works))],
            ["passages", str(state.passages)],
            *([f"left out: {path}", str(reason)] for path, reason in state.skipped.items()),
        ],
    )
    reason = why_stale(settings, corpus=folders_of_index(settings) if index else None)
    line(f"The index is stale. {reason} Run `askjapan index`." if reason else "The index is up to date.")


def _documents(settings: Settings) -> tuple[Document, ...]:
    """The works in the index; none without an index, where a work can still be named by its file."""
    from askjapan.api import manifest

    try:
        return manifest(settings).documents
    except IndexFault:
        return ()


def run_build(settings: Settings, corpus: Sequence[Path] | None = None, *, wait: bool = False, workers: int = 1) -> BuildReport:
    """Build with progress bars; more than one worker are processes of their own."""
    from askjapan.api import build_index
    from askjapan.index.encoders.workers import processes

    with progress_bars() as progress, processes(workers) if workers > 1 else nullcontext() as executor:
        return build_index(corpus, settings=settings, progress=progress, wait=wait, executor=executor)


def build(settings: Settings, corpus: Sequence[Path] | None = None) -> None:
    """Build, and tell what was left out, what is to be heeded, and how much was indexed."""
    _tell_build(run_build(settings, corpus), settings)


def _built_anew(settings: Settings) -> BuildReport:
    """Build after a change of the works. A build that is running has read the folders before it, so this one waits for its end."""
    try:
        return run_build(settings)
    except IndexBusy as error:
        error_line(f"{error.message} This one begins when that has ended.")
        return run_build(settings, wait=True)


def _tell_build(report: BuildReport, settings: Settings) -> None:
    tell_left_out(report)
    tell_warnings(report)
    tell_replaced(report)
    tell_counts(report, settings)
