"""Tables of plain text whose columns spaces alone align, with tabs put between their cells; every character keeps its offset."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import accumulate, pairwise, product
from operator import or_

from askjapan.language.wordings import wordings

_EN, _JA = wordings("tables", "en"), wordings("tables", "ja")
_CAPTION = re.compile(
    rf"\A\s*+[【〔［（]?+(?:{_EN['captions']}|{_JA['captions']}|第)\s*+[\d一二三四五六七八九十IVX]", re.IGNORECASE
)
_UNIT = re.compile(rf"\A\s*+[(（［\[]?+\s*+(?:{_EN['units']}|単位)", re.IGNORECASE)
_WORD = re.compile(r"\S++")
_GAP = re.compile(r"0{2,}+")
_RULE = re.compile(r"\A\s*+[-=─━═_–—+]{3,}+[-=─━═_–—+\s]*+")
_MARK = re.compile(
    r"[-•‣◦*・·○●■□◎※–—]|[(（]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)．）]|第[\d一二三四五六七八九十]++[条章節]|[①-⑳]"
)
_OTHER = re.compile(r"\.{4}|(?:\. ){3}|…{2}|・{4}|·{4}|‥{2}|[{}\\]|\(\)|==| = |(?<!:)//|->|;\s*+\Z")  # dot leaders and code
_PAGE = re.compile(r"\A\W*+(?:pages?|pp?|頁|ページ)\W*+", re.IGNORECASE)
_NUMBER = re.compile(r"\A(?!\D?(?:1[5-9]|20)\d\d\D?\Z)\W*+\d[\d,.]*+\W*+")  # a year may stand in a header
_LONGEST_LINE, _LEAST_ROWS, _INDENT = 400, 3, 2
_MOST_HEADER_LINES, _MOST_HEADER_WORDS, _MOST_LEFT_OUT = 3, 8, 3  # what is left out are lines at either end of a region
_MOST, _SOME = 0.6, 1 / 3  # of the rows, or of the cells of a column
_WORDS, _LETTERS = 4, 10  # of a cell that may be a line of prose; wide letters


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a line without wide spaces: its characters and its display columns."""

    start: int
    end: int
    left: int
    right: int
    text: str


