"""Checks a citation against the files of today: finds the file by its SHA-256, reads it and compares the quote with its place."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from askjapan.documents.readers import is_supported, read_again
from askjapan.documents.readers.ocr import read_whole
from askjapan.errors import CatalogueError, ReadingError
from askjapan.file_names import path_of, path_text
from askjapan.language.quotation import clean, normalise, same
from askjapan.readings import Page, Reading
from askjapan.records import Citation

Status = Literal["ok", "changed", "missing", "unreadable", "wrong", "unconfirmed"]
SHOWN = 120


def shown(text: str) -> str:
    """A text in quotation marks, on one line and not too long for a message."""
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= SHOWN else flat[:SHOWN] + '…'}”"


@dataclass(slots=True)
class CitedFiles:
    """The files that citations may be found in; each is listed, hashed and read at most once.

    `independent` asks for a second reading of each PDF by another engine.
    """

    folders: Sequence[Path]
    independent: bool = False
    _listed: list[Path] | None = None
    _hashes: dict[str, str] = field(default_factory=dict)
    _readings: dict[Path, Reading | str] = field(default_factory=dict)
    _second: dict[Path, tuple[str, ...] | str] = field(default_factory=dict)

    def check(self, citation: Citation) -> tuple[Status, str]:
        """The status of a citation by the file alone, and its detail; `verify.Verdict` explains both."""
        candidates = self._candidates(citation)
        path = next((path for path in candidates if self._hash(path) == citation.document_sha256), None)
        if path is None:
            return self._without_file(citation, candidates)
        reading = self._read(path)
        if isinstance(reading, str):
            return "unreadable", reading
        if fault := _fault_in_text(citation, reading):
            return "wrong", fault
        if self.independent and (doubt := self._doubt(citation, path, reading)):
            return "unconfirmed", doubt
        return "ok", "" if path in self._recorded(citation) else f"Not at {citation.path}; found as {path_text(path)}."

    def _doubt(self, citation: Citation, path: Path, reading: Reading) -> str:
        """The words of the quote that the second engine does not read, or its error, in a sentence; empty for no doubt, or no PDF."""
        page = next((page for page in reading.pages if page.number == citation.page), None)
        if path.suffix.lower() != ".pdf" or page is None:
            return ""
        if path not in self._second:
            try:
                self._second[path] = read_again(path)
            except ReadingError as error:
                self._second[path] = str(error)
        second = self._second[path]
        if isinstance(second, str):
            return f"There is no second reading: {second}"
        from askjapan.documents.readers.pdf.second.agreement import unconfirmed

        base = 0 if citation.offsets == "page" else page.start
        start, end = citation.start - base, citation.end - base
        text = reading.text[page.start : page.end]
        other = second[page.number - 1] if page.number <= len(second) else ""
        words = dict.fromkeys(text[begin:stop] for begin, stop in unconfirmed(text, other) if start <= begin < end)
        return f"Not in a second reading of page {page.number}: {', '.join(words)}." if words else ""

    def _without_file(self, citation: Citation, candidates: Sequence[Path]) -> tuple[Status, str]:
        recorded, name = self._recorded(citation), _name(citation)
        for path in candidates:
            if path not in recorded and path_text(path.name) != name:
                continue
            if not self._hash(path):
                return "unreadable", f"{path_text(path)} cannot be opened."
            begins = f"its SHA-256 begins {self._hash(path)[:12]}, recorded is {citation.document_sha256[:12]}"
            return "changed", f"{path_text(path)} is not the file that was quoted: {begins}."
        absent = [str(folder) for folder in self.folders if not folder.exists()]
        where = f", nor under {', '.join(map(str, self.folders))}" if self.folders else ""
        gone = f" There is no {', '.join(absent)}." if absent else ""
        return "missing", f"No file with the SHA-256 {citation.document_sha256[:12]}… at {citation.path}{where}.{gone}"

    def _recorded(self, citation: Citation) -> list[Path]:
        """The recorded path as it stands and under each folder, where there is such a file."""
        places = [path_of(citation.path), *(path_of(str(folder / citation.path)) for folder in self.folders)]
        return [place for place in dict.fromkeys(places) if _is_file(place) and is_supported(place)]

    def _candidates(self, citation: Citation) -> list[Path]:
        """The recorded path first, then files of the same name, then of the same kind: the likeliest is hashed first."""
        name, suffix = _name(citation), Path(_name(citation)).suffix.lower()
        if self._listed is None:
            self._listed = [path for folder in self.folders for path in _files_under(folder)]
        rest = sorted(self._listed, key=lambda path: (path_text(path.name) != name, path.suffix.lower() != suffix))
        return list(dict.fromkeys([*self._recorded(citation), *rest]))

    def _hash(self, path: Path) -> str:
        """SHA-256 of the file's bytes; empty where it cannot be opened, so that it is equal to no recorded one."""
        # One file may be named by a relative, an absolute and a linked path.
        real = os.path.realpath(path)
        if real not in self._hashes:
            try:
                with path.open("rb") as file:
                    self._hashes[real] = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                self._hashes[real] = ""
        return self._hashes[real]

    def _read(self, path: Path) -> Reading | str:
        if path not in self._readings:
            try:
                self._readings[path] = read_whole(path)
            except (ReadingError, CatalogueError) as error:
                self._readings[path] = str(error)
        return self._readings[path]


