"""The command line: parses, calls, prints. It never ranks or formats an answer itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askjapan.errors import AskJapanError

if TYPE_CHECKING:
    from askjapan.assistant import Assistant
    from askjapan.build import BuildReport, Progress
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


def main() -> None:
    """Run the command line; an error is one sentence with its remedy on stderr, and exit code 1."""
    try:
        app()
    except AskJapanError as error:
        _error(str(error))
        raise SystemExit(1) from None


@app.command()
def index(
    corpus: Corpus = None,
    index: IndexDir = None,
    if_stale: Annotated[bool, typer.Option("--if-stale", help="Do nothing if it is up to date.")] = False,
) -> None:
    """Build the index, or bring it up to date: only changed documents are embedded again."""
    settings = _settings(corpus=tuple(corpus) if corpus else None, index=index)
    if if_stale and not _stale(settings):
        _print(f"The index in {settings.index_folder} is up to date.")
        return
    _report(_build(settings), settings)


@app.command()
def add(files: Annotated[list[str], typer.Argument(help="Files, folders or globs.")], index: IndexDir = None) -> None:
    """Copy your own works into the corpus and index them."""
    from askjapan.catalogue import load_catalogue
    from askjapan.library import add as add_file
    from askjapan.library import find_files

    settings = _settings(index=index)
    catalogue = load_catalogue(settings.catalogue)
    results = [add_file(path, settings.works, settings.corpus_folders, catalogue) for path in find_files(files)]
    for result in results:
        if result.document is not None:
            _print(f"Added {result.given.name}: {result.document.title} (described by {result.document.described_by}).")
        else:
            _error(str(result.error))
    if any(result.document for result in results):
        _report(_build(settings), settings)
    if any(result.error for result in results):
        raise typer.Exit(1)


@app.command()
def remove(
    work: Annotated[str, typer.Argument(help="Id or file name of a work that you added.")], index: IndexDir = None
) -> None:
    """Take one of your works out of the corpus and the index."""
    from askjapan.library import remove as remove_file
    from askjapan.manifest import read_manifest

    settings = _settings(index=index)
    path = remove_file(work, settings.works, read_manifest(settings.index_folder).documents)
    _print(f"Removed {path.name}.")
    _report(_build(settings), settings)


@app.command("list")
def list_(index: IndexDir = None, json_: Json = False) -> None:
    """List the works in the index."""
    from askjapan.manifest import read_manifest

    manifest = read_manifest(_settings(index=index).index_folder)
    if json_:
        _print(json.dumps([asdict(document) for document in manifest.documents], ensure_ascii=False, indent=1))
        return
    _table(
        ["id", "title", "authors", "year", "kind", "themes"],
        [[d.id, d.title, ", ".join(d.authors), str(d.year or ""), d.kind, ", ".join(d.themes)] for d in manifest.documents],
    )


@app.command()
def ask(
    question: str,
    index: IndexDir = None,
    json_: Json = False,
    theme: Themes = None,
    document: Documents = None,
    after: History = None,
) -> None:
    """Answer a question with quotes, or say that the corpus does not hold the answer."""
    from askjapan.present import to_text

    answer = _assistant(index).ask(question, after or (), theme, document)
    _print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=1) if json_ else to_text(answer))


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
    from askjapan.present import hit_lines

    hits = _assistant(index).retrieve(question, k, after or (), theme, document)
    _print(
        json.dumps([asdict(hit) for hit in hits], ensure_ascii=False, indent=1) if json_ else "\n".join(hit_lines(hits)).rstrip()
    )


@app.command()
def verify(answer: Annotated[Path, typer.Argument(help="A file written by `ask --json`.")], corpus: Corpus = None) -> None:
    """Re-open the cited files and check hash, offsets and quote of each citation; exit code 1 if any fails."""
    from askjapan.verify import load_answers
    from askjapan.verify import verify as check

    verdicts = check(load_answers(answer), _settings(corpus=tuple(corpus) if corpus else None).corpus_folders)
    for verdict in verdicts:
        _print(f"[{verdict.marker}] {verdict.status}: {verdict.title}" + (f" – {verdict.detail}" if verdict.detail else ""))
    failed = sum(verdict.status != "ok" for verdict in verdicts)
    _print(f"{len(verdicts) - failed} of {len(verdicts)} citations verified.")
    if failed:
        raise typer.Exit(1)


@app.command()
def serve(
    index: IndexDir = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Port.", show_default="7860")] = None,
    open_browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = False,
) -> None:
    """Open the web chat; the index is built first if it is missing or stale."""
    from askjapan.web import launch

    settings = _settings(index=index, host=host, port=port)
    if _stale(settings):
        _report(_build(settings), settings)
    launch(settings, open_browser=open_browser)


@app.command("eval")
def eval_(
    files: Annotated[list[Path], typer.Argument(help="Question files in the form that docs/evaluation.md gives.")],
    index: IndexDir = None,
    json_: Json = False,
) -> None:
    """Score retrieval, answers, citations and refusals on a file of questions."""
    from askjapan.evaluate import evaluate, load_questions, summary_rows

    questions = [question for file in files for question in load_questions(file)]
    assistant = _assistant(index)
    with _progress() as progress:
        figures = evaluate(assistant, questions, lambda done, total: progress("asking", done, total))
    if json_:
        _print(json.dumps(figures, ensure_ascii=False, indent=1))
    else:
        _table(["measure", *figures["groups"]], summary_rows(figures))


@app.command()
def info(index: IndexDir = None) -> None:
    """Show the settings in force and the state of the index."""
    from askjapan.manifest import read_manifest

    settings = _settings(index=index)
    rows = [
        [name, "set, not shown" if name == "llm_api_key" and value else str(value)]
        for name, value in settings.model_dump().items()
    ]
    _table(
        ["setting", "value"],
        [*rows, ["corpus folders", ", ".join(map(str, settings.corpus_folders))], ["index folder", str(settings.index_folder)]],
    )
    manifest = read_manifest(settings.index_folder)
    _table(
        ["index", "value"],
        [
            ["fingerprint", manifest.fingerprint],
            ["encoder", f"{manifest.encoder['name']} ({manifest.encoder['sha256'][:12]})"],
            ["multilingual encoder", manifest.multilingual["name"] if manifest.multilingual else "none"],
            ["documents", str(len(manifest.documents))],
            ["passages", str(manifest.passages)],
            *([path, reason] for path, reason in manifest.skipped.items()),
        ],
    )
    stale = _stale(settings)
    _print(f"The index is stale: {stale} Run `askjapan index`." if stale else "The index is up to date.")


def _settings(**given: object) -> Settings:
    from askjapan.settings import load_settings

    return load_settings(**given)


def _assistant(index: Path | None) -> Assistant:
    from askjapan.assistant import Assistant
    from askjapan.build import changes
    from askjapan.manifest import read_manifest

    settings = _settings(index=index)
    manifest = read_manifest(settings.index_folder)
    folders = [Path(folder) for folder in manifest.folders]
    differing = changes(manifest, folders) if all(folder.is_dir() for folder in folders) else []
    if differing:
        _error(f"The index is not up to date: {differing[0]} Run `askjapan index` to bring it up to date.")
    return Assistant.open(settings=settings)


def _stale(settings: Settings) -> str:
    from askjapan.build import staleness
    from askjapan.encoder import minilm
    from askjapan.multilingual import is_installed

    second = settings.multilingual and is_installed()
    return staleness(settings.index_folder, settings.corpus_folders, minilm(), settings.passage_tokens, second)


def _build(settings: Settings) -> BuildReport:
    from askjapan.one_call import build_index

    with _progress() as progress:
        return build_index(settings=settings, progress=progress)


def _report(report: BuildReport, settings: Settings) -> None:
    for path, reason in report.skipped.items():
        _error(f"Left out: {reason}" if Path(path).name in reason else f"Left out: {path}: {reason}")
    for path, warnings in report.warnings.items():
        for warning in warnings:
            _error(f"{Path(path).name}: {warning}")
    for note, work in report.replaced.items():
        _print(f"{Path(work).name} takes the place of the study note {Path(note).name}.")
    _print(
        f"Indexed {len(report.documents)} works in {report.passages} passages ({report.embedded} embedded, {report.reused} kept) "
        f"in {report.seconds:.0f} s, into {settings.index_folder}."
    )


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar a stage on stderr, with the time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)
    ) as bars:
        tasks: dict[str, object] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield tell


def _table(header: list[str], rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*header)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _error(text: str) -> None:
    sys.stderr.write(text + "\n")
