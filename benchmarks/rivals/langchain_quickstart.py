"""LangChain 1: "Build a Retrieval Augmented Generation (RAG) App" of its documentation, with the FAISS store of its "Vector stores" page.

The splitter has the tutorial's 1,000 characters with 200 overlap; changed are the loader (text files instead of a web page), the
embedding model and how many passages are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from protocol import Found, main, minilm_folder


class LangChain:
    packages: ClassVar[tuple[str, ...]] = (
        "langchain-core",
        "langchain-community",
        "langchain-huggingface",
        "langchain-text-splitters",
        "faiss-cpu",
    )

    def _model(self) -> Any:  # noqa: ANN401 - the kit is imported in its own process only
        from langchain_huggingface import HuggingFaceEmbeddings

        return HuggingFaceEmbeddings(model_name=minilm_folder())

    def build(self, folder: Path, store: Path) -> int:
        from langchain_community.document_loaders import DirectoryLoader, TextLoader
        from langchain_community.vectorstores import FAISS
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        loader = DirectoryLoader(str(folder), glob="*.txt", loader_cls=TextLoader, loader_kwargs={"encoding": "utf-8"})
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        splits = splitter.split_documents(loader.load())
        FAISS.from_documents(splits, self._model()).save_local(str(store))
        return len(splits)

    def open(self, store: Path) -> None:
        from langchain_community.vectorstores import FAISS

        # Its store keeps the texts as a pickle; this one was written a moment ago by this very file.
        self.store = FAISS.load_local(str(store), self._model(), allow_dangerous_deserialization=True)

    def search(self, question: str, history: Sequence[str], k: int) -> list[Found]:
        documents = self.store.similarity_search(question, k=k)
        return [Found(Path(document.metadata["source"]).name, document.page_content) for document in documents]


if __name__ == "__main__":
    main(LangChain())
