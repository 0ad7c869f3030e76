"""Where on a page each piece of text was shown: the measuring side of the PDF reader.

pypdf tells its visitors what text it found and with which operators, but not how wide that text is; without widths no gutter can
be seen. `ShowTracker` follows the operators and measures them with the widths that the PDF itself gives for its fonts. Positions
only decide about order, columns and running heads; no character of the text comes from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import hypot
from typing import Any, TypeAlias

PdfObject: TypeAlias = Any  # whatever a file holds at a place; `entry` and `number` take it as it is
Matrix = Sequence[float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
TEXT_OPERATORS = frozenset({b"Tj", b"TJ", b"'", b'"'})

# Only the 14 standard fonts may come without widths; they are rarely used now, and 3 % of error is narrower than any gutter.
NARROW, WIDE, NARROW_WIDTH, WIDE_WIDTH, USUAL_WIDTH, CAPITAL_WIDTH = b"fijlrtI.,;:'!|()[]- /", b"mwMW@%", 290, 840, 530, 680


@dataclass(frozen=True, slots=True)
class Show:
    """One text-showing operator: from `x0` to `x1` on the baseline `y` (points, y upwards), `size` in points.

    `piece` is the index of the text piece it is part of; `turn` is the direction of its text: 0, 90, 180 or 270 degrees.
    Positions are those of the page turned so that this text is upright.
    """

    x0: float
    x1: float
    y: float
    size: float
    piece: int
    glyphs: int = 1
    turn: int = 0
    vertical: bool = False


@dataclass(frozen=True)
class Glyphs:
    """The advance widths of one font, in thousandths of its size."""

    widths: Mapping[int, float] = field(default_factory=dict)
    default: float = float(USUAL_WIDTH)
    code_bytes: int = 1
    standard: bool = False
    vertical: bool = False

    def codes(self, data: bytes) -> Sequence[int]:
        if self.code_bytes == 1:
            return data
        return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data) - 1, 2)]

    def width(self, code: int) -> float:
        return standard_width(code) if self.standard else self.widths.get(code, self.default)


@dataclass(frozen=True)
class TextState:
    """The part of the graphics state that moves the pen."""

    font: Glyphs = Glyphs()
    size: float = 12.0
    char_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0


@dataclass
class Context:
    """A page or a form: its resources, where it lies on the page, and its stack of saved states."""

    resources: PdfObject
    base: Matrix
    state: TextState = TextState()
    saved: list[TextState] = field(default_factory=list)


class ShowTracker:
    """The visitors to give to `extract_text`; afterwards `pieces` and `shows` tell what stands where.

    Args:
        resources: the page's resource dictionary, or None.
        page_area: square points of the page, to tell how much of it a picture covers.
    """

    def __init__(self, resources: PdfObject, page_area: float) -> None:
        self.pieces: list[str] = []
        self.shows: list[Show] = []
        self.picture_share = 0.0
        self._page_area = page_area or 1.0
        self._contexts = [Context(resources, IDENTITY)]
        self._fonts: dict[int, tuple[PdfObject, Glyphs]] = {}
        self._pen: tuple[tuple[float, ...], float] | None = None

    def text(self, text: str, *_: object) -> None:
        """For `visitor_text`."""
        self.pieces.append(text)

    def before(self, operator: bytes, operands: PdfObject, cm: Matrix, _: Matrix) -> None:
        """For `visitor_operand_before`: enters a form before pypdf does."""
        if operator != b"Do" or not operands:
            return
        context = self._contexts[-1]
        base = multiply(cm, context.base)
        form = entry(entry(context.resources, "/XObject"), operands[0])
        if entry(form, "/Subtype") == "/Image":
            self.picture_share = max(self.picture_share, abs(base[0] * base[3] - base[1] * base[2]) / self._page_area)
        own = [number(value) for value in entry(form, "/Matrix") or IDENTITY]
        base = multiply(own, base) if len(own) == 6 else base
        self._contexts.append(Context(entry(form, "/Resources") or context.resources, base))

    def after(self, operator: bytes, operands: PdfObject, cm: Matrix, tm: Matrix) -> None:
        """For `visitor_operand_after`: the matrices are those that the operator was shown with."""
        context = self._contexts[-1]
        if operator in TEXT_OPERATORS:
            self._show(context, operator, operands, multiply(tm, multiply(cm, context.base)))
        elif operator == b"Do" and operands:
            self._contexts.pop()
        elif operator == b"q":
            context.saved.append(context.state)
        elif operator == b"Q" and context.saved:
            context.state = context.saved.pop()
        elif operator == b"BT" or operator in (b"Td", b"TD", b"Tm", b"T*"):
            self._pen = None
        else:
            self._set(context, operator, operands)

    def _set(self, context: Context, operator: bytes, operands: PdfObject) -> None:
        state = context.state
        if operator == b"Tf" and len(operands) > 1:
            font = entry(entry(context.resources, "/Font"), operands[0])
            context.state = replace(state, font=self._glyphs(font), size=number(operands[1]))
        elif operator == b"Tc" and operands:
            context.state = replace(state, char_space=number(operands[0]))
        elif operator == b"Tw" and operands:
            context.state = replace(state, word_space=number(operands[0]))
        elif operator == b"Tz" and operands:
            context.state = replace(state, stretch=number(operands[0]) / 100)

    def _glyphs(self, font: PdfObject) -> Glyphs:
        # Keyed by identity, and the font is kept, so that its id is not given to another one.
        if id(font) not in self._fonts:
            self._fonts[id(font)] = (font, glyphs_of(font))
        return self._fonts[id(font)][1]

    def _show(self, context: Context, operator: bytes, operands: PdfObject, matrix: Matrix) -> None:
        if operator in (b"'", b'"'):
            self._pen = None
        advance, glyphs = measure(operands[-1] if operands else b"", context.state)
        if not glyphs:
            return
        # Without a move in between, the next text begins where this one ended.
        done = self._pen[1] if self._pen and self._pen[0] == tuple(matrix) else 0.0
        self._pen = (tuple(matrix), done + advance)
        turn = direction(matrix)
        scale = hypot(matrix[0], matrix[1])
        x, y = turned(matrix[4], matrix[5], turn)
        self.shows.append(
            Show(
                x0=x + done * scale,
                x1=x + (done + advance) * scale,
                y=y,
                size=abs(context.state.size) * hypot(matrix[2], matrix[3]),
                piece=len(self.pieces),
                glyphs=glyphs,
                turn=turn,
                vertical=context.state.font.vertical,
            )
        )


def main_turn(shows: Sequence[Show]) -> int:
    """The direction in which most of the page's glyphs run, in degrees."""
    counts: Counter[int] = Counter()
    for show in shows:
        counts[show.turn] += show.glyphs
    return counts.most_common(1)[0][0] if counts else 0


