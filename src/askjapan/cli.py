"""The command line: parses, calls, prints. It never ranks or formats an answer itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askjapan.errors import AnswerFileError, AskJapanError, IndexFault
from askjapan.terminal import error_line, line, progress_bars, table, use_utf8

if TYPE_CHECKING:
    from askjapan.assistant import Assistant
    from askjapan.index.build import BuildReport
    from askjapan.records import Answer, Written
    from askjapan.settings import Settings

app = typer.Typer(
    help="Answers about Japan in the world, made of quotes that a stranger can re-check.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

Corpus = Annotated[
    list[Path] | None, typer.Option("--corpus", help="Folder to index; may be given more than once.", show_default="corpus/")
]
IndexDir = Annotated[Path | None, typer.Option("--index", help="Index folder.", show_default="index/")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Themes = Annotated[list[str] | None, typer.Option("--theme", help="Only works with this theme; may be given more than once.")]
Documents = Annotated[
    list[str] | None, typer.Option("--document", help="Only the work with this id; may be given more than once.")
]
History = Annotated[
    list[str] | None, typer.Option("--after", help="An earlier message of yours, oldest first, for a follow-up question.")
]


class ExportForm(StrEnum):
    """What `export` writes."""

    markdown = "markdown"
    bibtex = "bibtex"
    csl = "csl"
    ris = "ris"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; an error is a sentence with its remedy on stderr and exit code 1 (wrong usage 2, Ctrl-C 130)."""
    use_utf8()
    try:
        app(arguments, prog_name="askjapan")
    except AskJapanError as error:
        error_line(str(error))
        raise SystemExit(1) from None


@app.command()
def index(
    corpus: Corpus = None,
    index: IndexDir = None,
    if_stale: Annotated[bool, typer.Option("--if-stale", help="Do nothing if it is up to date.")] = False,
) -> None:
    """Build the index, or bring it up to date: only changed documents are embedded again."""
    from askjapan.api import why_stale

    settings = _settings(index=index)
    # Folders named here are indexed alone; those of the settings have the user's own works with them.
    folders = [folder.expanduser() for folder in corpus] if corpus else None
    if if_stale:
        reason = why_stale(settings, corpus=folders)
        if not reason:
            line(f"The index in {settings.index_folder} is up to date.")
            return
        error_line(f"Building the index. {reason}")
    _build(settings, folders)


@app.command()
def add(files: Annotated[list[str], typer.Argument(help="Files, folders or globs.")], index: IndexDir = None) -> None:
    """Copy your own works into the corpus and index them."""
    from askjapan.library import add as add_file
    from askjapan.library import find_files

    settings = _in_place(_settings(index=index), index)
    results = [add_file(path, settings.works, settings.corpus_folders, settings.catalogue) for path in find_files(files)]
    for result in results:
        if result.document is not None:
            line(f"Added {result.given.name}: {result.document.title} (described by {result.document.described_by}).")
        else:
            error_line(str(result.error))
    if any(result.document for result in results):
        _build(settings)
    if any(result.error for result in results):
        raise typer.Exit(1)


@app.command()
def remove(
    work: Annotated[str, typer.Argument(help="Id or file name of a work that you added.")], index: IndexDir = None
) -> None:
    """Take one of your works out of the corpus and the index."""
    from askjapan.api import manifest
    from askjapan.library import remove as remove_file

    settings = _in_place(_settings(index=index), index)
    try:
        documents = manifest(settings).documents
    except IndexFault:
        # Without an index a work can still be named by its file.
        documents = ()
    line(f"Removed {remove_file(work, settings.works, documents).name}.")
    _build(settings)


@app.command("list")
def list_(index: IndexDir = None, json_: Json = False) -> None:
    """List the works in the index."""
    from askjapan.api import manifest

    documents = manifest(_settings(index=index)).documents
    if json_:
        _json([asdict(document) for document in documents])
        return
    table(
        ["id", "title", "authors", "year", "kind", "themes"],
        [[d.id, d.title, ", ".join(d.authors), str(d.year or ""), d.kind, ", ".join(d.themes)] for d in documents],
    )


