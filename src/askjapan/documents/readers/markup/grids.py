"""A table's cells with their spans → rows of texts, each cell under its column, as browsers place them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_COLUMNS = 100
_MOST_FILLED = 10_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, how many columns it takes, and how many rows; `down` 0 reaches to the end of its row group."""

    text: str
    across: int = 1
    down: int = 1


def grid(groups: Sequence[Sequence[Sequence[Cell]]]) -> list[list[str]]:
    """The rows of all groups. A cell that spans rows is repeated in each row of its own group, one that spans columns stands in the first.

    Where two spans meet, the earlier keeps the place. Spans that would fill far more places than there are cells are filled in no further.
    """
    rows: list[list[str]] = []
    room = _MOST_FILLED + 4 * sum(len(cells) for group in groups for cells in group)
    for group in groups:
        reaching: dict[int, tuple[int, str]] = {}
        for number, cells in enumerate(group):
            line = {column: text for column, (last, text) in reaching.items() if last >= number and room > 0}
            room -= len(line)
            column = 0
            for cell in cells:
                while column in line:
                    column += 1
                last = number + cell.down - 1 if cell.down else len(group) - 1
                for place in range(column, column + min(max(cell.across, 1), MOST_COLUMNS)):
                    if place in line and place != column:
                        continue
                    line[place] = cell.text if place == column else ""
                    if last > number and room > 0:
                        reaching[place] = (min(last, len(group) - 1), line[place])
            rows.append([line.get(place, "") for place in range(max(line, default=-1) + 1)])
    return rows


def pipe_table(rows: Sequence[Sequence[str]], header_rows: int = 1) -> str:
    """A Markdown table with the rule under its header rows.

    Each cell is folded to one line. Rows are padded to one width, unless that would add very many empty cells.
    """
    width = max(len(row) for row in rows)
    if width * len(rows) > _MOST_FILLED + 2 * sum(map(len, rows)):
        width = 0
    lines = ["| " + " | ".join(_folded(text) for text in [*row, *[""] * (width - len(row))]) + " |" for row in rows]
    lines.insert(header_rows if 0 < header_rows < len(rows) else 1, "|" + " --- |" * (width or len(rows[0])))
    return "\n".join(lines)


def _folded(text: str) -> str:
    return " ".join(text.split("\n")).replace("|", "\\|")
