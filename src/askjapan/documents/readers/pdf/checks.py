"""Checks a PDF as a whole: refusals, and warnings for the build report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from askjapan.documents.readers.pdf.furniture import Edge, has_words, without
from askjapan.documents.readers.pdf.noise import LEAST_CHARACTERS, noise
from askjapan.errors import DamagedFile, NoTextLayer, UnreadableText
from askjapan.readings import Segment
from askjapan.sayings import Saying

# What pypdf notes of files that are in order for every other purpose; none of it can touch the text.
_HARMLESS = (
    "Ignoring wrong pointing object|Xref table not zero-indexed|Duplicate %%EOF|EOF marker not at start|"
    "Superfluous whitespace|startxref on same line|Multiple definitions in dictionary|"
    "Illegal character in NameObject|.*page label|.*/PageLabels"
)
HARMLESS = re.compile(rf"\A(?:{_HARMLESS})")


@dataclass(frozen=True, slots=True)
class PageText:
    """Content of one page: its text, the lines at its edges, its faults, and the segments that the second reading does not confirm."""

    text: str = ""
    edges: tuple[Edge, ...] = ()
    fault: str = ""
    cut_short: bool = False
    bad_box: bool = False
    picture: bool = False
    unconfirmed: tuple[Segment, ...] = ()

    @property
    def has_words(self) -> bool:
        return has_words(self.text)


def refuse_empty(path: Path, pages: Sequence[PageText]) -> None:
    """Refuse a file without readable pages.

    Raises:
        DamagedFile: it has no pages, or some pages fail and no page has words.
    """
    if not pages:
        raise DamagedFile(f"{path.name} is damaged; it has no pages.")
    faults = [page.fault for page in pages if page.fault]
    if faults and not any(page.has_words for page in pages):
        raise DamagedFile(f"{path.name} is damaged; the PDF reader says: {faults[0]}.")


def refuse_pictures(path: Path, pages: Sequence[PageText], furniture: Sequence[Sequence[Segment]]) -> None:
    """Refuse a file without a text layer.

    Raises:
        NoTextLayer: it has no words besides its furniture.
    """
    for page, segments in zip(pages, furniture, strict=True):
        if has_words(without(page.text, segments)):
            return
    raise NoTextLayer(f"{path.name} has no text layer: no text can be read on {count(len(pages))}.")


def noisy_pages(path: Path, pages: Sequence[PageText]) -> list[int]:
    """The pages whose text is noise, by index; short pages are judged together.

    Raises:
        UnreadableText: at least half of the characters are on such pages.
    """
    sizes = [sum(not character.isspace() for character in page.text) for page in pages]
    reasons = {index: noise(page.text) for index, page in enumerate(pages) if sizes[index] >= LEAST_CHARACTERS}
    short = [index for index, size in enumerate(sizes) if 0 < size < LEAST_CHARACTERS]
    reasons |= dict.fromkeys(short, noise("\n".join(pages[index].text for index in short)))
    noisy = [index for index, reason in sorted(reasons.items()) if reason]
    if 2 * sum(sizes[index] for index in noisy) >= sum(sizes):
        raise UnreadableText(f"The text layer of {path.name} cannot be read: {reasons[noisy[0]]}.")
    return noisy


def page_warnings(name: str, pages: Sequence[PageText], unreadable: Sequence[int]) -> list[Saying]:
    """A warning for each fault that pages have, with their numbers."""
    numbered = list(enumerate(pages, start=1))
    warnings = [Saying.of("page_with_fault", page=number, file=name, cause=page.fault) for number, page in numbered if page.fault]
    for key, numbers in (
        ("pages_damaged", [number for number, page in numbered if page.cut_short]),
        ("pages_malformed", [number for number, page in numbered if page.bad_box]),
        ("pages_mostly_picture", [number for number, page in numbered if page.picture]),
        ("pages_unreadable", [index + 1 for index in unreadable]),
    ):
        if numbers:
            warnings.append(Saying.of(key, pages=spans(numbers), file=name))
    return warnings


def complaint(name: str, complaints: Sequence[str]) -> list[Saying]:
    """A warning of what the PDF reader had to mend; none where it was harmless."""
    told = list(dict.fromkeys(" ".join(text.split())[:200].rstrip(".") for text in complaints if not HARMLESS.match(text)))
    if not told:
        return []
    more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
    return [Saying.of("mended", file=name, cause=f"{told[0]}{more}")]


def count(pages: int) -> str:
    """The number of pages in words, for a sentence."""
    return "its one page" if pages == 1 else f"its {pages} pages"


def spans(numbers: Sequence[int]) -> tuple[str, ...]:
    """Pages as a list for a saying, with those that follow each other as one item: ("1", "4–7", "9")."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return tuple(str(first) if first == last else f"{first}–{last}" for first, last in runs)
