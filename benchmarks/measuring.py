"""One step of one kit, in a process of its own: wall time, peak memory, and what it wrote. Works on Linux and macOS."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from report import ROOT, keep, kept

RIVALS = Path(__file__).resolve().parent / "rivals"
COLD_STARTS = 3
_DOORS = (
    "web/*",
    "cli/*",
    "__main__.py",
    "citations/export/*",
    "citations/render.py",
    "citations/verify.py",
    "citations/*_files.py",
)
_POOLS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", "RAYON_NUM_THREADS")


class StepFailed(Exception):
    """A kit's process ended with an error; the message holds the end of what it said."""


@dataclass(frozen=True, slots=True)
class Case:
    """One corpus with its questions, as every kit gets it.

    `lines` are the lines of the question file for askjapan, `rival_lines` those for the other kits.
    """

    name: str
    folder: Path
    lines: Sequence[Mapping[str, Any]]
    rival_lines: Sequence[Mapping[str, Any]]
    k: int

    def lines_for(self, kit: str) -> Sequence[Mapping[str, Any]]:
        return self.lines if kit == "askjapan" else self.rival_lines


@dataclass(frozen=True, slots=True)
class Bench:
    """Where results are kept, how many threads each kit's libraries may use, and how many cold starts the median is of."""

    cache: Path
    threads: int
    cold_starts: int = COLD_STARTS

    def measure(self, kit: str, case: Case) -> dict[str, Any]:
        """All figures of a kit on a case; steps that are there already are not run again.

        Raises:
            StepFailed: one of the kit's processes failed.
        """
        place = self.cache / case.name / kit
        place.mkdir(parents=True, exist_ok=True)
        (place / "questions.jsonl").write_text(json_lines(case.lines_for(kit)), encoding="utf-8")
        key = self._key(kit, case)
        index = kept(place / "index.json", key) or self._index(kit, case, place, key)
        key |= self._question_key(case.lines_for(kit), index, case)
        cold = kept(place / "cold.json", key) or self._cold(kit, case, place, key)
        ask = kept(place / "ask.json", key) or self._ask(kit, case, place, key)
        return {"index": index, "cold": cold, "ask": ask}

    def known(self, kit: str, case: Case) -> dict[str, Any] | None:
        """What an earlier run measured, for a kit that is not asked for now; None if a step of it is missing or out of date."""
        place = self.cache / case.name / kit
        key = self._key(kit, case)
        index = kept(place / "index.json", key)
        if index is None:
            return None
        key |= self._question_key(case.lines_for(kit), index, case)
        cold, ask = kept(place / "cold.json", key), kept(place / "ask.json", key)
        return {"index": index, "cold": cold, "ask": ask} if cold and ask else None

    def _key(self, kit: str, case: Case) -> dict[str, Any]:
        return {"code": code_digest(kit), "corpus": folder_digest(case.folder), "threads": self.threads}

    @staticmethod
    def _question_key(lines: Sequence[Mapping[str, Any]], index: Mapping[str, Any], case: Case) -> dict[str, Any]:
        return {"index": index["made"], "questions": hashlib.sha256(json_lines(lines).encode()).hexdigest(), "k": case.k}

    def answers(self, kit: str, case: Case) -> dict[str, dict[str, Any]]:
        """What the kit found, by the id of the line."""
        text = (self.cache / case.name / kit / "answers.jsonl").read_text(encoding="utf-8")
        return {row["id"]: row for row in map(json.loads, filter(None, text.split("\n")))}

    def _index(self, kit: str, case: Case, place: Path, key: Mapping[str, Any]) -> dict[str, Any]:
        store = place / "store"
        # An old index would be brought up to date and not be built.
        shutil.rmtree(store, ignore_errors=True)
        spent = self._run(kit, ["index", str(case.folder), str(store), str(place / "out.json")], place)
        told: dict[str, Any] = json.loads((place / "out.json").read_text(encoding="utf-8"))
        result = spent | told | {"megabytes on disk": size_of(store) / 2**20}
        keep(place / "index.json", key, result)
        return result

    def _cold(self, kit: str, case: Case, place: Path, key: Mapping[str, Any]) -> dict[str, Any]:
        runs = []
        for _ in range(self.cold_starts):
            began = time.time()
            spent = self._run(kit, ["cold", *self._asking(place, "out.json", case)], place)
            runs.append(json.loads((place / "out.json").read_text(encoding="utf-8"))["answered"] - began)
        result = spent | {"runs": runs, "seconds": sorted(runs)[len(runs) // 2]}
        keep(place / "cold.json", key, result)
        return result

    def _ask(self, kit: str, case: Case, place: Path, key: Mapping[str, Any]) -> dict[str, Any]:
        spent = self._run(kit, ["ask", *self._asking(place, "answers.jsonl", case)], place)
        times = sorted(row["milliseconds"] for row in self.answers(kit, case).values())
        result = spent | {"median": times[len(times) // 2], "p95": times[int(0.95 * (len(times) - 1))]}
        keep(place / "ask.json", key, result)
        return result

    @staticmethod
    def _asking(place: Path, out: str, case: Case) -> list[str]:
        return [str(place / "store"), str(place / "questions.jsonl"), str(place / out), str(case.k)]

    def _run(self, kit: str, arguments: Sequence[str], place: Path) -> dict[str, Any]:
        """Run one step: its wall and processor seconds, peak memory in MB, the load before it and the date."""
        load = os.getloadavg()[0]
        log = place / "log.txt"
        command = [sys.executable, "-W", "ignore", str(RIVALS / f"{kit.lower()}_quickstart.py"), *arguments]
        with log.open("w", encoding="utf-8") as output:
            began = time.perf_counter()
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment(self.threads), cwd=ROOT)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise StepFailed(f"{kit}, {arguments[0]}: {' '.join(log.read_text(encoding='utf-8').split()[-60:])}")
        # Kilobytes on Linux, bytes on macOS.
        megabytes = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        now = datetime.now(UTC)
        cpu = usage.ru_utime + usage.ru_stime
        return {"seconds": seconds, "cpu": cpu, "megabytes": megabytes, "load": load, "made": now.isoformat()}


def json_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as JSON Lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def environment(threads: int) -> dict[str, str]:
    """The environment of a step: the same thread pools for all, and none of the user's own settings of askjapan."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ASKJAPAN_")}
    return own | dict.fromkeys(_POOLS, str(threads))


def code_digest(kit: str) -> str:
    """Changes when what is run changes: the kit's script, and for askjapan its source and models, the web chat and command line aside."""
    paths = [RIVALS / f"{kit.lower()}_quickstart.py", RIVALS / "protocol.py"]
    if kit == "askjapan":
        source = ROOT / "src" / "askjapan"
        paths += sorted(
            path
            for path in source.rglob("*.py")
            if not any(fnmatch(path.relative_to(source).as_posix(), door) for door in _DOORS)
        )
        paths += sorted(path for path in source.rglob("data/*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def folder_digest(folder: Path) -> str:
    """Changes when the files of a corpus change."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.txt")):
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def size_of(folder: Path) -> int:
    """Bytes of all files under a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
