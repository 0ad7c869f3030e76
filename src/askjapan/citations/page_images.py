"""Draws a page of a PDF as a picture, and finds where on the picture a stretch of the page's text stands.

The page is drawn by pdfium in a process of its own (`page_drawing`) within `MEMORY` bytes and `SECONDS`: `AT_ONCE` pages at a time, of a
file one, so that a file that takes long keeps its own readers waiting. pdfium reads the page once more for itself, so a stretch is looked
for by its characters: both texts in the project's normalisation, without the hyphens that pdfium drops at the end of a line. A stretch that
is not there letter by letter is not placed at all.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from askjapan.citations.page_drawing import Picture, Rectangle, folded, picture_of
from askjapan.documents.readers.child import Children
from askjapan.errors import AskJapanError, DamagedFile, LibraryError
from askjapan.readings import Segment

AT_ONCE = 2
KEPT = 24
MEMORY = 1 << 30  # bytes of address space; where the system knows no such limit only the time is limited
SECONDS = 20.0
PATIENCE = 60.0  # seconds for the pages of other readers
READ_THE_TEXT = "Its text can be read in the other view."
_children = Children("askjapan.citations.page_drawing", AT_ONCE)
atexit.register(_children.stop)


def draw(path: Path, sha256: str, number: int) -> Picture:
    """Draw a page of a PDF, turned and cropped as its settings say. The last `KEPT` results are cached, also pages beyond the limits.

    Args:
        path: the file.
        sha256: of the file's bytes, so that no other file is drawn in its place.
        number: of the page, from 1.

    Raises:
        LibraryError: the file cannot be opened, or is another one by now, too many pages wait, or the process cannot be started.
        DamagedFile: the file or the page cannot be drawn within the limits.
        PasswordNeeded: the empty password does not open it.
    """
    drawn = _drawn(path, sha256, number)
    if isinstance(drawn, AskJapanError):
        raise type(drawn)(drawn.message, drawn.remedy)
    return drawn


@lru_cache(maxsize=KEPT)
def _drawn(path: Path, sha256: str, number: int) -> Picture | DamagedFile:
    return _draw(path, sha256, number)


def _draw(path: Path, sha256: str, number: int) -> Picture | DamagedFile:
    """The page, or why it will never be drawn.

    Raises:
        LibraryError, PasswordNeeded, DamagedFile: as `draw` does, for what another attempt may mend.
    """
    cannot = f"Page {number} of {path.name} cannot be drawn"
    request = {"path": os.path.abspath(path), "sha256": sha256, "number": number, "memory": MEMORY}
    try:
        told = _children.ask(request, sha256, SECONDS, PATIENCE)
    except BlockingIOError:
        raise LibraryError("Too many pages wait to be drawn.", "Try again in a minute.") from None
    except TimeoutError:
        return DamagedFile(f"{cannot} within {SECONDS:.0f} seconds.", READ_THE_TEXT)
    except ChildProcessError:
        return DamagedFile(f"{cannot} within {MEMORY / (1 << 30):.0f} GB of memory, or it breaks what draws it.", READ_THE_TEXT)
    except OSError as error:
        raise LibraryError(f"{cannot}: {error.strerror or error}.", "Check the Python installation.") from error
    return picture_of(told)


def place(picture: Picture, text: str, segment: Segment) -> list[Rectangle] | None:
    """The lines on a picture that a stretch of its page's text covers; None where they are not certain, or none is visible.

    Args:
        picture: of the page.
        text: of the page, as read.
        segment: the stretch of that text.
    """
    start, end = segment
    characters = _find(picture, text, start, end)
    if characters is None:
        # Where the two readers order a page's lines differently, each line may still be found by itself.
        lines = [_find(picture, text, *line) for line in _lines(text, start, end)]
        if not lines or None in lines:
            return None
        characters = [number for line in lines if line for number in line]
    visible = [box for box in (_clipped(picture.rectangles[number]) for number in characters) if box is not None]
    return _joined(visible, picture.width / picture.height) or None


def _form(text: str) -> str:
    return "".join(map(folded, text))


def _find(picture: Picture, text: str, start: int, end: int) -> Sequence[int] | None:
    """The numbers of the letters that a stretch stands for; None where it is missing, or cannot be told from a repetition."""
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
    """The part of a rectangle that is on the picture; None for one that was cropped away."""
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
