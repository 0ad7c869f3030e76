"""A page of a PDF as a picture, drawn by pdfium, and where on the picture a stretch of the page's text stands.

pdfium reads the page once more for itself, so a stretch is looked for by its characters: both texts in the project's normalisation,
without the hyphens that pdfium drops at the end of a line. A stretch that is not there letter by letter is not placed at all.
"""

from __future__ import annotations

import hashlib
import io
import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from askjapan.documents.readers.pdf.pdfium import opened
from askjapan.errors import DamagedFile, LibraryError
from askjapan.language.quotation import normalise
from askjapan.records import Segment

WIDTH = 1200  # enough for a pane of 600 points on a screen with twice the pixels
MOST_PIXELS = 4_000_000
LONGEST_SIDE = 16_000  # browsers draw no picture that is much longer
KEPT = 24
_FINE = 1_000_000
_WITHOUT_HYPHENS = str.maketrans("", "", "-\x02\ufffe\uffff")


Rectangle = tuple[float, float, float, float]
"""Left, top, right and bottom, as shares of the picture's width and height."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a PNG, `width` × `height` pixels, with its letters in normalised form and the rectangle that each stands in."""

    png: bytes
    width: int
    height: int
    letters: str
    rectangles: tuple[Rectangle, ...]


@lru_cache(maxsize=KEPT)
def draw(path: Path, sha256: str, number: int) -> Picture:
    """A page of a PDF as its own settings show it: turned and cropped. The last few pages are kept.

    Args:
        path: the file.
        sha256: of the file's bytes, so that no other file is drawn in its place.
        number: of the page, from 1.

    Raises:
        LibraryError: the file cannot be opened, or is another one by now.
        DamagedFile: the file or the page cannot be drawn.
        PasswordNeeded: the empty password does not open it.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LibraryError(
            f"{path.name} cannot be opened: {error.strerror or error}.", "Put it back, or rebuild the index."
        ) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise LibraryError(
            f"{path.name} is no longer the file that was indexed, so its pages are not shown.", "Rebuild the index."
        )
    return _draw(data, path.name, number)


def place(picture: Picture, text: str, segment: Segment) -> list[Rectangle] | None:
    """The lines on a picture that a stretch of its page's text covers; None where they cannot be told for certain.

    Args:
        picture: of the page.
        text: of the page, as read.
        segment: the stretch of that text.
    """
    start, end = segment
    found = _find(picture, text, start, end)
    if found is None:
        # Where the two readers order a page's lines differently, each line may still be found by itself.
        lines = [_find(picture, text, *line) for line in _lines(text, start, end)]
        if not lines or None in lines:
            return None
        found = [number for line in lines if line for number in line]
    visible = [box for box in (_clipped(picture.rectangles[number]) for number in found) if box is not None]
    return _joined(visible, picture.width / picture.height) or None


def _draw(data: bytes, name: str, number: int) -> Picture:
    with opened(data, name, f"Page {number} of {name} cannot be drawn") as (document, raw):
        page = document[number - 1]
        width, height = page.get_size()
        if not (math.isfinite(width * height) and min(width, height) > 0):
            raise DamagedFile(f"Page {number} of {name} has no size and cannot be drawn.")
        scale = min(WIDTH / width, math.sqrt(MOST_PIXELS / (width * height)), LONGEST_SIDE / max(width, height))
        image = page.render(scale=scale).to_pil()
        stored = io.BytesIO()
        image.save(stored, "PNG", compress_level=3)
        letters, rectangles = _letters(page, raw)
    return Picture(stored.getvalue(), image.width, image.height, letters, rectangles)


def _letters(page: Any, raw: Any) -> tuple[str, tuple[Rectangle, ...]]:  # noqa: ANN401 - pypdfium2 has no types
    """A page's text as pdfium reads it, folded, and where each letter stands."""
    text = page.get_textpage()
    place_on_page = _to_picture(page, raw)
    letters: list[str] = []
    rectangles: list[Rectangle] = []
    for number in range(text.count_chars()):
        folded = _folded(chr(raw.FPDFText_GetUnicode(text, number)))
        if folded:
            box = text.get_charbox(number, loose=True)
            rectangle = place_on_page(*(box if box[0] < box[2] and box[1] < box[3] else text.get_charbox(number)))
            letters.append(folded)
            rectangles += [rectangle] * len(folded)
    return "".join(letters), tuple(rectangles)


def _to_picture(page: Any, raw: Any) -> Callable[[float, float, float, float], Rectangle]:  # noqa: ANN401
    """The function that maps a box on the page, in points, to the picture, which may be turned and cropped."""
    from ctypes import byref, c_int

    def shares(x: float, y: float) -> tuple[float, float]:
        across, down = c_int(), c_int()
        raw.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, byref(across), byref(down))
        return across.value / _FINE, down.value / _FINE

    (left, top), (right_x, right_y), (up_x, up_y) = shares(0, 0), shares(100, 0), shares(0, 100)

    def mapped(x0: float, y0: float, x1: float, y1: float) -> Rectangle:
        corners = (x0 / 100, y0 / 100), (x1 / 100, y1 / 100)
        across = [left + (right_x - left) * x + (up_x - left) * y for x, y in corners]
        down = [top + (right_y - top) * x + (up_y - top) * y for x, y in corners]
        return min(across), min(down), max(across), max(down)

    return mapped


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    return normalise(unicodedata.normalize("NFKC", character)).translate(_WITHOUT_HYPHENS)


def _form(text: str) -> str:
    return "".join(map(_folded, text))


def _find(picture: Picture, text: str, start: int, end: int) -> Sequence[int] | None:
    """The numbers of the letters that a stretch stands for; None where it is missing, or cannot be told from its like."""
    wanted = _form(text[start:end])
    if not wanted:
        return ()
    before = _form(text[:start])
    here = list(_places(_form(text), wanted))
    there = list(_places(picture.letters, wanted))
    if len(before) not in here or len(here) != len(there):
        return None
    first = there[here.index(len(before))]
    return range(first, first + len(wanted))


def _places(text: str, wanted: str) -> Iterator[int]:
    place = text.find(wanted)
    while place >= 0:
        yield place
        place = text.find(wanted, place + 1)


def _lines(text: str, start: int, end: int) -> Iterator[Segment]:
    for line in text[start:end].splitlines(keepends=True):
        yield start, start + len(line)
        start += len(line)


def _clipped(box: Rectangle) -> Rectangle | None:
    """What of a rectangle is on the picture; None for one that was cropped away."""
    left, top, right, bottom = (min(max(value, 0.0), 1.0) for value in box)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _joined(boxes: Sequence[Rectangle], shape: float) -> list[Rectangle]:
    """Letters in reading order as lines: each joins the one before it where it stands beside it at the same height."""
    lines: list[Rectangle] = []
    for box in boxes:
        if lines and _continues(lines[-1], box, shape):
            last = lines.pop()
            box = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        lines.append(box)
    return lines


def _continues(line: Rectangle, box: Rectangle, shape: float) -> bool:
    heights = line[3] - line[1], box[3] - box[1]
    shared = min(line[3], box[3]) - max(line[1], box[1])
    gap = max(box[0] - line[2], line[0] - box[2])
    return shared > min(heights) / 2 and gap * shape < 2 * max(heights)