@app.command()
def sketch(file: Annotated[Path, typer.Argument(help="The full text of a work.")]) -> None:
    """Print the hashes that recognise a full text, for its entry in corpus/catalogue.toml."""
    from askjapan.library import sketch_of

    hashes = [f'"{item}"' for item in sketch_of(file)]
    rows = [", ".join(hashes[i : i + 8]) for i in range(0, len(hashes), 8)]
    line("sketch = [\n" + "".join(f"    {row},\n" for row in rows) + "]")


@app.command()
def ask(
    question: str,
    index: IndexDir = None,
    json_: Json = False,
    theme: Themes = None,
    document: Documents = None,
    after: History = None,
    writer: Annotated[
        bool,
        typer.Option("--writer/--no-writer", help="Let the language model of the settings, if there is one, connect the quotes."),
    ] = True,
) -> None:
    """Answer a question with quotes, or say that the corpus does not hold the answer."""
    from askjapan.citations.render import to_text

    settings = _settings(index=index)
    answer = _assistant(settings).ask(question, after or (), theme, document)
    written = _written(answer, settings, shown=not json_) if writer else None
    if json_:
        _json(replace(answer, written=written).to_dict())
    else:
        line(to_text(answer))


@app.command()
def retrieve(
    question: str,
    k: Annotated[int, typer.Option("-k", help="How many passages.")] = 5,
    index: IndexDir = None,
    json_: Json = False,
    theme: Themes = None,
    document: Documents = None,
    after: History = None,
) -> None:
    """Show the passages that best answer a question."""
    from askjapan.citations.render import hit_lines

    hits = _assistant(_settings(index=index)).retrieve(question, k, after or (), theme, document)
    if json_:
        _json([asdict(hit) for hit in hits])
    else:
        line("\n".join(hit_lines(hits)).rstrip())


@app.command()
def verify(answer: Annotated[Path, typer.Argument(help="A file written by `ask --json`.")], corpus: Corpus = None) -> None:
    """Re-open the cited files and check hash, offsets and quote of each citation; exit code 1 if any fails."""
    from askjapan.citations.verify import load_answers
    from askjapan.citations.verify import verify as check

    verdicts = check(load_answers(answer), [folder.expanduser() for folder in corpus or ()] or _settings().corpus_folders)
    for verdict in verdicts:
        line(f"[{verdict.marker}] {verdict.status}: {verdict.title}" + (f" – {verdict.detail}" if verdict.detail else ""))
    failed = sum(verdict.status != "ok" for verdict in verdicts)
    line(f"{len(verdicts) - failed} of {len(verdicts)} citations verified.")
    if failed:
        raise typer.Exit(1)


@app.command()
def export(
    answers: Annotated[list[Path], typer.Argument(help="Files written by `ask --json`, or a conversation saved in the chat.")],
    form: Annotated[ExportForm, typer.Option("--to", help="Form of the export.")] = ExportForm.markdown,
) -> None:
    """Print answers as Markdown with footnotes, or the works that they cite as BibTeX, CSL-JSON or RIS, with locators."""
    from askjapan.citations import export as exporting
    from askjapan.citations.verify import answer_of, load_answers

    loaded = [answer_of(data, str(path)) for path in answers for data in load_answers(path)]
    forms = {"markdown": exporting.to_markdown, "bibtex": exporting.to_bibtex, "csl": exporting.to_csl, "ris": exporting.to_ris}
    if form != ExportForm.markdown and not any(answer.citations for answer in loaded):
        raise AnswerFileError(
            "No work is cited in these answers, so there is nothing to export as references.", "Use --to markdown."
        )
    line(forms[form.value](loaded).rstrip("\n"))


@app.command()
def serve(
    index: IndexDir = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Port.", show_default="7860")] = None,
    open_browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = False,
) -> None:
    """Open the web chat; the index is built first if it is missing or stale."""
    from askjapan.api import why_stale
    from askjapan.web import launch

    settings = _settings(index=index, host=host, port=port)
    folders = _built_from(settings) if index else None
    if why_stale(settings, corpus=folders):
        _build(settings, folders)
    launch(settings.model_copy(update={"corpus": folders}) if folders else settings, open_browser=open_browser)


