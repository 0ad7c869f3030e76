"""Pages in columns of every kind, drawn for tests: two or three, narrow or wide gutters, sizes, fonts, ragged or justified."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

TEXT = (
    "the harbour of Otaru and its sister in the north have kept letters since 1966 while ferries carried students wood rice "
    "lanterns salt coal people over a sea that froze every winter; council mayors signed agreements for exchange of teachers, "
    "festival dancers, doctors or books in 1979. Few towns wrote more than ten a year but all remembered where they began"
)
WORDS = TEXT.split()
MARGIN, TOP, BOTTOM = 50.0, 780.0, 60.0
EMBEDDED = "Vera"


@dataclass(frozen=True)
class Kind:
    """How a page is set; `by_rows` draws each line of all columns before the next one."""

    columns: int
    gutter: float
    size: float
    font: str
    justified: bool
    by_rows: bool

    def __str__(self) -> str:
        setting = "justified" if self.justified else "ragged"
        return f"{self.columns}x{self.gutter:g}pt-{self.font}-{self.size:g}-{setting}-{'rows' if self.by_rows else 'columns'}"


def kinds(gutters: Sequence[float] = (10, 14, 20, 30), sizes: Sequence[float] = (8, 9, 10, 11, 12)) -> Iterator[Kind]:
    fonts = ("Times-Roman", "Helvetica", EMBEDDED)
    for number, values in enumerate(product((2, 3), gutters, sizes, fonts, (False, True))):
        yield Kind(*values, by_rows=number % 2 == 0)


def draw_columns(path: Path, kind: Kind) -> list[str]:
    """Draw a page and give its lines in reading order."""
    registerFont(TTFont(EMBEDDED, "Vera.ttf"))
    words = random.Random(str(kind))
    width = (A4[0] - 2 * MARGIN - (kind.columns - 1) * kind.gutter) / kind.columns
    leading = 1.2 * kind.size
    lines = int((TOP - BOTTOM) / leading)
    columns = [wrapped(words, kind, width, lines) for _ in range(kind.columns)]
    places = [(column, row) for column in range(kind.columns) for row in range(lines)]
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    for column, row in sorted(places, key=lambda place: place[1]) if kind.by_rows else places:
        text = columns[column][row]
        x, y = MARGIN + column * (width + kind.gutter), TOP - row * leading
        # The last line of a paragraph is not stretched.
        stretched = kind.justified and row % 9 != 8 and " " in text
        extra = (width - stringWidth(text, kind.font, kind.size)) / text.count(" ") if stretched else 0.0
        for word in text.split(" ") if kind.font == EMBEDDED else [text]:
            drawn = canvas.beginText(x, y)
            drawn.setFont(kind.font, kind.size)
            drawn.setWordSpace(extra)
            drawn.textOut(word)
            canvas.drawText(drawn)
            x += stringWidth(f"{word} ", kind.font, kind.size) + extra
    canvas.save()
    return [text for column in columns for text in column]


def wrapped(words: random.Random, kind: Kind, width: float, lines: int) -> list[str]:
    found: list[str] = []
    line = ""
    while len(found) < lines:
        word = words.choice(WORDS)
        if line and stringWidth(f"{line} {word}", kind.font, kind.size) > width:
            found.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return found


def right_lines(expected: Sequence[str], text: str) -> int:
    """How many of the expected lines a text has, each by itself and in their order."""
    lines = [line.replace("\u00ad", "-") for line in text.split("\n") if line]
    return sum(match.size for match in SequenceMatcher(None, expected, lines, autojunk=False).get_matching_blocks())