_Row = tuple[_Piece | None, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without its line end; `places` are the display columns at which its characters begin, `filled` has a bit a column."""

    number: int
    text: str
    places: Sequence[int]
    words: list[_Piece]
    pieces: list[_Piece]
    filled: int
    is_rule: bool


@dataclass(frozen=True, slots=True)
class _Body:
    """Lines of a region that all leave the same gaps, rules among them; `rows` have their cells, `figures` are columns of these."""

    start: int
    end: int
    gaps: list[tuple[int, int]]
    rows: list[_Row]
    figures: list[int]


def with_tabs(text: str) -> str:
    """The text, of the same length, with a tab between neighbouring cells of each table that spaces align.

    A rule under a header becomes a separator as Markdown has it, one above or below the table is blanked. Rows and header lines that
    end before the last column have fewer tabs. Whatever may as well be prose, verse, code or a list stays as it is.
    """
    lines = text.splitlines(keepends=True)
    for run in _runs(lines):
        for region, follows in _regions(run):
            body = next((body for body in _bodies(region) if _is_table(body, region)), None)
            for number, line in (_changes(region, body, follows=follows) if body else {}).items():
                lines[number] = line + lines[number][len(line) :]
    return "".join(lines)


def _runs(lines: Sequence[str]) -> Iterator[list[_Line]]:
    """The runs of lines that are neither blank nor long nor parted by tabs or bars, where some have wide spaces in them."""
    run: list[tuple[int, str]] = []
    for number, line in enumerate([*lines, ""]):
        body = "".join(line.splitlines())
        if len(body) <= _LONGEST_LINE and "\t" not in body and body.count("|") < 2 and body.strip():
            run.append((number, body))
        elif run:
            if sum("  " in each.strip() or "\u3000" in each.strip() for _, each in run) >= _LEAST_ROWS:
                yield [_line(*each) for each in run]
            run = []


def _line(number: int, text: str) -> _Line:
    places = list(accumulate(map(_width, text), initial=0))
    spans = [match.span() for match in _WORD.finditer(text)]
    words = [_Piece(start, end, places[start], places[end], text[start:end]) for start, end in spans]
    pieces = _joined(words)
    filled = reduce(or_, (((1 << piece.right - piece.left) - 1) << piece.left for piece in pieces), 0)
    return _Line(number, text, places, words, pieces, filled, bool(_RULE.fullmatch(text)) and len(text.strip()) > 3)


@cache
def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "FW" else 1


def _joined(words: Sequence[_Piece], gaps: Sequence[tuple[int, int]] = ()) -> list[_Piece]:
    """The pieces that words make up; a single space parts them too where it stands in a gap."""
    pieces: list[_Piece] = []
    for word in words:
        before = pieces[-1] if pieces else None
        if before and word.left - before.right < 2 and not any(left <= before.right < right for left, right in gaps):
            pieces[-1] = _with(before, word)
        else:
            pieces.append(word)
    return pieces


def _with(before: _Piece | None, word: _Piece) -> _Piece:
    return _Piece(before.start, word.end, before.left, word.right, f"{before.text} {word.text}") if before else word


def _regions(run: Sequence[_Line]) -> Iterator[tuple[list[_Line], bool]]:
    """The stretches of indented lines, those of several pieces and rules, no caption among them; whether one follows a text in its run."""
    base = min((line.pieces[0].left for line in run if not line.is_rule), default=0)
    region: list[_Line] = []
    follows = False
    for line in [*run, None]:
        labels = line is None or _CAPTION.match(line.text) or (not region and len(line.pieces) == 1 and _UNIT.match(line.text))
        if line and not labels and (line.is_rule or len(line.pieces) > 1 or line.pieces[0].left >= base + _INDENT):
            region.append(line)
            continue
        if sum(len(each.pieces) > 1 and not each.is_rule for each in region) >= _LEAST_ROWS:
            yield region, follows
        region, follows = [], not labels


def _bodies(region: Sequence[_Line]) -> Iterator[_Body]:
    """What may be the body of a table, from near the one end of a region to near the other: the longest for each number of columns."""
    places = [at for at, line in enumerate(region) if not line.is_rule]
    longest: dict[int, tuple[int, int, list[tuple[int, int]]]] = {}
    for above, below in sorted(product(range(_MOST_LEFT_OUT + 1), repeat=2), key=sum):
        if inside := places[above : len(places) - below] if above + below + _LEAST_ROWS <= len(places) else []:
            filled = reduce(or_, (region[at].filled for at in inside))
            gaps = [gap.span() for gap in _GAP.finditer(f"{filled:b}"[::-1]) if gap.start()]
            longest.setdefault(len(gaps), (inside[0], inside[-1] + 1, gaps))
    for _, (start, end, gaps) in sorted(longest.items(), reverse=True):
        rows = [_cells(line, gaps) for line in region[start:end] if not line.is_rule]
        columns = enumerate(zip(*(row for row in rows if row[0]), strict=True))
        texts = {at: [cell.text for cell in column if cell and any(map(str.isalnum, cell.text))] for at, column in columns if at}
        figures = [at for at, each in texts.items() if sum(map(_is_figure, each)) >= max(1, _MOST * len(each))]
        yield _Body(start, end, gaps, rows, figures)


def _cells(line: _Line, gaps: Sequence[tuple[int, int]]) -> _Row:
    cells: list[_Piece | None] = [None] * (len(gaps) + 1)
    for word in line.words:
        at = bisect_right(gaps, (word.left, word.left))
        cells[at] = _with(cells[at], word)
    return tuple(cells)


def _is_figure(text: str) -> bool:
    """Whether at least half of a cell's letters and digits are digits."""
    return 2 * sum(map(str.isdigit, text)) >= max(1, sum(map(str.isalnum, text)))


def _is_table(body: _Body, region: Sequence[_Line]) -> bool:
    """Whether lines with common gaps are the rows of a table, and no text in columns, list, code or table of contents."""
    rows = [row for row in body.rows if row[0]]
    if len(rows) < max(_LEAST_ROWS, _SOME * len(body.rows)) or not all(map(_is_aligned, zip(*rows, strict=True))):
        return False
    marked = sum(bool(_MARK.fullmatch(row[0].text)) for row in rows if row[0]) > len(rows) / 2
    behind = len(body.gaps) - marked  # columns besides the first one that is no mark of a list
    full = sum(cell is not None for row in rows for cell in row)
    if behind < 1 or (behind == 1 and len(body.gaps) not in body.figures) or full < _MOST * len(rows) * len(rows[0]):
        return False
    lines = region[body.start : body.end]
    if sum(bool(_OTHER.search(line.text)) for line in lines) > _SOME * len(lines) or _is_prose(rows, body.figures):
        return False
    if not body.figures:  # words alone do not tell which line is the header, and in each column most cells of prose have several
        several = min(sum(cell is not None and " " in cell.text for cell in column) for column in zip(*rows, strict=True))
        ruled = any(line.is_rule for line in region[max(0, body.start - 1) : body.end])
        return ruled or (len(rows) > _LEAST_ROWS and 2 * several < len(rows))
    told = sum(any((cell := row[at]) and _is_figure(cell.text) for at in body.figures) for row in rows)
    return told >= _LEAST_ROWS and not _is_contents(body)


def _is_aligned(column: Sequence[_Piece | None]) -> bool:
    """Whether a column has cells enough, most of which agree in their left or right ends, their centres or their decimal points."""
    cells = [cell for cell in column if cell]
    decimals = [cell.left + len(cell.text.partition(".")[0]) for cell in cells]
    places = [(cell.left, cell.right, (cell.left + cell.right) // 2, point) for cell, point in zip(cells, decimals, strict=True)]
    agreeing = max((max(Counter(each).values()) for each in zip(*places, strict=True)), default=0)
    return len(cells) >= max(2, _SOME * len(column)) and agreeing >= _MOST * len(cells)


def _is_prose(rows: Sequence[_Row], figures: Sequence[int]) -> bool:
    """Whether the cells are lines of texts that stand side by side: long ones in several columns, or words within sentences."""
    texts = [[cell.text for cell in row if cell] for row in rows]
    wide = [[len(text.split()) >= _WORDS or sum(map(_width, text)) - len(text) >= _LETTERS for text in row] for row in texts]
    letters = [text[0] for row in texts for text in row if text[0].lower() != text[0].upper()]
    in_sentences = not figures and 2 * sum(map(str.islower, letters)) > max(1, len(letters))
    return in_sentences or sum(sum(row) > 1 for row in wide) > _SOME * len(rows)


def _is_contents(body: _Body) -> bool:
    """Whether the last column has nothing but the numbers of pages, each no lower than the one above it, and no other header."""
    texts = [row[-1].text for row in body.rows if row[-1]]
    pages = texts[1:] if _PAGE.fullmatch(texts[0]) else texts
    if body.figures != [len(body.gaps)] or not all(text.isdecimal() and len(text) <= 4 for text in pages):
        return False
    return int(pages[0]) < int(pages[-1]) and all(int(one) <= int(other) for one, other in pairwise(pages))


def _changes(region: Sequence[_Line], body: _Body, *, follows: bool) -> dict[int, str]:
    """The lines of a table as they are with tabs, by number; none where it is doubtful which of them is its header."""
    tabs = {at: _at_gaps(region[at], body.gaps) for at in range(body.start, body.end) if not region[at].is_rule}
    if not all(tabs.values()):
        return {}
    lowest = top = body.start - (body.start > 0 and region[body.start - 1].is_rule)
    while top and lowest - top < _MOST_HEADER_LINES and (over := _over_columns(region[top - 1], body)):
        top -= 1
        tabs[top] = over
    top = min(tabs)
    rules = [at for at in range(top, body.end) if region[at].is_rule]
    rows = ((at, _cells(region[at], body.gaps)) for at in sorted(tabs))
    counted = next((at for at, row in rows if any(cell and _NUMBER.fullmatch(cell.text) for cell in row[1:])), body.end)
    ruled = bool(rules) and rules[0] <= min(top + _MOST_HEADER_LINES, counted)
    headed = ruled or top < body.start or (bool(body.figures) and counted > top)
    if (follows and not headed) or (rules and not ruled and not body.figures):
        return {}
    changed = {region[at].number: _put(region[at].text, each) for at, each in tabs.items()}
    for at in (*rules, top - 1, body.end):
        if 0 <= at < len(region) and (line := region[at]).is_rule:
            drawn = f"|{'-' * (len(line.text.strip()) - 2)}|" if ruled and at in rules else ""
            changed[line.number] = (" " * line.pieces[0].start + drawn).ljust(len(line.text))
    return changed


def _put(text: str, tabs: Sequence[int]) -> str:
    return "".join("\t" if at in tabs else char for at, char in enumerate(text))


def _at_gaps(line: _Line, gaps: Sequence[tuple[int, int]]) -> list[int]:
    """The characters of a line that begin the gaps between columns: white space, as nothing stands there."""
    places = [bisect_right(line.places, left) - 1 for left, _ in gaps]
    return [at for at in places if at < len(line.text) and line.text[at].isspace()]


def _over_columns(line: _Line, body: _Body) -> list[int]:
    """The characters of a header line that become tabs: each piece is in the first column that it stands over; none if spaces lack."""
    cells = [[cell for cell in column if cell] for column in zip(*body.rows, strict=True)]
    columns = [(min(cell.left for cell in column), max(cell.right for cell in column)) for column in cells]
    parted = _joined(line.words, body.gaps)
    pieces = parted if 0 <= len(columns) - len(parted) <= 1 else line.pieces
    if line.is_rule or any(len(piece.text.split()) > _MOST_HEADER_WORDS for piece in pieces):
        return []
    over = [_stood_over(piece, columns) for piece in pieces]
    tabs: list[int] = []
    before, end = -1, 0
    for number, (piece, (first, last)) in enumerate(zip(pieces, over, strict=True)):
        following = over[number + 1][0] if number + 1 < len(over) else len(columns)
        begin = max(before + 1, _first_spanned(piece, (first, last), columns, (max(1, before + 1), following)))
        missing = begin - max(before, 0)
        if (first == 0 and last > 0) or begin > last or missing > piece.start - end:
            return []
        tabs += range(piece.start - missing, piece.start)
        before, end = begin, piece.end
    return [*tabs, *range(end, min(len(line.text), end + len(columns) - 1 - before))]


def _stood_over(piece: _Piece, columns: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The first and last column that a piece stands over, or the nearest."""
    over = [at for at, (left, right) in enumerate(columns) if piece.left < right and left < piece.right]
    nearest = min(range(len(columns)), key=lambda at: max(columns[at][0] - piece.right, piece.left - columns[at][1]))
    return (over[0], over[-1]) if over else (nearest, nearest)


def _first_spanned(piece: _Piece, over: tuple[int, int], columns: Sequence[tuple[int, int]], free: tuple[int, int]) -> int:
    """The first of the columns that a piece is centred above, if it is wider than those that it stands over; else of these."""
    first, last = over
    ends = [(begin, end) for begin in range(free[0], first) for end in range(last, free[1])]
    centred = (begin for begin, end in ends if abs(columns[begin][0] + columns[end][1] - piece.left - piece.right) <= 2)
    return next(centred, first) if piece.right - piece.left > columns[last][1] - columns[first][0] else first
