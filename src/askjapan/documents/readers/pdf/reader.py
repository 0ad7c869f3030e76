"""PDF files: read by pdfium, and by pypdf a second time.

The text comes from pdfium's glyphs, put in order by their places on the page (`layout`), with tables as rows of cells (`grids`)
and notes, exponents and broken words told apart (`lines`). pypdf's reading of the same page confirms its figures, dates and
names (`agreement`). A page is taken from pypdf, in that engine's order, where pdfium has no words, only noise, or just a part of
what pypdf has.

Running heads and feet, page numbers, stamps in the margin and pages of noise stay in the text and are listed as `furniture`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from askjapan.documents.readers.pdf.checks import (
    PageText,
    complaint,
    noisy_pages,
    page_warnings,
    refuse_empty,
    refuse_pictures,
    spans,
)
from askjapan.documents.readers.pdf.furniture import edges_of, find_furniture, has_words
from askjapan.documents.readers.pdf.letters.layout import lay_out
from askjapan.documents.readers.pdf.letters.lines import Line, texts_of
from askjapan.documents.readers.pdf.noise import noise
from askjapan.documents.readers.pdf.pdfium import Drawn, drawn, opened
from askjapan.documents.readers.pdf.second.agreement import is_part_of, unconfirmed
from askjapan.documents.readers.pdf.second.damage import completed, is_cut_off
from askjapan.documents.readers.pdf.second.reader import SecondPage, SecondReading, read_second
from askjapan.documents.readers.pdf.tables.grids import with_tables
from askjapan.documents.readers.signatures import PDF, read_bytes, seems_to_be, wrong_format
from askjapan.errors import PasswordNeeded, ReadingError
from askjapan.readings import Page, Reading, Segment
from askjapan.sayings import Saying

PAGE_BREAK = "\f"
FACTS_FROM = "PDF metadata"
PICTURE_SHARE, PICTURE_WORDS = 0.5, 20  # a page that is half a picture and has fewer words is a scan
NOTHING = Drawn([], [], 0.0)


@dataclass(frozen=True, slots=True)
class FirstPage:
    """One page as pdfium reads it: its text, the lines of it, the share that a picture covers, and the values of form fields."""

    text: str = ""
    lines: tuple[Line, ...] = ()
    picture_share: float = 0.0
    values: str = ""


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
        ReadingError: it goes beyond a limit or an ability of both engines, which is named.
        OSError: the file cannot be opened.
    """
    data = read_bytes(path)
    if seems_to_be(data) != PDF:
        raise wrong_format(path, PDF, seems_to_be(data))
    second = _second(path.name, data)
    first = _first(path.name, data, second if isinstance(second, SecondReading) else None)
    if isinstance(first, ReadingError) and isinstance(second, ReadingError):
        raise second
    pages, labels, warnings = _together(path.name, first, second)
    refuse_empty(path, pages)
    texts = [page.text for page in pages]
    pictures = {index for index, page in enumerate(pages) if page.picture}
    furniture, printed = find_furniture([page.edges for page in pages], labels, texts, pictures)
    refuse_pictures(path, pages, furniture)
    unreadable = noisy_pages(path, pages)
    for index in unreadable:
        furniture[index] = [(0, len(texts[index]))]
    numbered = _numbered(texts, printed)
    facts = second.facts if isinstance(second, SecondReading) else {}
    return Reading(
        text=PAGE_BREAK.join(texts),
        pages=numbered,
        facts=facts,
        facts_from=FACTS_FROM if facts else "",
        furniture=tuple(_in_document(numbered, furniture)),
        warnings=(*page_warnings(path.name, pages, unreadable), *warnings),
        unconfirmed=tuple(_in_document(numbered, [page.unconfirmed for page in pages])),
        without_text=tuple(n for n, page in enumerate(pages, start=1) if page.picture or not has_words(page.text)),
    )


def _second(name: str, data: bytes) -> SecondReading | ReadingError:
    try:
        return read_second(name, data)
    except PasswordNeeded:
        raise
    except ReadingError as error:
        return error


