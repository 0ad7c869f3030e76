"""Lists the files of the corpus folders that are not in the index, each with the reason and what to do about it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from askjapan.documents.facts.given_facts import ENDING as FACTS
from askjapan.documents.readers import is_supported
from askjapan.documents.readers.ocr import ENDING as TEXT
from askjapan.errors import UnsupportedFormat
from askjapan.file_names import path_text
from askjapan.index.storage.manifest import Manifest
from askjapan.index.works.corpus import all_files, digest_now, not_read, paths_under
from askjapan.index.works.journal import FOLDER as JOURNAL
from askjapan.index.works.journal import UNFINISHED
from askjapan.sayings import Saying

NO_INDEX = Saying.of("no_index")
NEW = Saying.of("came_later")
CHANGED = Saying.of("has_changed")
MEND_IT = "`askjapan doctor --mend` puts it in order"
_BELONGS = {
    FACTS: "facts_without_file",
    TEXT: "text_without_file",
}
INDEX_IT = "`askjapan index` puts it into the index"


@dataclass(frozen=True, slots=True)
class Unindexed:
    """A file that is not in the index as it is now; `reason` says why, `remedy` how to index or remove it.

    `path` is written so that any text can hold it (`askjapan.file_names.path_text`).
    """

    path: Path
    reason: Saying
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
    entries = [entry for path in all_files(folders) if (entry := _state(path, works, manifest, skipped))]
    return [*entries, *_not_opened(folders, works), *left_over(folders)]


def in_index(path: Path, manifest: Manifest) -> bool:
    """Whether the index holds a file: as it is now, or at all where the file itself is gone."""
    place = path_text(os.path.abspath(path))
    if not os.path.lexists(path):
        return place in manifest.files
    return manifest.files.get(place) == digest_now(path, manifest)


def _not_opened(folders: Sequence[Path], works: Path) -> Iterator[Unindexed]:
    for path, reason in not_read(folders):
        removal = _removal(path, works)
        yield Unindexed(Path(path_text(path)), reason, f"{removal[0].upper()}{removal[1:]}.")


def _state(path: Path, works: Path, manifest: Manifest | None, skipped: Mapping[str, Saying]) -> Unindexed | None:
    place = path_text(os.path.abspath(path))
    removal = _removal(path, works)
    digest, path = digest_now(path, manifest) if manifest else "", Path(path_text(path))
    if not is_supported(path):
        return Unindexed(path, UnsupportedFormat(f"{path.name} has no reader.").saying, f"{removal[0].upper()}{removal[1:]}.")
    if manifest is None or place not in manifest.files:
        return Unindexed(path, NO_INDEX if manifest is None else NEW, f"{INDEX_IT}; {removal}.")
    if manifest.files[place] != digest:
        return Unindexed(path, CHANGED, f"{INDEX_IT} as it is now; {removal}.")
    if place in skipped:
        return Unindexed(path, skipped[place], f"Mend it and run `askjapan index`, or {removal}.")
    return None


def _removal(path: Path, works: Path) -> str:
    own = path.parent.resolve() == works.resolve()
    return f"`askjapan remove {_quoted(path_text(path.name))}` deletes it" if own else "delete the file to be rid of it"


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def left_over(folders: Sequence[Path]) -> Iterator[Unindexed]:
    """Copies that were cut short, and what was kept beside a file that is gone."""
    seen: set[str] = set()
    for path in (path for folder in folders for path in paths_under(folder) if path.name.endswith((UNFINISHED, *_BELONGS))):
        entry = _left(path)
        if entry is not None and (place := os.path.abspath(path)) not in seen:
            seen.add(place)
            yield entry


def _left(path: Path) -> Unindexed | None:
    shown = Path(path_text(path))
    if path.name.endswith(UNFINISHED):
        told = Saying.of("adding_interrupted")
        hidden = path.name.startswith(".") and JOURNAL not in path.parts
        return Unindexed(shown, told, f"{MEND_IT}, or delete it; then add the file again.") if hidden else None
    ending = next(ending for ending in _BELONGS if path.name.endswith(ending))
    owner = path.with_name(path.name.removesuffix(ending))
    if os.path.lexists(owner) or path.name == ending or JOURNAL in path.parts:
        return None
    return Unindexed(
        shown, Saying.of(_BELONGS[ending], owner=path_text(owner.name)), f"Name it after the file again, or {MEND_IT}."
    )
