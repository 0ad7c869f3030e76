"""The reading order of a page in columns: bands between what spans them, in each band column after column."""

from __future__ import annotations

from collections.abc import Sequence

from askjapan.documents.readers.pdf.letters.columns import ROW, Run, crosses, run_size
from askjapan.documents.readers.pdf.letters.pieces import CELL_GAP

BAND_GAP = 3.4  # white across the whole page: from baseline to baseline, more than a paragraph break


def in_reading_order(runs: Sequence[Run], edges: Sequence[float]) -> list[list[list[Run]]]:
    """The blocks of the page, column by column, each with its lines; text that is not upright comes last."""
    size = run_size(runs)
    blocks = [run_rows(block, size) for block in bands([run for run in runs if run.upright], edges, size)]
    aside = [run for run in runs if not run.upright]
    return [*blocks, [[run] for run in aside]] if aside else blocks


def run_rows(block: Sequence[Run], size: float) -> list[list[Run]]:
    """The runs of one column from its top; the ones on a baseline from the left."""
    rows: list[list[Run]] = []
    for run in sorted(block, key=lambda run: -run.y):
        if rows and rows[-1][0].y - run.y <= ROW * size:
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.x0) for row in rows]


def bands(runs: Sequence[Run], edges: Sequence[float], size: float) -> list[list[Run]]:
    """The blocks of a page in reading order.

    White that reaches across the page parts it first, then a gutter that nothing crosses; where something does, it is read
    between what is above and what is below it.
    """
    if not edges:
        return [list(runs)] if runs else []
    return [block for part in across_white(runs, size) for block in around_spanning(part, edges, size)]


def around_spanning(part: Sequence[Run], edges: Sequence[float], size: float) -> list[list[Run]]:
    """The blocks of runs in order from the top, between which no white reaches across the page."""
    crossing = [[crosses(run.x0, run.x1, edge, size) for edge in edges] for run in part]
    lowest = [max((at for at, crossed in enumerate(crossing) if crossed[number]), default=-1) for number in range(len(edges))]
    blocks: list[list[Run]] = []
    first = 0
    while first < len(part):
        free = next((number for number, last in enumerate(lowest) if last < first), None)
        if free is not None:
            start = edges[free] - CELL_GAP * size
            left, right = [run for run in part[first:] if run.x0 < start], [run for run in part[first:] if run.x0 >= start]
            return [*blocks, *bands(left, edges[:free], size), *bands(right, edges[free + 1 :], size)]
        begin = next(at for at in range(first, len(part)) if any(crossing[at]))
        end, height = begin + 1, part[begin].y
        while begin > first and part[begin - 1].y <= height + ROW * size:
            begin -= 1
        while end < len(part) and part[end].y >= height - ROW * size:
            end += 1
        blocks += [*bands(part[first:begin], edges, size), list(part[begin:end])]
        first = end
    return blocks


def across_white(runs: Sequence[Run], size: float) -> list[list[Run]]:
    """Runs in groups from the top, split where the white between two exceeds `BAND_GAP` sizes."""
    parts: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: -run.y):
        if parts and parts[-1][-1].y - run.y < BAND_GAP * size:
            parts[-1].append(run)
        else:
            parts.append([run])
    return parts
