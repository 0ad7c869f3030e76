"""Tables without rules around their cells: what stands under one another in columns."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from statistics import median

from askjapan.documents.readers.pdf.letters.layout import NUMBER, Laid, Table
from askjapan.documents.readers.pdf.letters.pieces import Piece
from askjapan.documents.readers.pdf.pdfium import Rule
from askjapan.documents.readers.pdf.tables.rows import MOST_COLUMNS, MOST_ROWS, Row, baselines, line_blocks

FAR = 3.2  # type sizes from row to row: a table ends there
ALIGNED, ALIGNED_SHARE = 2.0, 0.6  # points, and the share of a column's cells that begin, end or are centred at one place
PROSE_WIDTH = 22.0  # type sizes: a cell so wide is a line of prose
LEAST_FULL = 0.4  # of the cells of a table without rules
EQUAL = 0.15  # type sizes: gaps that differ by less are equal
TABLE_GAP = 0.9  # type sizes: what some gap of a row has at least, as the gaps of justified lines have not
FEW_WORDS = 3
MOST_LEFT_OUT = 4  # rows below a table that may look like some of it
MOST_WEIGHED = 50_000  # pieces of a page's rows, counted for each row that a table may begin with
MANY_WORDS = 9  # in a cell of a table without rules
MARK = re.compile(r"(?:[•‣◦▪–—*·-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]|\[\d{1,3}\]|\d{1,2})")
LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}")


def aligned(lines: Sequence[Laid], taken: set[int], rules: Sequence[Rule], size: float) -> list[Table]:
    """The tables whose cells stand under one another."""
    tables = []
    left = MOST_WEIGHED
    for block in line_blocks(lines, taken):
        rows = baselines(lines, block)
        at = 0
        while at < len(rows) and left > 0:
            end = region_end(rows, at, size)
            table = None
            if end - at >= 2 and stand_under_one_another(rows[at:end]):
                table = table_of(rows[at:end], rules, size)
                left -= sum(len(row.pieces) for row in rows[at:end])
            if table:
                tables.append(table)
            at = end if table else at + 1
    return tables


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


def stand_under_one_another(rows: Sequence[Row]) -> bool:
    """Whether enough pieces begin, end or are centred at one place for rows to be a table, which is told in no time.

    Of `LEAST_FULL` of the cells `ALIGNED_SHARE` are within `ALIGNED` of a place, so half of these in one stretch of `PLACE` points.
    """
    fullest = max(Counter(chain.from_iterable(row.places for row in rows)).values())
    return fullest >= LEAST_FULL * ALIGNED_SHARE / 2 * (len(rows) - MOST_LEFT_OUT)


def table_of(rows: Sequence[Row], rules: Sequence[Rule], size: float) -> Table | None:
    """The table that rows make, from the first one on; None where they make none."""
    for end in range(len(rows), 1, -1):
        if len(rows[end - 1].pieces) > 1 and (table := whole_table(rows[:end], rules, size)):
            return table
        if len(rows) - end >= MOST_LEFT_OUT:
            return None
    return None


def whole_table(rows: Sequence[Row], rules: Sequence[Rule], size: float) -> Table | None:
    """The table that rows make up; None where they are text."""
    if are_justified(rows, size):
        return None
    pieces = sum(len(row.pieces) for row in rows)
    if pieces / (2 * len(rows)) < LEAST_FULL:
        return None
    columns = columns_of(rows)
    several = [row for row in rows if len(row.pieces) > 1]
    if len(columns) < 2 or len(several) < (2 if len(columns) > 2 else 3):
        return None
    # Two columns of words are no table, and one of figures has a digit.
    if pieces / (len(rows) * len(columns)) < LEAST_FULL or (len(columns) == 2 and not any(row.has_digit for row in rows)):
        return None
    filled = [cells_in(row, columns) for row in rows]
    if not is_table(filled, columns, size):
        return None
    return Table(frozenset(number for row in rows for number in row.lines), tuple(map(tuple, rows_together(rows, filled, rules))))


def are_justified(rows: Sequence[Row], size: float) -> bool:
    """Whether rows of words are lines stretched to one width: the gaps of such a line are equal."""
    several = [row for row in rows if len(row.pieces) > 2]
    if 2 * sum(row.words for row in rows) < sum(len(row.pieces) for row in rows) or not several:
        return False
    even = sum(row.spread < EQUAL * size for row in several) > len(several) / 2
    return even and most_agreeing(row.x1 for row in rows) > len(rows) / 2


def columns_of(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """The stretches that the table's columns cover, from the left; a cell over several columns does not count."""
    lefts: list[float] = []
    rights: list[float] = []
    # Many cells stand at just the place of another one.
    boxes = dict.fromkeys((piece.x0, piece.x1) for row in rows for piece in row.pieces)
    for x0, x1 in sorted(boxes, key=lambda box: box[1] - box[0]):
        first, last = overlapped(x0, x1, lefts, rights)
        if last - first > 1:
            continue
        lefts[first:last] = [min(x0, *lefts[first:last], x1)]
        rights[first:last] = [max(x1, *rights[first:last], x0)]
    # A heading on the left and figures on the right of one column never stand in one row.
    columns: list[tuple[float, float]] = []
    here = 0
    for left, right, there in zip(lefts, rights, rows_in(rows, lefts, rights), strict=True):
        if columns and not here & there:
            columns[-1], here = (columns[-1][0], right), here | there
        else:
            columns.append((left, right))
            here = there
    return columns


