"""The columns of a page, and the order in which a reader takes them.

The order in which the file draws is for most files the reading order, and nothing is changed. Where it is not (a line that
runs across the gutter, a column that is not read down, a left column after the right one), the page is put together anew:
bands between lines that span the columns, in each band column after column, each from its top.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from askjapan.documents.readers.pdf.letters.pieces import CELL_GAP, InRow, Piece, usual_size

# In multiples of the page's usual type size, shares apart.
ROW = 0.35  # baselines closer than this are one row
COLUMN_WIDTH = 9.0  # narrower than this are table cells, not columns of prose
FULL_SHARE = 0.75  # of a full line: what the usual line has of it
UPWARD = 3.0  # reading up by more than this is no superscript
SAME_EDGE = 2.0  # points

LEAST_LINES = 6  # lines on either side that make a gutter believable
MIXED_ROWS = 3  # rows of the file that go on in another column
GUTTER = 0.7  # of the type size: narrower white is a wide word space
OFTEN = 0.4  # of the lines that begin at the page's busiest edge
MOST_EDGES, MOST_COLUMNS = 100, 16  # left edges of lines, the busiest, that are looked at, and of columns
MISPLACED_SHARE = 0.08  # of a page's letters, read at the wrong place


@dataclass(frozen=True, slots=True)
class Run(InRow):
    """The pieces of one row that stand in one column; `row` numbers the row of the page that they are part of."""

    row: int
    upright: bool = True

    @property
    def glyphs(self) -> int:
        return sum(piece.glyphs for piece in self.pieces)

    @property
    def width(self) -> float:
        return self.x1 - self.x0


class Box(NamedTuple):
    """A stretch of a row, in points; `begins` is True where other lines begin at its left end, too."""

    x0: float
    x1: float
    begins: bool = False


def find_columns(pieces: Sequence[Piece], *, prose: bool = True) -> list[float]:
    """The left edges of the page's columns but the first one, in points; empty for a page in one column.

    A column is believed when at least `LEAST_LINES` lines begin at its edge, as many end before it, both are prose by their
    widths, and the lines that run across are no more than twice as many.

    Args:
        pieces: those that run in the main direction of the page.
        prose: whether the widths count; the tiers of vertical writing may hold verse.
    """
    if len(pieces) < 2 * LEAST_LINES:
        return []
    size = usual_size(pieces)
    rows = [sorted((piece.x0, piece.x1) for piece in row) for row in baselines(pieces, size)]
    lefts = sorted(left for row in rows for left, _ in row)
    begun = {edge: number_near(lefts, edge) for edge in candidate_edges(lefts)}
    # In justified lines words begin at one place by chance, but not nearly as often.
    often = OFTEN * max(begun.values(), default=0)
    stops = sorted(edge for edge in begun if begun[edge] >= often)
    boxes = [[Box(x0, x1, number_near(stops, x0) > 0) for x0, x1 in row] for row in rows]
    busiest = sorted((edge for edge in begun if begun[edge] >= LEAST_LINES), key=lambda edge: -begun[edge])[:MOST_EDGES]
    edges: list[float] = []
    votes = sorted(((score(boxes, edge, size, prose=prose), edge) for edge in busiest), reverse=True)
    for lines, edge in votes:
        if lines and len(edges) < MOST_COLUMNS - 1 and all(abs(edge - other) >= COLUMN_WIDTH * size for other in edges):
            edges.append(edge)
    return sorted(edges)


def baselines(pieces: Iterable[Piece], size: float) -> list[list[Piece]]:
    """Pieces grouped to rows from the top of the page."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.y):
        if rows and rows[-1][0].y - piece.y <= ROW * size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def number_near(places: Sequence[float], edge: float) -> int:
    """How many places, in ascending order, are within `SAME_EDGE` of an edge."""
    first = bisect_left(places, -SAME_EDGE, key=lambda place: place - edge)
    return bisect_right(places, SAME_EDGE, lo=first, key=lambda place: place - edge) - first


