"""The tables of a page: lines whose pieces stand in the cells of drawn rules, or under one another in columns.

A cell that spans rows is repeated in each, one that spans columns stands in the first, as in the tables of other formats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from askjapan.documents.readers.pdf.letters.layout import Laid
from askjapan.documents.readers.pdf.letters.pieces import usual_size
from askjapan.documents.readers.pdf.pdfium import Rule, turned
from askjapan.documents.readers.pdf.tables.aligned import aligned
from askjapan.documents.readers.pdf.tables.ruled import grids_of, tables_in


def with_tables(lines: Sequence[Laid], rules: Sequence[Rule]) -> list[Laid]:
    """The page's lines with those of its tables put together to rows with cells, each where its table begins.

    Args:
        lines: from `layout.lay_out`.
        rules: those of the page, as it lies.
    """
    pieces = [piece for line in lines if line.upright for piece in line.pieces]
    if not pieces:
        return list(lines)
    rules = [upright_rule(rule, pieces[0].turn) for rule in rules]
    size = usual_size(pieces)
    tables = tables_in(grids_of(rules), lines)
    taken = {number for table in tables for number in table.lines}
    tables += aligned(lines, taken, rules, size)
    first = {min(table.lines): table for table in tables}
    taken = {number for table in tables for number in table.lines}
    arranged: list[Laid] = []
    for number, line in enumerate(lines):
        if number in first:
            for at, cells in enumerate(first[number].rows):
                row = tuple(piece for cell in cells for piece in cell)
                arranged.append(replace(line, pieces=row, cells=cells, opens=line.opens and not at))
        if number not in taken:
            arranged.append(line)
    return arranged


def upright_rule(rule: Rule, turn: int) -> Rule:
    """A rule in the coordinates of text that is turned by so many degrees."""
    (x0, y0), (x1, y1) = turned(rule.x0, rule.y0, turn), turned(rule.x1, rule.y1, turn)
    return Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
