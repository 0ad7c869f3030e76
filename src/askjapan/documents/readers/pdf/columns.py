"""The columns of a page, and the order in which a reader takes them.

pypdf gives text in the order in which the file draws it. For most files that is the reading order and nothing is changed.
Where it is not (a line that runs across the gutter, a column that is not read down, a left column after the right one), the
page is put together anew from the same pieces: bands between lines that span the columns, in each band column after column,
each from its top.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from askjapan.documents.readers.pdf.lines import (
    CELL_GAP,
    ROW,
    Line,
    baselines,
    box,
    cells,
    in_margin,
    joint,
    rows_of,
    upright_extent,
    usual_size,
)
from askjapan.documents.readers.pdf.shows import Show, main_turn

# In multiples of the page's usual type size, shares apart.
COLUMN_WIDTH = 9.0  # narrower than this are table cells, not columns of prose
FULL_SHARE = 0.75  # of a full line: what the usual line has of it
BAND_GAP = 3.4  # white across the whole page: from baseline to baseline, more than a paragraph break
UPWARD = 3.0  # reading up by more than this is no superscript

LEAST_LINES = 6  # lines on either side that make a gutter believable
MISPLACED_SHARE = 0.08  # of a page's letters, read at the wrong place


@dataclass(frozen=True, slots=True)
class Run:
    """Text that is drawn in one go within one column; `row` numbers the line of pypdf that it is part of."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    row: int
    upright: bool = True
    margin: bool = False

    @property
    def width(self) -> float:
        return self.x1 - self.x0


def find_columns(shows: Sequence[Show]) -> list[float]:
    """The left edges of the page's columns but the first one, in points; empty for a page in one column.

    A column is believed when at least `LEAST_LINES` lines begin at its edge, as many end before it, both are prose by their
    widths, and the lines that run across are no more than twice as many.
    """
    turn = main_turn(shows)
    upright = [show for show in shows if show.turn == turn and not show.vertical]
    if len(upright) < 2 * LEAST_LINES or any(show.vertical for show in shows):
        return []
    size = usual_size(upright)
    rows = [cells(row, size) for row in baselines(upright, size)]
    edges: list[float] = []
    votes = sorted(((score(rows, edge, size), edge) for edge in candidate_edges(rows)), reverse=True)
    for lines, edge in votes:
        if lines and all(abs(edge - other) >= COLUMN_WIDTH * size for other in edges):
            edges.append(edge)
    return sorted(edges)


