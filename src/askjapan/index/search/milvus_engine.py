"""A search engine on a server: Milvus, one collection a vector set, through `pymilvus` (the extra `scale`).

Milvus Lite and the real server differ in what they accept and in when a write is seen; each known difference is named where it is
dealt with, and `tests/index/search/test_milvus.py` has a test of each.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import numpy as np

from askjapan.errors import IndexStale, IndexUnreachable
from askjapan.index.encoders.encoder import Vectors
from askjapan.index.search.engine import Capability, Entry, Match, Where, nearest
from askjapan.index.storage.bm25 import K1, B
from askjapan.language.terms import terms

INSTALL = "Install `askjapan[scale]`."
BATCH = 1_000
"""Most entries that go to the server in one call."""
MOST = 16_384
"""Most matches that the real server gives in one call; Milvus Lite gives more."""
FEW = 2_000
"""Most entries left by a filter that are compared one by one, where the server finds fewer than there are."""
_LINKS, _EFFORT, _BREADTH = (
    32,
    200,
    256,
)  # HNSW: neighbours of each vector, candidates when it is put in and when it is searched for
_WORDS_FROM = (2, 5)  # the first version of the real server that knows BM25
_WORDS_MOST = 65_535  # bytes of a text field
_HOLDER = "holder"


class MilvusEngine:
    """One collection of a Milvus server, made if it is not there.

    Args:
        address: as `http://host:19530`.
        collection: its name: letters, digits and underscores.
        dimension: length of the vectors.
        token: "user:password" or a key, where the server wants one.

    Raises:
        IndexUnreachable: pymilvus is not installed, the server does not answer, or refuses.
    """

    def __init__(self, address: str, collection: str, dimension: int, token: str = "") -> None:
        try:
            from pymilvus import MilvusClient
        except ImportError as error:
            raise IndexUnreachable("An index on a server needs pymilvus.", INSTALL) from error
        # It logs with a trace what it raises as well.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        self._address, self._name, self._dimension = address, collection, dimension
        self._unflushed = 0
        with self._asking():
            self._client: Any = MilvusClient(address, token=token, timeout=30)
            if not self._client.has_collection(collection):
                self._make(knows_words(self._client.get_server_version()))
            # A server may be newer than what was made on it.
            fields = self._client.describe_collection(collection)["fields"]
            self._knows_words = any(field["name"] == "words" for field in fields)
            # The real server answers no search of a collection that is not loaded; Lite does.
            self._client.load_collection(collection)

    @property
    def capabilities(self) -> frozenset[Capability]:
        return frozenset(("dense", "lexical", "filter") if self._knows_words else ("dense", "filter"))

    def upsert(self, entries: Iterable[Entry]) -> None:
        for some in _batches(entries):
            rows = [
                {"id": one.id, "document": one.document, "foreign": one.foreign, "vector": one.vector}
                | ({"words": _tokens(one.words)} if self._knows_words else {})
                for one in some
            ]
            with self._asking():
                # The real server's `insert` of an id that is there makes a second row.
                self._client.upsert(self._name, rows)
            self._unflushed += len(rows)

    def delete(self, ids: Sequence[str]) -> None:
        for some in _batches(ids):
            with self._asking():
                # Lite gives back the ids, the real server how many: neither is used.
                self._client.delete(self._name, ids=some)

    def dense(self, vector: Vectors, k: int, where: Where | None = None) -> list[Match]:
        query = vector.reshape(-1)
        matches = self._search("vector", query, k, where, {"metric_type": "IP", "params": {"ef": max(_BREADTH, min(k, MOST))}})
        if len(matches) < k:
            # Both servers may lose matches under a narrow filter.
            inside = self._inside(where)
            if len(matches) < len(inside) <= FEW:
                return nearest(inside, self.vectors(inside), query, k)
        return matches

    def lexical(self, question: str, k: int, where: Where | None = None) -> list[Match]:
        words = _tokens(question)
        if not words or not self._knows_words:
            return []
        # Lite gives BM25 scores as negative numbers, the real server as positive ones.
        return [
            Match(one.id, abs(one.score))
            for one in self._search("weights", words, k, where, {"metric_type": "BM25"})
            if one.score
        ]

    def vectors(self, ids: Sequence[str]) -> Vectors:
        by_id: dict[str, Any] = {}
        for some in _batches(ids):
            with self._asking():
                rows = self._client.get(self._name, ids=some, output_fields=["id", "vector"])
            by_id.update((row["id"], row["vector"]) for row in rows)
        if missing := next((id_ for id_ in ids if id_ not in by_id), None):
            raise IndexStale(f"{self.place} lacks {missing}.", "Open the index again, or run `askjapan index`.")
        return np.array([by_id[id_] for id_ in ids], dtype=np.float32).reshape(len(ids), self._dimension)

    def ids(self) -> Iterator[str]:
        with self._asking():
            pages = self._client.query_iterator(self._name, batch_size=10 * BATCH, filter="", output_fields=["id"])
        try:
            while True:
                with self._asking():
                    page = pages.next()
                if not page:
                    return
                yield from (row["id"] for row in page)
        finally:
            pages.close()

    def count(self) -> int:
        with self._asking():
            rows = self._client.query(self._name, filter="", output_fields=["count(*)"], consistency_level="Strong")
        return int(rows[0]["count(*)"])

    def holder(self) -> str:
        with self._asking():
            if not self._client.has_collection(self._note):
                return ""
            self._client.load_collection(self._note)
            rows = self._client.get(self._note, ids=[_HOLDER], output_fields=["said"], consistency_level="Strong")
        return str(rows[0]["said"]) if rows else ""

    def hold(self, noted: str) -> None:
        with self._asking():
            if not self._client.has_collection(self._note):
                self._make_note()
            # No server keeps an entry without a vector.
            self._client.upsert(self._note, [{"id": _HOLDER, "said": noted, "vector": [1.0, 0.0]}])

    def refresh(self) -> None:
        if self._unflushed >= BATCH:
            with self._asking():
                # Rows that lie in no segment yet are compared one by one.
                self._client.flush(self._name)
            self._unflushed = 0
        # A read at level Session sees one's own writes, but on the real server not one's deletions; after one strong read it does.
        self.count()

    def close(self) -> None:
        self._client.close()

    def drop(self) -> None:
        """Take the collection off the server, with all that is in it and the note of whose it is."""
        with self._asking():
            self._client.drop_collection(self._name)
            if self._client.has_collection(self._note):
                self._client.drop_collection(self._note)

    @property
    def place(self) -> str:
        return f"The collection {self._name} on {self._address}"

    @property
    def _note(self) -> str:
        """The collection with the note of whose entries these are."""
        return f"{self._name}_{_HOLDER}"

    def _make_note(self) -> None:
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=64)
        schema.add_field("said", DataType.VARCHAR, max_length=_WORDS_MOST)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
        indexes = MilvusClient.prepare_index_params()
        indexes.add_index("vector", index_type="FLAT", metric_type="IP")
        self._client.create_collection(self._note, schema=schema, index_params=indexes, consistency_level="Strong")

    def _make(self, with_words: bool) -> None:
        from pymilvus import DataType, Function, FunctionType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=1024)
        schema.add_field("document", DataType.VARCHAR, max_length=1024)
        schema.add_field("foreign", DataType.BOOL)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=self._dimension)
        indexes = MilvusClient.prepare_index_params()
        breadth = {"M": _LINKS, "efConstruction": _EFFORT}
        indexes.add_index("vector", index_type="HNSW", metric_type="IP", params=breadth)
        if with_words:
            # Terms are made here, and so are the same as in the index's own BM25; the server only parts them at the spaces.
            schema.add_field(
                "words",
                DataType.VARCHAR,
                max_length=_WORDS_MOST,
                enable_analyzer=True,
                analyzer_params={"tokenizer": "standard"},
            )
            schema.add_field("weights", DataType.SPARSE_FLOAT_VECTOR)
            schema.add_function(Function("bm25", FunctionType.BM25, input_field_names=["words"], output_field_names=["weights"]))
            weights = {"bm25_k1": K1, "bm25_b": B}
            indexes.add_index("weights", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=weights)
        # Bounded, the server's own level, does not show one's own writes on the real server; Strong takes 0.2 s on every read.
        self._client.create_collection(self._name, schema=schema, index_params=indexes, consistency_level="Session")

    def _search(self, field: str, query: object, k: int, where: Where | None, how: dict[str, Any]) -> list[Match]:
        with self._asking():
            (rows,) = self._client.search(
                self._name,
                [query],
                anns_field=field,
                limit=min(k, MOST),
                filter=expression(where),
                output_fields=["id"],
                search_params=how,
            )
        return [Match(match["id"], float(match["distance"])) for match in rows]

    def _inside(self, where: Where | None) -> list[str]:
        """The ids that a filter leaves, one more than `FEW` at most."""
        with self._asking():
            rows = self._client.query(self._name, filter=expression(where), output_fields=["id"], limit=FEW + 1)
        return [row["id"] for row in rows]

    @contextmanager
    def _asking(self) -> Iterator[None]:
        from pymilvus.exceptions import MilvusException

        try:
            yield
        except MilvusException as error:
            said = " ".join(str(error.message).split())[:300]
            raise IndexUnreachable(
                f"{self.place} cannot be used: {said}.", "Start the server, or look at the address."
            ) from error


def knows_words(version: str) -> bool:
    """Whether a server that calls itself so searches by words: 2.5 and later, and Lite 3; "v2.3.5-lite" is the real one without a cluster."""
    if version.startswith("milvus_lite"):
        return True
    numbers = re.match(r"v?(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= _WORDS_FROM


def expression(where: Where | None) -> str:
    """A filter in the server's language; every value is quoted, so that no id can be read as part of it."""
    parts = []
    if where is not None and where.documents is not None:
        quoted = ", ".join(json.dumps(id_, ensure_ascii=False) for id_ in where.documents)
        parts.append(f"document {'not in' if where.but else 'in'} [{quoted}]")
    if where is not None and where.foreign is not None:
        parts.append(f"foreign == {str(where.foreign).lower()}")
    return " and ".join(parts)


def _tokens(text: str) -> str:
    """The terms of a text as words of ASCII letters and digits, which every server parts alike, as many as a field holds."""
    words = (term if term.isascii() and term.isalnum() else f"x{term.encode('utf-8').hex()}" for term in terms(text))
    joined = " ".join(words)
    return joined if len(joined) <= _WORDS_MOST else joined[:_WORDS_MOST].rpartition(" ")[0]


def _batches(some: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(some)
    while batch := list(islice(rest, BATCH)):
        yield batch
