"""A file → its text as read, its pages and what it says of itself. One module a format; heavy parsers load when first needed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from askjapan.errors import DamagedFile, UnsupportedFormat
from askjapan.records import Reading

_READERS = {
    ".txt": "plain.read_plain",
    ".md": "plain.read_plain",
    ".markdown": "plain.read_plain",
    ".html": "html.reader.read_html",
    ".htm": "html.reader.read_html",
    ".xhtml": "html.reader.read_html",
    ".pdf": "pdf.reader.read_pdf",
    ".docx": "docx.reader.read_docx",
    ".epub": "epub.read_epub",
}
SUFFIXES = frozenset(_READERS)


def is_supported(path: Path) -> bool:
    """Whether there is a reader for a file of this name."""
    return path.suffix.lower() in _READERS


def read(path: Path) -> Reading:
    """Read one file.

    Raises:
        ReadingError: one of its kinds, saying what is wrong with the file and what to do.
    """
    try:
        name = _READERS[path.suffix.lower()]
    except KeyError:
        raise UnsupportedFormat(f"{path.name}: there is no reader for {path.suffix or 'a file without an ending'}.") from None
    module, _, function = name.rpartition(".")
    reader: Callable[[Path], Reading] = getattr(import_module(f"askjapan.documents.readers.{module}"), function)
    try:
        return reader(path)
    except OSError as error:
        raise DamagedFile(
            f"{path.name} cannot be opened: {error.strerror or error}.", "Check that it exists and may be read."
        ) from error
