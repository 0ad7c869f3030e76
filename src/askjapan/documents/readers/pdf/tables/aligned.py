"""Tables without rules around their cells: what stands under one another in columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from askjapan.documents.readers.pdf.letters.layout import NUMBER, ROW, Laid, Table
from askjapan.documents.readers.pdf.letters.pieces import Piece
from askjapan.documents.readers.pdf.pdfium import Rule

FAR = 3.2  # type sizes from row to row: a table ends there
ALIGNED, ALIGNED_SHARE = 2.0, 0.6  # points, and the share of a column's cells that begin, end or are centred at one place
PROSE_WIDTH = 22.0  # type sizes: a cell so wide is a line of prose
LEAST_FULL = 0.4  # of the cells of a table without rules
EQUAL = 0.15  # type sizes: gaps that differ by less are equal
TABLE_GAP = 0.9  # type sizes: what some gap of a row has at least, as the gaps of justified lines have not
FEW_WORDS = 3
MOST_COLUMNS, MOST_ROWS = 100, 200  # of a table on one page
MANY_WORDS = 9  # in a cell of a table without rules
MARK = re.compile(r"(?:[•‣◦▪–—*·-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]|\[\d{1,3}\]|\d{1,2})")
LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}")


@dataclass(frozen=True, slots=True)
class Row:
    """The pieces on one baseline, whichever lines they are from."""

    lines: tuple[int, ...]
    pieces: tuple[Piece, ...]
    y: float

    @property
    def x0(self) -> float:
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        return self.pieces[-1].x1


def aligned(lines: Sequence[Laid], taken: set[int], rules: Sequence[Rule], size: float) -> list[Table]:
    """The tables whose cells stand under one another."""
    tables = []
    for block in line_blocks(lines, taken):
        rows = baselines(lines, block)
        at = 0
        while at < len(rows):
            end = region_end(rows, at, size)
            table = table_of(rows[at:end], rules, size) if end - at >= 2 else None
            if table:
                tables.append(table)
            at = end if table else at + 1
    return tables


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
    rows = []
    for members in groups:
        pieces = sorted((piece for _, piece in members), key=lambda piece: piece.x0)
        rows.append(Row(tuple(sorted({number for number, _ in members})), tuple(pieces), members[0][1].y))
    return rows


def region_end(rows: Sequence[Row], at: int, size: float) -> int:
    """End of the rows that may be one table and begin with row `at`, which has several cells; `at` + 1 if there is no table."""
    if not 2 <= len(rows[at].pieces) <= MOST_COLUMNS:
        return at + 1
    end = last = at + 1
    while end < min(len(rows), at + MOST_ROWS) and rows[end - 1].y - rows[end].y <= FAR * size:
        row = rows[end]
        if len(row.pieces) > MOST_COLUMNS:
            break
        if len(row.pieces) == 1 and row.x1 - row.x0 > PROSE_WIDTH * size:
            break
        end += 1
        if len(row.pieces) > 1:
            last = end
    return last


def table_of(rows: Sequence[Row], rules: Sequence[Rule], size: float) -> Table | None:
    """The table that rows make, from the first one on; None where they make none."""
    for end in range(len(rows), 1, -1):
        if len(rows[end - 1].pieces) > 1 and (table := whole_table(rows[:end], rules, size)):
            return table
        if len(rows) - end > 3:
            return None
    return None


def whole_table(rows: Sequence[Row], rules: Sequence[Rule], size: float) -> Table | None:
    """The table that rows make up; None where they are text."""
    if are_justified(rows, size):
        return None
    columns = columns_of(rows)
    several = [row for row in rows if len(row.pieces) > 1]
    if len(columns) < 2 or len(several) < (2 if len(columns) > 2 else 3):
        return None
    filled = [cells_in(row, columns) for row in rows]
    if not is_table(filled, columns, size):
        return None
    return Table(frozenset(number for row in rows for number in row.lines), tuple(map(tuple, rows_together(rows, filled, rules))))


def are_justified(rows: Sequence[Row], size: float) -> bool:
    """Whether rows of words are lines stretched to one width: the gaps of such a line are equal."""
    words = [piece for row in rows for piece in row.pieces if not NUMBER.fullmatch(piece.text.strip())]
    several = [row for row in rows if len(row.pieces) > 2]
    if 2 * len(words) < sum(len(row.pieces) for row in rows) or not several:
        return False
    spreads = []
    for row in several:
        gaps = [after.x0 - before.x1 for before, after in pairwise(row.pieces)]
        spreads.append(max(gaps) - min(gaps))
    ends = [row.x1 for row in rows]
    at_end = max(sum(abs(end - other) <= ALIGNED for other in ends) for end in ends)
    return sum(spread < EQUAL * size for spread in spreads) > len(spreads) / 2 and at_end > len(rows) / 2


def columns_of(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """The stretches that the table's columns cover, from the left; a cell over several columns does not count."""
    columns: list[tuple[float, float]] = []
    for piece in sorted((piece for row in rows for piece in row.pieces), key=lambda piece: piece.x1 - piece.x0):
        over = [column for column in columns if piece.x0 < column[1] and column[0] < piece.x1]
        if len(over) > 1:
            continue
        columns = [column for column in columns if column not in over]
        columns.append((min(piece.x0, *(x0 for x0, _ in over), piece.x1), max(piece.x1, *(x1 for _, x1 in over), piece.x0)))
    columns.sort()
    at = 0
    while at + 1 < len(columns):
        # A heading on the left and figures on the right of one column never stand in one row.
        one, two = columns[at], columns[at + 1]
        if any(within(row, one) and within(row, two) for row in rows):
            at += 1
        else:
            columns[at : at + 2] = [(one[0], two[1])]
    return columns


