"""How well follow-up questions are told from stand-alone ones, and what making them stand alone is worth, on three public sets.

    python benchmarks/rewriting.py [FOLDER]

FOLDER holds `canard_dev.jsonl.gz`, `cast_2019_2021.jsonl.gz` and `mtrag_human.jsonl.gz`, one JSON object a line with `text`,
`history` (turns with `role` and `text`) and `rewrite`, the stand-alone question that a person wrote. First turns are left out.

- decision: how often `leans_on_history` agrees with the person, who leaned on the earlier turns where the rewrite has index terms
  that the message lacks and the earlier turns have;
- recall: the share of the rewrite's index terms in our stand-alone question, in the raw message, and in the raw message with the
  user's previous one; `terms` is how many terms each has, for more terms make recall easy.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from askjapan.errors import QuestionError
from askjapan.language.terms import terms
from askjapan.retrieval.follow_up import leans_on_history, stand_alone

SETS = ("canard_dev", "cast_2019_2021", "mtrag_human")
FOLDER = Path(__file__).resolve().parents[2] / "shared" / "bench" / "rewrites"
WAYS = ("ours", "raw", "raw + previous")


@dataclass
class Figures:
    """Sums over one set."""

    rows: int = 0
    decisions: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    recall: dict[str, float] = field(default_factory=lambda: dict.fromkeys(WAYS, 0.0))
    size: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WAYS, 0))

    def add(self, row: dict[str, Any]) -> None:
        """Count one turn."""
        message = row["text"]
        user = [turn["text"] for turn in row["history"] if turn["role"] == "user"]
        told = {term for turn in row["history"] for term in terms(turn["text"])}
        wanted, has = set(terms(row["rewrite"])), set(terms(message))
        self.rows += 1
        self.decisions[bool((wanted - has) & told), leans_on_history(message)] += 1
        try:
            ours = stand_alone(message, user).question
        except QuestionError:
            ours = message
        for way, text in zip(WAYS, (ours, message, f"{message} {user[-1]}"), strict=True):
            held = set(terms(text))
            self.recall[way] += len(wanted & held) / max(1, len(wanted))
            self.size[way] += len(held)

    def line(self, name: str) -> str:
        """One row of the table."""
        right = self.decisions[True, True] + self.decisions[False, False]
        leaning = self.decisions[True, True] / max(1, self.decisions[True, True] + self.decisions[True, False])
        alone = self.decisions[False, False] / max(1, self.decisions[False, False] + self.decisions[False, True])
        shares = (f"{self.recall[way] / self.rows:.3f} ({self.size[way] / self.rows:.1f})" for way in WAYS)
        figures = (f"{self.rows}", f"{right / self.rows:.3f}", f"{leaning:.3f}", f"{alone:.3f}", *shares)
        return f"{name:16}" + "".join(f"{figure:>16}" for figure in figures)


def turns(path: Path) -> Iterator[dict[str, Any]]:
    """The turns of a set that have earlier turns of the user."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            row = json.loads(line)
            if any(turn["role"] == "user" for turn in row["history"]):
                yield row


def main(folder: Path) -> None:
    """Print the table for the sets of a folder."""
    header = ("turns", "decision", "leaning found", "alone found", "recall (terms)", "raw", "raw + previous")
    sys.stdout.write(f"{'set':16}" + "".join(f"{title:>16}" for title in header) + "\n")
    for name in SETS:
        figures = Figures()
        for row in turns(folder / f"{name}.jsonl.gz"):
            figures.add(row)
        sys.stdout.write(figures.line(name) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
