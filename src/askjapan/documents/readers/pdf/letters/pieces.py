"""Glyphs → rows of pieces: a row is what stands on one baseline, cut into pieces at wide gaps, with raised and lowered parts marked."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise
from statistics import median
from typing import Literal, NamedTuple

from askjapan.documents.readers.pdf.letters.glyphs import NARROW, SAME_HEIGHT, meant
from askjapan.documents.readers.pdf.pdfium import Glyph

# In multiples of the type size.
RISE, LOWEST_RISE = 0.8, 0.08  # how far a smaller glyph may stand off its row's baseline, and how far makes it raised or lowered
SMALLER = 0.87  # of its neighbour's size: a raised or lowered glyph
# A wider gap is a space: without drawn spaces, with them, and between Japanese characters.
WORD_GAP, SPACED_WORD_GAP, JAPANESE_GAP = 0.12, 0.22, 0.6
CELL_GAP = 0.5  # more than a word space: what stands beyond may be another column
CLEAR_GAP = 0.07  # wider than any gap between letters
BACK = 0.5  # how far a glyph may begin before the end of the one before it

NEAR = 40  # letters in the order of the row

LABEL_GAP = 2.0  # between a note's number and its text

Script = Literal["", "raised", "lowered"]


class Part(NamedTuple):
    """Text of a piece that stands on the baseline, or raised above or lowered below it."""

    text: str
    script: Script = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text without a wide gap: from `x0` to `x1` on the baseline `y` (points, y upwards), `size` in points.

    Positions are those of the page turned by `turn` degrees, so that this text is upright.
    """

    parts: tuple[Part, ...]
    x0: float
    x1: float
    y: float
    size: float
    glyphs: int
    turn: int = 0

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


def ink(piece: Piece) -> float:
    """About how much of the page a piece covers."""
    return piece.glyphs * piece.size


@dataclass(frozen=True, slots=True)
class InRow:
    """Pieces of one row, and where they stand; `main` is the one with most ink, whose baseline and size are the row's."""

    pieces: tuple[Piece, ...]

    @property
    def x0(self) -> float:
        return min(piece.x0 for piece in self.pieces)

    @property
    def x1(self) -> float:
        return max(piece.x1 for piece in self.pieces)

    @property
    def main(self) -> Piece:
        return max(self.pieces, key=ink)

    @property
    def y(self) -> float:
        return self.main.y

    @property
    def size(self) -> float:
        return self.main.size


def rows_of(glyphs: Sequence[Glyph]) -> list[list[Piece]]:
    """The rows of a page in the order of the file; a row goes on while its glyphs follow one another to the right."""
    rows: list[list[Glyph]] = []
    base = 0.0
    size = 0.0
    spaced = False
    for glyph in meant(glyphs):
        if glyph.text == " ":
            spaced = True
            continue
        if rows and follows(rows[-1], glyph, base, size):
            if spaced and glyph.x0 - rows[-1][-1].x1 > -0.1 * size:
                rows[-1].append(Glyph(" ", rows[-1][-1].x1, glyph.x0, base, size, glyph.turn))
            rows[-1].append(glyph)
            if glyph.size > 1.15 * size:
                base, size = glyph.y, glyph.size
        else:
            rows.append([glyph])
            base, size = glyph.y, glyph.size
        spaced = False
    return [pieces for row in rows if (pieces := pieces_of(row))]


def follows(row: Sequence[Glyph], glyph: Glyph, base: float, size: float) -> bool:
    """Whether a glyph stands on the row, beyond its last one."""
    last = row[-1]
    larger = max(size, glyph.size)
    gap = glyph.x0 - last.x1
    if glyph.turn != last.turn or gap < -BACK * larger:
        return False
    off = abs(glyph.y - base)
    if off <= (0.5 if glyph.turn == 270 else SAME_HEIGHT) * larger:
        return True
    # A note's number stands before its text, often at some distance.
    reach = LABEL_GAP if glyph.size > size and off > LOWEST_RISE * larger else CELL_GAP
    return off <= RISE * larger and min(size, glyph.size) <= SMALLER * larger and gap < reach * larger


def pieces_of(row: Sequence[Glyph]) -> list[Piece]:
    """The row cut at its wide gaps."""
    letters = [glyph for glyph in row if glyph.text != " "]
    gaps = [
        max(0.0, (after.x0 - before.x1) / before.size) for before, after in pairwise(row) if " " not in (before.text, after.text)
    ]
    tracking = min(median(gaps), 0.6) if len(gaps) >= 3 else 0.0
    word = tracking + SPACED_WORD_GAP if len(letters) < len(row) else word_gap(gaps, tracking)
    pieces: list[list[tuple[Glyph, bool]]] = []
    spaced = False
    last: Glyph | None = None
    for glyph in row:
        if glyph.text == " ":
            spaced = True
            continue
        size = max(last.size, glyph.size) if last else glyph.size
        gap = (glyph.x0 - last.x1) / size if last else 0.0
        if last is None or gap > tracking + CELL_GAP:
            pieces.append([(glyph, False)])
        else:
            least = JAPANESE_GAP if is_japanese(last.text) and is_japanese(glyph.text) else word
            pieces[-1].append((glyph, spaced or gap > least))
        last, spaced = glyph, False
    kinds = iter(scripts(letters))
    return [piece(glyphs, list(islice(kinds, len(glyphs)))) for glyphs in pieces]


