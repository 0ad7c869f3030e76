"""What an index folder says of itself: which generation is in use, what it was made of, and whether it is whole."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from askjapan.errors import IndexDamaged, IndexMissing, IndexStale
from askjapan.records import Document, FileReport, Page

FORMAT = 3
REBUILD = "Build it with `askjapan index`."
CURRENT = "CURRENT"
GENERATION = re.compile(r"store-(\d+)-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made of. `fingerprint` is the same on any machine for the same files and settings.

    `files` maps each file's absolute path to its SHA-256 ("" if it could not be opened); `skipped` maps paths to the reason
    why they are not in the index; `reports` say how each file was read; `parts` maps the generation's own files to their sizes
    in bytes, so that a file cut short is noticed. `stamps` maps files to their size and time of change (ns), where both together say that a
    file is the same; `read_as` is a hash of what decides how a file is read.
    """

    fingerprint: str
    encoder: Mapping[str, str]
    multilingual: Mapping[str, str] | None
    chunking: Mapping[str, Any]
    folders: tuple[str, ...]
    files: Mapping[str, str]
    skipped: Mapping[str, str]
    documents: tuple[Document, ...]
    passages: int
    format: int = FORMAT
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)
    reports: tuple[FileReport, ...] = ()
    stamps: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    read_as: str = ""

    @property
    def works(self) -> tuple[Document, ...]:
        """The documents that count as works of the library."""
        return tuple(document for document in self.documents if document.is_listed)


def generation(folder: Path) -> Path:
    """The generation in use.

    Raises:
        IndexMissing: nothing has been built in the folder.
        IndexDamaged: the file that names it cannot be read.
    """
    pointer = folder / CURRENT
    if not pointer.is_file():
        raise IndexMissing(f"There is no index in {folder}.", REBUILD)
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{pointer} cannot be read ({error}).", REBUILD) from error
    if not GENERATION.fullmatch(name):
        raise IndexDamaged(f"{pointer} names no generation of an index.", REBUILD)
    return folder / name


def read_manifest(folder: Path) -> Manifest:
    """The manifest alone: enough to tell whether an index is stale, without loading it.

    Raises:
        IndexMissing: nothing has been built there.
        IndexStale: it has another format.
        IndexDamaged: it is missing or not readable.
    """
    return manifest_of(folder, generation(folder))


def manifest_of(folder: Path, store: Path) -> Manifest:
    """The manifest of one generation; errors as for `read_manifest`."""
    try:
        data = json.loads((store / "manifest.json").read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise IndexStale(f"The index in {folder} has format {data['format']}, this version reads format {FORMAT}.", REBUILD)
        data["documents"] = tuple(_document(entry) for entry in data["documents"])
        data["folders"] = tuple(data["folders"])
        data["warnings"] = {path: tuple(sentences) for path, sentences in data["warnings"].items()}
        data["parts"] = dict(data["parts"])
        data["stamps"] = {path: (int(size), int(changed)) for path, (size, changed) in data.get("stamps", {}).items()}
        data["reports"] = tuple(FileReport(**{**line, "warnings": tuple(line["warnings"])}) for line in data.get("reports", ()))
        return Manifest(**data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"The manifest of the index in {folder} cannot be read ({error}).", REBUILD) from error


def check_parts(folder: Path, store: Path, manifest: Manifest) -> None:
    """Compare a generation's files with what was written.

    Raises:
        IndexDamaged: one is missing or has another size.
    """
    for name, size in manifest.parts.items():
        path = store / name
        if not path.is_file():
            raise IndexDamaged(f"The index in {folder} lacks its file {name}.", REBUILD)
        if (found := path.stat().st_size) != size:
            raise IndexDamaged(f"The index in {folder} is damaged: {name} has {found} bytes instead of {size}.", REBUILD)


def _document(data: dict[str, Any]) -> Document:
    data = {key: tuple(value) if key in ("authors", "themes") else value for key, value in data.items()}
    return Document(**{**data, "pages": tuple(Page(**page) for page in data["pages"])})
