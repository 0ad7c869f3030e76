"""Process that draws pages of PDFs for `page_images`, apart because a hostile file may make pdfium take any memory and time.

A request is a line of JSON, `{"path", "sha256", "number", "memory"}`; the reply has the picture, or the error that says why there is none.
"""

from __future__ import annotations

import base64
import hashlib
import io
import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from askjapan.documents.readers.child import Message, serve, told
from askjapan.documents.readers.pdf.pdfium import opened
from askjapan.errors import AskJapanError, DamagedFile, LibraryError
from askjapan.language.quotation import normalise
from askjapan.sayings import Saying

WIDTH = 1200  # enough for a pane of 600 points on a screen with twice the pixels
MOST_PIXELS = 4_000_000
LONGEST_SIDE = 16_000  # browsers draw no picture that is much longer
MOST_LETTERS = 100_000  # on a page with more nothing is placed
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


def reply(request: Message) -> Message:
    """The requested picture in the form that `picture_of` reads, or the error that says why there is none."""
    try:
        picture = draw_here(Path(request["path"]), request["sha256"], request["number"])
    except AskJapanError as error:
        return told(error)
    png = base64.b64encode(picture.png).decode("ascii")
    return {
        "png": png,
        "width": picture.width,
        "height": picture.height,
        "letters": picture.letters,
        "rectangles": picture.rectangles,
    }


def picture_of(told: Message) -> Picture:
    """The picture of a reply."""
    rectangles = tuple((left, top, right, bottom) for left, top, right, bottom in told["rectangles"])
    return Picture(base64.b64decode(told["png"]), told["width"], told["height"], told["letters"], rectangles)


def draw_here(path: Path, sha256: str, number: int) -> Picture:
    """Draw a page of a PDF in this process; arguments as for `page_images.draw`.

    Raises:
        LibraryError: the file cannot be opened, or is another one by now.
        DamagedFile: the file or the page cannot be drawn.
        PasswordNeeded: the empty password does not open it.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LibraryError(Saying.of("file_not_opened", name=path.name, cause=error.strerror or str(error))) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise LibraryError(Saying.of("file_exchanged", name=path.name))
    return _draw(data, path.name, number)


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
    count = text.count_chars()
    for number in range(count if count <= MOST_LETTERS else 0):
        letter = folded(chr(raw.FPDFText_GetUnicode(text, number)))
        if letter:
            box = text.get_charbox(number, loose=True)
            rectangle = place_on_page(*(box if box[0] < box[2] and box[1] < box[3] else text.get_charbox(number)))
            letters.append(letter)
            rectangles += [rectangle] * len(letter)
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
def folded(character: str) -> str:
    """Fold a character (NFKC, then `normalise`) so that pdfium's text and the text as read can be compared; empty for a hyphen."""
    return normalise(unicodedata.normalize("NFKC", character)).translate(_WITHOUT_HYPHENS)


if __name__ == "__main__":
    serve(reply)
