"""Lines, tables and progress bars on a terminal or in a pipe."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import TYPE_CHECKING

import typer

from askjapan.errors import AskJapanError

if TYPE_CHECKING:
    from askjapan.index.encoders.embedding import Progress

_UNWRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EPIPE)
# What a terminal obeys instead of showing it: escape sequences that move, colour and type, and marks that turn the order of letters round.
_OBEYED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)")


def shown(text: str) -> str:
    """A text as a terminal may have it: works and names of files may hold what it would obey, which is written out as in JSON, `\\u001b`."""
    return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def use_utf8() -> None:
    """Write UTF-8 into files and pipes on every system, and never fail over a character that a terminal lacks, or a stream that is closed."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - for as long as the process lasts
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace")


@contextmanager
def written_out() -> Iterator[None]:
    """What is printed in the block is handed on when it ends, however it does.

    Raises:
        AskJapanError: it cannot be written, as into a file on a full disk.
        SystemExit: whoever was to read it is gone.
    """
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        # What names a file is about that file.
        if error.errno not in _UNWRITTEN or error.filename:
            raise
        # Else Python tries again when it ends, and tells of it in its own words.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for as long as the process lasts
        if error.errno == errno.EPIPE:
            raise SystemExit(1) from None
        raise AskJapanError(
            f"What is printed cannot be written: {error.strerror or error}.", "Make room, or print elsewhere."
        ) from error


def line(text: str) -> None:
    """Print to stdout."""
    typer.echo(shown(text))


def error_line(text: str) -> None:
    """Print to stderr."""
    typer.echo(shown(text), err=True)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table whose cells are shown as they are, folded on a terminal and never cut."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [[shown(cell) for cell in row] for row in rows]
    console = Console()
    if not console.is_terminal:
        # A pipe has no width; a folded id could not be searched for. rich takes a second and a half to lay out a thousand files.
        typer.echo("\n".join(_unfolded([list(header), *cells])))
        return
    grid = Table()
    for name in header:
        grid.add_column(Text(name), overflow="fold")
    for row in cells:
        # Text, because a title or a path may hold what rich takes for markup.
        grid.add_row(*map(Text, row))
    console.print(grid)


def _unfolded(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table that is as wide as its longest lines; the first row is its header."""
    from rich.cells import cell_len, set_cell_size

    split = [[cell.expandtabs().split("\n") for cell in row] for row in rows]
    widths = [max(cell_len(part) for cell in column for part in cell) for column in zip(*split, strict=True)]

    def ruled(left: str, middle: str, right: str, rule: str) -> str:
        return left + middle.join(rule * (width + 2) for width in widths) + right

    yield ruled("┏", "┳", "┓", "━")
    for number, row in enumerate(split):
        bar = "│" if number else "┃"
        for parts in zip_longest(*row, fillvalue=""):
            inside = (set_cell_size(part, width) for part, width in zip(parts, widths, strict=True))
            yield f"{bar} {f' {bar} '.join(inside)} {bar}"
        if not number:
            yield ruled("┡", "╇", "┩", "━")
    yield ruled("└", "┴", "┘", "─")


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """A bar a stage on stderr, with the time left; what is yielded takes the stage, how many are done and how many there are."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    with Bars(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield tell


def print_json(data: object) -> None:
    """Data as JSON, letters of all scripts as they are."""
    line(json.dumps(data, ensure_ascii=False, indent=1))
