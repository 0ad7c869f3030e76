"""Adding from Zotero: which files of its entries are papers, and what of the user's works has changed or gone there since."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from askjapan.documents.bibliography_files import load_bibliography
from askjapan.documents.given_facts import load_given
from askjapan.documents.readers import is_supported
from askjapan.documents.readers.ocr import ENDING as RECOGNISED
from askjapan.documents.references import Bibliography, zotero_address
from askjapan.errors import LibraryError
from askjapan.index.checksums import sha256_of
from askjapan.index.corpus import corpus_files
from askjapan.journal import Journal, unfinished


@dataclass(frozen=True, slots=True)
class Replaced:
    """A copy in the user's works whose file in Zotero has other contents now."""

    copy: Path
    file: Path


def papers_of(given: Sequence[Path]) -> tuple[list[Path], list[Bibliography]]:
    """The papers of Zotero libraries or exports, and their bibliographies.

    Of an entry with PDFs only these are papers, not the snapshot of a web page beside them; files that are not on this machine are none.

    Args:
        given: the folder of a library, its database, or a file that Zotero exported (CSL-JSON, BibTeX, RIS).

    Raises:
        LibraryError: one cannot be read, or none names a file that is there.
    """
    bibliographies = [load_bibliography(path) for path in given]
    found = dict.fromkeys(file for bibliography in bibliographies for file in _papers(bibliography))
    if not found:
        raise LibraryError(
            f"{', '.join(map(str, given))} names no file on this machine that askjapan could read.",
            "In Zotero, export with files, or let it download its attachments.",
        )
    return list(found), bibliographies


def _papers(bibliography: Bibliography) -> Iterator[Path]:
    for entry in bibliography.references:
        there = [file for file in entry.files if is_supported(file) and file.is_file()]
        pdfs = [file for file in there if file.suffix.lower() == ".pdf"]
        yield from pdfs or there[:1]


def changed(papers: Sequence[Path], works: Path) -> list[Replaced]:
    """The copies whose file in Zotero has other contents than they."""
    by_key = {zotero_address(file).rpartition("/")[2]: file for file in papers if zotero_address(file)}
    found = []
    for copy, key in _copies(works):
        file = by_key.get(key)
        if file is not None and file.name == copy.name and sha256_of(file) != sha256_of(copy):
            found.append(Replaced(copy, file))
    return found


def gone(papers: Sequence[Path], works: Path) -> list[Path]:
    """The copies that came from Zotero and are not among its papers any more."""
    keys = {zotero_address(file).rpartition("/")[2] for file in papers}
    return [copy for copy, key in _copies(works) if key not in keys]


def renew(replaced: Replaced, works: Path) -> None:
    """Put the new contents in place of a copy's; what is known of the work stays beside it, what OCR has read of the old contents does not.

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


def _copies(works: Path) -> Iterator[tuple[Path, str]]:
    """The user's works that came from Zotero, each with its key there."""
    if not works.is_dir():
        return
    for path in corpus_files([works]):
        address = load_given(path).get("zotero")
        if address is not None:
            yield path, str(address.value).rpartition("/")[2]
