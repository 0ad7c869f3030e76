"""Glyphs → rows of pieces: what stands on one baseline, cut at wide gaps, with its spaces, and with what is raised or lowered told apart."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median
from typing import Literal, NamedTuple

from askjapan.documents.readers.pdf.pdfium import Glyph

# In multiples of the type size.
SAME_HEIGHT = 0.2  # baselines of one row
RISE, LOWEST_RISE = 0.8, 0.08  # how far a smaller glyph may stand off its row's baseline, and how far makes it raised or lowered
SMALLER = 0.87  # of its neighbour's size: a raised or lowered glyph
WORD_GAP, SPACED_WORD_GAP, JAPANESE_GAP = (
    0.12,
    0.22,
    0.6,
)  # a wider gap is a space; where there are spaces drawn; between Japanese
CELL_GAP = 0.5  # more than a word space: what stands beyond may be another column
CLEAR_GAP = 0.07  # wider than any gap between letters
NARROW = 0.04  # how far a box may reach into the next one, as kerning makes it
BACK = 0.5  # how far a glyph may begin before the end of the one before it
STRUCK_TWICE = 0.12  # the same glyph again, so near, is its own shadow

Script = Literal["", "raised", "lowered"]

NEAR = 30  # glyphs: so far back an accent that is drawn by itself finds its letter
LABEL_GAP = 2.0

ACCENTS = {"`": "\u0300", "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306", "˙": "\u0307", "¨": "\u0308"}
ACCENTS |= {"˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "¸": "\u0327", "˛": "\u0328"}


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


def rows_of(glyphs: Sequence[Glyph]) -> list[list[Piece]]:
    """The rows of a page in the order of the file; a row goes on while its glyphs follow one another to the right."""
    rows: list[list[Glyph]] = []
    base = 0.0
    size = 0.0
    spaced = False
    for glyph in accented(once(narrowed(with_ligatures(upright_columns(glyphs))))):
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


def upright_columns(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Vertical writing as text that is turned by 270 degrees, as Latin words within it are."""
    vertical = [False] * len(glyphs)
    for at, (first, second) in enumerate(pairwise(glyphs)):
        centre = abs((first.x0 + first.x1) - (second.x0 + second.x1)) / 2
        if first.turn == second.turn == 0 and centre < 0.3 * first.size and 0.4 < (first.y - second.y) / first.size < 2.5:
            vertical[at] = vertical[at + 1] = True
    # A column of short lines may chance to look like it, so most of the page must.
    if sum(vertical) <= len(glyphs) / 2:
        return list(glyphs)
    return [
        Glyph(glyph.text, -glyph.y - glyph.size, -glyph.y, (glyph.x0 + glyph.x1) / 2, glyph.size, 270) if is_so else glyph
        for glyph, is_so in zip(glyphs, vertical, strict=True)
    ]


