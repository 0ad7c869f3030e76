"""The command line: parses, calls, prints. It never ranks or formats an answer itself."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import asdict, replace
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askjapan.cli import corpus as corpus_commands
from askjapan.cli import doctor as doctor_commands
from askjapan.cli import server as server_commands
from askjapan.cli import tools as tools_commands
from askjapan.cli.moving import move
from askjapan.cli.options import Corpus, Documents, IndexDir, Json, Style, Themes, folders_of_index, settings_in_force
from askjapan.cli.terminal import error_line, line, print_json, progress_bars, table, use_utf8, written_out
from askjapan.cli.tools import assistant_at_once, deliver, open_assistant
from askjapan.errors import AnswerFileError, AskJapanError
from askjapan.home import expanded
from askjapan.sayings import ENGLISH, filled

if TYPE_CHECKING:
    from askjapan.records import Answer, Written
    from askjapan.settings import Settings

app = typer.Typer(
    help="Answers about Japan in the world, made of quotes that a stranger can re-check.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

History = Annotated[
    list[str] | None, typer.Option("--after", help="An earlier message of yours, oldest first, for a follow-up question.")
]


class ExportForm(StrEnum):
    """What `export` writes."""

    markdown = "markdown"
    pandoc = "pandoc"
    docx = "docx"
    html = "html"
    zotero = "zotero"
    bibtex = "bibtex"
    csl = "csl"
    ris = "ris"


def _told_version(wanted: bool) -> None:
    if wanted:
        line(f"askjapan {version('askjapan')}")
        raise typer.Exit


@app.callback()
def _of_all(
    asked_version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_told_version, is_eager=True)
    ] = False,
) -> None:
    """Options of askjapan itself."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; an error is a sentence with its remedy on stderr and exit code 1 (wrong usage 2, Ctrl-C 130)."""
    use_utf8()
    try:
        with written_out():
            app(arguments, prog_name="askjapan")
    except AskJapanError as error:
        error_line(str(error))
        raise SystemExit(1) from None
    except OSError as error:
        # A name that no system takes, a folder that is taken away meanwhile: there is no end of what can be wrong with a path.
        told = f"{str(error.filename)[:200] if error.filename else 'A file'} cannot be used: {error.strerror or error}."
        error_line(f"{told} Check its name, its permissions and the space on the disk.")
        raise SystemExit(1) from None
    finally:
        if arguments is None:
            # The process ends now; the collections at its end would visit every object of the models once more (7 % of a cold question).
            gc.freeze()


for name, command in (
    ("index", corpus_commands.index),
    ("move", move),
    ("add", corpus_commands.add),
    ("edit", corpus_commands.edit),
    ("remove", corpus_commands.remove),
    ("list", corpus_commands.list_),
    ("sketch", corpus_commands.sketch),
):
    app.command(name)(command)


@app.command()
def ask(
    question: str,
    index: IndexDir = None,
    json_: Json = False,
    theme: Themes = None,
    document: Documents = None,
    after: History = None,
    parallel: Annotated[
        bool,
        typer.Option("--parallel", help="Show under each sentence of a study note how it reads in the note's other language."),
    ] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say how the answer came about: what was searched, what was near, which rule decided."),
    ] = False,
    writer: Annotated[
        bool,
        typer.Option("--writer/--no-writer", help="Let the language model of the settings, if there is one, connect the quotes."),
    ] = True,
) -> None:
    """Answer a question with quotes, or say that the corpus does not hold the answer."""
    settings = settings_in_force(index=index)
    answer = assistant_at_once(settings).ask(question, after or (), theme, document)
    written = _written(answer, settings, shown=not json_) if writer and settings.llm_base_url else None
    if json_:
        print_json(replace(answer, written=written).to_dict())
    else:
        from askjapan.citations.labels import language_of
        from askjapan.citations.render import to_text

        line(to_text(answer, parallel=parallel, explain=explain, language=language_of([question])))


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

    hits = assistant_at_once(settings_in_force(index=index)).retrieve(question, k, after or (), theme, document)
    if json_:
        print_json([asdict(hit) for hit in hits])
    else:
        line("\n".join(hit_lines(hits)).rstrip())


@app.command()
def verify(
    answer: Annotated[Path, typer.Argument(help="A file written by `ask --json`.")],
    corpus: Corpus = None,
    independent: Annotated[
        bool, typer.Option("--independent", help="Look for figures and names in a second reading of PDFs too.")
    ] = False,
) -> None:
    """Re-open the cited files and check hash, offsets and quote of each citation; exit code 1 if any fails."""
    from askjapan.citations.answer_files import load_answers
    from askjapan.citations.verify import verify as check

    folders = [*map(expanded, corpus or ())] or settings_in_force().corpus_folders
    verdicts = check(load_answers(answer), folders, independent=independent)
    for verdict in verdicts:
        line(f"[{verdict.marker}] {verdict.status}: {verdict.title}" + (f" – {verdict.detail}" if verdict.detail else ""))
    failed = sum(verdict.status != "ok" for verdict in verdicts)
    counts = {"sound": len(verdicts) - failed, "all": len(verdicts)}
    line(filled("{sound} of {all} {all:citation|citations} verified.", counts, ENGLISH))
    if failed:
        raise typer.Exit(1)


