"""An index that is searched by engines on a server: passages, texts and words stay in its folder, and scores are the same as without a server.

An engine finds passages. Cosines are those of the vectors that it keeps whole, BM25 scores are from the folder's own lists.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from askjapan.errors import IndexStale
from askjapan.index.encoders.embedding import MULTILINGUAL_VECTORS, PASSAGE_VECTORS, Progress
from askjapan.index.encoders.encoder import Encoder, Vectors
from askjapan.index.search.engine import Engines, Entry, SearchEngine, Where, entry_id, models_of, passage_id
from askjapan.index.search.holders import claim, confirm, refuse_others
from askjapan.index.search.milvus_engine import MilvusEngine
from askjapan.index.storage.bm25 import LexicalIndex, filled_up, ranked
from askjapan.index.storage.manifest import VECTORS
from askjapan.index.storage.passage_store import Passages
from askjapan.index.storage.store import Index, building_lock, lexical_texts, save
from askjapan.index.storage.vectors import EXACT
from askjapan.language.scripts import is_foreign
from askjapan.records import Passage

RowsOf = Callable[[str, NDArray[np.int64]], Vectors]
_LONGEST_NAME = 100  # of the 255 characters that a server takes
STEP = 1_000
"""Passages that are put in between two reports of progress."""


@dataclass(frozen=True, eq=False)
class ServedVectors:
    """A vector set of an engine, by the rows of the index.

    Args:
        engine: that keeps it.
        passages: of the index.
        documents: their ids, in the order of the manifest.
        model: SHA-256 of the encoder.
    """

    engine: SearchEngine
    passages: Passages
    documents: Sequence[str]
    model: str

    @property
    def size(self) -> int:
        return len(self.passages)

    def search(self, vector: Vectors, k: int, allowed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], Vectors]:
        """The k allowed rows nearest to a vector, best first, and their cosines; `allowed` has the shape (rows,)."""
        k = min(k, int(np.count_nonzero(allowed)))
        if not k:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        matches = self.engine.dense(vector, k, self.where(allowed))
        rows, places = self.rows([match.id for match in matches], allowed)
        if len(rows) < k and (inside := np.flatnonzero(allowed)).size <= EXACT:
            # Entries of another build, or of a document that is allowed in part, have taken the places.
            return ranked(inside, self.cosines(vector, inside), k)
        return rows, np.array([matches[place].score for place in places], dtype=np.float32)

    def cosines(self, vector: Vectors, rows: NDArray[np.int64]) -> Vectors:
        """The cosines of a vector with some rows, shape (len(rows),)."""
        return np.asarray(self.reconstruct_batch(rows) @ vector.reshape(-1), dtype=np.float32)

    def reconstruct_batch(self, rows: NDArray[np.int64]) -> Vectors:
        """A copy of some rows, shape (len(rows), dimension)."""
        return self.engine.vectors([entry_id(self.passages[int(row)], self.model) for row in rows])

    def all_rows(self) -> Vectors:
        """A copy of all rows, shape (rows, dimension)."""
        return self.engine.vectors([entry_id(passage, self.model) for passage in self.passages])

    def rows(self, ids: Sequence[str], allowed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], list[int]]:
        """The allowed rows of some entries, and the places of these entries in `ids`; entries of another build are left out."""
        rows, places = [], []
        for place, id_ in enumerate(ids):
            row = self.passages.row_of(passage_id(id_))
            if row is not None and allowed[row] and entry_id(self.passages[row], self.model) == id_:
                rows.append(row)
                places.append(place)
        return np.array(rows, dtype=np.int64), places

    def where(self, allowed: NDArray[np.bool_]) -> Where | None:
        """A filter that leaves all allowed rows, and others too where these are not whole documents in one script; None for all rows."""
        if allowed.all():
            return None
        foreign = self.passages.foreign
        scripts = [script for script, rows in ((True, foreign & allowed), (False, ~foreign & allowed)) if rows.any()]
        chosen = np.zeros(len(self.documents), dtype=bool)
        chosen[self.passages.owners[allowed]] = True
        script = scripts[0] if len(scripts) == 1 else None
        if chosen.all():
            return Where(foreign=script)
        # The shorter list is sent.
        but = 2 * int(np.count_nonzero(chosen)) > len(self.documents)
        return Where(tuple(self.documents[number] for number in np.flatnonzero(chosen != but).tolist()), but, script)


@dataclass(frozen=True)
class ServedWords(LexicalIndex):
    """The folder's words, whose best passages an engine finds."""

    found_by: ServedVectors | None = None

    def best(self, question: str, k: int, allowed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        if self.found_by is None:
            return super().best(question, k, allowed)
        matches = self.found_by.engine.lexical(question, k, self.found_by.where(allowed))
        rows, _ = self.found_by.rows([match.id for match in matches], allowed)
        rows = filled_up(np.unique(rows), k, allowed)
        return ranked(rows, self.scores_of(question, rows), k)


def connect(address: str, token: str, encoder: Encoder, multilingual: Encoder | None) -> dict[str, SearchEngine]:
    """The engines of a server.

    Args:
        address: as `http://host:19530`, or with the name of a library behind it where a server has several: `http://host:19530/papers`.
        token: empty where the server wants none.
        encoder, multilingual: whose vectors are kept there.

    Raises:
        IndexUnreachable: the server cannot be used.
    """
    parts = urlsplit(address)
    library = collection_prefix(parts.path)
    models = {PASSAGE_VECTORS: encoder} | ({MULTILINGUAL_VECTORS: multilingual} if multilingual is not None else {})
    return {
        name: MilvusEngine(
            f"{parts.scheme}://{parts.netloc}", f"{library}_{name.replace('-', '_')}_{model.dimension}", model.dimension, token
        )
        for name, model in models.items()
    }


def collection_prefix(path: str) -> str:
    """What the names of a library's collections begin with: letters, digits and underscores, for each library its own.

    A server takes no other characters, and each build takes out what it does not know: two libraries in one collection would empty each
    other's.
    """
    name = path.strip("/") or "askjapan"
    plain = re.sub(r"\W", "_", name, flags=re.ASCII)
    plain = plain if plain[0].isalpha() or plain[0] == "_" else f"_{plain}"
    if plain == name and len(name) <= _LONGEST_NAME:
        return name
    return f"{plain[:_LONGEST_NAME]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def served(index: Index, engines: Engines) -> Index:
    """An opened index, searched by engines.

    Raises:
        IndexTaken: the entries are those of another home.
        IndexStale: an engine has fewer entries than there are passages.
    """
    refuse_others(engines, index.folder.parent)
    sets = {}
    models = models_of(index.manifest)
    for name in models.keys() & engines.keys():
        if (there := engines[name].count()) < len(index.passages):
            raise IndexStale(f"The server has {there} of the index's {len(index.passages)} {name}.", "Run `askjapan index`.")
        sets[name] = ServedVectors(
            engines[name], index.passages, [document.id for document in index.manifest.documents], models[name]
        )
    first, words = sets[PASSAGE_VECTORS], index.lexical
    if "lexical" in first.engine.capabilities:
        words = ServedWords(words.vocabulary, words.bounds, words.texts, words.weights, words.size, words.check, first)
    return replace(index, vectors=sets, lexical=words)


@contextmanager
def put_in(
    engines: Engines,
    passages: Sequence[Passage],
    rows_of: RowsOf,
    models: Mapping[str, str],
    folder: Path,
    progress: Progress = lambda stage, done, total: None,
    *,
    take_over: bool = False,
) -> Iterator[None]:
    """Put passages into engines before what is done inside, and take out all others after it, so that the index in use is served throughout.

    Args:
        engines: by name of the vector set.
        passages: of the new index.
        rows_of: the vectors of some of its rows, by name of the set.
        models: SHA-256 of the encoders.
        folder: the index folder, whose home is noted for the entries.
        progress: told the stage "uploading".
        take_over: whether the entries may be another home's.

    Raises:
        IndexTaken: they are, and stay there.
    """
    others: dict[str, list[str]] = {}
    wanted = {name: [entry_id(passage, models[name]) for passage in passages] for name in engines}
    claim(engines, folder, wanted, take_over=take_over)
    words = lexical_texts(passages)
    total = sum(map(len, wanted.values()))
    done = 0
    for name, engine in engines.items():
        there = set(engine.ids())
        others[name] = sorted(there.difference(wanted[name]))
        for start in range(0, len(passages), STEP):
            some = np.arange(start, min(start + STEP, len(passages)))
            new = np.array([row for row in some if wanted[name][row] not in there], dtype=np.int64)
            if len(new):
                engine.upsert(
                    Entry(wanted[name][row], passages[row].document_id, is_foreign(passages[row].text), words[row], vector)
                    for row, vector in zip(new.tolist(), rows_of(name, new), strict=True)
                )
            done += len(some)
            progress("uploading", done, total)
        engine.refresh()
    yield
    confirm(engines, folder)
    for name, engine in engines.items():
        engine.delete(others[name])
        engine.refresh()


def move_in(
    index: Index, engines: Engines, progress: Progress = lambda stage, done, total: None, *, take_over: bool = False
) -> None:
    """Put an opened index into engines, which then hold it and nothing else; nothing is embedded. Errors as for `put_in`."""

    def rows_of(name: str, rows: NDArray[np.int64]) -> Vectors:
        index.checksums.at_first_use(f"{VECTORS}{name}.faiss")
        return index.vectors[name].reconstruct_batch(rows)

    folder = index.folder.parent
    with put_in(engines, index.passages, rows_of, models_of(index.manifest), folder, progress, take_over=take_over):
        pass


def move_out(folder: Path, index: Index) -> None:
    """Write an index whose vectors are on a server into its folder, with FAISS's files; nothing is embedded."""
    texts = {document.id: index.text(document.id) for document in index.manifest.documents}
    vectors = {name: rows.all_rows() for name, rows in index.vectors.items()}
    with building_lock(folder):
        save(folder, index.manifest, tuple(index.passages), texts, vectors)