def candidate_edges(rows: Sequence[Sequence[tuple[float, float]]]) -> list[float]:
    counts: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        for left, _ in row:
            counts[round(left)].append(left)
    leftmost = min((edge for edge in counts if len(counts[edge]) >= LEAST_LINES // 2), default=0)
    return [median(found) for edge, found in counts.items() if len(found) >= LEAST_LINES // 2 and edge > leftmost]


def score(rows: Sequence[Sequence[tuple[float, float]]], edge: float, size: float) -> int:
    """How many lines begin at this edge, or 0 if it is no edge of a column."""
    right, left, across = [], [], 0
    for row in rows:
        if any(crosses(x0, x1, edge, size) for x0, x1 in row):
            across += 1
            continue
        right += [x1 - x0 for x0, x1 in row if abs(x0 - edge) <= 2]
        left += [x1 - x0 for x0, x1 in row if x1 <= edge + CELL_GAP * size][-1:]
    if min(len(right), len(left)) < LEAST_LINES or across > 2 * len(right):
        return 0
    return len(right) if is_prose(right, size) and is_prose(left, size) else 0


def is_prose(widths: Sequence[float], size: float) -> bool:
    """Whether these are the widths of a column's lines: wide, and most about as wide as the widest; the cells of a table vary."""
    full = sorted(widths)[int(0.9 * len(widths))]
    return median(widths) >= max(COLUMN_WIDTH * size, FULL_SHARE * full)


def crosses(x0: float, x1: float, edge: float, size: float) -> bool:
    return x0 < edge - CELL_GAP * size and x1 > edge + CELL_GAP * size


def column_of(x0: float, edges: Sequence[float], size: float) -> int:
    return sum(x0 >= edge - CELL_GAP * size for edge in edges)


def runs_of(pieces: Sequence[str], shows: Sequence[Show], edges: Sequence[float]) -> list[Run]:
    """The page's text cut where a line of pypdf goes on in another column, in the order of the file.

    A row that looks like one of a table, with wide gaps within a column, stays in one run; so does what pypdf gives in one piece.
    """
    size, turn = usual_size(shows), main_turn(shows)
    extent = upright_extent(shows, turn)
    rows = rows_of(pieces, shows)
    tabular = table_rows(rows, shows, edges, size)
    groups: list[list[Show]] = []
    keys: list[tuple[int, int]] = []
    for show, row in zip(shows, rows, strict=True):
        key = (row, -1 if row in tabular or show.turn != turn else column_of(show.x0, edges, size))
        if groups and (keys[-1] == key or groups[-1][-1].piece == show.piece):
            groups[-1].append(show)
        else:
            keys.append(key)
            groups.append([show])
    runs = []
    for members, (row, _) in zip(groups, keys, strict=True):
        # From the first to the last piece: a space may be a piece of its own.
        text = "".join(pieces[members[0].piece : members[-1].piece + 1]).strip()
        if text:
            x0, x1, y, main = box(members)
            upright = all(show.turn == turn for show in members)
            runs.append(Run(text, x0, x1, y, main, row, upright, in_margin(members, extent, turn)))
    return runs


def table_rows(rows: Sequence[int], shows: Sequence[Show], edges: Sequence[float], size: float) -> set[int]:
    """The lines that cross a gutter and have several cells within one column."""
    found: dict[int, list[Show]] = defaultdict(list)
    for show, row in zip(shows, rows, strict=True):
        found[row].append(show)
    tabular = set()
    for row, members in found.items():
        columns = [column_of(left, edges, size) for left, _ in cells(members, 2 * size)]
        if len(set(columns)) > 1 and len(columns) > len(set(columns)):
            tabular.add(row)
    return tabular


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
    if any(len(found) > 1 for found in rows.values()):
        return True
    letters = sum(len(run.text) for run in body)
    if sum(misplaced([run for _, run in members], size) for members in columns.values()) > MISPLACED_SHARE * letters:
        return True
    return alternates(body, edges, size) or right_first(columns)


def misplaced(runs: Sequence[Run], size: float) -> int:
    """The letters of a column that are outside its heaviest downward chain."""
    best: list[int] = []
    for at, run in enumerate(runs):
        above = [best[earlier] for earlier in range(at) if run.y <= runs[earlier].y + UPWARD * size]
        best.append(len(run.text) + max(above, default=0))
    return sum(len(run.text) for run in runs) - max(best, default=0)


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
    counts: dict[float, int] = defaultdict(int)
    for run in runs:
        counts[round(run.size, 1)] += len(run.text)
    return max(counts, key=lambda size: (counts[size], size), default=0.0) or 1.0


def in_reading_order(runs: Sequence[Run], edges: Sequence[float]) -> tuple[str, list[Line]]:
    """The page's text put together column by column, and its lines. Text that is not upright comes last.

    An empty line stands where the gap or a change of type size tells a new paragraph.
    """
    size = run_size(runs)
    blocks = bands([run for run in runs if run.upright], edges, size)
    aside = [run for run in runs if not run.upright]
    if aside:
        blocks.append(aside)
    text, lines = "", []
    last: Line | None = None
    for block in blocks:
        rows = [[run] for run in block] if block is aside else run_rows(block, size)
        leading = usual_leading(rows, size)
        for at, row in enumerate(rows):
            if text:
                text += "\n"
            x0, x1, main = row[0].x0, max(run.x1 for run in row), max(row, key=lambda run: len(run.text))
            if last and starts_paragraph(last, main, leading, new_block=not at):
                text += "\n"
            start = len(text)
            text += row[0].text
            for before, run in pairwise(row):
                text += joint(run.x0 - before.x1, run.size) + run.text
            last = Line(start, len(text), x0, x1, main.y, main.size, main.upright, main.margin)
            lines.append(last)
    return text, lines


def run_rows(block: Sequence[Run], size: float) -> list[list[Run]]:
    """The runs of one column from its top; the ones on a baseline from the left."""
    rows: list[list[Run]] = []
    for run in sorted(block, key=lambda run: -run.y):
        if rows and rows[-1][0].y - run.y <= ROW * size:
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.x0) for row in rows]


def usual_leading(rows: Sequence[Sequence[Run]], size: float) -> float:
    gaps = [above[0].y - below[0].y for above, below in pairwise(rows)]
    return median(gaps) if gaps else 1.2 * size


def starts_paragraph(last: Line, run: Run, leading: float, *, new_block: bool) -> bool:
    """Whether the gap below `last` is more than the usual one, or another size of type begins (not just small capitals)."""
    gap = last.y - run.y
    other_size = abs(last.size - run.size) > 0.1 * max(last.size, run.size)
    return last.upright != run.upright or gap > 1.4 * leading or (other_size and (new_block or gap > 1.1 * leading))


def bands(runs: Sequence[Run], edges: Sequence[float], size: float) -> list[list[Run]]:
    """The blocks of a page in reading order.

    White that reaches across the page parts it first, then a gutter that nothing crosses; where something does, it is read
    between what is above and what is below it.
    """
    if not runs:
        return []
    if not edges:
        return [list(runs)]
    parts = across_white(runs, size)
    if len(parts) > 1:
        return [block for part in parts for block in bands(part, edges, size)]
    for at, edge in enumerate(edges):
        if not any(crosses(run.x0, run.x1, edge, size) for run in runs):
            left = [run for run in runs if run.x0 < edge - CELL_GAP * size]
            right = [run for run in runs if run.x0 >= edge - CELL_GAP * size]
            return bands(left, edges[:at], size) + bands(right, edges[at + 1 :], size)
    spanning = max((run for run in runs if any(crosses(run.x0, run.x1, edge, size) for edge in edges)), key=lambda run: run.y)
    row = [run for run in runs if abs(run.y - spanning.y) <= ROW * size]
    above = [run for run in runs if run.y > spanning.y + ROW * size]
    below = [run for run in runs if run.y < spanning.y - ROW * size]
    return [*bands(above, edges, size), row, *bands(below, edges, size)]


def across_white(runs: Sequence[Run], size: float) -> list[list[Run]]:
    parts: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: -run.y):
        if parts and parts[-1][-1].y - run.y < BAND_GAP * size:
            parts[-1].append(run)
        else:
            parts.append([run])
    return parts
