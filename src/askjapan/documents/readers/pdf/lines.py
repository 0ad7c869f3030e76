"""The lines of a page and where they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from askjapan.documents.readers.pdf.shows import Show, main_turn

SAME_HEIGHT = 0.1  # of the type size: farther apart is a superscript, which pypdf keeps in its line
ROW = 0.35  # of the type size: baselines closer than this are one row
WORD_GAP, SPACE = 0.15, 0.7  # of the type size: a wider gap is a space; the widest space is that of a typewriter, 0.6
CELL_GAP = 0.5  # of the type size, more than a justified word space: what stands beyond may be another column


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page's text: `start` and `end` count the page's characters, the rest is in points (y upwards).

    `upright` is False for text that runs in another direction than most of the page, `margin` is True where that text stands
    outside the block of the others (a stamp along the edge).
    """

    start: int
    end: int
    x0: float
    x1: float
    y: float
    size: float
    upright: bool = True
    margin: bool = False


def lines_of(pieces: Sequence[str], shows: Sequence[Show]) -> list[Line]:
    """The lines of `"".join(pieces)` that were shown on the page, in the order of the text."""
    text = "".join(pieces)
    turn = main_turn(shows)
    starts = line_starts(text)
    found: dict[int, list[Show]] = defaultdict(list)
    for show, row in zip(shows, rows_of(pieces, shows), strict=True):
        found[row].append(show)
    lines = []
    extent = upright_extent(shows, turn)
    for row, members in sorted(found.items()):
        start = starts[row]
        end = starts[row + 1] - 1 if row + 1 < len(starts) else len(text)
        end = start + len(text[start:end].rstrip())
        if end > start:
            x0, x1, y, size = box(members)
            upright = all(show.turn == turn for show in members)
            lines.append(Line(start, end, x0, x1, y, size, upright, in_margin(members, extent, turn)))
    return lines


def upright_extent(shows: Sequence[Show], turn: int) -> tuple[float, float]:
    upright = [show for show in shows if show.turn == turn]
    return min((show.x0 for show in upright), default=0.0), max((show.x1 for show in upright), default=0.0)


def in_margin(shows: Sequence[Show], extent: tuple[float, float], turn: int) -> bool:
    """Whether text at a right angle to the others stands to the left or right of all of them."""
    side = {(show.turn - turn) % 360 for show in shows}
    if side == {90}:
        return all(not extent[0] < -show.y < extent[1] for show in shows)
    return side == {270} and all(not extent[0] < show.y < extent[1] for show in shows)


def mended(text: str, lines: Sequence[Line]) -> tuple[str, list[Line]]:
    """The text without the line ends that stand where the text goes on at the same height, and its lines."""
    parts: list[str] = []
    kept: list[Line] = []
    done = size = 0
    for line in lines:
        last = kept[-1] if kept else None
        if last and not text[done : line.start].strip() and goes_on(last, line):
            parts.append(joint(line.x0 - last.x1, line.size))
            start = last.start
            kept.pop()
        else:
            parts.append(text[done : line.start])
            last, start = None, size + len(parts[-1])
        parts.append(text[line.start : line.end])
        size += len(parts[-2]) + len(parts[-1])
        done = line.end
        x0, wide = (last.x0, max((last, line), key=lambda part: part.end - part.start)) if last else (line.x0, line)
        kept.append(Line(start, size, x0, line.x1, line.y, wide.size, line.upright, line.margin))
    parts.append(text[done:])
    return "".join(parts), kept


def goes_on(last: Line, line: Line) -> bool:
    """Whether a line is the rest of the one before."""
    same_height = abs(last.y - line.y) <= SAME_HEIGHT * last.size
    gap = (line.x0 - last.x1) / max(last.size, line.size)
    return last.upright and line.upright and same_height and abs(gap) < SPACE


def joint(gap: float, size: float) -> str:
    return " " if gap > WORD_GAP * size else ""


def line_starts(text: str) -> list[int]:
    return [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]


def rows_of(pieces: Sequence[str], shows: Sequence[Show]) -> list[int]:
    """For each show, the number of the text line that it stands on."""
    before, rows = 0, []
    for piece in pieces:
        lead = piece[: len(piece) - len(piece.lstrip())]
        # A piece that is only white space belongs to the line it ends.
        rows.append(before + lead.count("\n") if lead != piece else before)
        before += piece.count("\n")
    rows.append(before)
    return [rows[min(show.piece, len(pieces))] for show in shows]


def box(shows: Iterable[Show]) -> tuple[float, float, float, float]:
    """Left, right, baseline and size of shows that make one line; the largest part sets the last two."""
    members = list(shows)
    main = max(members, key=lambda show: show.glyphs * show.size)
    return min(show.x0 for show in members), max(show.x1 for show in members), main.y, main.size


def usual_size(shows: Sequence[Show]) -> float:
    """The type size of most of the glyphs."""
    counts: dict[float, int] = defaultdict(int)
    for show in shows:
        counts[round(show.size, 1)] += show.glyphs
    return max(counts, key=lambda size: (counts[size], size), default=0.0) or 1.0


def baselines(shows: Iterable[Show], size: float) -> list[list[Show]]:
    """Shows grouped to rows from the top of the page."""
    rows: list[list[Show]] = []
    for show in sorted(shows, key=lambda show: -show.y):
        if rows and rows[-1][0].y - show.y <= ROW * size:
            rows[-1].append(show)
        else:
            rows.append([show])
    return rows


def cells(row: Iterable[Show], size: float) -> list[tuple[float, float]]:
    """The stretches of a row that no wide gap interrupts: left and right edges."""
    found: list[tuple[float, float]] = []
    for show in sorted(row, key=lambda show: show.x0):
        if found and show.x0 - found[-1][1] < CELL_GAP * size:
            found[-1] = (found[-1][0], max(found[-1][1], show.x1))
        else:
            found.append((show.x0, show.x1))
    return found
