"""txtai 9: "Textractor" (paragraphs) and "Embeddings" of its documentation, with `hybrid` of "Configuration: General".

Its RAG quick start cuts by sections, which makes 23 passages of five books, far longer than the model reads; paragraphs serve it better.
Changed is the embedding model only, to the very one that is its default; how many passages are asked for is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from protocol import Found, main, minilm_folder


class Txtai:
    packages: ClassVar[tuple[str, ...]] = ("txtai", "faiss-cpu")

    def build(self, folder: Path, store: Path) -> int:
        from txtai import Embeddings
        from txtai.pipeline import Textractor

        textractor = Textractor(paragraphs=True)
        rows = [
            (f"{number}:{path.name}", paragraph)
            for path in sorted(folder.glob("*.txt"))
            for number, paragraph in enumerate(textractor(str(path)))
        ]
        embeddings = Embeddings(path=minilm_folder(), content=True, hybrid=True)
        embeddings.index(rows)
        embeddings.save(str(store))
        return int(embeddings.count())

    def open(self, store: Path) -> None:
        from txtai import Embeddings

        self.embeddings = Embeddings().load(str(store))

    def search(self, question: str, history: Sequence[str], k: int) -> list[Found]:
        return [Found(row["id"].split(":", 1)[1], row["text"]) for row in self.embeddings.search(question, k)]


if __name__ == "__main__":
    main(Txtai())
