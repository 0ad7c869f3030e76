"""pdfium, the engine that the text of a PDF is taken from: each glyph with its place, the rules and pictures of a page.

pdfium may be used by one thread at a time; `opened` sees to it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, c_double, c_float, c_ushort, c_void_p, cast, create_string_buffer
from math import hypot, isfinite
from typing import Any, NamedTuple

from askjapan.errors import DamagedFile, PasswordNeeded

Page = Any  # pypdfium2 has no types

MOST_OBJECTS = 20_000  # of a page, looked at for rules and pictures; drawings may have more
DEEPEST_FORM = 3
OVERHANG = 0.3  # of the type size
HAIR, NOTHING = 0.002, 0.01
LEAST_SIZE = 0.1  # points: text of no size, which only a damaged file has, is measured as if it had some
THIN = 2.0  # points: a filled rectangle of this width is a rule
HYPHENS = frozenset({0x02, 0xFFFE})  # what pdfium gives for a hyphen at the end of a line
# Fonts of TeX without a map to Unicode leave their ligatures at these codes.
LIGATURES = {
    **dict(zip(range(0x0B, 0x10), ("ff", "fi", "fl", "ffi", "ffl"), strict=True)),
    **dict(zip(range(0x1B, 0x20), ("ff", "fi", "fl", "ffi", "ffl"), strict=True)),
    **dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),
}
SPACES = frozenset({0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x3000, *range(0x2000, 0x200C), 0x202F, 0x205F})

ONE_AT_A_TIME = threading.RLock()


class Glyph(NamedTuple):
    """One glyph: from `x0` to `x1` on the baseline `y` (points, y upwards), `size` in points; a space has the text " ".

    `turn` is the direction of its text in degrees. Positions are those of the page turned so that this text is upright.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    turn: int = 0


class Rule(NamedTuple):
    """A straight line along an axis of the page: a stroke, or a side of a rectangle."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def upright(self) -> bool:
        return abs(self.x1 - self.x0) < abs(self.y1 - self.y0)


class Drawn(NamedTuple):
    """Content of a page: its glyphs in the order of the file, its rules, and the share of it that a picture covers (0 to 1).

    `values` are the values of its form fields, a line each.
    """

    glyphs: list[Glyph]
    rules: list[Rule]
    picture_share: float
    values: str = ""


@contextmanager
def opened(data: bytes, name: str, trouble: str) -> Iterator[tuple[Any, Any]]:
    """The document in these bytes, and pdfium's own functions.

    Raises:
        PasswordNeeded: the empty password does not open it.
        DamagedFile: pdfium fails, now or before the block ends; `trouble` begins the message.
    """
    import pypdfium2
    from pypdfium2 import raw

    with ONE_AT_A_TIME:
        try:
            with pypdfium2.PdfDocument(data) as document:
                yield document, raw
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
                raise PasswordNeeded(f"{name} is encrypted and needs a password.") from error
            raise DamagedFile(f"{trouble}; pdfium says: {' '.join(str(error).split()).rstrip('.')}.") from error


def drawn(page: Page, raw: Any) -> Drawn:  # noqa: ANN401
    """The content of a page of pdfium."""
    width, height = page.get_size()
    rules, share = _objects(page, raw, max(width * height, 1.0))  # before the text: it makes vertical writing seen
    return Drawn(glyphs_of(page, raw), rules, share, "\n".join(_values(page, raw)))


def _values(page: Page, raw: Any) -> Iterator[str]:  # noqa: ANN401
    for at in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        if not (annotation := raw.FPDFPage_GetAnnot(page.raw, at)):
            continue
        if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
            size = raw.FPDFAnnot_GetStringValue(annotation, b"V", None, 0)
            buffer = create_string_buffer(size)
            raw.FPDFAnnot_GetStringValue(annotation, b"V", cast(buffer, POINTER(c_ushort)), size)
            yield buffer.raw[: size - size % 2].decode("utf-16-le", "replace").rstrip("\0")
        raw.FPDFPage_CloseAnnot(annotation)


def glyphs_of(page: Page, raw: Any) -> list[Glyph]:  # noqa: ANN401
    """The glyphs of a page in pdfium's order; what pdfium adds itself is left out."""
    text = page.get_textpage()
    handle = text.raw
    matrix, box, x, y = raw.FS_MATRIX(), raw.FS_RECTF(), c_double(), c_double()
    glyphs: list[Glyph] = []
    for at in range(raw.FPDFText_CountChars(handle)):
        if raw.FPDFText_IsGenerated(handle, at) == 1:
            continue
        code = raw.FPDFText_GetUnicode(handle, at)
        raw.FPDFText_GetMatrix(handle, at, byref(matrix))
        raw.FPDFText_GetCharOrigin(handle, at, byref(x), byref(y))
        raw.FPDFText_GetLooseCharBox(handle, at, byref(box))
        size = max(LEAST_SIZE, abs(raw.FPDFText_GetFontSize(handle, at) * hypot(matrix.c, matrix.d)))
        turn = direction(matrix.a, matrix.b)
        left, _ = turned(box.left, box.bottom, turn)
        right, _ = turned(box.right, box.top, turn)
        origin, baseline = turned(x.value, y.value, turn)
        # The box holds what reaches out of the glyph's own advance, as an italic f does; vertical writing has other origins.
        start = origin if abs(origin - min(left, right)) < OVERHANG * size else min(left, right)
        glyph = Glyph(_text(code), start, max(left, right), baseline, size, turn)
        if not all(map(isfinite, glyph[1:])):
            continue  # it stands nowhere on the page
        if glyphs and glyphs[-1][1:] == glyph[1:] and _one_object(handle, at, raw):
            glyphs[-1] = glyph._replace(text=glyphs[-1].text + glyph.text)  # pdfium has parted a ligature
        else:
            glyphs.append(glyph)
    text.close()
    return glyphs


