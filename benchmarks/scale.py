"""How an index grows: `make bench-scale`, or `python benchmarks/scale.py 10000 100000 [1000000] [--write]`.

Passages are synthetic: vectors of a mixture of 2,000 topics, texts of Zipf's words. Each size is built in one process and asked in another,
which reports the time to open, the memory, and milliseconds of a search by vectors, by words, and by both, and how many of the ten nearest by
exact comparison are found. `--write` draws what was measured into docs/, with the sizes that earlier runs have measured.
"""

from __future__ import annotations

import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
DIMENSION, LATENT, TOPICS, VOCABULARY, WORDS = 384, 96, 2_000, 30_000, 60
ASKED = 100
KEPT = ROOT / "build" / "bench" / "scale.json"


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


def words_of(count: int, seed: int) -> NDArray[np.int16]:
    """Numbers of words, shape (count, WORDS), the n-th as frequent as 1/n."""
    weights = 1 / np.arange(1, VOCABULARY + 1)
    draw = np.random.default_rng(seed)
    made = np.empty((count, WORDS), dtype=np.int16)
    for start in range(0, count, 50_000):
        some = made[start : start + 50_000]
        some[:] = draw.choice(VOCABULARY, some.shape, p=weights / weights.sum())
    return made


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
        text = " ".join(vocabulary[one] for one in row.tolist()) + "."
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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {
        "passages": count,
        "build, processor s": round(spent[0], 1),
        "build, wall s": round(spent[1], 1),
        "build, most MB": peak,
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
    nearest = [index.search("passages", question, 10, every)[0] for question in questions]
    recall = statistics.mean(len(set(one.tolist()) & set(other.tolist())) / 10 for one, other in zip(nearest, exact, strict=True))
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
    measured: dict[str, dict[str, Any]] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}
    header: list[str] = []
    for size in [given for given in sys.argv[1:] if given != "--write"] or ["10000", "100000"]:
        with tempfile.TemporaryDirectory() as folder:
            row: dict[str, Any] = {}
            for what in ("build", "ask"):
                environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
                done = subprocess.run(
                    [sys.executable, __file__, what, folder, size], env=environment, stdout=subprocess.PIPE, text=True, check=True
                )
                row |= json.loads(done.stdout)
        measured[size] = row
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        KEPT.write_text(json.dumps(measured, indent=1), encoding="utf-8")
        if not header:
            header = list(row)
            sys.stdout.write(f"| {' | '.join(header)} |\n|{' --- |' * len(header)}\n")
        sys.stdout.write(f"| {' | '.join(str(row[name]) for name in header)} |\n")
        sys.stdout.flush()
    if "--write" in sys.argv:
        write_pictures(measured, ROOT / "docs")


def write_pictures(measured: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Two pictures against the number of passages: milliseconds of a search, and memory."""
    rows = sorted(measured.values(), key=lambda row: row["passages"])

    def lines(*names: str) -> dict[str, list[tuple[float, float]]]:
        # A cell is a number, or a median with its 95th percentile in brackets.
        return {name: [(row["passages"], float(str(row[name]).split()[0])) for row in rows] for name in names}

    times = lines("vectors ms", "words ms", "1,000 allowed ms", "both ms")
    (folder / "scale-time.svg").write_text(picture("Processor milliseconds of a search", times), encoding="utf-8")
    memory_ = lines("MB on disk", "resident MB")
    (folder / "scale-memory.svg").write_text(picture("Megabytes", memory_), encoding="utf-8")


def picture(title: str, lines: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """An SVG with a line each, both axes in powers of ten; values under 0.01 are drawn there."""
    colours = ("#1b5e9e", "#b8420f", "#3b7a3b", "#6b4c9a")
    points = [(x, max(y, 0.01)) for line in lines.values() for x, y in line]
    (left, right), (lowest, highest) = (
        (math.floor(math.log10(min(values)) + 1e-9), math.ceil(math.log10(max(values)) - 1e-9))
        for values in zip(*points, strict=True)
    )
    right, highest = max(right, left + 1), max(highest, lowest + 1)

    def place(x: float, y: float) -> tuple[float, float]:
        return 70 + 430 * (math.log10(x) - left) / (right - left), 290 - 240 * (math.log10(max(y, 0.01)) - lowest) / (
            highest - lowest
        )

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 340" font-family="sans-serif" font-size="13">',
        f'<rect width="720" height="340" fill="#fff"/><text x="70" y="28" font-size="15">{title}</text>',
    ]
    for power in range(left, right + 1):
        x, _ = place(10**power, 10**lowest)
        parts.append(
            f'<path d="M{x:.0f} 50V290" stroke="#ddd"/><text x="{x:.0f}" y="310" text-anchor="middle">{10**power:,}</text>'
        )
    for power in range(lowest, highest + 1):
        _, y = place(10**left, 10.0**power)
        parts.append(
            f'<path d="M70 {y:.0f}H500" stroke="#ddd"/><text x="62" y="{y + 4:.0f}" text-anchor="end">{10.0**power:g}</text>'
        )
    parts.append('<text x="285" y="332" text-anchor="middle">passages</text>')
    for number, (name, line) in enumerate(lines.items()):
        places = [place(x, y) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places)
        colour, y = colours[number % len(colours)], 70 + 24 * number
        parts.append(
            f'<g fill="{colour}"><polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'
            f'<path d="M520 {y - 4}h24" stroke="{colour}" stroke-width="3"/><text x="552" y="{y}">{name}</text></g>'
        )
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    main()
