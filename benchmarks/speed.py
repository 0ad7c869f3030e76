"""What a question, a build and the chat cost on this machine: `make bench-speed`, or `python benchmarks/speed.py [--runs 5] [--texts FOLDER]`.

Commands run in processes of their own; of each the median of wall and processor seconds and the most memory are shown, and the median
of the ratios to `import sentence_transformers`, which is measured in turn with them: times drift with what else a machine does. Each
runs once before, so that its files are in memory and its modules compiled, as those of an installed package are.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from warm_questions import tell, warm

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "How many sister-city links did Japan have in 2009?"


@dataclass(frozen=True)
class Ran:
    """What a process took: wall and processor seconds, and its most memory in MB."""

    wall: float
    cpu: float
    memory: float

    @classmethod
    def median(cls, runs: Sequence[Ran]) -> Ran:
        return cls(*(statistics.median(getattr(run, name) for run in runs) for name in ("wall", "cpu", "memory")))


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> Ran:
    """Run Python once to its end."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments], env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{arguments} failed:\n{said.decode()}")
    return Ran(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def commands(environment: Mapping[str, str], index: Path, runs: int) -> Iterator[str]:
    """Cold starts, in turn."""
    ask = ["-m", "askjapan", "ask", QUESTION, "--index", str(index)]
    named = {
        "import sentence_transformers": ["-c", "import sentence_transformers"],
        "askjapan --help": ["-m", "askjapan", "--help"],
        "askjapan ask": ask,
        "askjapan index, nothing changed": ["-m", "askjapan", "index", "--index", str(index)],
    }
    for arguments in named.values():
        run(arguments, environment)
    runs_of: dict[str, list[Ran]] = {name: [] for name in named}
    for _ in range(runs):
        for name, arguments in named.items():
            runs_of[name].append(run(arguments, environment))
    yield "| command | wall s | processor s | memory MB | of the import: wall | processor |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, each in runs_of.items():
        one = Ran.median(each)
        pairs = list(zip(each, runs_of["import sentence_transformers"], strict=True))
        wall, cpu = (
            statistics.median(ratios) for ratios in ([a.wall / b.wall for a, b in pairs], [a.cpu / b.cpu for a, b in pairs])
        )
        yield f"| `{name}` | {one.wall:.2f} | {one.cpu:.2f} | {one.memory:.0f} | {wall:.2f} | {cpu:.2f} |"


def fetched(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


def serving(environment: Mapping[str, str], index: Path) -> Iterator[str]:
    """Seconds from the start of `askjapan serve` to its address, its first page, the chat, and being ready to answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    arguments = [sys.executable, "-m", "askjapan", "serve", "--index", str(index), "--port", str(port)]
    with tempfile.TemporaryDirectory() as kept:
        process = subprocess.Popen(
            arguments, env={**environment, "ASKJAPAN_CONVERSATIONS": f"{kept}/kept.sqlite3", "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        seen = {"address printed": time.perf_counter() - began}
        url = f"http://127.0.0.1:{port}"
        while "ready to answer" not in seen and time.perf_counter() - began < 300:
            status, _ = fetched(url)
            if status:
                seen.setdefault("a page is shown", time.perf_counter() - began)
            if status == 200:
                seen.setdefault("the chat is shown", time.perf_counter() - began)
                if json.loads(fetched(f"{url}/healthz")[1] or b"{}").get("status") == "ready":
                    seen["ready to answer"] = time.perf_counter() - began
            time.sleep(0.05)
        process.terminate()
        process.wait()
    yield "`askjapan serve`, seconds from its start: " + ", ".join(f"{name} {value:.2f}" for name, value in seen.items())


def building(environment: Mapping[str, str]) -> Iterator[str]:
    """Passages a processor second: a build's embedding beside the bare encoder and sentence-transformers; the time left told."""
    from askjapan.index.encoders.embedding import embed
    from askjapan.index.encoders.minilm import minilm
    from askjapan.index.storage.store import open_index

    index = open_index(Path(environment["BENCH_INDEX"]))
    passages = [passage for passage in index.passages if passage.text][:300]
    texts = sorted((passage.text for passage in passages), key=len)
    minilm().encode(texts[:8])
    told: list[tuple[float, int, int]] = []
    began = time.perf_counter(), time.process_time()
    embed(passages, minilm(), None, {}, lambda stage, done, total: told.append((time.perf_counter(), done, total)))
    built = time.perf_counter() - began[0], time.process_time() - began[1]
    began = time.perf_counter(), time.process_time()
    minilm().encode(texts)
    bare = time.perf_counter() - began[0], time.process_time() - began[1]
    tenth = next(entry for entry in told if entry[1] >= entry[2] / 10)
    start, end = told[0][0], told[-1][0]
    estimate = (tenth[0] - start) * tenth[2] / tenth[1]
    yield (
        f"Embedding {len(texts)} passages: {len(texts) / built[1]:.1f} a processor second in a build, {len(texts) / bare[1]:.1f} by the bare "
        f"encoder (ratio {bare[1] / built[1]:.2f}, wall {bare[0] / built[0]:.2f}); "
        f"the whole time told after a tenth was {estimate / (end - start):.2f} of the true one"
    )
    code = (
        "import json, sys, time\nfrom sentence_transformers import SentenceTransformer\n"
        "texts = json.load(sys.stdin)\nmodel = SentenceTransformer(sys.argv[1], device='cpu', local_files_only=True)\n"
        "model.max_seq_length = 256\nmodel.encode(texts[:8])\nbegan = time.perf_counter(), time.process_time()\nmodel.encode(texts)\n"
        "print(time.perf_counter() - began[0], time.process_time() - began[1])\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(minilm().folder)], input=json.dumps(texts), capture_output=True, text=True, check=True
    ).stdout.split()
    yield (
        f"sentence-transformers on the same texts: {len(texts) / float(said[1]):.1f} a processor second "
        f"(askjapan {float(said[1]) / bare[1]:.2f} times as many, wall {float(said[0]) / bare[0]:.2f})"
    )


def thousand(environment: Mapping[str, str]) -> Iterator[str]:
    """A build that changes nothing, over 1,000 files."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        works = home / "corpus" / "works"
        works.mkdir(parents=True)
        (home / "corpus" / "catalogue.toml").write_bytes((ROOT / "corpus" / "catalogue.toml").read_bytes())
        for number in range(1000):
            path = works / f"file{number:04}.txt"
            path.write_text(f"The harbour of place {number} was dug in {1000 + number}.\n", encoding="utf-8")
            os.utime(path, (1e9, 1e9))
        there = {**environment, "ASKJAPAN_HOME": str(home), "ASKJAPAN_MULTILINGUAL": "false"}
        first = run(["-m", "askjapan", "index"], there)
        again = Ran.median([run(["-m", "askjapan", "index"], there) for _ in range(3)])
        (works / "file0500.txt").write_text("The harbour of place 500 was filled in 1990.\n", encoding="utf-8")
        one = run(["-m", "askjapan", "index"], there)
    yield (
        f"1,000 files: first build {first.wall:.1f} s ({first.cpu:.1f} of a processor), nothing changed {again.wall:.2f} ({again.cpu:.2f}), "
        f"one changed {one.wall:.2f} ({one.cpu:.2f})"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--texts", type=Path, help="folder with full texts for the warm questions; without it the notes")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index, full = Path(folder) / "index", Path(folder) / "full"
        own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**own, "ASKJAPAN_HOME": str(ROOT), "PYTHONPATH": str(ROOT / "src"), "BENCH_INDEX": str(index)}
        os.environ.update(environment)
        tell(f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
        first = run(["-m", "askjapan", "index", "--index", str(index)], environment)
        tell(f"First build of the shipped corpus: {first.wall:.1f} s, {first.cpu:.1f} processor s, {first.memory:.0f} MB")
        for part in (
            commands(environment, index, given.runs),
            serving(environment, index),
            building(environment),
            thousand(environment),
        ):
            for told in part:
                tell(told)
        if given.texts:
            run(["-m", "askjapan", "index", "--index", str(full), "--corpus", str(given.texts)], environment)
        for told in warm(full if given.texts else index):
            tell(told)
        tell(
            f"load average {os.getloadavg()[0]:.1f}; this process's most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
        )


if __name__ == "__main__":
    main()
