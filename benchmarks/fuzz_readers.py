"""Thousands of damaged files for each reader: each must be read, with exact quotes, or refused by one of our errors.

    python benchmarks/fuzz_readers.py [--samples 100000] [--seed 1] [--formats .pdf .docx] [--write]

Prints a table of counts and every fault with the number that makes its sample again; ends with code 1 if there is one. With
`--write` the table goes into `docs/reading.md`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.support.mutations import fuzz, seeds  # noqa: E402

PAGE = ROOT / "docs" / "reading.md"
BEGIN, END = "<!-- fuzz: begin -->", "<!-- fuzz: end -->"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--samples", type=int, default=100_000, help="how many files of each format")
    asked.add_argument("--seed", type=int, default=1, help="another number makes other files")
    asked.add_argument("--formats", nargs="+", choices=sorted(seeds()), default=sorted(seeds()))
    asked.add_argument("--write", action="store_true", help="put the table into docs/reading.md")
    given = asked.parse_args()
    rows, faults = [], []
    with tempfile.TemporaryDirectory() as place:
        for ending in given.formats:
            begun = time.perf_counter()
            tally = fuzz(ending, given.samples, Path(place), given.seed)
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
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n" + "\n".join(told) + f"\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
