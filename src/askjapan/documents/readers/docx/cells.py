"""The rows and cells of a Word document's tables, and whether a table only places things on the page."""

from __future__ import annotations

from collections.abc import Iterator

from askjapan.documents.readers.docx.lists import Node, W

AROUND_BLOCKS = frozenset({"customXml", "ins", "moveTo", "sdt", "sdtContent"})
_LONG_CELL = 1000
_OUTER_CELL = 200


def rows_of(table: Node) -> list[tuple[Node, list[Node]]]:
    """The rows of a table, each with its cells; deleted rows and cells are left out."""
    rows = [row for row in _inside(table, "tr") if row.find(f"{W}trPr/{W}del") is None]
    return [(row, [cell for cell in _inside(row, "tc") if cell.find(f"{W}tcPr/{W}cellDel") is None]) for row in rows]


def _inside(node: Node, name: str) -> Iterator[Node]:
    """The children of a name, also those in content controls and the like around them."""
    for child in node:
        if child.tag == W + name:
            yield child
        elif str(child.tag).rpartition("}")[2] in AROUND_BLOCKS:
            yield from _inside(child, name)


def is_layout(rows: list[list[Node]]) -> bool:
    """Whether a table only places things on the page: its cells are then read one after the other."""
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        return True
    cells = [cell for row in rows for cell in row]
    holders = [cell for cell in cells if cell.find(f".//{W}tbl") is not None]
    if holders:
        plain = [cell for cell in cells if cell not in holders]
        even = all(len(row) == len(rows[0]) for row in rows)
        return not even or 2 * len(plain) <= len(cells) or any(_length(cell) > _OUTER_CELL for cell in plain)
    return any(_length(cell) > _LONG_CELL for cell in cells)


def _length(cell: Node) -> int:
    return sum(len(text.text or "") for text in cell.iter(W + "t"))