def narrowed(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """With the characters whose boxes always reach into the next one cut to where that begins: some fonts' boxes are too wide."""
    over: dict[str, list[float]] = defaultdict(list)
    for first, second in pairwise(glyphs):
        if (
            first.turn == second.turn
            and abs(first.y - second.y) < SAME_HEIGHT * first.size
            and abs(second.x0 - first.x1) < first.size
        ):
            over[first.text].append((second.x0 - first.x1) / first.size)
    within = {text: [gap for gap in gaps if gap < WORD_GAP - 2 * NARROW] for text, gaps in over.items()}
    usual = {text: max(gaps) for text, gaps in within.items() if gaps and max(gaps) < -NARROW}
    return [
        glyph._replace(x1=max(glyph.x0, glyph.x1 + usual[glyph.text] * glyph.size)) if glyph.text in usual else glyph
        for glyph in glyphs
    ]


def once(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """Without the glyphs that are struck again, nearly at the same place, to look bold."""
    seen: dict[tuple[str, int, int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        if glyph.text == " ":
            yield glyph
            continue
        cell = max(glyph.size, 1.0)
        column, row = round(glyph.x0 / cell), round(glyph.y / cell)
        near = (
            other
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for other in seen.get((glyph.text, glyph.turn, across, down), ())
        )
        if any(abs(other.x0 - glyph.x0) + abs(other.y - glyph.y) < STRUCK_TWICE * glyph.size for other in near):
            continue
        seen[glyph.text, glyph.turn, column, row].append(glyph)
        yield glyph


def with_ligatures(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """With the "ff" and "ffi" of files in which both engines find ↵ and no character at all, as Quartz makes them of TeX's fonts."""
    between = [at for at in range(1, len(glyphs) - 1) if glyphs[at - 1].text.isalpha() and glyphs[at + 1].text[:1].islower()]
    if not any(glyphs[at].text == "↵" for at in between):
        return list(glyphs)
    found = list(glyphs)
    for at in between:
        if (letters := {"↵": "ff", "\ufffd": "ffi"}.get(glyphs[at].text)) is not None:
            found[at] = glyphs[at]._replace(text=letters)
    return found


def accented(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """With the accents that are drawn as glyphs of their own put on their letters."""
    found: list[Glyph] = []
    waiting: Glyph | None = None
    for glyph in glyphs:
        if waiting is not None and covers(glyph, waiting) and (whole := composed(glyph, waiting)):
            glyph, waiting = whole, None
        if glyph.text in ACCENTS:
            near = range(len(found) - 1, max(-1, len(found) - 1 - NEAR), -1)
            at = next((at for at in near if covers(found[at], glyph) and composed(found[at], glyph)), None)
            if at is not None and (whole := composed(found[at], glyph)):
                found[at] = whole
                continue
            if waiting is not None:
                found.append(waiting)
            waiting = glyph
            continue
        if waiting is not None and glyph.text != " ":
            found.append(waiting)
            waiting = None
        found.append(glyph)
    return [*found, waiting] if waiting is not None else found


def covers(letter: Glyph, accent: Glyph) -> bool:
    centre = (accent.x0 + accent.x1) / 2
    return letter.turn == accent.turn and letter.x0 < centre < letter.x1 and abs(letter.y - accent.y) < letter.size


def composed(letter: Glyph, accent: Glyph) -> Glyph | None:
    base = {"ı": "i", "ȷ": "j"}.get(letter.text, letter.text)
    whole = unicodedata.normalize("NFC", base + ACCENTS[accent.text])
    return letter._replace(text=whole) if len(whole) == 1 else None


def follows(row: Sequence[Glyph], glyph: Glyph, base: float, size: float) -> bool:
    """Whether a glyph stands on the row, beyond its last one."""
    last = row[-1]
    most = max(size, glyph.size)
    gap = glyph.x0 - last.x1
    if glyph.turn != last.turn or gap < -BACK * most:
        return False
    off = abs(glyph.y - base)
    if off <= (0.5 if glyph.turn == 270 else SAME_HEIGHT) * most:
        return True
    # A note's number stands before its text, often at some distance.
    reach = LABEL_GAP if glyph.size > size and off > LOWEST_RISE * most else CELL_GAP
    return off <= RISE * most and min(size, glyph.size) <= SMALLER * most and gap < reach * most


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
    return [piece(glyphs, scripts(row, glyphs)) for glyphs in pieces]


def word_gap(gaps: Sequence[float], tracking: float) -> float:
    """The least gap between words in a row without spaces: where the gaps between letters plainly end, even a narrow one."""
    wider = [gap for gap in gaps if gap > tracking + NARROW]
    if wider and min(wider) >= tracking + CLEAR_GAP and len(gaps) > 2 * len(wider):
        return min(tracking + WORD_GAP, (tracking + NARROW + min(wider)) / 2)
    return tracking + WORD_GAP


def is_japanese(text: str) -> bool:
    return "\u3000" <= text[:1] <= "\u9fff" or "\uff00" <= text[:1] <= "\uffef"


def scripts(row: Sequence[Glyph], glyphs: Sequence[tuple[Glyph, bool]]) -> list[Script]:
    """Which glyphs are raised or lowered, each beside the nearest glyph of the row that is larger."""
    larger = max(glyph.size for glyph in row if glyph.text != " ")
    found: list[Script] = []
    letters = [glyph for glyph in row if glyph.text != " "]
    for glyph, _ in glyphs:
        if glyph.size > SMALLER * larger:
            found.append("")
            continue
        bases = [other for other in letters if glyph.size <= SMALLER * other.size]
        base = min(bases, key=lambda other: max(glyph.x0 - other.x1, other.x0 - glyph.x1))
        off = (glyph.y - base.y) / base.size
        near = max(glyph.x0 - base.x1, base.x0 - glyph.x1) < 4 * base.size
        found.append("" if abs(off) < LOWEST_RISE or not near else "raised" if off > 0 else "lowered")
    return found


def piece(glyphs: Sequence[tuple[Glyph, bool]], kinds: Sequence[Script]) -> Piece:
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


def moved(piece_: Piece, text: str) -> Piece:
    """The piece with other text, all of it on the baseline."""
    return replace(piece_, parts=(Part(text),))