def word_gap(gaps: Sequence[float], tracking: float) -> float:
    """The least gap between words in a row without spaces, in type sizes; a narrow one where gaps between letters are clearly narrower."""
    wider = [gap for gap in gaps if gap > tracking + NARROW]
    if wider and min(wider) >= tracking + CLEAR_GAP and len(gaps) > 2 * len(wider):
        return min(tracking + WORD_GAP, (tracking + NARROW + min(wider)) / 2)
    return tracking + WORD_GAP


def is_japanese(text: str) -> bool:
    """Whether a text begins with a Japanese or full-width character."""
    return "\u3000" <= text[:1] <= "\u9fff" or "\uff00" <= text[:1] <= "\uffef"


def scripts(letters: Sequence[Glyph]) -> list[Script]:
    """Script of each glyph of a row: raised, lowered or neither, compared with the nearest larger glyph of the row."""
    usual = SMALLER * max(glyph.size for glyph in letters)
    if all(glyph.size > usual for glyph in letters):
        return [""] * len(letters)
    before = larger_before(letters)
    after = [len(letters) - 1 - at for at in reversed(larger_before(letters[::-1]))]
    kinds: list[Script] = []
    for at, glyph in enumerate(letters):
        if glyph.size > usual:
            kinds.append("")
            continue
        # Those beyond a few letters are not nearer than the nearest one on either side, in the order of the row.
        around = range(max(0, at - NEAR), min(len(letters), at + NEAR + 1))
        bases = [letters[other] for other in sorted({*around, before[at], after[at]} - {-1, len(letters)})]
        bases = [other for other in bases if glyph.size <= SMALLER * other.size]
        base = min(bases, key=lambda other: max(glyph.x0 - other.x1, other.x0 - glyph.x1))
        off = (glyph.y - base.y) / base.size
        is_beside = max(glyph.x0 - base.x1, base.x0 - glyph.x1) < 4 * base.size
        kinds.append("" if abs(off) < LOWEST_RISE or not is_beside else "raised" if off > 0 else "lowered")
    return kinds


def larger_before(letters: Sequence[Glyph]) -> list[int]:
    """For each glyph the place of the last one before it that makes it small, -1 where there is none."""
    places: list[int] = []
    larger: list[int] = []  # the glyphs so far that none behind them exceeds, the largest first
    for at, glyph in enumerate(letters):
        count = bisect_right(larger, -glyph.size, key=lambda place: -SMALLER * letters[place].size)
        places.append(larger[count - 1] if count else -1)
        while larger and letters[larger[-1]].size <= glyph.size:
            larger.pop()
        larger.append(at)
    return places


def piece(glyphs: Sequence[tuple[Glyph, bool]], kinds: Sequence[Script]) -> Piece:
    """Neighbouring glyphs as a piece, with its raised and lowered parts."""
    parts: list[Part] = []
    for kind, members in groupby(zip(glyphs, kinds, strict=True), key=lambda member: member[1]):
        listed = list(members)
        text = "".join((" " if spaced else "") + glyph.text for (glyph, spaced), _ in listed)
        parts.append(Part(text if parts else text.lstrip(), kind))
    own = [glyph for (glyph, _), kind in zip(glyphs, kinds, strict=True) if not kind] or [glyph for glyph, _ in glyphs]
    sizes: dict[float, int] = defaultdict(int)
    for glyph in own:
        sizes[round(glyph.size, 1)] += 1
    size = max(sizes, key=lambda each: (sizes[each], each))
    main = next(glyph for glyph in own if round(glyph.size, 1) == size)
    return Piece(
        parts=tuple(parts),
        x0=min(glyph.x0 for glyph, _ in glyphs),
        x1=max(glyph.x1 for glyph, _ in glyphs),
        y=main.y,
        size=max(size, 0.1),
        glyphs=len(glyphs),
        turn=main.turn,
    )


def main_turn(rows: Iterable[Sequence[Piece]]) -> int:
    """The direction in which most of the page's glyphs run, in degrees."""
    counts: dict[int, int] = defaultdict(int)
    for row in rows:
        counts[row[0].turn] += sum(piece.glyphs for piece in row)
    return max(counts, key=lambda turn: counts[turn], default=0)


def usual_size(pieces: Iterable[Piece]) -> float:
    """The type size of most of the glyphs."""
    counts: dict[float, int] = defaultdict(int)
    for each in pieces:
        counts[round(each.size, 1)] += each.glyphs
    return max(counts, key=lambda size: (counts[size], size), default=0.0) or 1.0