@app.command("eval")
def eval_(
    files: Annotated[list[Path], typer.Argument(help="Question files in the form that docs/evaluation.md gives.")],
    index: IndexDir = None,
    works: Annotated[
        Path | None,
        typer.Option(help="Folder with full texts whose file names the questions use to name works; recognised by content."),
    ] = None,
    json_: Json = False,
) -> None:
    """Score retrieval, answers, citations and refusals on a file of questions."""
    from askjapan.evaluation.questions import load_questions
    from askjapan.evaluation.score import evaluate, summary_rows
    from askjapan.library import recognised

    settings = _settings(index=index)
    questions = [question for file in files for question in load_questions(file)]
    aliases = recognised(works, settings.catalogue) if works else {}
    assistant = _assistant(settings)
    with progress_bars() as progress:
        figures = evaluate(assistant, questions, lambda done, total: progress("asking", done, total), aliases)
    if json_:
        _json(figures)
    else:
        table(["measure", *figures["groups"]], summary_rows(figures))


@app.command()
def info(index: IndexDir = None) -> None:
    """Show the settings in force and the state of the index."""
    from askjapan.api import manifest, why_stale

    settings = _settings(index=index)
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
            ["documents", str(len(state.documents))],
            ["passages", str(state.passages)],
            *([f"left out: {path}", reason] for path, reason in state.skipped.items()),
        ],
    )
    reason = why_stale(settings, corpus=_built_from(settings) if index else None)
    line(f"The index is stale. {reason} Run `askjapan index`." if reason else "The index is up to date.")


def _written(answer: Answer, settings: Settings, *, shown: bool) -> Written | None:
    """What the writer makes of an answer, each sentence printed as it comes; what went wrong goes to stderr."""
    from askjapan.citations.render import written_heading, written_line
    from askjapan.writer.generate import write

    written = None
    printed = 0
    for written in write(answer, settings):
        for sentence in written.sentences[printed:] if shown else ():
            line(written_line(sentence) if printed else f"{written_heading(written)}\n{written_line(sentence)}")
            printed += 1
    if printed:
        line("")
    if shown and written is not None and written.trouble:
        error_line(written.trouble)
    return written


def _settings(**given: object) -> Settings:
    from askjapan.settings import load_settings

    return load_settings(**given)


def _assistant(settings: Settings) -> Assistant:
    from askjapan.api import changed_files
    from askjapan.assistant import Assistant

    if differing := changed_files(settings):
        error_line(f"The index is not up to date. {differing[0]} Run `askjapan index` to bring it up to date.")
    return Assistant.open(settings=settings)


def _built_from(settings: Settings) -> tuple[Path, ...] | None:
    """The folders that the index was built from; None where there is no index yet, or one of them is gone."""
    from askjapan.api import manifest

    try:
        folders = tuple(Path(folder) for folder in manifest(settings).folders)
    except IndexFault:
        return None
    return folders if all(folder.is_dir() for folder in folders) else None


def _in_place(settings: Settings, index: Path | None) -> Settings:
    """An index that is named keeps the folders that it was built from: the user's own works come to them, not in their place."""
    folders = _built_from(settings) if index else None
    return settings.model_copy(update={"corpus": folders}) if folders else settings


def _build(settings: Settings, corpus: Sequence[Path] | None = None) -> None:
    from askjapan.api import build_index

    with progress_bars() as progress:
        report = build_index(corpus, settings=settings, progress=progress)
    _report(report, settings)


def _report(report: BuildReport, settings: Settings) -> None:
    for path, reason in report.skipped.items():
        error_line(f"Left out: {reason}" if Path(path).name in reason else f"Left out: {path}: {reason}")
    for path, warnings in report.warnings.items():
        for warning in warnings:
            error_line(f"{Path(path).name}: {warning}")
    for note, work in report.replaced.items():
        line(f"{Path(work).name} takes the place of the study note {Path(note).name}.")
    line(
        f"Indexed {len(report.documents)} works in {report.passages} passages ({report.embedded} embedded, {report.reused} kept) "
        f"in {report.seconds:.0f} s, into {settings.index_folder}."
    )


def _json(data: object) -> None:
    line(json.dumps(data, ensure_ascii=False, indent=1))