def overlapped(x0: float, x1: float, lefts: Sequence[float], rights: Sequence[float]) -> tuple[int, int]:
    """The first of the columns that a stretch overlaps, and the one behind the last; the same one where it overlaps none."""
    first = bisect_right(rights, x0)
    return first, max(first, bisect_left(lefts, x1))


def rows_in(rows: Sequence[Row], lefts: Sequence[float], rights: Sequence[float]) -> list[int]:
    """For each column the rows with a piece in it, as the bits of a number."""
    standing: dict[tuple[float, float], int] = {}
    for number, row in enumerate(rows):
        for piece in row.pieces:
            box = (piece.x0, piece.x1)
            standing[box] = standing.get(box, 0) | 1 << number
    inside = [0] * len(lefts)
    for (x0, x1), numbers in standing.items():
        for column in range(*overlapped(x0, x1, lefts, rights)):
            inside[column] |= numbers
    return inside


def cells_in(row: Row, columns: Sequence[tuple[float, float]]) -> list[tuple[Piece, ...]]:
    """The cells of a row: each piece in the column that it overlaps, else in the nearest."""
    cells: list[list[Piece]] = [[] for _ in columns]
    lefts, rights = [left for left, _ in columns], [right for _, right in columns]
    for piece in row.pieces:
        at, end = overlapped(piece.x0, piece.x1, lefts, rights)
        if at == end:
            centre = (piece.x0 + piece.x1) / 2
            at = min(range(len(columns)), key=lambda at: abs(sum(columns[at]) / 2 - centre))
        cells[at].append(piece)
    return [tuple(cell) for cell in cells]


def is_table(filled: Sequence[Sequence[tuple[Piece, ...]]], columns: Sequence[tuple[float, float]], size: float) -> bool:
    """Whether rows are a table, and no list, table of contents or text in columns."""
    gaps = [widest_gap(row) for row in filled if sum(map(bool, row)) > 1]
    if not gaps or median(gaps) < TABLE_GAP * size:
        return False
    for column in zip(*filled, strict=True):
        boxes = [(cell[0].x0, cell[-1].x1) for cell in column if cell]
        if not boxes or not is_aligned(boxes) or median(x1 - x0 for x0, x1 in boxes) > PROSE_WIDTH * size:
            return False
    texts = [[" ".join(piece.text for piece in cell).strip() for cell in row] for row in filled]
    if any(LEADERS.search(text) for row in texts for text in row):
        return False
    first = [row[0] for row in texts if row[0]]
    if sum(bool(MARK.fullmatch(text)) for text in first) > len(first) / 2 and len(columns) == 2:
        return False
    full = sum(bool(text) for row in texts for text in row) / (len(texts) * len(columns))
    single = sum(sum(bool(row[at]) for row in texts) == 1 for at in range(len(columns)))
    if full < LEAST_FULL or (len(texts) > 2 and single > len(columns) / 2):
        return False
    written = [[row[at] for row in texts if row[at]] for at in range(1, len(columns))]
    figures = sum(sum(bool(NUMBER.fullmatch(text)) for text in column) >= len(column) / 2 for column in written)
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
        if most_agreeing(places_of) >= ALIGNED_SHARE * len(boxes):
            return True
    return False


def most_agreeing(places: Iterable[float]) -> int:
    """The most places that are within `ALIGNED` of one of them, itself among them."""
    ordered = sorted(places)
    highest = first = last = 0
    for place in ordered:
        while place - ordered[first] > ALIGNED:
            first += 1
        while last < len(ordered) and ordered[last] - place <= ALIGNED:
            last += 1
        highest = max(highest, last - first)
    return highest


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
