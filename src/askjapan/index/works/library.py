"""The user's own works: files are copied into `corpus/works/`, judged by their content, corrected and removed.

`add`, `remove` and `edit` may be called by any number of threads and processes. They go through `journal`: whatever ends them, a work
is there whole with what is kept beside it, or not at all, and never twice. They change files only. A change is in the index when a
build that *began after it* has ended: `build_index(wait=True)` waits for a build that is running and then builds, and
`unindexed.in_index` says whether the index holds a file as it is now. What a process that died has left is settled by the next call,
or by `Journal(works).settle()` at a start.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from askjapan.documents.facts.catalogue import Catalogue, describe, load_catalogue, sketch
from askjapan.documents.facts.given_facts import BY_HAND, Facts, Given, keep_given, load_given
from askjapan.documents.facts.references import Bibliography
from askjapan.documents.readers import SUFFIXES
from askjapan.documents.readers.ocr import ENDING, read_whole
from askjapan.errors import AskJapanError, DuplicateWork, LibraryError, UnknownWork
from askjapan.file_names import path_of
from askjapan.index.storage.checksums import sha256_of
from askjapan.index.works.corpus import corpus_files, is_reserved
from askjapan.index.works.journal import Journal, beside, unfinished
from askjapan.readings import Reading
from askjapan.records import Document
from askjapan.sayings import Saying

LONGEST_NAME = 220
"""Bytes of a copy's name: systems allow 255, and what is kept beside a work has its name with more behind it."""


@dataclass(frozen=True, slots=True)
class Added:
    """Result of `add` for one file: the document that it is and its file in the corpus, or the error that kept it out.

    `known` says that its contents were in the corpus already, and only took their facts from a bibliography.
    """

    given: Path
    document: Document | None = None
    error: AskJapanError | None = None
    copy: Path | None = None
    known: bool = False


def readable_endings() -> frozenset[str]:
    """The endings of the files that can be added, in small letters with their dot."""
    return SUFFIXES


def add(
    path: Path,
    works: Path,
    folders: Sequence[Path],
    catalogue: Catalogue | Path,
    bibliographies: Sequence[Bibliography] = (),
) -> Added:
    """Copy one file into the user's works if it can be read and its contents are not in the corpus yet.

    Nothing is overwritten: the copy gets a number where its name is taken, or is one that the build passes over. Errors are returned,
    not raised.

    Args:
        path: the file.
        works: the folder for the copy.
        folders: the corpus, searched for the same contents.
        catalogue: the known works, or the file that lists them.
        bibliographies: the first one with an entry for the file gives its facts, also to the same contents in the corpus.
    """
    try:
        digest = sha256_of(path)
        searched = (*folders, works)
        twin = _same_content(path, digest, searched)
        # Scans are recognised by the build, which keeps what it reads beside the copy.
        reading = read_whole(path, now=False) if bibliographies or not twin else None
        listed = _listed(path, reading, bibliographies) if reading else {}
        if reading is None or (twin and not listed):
            raise DuplicateWork(f"{path.name} is in the corpus already, as {twin}.")
        known = load_catalogue(catalogue) if isinstance(catalogue, Path) else catalogue
        if twin:
            keep_given(twin, listed)
            return Added(path, describe(twin, digest, reading, known, load_given(twin)), copy=twin, known=True)
        given = load_given(path)
        given = {**given, **{name: fact for name, fact in listed.items() if name not in given or given[name].source != BY_HAND}}
        document = describe(path, digest, reading, known, given)
        works.mkdir(parents=True, exist_ok=True)
        journal = Journal(works)
        with journal.held():
            # Another process may have added the same while this one was reading.
            if twin := _same_content(path, digest, searched):
                raise DuplicateWork(f"{path.name} is in the corpus already, as {twin}.")
            copy = _free_name(works / path.name.lstrip("."))
            with journal.noted("add", copy.name):
                # What is kept beside it first: a copy that is there has it from the beginning.
                keep_given(copy, given)
                if os.path.isfile(recognised := path.with_name(path.name + ENDING)):
                    _copy(recognised, copy.with_name(copy.name + ENDING))
                _copy(path, copy)
    except AskJapanError as error:
        return Added(path, error=error)
    except OSError as error:
        return Added(path, error=LibraryError(Saying.of("not_copied", name=str(path), cause=error.strerror or str(error))))
    return Added(path, document=document, copy=copy)


def _listed(path: Path, reading: Reading, bibliographies: Sequence[Bibliography]) -> Facts:
    return next((facts for bibliography in bibliographies if (facts := bibliography.facts_for(path, reading))), {})


def remove(name: str, works: Path, documents: Sequence[Document]) -> Path:
    """Delete one of the user's works, named by its document id or file name.

    Raises:
        UnknownWork: it is no work of the user; the project's own notes cannot be removed.
        LibraryError: the file cannot be deleted.
    """
    path = _own_work(name, works, documents)
    if path is None:
        raise UnknownWork(f"There is no work {name!r} among the files that you added.")
    journal = Journal(works)
    try:
        with journal.held(), journal.noted("remove", path.relative_to(works.resolve()).as_posix()):
            path.unlink()
            for kept in beside(path):
                kept.unlink(missing_ok=True)
    except FileNotFoundError:
        raise UnknownWork(f"There is no work {name!r} among the files that you added.") from None
    except OSError as error:
        raise LibraryError(Saying.of("not_deleted", name=str(path), cause=error.strerror or str(error))) from error
    return path


