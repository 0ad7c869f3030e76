"""Repairs what processes that died left behind in the works, the index folder and among uploads. No file of the user is deleted."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from askjapan.errors import AskJapanError, IndexFault, LibraryError
from askjapan.file_names import path_of
from askjapan.index.storage.manifest import GENERATION, generation
from askjapan.index.storage.store import BUILDING, building_lock
from askjapan.index.works.journal import PERMISSIONS, UNFINISHED, Journal
from askjapan.index.works.unindexed import left_over
from askjapan.settings import Settings

MEND = "`askjapan doctor --mend` puts it in order."
UPLOAD_SECONDS = 86_400
SET_ASIDE = "set-aside"


def mend(settings: Settings) -> list[str]:
    """Repair what can be repaired; returns a sentence on each repair.

    Raises:
        LibraryError: another process changes the works, or a file cannot be moved or deleted.
        IndexBusy: a build is running.
        IndexFault: the index folder cannot be read or written to.
    """
    journal = Journal(settings.works)
    told = journal.settle()
    folders = [folder for folder in settings.corpus_folders if folder.is_dir()]
    try:
        if any(left_over(folders)):
            with journal.held():
                told += [_put_away(path_of(str(entry.path)), journal.folder / SET_ASIDE) for entry in left_over(folders)]
        told += [_deleted(path, "it was left of a build that died") for path in half_built(settings.index_folder)]
        told += [_deleted(path, "it was uploaded and never added") for path in half_uploaded(settings)]
    except OSError as error:
        raise LibraryError(
            f"{error.filename or settings.works} cannot be changed: {error.strerror or error}.", PERMISSIONS
        ) from error
    return told


def half_built(folder: Path) -> list[Path]:
    """Folders that builds that died have left in an index folder.

    Raises:
        IndexBusy: a build is running, to which it may belong.
        IndexFault: the folder cannot be read or written to.
    """
    if not folder.is_dir():
        return []
    try:
        left = sorted(path for path in folder.iterdir() if path.name.startswith(BUILDING) or GENERATION.fullmatch(path.name))
    except OSError as error:
        raise IndexFault(f"The index folder {folder} cannot be read: {error.strerror or error}.", PERMISSIONS) from error
    try:
        used = generation(folder)
    except AskJapanError:
        # An index whose pointer is damaged is built anew; until then nothing of it is deleted.
        left, used = [path for path in left if path.name.startswith(BUILDING)], folder
    left = [path for path in left if path != used]
    if not left:
        return []
    with building_lock(folder):
        return [path for path in left if path.exists()]


def half_uploaded(settings: Settings) -> list[Path]:
    """Uploads to the chat that are more than a day old: those that were added have been copied to the works since then.

    Raises:
        LibraryError: their folder cannot be read.
    """
    folder = settings.conversations_file.parent / "uploads"
    try:
        return list(_older(folder, UPLOAD_SECONDS)) if folder.is_dir() else []
    except OSError as error:
        raise LibraryError(f"The folder {folder} cannot be read: {error.strerror or error}.", PERMISSIONS) from error


def _older(folder: Path, seconds: float) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if time.time() - path.lstat().st_mtime > seconds:
            yield path


def _put_away(path: Path, aside: Path) -> str:
    """Delete a copy that was cut short, whose original is where it was; set aside what the user may have typed."""
    if path.name.startswith(".") and path.name.endswith(UNFINISHED):
        return _deleted(path, "a copy was cut short there")
    aside.mkdir(parents=True, exist_ok=True)
    target = aside / path.name
    number = 2
    while os.path.lexists(target):
        target = aside / f"{number}-{path.name}"
        number += 1
    os.replace(path, target)
    return f"{path} was moved to {target}: the work that it belongs to is not there."


def _deleted(path: Path, why: str) -> str:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    return f"{path} was deleted: {why}."
