"""The second reading: pypdf, which reads a PDF independently of pdfium, and what else it knows of the file.

What can be quoted is taken from pdfium and looked for here. Labels, metadata, form fields and damage are pypdf's own.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import DependencyError, DeprecationError, FileNotDecryptedError, LimitReachedError, PyPdfError

from askjapan.documents.readers.pdf.letters.pieces import Piece
from askjapan.documents.readers.pdf.second.damage import completed, is_cut_off, is_damaged, lacks_contents
from askjapan.documents.readers.pdf.second.facts import facts_of
from askjapan.documents.readers.pdf.second.forms import values_of
from askjapan.documents.readers.pdf.second.objects import entry
from askjapan.documents.readers.signatures import read_bytes
from askjapan.errors import DamagedFile, PasswordNeeded, ReadingError
from askjapan.sayings import Saying

# pypdf stops at 100,000 entries, which the structure of a long tagged file exceeds. Its other limits stand.
LONGEST_ARRAY = 500_000
LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# pypdf says of itself that broken files may cause other exceptions than its own.
FAULTS = (
    PyPdfError,
    DeprecationError,  # an abbreviated name of a filter; not one of pypdf's own errors
    DependencyError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

_ONE_AT_A_TIME = threading.RLock()  # log handlers and warning filters belong to the whole process


@dataclass(frozen=True, slots=True)
class SecondPage:
    """One page as pypdf reads it: its text, the reason if there is none, its faults, and the values of its form fields."""

    text: str = ""
    fault: str = ""
    cut_short: bool = False
    bad_box: bool = False
    values: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondReading:
    """A file as pypdf reads it; `complaints` are pypdf's own, `notes` are warnings for the build report."""

    pages: tuple[SecondPage, ...]
    labels: tuple[str | None, ...]
    facts: dict[str, str]
    notes: tuple[Saying, ...]
    complaints: tuple[str, ...]


def second_reading(path: Path) -> tuple[str, ...]:
    """The texts of a file's pages as pypdf gives them; empty for a page that it cannot read.

    Raises:
        ReadingError: as `read_second`.
        OSError: the file cannot be opened.
    """
    return tuple(page.text for page in read_second(path.name, read_bytes(path)).pages)


def read_second(name: str, data: bytes) -> SecondReading:
    """Read a PDF with pypdf.

    Raises:
        PasswordNeeded: it opens with a password only; the empty one has been tried.
        DamagedFile: nothing can be read, with pypdf's reason.
        ReadingError: it goes beyond a limit or an ability of pypdf, which is named.
    """
    with _quiet() as complaints, apply_configuration(array_maximum_element_count=LONGEST_ARRAY), _translated(name):
        notes: list[Saying] = []
        if is_cut_off(data):
            notes.append(Saying.of("cut_off", file=name))
            data = completed(data)
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        pages = tuple(_read_page(page) for page in reader.pages)
        labels = _labels(reader, len(pages), name, notes)
        facts = _facts(reader, name, notes)
    return SecondReading(pages, tuple(labels), facts, tuple(notes), tuple(complaints))


@contextmanager
def _quiet() -> Iterator[list[str]]:
    """Keep what pypdf logs or warns from the terminal; the list that is given fills with it."""
    complaints: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            complaints.append(record.getMessage())

    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loggers = [logging.getLogger(name) for name in ("pypdf", "fontTools")]
        before = [(logger.propagate, logger.level) for logger in loggers]
        collector, mute = Collector(logging.WARNING), logging.NullHandler()
        for logger, handler in zip(loggers, (collector, mute), strict=True):
            logger.propagate = False
            logger.setLevel(logging.WARNING)
            logger.addHandler(handler)
        try:
            yield complaints
        finally:
            for logger, handler, (propagate, level) in zip(loggers, (collector, mute), before, strict=True):
                logger.removeHandler(handler)
                logger.propagate = propagate
                logger.setLevel(level)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotDecryptedError as error:
        raise PasswordNeeded(f"{name} is encrypted and needs a password.") from error
    except LimitReachedError as error:
        raise ReadingError(
            f"{name} goes beyond a limit of the PDF reader: {_reason(error)}.",
            "Print it to a new PDF, or split it, and add the result.",
        ) from error
    except (DependencyError, NotImplementedError) as error:
        raise ReadingError(
            f"{name} needs what the PDF reader cannot do here: {_reason(error)}.", "Print it to a new PDF and add that."
        ) from error
    except FAULTS as error:
        raise DamagedFile(f"{name} is damaged; the PDF reader says: {_reason(error)}.") from error


def _reason(error: BaseException) -> str:
    """The reader's words in one line, without the full stop; with the kind of an error that is not pypdf's own."""
    words = " ".join(str(error).split())[:200].rstrip(".")
    known = isinstance(error, (PyPdfError, DeprecationError, DependencyError, NotImplementedError))
    return words if known and words else f"{type(error).__name__} {words}".strip()


def _read_page(page: PageObject) -> SecondPage:
    try:
        box = [float(value) for value in entry(page, "/MediaBox") or []]
        bad_box = not (len(box) == 4 and box[0] < box[2] and box[1] < box[3])
        values = tuple(values_of(page))
        if lacks_contents(page):
            return SecondPage(fault="its contents are missing", values=values)
        text = LONE_SURROGATE.sub("\ufffd", page.extract_text())
        return SecondPage(text, cut_short=is_damaged(page), bad_box=bad_box, values=values)
    except FAULTS as error:
        return SecondPage(fault=_reason(error))


def _labels(reader: PdfReader, pages: int, name: str, notes: list[Saying]) -> list[str | None]:
    try:
        if "/PageLabels" in reader.root_object:
            return [label or None for label in reader.page_labels]
    except FAULTS as error:
        notes.append(Saying.of("page_labels_unreadable", file=name, cause=_reason(error)))
    return [None] * pages


def _facts(reader: PdfReader, name: str, notes: list[Saying]) -> dict[str, str]:
    try:
        stated = reader.metadata
        if stated is None:
            return {}
        return facts_of(stated.title, stated.author, stated.creation_date_raw)
    except FAULTS as error:
        notes.append(Saying.of("metadata_unreadable", file=name, cause=_reason(error)))
        return {}
