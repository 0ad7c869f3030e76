"""A file comes in; its text as read, its pages and what it says of itself go out; it may import the records, errors and settings.

One module a format; heavy parsers load when first needed.
PDF, DOCX, EPUB and HTML are parsed by the worker process of `isolated`, within limits of time and memory; plain text and Markdown here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from askjapan.errors import DamagedFile, UnsupportedFormat
from askjapan.readings import Reading

_READERS = {
    ".txt": "text.plain.read_plain",
    ".md": "text.plain.read_plain",
    ".markdown": "text.plain.read_plain",
    ".html": "html.reader.read_html",
    ".htm": "html.reader.read_html",
    ".xhtml": "html.reader.read_html",
    ".pdf": "pdf.reader.read_pdf",
    ".docx": "docx.reader.read_docx",
    ".epub": "epub.read_epub",
}
SUFFIXES = frozenset(_READERS)
# Text with at most some front matter: only Python's codecs, charset-normalizer and PyYAML's safe loader see it.
_READ_HERE = frozenset({".txt", ".md", ".markdown"})


def is_supported(path: Path) -> bool:
    """Whether there is a reader for a file of this name."""
    return path.suffix.lower() in _READERS


def read(path: Path) -> Reading:
    """Read one file; formats that foreign programs write are parsed in a process of their own.

    Raises:
        ReadingError: one of its kinds, saying what is wrong with the file and what to do.
        CatalogueError: the front matter of a text or Markdown file is broken.
    """
    if path.suffix.lower() in _READ_HERE or not is_supported(path):
        return read_here(path)
    from askjapan.documents.readers.isolated import read_isolated

    return read_isolated(path)


def read_again(path: Path) -> tuple[str, ...]:
    """The texts of a PDF's pages by a second, independent engine, in its own process; empty for another format.

    Raises:
        ReadingError: the second engine cannot read the file.
    """
    if path.suffix.lower() != ".pdf":
        return ()
    from askjapan.documents.readers.isolated import read_again_isolated

    return read_again_isolated(path)


def read_here(path: Path) -> Reading:
    """Read one file in this process, without limits; a parser may raise any error."""
    try:
        name = _READERS[path.suffix.lower()]
    except KeyError:
        raise UnsupportedFormat(f"{path.name}: there is no reader for {path.suffix or 'a file without an ending'}.") from None
    reader: Callable[[Path], Reading] = _function(name)
    with _opening(path):
        return reader(path)


def read_again_here(path: Path) -> tuple[str, ...]:
    """Read the pages of a PDF by the second engine in this process; a parser may raise any error."""
    reader: Callable[[Path], tuple[str, ...]] = _function("pdf.second.reader.second_reading")
    with _opening(path):
        return reader(path)


def _function(name: str) -> Any:  # noqa: ANN401 - each reader module is imported by name when it is needed
    module, _, function = name.rpartition(".")
    return getattr(import_module(f"askjapan.documents.readers.{module}"), function)


@contextmanager
def _opening(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DamagedFile(
            f"{path.name} cannot be opened: {error.strerror or error}.", "Check that it exists and may be read."
        ) from error
