"""How long a search for every mention and a question of a matrix take, as a table.

    python benchmarks/across_works.py --index INDEX

INDEX is an index of the five full texts. Times are the median of several runs in a process that has done the same once before.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from report import markdown_table

from askjapan.assistant import Assistant

TERMS = ("sister city", "Japan", "migra*", "*national", "soft * diplomacy", '"of the"', "1,576", "姉妹都市")
QUESTIONS = ("How did relations with China change?", "What role does the government play?", "地方自治体は海外で何をしているか。")
RUNS = 5


def median_milliseconds(work: Callable[[], object], runs: int) -> float:
    """The median time of some runs, after one that is not counted."""
    work()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True, help="an index of the five full texts")
    parser.add_argument("--mentions-only", action="store_true", help="leave the matrix out: it loads the models")
    given = parser.parse_args(arguments)
    assistant = Assistant.open(given.index)
    rows = [
        [
            f"mentions {term}",
            str(assistant.mentions(term).count),
            f"{median_milliseconds(lambda t=term: assistant.mentions(t), RUNS):.1f}",
        ]
        for term in TERMS
    ]
    for question in () if given.mentions_only else QUESTIONS:
        cells = sum(cell.answered for cell in assistant.matrix([question]).answers)
        # Questions and readings are kept in memory: each run asks in other words.
        wordings = iter(f"{question} ({number})" for number in range(10))
        taken = median_milliseconds(lambda left=wordings: assistant.matrix([next(left)]), 3)
        rows.append([f"matrix {question}", str(cells), f"{taken:.0f}"])
    sys.stdout.write(markdown_table(["search", "mentions, or cells with a quote", "median ms"], rows) + "\n")


if __name__ == "__main__":
    main()
