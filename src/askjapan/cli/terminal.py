"""Lines, tables and progress bars on a terminal or in a pipe."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]


def use_utf8() -> None:
    """Write UTF-8 into files and pipes on every system, and never fail over a character that a terminal lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace")


def line(text: str) -> None:
    """Print to stdout."""
    sys.stdout.write(text + "\n")


def error_line(text: str) -> None:
    """Print to stderr."""
    sys.stderr.write(text + "\n")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table whose cells are shown as they are, folded on a terminal and never cut."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        # A pipe has no width; a folded id could not be searched for.
        console = Console(width=100_000)
    shown = Table()
    for name in header:
        shown.add_column(Text(name), overflow="fold")
    for row in rows:
        # Text, because a title or a path may hold what rich takes for markup.
        shown.add_row(*map(Text, row))
    console.print(shown)


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
