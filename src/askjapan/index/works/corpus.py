"""Lists the files of the corpus, and hashes them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from askjapan.documents.facts.given_facts import ENDING as FACTS
from askjapan.documents.facts.given_facts import facts_path
from askjapan.documents.readers import is_supported
from askjapan.errors import LibraryError
from askjapan.file_names import path_text
from askjapan.index.storage.checksums import sha256_of
from askjapan.index.storage.manifest import CURRENT, GENERATION, Manifest
from askjapan.sayings import Saying

KEPT_BESIDE = (FACTS, ".ocr.json")
"""Endings of what askjapan keeps beside a work: facts that were given, and what OCR has read."""
SETTLED = 2.0
"""Seconds after a file's last change from which on its time of change can be relied on."""
_NOT_WORKS = frozenset({"readme", "license", "licence", "changelog", "catalogue"})


def corpus_files(folders: Sequence[Path], *, links: bool = False) -> Iterator[Path]:
    """The files of the corpus that have a reader, in a stable order; hidden files, READMEs and licences are no works.

    Args:
        folders: searched with their subfolders.
        links: also links to files outside of the folders.

    Raises:
        LibraryError: a folder does not exist.
    """
    return (path for path in all_files(folders, links=links) if is_supported(path))


def all_files(folders: Sequence[Path], *, links: bool = False) -> Iterator[Path]:
    """The files of the corpus, also those that have no reader; arguments and errors as for `corpus_files`."""
    seen: set[str] = set()
    for folder in folders:
        if not folder.is_dir():
            raise LibraryError(Saying.of("no_corpus_folder", folder=str(folder)))
        for path in paths_under(folder):
            # One folder may be given twice, or lie in another.
            if (
                is_work(path, folder)
                and (links or not _leads_out(path, folders))
                and (place := os.path.abspath(path)) not in seen
            ):
                seen.add(place)
                yield path


def paths_under(folder: Path) -> list[Path]:
    """All paths under a folder, sorted, also hidden ones; linked folders are not looked into, one that goes away meanwhile is passed over."""
    return sorted(Path(root, name) for root, inner, files in os.walk(folder) for name in (*inner, *files))


def not_read(folders: Sequence[Path]) -> Iterator[tuple[Path, Saying]]:
    """Paths in the corpus that are never opened, each with the reason: links that lead out of it or nowhere, and what is no file.

    The target of a link that leads out is no part of the corpus, and may be a file without end.
    """
    for folder in folders:
        for path in paths_under(folder):
            hidden = any(part.startswith(".") or GENERATION.fullmatch(part) for part in path.relative_to(folder).parts)
            if hidden or is_reserved(path.name):
                continue
            if _leads_out(path, folders):
                yield path, Saying.of("link_outside", name=path.name, target=os.path.realpath(path))
            elif not path.is_file() and not path.is_dir():
                yield path, Saying.of("link_nowhere" if path.is_symlink() else "no_file", name=path.name)


def _leads_out(path: Path, folders: Sequence[Path]) -> bool:
    """Whether a path is a link to something that none of the folders holds; linked folders are not looked into."""
    if not path.is_symlink():
        return False
    real = Path(os.path.realpath(path))
    return not any(real.is_relative_to(os.path.realpath(folder)) for folder in folders)


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
        if os.path.isfile(facts := facts_path(path)):
            yield facts


def stamps_of(paths: Iterable[Path], began: float) -> dict[str, tuple[int, int]]:
    """Size and time of change (ns) of files by their places, those aside that were changed as late as just before a build.

    Args:
        paths: of files.
        began: when the build began to read them, in seconds since 1970.
    """
    stamps = {}
    for path in paths:
        with suppress(OSError):
            stamp = path.stat()
            # Clocks of file systems are coarse: a file may change once more without another time.
            if stamp.st_mtime_ns < (began - SETTLED) * 1e9:
                stamps[place_of(path)] = (stamp.st_size, stamp.st_mtime_ns)
    return stamps


def place_of(path: Path) -> str:
    """A file's absolute path as a manifest has it."""
    return path_text(os.path.abspath(path))


def is_unchanged(path: Path, manifest: Manifest) -> bool:
    """Whether size and time of change say that a file is as it was for an index; if not, its hash has to be compared."""
    try:
        stamp = path.stat()
    except OSError:
        return False
    place = place_of(path)
    return bool(manifest.files.get(place)) and manifest.stamps.get(place) == (stamp.st_size, stamp.st_mtime_ns)


def digest_now(path: Path, manifest: Manifest) -> str:
    """SHA-256 of a file, taken from the manifest if size and time of change are the same; "" if it cannot be opened."""
    return manifest.files[place_of(path)] if is_unchanged(path, manifest) else digest_of(path)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, or "" if it cannot be opened: reading it then says why."""
    try:
        return sha256_of(path)
    except OSError:
        return ""