def within(row: Row, column: tuple[float, float]) -> bool:
    """Whether a row has a piece in a column."""
    return any(piece.x0 < column[1] and column[0] < piece.x1 for piece in row.pieces)


def cells_in(row: Row, columns: Sequence[tuple[float, float]]) -> list[tuple[Piece, ...]]:
    """The cells of a row: each piece in the column that it overlaps, else in the nearest."""
    cells: list[list[Piece]] = [[] for _ in columns]
    for piece in row.pieces:
        over = [at for at, (left, right) in enumerate(columns) if piece.x0 < right and left < piece.x1]
        centre = (piece.x0 + piece.x1) / 2
        at = over[0] if over else min(range(len(columns)), key=lambda at: abs(sum(columns[at]) / 2 - centre))
        cells[at].append(piece)
    return [tuple(cell) for cell in cells]


def is_table(filled: Sequence[Sequence[tuple[Piece, ...]]], columns: Sequence[tuple[float, float]], size: float) -> bool:
    """Whether rows are a table, and no list, table of contents or text in columns."""
    texts = [[" ".join(piece.text for piece in cell).strip() for cell in row] for row in filled]
    if any(LEADERS.search(text) for row in texts for text in row):
        return False
    first = [row[0] for row in texts if row[0]]
    if sum(bool(MARK.fullmatch(text)) for text in first) > len(first) / 2 and len(columns) == 2:
        return False
    if median(widest_gap(row) for row in filled if sum(map(bool, row)) > 1) < TABLE_GAP * size:
        return False
    full = sum(bool(text) for row in texts for text in row) / (len(texts) * len(columns))
    single = sum(sum(bool(row[at]) for row in texts) == 1 for at in range(len(columns)))
    if full < LEAST_FULL or (len(texts) > 2 and single > len(columns) / 2):
        return False
    figures = 0
    for at in range(len(columns)):
        cells = [row[at] for row in filled if row[at]]
        if not is_aligned([(cell[0].x0, cell[-1].x1) for cell in cells]):
            return False
        if median(cell[-1].x1 - cell[0].x0 for cell in cells) > PROSE_WIDTH * size:
            return False
        written = [row[at] for row in texts if row[at]]
        figures += at > 0 and sum(bool(NUMBER.fullmatch(text)) for text in written) >= len(written) / 2
    if sum(len(text.split()) > MANY_WORDS for row in texts for text in row[1:]) > len(texts) / 2:
        return False
    if len(filled) < 3 and figures < len(columns) - 1:
        return False
    # Words alone may as well be texts side by side, or justified lines: they need several columns, few words and few holes.
    few = median(len(text.split()) for row in texts for text in row if text) <= FEW_WORDS
    return figures > 0 or (few and len(columns) > 2 and len(filled) >= 3 and full > 0.6)


def widest_gap(cells: Sequence[tuple[Piece, ...]]) -> float:
    """The widest gap between two neighbouring cells of a row."""
    there = [cell for cell in cells if cell]
    return max(after[0].x0 - before[-1].x1 for before, after in pairwise(there))


def is_aligned(boxes: Sequence[tuple[float, float]]) -> bool:
    """Whether most boxes of a column agree in their left ends, right ends or centres."""
    for places_of in ([x0 for x0, _ in boxes], [x1 for _, x1 in boxes], [(x0 + x1) / 2 for x0, x1 in boxes]):
        agreeing = max(sum(abs(place - other) <= ALIGNED for other in places_of) for place in places_of)
        if agreeing >= ALIGNED_SHARE * len(boxes):
            return True
    return False


def rows_together(
    rows: Sequence[Row], filled: Sequence[Sequence[tuple[Piece, ...]]], rules: Sequence[Rule]
) -> list[list[tuple[Piece, ...]]]:
    """Rows with their lines put together: those that no rule parts, where rules part the rows; else those set closer."""
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    wide = [rule for rule in rules if not rule.upright and rule.x1 - rule.x0 > 0.6 * (right - left)]
    between = [
        any(below.y < rule.y0 < above.y for rule in wide if rule.x0 < right and rule.x1 > left) for above, below in pairwise(rows)
    ]
    by_rules = sum(between) >= max(2, len(between) / 2)
    gaps = [above.y - below.y for above, below in pairwise(rows)]
    led = [gap for gap, cells in zip(gaps, filled[1:], strict=True) if cells[0] and sum(map(bool, cells)) > 1]
    pitch = median(led) if led else 0.0
    merged = [list(filled[0])]
    for gap, parted, cells in zip(gaps, between, filled[1:], strict=True):
        closer = gap < 0.8 * pitch and not any(NUMBER.fullmatch(piece.text.strip()) for cell in cells for piece in cell)
        if (not parted) if by_rules else closer:
            merged[-1] = [above + below for above, below in zip(merged[-1], cells, strict=True)]
        else:
            merged.append(list(cells))
    return merged
