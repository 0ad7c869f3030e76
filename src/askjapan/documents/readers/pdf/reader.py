"""PDF files, read with pypdf.

The text of a page is exactly what pypdf's `page.extract_text()` gives, so that a stranger can re-check a quote with pypdf
alone. Three things differ, and only where they must:

- Where pypdf ends a line at a change of font although the text goes on at the same height, as in Japanese that was printed by
  Chrome or Google Docs, the line goes on.
- On a page whose columns pypdf mixes, reads upwards or takes from the right, the same pieces of text are put in reading order
  (`pdf_columns`): column after column, an empty line before a new paragraph.
- Half of a surrogate pair that stands alone, which no file can store, becomes the replacement character.

Running heads and feet, page numbers, stamps in the margin and pages of noise stay in the text and are listed as `furniture`.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError
from pypdf.generic import ContentStream, DictionaryObject, FloatObject, NameObject

from askjapan.documents.readers.pdf.checks import PageText, complaint, noisy_pages, page_warnings, refuse_empty, refuse_pictures
from askjapan.documents.readers.pdf.columns import find_columns, in_reading_order, out_of_order, runs_of
from askjapan.documents.readers.pdf.damage import completed, is_cut_off, is_damaged, lacks_contents
from askjapan.documents.readers.pdf.facts import facts_of
from askjapan.documents.readers.pdf.furniture import edges_of, find_furniture
from askjapan.documents.readers.pdf.lines import Line, lines_of, mended
from askjapan.documents.readers.pdf.shows import TEXT_OPERATORS, PdfObject, ShowTracker, entry
from askjapan.documents.readers.signatures import PDF, read_bytes, seems_to_be, wrong_format
from askjapan.errors import DamagedFile, PasswordNeeded, ReadingError
from askjapan.records import Page, Reading

PAGE_BREAK = "\f"
FACTS_FROM = "PDF metadata"

# pypdf stops at 100,000 entries, which the structure of a long tagged file exceeds. Its other limits stand.
LONGEST_ARRAY = 500_000

# pypdf says of itself that broken files may cause other exceptions than its own.
FAULTS = (
    PyPdfError,
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

PICTURE_SHARE, PICTURE_WORDS = 0.5, 20  # a page that is half a picture and has fewer words is a scan
DEEPEST_FORM = 5
LONE_SURROGATE = re.compile("[\ud800-\udfff]")

_ONE_AT_A_TIME = threading.RLock()  # log handlers and warning filters belong to the whole process


def read_pdf(path: Path) -> Reading:
    """Read a PDF page by page.

    Returns:
        The pages' texts joined by a form feed. A page's `label` is the one in the file's /PageLabels; without these, the number
        printed on the page where the pages around it count on; else None. `facts` are title, authors and the year in which the
        PDF was made.

    Raises:
        WrongFormat: it is no PDF.
        PasswordNeeded: it opens with a password only; the empty one has been tried.
        NoTextLayer: no page has any word outside its running heads.
        UnreadableText: at least half of the characters are noise.
        DamagedFile: nothing can be read, with the reader's reason.
        ReadingError: it goes beyond a limit or an ability of the PDF reader, which is named.
        OSError: the file cannot be opened.
    """
    data = read_bytes(path)
    if seems_to_be(data) != PDF:
        raise wrong_format(path, PDF, seems_to_be(data))
    with _quiet() as complaints, apply_configuration(array_maximum_element_count=LONGEST_ARRAY), _translated(path):
        notes: list[str] = []
        reader = _opened(path.name, data, notes)
        pages = [_read_page(page) for page in reader.pages]
        labels = _labels(reader, len(pages), path.name, notes)
        facts = _facts(reader, path.name, notes)
    refuse_empty(path, pages)
    furniture, printed = find_furniture(
        [page.edges for page in pages],
        labels,
        [page.text for page in pages],
        {index for index, page in enumerate(pages) if page.picture},
    )
    refuse_pictures(path, pages, furniture)
    unreadable = noisy_pages(path, pages)
    for index in unreadable:
        furniture[index] = [(0, len(pages[index].text))]
    numbered = _numbered(pages, printed)
    return Reading(
        text=PAGE_BREAK.join(page.text for page in pages),
        pages=numbered,
        facts=facts,
        facts_from=FACTS_FROM if facts else "",
        furniture=tuple(
            (page.start + start, page.start + end) for page, cut in zip(numbered, furniture, strict=True) for start, end in cut
        ),
        warnings=(*page_warnings(path.name, pages, unreadable), *notes, *complaint(path.name, complaints)),
    )


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
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotDecryptedError as error:
        raise PasswordNeeded(f"{path.name} is encrypted and needs a password.") from error
    except LimitReachedError as error:
        raise ReadingError(
            f"{path.name} goes beyond a limit of the PDF reader: {_reason(error)}.",
            "Print it to a new PDF, or split it, and add the result.",
        ) from error
    except (DependencyError, NotImplementedError) as error:
        raise ReadingError(
            f"{path.name} needs what the PDF reader cannot do here: {_reason(error)}.", "Print it to a new PDF and add that."
        ) from error
    except FAULTS as error:
        raise DamagedFile(f"{path.name} is damaged; the PDF reader says: {_reason(error)}.") from error


def _reason(error: BaseException) -> str:
    """The reader's words in one line, without the full stop; with the kind of an error that is not pypdf's own."""
    words = " ".join(str(error).split())[:200].rstrip(".")
    known = isinstance(error, (PyPdfError, DependencyError, NotImplementedError))
    return words if known and words else f"{type(error).__name__} {words}".strip()


def _opened(name: str, data: bytes, notes: list[str]) -> PdfReader:
    if is_cut_off(data):
        notes.append(f"{name} is cut off: its end is missing, and text may be missing with it.")
        data = completed(data)
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise FileNotDecryptedError
    return reader


def _read_page(page: PageObject) -> PageText:
    try:
        box = [float(value) for value in entry(page, "/MediaBox") or []]
        well_formed = len(box) == 4 and box[0] < box[2] and box[1] < box[3]
        area = abs((box[2] - box[0]) * (box[3] - box[1])) if len(box) == 4 else 0.0
        if lacks_contents(page):
            return PageText(fault="its contents are missing")
        text, lines, picture_share = _ordered(page, area)
        text = LONE_SURROGATE.sub("\ufffd", text)
        return PageText(
            text,
            tuple(edges_of(text, lines)),
            cut_short=is_damaged(page),
            bad_box=not well_formed,
            picture=picture_share >= PICTURE_SHARE and len(text.split()) < PICTURE_WORDS,
        )
    except (*FAULTS, DependencyError) as error:
        return PageText(fault=_reason(error))


def _ordered(page: PageObject, area: float) -> tuple[str, list[Line], float]:
    """The page's text, in pypdf's order unless that is wrong, its lines, and how much of the page a picture covers.

    Where the pieces that pypdf reports are not its text, nothing is known of the lines, and there are none.
    """
    text, tracker = _track(page, area)
    if "".join(tracker.pieces) != text:
        return text, [], tracker.picture_share
    columns = find_columns(tracker.shows)
    if not columns or not out_of_order(runs_of(tracker.pieces, tracker.shows, columns), columns):
        return *mended(text, lines_of(tracker.pieces, tracker.shows)), tracker.picture_share
    with _piece_by_piece(page):
        _, tracker = _track(page, area)
    return *in_reading_order(runs_of(tracker.pieces, tracker.shows, columns), columns), tracker.picture_share


def _track(page: PageObject, area: float) -> tuple[str, ShowTracker]:
    tracker = ShowTracker(entry(page, "/Resources"), area)
    text = page.extract_text(
        visitor_text=tracker.text, visitor_operand_before=tracker.before, visitor_operand_after=tracker.after
    )
    return text, tracker


@contextmanager
def _piece_by_piece(page: PageObject) -> Iterator[None]:
    """Make pypdf report every text operator by itself, so that a line can be cut at the gutter.

    It reports what it has when the drawing matrix changes, so a change that changes nothing is put after each.
    """
    kept = {key: page.raw_get(key) for key in ("/Contents", "/Resources") if key in page}
    try:
        page[NameObject("/Contents")] = _interrupted(entry(page, "/Contents"), page.pdf)
        page[NameObject("/Resources")] = _with_interrupted_forms(entry(page, "/Resources"), page.pdf, 0)
        yield
    finally:
        for key, value in kept.items():
            page[NameObject(key)] = value


def _interrupted(stream: PdfObject, pdf: PdfObject) -> ContentStream:
    content = ContentStream(stream, pdf, "bytes")
    nothing = ([FloatObject(value) for value in (1, 0, 0, 1, 0, 0)], b"cm")
    content.operations = [
        step
        for operation in content.operations
        for step in ((operation, nothing) if operation[1] in TEXT_OPERATORS else (operation,))
    ]
    return content


def _with_interrupted_forms(resources: PdfObject, pdf: PdfObject, depth: int) -> DictionaryObject:
    changed = DictionaryObject(resources or {})
    forms = entry(resources, "/XObject")
    if not forms or depth == DEEPEST_FORM:
        return changed
    drawn = DictionaryObject(forms)
    for name in forms:
        form = entry(forms, name)
        if entry(form, "/Subtype") == "/Form":
            drawn[NameObject(name)] = content = _interrupted(form, pdf)
            content.update({key: form.raw_get(key) for key in form if key not in ("/Length", "/Filter", "/DecodeParms")})
            if own := entry(form, "/Resources"):
                content[NameObject("/Resources")] = _with_interrupted_forms(own, pdf, depth + 1)
    changed[NameObject("/XObject")] = drawn
    return changed


def _labels(reader: PdfReader, pages: int, name: str, notes: list[str]) -> list[str | None]:
    try:
        if "/PageLabels" in reader.root_object:
            return [label or None for label in reader.page_labels]
    except FAULTS as error:
        notes.append(f"The page labels of {name} cannot be read: {_reason(error)}.")
    return [None] * pages


def _facts(reader: PdfReader, name: str, notes: list[str]) -> dict[str, str]:
    try:
        stated = reader.metadata
        if stated is None:
            return {}
        return facts_of(stated.title, stated.author, stated.creation_date_raw)
    except FAULTS as error:
        notes.append(f"The metadata of {name} cannot be read: {_reason(error)}.")
        return {}


def _numbered(pages: Sequence[PageText], labels: Sequence[str | None]) -> tuple[Page, ...]:
    numbered, start = [], 0
    for number, (page, label) in enumerate(zip(pages, labels, strict=True), start=1):
        numbered.append(Page(number, label, start, start + len(page.text)))
        start += len(page.text) + len(PAGE_BREAK)
    return tuple(numbered)