def edit(
    name: str,
    works: Path,
    documents: Sequence[Document],
    *,
    title: str | None = None,
    authors: str | None = None,
    year: str | None = None,
) -> Path:
    """Correct facts of a work, named by its document id or, for one of the user's, by its file name; they are kept beside its file.

    Args:
        name: of the work.
        works: the folder of the user's own works.
        documents: of the index.
        title, authors, year: as typed; authors are separated by semicolons. None leaves a fact as it is, an empty text goes back to
            what was found.

    Returns:
        The work's file. The facts are in force after the next build.

    Raises:
        UnknownWork: it is neither in the index nor a work of the user.
        LibraryError: nothing is given, the year is none, or the folder of the file cannot be written to.
        CatalogueError: the facts beside the file cannot be used.
    """
    typed = {"title": title, "authors": authors, "year": year}
    facts = {field: _typed(field, " ".join(text.split())) for field, text in typed.items() if text is not None}
    if not facts:
        raise LibraryError("Nothing to correct was given.", "Give a title, authors or a year.")
    in_index = next((path_of(document.path) for document in documents if document.id == name), None)
    path = in_index or _own_work(name, works, documents)
    if path is None or not path.is_file():
        raise UnknownWork(f"There is no work {name!r}.")
    if path.parent.resolve() != works.resolve():
        keep_given(path, facts)
        return path
    with Journal(works).held():
        if not path.is_file():
            raise UnknownWork(f"There is no work {name!r}.")
        keep_given(path, facts)
    return path


def _typed(field: str, text: str) -> Given | None:
    if not text:
        return None
    if field == "authors":
        return Given(tuple(name.strip() for name in re.split("[;；]", text) if name.strip()), BY_HAND)
    if field == "title":
        return Given(text, BY_HAND)
    if not re.fullmatch(r"[12]\d{3}", text):
        raise LibraryError(Saying.of("no_year", text=text))
    return Given(int(text), BY_HAND)


def _own_work(name: str, works: Path, documents: Sequence[Document]) -> Path | None:
    """A file in the folder of works; also one that is never opened, such as a link that leads out of it: the link itself."""
    by_id = next((path_of(document.path) for document in documents if document.id == name), None)
    named = by_id or path_of(str(works / Path(name).name))
    path = named.parent.resolve() / named.name
    inside = works.resolve() in path.parents and not any(part.startswith(".") for part in path.relative_to(works.resolve()).parts)
    return (
        path
        if inside and not is_reserved(path.name) and os.path.lexists(path) and (path.is_symlink() or not path.is_dir())
        else None
    )


def sketch_of(path: Path) -> list[str]:
    """The hashes that recognise a full text, for the catalogue.

    Raises:
        ReadingError: the file cannot be read.
        LibraryError: its text is too short to be recognised by.
    """
    hashes = sketch(read_whole(path).text)
    if not hashes:
        raise LibraryError(f"{path.name} has too few words to be recognised by.", "Give the full text of a work.")
    return hashes


def recognised(folder: Path, catalogue: Path) -> dict[str, str]:
    """Names of the files of a folder, mapped to the ids of the catalogued works that they hold, recognised by content.

    A file `000_ab12.txt` may be called by its name, its name without the ending, or what stands before the first underscore.

    Raises:
        LibraryError: the folder does not exist, or holds no work of the catalogue.
        ReadingError: a file cannot be read.
    """
    known = load_catalogue(catalogue)
    names: dict[str, str] = {}
    for path in corpus_files([folder]):
        if (work := known.recognise(read_whole(path).text)) is not None:
            names |= dict.fromkeys((path.name, path.stem, path.stem.split("_")[0]), work.id)
    if not names:
        raise LibraryError(f"No file in {folder} is a work of the catalogue {catalogue}.", "Give a folder with full texts.")
    return names


def _same_content(path: Path, digest: str, folders: Sequence[Path]) -> Path | None:
    size = path.stat().st_size
    there = [folder for folder in folders if folder.is_dir()]
    return next((file for file in corpus_files(there) if file.stat().st_size == size and sha256_of(file) == digest), None)


def _copy(path: Path, target: Path) -> None:
    # A copy that is cut short must not look like a work.
    part = unfinished(target)
    try:
        shutil.copyfile(path, part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def _free_name(path: Path) -> Path:
    number = 2
    while len(os.fsencode(path.name)) > LONGEST_NAME and len(path.stem) > 1:
        path = path.with_stem(path.stem[:-1].rstrip() or "work")
    free = path
    while any(os.path.lexists(taken) for taken in (free, *beside(free))) or is_reserved(free.name):
        free = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return free
