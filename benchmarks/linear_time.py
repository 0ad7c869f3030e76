"""Files that repeat one thing, from 1,000 to 2,000,000 characters: what reading and cutting each costs, and what twice its size costs.

    python benchmarks/linear_time.py [--most 2000000] [--formats .txt .html] [--minutes 5] [--write] [--afresh]

All shapes of `tests/support/repetitions.py` go through `read_file`, the work of a build before the embedding, with the limits and the
tokenizer that a build has. Each file is read by a process of its own; counted are the processor seconds of that one and of the worker
that it starts, after a file of a few words has loaded both. Where twice the size seems to cost more than `AGAIN` times as much, both are
measured again, three times in all, and the quickest counts. Prints a table and every shape over `BOUND`; ends with code 1 if there is
one. What is measured is kept in `benchmarks/linear.json`, so that a stopped run goes on; `--write` puts the table into `docs/reading.md`.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

from report import markdown_table, write_block

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from askjapan.documents.facts.catalogue import Catalogue  # noqa: E402
from askjapan.documents.readers import isolated  # noqa: E402
from askjapan.index.encoders.minilm import minilm  # noqa: E402
from askjapan.index.reading import prove_fit, read_file  # noqa: E402
from askjapan.index.works.corpus import digest_of  # noqa: E402
from askjapan.sayings import Saying  # noqa: E402
from tests.support.repetitions import SHAPES  # noqa: E402

PAGE = ROOT / "docs" / "reading.md"
KEPT = ROOT / "benchmarks" / "linear.json"
LEAST, TIMES, AGAIN, BOUND = 1_000, 3, 2.2, 2.5
TELLING = 0.25  # seconds: what costs less is told by chance
PATIENCE = 3_600.0  # wall seconds for one file, with all limits of reading


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds and peak megabytes of a file of so many characters, and its passages or the sentence that refused it."""

    size: int
    seconds: float
    megabytes: int
    passages: int = 0
    refusal: str = ""


def sizes(most: int) -> list[int]:
    """The sizes of a shape: pairs of a half and a whole, each pair sixteen times the one before it, from about `LEAST` on."""
    halvings = [each + one for each in range(0, most.bit_length(), 4) for one in (0, 1)]
    return sorted(most >> each for each in halvings if most >> each >= LEAST * 0.9)


def _read(few: Path, path: Path, place: Path) -> None:
    read_file(few, digest_of(few), Catalogue({}), minilm(), 120)
    begun = _spent() + sum(map(_spent_by, _children()))
    within = isolated.seconds_for(path.stat().st_size)
    # The limit is of wall seconds, which on a busy machine say nothing of the file: the processor's are held against it.
    with patch.object(isolated, "seconds_for", return_value=PATIENCE):
        outcome = read_file(path, digest_of(path), Catalogue({}), minilm(), 120)
    if not isinstance(outcome, Saying):
        prove_fit(outcome.passages, minilm())
    isolated.stop()
    spent = _spent() - begun
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) >> 10
    told = {"refusal": outcome.sentence()} if isinstance(outcome, Saying) else {"passages": len(outcome.passages)}
    if spent > within:
        told = {"refusal": f"{spent:.0f} processor seconds are more than the {within:.0f} of a build."}
    place.write_text(json.dumps({"seconds": spent, "megabytes": peak, **told}), encoding="utf-8")


