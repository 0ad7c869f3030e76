"""Reads the values of a form's fields, each as text where the field stands."""

from __future__ import annotations

from collections.abc import Iterator

from askjapan.documents.readers.pdf.letters.pieces import Part, Piece
from askjapan.documents.readers.pdf.second.objects import PdfObject, entry, number

HIDDEN, PUSH_BUTTON = 0x2, 1 << 16
TICKED, OPEN = "☒", "☐"
USUAL_SIZE, GLYPH_WIDTH, MARGIN = 10.0, 0.5, 2.0  # points, of the size, points
DEEPEST = 20


def values_of(page: PdfObject) -> Iterator[Piece]:
    """The values of the fields on a page of pypdf, in the order of the file; fields that are empty give nothing."""
    for reference in entry(page, "/Annots") or []:
        widget = reference.get_object() if hasattr(reference, "get_object") else reference
        if entry(widget, "/Subtype") != "/Widget" or int(number(entry(widget, "/F"))) & HIDDEN:
            continue
        box = [number(value) for value in entry(widget, "/Rect") or []]
        if len(box) != 4:
            continue
        left, right = sorted(box[0::2])
        bottom, top = sorted(box[1::2])
        lines = value_of(widget).splitlines()
        size = min(USUAL_SIZE, max(4.0, 0.8 * (top - bottom) / max(1, len(lines))))
        first = bottom + (top - bottom - size) / 2 + 0.2 * size if len(lines) == 1 else top - size
        for at, line in enumerate(lines):
            if text := " ".join(line.split()):
                end = min(right, left + MARGIN + GLYPH_WIDTH * size * len(text))
                yield Piece((Part(text),), left + MARGIN, max(end, left + MARGIN), first - 1.2 * at * size, size, len(text))


def value_of(widget: PdfObject) -> str:
    """The value of a form's field as it is shown; empty for a push button."""
    kind, value, flags = (inherited(widget, key) for key in ("/FT", "/V", "/Ff"))
    if kind == "/Btn":
        if int(number(flags)) & PUSH_BUTTON:
            return ""
        state = entry(widget, "/AS")
        state = value if state is None else state
        return OPEN if state in (None, "/Off") else TICKED
    if kind == "/Ch" and isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value) if kind in ("/Tx", "/Ch") and isinstance(value, (str, bytes)) else ""


def inherited(field: PdfObject, key: str) -> PdfObject:
    """The entry of a field, or of one that it belongs to."""
    for _ in range(DEEPEST):
        if field is None:
            return None
        if (value := entry(field, key)) is not None:
            return value
        field = entry(field, "/Parent")
    return None
