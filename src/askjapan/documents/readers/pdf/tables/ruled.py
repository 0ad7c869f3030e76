"""Tables whose cells are drawn with rules."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from askjapan.documents.readers.pdf.letters.layout import NUMBER, ROW, Laid, Table
from askjapan.documents.readers.pdf.letters.pieces import Piece
from askjapan.documents.readers.pdf.pdfium import Rule
from askjapan.documents.readers.pdf.tables.rows import MOST_COLUMNS, MOST_ROWS

TOUCH = 2.5  # points: rules that come so near meet
SQUARE, CROWDED = 24.0, 100  # points; rules
MOST_GRIDS = 200  # on a page: those with the most rules
FARTHEST = 15_000.0  # points: a page has no side longer than 14,400
LONG_CELL = 400  # characters: cells that hold more, on average, are no table's


@dataclass(frozen=True, slots=True)
class Grid:
    """Rules that meet, the upright ones from the left, the level ones from below; `xs` from the left, `ys` from the top."""

    upright: tuple[Rule, ...]
    level: tuple[Rule, ...]
    xs: tuple[float, ...]
    ys: tuple[float, ...]

    def parted(self, x: float, bottom: float, top: float) -> bool:
        """Whether an upright rule stands at `x` between two heights."""
        middle = (bottom + top) / 2
        first = bisect_left(self.upright, x - TOUCH, key=lambda rule: rule.x0)
        last = bisect_right(self.upright, x + TOUCH, key=lambda rule: rule.x0)
        return any(rule.y0 - TOUCH <= middle <= rule.y1 + TOUCH for rule in self.upright[first:last])

    def closed(self, y: float, left: float, right: float) -> bool:
        """Whether a level rule lies at `y` between two places."""
        middle = (left + right) / 2
        first = bisect_left(self.level, y - TOUCH, key=lambda rule: rule.y0)
        last = bisect_right(self.level, y + TOUCH, key=lambda rule: rule.y0)
        return any(rule.x0 - TOUCH <= middle <= rule.x1 + TOUCH for rule in self.level[first:last])


def grids_of(rules: Sequence[Rule]) -> list[Grid]:
    """The groups of rules that meet, those that make at least two columns and a row."""
    grids: list[Grid] = []
    long = [rule for rule in rules if max(rule.x1 - rule.x0, rule.y1 - rule.y0) > 2 * TOUCH]
    # The sides of neighbouring cells are often drawn twice.
    for group in groups_of(list({tuple(round(each, 1) for each in rule): rule for rule in long}.values())):
        upright = tuple(sorted((rule for rule in group if rule.upright), key=lambda rule: rule.x0))
        level = tuple(sorted((rule for rule in group if not rule.upright), key=lambda rule: rule.y0))
        xs, ys = places(rule.x0 for rule in upright), places(rule.y0 for rule in level)
        if 3 <= len(xs) <= MOST_COLUMNS + 1 and 2 <= len(ys) <= MOST_ROWS + 1:
            grids.append(Grid(upright, level, tuple(xs), tuple(reversed(ys))))
    if len(grids) > MOST_GRIDS:
        grids = sorted(grids, key=lambda grid: -len(grid.upright) - len(grid.level))[:MOST_GRIDS]
    return sorted(grids, key=lambda grid: -grid.ys[0])


def groups_of(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """The rules in groups of those that meet, directly or by others; squares of the page with over `CROWDED` rules join none."""
    roots = list(range(len(rules)))

    def root(number: int) -> int:
        while roots[number] != number:
            roots[number] = number = roots[roots[number]]
        return number

    for members in squares_of(rules):
        for at, one in enumerate(members):
            own = root(one)
            for other in members[:at]:
                if own != (its := root(other)) and meet(rules[one], rules[other]):
                    roots[own] = own = its
    groups: dict[int, list[Rule]] = {}
    for number, rule in enumerate(rules):
        groups.setdefault(root(number), []).append(rule)
    yield from groups.values()


def squares_of(rules: Sequence[Rule]) -> list[list[int]]:
    """The numbers of the rules in each square of the page, without the squares with over `CROWDED` of them."""
    squares: dict[tuple[int, int], list[int]] = {}
    for number, rule in enumerate(rules):
        for square in product(covered(rule.x0, rule.x1), covered(rule.y0, rule.y1)):
            members = squares.setdefault(square, [])
            if len(members) <= CROWDED:
                members.append(number)
    return [members for members in squares.values() if len(members) <= CROWDED]


def covered(start: float, end: float) -> range:
    """The numbers of the squares that a stretch touches along one axis."""
    start, end = (max(-FARTHEST, min(FARTHEST, place)) for place in (start - TOUCH, end + TOUCH))
    return range(int(start // SQUARE), int(end // SQUARE) + 1)


def meet(one: Rule, other: Rule) -> bool:
    """Whether two rules touch or cross."""
    return one.x0 - TOUCH <= other.x1 and other.x0 - TOUCH <= one.x1 and one.y0 - TOUCH <= other.y1 and other.y0 - TOUCH <= one.y1


def places(values: Iterable[float]) -> list[float]:
    """Values in ascending order, those closer than `TOUCH` as one."""
    distinct: list[float] = []
    for value in sorted(values):
        if not distinct or value - distinct[-1] > TOUCH:
            distinct.append(value)
    return distinct


Cell = tuple[int, int]


def tables_in(grids: Sequence[Grid], lines: Sequence[Laid]) -> list[Table]:
    """The tables in some grids; a line is in one of them only."""
    heights = sorted((middle_of(line.pieces[0]), number) for number, line in enumerate(lines) if line.upright)
    tables: list[Table] = []
    taken: set[int] = set()
    for grid in grids:
        first, last = bisect_left(heights, (grid.ys[-1], -1)), bisect_right(heights, (grid.ys[0], len(lines)))
        if table := ruled(grid, lines, sorted({number for _, number in heights[first:last]} - taken)):
            tables.append(table)
            taken |= table.lines
    return tables


def ruled(grid: Grid, lines: Sequence[Laid], numbers: Sequence[int]) -> Table | None:
    """The table in a grid, of the lines with these numbers; None where it holds no cells of a table."""
    inside: dict[Cell, list[Piece]] = {}
    members = set()
    for number in numbers:
        line = lines[number]
        places_of = [cell_at(grid, piece) for piece in line.pieces]
        if any(place is None for place in places_of):
            continue
        members.add(number)
        for piece, place in zip(line.pieces, places_of, strict=True):
            assert place is not None
            inside.setdefault(place, []).append(piece)
    texts = ["".join(piece.text for piece in pieces) for pieces in inside.values()]
    if len(texts) < 2 or sum(map(len, texts)) > LONG_CELL * len(texts):
        return None
    roots = merged(grid)
    regions: dict[Cell, list[Piece]] = {}
    for cell, pieces in inside.items():
        regions.setdefault(roots[cell], []).extend(pieces)
    rows = []
    for row in range(len(grid.ys) - 1):
        cells = []
        for column in range(len(grid.xs) - 1):
            root = roots[row, column]
            # Of a cell that spans columns only the first holds the text; one that spans rows is repeated.
            first = column == 0 or roots[row, column - 1] != root
            cells.append(tuple(in_lines(regions.get(root, []))) if first else ())
        if any(cells):
            rows += apart(cells)
    wide = max((sum(map(bool, row)) for row in rows), default=0)
    return Table(frozenset(members), tuple(map(tuple, rows))) if len(rows) >= 2 and wide >= 2 else None


def cell_at(grid: Grid, piece: Piece) -> Cell | None:
    """The row and column that a piece stands in; None outside of the grid."""
    x, y = (piece.x0 + piece.x1) / 2, middle_of(piece)
    if not (grid.xs[0] <= x <= grid.xs[-1] and grid.ys[-1] <= y <= grid.ys[0]):
        return None
    # One between two cells is in the left one, or the upper one.
    return max(0, bisect_left(grid.ys, -y, key=lambda place: -place) - 1), max(0, bisect_left(grid.xs, x) - 1)


def middle_of(piece: Piece) -> float:
    """The height of the middle of a piece's small letters, in points."""
    return piece.y + 0.3 * piece.size


