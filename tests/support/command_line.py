"""Questions for the command line, and what it says when a command fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from askjapan.index.storage.manifest import read_manifest
from tests.support.commands import Ran
from tests.support.places import Place

Askjapan = Callable[..., Ran]


QUESTION = "In which year did the town of Hoshino sign a letter of friendship with the Danish port of Vesterby?"


FERRIES = "Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n"


def failed(ran: Ran, code: int = 1) -> str:
    """The one line on stderr of a command that failed, with nothing on stdout."""
    assert (ran.code, ran.out) == (code, ""), ran
    assert ran.err.endswith("\n")
    assert ran.err.count("\n") == 1, ran.err
    return ran.err.rstrip("\n")


def row(out: str, name: str) -> list[list[str]]:
    """The lines of one file's row in a table, cell by cell."""
    lines = [[cell.strip() for cell in re.split("[│┃]", line)[1:-1]] for line in out.splitlines() if re.match("[│┃]", line)]
    first = next(number for number, cells in enumerate(lines) if cells[0] == name)
    last = next((number for number in range(first + 1, len(lines)) if lines[number][0]), len(lines))
    return lines[first:last]


def indexed(place: Place) -> list[str]:
    return [Path(document.path).name for document in read_manifest(place.index).documents]
