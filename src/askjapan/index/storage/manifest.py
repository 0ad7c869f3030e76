"""Manifest of an index folder: the generation in use, what it was made of, and whether it is whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from askjapan.errors import IndexDamaged, IndexMissing, IndexStale
from askjapan.index.storage.checksums import REBUILD, Checksums
from askjapan.readings import FileReport
from askjapan.records import Document
from askjapan.sayings import Saying

FORMAT = 4
_WITHOUT_SUMS = (1, 2)  # formats of earlier versions
CURRENT = "CURRENT"
VECTORS = "vectors/"
"""Folder of FAISS's files in a generation."""
GENERATION = re.compile(r"store-(\d+)-([0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Manifest:
    """Record of what an index was made of. `fingerprint` is the same on any machine for the same files and settings.

    `files` maps each file's absolute path to its SHA-256 ("" if it could not be opened); `skipped` maps paths to the reason
    why they are not in the index; `reports` say how each file was read; `parts` maps the generation's own files to their sizes
    in bytes, `sums` to their SHA-256, so that damage is noticed. `stamps` maps files to their size and time of change (ns), where both
    together say that a file is the same; `read_as` is a hash of what decides how a file is read; `kinds` names FAISS's index of each
    vector set, as "Flat" or "IVF4096,Flat".
    """

    fingerprint: str
    encoder: Mapping[str, str]
    multilingual: Mapping[str, str] | None
    chunking: Mapping[str, Any]
    folders: tuple[str, ...]
    files: Mapping[str, str]
    skipped: Mapping[str, Saying]
    documents: tuple[Document, ...]
    passages: int
    format: int = FORMAT
    warnings: Mapping[str, tuple[Saying, ...]] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, str] = field(default_factory=dict)
    reports: tuple[FileReport, ...] = ()
    stamps: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    read_as: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

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
    name = _named(pointer)
    # A build that ends meanwhile takes this generation away and names another.
    while not (folder / name).is_dir():
        again = _named(pointer)
        if again == name:
            raise IndexDamaged(f"{pointer} names {name}, which is not there.", REBUILD)
        name = again
    return folder / name


def _named(pointer: Path) -> str:
    try:
        text = pointer.read_bytes().decode("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{pointer} cannot be read ({error}).", REBUILD) from error
    name = text.removesuffix("\n")
    if name == text or not GENERATION.fullmatch(name):
        raise IndexDamaged(f"{pointer} names no generation of an index.", REBUILD)
    return name


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
        content = (store / "manifest.json").read_bytes()
        if not store.name.endswith(seal(content)) and not _is_of_earlier_version(content):
            raise IndexDamaged(f"The index in {folder} is damaged: manifest.json has other contents than were written.", REBUILD)
        data = json.loads(content)
        if data["format"] != FORMAT:
            raise IndexStale(f"The index in {folder} has format {data['format']}, this version reads format {FORMAT}.", REBUILD)
        if lacking := {"warnings", "parts", "sums"} - data.keys():
            raise KeyError(min(lacking))
        return _manifests().validate_python(_with_sayings(data))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise IndexDamaged(f"The manifest of the index in {folder} cannot be read ({reason}).", REBUILD) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"The manifest of the index in {folder} cannot be read ({error}).", REBUILD) from error


def _with_sayings(data: dict[str, Any]) -> dict[str, Any]:
    """The data of a manifest; warnings and reasons that an earlier version wrote down as sentences become sayings."""
    reports = [
        {
            **report,
            "warnings": _warnings(report.get("warnings", ())),
            "left_out": _saying("ReadingError", report.get("left_out")) or None,
        }
        for report in data.get("reports", ())
    ]
    skipped = {path: _saying("ReadingError", reason) for path, reason in data["skipped"].items()}
    warnings = {path: _warnings(told) for path, told in data["warnings"].items()}
    return {**data, "skipped": skipped, "warnings": warnings, "reports": reports}


def _warnings(told: Iterable[object]) -> list[object]:
    return [_saying("warning", warning) for warning in told]


def _saying(key: str, told: object) -> object:
    return asdict(Saying.of(key, told=told)) if isinstance(told, str) and told else told


def seal(content: bytes) -> str:
    """The end of a generation's name: the first 12 hexadecimal digits of its manifest's SHA-256."""
    return hashlib.sha256(content).hexdigest()[:12]


def _is_of_earlier_version(content: bytes) -> bool:
    try:
        data = json.loads(content)
    except ValueError:
        return False
    return isinstance(data, dict) and data.get("format") in _WITHOUT_SUMS


def checksums_of(folder: Path, store: Path, manifest: Manifest, *, vectors: bool = True) -> Checksums:
    """The checksums of a generation's files; without `vectors` those of the vectors are left out."""
    return Checksums(folder, store, manifest.parts, manifest.sums, None if vectors else VECTORS)


def damage(folder: Path, *, vectors: bool = True) -> list[str]:
    """The damage to the files of the index in use, one sentence a file; every file is read, and the list is empty if all are whole.

    Args:
        folder: the index folder.
        vectors: whether the files of the vectors have to be there; a server may have them.

    Raises:
        IndexMissing: nothing has been built there.
        IndexStale: it has another format, or a newer build has taken its generation away in the meantime.
        IndexDamaged: its manifest cannot be used.
    """
    store = generation(folder)
    return [error.message for error in checksums_of(folder, store, manifest_of(folder, store), vectors=vectors).damage()]


@cache
def _manifests() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)
