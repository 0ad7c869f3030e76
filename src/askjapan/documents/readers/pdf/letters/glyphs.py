"""Glyphs as pdfium gives them → glyphs as they are meant: vertical writing turned, boxes, ligatures, accents and shadows corrected."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from askjapan.documents.readers.pdf.pdfium import Glyph

# In multiples of the type size.
STRUCK_TWICE = 0.12  # the same glyph again, so near, is its own shadow
NARROW = 0.04  # how far a box may reach into the next one, as kerning makes it
SAME_HEIGHT = 0.2  # baselines of one row
# What stands at one side of its place in vertical writing.
OFF_CENTRE = frozenset("、。，．・「」『』（）〔〕【】ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶー")
NEAR = 30  # glyphs: so far back an accent that is drawn by itself finds its letter

ACCENTS = {"`": "\u0300", "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306", "˙": "\u0307", "¨": "\u0308"}
ACCENTS |= {"˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "¸": "\u0327", "˛": "\u0328"}


def meant(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs of a page, corrected by all functions of this module."""
    return accented(once(narrowed(with_ligatures(upright_columns(glyphs)))))


def upright_columns(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Vertical writing as text that is turned by 270 degrees, as Latin words within it are."""
    vertical = [False] * len(glyphs)
    centres = [(glyph.x0 + glyph.x1) / 2 for glyph in glyphs]
    for at, (first, second) in enumerate(pairwise(glyphs)):
        below = first.turn == second.turn == 0 and 0.4 < (first.y - second.y) / max(first.size, 0.01) < 2.5
        # A full stop's box may be half as wide, on one side of the column.
        if below and (held := holder(first, second)):
            centres[at] = centres[at + 1] = (held.x0 + held.x1) / 2
        if below and abs(centres[at] - centres[at + 1]) < 0.3 * first.size:
            vertical[at] = vertical[at + 1] = True
    # A column of short lines may chance to look like it, so most of the page must.
    if sum(vertical) <= len(glyphs) / 2:
        return list(glyphs)
    return [
        Glyph(glyph.text, -glyph.y - glyph.size, -glyph.y, centre, glyph.size, 270) if is_so else glyph
        for glyph, is_so, centre in zip(glyphs, vertical, centres, strict=True)
    ]


def holder(first: Glyph, second: Glyph) -> Glyph | None:
    """The wider of two glyphs, if the other one stands within its width and is punctuation or a small kana; None otherwise."""
    wide, narrow = (first, second) if first.x1 - first.x0 >= second.x1 - second.x0 else (second, first)
    inside = wide.x0 - 0.01 <= narrow.x0 and narrow.x1 <= wide.x1 + 0.01
    return wide if inside and narrow.text in OFF_CENTRE else None


def narrowed(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Glyphs whose boxes do not reach into the next one: boxes of some fonts are too wide, and are cut."""
    over: dict[str, list[float]] = defaultdict(list)
    for first, second in pairwise(glyphs):
        if (
            first.turn == second.turn
            and abs(first.y - second.y) < SAME_HEIGHT * first.size
            and abs(second.x0 - first.x1) < first.size
        ):
            over[first.text].append((second.x0 - first.x1) / first.size)
    within = {text: [gap for gap in gaps if gap < NARROW] for text, gaps in over.items()}
    usual = {text: max(gaps) for text, gaps in within.items() if gaps and max(gaps) < -NARROW}
    return [
        glyph._replace(x1=max(glyph.x0, glyph.x1 + usual[glyph.text] * glyph.size)) if glyph.text in usual else glyph
        for glyph in glyphs
    ]


def once(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """Glyphs without those that are struck again, nearly at the same place, to look bold."""
    seen: dict[tuple[str, int, int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        if glyph.text == " ":
            yield glyph
            continue
        column, row = round(glyph.x0 / glyph.size), round(glyph.y / glyph.size)
        neighbours = (
            other
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for other in seen.get((glyph.text, glyph.turn, across, down), ())
        )
        if any(abs(other.x0 - glyph.x0) + abs(other.y - glyph.y) < STRUCK_TWICE * glyph.size for other in neighbours):
            continue
        seen[glyph.text, glyph.turn, column, row].append(glyph)
        yield glyph


def with_ligatures(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Glyphs with "ff" and "ffi" where both engines find ↵ or no character, as in files that Quartz makes with TeX's fonts."""
    between = [at for at in range(1, len(glyphs) - 1) if glyphs[at - 1].text.isalpha() and glyphs[at + 1].text[:1].islower()]
    if not any(glyphs[at].text == "↵" for at in between):
        return list(glyphs)
    mended = list(glyphs)
    for at in between:
        if (letters := {"↵": "ff", "\ufffd": "ffi"}.get(glyphs[at].text)) is not None:
            mended[at] = glyphs[at]._replace(text=letters)
    return mended


def accented(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Glyphs with each accent that is drawn by itself put on its letter."""
    kept: list[Glyph] = []
    waiting: Glyph | None = None
    for glyph in glyphs:
        if waiting is not None and covers(glyph, waiting) and (whole := composed(glyph, waiting)):
            glyph, waiting = whole, None
        if glyph.text in ACCENTS:
            backwards = range(len(kept) - 1, max(-1, len(kept) - 1 - NEAR), -1)
            at = next((at for at in backwards if covers(kept[at], glyph) and composed(kept[at], glyph)), None)
            if at is not None and (whole := composed(kept[at], glyph)):
                kept[at] = whole
                continue
            if waiting is not None:
                kept.append(waiting)
            waiting = glyph
            continue
        if waiting is not None and glyph.text != " ":
            kept.append(waiting)
            waiting = None
        kept.append(glyph)
    return [*kept, waiting] if waiting is not None else kept


def covers(letter: Glyph, accent: Glyph) -> bool:
    """Whether an accent stands over a letter."""
    centre = (accent.x0 + accent.x1) / 2
    return letter.turn == accent.turn and letter.x0 < centre < letter.x1 and abs(letter.y - accent.y) < letter.size


def composed(letter: Glyph, accent: Glyph) -> Glyph | None:
    """A letter with its accent as one glyph; None where Unicode has no such letter."""
    base = {"ı": "i", "ȷ": "j"}.get(letter.text, letter.text)
    whole = unicodedata.normalize("NFC", base + ACCENTS[accent.text])
    return letter._replace(text=whole) if len(whole) == 1 else None
