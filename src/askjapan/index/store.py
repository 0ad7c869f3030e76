"""One index folder: saved whole, opened checked, searched without side effects.

```
index/
├── CURRENT            the name of the generation in use; replaced by one rename
└── store-<n>-<hash>/  one generation
    ├── manifest.json  format, encoder, chunking, corpus fingerprint, documents, what was left out and why
    ├── passages.jsonl one passage a line
    ├── texts/         each document's text as read
    ├── vectors/       FAISS: passages and their units, of the encoder and of the multilingual one; NumPy: passages' word pieces
    └── lexical/       BM25 over passages and over units
```
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askjapan.errors import IndexBusy, IndexDamaged, IndexFault, IndexStale
from askjapan.index.bm25 import LexicalIndex
from askjapan.index.encoder import Vectors
from askjapan.index.late_interaction import TokenCodes, TokenVectors, from_codes
from askjapan.index.manifest import CURRENT, GENERATION, REBUILD, Manifest, check_parts, generation, manifest_of
from askjapan.records import Document, Passage, Unit

VECTOR_SETS = ("passages", "units", "passages-multilingual")
LEXICAL_SETS = ("passages", "units")


@dataclass(frozen=True)
class Index:
    """An opened index. Search methods return one score a row, so callers never depend on another caller's options."""

    folder: Path
    manifest: Manifest
    passages: tuple[Passage, ...]
    lexical: Mapping[str, LexicalIndex]
    vectors: Mapping[str, Any]
    tokens: TokenVectors

    @cached_property
    def documents(self) -> dict[str, Document]:
        """The documents by id."""
        return {document.id: document for document in self.manifest.documents}

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """For each unit row, the number of its passage."""
        return np.repeat(np.arange(len(self.passages)), [len(passage.units) for passage in self.passages])

    @cached_property
    def _first_units(self) -> NDArray[np.int64]:
        return np.concatenate([[0], np.cumsum([len(passage.units) for passage in self.passages])]).astype(np.int64)

    def unit_rows(self, number: int) -> slice:
        """The unit rows of a passage, by its number."""
        return slice(int(self._first_units[number]), int(self._first_units[number + 1]))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The row of each passage id."""
        return {passage.id: number for number, passage in enumerate(self.passages)}

    def text(self, document_id: str) -> str:
        """A document's text as read when the index was built.

        Raises:
            IndexStale: the generation was replaced by a newer build in the meantime.
            IndexDamaged: the text cannot be read.
        """
        path = self.folder / "texts" / f"{document_id}.txt"
        try:
            return path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            if not self.folder.is_dir():
                raise IndexStale("The index was rebuilt in the meantime.", "Open it again.") from None
            raise IndexDamaged(f"The text of {document_id} in {self.folder} cannot be read ({error}).", REBUILD) from error

    def similarities(self, name: str, vector: Vectors) -> NDArray[np.float32]:
        """The cosine of a query vector with every row of a vector set, shape (rows,)."""
        matrix = self._matrix(name)
        return np.asarray(matrix @ vector.reshape(-1), dtype=np.float32)

    def vectors_of(self, name: str) -> Vectors:
        """All rows of a vector set, shape (rows, dimension); a view, not to be written to."""
        return self._matrix(name)

    def _matrix(self, name: str) -> Vectors:
        return self._matrices[name]

    @cached_property
    def _matrices(self) -> dict[str, Vectors]:
        """The rows of each vector set, copied out of FAISS once: a view would dangle when the index goes before its last reader."""
        return {name: flat.reconstruct_n(0, flat.ntotal) for name, flat in self.vectors.items()}


def save(
    folder: Path,
    manifest: Manifest,
    passages: Sequence[Passage],
    texts: Mapping[str, str],
    vectors: Mapping[str, Vectors],
    tokens: TokenCodes,
) -> Path:
    """Write a generation beside the one in use and swap it in by one rename; an interrupted save leaves the old one serving.

    Args:
        folder: the index folder.
        manifest, passages, texts: what to keep; texts by document id.
        vectors: by name of the set, rows in the order of passages or of their units.
        tokens: of the passages, in their order.

    Returns:
        The generation's folder.

    Raises:
        IndexFault: the folder cannot be written to, or the disk is full.
    """
    building = folder / f".building-{os.getpid()}"
    try:
        with _writing_to(folder):
            _write(building, manifest, passages, texts, vectors, tokens)
            return _swap(folder, building, manifest)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _write(
    building: Path,
    manifest: Manifest,
    passages: Sequence[Passage],
    texts: Mapping[str, str],
    vectors: Mapping[str, Vectors],
    tokens: TokenCodes,
) -> None:
    import faiss

    shutil.rmtree(building, ignore_errors=True)
    for name in ("texts", "vectors", "lexical"):
        (building / name).mkdir(parents=True)
    for document_id, text in texts.items():
        (building / "texts" / f"{document_id}.txt").write_bytes(text.encode("utf-8"))
    with (building / "passages.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for passage in passages:
            file.write(json.dumps(asdict(passage), ensure_ascii=False, separators=(",", ":")) + "\n")
    for name, rows in vectors.items():
        flat = faiss.IndexFlatIP(rows.shape[1])
        flat.add(np.ascontiguousarray(rows, dtype=np.float32))
        faiss.write_index(flat, str(building / "vectors" / f"{name}.faiss"))
    np.save(building / "vectors" / "tokens.npy", tokens.codes, allow_pickle=False)
    np.save(building / "vectors" / "token-offsets.npy", tokens.offsets, allow_pickle=False)
    np.save(building / "vectors" / "token-units.npy", tokens.units, allow_pickle=False)
    for name, rows_texts in lexical_texts(passages).items():
        LexicalIndex.build(rows_texts).save(building / "lexical" / name)
    parts = {path.relative_to(building).as_posix(): path.stat().st_size for path in building.rglob("*") if path.is_file()}
    # Escaped, because a path need not be valid Unicode.
    (building / "manifest.json").write_text(json.dumps(asdict(replace(manifest, parts=parts)), indent=1), encoding="utf-8")


@contextmanager
def _writing_to(folder: Path) -> Iterator[None]:
    try:
        yield
    # faiss reports a failed write as a RuntimeError.
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise IndexFault(
            f"The index folder {folder} cannot be written to: {reason}.",
            "Check its permissions and the space on the disk, or name another folder with --index.",
        ) from error


def lexical_texts(passages: Sequence[Passage]) -> dict[str, list[str]]:
    """What the lexical indexes hold: passages with their context, and single units."""
    return {
        "passages": [f"{passage.context} {passage.text}".strip() for passage in passages],
        "units": [unit.text for passage in passages for unit in passage.units],
    }


def _swap(folder: Path, building: Path, manifest: Manifest) -> Path:
    older = [int(name[1]) for path in folder.iterdir() if (name := GENERATION.fullmatch(path.name))]
    final = folder / f"store-{max(older, default=0) + 1}-{manifest.fingerprint[:12]}"
    building.rename(final)
    pointer = folder / f"{CURRENT}.new"
    pointer.write_text(final.name + "\n", encoding="utf-8")
    os.replace(pointer, folder / CURRENT)
    for path in list(folder.iterdir()):
        if path != final and (GENERATION.fullmatch(path.name) or path.name.startswith(".building-")):
            shutil.rmtree(path, ignore_errors=True)
    return final


@contextmanager
def building_lock(folder: Path) -> Iterator[None]:
    """Hold the folder for one build; the lock goes with the process, however that ends.

    Raises:
        IndexBusy: another process is building there.
        IndexFault: the folder cannot be made or written to.
    """
    from filelock import FileLock, Timeout

    with _writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise IndexBusy(f"Another build is writing to {folder}.") from None
    try:
        yield
    finally:
        lock.release()


def open_index(folder: Path) -> Index:
    """Open the generation in use.

    Raises:
        IndexMissing: nothing has been built there.
        IndexStale: it has another format.
        IndexDamaged: a file is missing, cannot be read, or does not fit the others.
    """
    while True:
        store = generation(folder)
        try:
            return _open(folder, store)
        except IndexDamaged:
            # A build that ends meanwhile removes this generation; then the new one is opened.
            if generation(folder) == store:
                raise


def _open(folder: Path, store: Path) -> Index:
    import faiss

    manifest = manifest_of(folder, store)
    check_parts(folder, store, manifest)
    try:
        lines = (store / "passages.jsonl").read_bytes().decode("utf-8").split("\n")
        passages = tuple(_passage(json.loads(line)) for line in lines if line)
        names = [name for name in VECTOR_SETS if manifest.multilingual or not name.endswith("multilingual")]
        vectors = {name: faiss.read_index(str(store / "vectors" / f"{name}.faiss")) for name in names}
        codes, offsets, units_of = (
            np.load(store / "vectors" / f"{name}.npy", allow_pickle=False) for name in ("tokens", "token-offsets", "token-units")
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise IndexDamaged(f"The index in {folder} cannot be read ({error}).", REBUILD) from error
    units = sum(len(passage.units) for passage in passages)
    sizes = {"passages": len(passages), "units": units}
    for name, flat in vectors.items():
        if flat.ntotal != sizes[name.split("-")[0]]:
            raise IndexDamaged(
                f"The index in {folder} has {flat.ntotal} {name} vectors for {sizes[name.split('-')[0]]} rows.", REBUILD
            )
    if len(passages) != manifest.passages:
        raise IndexDamaged(f"The index in {folder} has {len(passages)} passages, its manifest says {manifest.passages}.", REBUILD)
    lexical = {name: LexicalIndex.load(store / "lexical" / name, sizes[name]) for name in LEXICAL_SETS}
    return Index(store, manifest, passages, lexical, vectors, TokenVectors(from_codes(codes), offsets, units_of))


def _passage(data: dict[str, Any]) -> Passage:
    units = tuple(
        Unit(unit["text"], tuple((start, end) for start, end in unit["segments"]), unit["kind"]) for unit in data["units"]
    )
    unconfirmed = tuple((start, end) for start, end in data["unconfirmed"])
    return Passage(**{**data, "units": units, "notes": tuple(data["notes"]), "unconfirmed": unconfirmed})
