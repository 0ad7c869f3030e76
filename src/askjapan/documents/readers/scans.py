"""PDFs without text, opened and drawn for OCR by a process of its own: a hostile file may ask pdfium for any amount of memory and time.

A request is a line of JSON, `{"path", "number", "dots", "memory"}`: the reply has the picture of that page, or what the whole file is
where the number is 0, or an error.
"""

from __future__ import annotations

import atexit
import base64
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askjapan.documents.readers.child import Child, Message, serve, told
from askjapan.documents.readers.pdf.pdfium import opened
from askjapan.errors import AskJapanError, DamagedFile, ReadingError

MEMORY = 1 << 30  # bytes of address space; where the system knows no such limit only the time is limited
SECONDS = 60.0
PATIENCE = 600.0  # seconds for the pages of other builds in this process
MOST_PIXELS = 40_000_000
SCAN_AGAIN = "Print or save it anew with another program, or split it, and add the result."
_child = Child("askjapan.documents.readers.scans")
atexit.register(_child.stop)


@dataclass(frozen=True, slots=True)
class Contents:
    """Labels of a PDF's pages (None where a page has none), and its metadata by pdfium's names."""

    labels: tuple[str | None, ...]
    stated: dict[str, str]


def contents(path: Path) -> Contents:
    """The pages and the metadata of a PDF.

    Raises:
        ReadingError: it cannot be opened, or not within the limits.
    """
    read = _asked(path, 0, 0, f"{path.name} cannot be opened for OCR")
    return Contents(tuple(read["labels"]), read["stated"])


def draw(path: Path, number: int, dots: int) -> Any:  # noqa: ANN401 - Pillow is loaded when it is needed
    """A page as a picture in shades of grey.

    Args:
        path: the file.
        number: of the page, from 1.
        dots: per inch; fewer where the picture would have more than `MOST_PIXELS`.

    Raises:
        ReadingError: it cannot be drawn, or not within the limits.
    """
    from PIL import Image

    drawn = _asked(path, number, dots, f"Page {number} of {path.name} cannot be drawn for OCR")
    return Image.open(io.BytesIO(base64.b64decode(drawn["png"])))


def _asked(path: Path, number: int, dots: int, cannot: str) -> Message:
    try:
        reply: Message = _child.ask(
            {"path": os.path.abspath(path), "number": number, "dots": dots, "memory": MEMORY}, SECONDS, PATIENCE
        )
    except (BlockingIOError, TimeoutError):
        raise DamagedFile(f"{cannot} within {SECONDS:.0f} seconds.", SCAN_AGAIN) from None
    except ChildProcessError:
        raise DamagedFile(
            f"{cannot} within {MEMORY / (1 << 30):.0f} GB of memory, or it breaks what draws it.", SCAN_AGAIN
        ) from None
    except OSError as error:
        raise ReadingError(f"{cannot}: {error.strerror or error}.", "Check the Python installation.") from error
    return reply


def reply(request: Message) -> Message:
    """The reply of the process to a request."""
    path, number = Path(request["path"]), request["number"]
    try:
        return _drawn(path, number, request["dots"]) if number else _contents(path)
    except AskJapanError as error:
        return told(error)


def _contents(path: Path) -> Message:
    with opened(_bytes(path), path.name, f"{path.name} cannot be opened for OCR") as (document, _):
        labels = [document.get_page_label(number) or None for number in range(len(document))]
        return {"labels": labels, "stated": document.get_metadata_dict()}


def _drawn(path: Path, number: int, dots: int) -> Message:
    with opened(_bytes(path), path.name, f"Page {number} of {path.name} cannot be drawn for OCR") as (document, _):
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(dots / 72, (MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
        stored = io.BytesIO()
        page.render(scale=scale, grayscale=True).to_pil().convert("L").save(stored, "PNG", compress_level=1)
    return {"png": base64.b64encode(stored.getvalue()).decode("ascii")}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadingError(f"{path.name} cannot be opened: {error.strerror or error}.", "Check its permissions.") from error


if __name__ == "__main__":
    serve(reply)
