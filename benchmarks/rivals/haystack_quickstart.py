"""Haystack 3: two of its tutorials together, since that serves it best.

Passages as in "Preprocessing Different File Types" (TextFileToDocument, DocumentCleaner, 150 words with 50 overlap, the in-memory store);
search as in "Creating a Hybrid Retrieval Pipeline" (BM25 and embedding retrievers into a DocumentJoiner), joined by reciprocal rank
fusion, without the cross-encoder at its end. The hybrid tutorial's own 512 words do worse with this model, which reads 256 word pieces.
The tutorials keep nothing; the store's `save_to_disk` keeps the index here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

from protocol import Found, main, minilm_folder

_FILE = "store.json"


class Haystack:
    packages: ClassVar[tuple[str, ...]] = ("haystack-ai", "sentence-transformers-haystack")

    def build(self, folder: Path, store: Path) -> int:
        from haystack import Pipeline
        from haystack.components.converters import TextFileToDocument
        from haystack.components.preprocessors import DocumentCleaner, DocumentSplitter
        from haystack.components.writers import DocumentWriter
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack.document_stores.types import DuplicatePolicy
        from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersDocumentEmbedder

        documents = InMemoryDocumentStore()
        pipeline = Pipeline()
        pipeline.add_component("converter", TextFileToDocument())
        pipeline.add_component("cleaner", DocumentCleaner())
        pipeline.add_component("splitter", DocumentSplitter(split_by="word", split_length=150, split_overlap=50))
        pipeline.add_component("embedder", SentenceTransformersDocumentEmbedder(model=minilm_folder(), progress_bar=False))
        # A passage's id is its content's hash: the same text in two files would stop the default policy.
        pipeline.add_component("writer", DocumentWriter(documents, policy=DuplicatePolicy.SKIP))
        for before, after in pairwise(("converter", "cleaner", "splitter", "embedder", "writer")):
            pipeline.connect(before, after)
        pipeline.run({"converter": {"sources": sorted(folder.glob("*.txt"))}})
        documents.save_to_disk(str(store / _FILE))
        return int(documents.count_documents())

    def open(self, store: Path) -> None:
        from haystack import Pipeline
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

        documents = InMemoryDocumentStore.load_from_disk(str(store / _FILE))
        self.pipeline = Pipeline()
        self.pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=minilm_folder(), progress_bar=False))
        self.pipeline.add_component("dense", InMemoryEmbeddingRetriever(documents))
        self.pipeline.add_component("bm25", InMemoryBM25Retriever(documents))
        self.pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        self.pipeline.connect("embedder.embedding", "dense.query_embedding")
        self.pipeline.connect("bm25", "joiner")
        self.pipeline.connect("dense", "joiner")

    def search(self, question: str, history: Sequence[str], k: int) -> list[Found]:
        output = self.pipeline.run(
            {
                "embedder": {"text": question},
                "dense": {"top_k": k},
                "bm25": {"query": question, "top_k": k},
                "joiner": {"top_k": k},
            }
        )
        return [Found(Path(document.meta["file_path"]).name, document.content) for document in output["joiner"]["documents"]]


if __name__ == "__main__":
    main(Haystack())
