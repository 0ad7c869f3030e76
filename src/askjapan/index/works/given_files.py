"""Finds the files that paths, folders, globs and bibliographies name, before any is added."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path

from askjapan.documents.facts.bibliography_files import zotero_of
from askjapan.documents.facts.references import Bibliography, faults_of
from askjapan.errors import LibraryError
from askjapan.home import expanded
from askjapan.index.works.bibliographies import load_bibliography
from askjapan.index.works.corpus import corpus_files


def find_files(patterns: Sequence[str]) -> list[Path]:
    """The files that paths, folders and globs name, each once; folders give the works in them that have a reader.

    Raises:
        LibraryError: a path or glob names nothing.
    """
    by_target: dict[Path, Path] = {}
    for pattern in patterns:
        files = list(_named_by(pattern))
        if not files:
            raise LibraryError(f"{pattern} names no file that askjapan could read.", "Check the path.")
        for file in files:
            by_target.setdefault(file.resolve(), file)
    return list(by_target.values())


def _named_by(pattern: str) -> Iterator[Path]:
    path = expanded(Path(pattern))
    if path.is_dir():
        yield from corpus_files([path], links=True)
    elif path.is_file():
        yield path
    else:
        yield from (Path(name) for name in sorted(glob.glob(str(path), recursive=True)) if Path(name).is_file())


def to_add(files: Sequence[str], given: Sequence[Path]) -> tuple[list[Path], list[Bibliography]]:
    """The files to add, and the bibliographies to describe them by; if none is given, the Zotero library that files lie in.

    Args:
        files: paths, folders or globs; without any, the files that the bibliographies name.
        given: bibliographies.

    Raises:
        LibraryError: there is nothing to add, a path or glob names nothing, or a bibliography cannot be read.
    """
    bibliographies = [load_bibliography(path) for path in given]
    if not files and not given:
        raise LibraryError("No file was given.", "Give files, folders or globs, or a bibliography that names files.")
    paths = find_files(files) if files else [file for bibliography in bibliographies for file in bibliography.files]
    if not paths:
        raise LibraryError(f"{', '.join(map(str, given))} names no files.{faults_of(bibliographies)}", "Give the files as well.")
    databases = [] if given else dict.fromkeys(database for path in paths if (database := zotero_of(path)))
    return paths, [*bibliographies, *map(load_bibliography, databases)]