def _files_under(folder: Path) -> list[Path]:
    if _is_file(folder):
        return [folder] if is_supported(folder) else []
    files = (Path(place) / name for place, _, names in os.walk(folder) for name in names)
    return sorted(path for path in files if is_supported(path) and _is_file(path) and not _leads_out(path, folder))


def _leads_out(path: Path, folder: Path) -> bool:
    """Whether a file is a link to something outside the folder, such as a device that never ends."""
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _is_file(path: Path) -> bool:
    """Whether a path is a file. It never raises, since a path in a tampered answer may be too long for the system."""
    try:
        return path.is_file()
    except OSError:
        return False


def _name(citation: Citation) -> str:
    """The file's name, also where the path was recorded on Windows."""
    return re.split(r"[\\/]", citation.path)[-1]


def _fault_in_text(citation: Citation, reading: Reading) -> str:
    page, fault = _page(citation, reading)
    if fault or (page is None and citation.offsets == "page"):
        return f"{fault} {_elsewhere(citation, reading)}" if fault else _elsewhere(citation, reading)
    text = reading.text[page.start : page.end] if page and citation.offsets == "page" else reading.text
    start, end = citation.start, citation.end
    place = f"offsets {start} to {end}" + (f" of page {page.number}" if page else "")
    if not 0 <= start < end <= len(text):
        return f"There are no {place}: the text has {len(text)} characters. {_elsewhere(citation, reading)}"
    if not same(text[start:end], citation.quote):
        return f"At {place} stands {shown(clean(text[start:end]))}. {_elsewhere(citation, reading)}"
    return ""


def _page(citation: Citation, reading: Reading) -> tuple[Page | None, str]:
    """The page that the citation names, or what is wrong with it."""
    if citation.page is None:
        return None, ""
    page = next((page for page in reading.pages if page.number == citation.page), None)
    if page is None:
        there = f"it has {len(reading.pages)}" if reading.pages else "it has no pages"
        return None, f"The file has no page {citation.page}: {there}."
    if page.recognised != citation.recognised:
        return page, f"recognised is wrong: page {page.number} {'was' if page.recognised else 'was not'} read by OCR."
    if page.label != citation.page_label:
        return page, f"page_label is wrong: page {page.number} is labelled {page.label!r}, not {citation.page_label!r}."
    if citation.offsets == "document" and not page.start <= citation.start < page.end:
        return page, f"Offset {citation.start} is not on page {page.number}, which holds {page.start} to {page.end}."
    return page, ""


def _elsewhere(citation: Citation, reading: Reading) -> str:
    """Tells a moved quote from an invented one."""
    quote = normalise(citation.quote)
    if quote not in normalise(reading.text):
        return "The quote is nowhere in the file."
    pages = [str(page.number) for page in reading.pages if quote in normalise(reading.text[page.start : page.end])]
    return f"The quote stands elsewhere in the file{', on page ' + ', '.join(pages) if pages else ''}: the place is wrong."
