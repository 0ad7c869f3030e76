"""Thousands of damaged files for each reader: each must be read, with exact quotes, or refused by one of our errors.

    python benchmarks/fuzz_readers.py [--samples 100000] [--seed 1] [--formats .pdf .docx] [--write] [--afresh]

Prints a table of counts and every fault with the number that makes its sample again; ends with code 1 if there is one. With
`--write` the table goes into `docs/reading.md`. What is counted is kept in `build/fuzz`, so that a stopped run goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from report import write_block

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.support.mutations import Tally, fuzz, seeds  # noqa: E402

PAGE = ROOT / "docs" / "reading.md"
KEPT = ROOT / "build" / "fuzz"
BATCH = 2_000


def batch(ending: str, samples: int, seed: int, first: int) -> Tally:
    """Some of a format's samples, in a process of its own; those of an earlier run that was stopped are not read again."""
    kept = KEPT / f"{ending[1:]}-{seed}-{first}-{samples}.json"
    if kept.exists():
        return Tally(**json.loads(kept.read_text(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as place:
        tally = fuzz(ending, samples, Path(place), seed, first=first)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(asdict(tally)), encoding="utf-8")
    unfinished.replace(kept)
    return tally


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--samples", type=int, default=100_000, help="how many files of each format")
    asked.add_argument("--seed", type=int, default=1, help="another number makes other files")
    asked.add_argument("--formats", nargs="+", choices=sorted(seeds()), default=sorted(seeds()))
    asked.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many processes")
    asked.add_argument("--write", action="store_true", help="put the table into docs/reading.md")
    asked.add_argument("--afresh", action="store_true", help="forget what an earlier run has counted")
    given = asked.parse_args()
    if given.afresh:
        shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    rows, faults = [], []
    with ProcessPoolExecutor(given.jobs) as pool:
        for ending in given.formats:
            begun, tally = time.perf_counter(), Tally()
            parts = [(first, min(BATCH, given.samples - first)) for first in range(0, given.samples, BATCH)]
            for each in [pool.submit(batch, ending, count, given.seed, first) for first, count in parts]:
                tally += each.result()
                sys.stderr.write(f"{ending}: {tally.of():,} in {time.perf_counter() - begun:.0f} s {tally.faults}\n")
            counts = (tally.of(), tally.read, tally.refused, tally.caught, tally.ended, len(tally.faults))
            rows.append(f"| `{ending}` | {' | '.join(f'{count:,}' for count in counts)} |")
            faults += tally.faults
            sys.stdout.write(f"{rows[-1]} {time.perf_counter() - begun:.0f} s\n")
            sys.stdout.flush()
    told = [
        f"Run on {datetime.now(UTC):%Y-%m-%d} by `python benchmarks/fuzz_readers.py --samples {given.samples} --seed {given.seed}`:",
        "",
        "| format | samples | read, quotes exact | refused | a parser's own error, told as ours"
        " | over a limit or a crash, told as ours | faults |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *rows,
    ]
    sys.stdout.write("\n".join(["", *told, "", *faults, ""]))
    if given.write:
        write_block(PAGE, "fuzz", "\n".join(told))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
