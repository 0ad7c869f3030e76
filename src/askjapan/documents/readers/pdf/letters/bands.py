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
    """Runs in groups from the top, split where the white between two exceeds `BAND_GAP` sizes."""
    parts: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: -run.y):
        if parts and parts[-1][-1].y - run.y < BAND_GAP * size:
            parts[-1].append(run)
        else:
            parts.append([run])
    return parts