def candidate_edges(places: Sequence[float]) -> list[float]:
    """Left edges, in points, at which enough rows begin a box; the leftmost is no column's edge and left out.

    Args:
        places: left ends of all boxes, in ascending order.
    """
    counts: dict[int, list[float]] = defaultdict(list)
    for left in places:
        counts[round(left)].append(left)
    leftmost = min((edge for edge in counts if len(counts[edge]) >= LEAST_LINES // 2), default=0)
    return [median(lefts) for edge, lefts in counts.items() if len(lefts) >= LEAST_LINES // 2 and edge > leftmost]


def score(rows: Sequence[Sequence[Box]], edge: float, size: float, *, prose: bool) -> int:
    """Number of lines that begin at this edge, or 0 if it is no edge of a column."""
    right, left, white, across = [], [], [], 0
    for row in rows:
        if any(crosses(box.x0, box.x1, edge, size) for box in row):
            across += 1
            continue
        at = next((at for at, box in enumerate(row) if abs(box.x0 - edge) <= SAME_EDGE), None)
        if at is not None:
            right.append(stretch(row[at:]))
        if before := [box for box in row if box.x1 <= edge]:
            left.append(stretch_before(before))
            white += [row[at].x0 - before[-1].x1] if at is not None else []
    if min(len(right), len(left)) < LEAST_LINES or across > 2 * len(right):
        return 0
    if white and sorted(white)[len(white) // 10] < GUTTER * size:
        return 0
    return len(right) if not prose or (is_prose(right, size) and is_prose(left, size)) else 0


def stretch(row: Sequence[Box]) -> float:
    """Width, in points, from a row's first piece on, up to a piece that begins where other lines begin too."""
    end = row[0].x1
    for box in row[1:]:
        if box.begins:
            break
        end = box.x1
    return end - row[0].x0


def stretch_before(row: Sequence[Box]) -> float:
    """Width, in points, back from a row's last piece, to a piece that begins where other lines begin too."""
    start, end, begins = row[-1]
    for box in reversed(row[:-1]):
        if begins:
            break
        start, begins = box.x0, box.begins
    return end - start


def is_prose(widths: Sequence[float], size: float) -> bool:
    """Whether these are the widths of a column's lines: wide, and most about as wide as the widest; the cells of a table vary."""
    full = sorted(widths)[int(0.9 * len(widths))]
    return median(widths) >= max(COLUMN_WIDTH * size, FULL_SHARE * full)


def crosses(x0: float, x1: float, edge: float, size: float) -> bool:
    """Whether a stretch from `x0` to `x1` lies across a column's edge."""
    return x0 < edge - CELL_GAP * size and x1 > edge + CELL_GAP * size


def column_of(x0: float, edges: Sequence[float], size: float) -> int:
    """The number of the column, from 0, that a left end lies in."""
    return sum(x0 >= edge - CELL_GAP * size for edge in edges)


def runs_of(rows: Sequence[Sequence[Piece]], edges: Sequence[float], turn: int) -> list[Run]:
    """The rows of the page cut where they go on in another column, in the order of the file.

    A row that looks like one of a table, with wide gaps within a column, stays in one run.
    """
    size = usual_size(piece for row in rows for piece in row)
    runs: list[Run] = []
    for number, row in enumerate(rows):
        if row[0].turn != turn or not edges or is_tabular(row, edges, size):
            runs.append(Run(tuple(row), number, row[0].turn == turn))
            continue
        columns: dict[int, list[Piece]] = defaultdict(list)
        for piece in row:
            columns[column_of(piece.x0, edges, size)].append(piece)
        runs += [Run(tuple(members), number) for _, members in sorted(columns.items())]
    return runs


def is_tabular(row: Sequence[Piece], edges: Sequence[float], size: float) -> bool:
    """Whether a row crosses a gutter and has several cells within one column."""
    cells: list[tuple[float, float]] = []
    for piece in row:
        if cells and piece.x0 - cells[-1][1] < 2 * size:
            cells[-1] = (cells[-1][0], piece.x1)
        else:
            cells.append((piece.x0, piece.x1))
    columns = [column_of(left, edges, size) for left, _ in cells]
    return len(set(columns)) > 1 and len(columns) > len(set(columns))


def out_of_order(runs: Sequence[Run], edges: Sequence[float]) -> bool:
    """Whether the file's order mixes columns, reads one upwards, or takes a right one before its left neighbour."""
    size = run_size(runs)
    body = [run for run in runs if run.upright and not any(crosses(run.x0, run.x1, edge, size) for edge in edges)]
    columns: dict[int, list[tuple[int, Run]]] = defaultdict(list)
    rows: dict[int, set[int]] = defaultdict(set)
    for at, run in enumerate(body):
        column = column_of(run.x0, edges, size)
        columns[column].append((at, run))
        rows[run.row].add(column)
    # One line may just be too long for its column.
    if sum(len(columns_of_row) > 1 for columns_of_row in rows.values()) >= MIXED_ROWS:
        return True
    letters = sum(run.glyphs for run in body)
    if sum(misplaced([run for _, run in members], size) for members in columns.values()) > MISPLACED_SHARE * letters:
        return True
    return alternates(body, edges, size) or right_first(columns)


def misplaced(runs: Sequence[Run], size: float) -> int:
    """The letters of a column that are outside its heaviest downward chain."""
    reach = [run.y + UPWARD * size for run in runs]
    lowest = sorted(reach)
    # Of the chains so far the heaviest that ends at a place of `lowest` or above it, as a Fenwick tree that is read from its end.
    tree = [0] * (len(lowest) + 1)
    heaviest_chain = 0
    for run, height in zip(runs, reach, strict=True):
        chain, at = 0, len(lowest) - bisect_left(lowest, run.y)
        while at > 0:
            chain, at = max(chain, tree[at]), at & (at - 1)
        chain += run.glyphs
        heaviest_chain = max(heaviest_chain, chain)
        at = len(lowest) - bisect_left(lowest, height)
        while at <= len(lowest):
            tree[at], at = max(tree[at], chain), at + (at & -at)
    return sum(run.glyphs for run in runs) - heaviest_chain


def alternates(body: Sequence[Run], edges: Sequence[float], size: float) -> bool:
    """Whether the file changes column after nearly every line, although it ends the lines."""
    columns = [column_of(run.x0, edges, size) for run in body]
    changes = sum(first != second for first, second in pairwise(columns))
    return changes >= LEAST_LINES and changes > len(body) / 2


def right_first(columns: dict[int, list[tuple[int, Run]]]) -> bool:
    """Whether a whole column comes before one of about its width that stands to its left."""
    order = sorted(columns)
    for left, right in pairwise(order):
        if min(len(columns[left]), len(columns[right])) < LEAST_LINES:
            continue
        widths = sorted(max(run.width for _, run in columns[side]) for side in (left, right))
        if columns[left][0][0] > columns[right][-1][0] and widths[0] > 0.7 * widths[1]:
            return True
    return False


def run_size(runs: Sequence[Run]) -> float:
    """The usual size of the letters of some runs, in points."""
    return usual_size(piece for run in runs for piece in run.pieces)
