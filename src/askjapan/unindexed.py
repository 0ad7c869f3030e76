"""What lies in the corpus folders but not in the index, why, and what to do about it: nothing that was added is ever out of sight."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from askjapan.documents.given_facts import ENDING, facts_path
from askjapan.documents.readers import is_supported
from askjapan.errors import UnsupportedFormat
from askjapan.index.corpus import all_files, digest_now
from askjapan.index.manifest import Manifest
from askjapan.library import UNFINISHED

NO_INDEX = "There is no index yet."
NEW = "It came after the index was built."
CHANGED = "It has changed since the index was built, which holds it as it was."
INDEX_IT = "`askjapan index` puts it into the index"


@dataclass(frozen=True, slots=True)
class Unindexed:
    """A file that is not in the index as it is now; `reason` says why, `remedy` how to index or remove it."""

    path: Path
    reason: str
    remedy: str


def unindexed(folders: Sequence[Path], works: Path, manifest: Manifest | None) -> list[Unindexed]:
    """The files of the corpus that no question reaches, in the order of their folders.

    Args:
        folders: of the corpus.
        works: the folder of the user's own works, which `askjapan remove` may delete.
        manifest: of the index in use; None where there is none.

    Raises:
        LibraryError: a folder does not exist.
    """
    skipped = {os.path.abspath(name): reason for name, reason in manifest.skipped.items()} if manifest else {}
    found = [entry for path in all_files(folders) if (entry := _state(path, works, manifest, skipped))]
    return [*found, *_left_over(folders)]


def _state(path: Path, works: Path, manifest: Manifest | None, skipped: Mapping[str, str]) -> Unindexed | None:
    place = os.path.abspath(path)
    removal = _removal(path, works)
    if not is_supported(path):
        return Unindexed(path, str(UnsupportedFormat(f"{path.name} has no reader.")), f"{removal[0].upper()}{removal[1:]}.")
    if manifest is None or place not in manifest.files:
        return Unindexed(path, NO_INDEX if manifest is None else NEW, f"{INDEX_IT}; {removal}.")
    if manifest.files[place] != digest_now(path, manifest):
        return Unindexed(path, CHANGED, f"{INDEX_IT} as it is now; {removal}.")
    if place in skipped:
        return Unindexed(path, skipped[place], f"Mend it and run `askjapan index`, or {removal}.")
    return None


def _removal(path: Path, works: Path) -> str:
    own = path.parent.resolve() == works.resolve()
    return f"`askjapan remove {_quoted(path.name)}` deletes it" if own else "delete the file to be rid of it"


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _left_over(folders: Sequence[Path]) -> Iterator[Unindexed]:
    """Copies that were cut short, and facts whose file is gone."""
    seen: set[str] = set()
    for folder in folders:
        for path in sorted(folder.rglob(f"*{UNFINISHED}")):
            if path.name.startswith(".") and (place := os.path.abspath(path)) not in seen:
                seen.add(place)
                yield Unindexed(
                    path, "Adding it was interrupted, and this is a part of it.", "Add the file again, and delete this one."
                )
        for path in sorted(folder.rglob(f"*{ENDING}")):
            owner = path.with_name(path.name.removesuffix(ENDING))
            if facts_path(owner) == path and not owner.exists() and (place := os.path.abspath(path)) not in seen:
                seen.add(place)
                yield Unindexed(
                    path,
                    f"These facts belong to {owner.name}, which is not there.",
                    "Name them after the file again, or delete them.",
                )
