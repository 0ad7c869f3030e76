"""Laid lines → the text of each page, with paragraphs, tables, notes and broken words marked; and where each line of it stands.

An empty line stands where the gap or a change of type size tells a new paragraph, and around a table, whose cells are parted by
tabs. A hyphen that only breaks a word becomes a soft hyphen, which is neither shown nor compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from askjapan.documents.readers.pdf.letters.layout import Laid
from askjapan.documents.readers.pdf.letters.pieces import Piece, is_japanese, usual_size
from askjapan.documents.readers.pdf.letters.raised import Notes, labels_of, notes_of, written

PARAGRAPH_GAP = 1.4  # of the usual distance of baselines
BROKEN = re.compile(r"(?<![\w-])(\w*[^\W\d_])[-‐\u00ad]$")
GOES_ON = re.compile(r"([a-zß-öø-ÿāēīōū]+)(?:-\w)?")
WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
SOFT_HYPHEN = "\u00ad"
LONGEST_WORD = 100  # characters: a longer one is not mended in a cell
# Neither shown nor compared; it makes a row whose last cells are empty end in more than white space.
LAST_CELL = "\u200b"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page's text: `start` and `end` count the page's characters, the rest is as in `layout.Laid`."""

    start: int
    end: int
    x0: float
    x1: float
    y: float
    size: float
    upright: bool = True
    margin: bool = False


def texts_of(pages: Sequence[Sequence[Laid]]) -> list[tuple[str, list[Line]]]:
    """The text of each page, and its lines in the order of the text."""
    usual = usual_size(piece for lines in pages for line in lines for piece in line.pieces)
    notes = [notes_of(lines, usual) for lines in pages]
    known = labels_of(notes)
    raw = [
        [line_text(line, number, of_page, known) for number, line in enumerate(lines)]
        for lines, of_page in zip(pages, notes, strict=True)
    ]
    raw = with_soft_hyphens(raw, pages)
    return [page_text(lines, texts) for lines, texts in zip(pages, raw, strict=True)]


def line_text(line: Laid, number: int, notes: Notes, known: frozenset[str]) -> str:
    """A line as text: a table's cells separated by tabs, a note's body after its label."""
    if line.cells:
        cells = [pieces_text(cell, notes, known) for cell in line.cells]
        text = "\t".join(cells)
        return text if "\t" in text.rstrip() else text + LAST_CELL
    text = pieces_text(line.pieces, notes, known)
    if label := notes.bodies.get(number):
        text = re.sub(rf"^(?:\[\^[^\]]*\]|\^)?\s*\(?(?:{label})?[.)]?\s*", f"[^{label}]: ", text)
    return text


def pieces_text(pieces: Sequence[Piece], notes: Notes, known: frozenset[str]) -> str:
    """Pieces as text, with spaces between them and words mended that are broken across the lines of a cell."""
    text = ""
    last: Piece | None = None
    for piece in pieces:
        below = last is not None and last.y - piece.y > 0.5 * piece.size and piece.text[:1].islower()
        if below and (broken := BROKEN.search(text, max(0, len(text) - LONGEST_WORD))):
            text = text[: broken.end(1)]  # the next line of a cell
        elif last and not (is_japanese(last.text[-1:]) and is_japanese(piece.text) and piece.x0 - last.x1 < piece.size):
            text += " "
        text += written(piece, text, notes, known)
        last = piece
    return text.strip()


def with_soft_hyphens(raw: list[list[str]], pages: Sequence[Sequence[Laid]]) -> list[list[str]]:
    """The lines with the hyphens that only break a word made soft."""
    places = [
        (page, number) for page, lines in enumerate(pages) for number, line in enumerate(lines) if line.upright and not line.cells
    ]
    words: Counter[str] = Counter()
    for page, number in places:
        words.update(word.lower() for word in WORD.findall(BROKEN.sub("", raw[page][number])))
    for (page, number), (next_page, following) in pairwise(places):
        broken = BROKEN.search(raw[page][number])
        goes_on = GOES_ON.match(raw[next_page][following])
        if broken and goes_on and is_one_word(broken[1].lower(), goes_on[1].lower(), words):
            raw[page][number] = raw[page][number][:-1] + SOFT_HYPHEN
    return raw


def is_one_word(first: str, rest: str, words: Counter[str]) -> bool:
    """Whether a word broken at the end of a line is written without a hyphen elsewhere, or would be."""
    whole, compound = words[first + rest], words[f"{first}-{rest}"]
    if whole or compound:
        return whole >= compound
    return not (len(first) > 2 and len(rest) > 2 and words[first] and words[rest])


def page_text(lines: Sequence[Laid], texts: Sequence[str]) -> tuple[str, list[Line]]:
    """The text of a page's lines, empty lines between its blocks, and where each line stands in it."""
    text, placed = "", []
    leading = dict(leadings(lines))
    last: Laid | None = None
    block = 0
    for number, (line, own) in enumerate(zip(lines, texts, strict=True)):
        block = number if line.opens else block
        if not own:
            continue
        if last is not None:
            text += "\n\n" if parted(last, line, leading.get(block, 0.0)) else "\n"
        start = len(text)
        text += own
        placed.append(Line(start, len(text), line.x0, line.x1, line.y, line.size, line.upright, line.margin))
        last = line
    return text, placed


def leadings(lines: Sequence[Laid]) -> Iterator[tuple[int, float]]:
    """The usual distance of baselines in each block, by the number of its first line."""
    blocks: dict[int, list[Laid]] = {}
    block = 0
    for number, line in enumerate(lines):
        block = number if line.opens else block
        blocks.setdefault(block, []).append(line)
    for first, members in blocks.items():
        gaps = [above.y - below.y for above, below in pairwise(members) if above.upright and below.upright]
        down = [gap for gap in gaps if gap > 0.3 * members[0].size]
        yield first, median(down) if down else 1.2 * members[0].size


def parted(last: Laid, line: Laid, leading: float) -> bool:
    """Whether a new paragraph begins: by the gap, by another size of type (not just small capitals), or at the edge of a table."""
    if bool(last.cells) != bool(line.cells) or last.upright != line.upright:
        return True
    if last.cells:
        return False
    gap = last.y - line.y
    other_size = abs(last.size - line.size) > 0.1 * max(last.size, line.size)
    return gap > PARAGRAPH_GAP * leading or (other_size and (line.opens or gap > 1.1 * leading))
