"""LlamaIndex 0.14: "Starter Tutorial (Using Local LLMs)" of its documentation, the part on documents and on storing the index.

Reader, chunks (SentenceSplitter, 1,024 tokens, 20 overlap), vector store and retriever are its defaults; changed are the embedding model
and how many passages are asked for. No language model is set: only retrieval is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from protocol import Found, main, minilm_folder


class LlamaIndex:
    packages: ClassVar[tuple[str, ...]] = ("llama-index-core", "llama-index-embeddings-huggingface")

    def _model(self) -> Any:  # noqa: ANN401 - the kit is imported in its own process only
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        return HuggingFaceEmbedding(model_name=minilm_folder())

    def build(self, folder: Path, store: Path) -> int:
        from llama_index.core import SimpleDirectoryReader, VectorStoreIndex

        documents = SimpleDirectoryReader(str(folder)).load_data()
        index = VectorStoreIndex.from_documents(documents, embed_model=self._model())
        index.storage_context.persist(str(store))
        return len(index.docstore.docs)

    def open(self, store: Path) -> None:
        from llama_index.core import StorageContext, load_index_from_storage

        context = StorageContext.from_defaults(persist_dir=str(store))
        self.index = load_index_from_storage(context, embed_model=self._model())

    def search(self, question: str, history: Sequence[str], k: int) -> list[Found]:
        nodes = self.index.as_retriever(similarity_top_k=k).retrieve(question)
        return [Found(node.metadata["file_name"], node.text) for node in nodes]


if __name__ == "__main__":
    main(LlamaIndex())
