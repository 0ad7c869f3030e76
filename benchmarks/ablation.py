"""What each signal of retrieval adds: every variant of the mix on the questions about the full texts, as a table in docs/retrieval.md.

    python benchmarks/ablation.py --index INDEX

INDEX is an index of the five full texts. Half A and half B part the questions by a hash of their ids, so that a gain can be seen on both.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from answer_cases import aliases_of, half_of, works_of
from report import markdown_table, write_block

from askjapan.assistant import Assistant
from askjapan.evaluation.questions import Question, holds, load_questions
from askjapan.evaluation.score import DEPTH
from askjapan.retrieval.follow_up import stand_alone
from askjapan.retrieval.fusion import Scores, fused
from askjapan.retrieval.retriever import FOREIGN_WEIGHTS, MESSAGE_WEIGHT, WEIGHTS, Retriever

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "retrieval.md"
GOLD = ROOT.parent / "shared" / "gold" / "answerable.jsonl"
OWN = ROOT / "benchmarks" / "questions"
BUDGET = 500
Signals = Mapping[str, Scores]


@dataclass(frozen=True)
class Scored:
    """A question with each signal's standardised score of every passage."""

    question: Question
    works: frozenset[str]
    own: bool
    foreign: bool
    signals: Signals


def without(weights: Mapping[str, float], name: str) -> dict[str, float]:
    return {signal: weight for signal, weight in weights.items() if signal != name}


def variants(weights: Mapping[str, float]) -> dict[str, Mapping[str, float]]:
    """The mix, the mix without each signal, each signal alone."""
    named: dict[str, Mapping[str, float]] = {"**the mix**": weights}
    named |= {f"without {name}": without(weights, name) for name in weights}
    return named | {f"{name} alone": {name: 1.0} for name in weights}


def scored(assistant: Assistant, retriever: Retriever, questions: Sequence[Question], own: bool) -> list[Scored]:
    aliases = aliases_of(assistant)
    allowed = np.ones(len(assistant.index.passages), dtype=bool)
    found = []
    for question in questions:
        alone = stand_alone(question.text, question.context)
        foreign = retriever.reads_foreign(alone.question)
        signals = dict(retriever.signals(alone.question, allowed, foreign))
        if alone.follow_up:
            for name, values in retriever.signals(alone.message, allowed, foreign).items():
                signals[name] = signals[name] + MESSAGE_WEIGHT * values
        works = frozenset(works_of(assistant, question.works, aliases))
        found.append(Scored(question, works, own, foreign, signals))
    return found


def measured(assistant: Assistant, one: Scored, weights: Mapping[str, float]) -> tuple[bool, bool]:
    """Whether the whole answer stands in the first words retrieved, and in the first passage."""
    passages = assistant.index.passages
    total = fused(one.signals, weights)
    ranked = [passages[int(row)] for row in np.argsort(-total, kind="stable")[:DEPTH]]
    budget, kept = BUDGET, []
    for passage in ranked:
        words = passage.text.split()
        kept += words[: max(0, budget)] if passage.document_id in one.works else []
        budget -= len(words)
    first = ranked[0].text if ranked[0].document_id in one.works else ""
    return holds(" ".join(kept), one.question.answer_any), holds(first, one.question.answer_any)


def row(assistant: Assistant, name: str, weights: Mapping[str, float], questions: Sequence[Scored]) -> list[str]:
    outcomes = [(one, measured(assistant, one, weights)) for one in questions if set(weights) & set(one.signals)]
    gold = [(one, *result) for one, result in outcomes if not one.own]
    halves = [[held for one, held, _ in gold if half_of(one.question.id) == half] for half in (0, 1)]
    cells = [[held for _, held, _ in gold], *halves, [first for _, _, first in gold], [r[0] for one, r in outcomes if one.own]]
    return [name, *(f"{100 * np.mean(cell):.1f}" if cell else "–" for cell in cells)]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--index", type=Path, required=True, help="index of the full texts")
    parser.add_argument("--dry-run", action="store_true", help="print the table, do not write it into the docs")
    given = parser.parse_args()
    assistant = Assistant.open(given.index)
    retriever = assistant.retriever
    mine = [question for file in sorted(OWN.glob("*.jsonl")) for question in load_questions(file) if question.answerable]
    every = scored(assistant, retriever, load_questions(GOLD), own=False) + scored(assistant, retriever, mine, own=True)
    header = ["variant", f"AR@{BUDGET}", "half A", "half B", "first passage", f"our own questions, AR@{BUDGET}"]
    block = [f"Made on {date.today().isoformat()} by `python benchmarks/ablation.py --index INDEX`, in percent.", ""]
    for title, foreign, weights in (("English", False, WEIGHTS), ("Other scripts", True, FOREIGN_WEIGHTS)):
        some = [one for one in every if one.foreign == foreign]
        counts = sum(not one.own for one in some), sum(one.own for one in some)
        rows = [row(assistant, name, mix, some) for name, mix in variants(weights).items()]
        block += [f"{title} ({counts[0]} gold questions, {counts[1]} of our own):", "", markdown_table(header, rows), ""]
    table = "\n".join(block).rstrip()
    sys.stdout.write(table + "\n")
    if not given.dry_run:
        write_block(PAGE, "ablation", table)


if __name__ == "__main__":
    main()