def merged(grid: Grid) -> dict[Cell, Cell]:
    """First cell of the merged cell that each cell of the grid belongs to; cells without a rule between them are one."""
    rows, columns = len(grid.ys) - 1, len(grid.xs) - 1
    roots = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

    def root(cell: Cell) -> Cell:
        while roots[cell] != cell:
            roots[cell] = cell = roots[roots[cell]]
        return cell

    for row in range(rows):
        for column in range(columns):
            top, bottom, left, right = grid.ys[row], grid.ys[row + 1], grid.xs[column], grid.xs[column + 1]
            beside, below = (row, column + 1), (row + 1, column)
            if column + 1 < columns and not grid.parted(right, bottom, top):
                one, two = sorted((root((row, column)), root(beside)))
                roots[two] = one
            if row + 1 < rows and not grid.closed(bottom, left, right):
                one, two = sorted((root((row, column)), root(below)))
                roots[two] = one
    return {cell: root(cell) for cell in roots}


def in_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of a cell, line by line."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.y):
        if rows and rows[-1][0].y - piece.y <= ROW * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda piece: piece.x0)]


def apart(cells: Sequence[tuple[Piece, ...]]) -> list[list[tuple[Piece, ...]]]:
    """A row between two rules as one row, or as several where figures stand under one another in it."""
    heights: list[float] = []
    for piece in sorted((piece for cell in cells for piece in cell), key=lambda piece: -piece.y):
        if not heights or heights[-1] - piece.y > ROW * piece.size:
            heights.append(piece.y)
    figures = [[piece for piece in cell if NUMBER.fullmatch(piece.text.strip())] for cell in cells]
    if len(heights) < 2 or not any(len(numbers) == len(cell) >= 2 for numbers, cell in zip(figures, cells, strict=True)):
        return [list(cells)]
    return [[tuple(piece for piece in cell if abs(piece.y - height) <= ROW * piece.size) for cell in cells] for height in heights]
