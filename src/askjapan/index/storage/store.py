"""One index folder: saved whole, opened checked, searched without side effects.

```
index/
├── CURRENT            the name of the generation in use; replaced by one rename
└── store-<n>-<hash>/  one generation
    ├── manifest.json  format, encoder, chunking, corpus fingerprint, documents, what was left out and why
    ├── passages.jsonl one passage a line, and
    ├── passages/      what is true of all of them, as arrays
    ├── texts/         each document's text as read
    ├── vectors/       FAISS: the passages' vectors, of the encoder and of the multilingual one
    └── lexical/       BM25 over passages
```
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from askjapan.errors import IndexBusy, IndexDamaged, IndexFault, IndexStale
from askjapan.index.encoders.embedding import MULTILINGUAL_VECTORS, PASSAGE_VECTORS
from askjapan.index.encoders.encoder import Vectors
from askjapan.index.storage.bm25 import LexicalIndex
from askjapan.index.storage.checksums import REBUILD, TEXTS, Checksums, summed
from askjapan.index.storage.locking import alone
from askjapan.index.storage.manifest import CURRENT, GENERATION, Manifest, checksums_of, generation, manifest_of, seal
from askjapan.index.storage.passage_store import LINES, Passages, RowsById, open_passages, write_passages
from askjapan.index.storage.vectors import SearchableVectors, open_vectors, write_vectors
from askjapan.records import Document, Passage

BUILDING = ".building-"
"""Beginning of the name of the folder in which a build writes; the number of its process follows."""
VECTOR_SETS = (PASSAGE_VECTORS, MULTILINGUAL_VECTORS)
"""Names of the FAISS files: one row a passage, in the order of the passages."""


@dataclass(frozen=True)
class Index:
    """An opened index. A search gets all its options with the call, so callers never depend on another caller's."""

    folder: Path
    manifest: Manifest
    passages: Passages
    lexical: LexicalIndex
    vectors: Mapping[str, SearchableVectors]
    checksums: Checksums

    @cached_property
    def documents(self) -> dict[str, Document]:
        """The documents by id."""
        return {document.id: document for document in self.manifest.documents}

    @cached_property
    def owner_numbers(self) -> dict[str, int]:
        """The number of each document in the manifest, by its id."""
        return {document.id: number for number, document in enumerate(self.manifest.documents)}

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The row of each passage id."""
        return RowsById(self.passages)

    @property
    def japanese(self) -> NDArray[np.bool_]:
        """Flags of the passages in a script that the English encoder cannot read, shape (passages,)."""
        return self.passages.foreign

    def passage(self, id_: str) -> Passage | None:
        """The passage with an id; None if there is none."""
        row = self.passages.row_of(id_)
        return None if row is None else self.passages[row]

    def passages_of(self, document_id: str) -> list[Passage]:
        """The passages of a document, in their order; none for an unknown id."""
        number = self.owner_numbers.get(document_id)
        return [] if number is None else [self.passages[row] for row in self.passages.rows_of(number)]

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of passages of each document, by its id."""
        counted = np.bincount(self.passages.owners, minlength=len(self.manifest.documents))
        return {document.id: int(count) for document, count in zip(self.manifest.documents, counted, strict=True)}

    def neighbours(self, row: int) -> tuple[Passage | None, Passage | None]:
        """The passages before and after one in its document."""
        document = self.passages[row].document_id
        beside = (self.passages[place] if 0 <= place < len(self.passages) else None for place in (row - 1, row + 1))
        before, after = (other if other is not None and other.document_id == document else None for other in beside)
        return before, after

    def text(self, document_id: str) -> str:
        """A document's text as read when the index was built.

        Raises:
            IndexStale: the generation was replaced by a newer build in the meantime.
            IndexDamaged: the text cannot be read.
        """
        name = f"{TEXTS}{document_id}.txt"
        try:
            content = (self.folder / name).read_bytes()
            self.checksums.of_content(name, content)
            return content.decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            if not self.folder.is_dir():
                raise IndexStale("The index was rebuilt in the meantime.", "Open it again.") from None
            raise IndexDamaged(f"The text of {document_id} in {self.folder} cannot be read ({error}).", REBUILD) from error

    def search(self, name: str, vector: Vectors, k: int, allowed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], Vectors]:
        """The k rows of a vector set nearest to a vector among the allowed ones, best first, and their cosines.

        Args:
            name: of the vector set.
            vector: unit length, shape (dimension,) or (1, dimension).
            k: how many at most.
            allowed: shape (rows,).

        Raises:
            IndexStale, IndexDamaged: a newer build has taken the vectors away, or their file is not what was written.
        """
        self.checksums.at_first_use(f"vectors/{name}.faiss")
        return self.vectors[name].search(vector, k, allowed)

    def cosines(self, name: str, vector: Vectors, rows: NDArray[np.int64]) -> Vectors:
        """The cosines of a vector with some rows of a vector set, shape (len(rows),); errors as for `search`."""
        self.checksums.at_first_use(f"vectors/{name}.faiss")
        return self.vectors[name].cosines(vector, rows)

    def vectors_of(self, name: str) -> Vectors:
        """A copy of all rows of a vector set, shape (rows, dimension); errors as for `search`."""
        self.checksums.at_first_use(f"vectors/{name}.faiss")
        return self.vectors[name].all_rows()


