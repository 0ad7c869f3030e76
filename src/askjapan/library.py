"""The user's own works: files are copied into `corpus/works/`, judged by their content, listed and removed."""

from __future__ import annotations

import glob
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from askjapan.catalogue import Catalogue, describe
from askjapan.corpus import corpus_files, sha256_of
from askjapan.errors import AskJapanError, DuplicateWork, LibraryError, UnknownWork
from askjapan.reading import is_supported, read
from askjapan.records import Document


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file given to `add`: the document that it is, or the error that kept it out."""

    given: Path
    document: Document | None = None
    error: AskJapanError | None = None


def find_files(patterns: Sequence[str]) -> Iterator[Path]:
    """The files that paths, folders and globs name, each once; folders give the files in them that have a reader.

    Raises:
        LibraryError: a path or glob names nothing.
    """
    seen: set[Path] = set()
    for pattern in patterns:
        path = Path(pattern).expanduser()
        if path.is_dir():
            found = [file for file in sorted(path.rglob("*")) if file.is_file() and is_supported(file)]
        else:
            found = (
                [path]
                if path.is_file()
                else [Path(name) for name in sorted(glob.glob(str(path), recursive=True)) if Path(name).is_file()]
            )
        if not found:
            raise LibraryError(f"{pattern} names no file that askjapan could read.", "Check the path.")
        for file in found:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def add(path: Path, works: Path, folders: Sequence[Path], catalogue: Catalogue) -> Added:
    """Copy one file into the user's works if it can be read and its contents are not in the corpus yet; nothing is overwritten."""
    try:
        digest = sha256_of(path)
        if twin := _same_content(digest, folders):
            raise DuplicateWork(f"{path.name} is in the corpus already, as {twin}.")
        document = describe(path, digest, read(path), catalogue)
        works.mkdir(parents=True, exist_ok=True)
        target = _free_name(works / path.name)
        shutil.copyfile(path, target)
    except AskJapanError as error:
        return Added(path, error=error)
    except OSError as error:
        return Added(path, error=LibraryError(f"{path} could not be copied: {error.strerror or error}.", "Nothing was changed."))
    return Added(path, document=document)


def remove(name: str, works: Path, documents: Sequence[Document]) -> Path:
    """Delete one of the user's works, named by its document id or file name.

    Raises:
        UnknownWork: it is no work of the user; the project's own notes cannot be removed.
    """
    by_id = next((Path(document.path) for document in documents if document.id == name), None)
    path = by_id or works / Path(name).name
    if not path.is_file() or works.resolve() not in path.resolve().parents:
        raise UnknownWork(f"There is no work {name!r} among the files that you added.")
    path.unlink()
    return path


def _same_content(digest: str, folders: Sequence[Path]) -> Path | None:
    there = [folder for folder in folders if folder.is_dir()]
    return next((path for path in corpus_files(there) if sha256_of(path) == digest), None)


def _free_name(path: Path) -> Path:
    number = 2
    free = path
    while free.exists():
        free = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return free