def measure(shown: PdfObject, state: TextState) -> tuple[float, int]:
    """How far the operand of a text-showing operator moves the pen (text space units), and its number of glyphs."""
    moved, glyphs = 0.0, 0
    for part in shown if isinstance(shown, list) else [shown]:
        data = raw(part)
        if data is None:
            moved -= number(part) / 1000 * state.size
            continue
        codes = state.font.codes(data)
        glyphs += len(codes)
        moved += sum(state.font.width(code) for code in codes) / 1000 * state.size + state.char_space * len(codes)
        moved += state.word_space * data.count(b" ") if state.font.code_bytes == 1 else 0.0
    return moved * state.stretch, glyphs


def glyphs_of(font: PdfObject) -> Glyphs:
    """The widths that a font dictionary gives; those of a standard font are estimated."""
    if entry(font, "/Subtype") == "/Type0":
        below = entry(font, "/DescendantFonts") or [None]
        cid_font = resolved(below[0])
        default = entry(cid_font, "/DW")
        vertical = str(entry(font, "/Encoding")).endswith("-V")
        return Glyphs(
            cid_widths(entry(cid_font, "/W") or []), 1000.0 if default is None else number(default), 2, vertical=vertical
        )
    name, listed = str(entry(font, "/BaseFont")), entry(font, "/Widths")
    if not listed:
        return Glyphs(default=600.0) if "Courier" in name else Glyphs(standard=True)
    # The widths of a Type 3 font are in its own glyph space.
    scale = number((entry(font, "/FontMatrix") or [0.001])[0]) * 1000 if entry(font, "/Subtype") == "/Type3" else 1.0
    first = int(number(entry(font, "/FirstChar")))
    widths = {first + at: number(resolved(width)) * scale for at, width in enumerate(listed)}
    used = [width for width in widths.values() if width > 0]
    return Glyphs(widths, sum(used) / len(used) if used else float(USUAL_WIDTH))


def cid_widths(listed: Sequence[PdfObject]) -> dict[int, float]:
    """The /W array of a CID font: `first [w w ...]` and `first last w`, mixed."""
    widths: dict[int, float] = {}
    rest = [resolved(value) for value in listed]
    at = 0
    while at + 1 < len(rest):
        first, second = int(number(rest[at])), rest[at + 1]
        if isinstance(second, list):
            widths.update({first + step: number(resolved(width)) for step, width in enumerate(second)})
            at += 2
            continue
        if at + 2 < len(rest):
            last = min(int(number(second)), first + 65_535)  # codes have two bytes; a damaged file may claim more
            widths.update(dict.fromkeys(range(first, last + 1), number(rest[at + 2])))
        at += 3
    return widths


def standard_width(code: int) -> float:
    if code in NARROW:
        return NARROW_WIDTH
    if code in WIDE:
        return WIDE_WIDTH
    return CAPITAL_WIDTH if 65 <= code <= 90 else USUAL_WIDTH


def multiply(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def direction(matrix: Matrix) -> int:
    if abs(matrix[0]) >= abs(matrix[1]):
        return 0 if matrix[0] >= 0 else 180
    return 90 if matrix[1] > 0 else 270


def turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """The position as it is when the page is turned so that the text is upright."""
    return {0: (x, y), 90: (y, -x), 180: (-x, -y), 270: (-y, x)}[turn]


def resolved(value: PdfObject) -> PdfObject:
    return value.get_object() if hasattr(value, "get_object") else value


def entry(mapping: PdfObject, key: str) -> PdfObject:
    """The entry of a PDF dictionary, or None where the file is not what it should be."""
    mapping = resolved(mapping)
    return resolved(mapping[key]) if isinstance(mapping, Mapping) and key in mapping else None


def number(value: PdfObject) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def raw(part: PdfObject) -> bytes | None:
    """The codes of a shown string; None for the numbers that move the pen."""
    if isinstance(part, bytes):
        return part
    if isinstance(part, str):
        return bytes(getattr(part, "original_bytes", b"") or part.encode("latin-1", "replace"))
    return None