def save(
    folder: Path,
    manifest: Manifest,
    passages: Sequence[Passage],
    texts: Mapping[str, str],
    vectors: Mapping[str, Vectors],
) -> Path:
    """Write a generation beside the one in use and swap it in by one rename; an interrupted save leaves the old one serving.

    Args:
        folder: the index folder; the generation's own folder in it is returned.
        manifest, passages, texts: what to keep; texts by document id.
        vectors: by name of the set, rows in the order of the passages.

    Raises:
        IndexFault: the folder cannot be written to, or the disk is full.
    """
    building = folder / f"{BUILDING}{os.getpid()}"
    try:
        with _writing_to(folder):
            _write(building, manifest, passages, texts, vectors)
            return _swap(folder, building)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _write(
    building: Path,
    manifest: Manifest,
    passages: Sequence[Passage],
    texts: Mapping[str, str],
    vectors: Mapping[str, Vectors],
) -> None:
    shutil.rmtree(building, ignore_errors=True)
    for name in ("texts", "vectors"):
        (building / name).mkdir(parents=True)
    for document_id, text in texts.items():
        (building / "texts" / f"{document_id}.txt").write_bytes(text.encode("utf-8"))
    write_passages(building, passages, {document.id: number for number, document in enumerate(manifest.documents)})
    kinds = {name: write_vectors(building / "vectors" / f"{name}.faiss", rows) for name, rows in vectors.items()}
    LexicalIndex.build(lexical_texts(passages)).save(building / "lexical")
    parts, sums = summed(building)
    # Escaped, because a path need not be valid Unicode.
    _write_through(
        building / "manifest.json", json.dumps(asdict(replace(manifest, parts=parts, sums=sums, kinds=kinds)), indent=1)
    )


def _write_through(path: Path, text: str) -> None:
    """Write a file that is on the disk when this returns, so that a power cut never keeps its renaming and loses its contents."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


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


def lexical_texts(passages: Sequence[Passage]) -> list[str]:
    """The texts of the lexical index: each passage with its context."""
    return [f"{passage.context} {passage.text}".strip() for passage in passages]


def _swap(folder: Path, building: Path) -> Path:
    older = [int(name[1]) for path in folder.iterdir() if (name := GENERATION.fullmatch(path.name))]
    final = folder / f"store-{max(older, default=0) + 1}-{seal((building / 'manifest.json').read_bytes())}"
    building.rename(final)
    pointer = folder / f"{CURRENT}.new"
    _write_through(pointer, final.name + "\n")
    os.replace(pointer, folder / CURRENT)
    for path in list(folder.iterdir()):
        if path != final and (GENERATION.fullmatch(path.name) or path.name.startswith(BUILDING)):
            _take_away(path)
    return final


def _take_away(path: Path) -> None:
    """Delete a folder; whoever still reads it finds all of it or nothing, never a generation with half of its files."""
    gone = path.with_name(f"{BUILDING}{path.name.removeprefix(BUILDING)}")
    try:
        path.rename(gone)
    except OSError:
        gone = path  # some systems move nothing that is open
    shutil.rmtree(gone, ignore_errors=True)


@contextmanager
def building_lock(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Lock the folder for one build; the lock is released when the process ends, even by a crash.

    Args:
        folder: the index folder; with `wait` a running build is waited for.

    Raises:
        IndexBusy: another process is building there.
        IndexFault: the folder cannot be made or written to.
    """
    with ExitStack() as held:
        with _writing_to(folder):
            folder.mkdir(parents=True, exist_ok=True)
            try:
                held.enter_context(alone(folder / ".lock", -1 if wait else 0))
            except TimeoutError:
                raise IndexBusy(f"Another build is writing to {folder}.") from None
        yield


def open_index(folder: Path, *, vectors: bool = True) -> Index:
    """Open the generation in use.

    Args:
        folder: the index folder.
        vectors: whether its own are opened; without them a server has to search.

    Raises:
        IndexMissing: nothing has been built there.
        IndexStale: it has another format.
        IndexDamaged: a file is missing, cannot be read, or does not fit the others.
    """
    while True:
        store = generation(folder)
        try:
            return _open(folder, store, vectors)
        except (IndexDamaged, IndexStale):
            # A build that ends meanwhile removes this generation; then the new one is opened.
            if generation(folder) == store:
                raise


def _open(folder: Path, store: Path, with_vectors: bool) -> Index:
    manifest = manifest_of(folder, store)
    checksums = checksums_of(folder, store, manifest, vectors=with_vectors)
    checksums.at_opening()
    try:
        passages = open_passages(store, lambda: checksums.at_first_use(LINES))
        names = [name for name in VECTOR_SETS if manifest.multilingual or name != MULTILINGUAL_VECTORS]
        vectors = {name: open_vectors(store / "vectors" / f"{name}.faiss") for name in names if with_vectors}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, MemoryError) as error:
        raise IndexDamaged(f"The index in {folder} cannot be read ({error}).", REBUILD) from error
    for name, rows in vectors.items():
        if rows.size != len(passages):
            raise IndexDamaged(f"The index in {folder} has {rows.size} {name} vectors for {len(passages)} passages.", REBUILD)
    if len(passages) != manifest.passages:
        raise IndexDamaged(f"The index in {folder} has {len(passages)} passages, its manifest says {manifest.passages}.", REBUILD)
    lexical = LexicalIndex.load(store / "lexical", len(passages), lambda: checksums.at_first_use("lexical/"))
    return Index(store, manifest, passages, lexical, vectors, checksums)