def _one_object(handle: Any, at: int, raw: Any) -> bool:  # noqa: ANN401
    """Whether a character belongs to the same text object as the one before it."""
    return _address(raw.FPDFText_GetTextObject(handle, at)) == _address(raw.FPDFText_GetTextObject(handle, at - 1))


def _address(pointer: Any) -> int | None:  # noqa: ANN401
    return cast(pointer, c_void_p).value


def _text(code: int) -> str:
    if code in SPACES:
        return " "
    if code in HYPHENS:
        return "-"
    if code in LIGATURES:
        return LIGATURES[code]
    if code == 0 or code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return "\ufffd"
    return chr(code)


def direction(across: float, up: float) -> int:
    """The direction of a line of writing, in degrees (0, 90, 180 or 270), by the matrix of a glyph."""
    if abs(across) >= abs(up):
        return 0 if across >= 0 else 180
    return 90 if up > 0 else 270


def turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """The position as it is when the page is turned so that the text is upright."""
    if turn == 0:
        return x, y
    return {90: (y, -x), 180: (-x, -y), 270: (-y, x)}[turn]


def _widen(text: Any, raw: Any) -> None:  # noqa: ANN401
    """Slant a text by a hair where pdfium sees no width (vertical writing) or no height (a font that is not there).

    It passes over text without width, and takes texts without height for one another.
    """
    left, bottom, right, top = text.get_bounds()
    if right - left < NOTHING or top - bottom < NOTHING:
        raw.FPDFPageObj_TransformF(text.raw, byref(raw.FS_MATRIX(1, HAIR / 4, HAIR, 1, 0, 0)))


def _objects(page: Page, raw: Any, area: float) -> tuple[list[Rule], float]:  # noqa: ANN401
    rules: list[Rule] = []
    share = 0.0
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    for number, each in enumerate(page.get_objects(max_depth=DEEPEST_FORM)):
        if number >= MOST_OBJECTS and each.type != raw.FPDF_PAGEOBJ_TEXT:
            continue
        if each.type == raw.FPDF_PAGEOBJ_TEXT:
            _widen(each, raw)
        if each.type not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
            continue
        if not raw.FPDFPageObj_GetBounds(each.raw, byref(left), byref(bottom), byref(right), byref(top)):
            continue
        x0, y0, x1, y1 = left.value, bottom.value, right.value, top.value
        if each.type == raw.FPDF_PAGEOBJ_IMAGE:
            share = max(share, (x1 - x0) * (y1 - y0) / area)
        elif x1 - x0 <= THIN or y1 - y0 <= THIN:
            rules.append(Rule(x0, y0, x1, y1))
        elif raw.FPDFPath_CountSegments(each.raw) <= 6:
            rules += [Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1), Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1)]
    return rules, share
