"""A page's glyphs → its lines in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from askjapan.documents.readers.pdf.letters.bands import in_reading_order
from askjapan.documents.readers.pdf.letters.columns import (
    Run,
    column_of,
    crosses,
    find_columns,
    out_of_order,
    run_size,
    runs_of,
)
from askjapan.documents.readers.pdf.letters.glyphs import SAME_HEIGHT
from askjapan.documents.readers.pdf.letters.pieces import InRow, Piece, ink, is_japanese, main_turn, rows_of
from askjapan.documents.readers.pdf.pdfium import Drawn

Cells = tuple[tuple[Piece, ...], ...]

ROW = 0.3  # of the type size: baselines of one row
MOST_VALUES = 2_000  # of a page's form fields, put beside their labels
NUMBER = re.compile(r"\A[\W_]*+\d[\d\s.,:/–-]*+[\W_]*+[%a-zA-Z]{0,3}")


@dataclass(frozen=True, slots=True)
class Laid(InRow):
    """A line of a page: its pieces from the left. `cells` are those of a table's row, empty ones among them.

    `upright` is False for text that runs in another direction than most of the page, `margin` is True where that text stands
    outside the block of the others (a stamp along the edge); `opens` begins a column or band.
    """

    upright: bool = True
    margin: bool = False
    opens: bool = False
    cells: Cells = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table's rows, and the numbers of the page's lines that they are made of."""

    lines: frozenset[int]
    rows: tuple[tuple[tuple[Piece, ...], ...], ...]


def lay_out(drawn: Drawn, values: Sequence[Piece] = ()) -> list[Laid]:
    """The lines of a page in reading order.

    Args:
        drawn: what the page shows.
        values: what its form fields hold, each where its field stands.
    """
    rows = with_values(rows_of(drawn.glyphs), values)
    turn = main_turn(rows)
    upright = [piece for row in rows for piece in row if piece.turn == turn]
    vertical = turn == 270 and sum(is_japanese(piece.text) for piece in upright) > len(upright) / 2
    edges = find_columns(upright, prose=not vertical)
    runs = runs_of(rows, edges, turn)
    extent = min((piece.x0 for piece in upright), default=0.0), max((piece.x1 for piece in upright), default=0.0)
    # Vertical writing runs from the right; the file's own order is lost on the way through pdfium.
    anew = vertical or (bool(edges) and out_of_order(runs, edges))
    blocks = in_reading_order(runs, edges) if anew else in_columns(runs, edges)
    lines = []
    for block in blocks:
        laid = joined(line_of(row, extent, turn) for row in block)
        lines += [replace(line, opens=not at) for at, line in enumerate(laid)]
    return lines


def in_columns(runs: Sequence[Run], edges: Sequence[float]) -> list[list[list[Run]]]:
    """The runs in their order, a block for each stretch of one column."""
    size = run_size(runs)
    blocks: list[list[list[Run]]] = []
    at: int | None = None
    for run in runs:
        across = any(crosses(run.x0, run.x1, edge, size) for edge in edges)
        column = -1 if across else column_of(run.x0, edges, size)
        if not blocks or column != at:
            blocks.append([])
        blocks[-1].append([run])
        at = column
    return blocks


def line_of(runs: Iterable[Run], extent: tuple[float, float], turn: int) -> Laid:
    """The line that some runs make up, and whether it stands in the margin."""
    members = list(runs)
    pieces = tuple(piece for run in members for piece in run.pieces)
    upright = all(run.upright for run in members)
    return Laid(pieces, upright, not upright and in_margin(pieces, extent, turn))


def in_margin(pieces: Sequence[Piece], extent: tuple[float, float], turn: int) -> bool:
    """Whether text at a right angle to the others stands to the left or right of all of them."""
    side = {(piece.turn - turn) % 360 for piece in pieces}
    if side == {90}:
        return all(not extent[0] < -piece.y < extent[1] for piece in pieces)
    return side == {270} and all(not extent[0] < piece.y < extent[1] for piece in pieces)


def joined(lines: Iterable[Laid]) -> list[Laid]:
    """Lines in the file's order, with those that go on at the same height put together."""
    groups: list[list[Laid]] = []
    end, main = 0.0, None
    for line in lines:
        if (
            main
            and groups[-1][0].upright
            and line.upright
            and abs(main.y - line.y) <= SAME_HEIGHT / 2 * main.size
            and -0.3 < (line.x0 - end) / max(main.size, line.size) < 0.7
        ):
            groups[-1].append(line)
            end, main = max(end, line.x1), max(main, line.main, key=ink)
        else:
            groups.append([line])
            end, main = line.x1, line.main
    return [replace(group[0], pieces=tuple(piece for line in group for piece in line.pieces)) for group in groups]


def with_values(rows: Sequence[Sequence[Piece]], values: Sequence[Piece]) -> list[list[Piece]]:
    """The rows with each value put on the row that its field stands on, else on one of its own; those beyond `MOST_VALUES` come last."""
    filled = [list(row) for row in rows]
    for value in values[:MOST_VALUES]:
        beside = [row for row in filled if row[0].turn == value.turn and abs(row[0].y - value.y) <= 0.6 * value.size]
        if beside:
            row = min(beside, key=lambda row: abs(row[0].y - value.y))
            row.append(value)
            row.sort(key=lambda piece: piece.x0)
            continue
        above = [at for at, row in enumerate(filled) if row[0].turn == value.turn and row[0].y > value.y]
        filled.insert(above[-1] + 1 if above else 0, [value])
    return [*filled, *([value] for value in values[MOST_VALUES:])]