def _spent() -> float:
    """Processor seconds of this process and of its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _children() -> list[int]:
    """The numbers of this process's children that run."""
    return [int(number) for number in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def _spent_by(number: int) -> float:
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cost(ending: str, data: bytes, size: int) -> Cost:
    """What reading a file costs."""
    with tempfile.TemporaryDirectory() as folder:
        few, path, place = Path(folder) / f"few{ending}", Path(folder) / f"a{ending}", Path(folder) / "out.json"
        few.write_bytes(SHAPES[ending][next(iter(SHAPES[ending]))](100))
        path.write_bytes(data)
        process = multiprocessing.get_context("fork").Process(target=_read, args=(few, path, place))
        process.start()
        process.join(PATIENCE)
        if process.is_alive():
            process.kill()
            process.join()
            return Cost(size, PATIENCE, 0, refusal="STOPPED")
        if process.exitcode:
            return Cost(size, 0.0, 0, refusal=f"FAILED with code {process.exitcode}")
        return Cost(size, **json.loads(place.read_text(encoding="utf-8")))


def ladder(ending: str, name: str, most: int) -> list[Cost]:
    """The costs of a shape by size; the quickest of some where a step seems steep."""
    make, found = SHAPES[ending][name], list[Cost]()
    for size in sizes(most):
        found.append(cost(ending, make(size), size))
        for _ in range(TIMES - 1):
            if not steepest(found[-2:])[0] > AGAIN:
                break
            found[-2:] = [min(each, cost(ending, make(each.size), each.size), key=lambda c: c.seconds) for each in found[-2:]]
    return found


def steepest(costs: Sequence[Cost]) -> tuple[float, int]:
    """How many times as much twice the size costs at most, and that size; (0, 0) where all are too quick to tell."""
    steps = [
        (double.seconds / max(half.seconds, 0.01), double.size)
        for half, double in pairwise(costs)
        if double.size <= 2 * half.size + 1 and double.seconds >= TELLING and double.refusal == half.refusal == ""
    ]
    return max(steps, default=(0.0, 0))


Kept = dict[str, dict[str, list[list[Any]]]]


def kept() -> Kept:
    """What earlier runs have measured: by format and kind, a list of costs, each in the order of `Cost`."""
    found: Kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    return found


def keep(ending: str, name: str, costs: Sequence[Cost]) -> None:
    """Write the costs of a kind beside those of the others, a line each."""
    known = kept()
    known.setdefault(ending, {})[name] = [list(astuple(replace(each, seconds=round(each.seconds, 3)))) for each in costs]
    formats = [
        f"{json.dumps(each)}: {{\n"
        + ",\n".join(f"{json.dumps(kind, ensure_ascii=False)}: {json.dumps(costs)}" for kind, costs in kinds.items())
        + "\n}"
        for each, kinds in sorted(known.items())
    ]
    KEPT.write_text("{\n" + ",\n".join(formats) + "\n}\n", encoding="utf-8")


def measured(endings: Sequence[str], most: int, until: float) -> Iterator[tuple[str, str, list[Cost]]]:
    """The costs of each shape; those that an earlier run has kept are not measured again. When it is late, no other is begun."""
    known = kept()
    for ending in endings:
        for name in SHAPES[ending]:
            costs = [Cost(*each) for each in known.get(ending, {}).get(name, ())]
            if costs and costs[-1].size == most:
                yield ending, name, costs
                continue
            if time.monotonic() > until:
                sys.stderr.write(f"Stopped at {ending} {name}; what is measured is kept, run it again to go on.\n")
                break
            costs = ladder(ending, name, most)
            keep(ending, name, costs)
            ratio, size = steepest(costs)
            last = costs[-1]
            sys.stderr.write(
                f"{ending} {name}: {last.seconds:.1f} s, {last.megabytes} MB, {ratio:.2f} at {size:,} {last.refusal}\n"
            )
            yield ending, name, costs


def row(ending: str, found: Sequence[tuple[str, list[Cost]]]) -> list[str]:
    """A format's row of the table."""
    ratios = sorted(((*steepest(costs), name) for name, costs in found), reverse=True)
    slowest = max(((costs[-1].seconds, name) for name, costs in found))
    refused = [name for name, costs in found if costs[-1].refusal]
    peak = max(each.megabytes for _, costs in found for each in costs)
    worst = ", ".join(f"{ratio:.2f} (`{name}`, {size:,})" for ratio, size, name in ratios[:3] if ratio)
    return [
        f"`{ending}`",
        f"{len(found)} of {len(SHAPES[ending])}",
        f"{slowest[0]:.1f} s (`{slowest[1]}`)",
        f"{peak} MB",
        worst or "all too quick to tell",
        str(len(refused)),
        str(sum(ratio > BOUND for ratio, *_ in ratios)),
    ]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--most", type=int, default=2_000_000, help="characters of the largest files")
    asked.add_argument("--formats", nargs="+", choices=list(SHAPES), default=list(SHAPES))
    asked.add_argument("--minutes", type=float, default=1e6, help="begin no shape after so many")
    asked.add_argument("--write", action="store_true", help="put the table into docs/reading.md")
    asked.add_argument("--afresh", action="store_true", help="forget what an earlier run has measured")
    given = asked.parse_args()
    if given.afresh:
        KEPT.unlink(missing_ok=True)
    minilm().count_pieces("The tokenizer is loaded before the first process.")
    by_format: dict[str, list[tuple[str, list[Cost]]]] = {ending: [] for ending in given.formats}
    for ending, name, costs in measured(given.formats, given.most, time.monotonic() + 60 * given.minutes):
        by_format[ending].append((name, costs))
    wrong = [
        f"{ending} {name}: {ratio:.2f} times for {size:,} characters. {costs[-1].refusal}"
        for ending, found in by_format.items()
        for name, costs in found
        for ratio, size in [steepest(costs)]
        if ratio > BOUND or costs[-1].refusal.startswith(("STOPPED", "FAILED"))
    ]
    refusals = sorted(
        f"{ending} {name}, from {first.size:,}: {first.refusal}"
        for ending, found in by_format.items()
        for name, costs in found
        for first in [next((each for each in costs if each.refusal), None)]
        if first is not None and costs[-1].refusal
    )
    steepest_of = "steepest: twice the size costs, by kind and size"
    size = f"{given.most:,}"
    header = ["format", "kinds", f"most for {size} characters", "most memory", steepest_of, f"refused at {size}", f"over {BOUND}"]
    told = [
        f"Run on {datetime.now(UTC):%Y-%m-%d} by `python benchmarks/linear_time.py --most {given.most}`:",
        "",
        markdown_table(header, [row(ending, found) for ending, found in by_format.items() if found]),
    ]
    sys.stdout.write("\n".join([*told, "", *refusals, "", *wrong, ""]))
    if given.write:
        write_block(PAGE, "linear", "\n".join(told))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
