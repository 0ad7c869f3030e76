"""Adds from Zotero: finds the papers among its files, and the user's works that have changed or gone there since."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from askjapan.documents.facts.bibliography_files import ZOTERO as DATABASE
from askjapan.documents.facts.given_facts import Facts, load_given
from askjapan.documents.facts.references import Bibliography, Reference, faults_of, zotero_address
from askjapan.documents.readers import is_supported
from askjapan.documents.readers.ocr import ENDING as RECOGNISED
from askjapan.errors import LibraryError
from askjapan.index.storage.checksums import sha256_of
from askjapan.index.works.bibliographies import load_bibliography
from askjapan.index.works.corpus import corpus_files
from askjapan.index.works.journal import Journal, unfinished


@dataclass(frozen=True, slots=True)
class Replaced:
    """A copy in the user's works whose file in Zotero has other contents now."""

    copy: Path
    file: Path


def follow(given: Sequence[Path], works: Path) -> tuple[list[Path], list[Bibliography], list[str]]:
    """The papers of Zotero and its bibliographies, after copies of an earlier run were renewed; and a sentence on each that changed or went.

    Args:
        given: as for `papers_of`.
        works: the folder of the user's own works.

    Raises:
        LibraryError: as `papers_of` and `renew` do.
    """
    papers, bibliographies = papers_of(given)
    told = []
    for replaced in changed(bibliographies, works):
        renew(replaced, works)
        told.append(f"{replaced.copy.name} has changed in Zotero and was renewed.")
    told += [
        f"{copy.name} is not in Zotero any more; `askjapan remove {copy.name}` takes it out."
        for copy in gone(bibliographies, works)
    ]
    return papers, bibliographies, told


def papers_of(given: Sequence[Path]) -> tuple[list[Path], list[Bibliography]]:
    """The papers of Zotero libraries or exports, and their bibliographies.

    Of an entry with PDFs only these are papers, not the snapshot of a web page beside them; files that are not on this machine are none.

    Args:
        given: the folder of a library, its database, or a file that Zotero exported (CSL-JSON, BibTeX, RIS).

    Raises:
        LibraryError: one cannot be read, or none names a file that is there.
    """
    bibliographies = [load_bibliography(path) for path in given]
    papers = dict.fromkeys(file for bibliography in bibliographies for file, _ in _filed(bibliography))
    if not papers:
        raise LibraryError(
            f"{', '.join(map(str, given))} names no file on this machine that askjapan could read.{faults_of(bibliographies)}",
            "In Zotero, export with files, or let it download its attachments.",
        )
    return list(papers), bibliographies


def changed(bibliographies: Sequence[Bibliography], works: Path) -> list[Replaced]:
    """The copies whose file, by its key in Zotero or by its entry's citekey and its name, has other contents than they."""
    files = {
        name: file for bibliography in bibliographies for file, entry in _filed(bibliography) for name in _names(file, entry)
    }
    replaced = []
    for copy, facts in _copies(works):
        file = files.get(_text(facts, "zotero")) or files.get(f"{_text(facts, 'citekey')}/{copy.name}")
        if file is not None and file.name == copy.name and sha256_of(file) != sha256_of(copy):
            replaced.append(Replaced(copy, file))
    return replaced


def gone(bibliographies: Sequence[Bibliography], works: Path) -> list[Path]:
    """The copies that came from Zotero and are not in its database any more; none for an export, which need not hold everything."""
    databases = [bibliography for bibliography in bibliographies if bibliography.name == DATABASE]
    if not databases:
        return []
    there = {name for bibliography in databases for file, entry in _filed(bibliography) for name in _names(file, entry)}
    return [copy for copy, facts in _copies(works) if facts.get("zotero") and _text(facts, "zotero") not in there]


def _filed(bibliography: Bibliography) -> Iterator[tuple[Path, Reference]]:
    """The files of the entries that are papers here, each with its entry."""
    for entry in bibliography.references:
        there = [file for file in entry.files if is_supported(file) and file.is_file()]
        pdfs = [file for file in there if file.suffix.lower() == ".pdf"]
        yield from ((file, entry) for file in pdfs or there[:1])


def _names(file: Path, entry: Reference) -> list[str]:
    """Names that identify a copy of a file: its address in Zotero, and its citation key with its name."""
    names = [zotero_address(file, entry.library), f"{entry.citekey}/{file.name}" if entry.citekey else ""]
    return [name for name in names if name]


def _text(facts: Facts, name: str) -> str:
    return str(facts[name].value) if name in facts else ""


def renew(replaced: Replaced, works: Path) -> None:
    """Put the new contents in place of a copy's; facts stay beside it, what OCR has read of the old contents is deleted.

    Raises:
        LibraryError: the file cannot be copied, or another process is changing the works.
    """
    copy = replaced.copy
    journal = Journal(works)
    try:
        with journal.held(), journal.noted("add", copy.relative_to(works).as_posix()):
            shutil.copyfile(replaced.file, unfinished(copy))
            os.replace(unfinished(copy), copy)
            copy.with_name(copy.name + RECOGNISED).unlink(missing_ok=True)
    except OSError as error:
        raise LibraryError(f"{copy} could not be renewed: {error.strerror or error}.", "Check its permissions.") from error


def _copies(works: Path) -> Iterator[tuple[Path, Facts]]:
    """The user's works beside which facts are kept, with these facts."""
    if not works.is_dir():
        return
    for path in corpus_files([works]):
        if facts := load_given(path):
            yield path, facts