def _first(name: str, data: bytes, second: SecondReading | None) -> list[FirstPage] | ReadingError:
    values = [page.values for page in second.pages] if second else []
    for contents in (data, completed(data)) if is_cut_off(data) else (data,):
        try:
            pages = [
                (with_tables(lay_out(page, values[at] if at < len(values) else ()), page.rules), page.picture_share, page.values)
                for at, page in enumerate(_drawn(name, contents))
            ]
        except PasswordNeeded:
            raise
        except ReadingError as error:
            failed = error
            continue
        texts = texts_of([lines for lines, *_ in pages])
        return [
            FirstPage(text, tuple(lines), share, filled) for (text, lines), (_, share, filled) in zip(texts, pages, strict=True)
        ]
    return failed


def _drawn(name: str, data: bytes) -> Iterator[Drawn]:
    with opened(data, name, f"{name} is damaged") as (document, raw):
        for number in range(len(document)):
            # A page that pdfium cannot load is empty; what pypdf makes of it decides.
            handle = raw.FPDF_LoadPage(document, number)
            if not handle:
                yield NOTHING
                continue
            raw.FPDF_ClosePage(handle)
            page = document[number]
            yield drawn(page, raw)
            page.close()


def _together(
    name: str, first: list[FirstPage] | ReadingError, second: SecondReading | ReadingError
) -> tuple[list[PageText], list[str | None], list[Saying]]:
    """The pages, their labels and the warnings about the file, from both readings or from the one that there is."""
    warnings: list[Saying] = []
    if isinstance(first, ReadingError):
        assert isinstance(second, SecondReading)
        warnings.append(Saying.of("read_once", file=name, cause=first.message))
        first = [FirstPage() for _ in second.pages]
    if isinstance(second, ReadingError):
        warnings.append(Saying.of("read_once", file=name, cause=second.message))
        others: Sequence[SecondPage] = [SecondPage() for _ in first]
        labels: list[str | None] = [None] * len(first)
    else:
        others = [*second.pages, *[SecondPage()] * (len(first) - len(second.pages))]
        first = [*first, *[FirstPage()] * (len(others) - len(first))]
        labels = [*second.labels, *[None] * (len(first) - len(second.labels))][: len(first)]
        warnings += [*second.notes, *complaint(name, second.complaints)]
    pages = [_page(one, other) for one, other in zip(first, others, strict=True)]
    if not isinstance(second, ReadingError):
        differing = [number for number, page in enumerate(pages, start=1) if page.unconfirmed]
        if differing:
            figures = sum(len(page.unconfirmed) for page in pages)
            warnings.append(Saying.of("not_confirmed", figures=figures, pages=spans(differing), file=name))
    return pages, labels, warnings


def _page(first: FirstPage, second: SecondPage) -> PageText:
    text, lines = first.text, first.lines
    if _is_better(second.text, text):
        text, lines, other = second.text, (), first.text
    else:
        other = f"{second.text}\n{first.values}"  # the values in the text are from pypdf
    page = PageText(
        text,
        tuple(edges_of(text, lines)),
        fault="" if has_words(text) else second.fault,
        cut_short=second.cut_short,
        bad_box=second.bad_box,
        picture=first.picture_share >= PICTURE_SHARE and len(text.split()) < PICTURE_WORDS,
    )
    return replace(page, unconfirmed=tuple(unconfirmed(text, other)))


def _is_better(second: str, first: str) -> bool:
    """Whether pypdf's text of a page is to be taken: words that are no noise, where pdfium has none, noise, or only a part of them."""
    if not has_words(second) or noise(second):
        return False
    return not has_words(first) or bool(noise(first)) or is_part_of(first, second)


def _numbered(texts: Sequence[str], labels: Sequence[str | None]) -> tuple[Page, ...]:
    numbered, start = [], 0
    for number, (text, label) in enumerate(zip(texts, labels, strict=True), start=1):
        numbered.append(Page(number, label, start, start + len(text)))
        start += len(text) + len(PAGE_BREAK)
    return tuple(numbered)


def _in_document(pages: Sequence[Page], segments_of: Sequence[Sequence[Segment]]) -> Iterator[Segment]:
    """Segments of the pages' texts as segments of the whole text."""
    for page, segments in zip(pages, segments_of, strict=True):
        for start, end in segments:
            yield page.start + start, page.start + end