@app.command()
def export(
    answers: Annotated[list[Path], typer.Argument(help="Files written by `ask --json`, or a conversation saved in the chat.")],
    form: Annotated[ExportForm, typer.Option("--to", help="Form of the export.")] = ExportForm.markdown,
    style: Annotated[Style, typer.Option("--style", help="Style of the footnotes of docx and html.")] = Style.chicago,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write into this file; docx needs one.")] = None,
) -> None:
    """Print answers as Markdown, Pandoc's Markdown, HTML or a note for Zotero, or write them for Word, with footnotes in a style.

    `--to bibtex`, `csl` and `ris` print the works that they cite, with locators.
    """
    from askjapan.citations.answer_files import answer_of, load_answers
    from askjapan.citations.export import export_answers

    loaded = [answer_of(data, str(path)) for path in answers for data in load_answers(path)]
    if form in (ExportForm.bibtex, ExportForm.csl, ExportForm.ris) and not any(answer.citations for answer in loaded):
        raise AnswerFileError(
            "No work is cited in these answers, so there is nothing to export as references.", "Use --to markdown."
        )
    if form == ExportForm.docx and output is None:
        raise typer.BadParameter("a Word document goes into a file: add --output FILE.docx", param_hint="--to")
    deliver(export_answers(loaded, form.value, style.value), output)


@app.command()
def serve(
    index: IndexDir = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Port.", show_default="7860")] = None,
    auth: Annotated[Path | None, typer.Option(help="File of names and hashed passwords; see `askjapan password`.")] = None,
    no_auth: Annotated[bool | None, typer.Option("--no-auth", help="Let in everybody who reaches the address.")] = None,
    open_browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = False,
) -> None:
    """Open the web chat at once; an index that is missing or stale is built meanwhile, and the page tells how far that is."""
    from askjapan.web import launch

    settings = settings_in_force(index=index, host=host, port=port, auth=auth, no_auth=no_auth)
    folders = folders_of_index(settings) if index else None
    launch(settings.model_copy(update={"corpus": folders}) if folders else settings, open_browser=open_browser)


@app.command("eval")
def eval_(
    files: Annotated[list[Path], typer.Argument(help="Question files in the form that docs/evaluation.md gives.")],
    index: IndexDir = None,
    works: Annotated[
        Path | None,
        typer.Option(help="Folder with full texts whose file names the questions use to name works; recognised by content."),
    ] = None,
    broad: Annotated[bool, typer.Option("--broad", help="The files hold broad questions with key points.")] = False,
    json_: Json = False,
) -> None:
    """Score retrieval, answers, citations and refusals on a file of questions."""
    from askjapan.evaluation.questions import load_questions
    from askjapan.evaluation.score import evaluate, summary_rows
    from askjapan.index.works.library import recognised

    settings = settings_in_force(index=index)
    if broad:
        _eval_broad(files, settings, json_)
        return
    questions = [question for file in files for question in load_questions(file)]
    aliases = recognised(works, settings.catalogue) if works else {}
    assistant = open_assistant(settings)
    with progress_bars() as progress:
        figures = evaluate(assistant, questions, lambda done, total: progress("asking", done, total), aliases)
    if json_:
        print_json(figures)
    else:
        table(["measure", *figures["groups"]], summary_rows(figures))


def _eval_broad(files: Sequence[Path], settings: Settings, json_: bool) -> None:
    from askjapan.evaluation.broad import evaluate_broad, load_broad

    questions = [question for file in files for question in load_broad(file)]
    assistant = open_assistant(settings)
    with progress_bars() as progress:
        figures = evaluate_broad(assistant, questions, lambda done, total: progress("asking", done, total))
    if json_:
        print_json(figures)
        return
    table(
        ["id", "kind", "key points", "words"],
        [[r["id"], r["kind"], f"{r['touched']} of {r['points']}", str(r["words"])] for r in figures["rows"]],
    )
    line(f"Key points touched: {figures['touched']:.2f}; words: median {figures['median words']}, most {figures['most words']}.")


app.command()(tools_commands.mentions)
app.command()(tools_commands.matrix)
app.command()(tools_commands.check)
app.command("info")(corpus_commands.info)
app.command("doctor")(doctor_commands.doctor)
app.command("password")(server_commands.password)


def _written(answer: Answer, settings: Settings, *, shown: bool) -> Written | None:
    """What the writer makes of an answer, each sentence printed as it comes; what went wrong goes to stderr."""
    from askjapan.citations.labels import language_of
    from askjapan.citations.render import written_heading, written_line
    from askjapan.citations.writer.generate import write

    language = language_of([answer.question])

    written = None
    printed = 0
    for written in write(answer, settings):
        for sentence in written.sentences[printed:] if shown else ():
            told = written_line(sentence, language)
            line(told if printed else f"{written_heading(written, language)}\n{told}")
            printed += 1
    if printed:
        line("")
    if shown and written is not None and written.trouble:
        error_line(written.trouble)
    return written
