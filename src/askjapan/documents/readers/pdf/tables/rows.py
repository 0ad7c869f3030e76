"""Lines of a page → the rows of its blocks: what stands on one baseline, as tables without rules are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from askjapan.documents.readers.pdf.letters.layout import NUMBER, ROW, Laid
from askjapan.documents.readers.pdf.letters.pieces import Piece

MOST_COLUMNS, MOST_ROWS = 100, 200  # of a table on one page
PLACE = 4.0  # points
DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Row:
    """The pieces on one baseline, whichever lines they are from.

    `words` is the number of those that are no figures, `has_digit` tells whether any has a digit. `spread` is by how much the widest
    gap between two exceeds the narrowest (points), `places` are the stretches of `PLACE` points in which they begin, are centred and end.
    """

    lines: tuple[int, ...]
    pieces: tuple[Piece, ...]
    y: float
    words: int
    has_digit: bool
    spread: float
    places: tuple[tuple[str, int], ...]

    @property
    def x0(self) -> float:
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        return self.pieces[-1].x1


def line_blocks(lines: Sequence[Laid], taken: set[int]) -> list[list[int]]:
    """The numbers of the upright lines that no table has taken, block by block."""
    blocks: list[list[int]] = []
    for number, line in enumerate(lines):
        if not blocks or line.opens:
            blocks.append([])
        if number not in taken and line.upright:
            blocks[-1].append(number)
    return blocks


def baselines(lines: Sequence[Laid], block: Sequence[int]) -> list[Row]:
    """The pieces of a block in rows, by the height at which they stand."""
    groups: list[list[tuple[int, Piece]]] = []
    listed = [(number, piece) for number in block for piece in lines[number].pieces]
    for number, piece in sorted(listed, key=lambda member: -member[1].y):
        if groups and groups[-1][0][1].y - piece.y <= ROW * piece.size:
            groups[-1].append((number, piece))
        else:
            groups.append([(number, piece)])
    return [row_of(members) for members in groups]


def row_of(members: Sequence[tuple[int, Piece]]) -> Row:
    """The row that some pieces make up, each with the number of its line."""
    pieces = tuple(sorted((piece for _, piece in members), key=lambda piece: piece.x0))
    gaps = [after.x0 - before.x1 for before, after in pairwise(pieces)]
    texts = [piece.text for piece in pieces]
    words = sum(not NUMBER.fullmatch(text.strip()) for text in texts)
    has_digit = any(DIGIT.search(text) for text in texts)
    spread = max(gaps, default=0.0) - min(gaps, default=0.0)
    places = [
        (kind, int(place // PLACE))
        for piece in pieces
        for kind, place in (("left", piece.x0), ("centre", (piece.x0 + piece.x1) / 2), ("right", piece.x1))
    ]
    lines = tuple(sorted({number for number, _ in members}))
    return Row(lines, pieces, members[0][1].y, words, has_digit, spread, tuple(places))
