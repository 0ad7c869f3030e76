"""The user's own works: files are copied into `corpus/works/`, judged by their content, listed and removed."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from askjapan.documents.catalogue import Catalogue, describe, load_catalogue, sketch
from askjapan.documents.readers import SUFFIXES, read
from askjapan.errors import AskJapanError, DuplicateWork, LibraryError, UnknownWork
from askjapan.index.corpus import corpus_files, is_reserved, is_work, sha256_of
from askjapan.records import Document


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file given to `add`: the document that it is, or the error that kept it out."""

    given: Path
    document: Document | None = None
    error: AskJapanError | None = None


def readable_endings() -> frozenset[str]:
    """The endings of the files that can be added, in small letters with their dot."""
    return SUFFIXES


def find_files(patterns: Sequence[str]) -> list[Path]:
    """The files that paths, folders and globs name, each once; folders give the works in them that have a reader.

    Raises:
        LibraryError: a path or glob names nothing.
    """
    found: dict[Path, Path] = {}
    for pattern in patterns:
        files = list(_named_by(pattern))
        if not files:
            raise LibraryError(f"{pattern} names no file that askjapan could read.", "Check the path.")
        for file in files:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _named_by(pattern: str) -> Iterator[Path]:
    path = Path(pattern).expanduser()
    if path.is_dir():
        yield from corpus_files([path])
    elif path.is_file():
        yield path
    else:
        yield from (Path(name) for name in sorted(glob.glob(str(path), recursive=True)) if Path(name).is_file())


def add(path: Path, works: Path, folders: Sequence[Path], catalogue: Catalogue | Path) -> Added:
    """Copy one file into the user's works if it can be read and its contents are not in the corpus yet.

    Nothing is overwritten: the copy gets a number where its name is taken, or is one that the build passes over.

    Args:
        path: the file.
        works: the folder for the copy.
        folders: the corpus, searched for the same contents.
        catalogue: the known works, or the file that lists them.
    """
    try:
        digest = sha256_of(path)
        if twin := _same_content(digest, (*folders, works)):
            raise DuplicateWork(f"{path.name} is in the corpus already, as {twin}.")
        known = load_catalogue(catalogue) if isinstance(catalogue, Path) else catalogue
        document = describe(path, digest, read(path), known)
        works.mkdir(parents=True, exist_ok=True)
        _copy(path, _free_name(works / path.name.lstrip(".")))
    except AskJapanError as error:
        return Added(path, error=error)
    except OSError as error:
        return Added(path, error=LibraryError(f"{path} could not be copied: {error.strerror or error}.", "Nothing was changed."))
    return Added(path, document=document)


def remove(name: str, works: Path, documents: Sequence[Document]) -> Path:
    """Delete one of the user's works, named by its document id or file name.

    Raises:
        UnknownWork: it is no work of the user; the project's own notes cannot be removed.
        LibraryError: the file cannot be deleted.
    """
    by_id = next((Path(document.path) for document in documents if document.id == name), None)
    path = (by_id or works / Path(name).name).resolve()
    if works.resolve() not in path.parents or not is_work(path, works.resolve()):
        raise UnknownWork(f"There is no work {name!r} among the files that you added.")
    try:
        path.unlink()
    except OSError as error:
        raise LibraryError(f"{path} could not be deleted: {error.strerror or error}.", "Check its permissions.") from error
    return path


def sketch_of(path: Path) -> list[str]:
    """The hashes that recognise a full text, for the catalogue.

    Raises:
        ReadingError: the file cannot be read.
        LibraryError: its text is too short to be recognised by.
    """
    hashes = sketch(read(path).text)
    if not hashes:
        raise LibraryError(f"{path.name} has too few words to be recognised by.", "Give the full text of a work.")
    return hashes


def recognised(folder: Path, catalogue: Path) -> dict[str, str]:
    """What files of a folder may be called, mapped to the ids of the catalogued works that they hold, recognised by content.

    A file `000_ab12.txt` may be called by its name, its name without the ending, or what stands before the first underscore.

    Raises:
        LibraryError: the folder does not exist, or holds no work of the catalogue.
        ReadingError: a file cannot be read.
    """
    known = load_catalogue(catalogue)
    names: dict[str, str] = {}
    for path in corpus_files([folder]):
        if (work := known.recognise(read(path).text)) is not None:
            names |= dict.fromkeys((path.name, path.stem, path.stem.split("_")[0]), work.id)
    if not names:
        raise LibraryError(f"No file in {folder} is a work of the catalogue {catalogue}.", "Give a folder with full texts.")
    return names


def _same_content(digest: str, folders: Sequence[Path]) -> Path | None:
    there = [folder for folder in folders if folder.is_dir()]
    return next((path for path in corpus_files(there) if sha256_of(path) == digest), None)


def _copy(path: Path, target: Path) -> None:
    # A copy that is cut short must not look like a work.
    unfinished = target.with_name(f".{target.name}")
    try:
        shutil.copyfile(path, unfinished)
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def _free_name(path: Path) -> Path:
    number = 2
    free = path
    while free.exists() or is_reserved(free.name):
        free = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return free
