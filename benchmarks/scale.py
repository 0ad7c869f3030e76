"""How an index grows: `make bench-scale`, or `python benchmarks/scale.py 10000 100000 [1000000]`.

Passages are synthetic: vectors of a mixture of 2,000 topics, texts of Zipf's words. Each size is built in one process and asked in another,
which reports the time to open, the memory, and milliseconds of a search by vectors, by words, and by both, and how many of the ten nearest by
exact comparison are found.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
DIMENSION, LATENT, TOPICS, VOCABULARY, WORDS = 384, 96, 2_000, 30_000, 60
ASKED = 100


def mixture(count: int, seed: int) -> NDArray[np.float32]:
    """Unit vectors that lie together in topics, as texts do; the topics are the same for any seed."""
    shape = np.random.default_rng(0)
    spectrum = 1 / np.sqrt(1 + np.arange(LATENT))
    topics = shape.standard_normal((TOPICS, LATENT)) * spectrum
    axes = np.linalg.qr(shape.standard_normal((DIMENSION, LATENT)))[0].T
    common = shape.standard_normal(DIMENSION) * 0.02
    draw = np.random.default_rng(seed)
    sizes = shape.pareto(1.2, TOPICS) + 0.05
    made = np.empty((count, DIMENSION), dtype=np.float32)
    for start in range(0, count, 50_000):
        rows = slice(start, min(start + 50_000, count))
        many = rows.stop - rows.start
        inner = topics[draw.choice(TOPICS, many, p=sizes / sizes.sum())] + 0.35 * draw.standard_normal((many, LATENT)) * spectrum
        some = inner @ axes + common + 0.015 * draw.standard_normal((many, DIMENSION))
        made[rows] = some / np.linalg.norm(some, axis=1, keepdims=True)
    return made


def words_of(count: int, seed: int) -> NDArray[np.int64]:
    """Numbers of words, shape (count, WORDS), the n-th as frequent as 1/n."""
    weights = 1 / np.arange(1, VOCABULARY + 1)
    return np.random.default_rng(seed).choice(VOCABULARY, (count, WORDS), p=weights / weights.sum())


def word(number: int) -> str:
    """A word that no stemmer changes."""
    letters = ""
    for _ in range(4):
        number, rest = divmod(number, 15)
        letters += "bdfgklmnprtvzhj"[rest] + "aou"[number % 3]
    return letters + "k"


def build(folder: Path, count: int) -> dict[str, Any]:
    """Write an index of so many passages; its processor seconds and bytes."""
    from askjapan.index.storage.manifest import Manifest
    from askjapan.index.storage.store import save
    from askjapan.records import Document, Passage, Unit

    vocabulary = [word(number) for number in range(VOCABULARY)]
    documents = tuple(
        Document(
            f"d{number}",
            f"Work {number}",
            ("A. Author",),
            2000,
            "",
            ("theme",),
            "full text",
            "en",
            f"/d{number}.txt",
            "0" * 64,
            "plain",
            "test",
        )
        for number in range(max(1, count // 200))
    )
    passages = []
    for number, row in enumerate(words_of(count, 1)):
        text = " ".join(vocabulary[one] for one in row) + "."
        owner = documents[min(number // 200, len(documents) - 1)].id
        passages.append(
            Passage(
                f"{owner}-{number}", owner, text, "", None, None, 0, len(text), "prose", (Unit(text, ((0, len(text)),)),), 80, 80
            )
        )
    vectors = mixture(count, 1)
    manifest = Manifest("0" * 64, {"name": "synthetic", "sha256": "0"}, None, {}, (), {}, {}, documents, count)
    began = time.process_time(), time.perf_counter()
    save(folder, manifest, passages, {}, {"passages": vectors})
    spent = time.process_time() - began[0], time.perf_counter() - began[1]
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {
        "passages": count,
        "build, processor s": round(spent[0], 1),
        "build, wall s": round(spent[1], 1),
        "MB on disk": size // 1_000_000,
    }


class Given:
    """An encoder that gives the vectors of numbered questions."""

    name, sha256, dimension, limit = "synthetic", "0", DIMENSION, 256

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self.vectors = vectors

    def encode(self, texts: Sequence[str], progress: object = None) -> NDArray[np.float32]:
        return self.vectors[[int(text.split()[0]) for text in texts]]


def ask(folder: Path, count: int) -> dict[str, Any]:
    """Open and ask."""
    import faiss

    from askjapan.index.storage.store import open_index
    from askjapan.retrieval.follow_up import Standalone
    from askjapan.retrieval.retriever import Retriever

    before, began = memory(), time.perf_counter()
    index = open_index(folder)
    opened = time.perf_counter() - began
    questions = mixture(ASKED, 2)
    drawn = words_of(ASKED, 3)
    asked = [f"{number} {' '.join(word(int(one)) for one in sorted(row)[-8::2])}" for number, row in enumerate(drawn)]
    retriever = Retriever(index, Given(questions), None, None)  # type: ignore[arg-type]
    every = np.ones(count, dtype=bool)
    index.search("passages", questions[0], 10, every)
    dense = timed(lambda number: index.search("passages", questions[number], 10, every))
    lexical = timed(lambda number: index.lexical.scores(asked[number]))
    fused = timed(lambda number: retriever._fused(Standalone("question", asked[number], asked[number]), every))
    resident = memory() - before
    narrow = np.zeros(count, dtype=bool)
    narrow[:: max(1, count // 1000)] = True
    filtered = timed(lambda number: index.search("passages", questions[number], 10, narrow))
    flat = faiss.IndexFlatIP(DIMENSION)
    flat.add(mixture(count, 1))
    exact = flat.search(questions, 10)[1]
    found = [index.search("passages", question, 10, every)[0] for question in questions]
    recall = statistics.mean(len(set(one.tolist()) & set(other.tolist())) / 10 for one, other in zip(found, exact, strict=True))
    return {
        "index": index.manifest.kinds["passages"], "open s": round(opened, 2), "resident MB": resident, "vectors ms": dense,
        "1,000 allowed ms": filtered, "words ms": lexical, "both ms": fused, "recall@10": round(recall, 3),
    }  # fmt: skip


def timed(work: Callable[[int], object]) -> str:
    """Median and 95th percentile of the processor milliseconds of each question, second time round."""
    for number in range(ASKED // 4):
        work(number)
    spent = []
    for number in range(ASKED):
        began = time.process_time()
        work(number)
        spent.append(1000 * (time.process_time() - began))
    return f"{statistics.median(spent):.1f} ({sorted(spent)[int(0.95 * ASKED)]:.1f})"


def memory() -> int:
    """MB of this process that no file stands behind."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) // 1024 for line in file if line.startswith("RssAnon"))


def main() -> None:
    """Build and ask each size in processes of their own, and print a table."""
    if sys.argv[1:2] in (["build"], ["ask"]):
        what, folder, count = sys.argv[1:4]
        sys.stdout.write(json.dumps({"build": build, "ask": ask}[what](Path(folder), int(count))))
        return
    header: list[str] = []
    for size in sys.argv[1:] or ["10000", "100000"]:
        with tempfile.TemporaryDirectory() as folder:
            row: dict[str, Any] = {}
            for what in ("build", "ask"):
                environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
                done = subprocess.run(
                    [sys.executable, __file__, what, folder, size], env=environment, stdout=subprocess.PIPE, text=True, check=True
                )
                row |= json.loads(done.stdout)
        if not header:
            header = list(row)
            sys.stdout.write(f"| {' | '.join(header)} |\n|{' --- |' * len(header)}\n")
        sys.stdout.write(f"| {' | '.join(str(row[name]) for name in header)} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
