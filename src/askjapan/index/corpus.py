"""Which files belong to the corpus, and their hashes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from askjapan.documents.given_facts import ENDING as FACTS
from askjapan.documents.given_facts import facts_path
from askjapan.documents.readers import is_supported
from askjapan.errors import LibraryError
from askjapan.index.manifest import CURRENT, GENERATION, Manifest

KEPT_BESIDE = (FACTS, ".ocr.json")
"""Endings of what askjapan keeps beside a work: facts that were given, and what OCR has read."""
SETTLED = 2.0
"""So many seconds after its last change a file's time of change can be relied on."""
_NOT_WORKS = frozenset({"readme", "license", "licence", "changelog", "catalogue"})


def corpus_files(folders: Sequence[Path]) -> Iterator[Path]:
    """The files of the corpus that have a reader, in a stable order; hidden files, READMEs and licences are no works.

    Raises:
        LibraryError: a folder does not exist.
    """
    return (path for path in all_files(folders) if is_supported(path))


def all_files(folders: Sequence[Path]) -> Iterator[Path]:
    """As `corpus_files`, with the files that have no reader."""
    seen: set[str] = set()
    for folder in folders:
        if not folder.is_dir():
            raise LibraryError(f"The corpus folder {folder} does not exist.", "Give an existing folder with --corpus.")
        for path in sorted(folder.rglob("*")):
            # One folder may be given twice, or lie in another.
            if is_work(path, folder) and (place := os.path.abspath(path)) not in seen:
                seen.add(place)
                yield path


def is_work(path: Path, folder: Path) -> bool:
    """Whether a file under a corpus folder is meant as a work, and is no hidden file, README, licence or file of an index."""
    parts = path.relative_to(folder).parts
    # An index may lie in a folder of the corpus; the texts that it keeps are no works.
    inside = any(part.startswith(".") or GENERATION.fullmatch(part) for part in parts)
    return not inside and path.is_file() and not is_reserved(path.name)


def is_reserved(name: str) -> bool:
    """Whether a file of this name is passed over, whatever it holds."""
    return name.startswith(".") or name == CURRENT or name.endswith(KEPT_BESIDE) or Path(name).stem.lower() in _NOT_WORKS


def watched_files(folders: Sequence[Path]) -> Iterator[Path]:
    """The files of the corpus that have a reader, each followed by the facts that are kept beside it, if there are any.

    Raises:
        LibraryError: a folder does not exist.
    """
    for path in corpus_files(folders):
        yield path
        if (facts := facts_path(path)).is_file():
            yield facts


def stamps_of(places: Iterable[str], began: float) -> dict[str, tuple[int, int]]:
    """Size and time of change (ns) of files, those aside that were changed as late as just before a build.

    Args:
        places: absolute paths.
        began: when the build began to read them, in seconds since 1970.
    """
    found = {}
    for place in places:
        with suppress(OSError):
            stamp = os.stat(place)
            # Clocks of file systems are coarse: a file may change once more without another time.
            if stamp.st_mtime_ns < (began - SETTLED) * 1e9:
                found[place] = (stamp.st_size, stamp.st_mtime_ns)
    return found


def is_unchanged(path: Path, manifest: Manifest) -> bool:
    """Whether size and time of change say that a file is as it was for an index; if not, its hash has to be compared."""
    place = os.path.abspath(path)
    try:
        stamp = os.stat(place)
    except OSError:
        return False
    return bool(manifest.files.get(place)) and manifest.stamps.get(place) == (stamp.st_size, stamp.st_mtime_ns)


def digest_now(path: Path, manifest: Manifest) -> str:
    """As `digest_of`, without reading the file if it is as it was for an index."""
    return manifest.files[os.path.abspath(path)] if is_unchanged(path, manifest) else digest_of(path)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(path: Path) -> str:
    """As `sha256_of`, but "" for a file that cannot be opened: reading it then says why."""
    try:
        return sha256_of(path)
    except OSError:
        return ""
