"""What each signal of retrieval adds: variants of the mix on the questions about the full texts, as a table in docs/retrieval.md.

    python benchmarks/ablation.py --index INDEX

INDEX is an index of the five full texts. Half A and half B part the questions by a hash of their ids, so that a gain can be seen on both.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType

import numpy as np
from public_data import need_shared
from report import markdown_table, write_block

from askjapan.assistant import Assistant
from askjapan.evaluation.questions import Question, holds, load_questions
from askjapan.evaluation.score import DEPTH
from askjapan.language.scripts import is_foreign
from askjapan.records import Hit
from askjapan.retrieval import candidate_search, retriever
from askjapan.retrieval.follow_up import stand_alone
from askjapan.retrieval.readers.reader import PassageReader, Reading

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "retrieval.md"
GOLD = ROOT.parent / "shared" / "gold" / "answerable.jsonl"
OWN = ROOT / "benchmarks" / "questions"
BUDGET = 500
MIXES = ("SAME_LANGUAGE", "JAPANESE", "FROM_ENGLISH", "ACROSS")
"""The mappings of weights in `candidate_search`, by name."""
READER = ("ANSWERS_WEIGHT", "RANK_WEIGHT", "TOGETHER_WEIGHT")
"""The weights of the reader's two logits and of the question's words that stand together."""
SIGNALS = tuple(candidate_search.SAME_LANGUAGE)
ALONE = 1000.0


@dataclass(frozen=True)
class Variant:
    """The mix with some of its signals, and factors of the weights of the reader's two logits and of the words that stand together."""

    name: str
    signals: frozenset[str]
    answers: float = 1.0
    rank: float = 1.0
    words: float = 1.0


@dataclass(frozen=True)
class Asked:
    """A question with the ids of the works that hold its answer."""

    question: Question
    works: frozenset[str]
    own: bool


class RememberingReader:
    """A reader that reads each text once for a question: the variants read much the same."""

    def __init__(self, reader: PassageReader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, str], Reading] = {}

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        if fresh := [text for text in dict.fromkeys(texts) if (question, text) not in self._known]:
            readings = self._reader.read(question, fresh)
            self._known.update({(question, text): reading for text, reading in zip(fresh, readings, strict=True)})
        return [self._known[question, text] for text in texts]


def variants() -> list[Variant]:
    """The mix, the mix without each signal, each signal alone."""
    every = frozenset(SIGNALS)
    return [
        Variant("**the mix**", every),
        Variant("without the reader", every, 0.0, 0.0),
        Variant("without the words together", every, words=0.0),
        Variant("without both", every, 0.0, 0.0, 0.0),
        Variant("without the reader's “answers”", every, answers=0.0),
        Variant("without the reader's rank", every, rank=0.0),
        *(Variant(f"without {name}", every - {name}) for name in SIGNALS),
        Variant("the reader alone", every, ALONE, ALONE, 0.0),
        *(Variant(f"{name} alone", frozenset({name}), 0.0, 0.0, 0.0) for name in SIGNALS),
    ]


def weighted(weights: Mapping[str, float], signals: frozenset[str]) -> Mapping[str, float]:
    """Weights with those of other signals at zero; as they are, if nothing would be left."""
    left = {name: weight if name in signals else 0.0 for name, weight in weights.items()}
    return left if any(left.values()) else weights


@contextmanager
def in_force(variant: Variant) -> Iterator[None]:
    """Within it, retrieval weighs its signals as a variant does."""
    before = {name: getattr(_module_of(name), name) for name in (*MIXES, *READER)}
    try:
        for name in MIXES:
            setattr(candidate_search, name, weighted(before[name], variant.signals))
        for name, factor in zip(READER, (variant.answers, variant.rank, variant.words), strict=True):
            setattr(retriever, name, factor * before[name])
        yield
    finally:
        for name, value in before.items():
            setattr(_module_of(name), name, value)


def _module_of(name: str) -> ModuleType:
    return candidate_search if name in MIXES else retriever


def half_of(id_: str) -> int:
    """Half A (0) or B (1), by a hash of the question's id."""
    return int(hashlib.sha1(id_.encode(), usedforsecurity=False).hexdigest(), 16) % 2


def works_of(assistant: Assistant, names: Sequence[str]) -> frozenset[str]:
    """The document ids that a question's names of works stand for: ids, or the first parts of file names."""
    aliases = {Path(document.path).name.split("_")[0]: document.id for document in assistant.documents}
    wanted = {aliases.get(name, name) for name in names}
    return frozenset(document.id for document in assistant.documents if document.id in wanted)


def outcome(hits: Sequence[Hit], asked: Asked) -> tuple[bool, bool]:
    """Whether the whole answer stands in the first words retrieved, and in the first passage."""
    budget, kept = BUDGET, []
    for hit in hits:
        words = hit.passage.text.split()
        kept += words[: max(0, budget)] if hit.document.id in asked.works else []
        budget -= len(words)
    first = hits[0].passage.text if hits and hits[0].document.id in asked.works else ""
    return holds(" ".join(kept), asked.question.answer_any), holds(first, asked.question.answer_any)


def row(searcher: retriever.Retriever, variant: Variant, questions: Sequence[Asked]) -> list[str]:
    """A variant's figures, in percent."""
    with in_force(variant):
        outcomes = [
            (asked, *outcome(searcher.retrieve(stand_alone(asked.question.text, asked.question.context), DEPTH), asked))
            for asked in questions
        ]
    gold = [(asked, held, first) for asked, held, first in outcomes if not asked.own]
    halves = [[held for asked, held, _ in gold if half_of(asked.question.id) == half] for half in (0, 1)]
    own = [held for asked, held, _ in outcomes if asked.own]
    cells = [[held for _, held, _ in gold], *halves, [first for _, _, first in gold], own]
    return [variant.name, *(f"{100 * np.mean(cell):.1f}" if cell else "–" for cell in cells)]


def main() -> None:
    """Measure every variant, print the table and put it into the docs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--index", type=Path, required=True, help="index of the full texts")
    parser.add_argument("--most", type=int, help="only so many questions of each file, for a trial")
    parser.add_argument("--dry-run", action="store_true", help="print the table, do not write it into the docs")
    given = parser.parse_args()
    need_shared()
    assistant = Assistant.open(given.index)
    usual = assistant.retriever
    searcher = retriever.Retriever(assistant.index, usual.encoder, usual.multilingual, RememberingReader(usual.readers.english))
    files = [(GOLD, False), *((path, True) for path in sorted(OWN.glob("*.jsonl")))]
    every = [
        Asked(question, works_of(assistant, question.works), own)
        for path, own in files
        for question in [one for one in load_questions(path) if one.answerable][: given.most]
    ]
    header = ["variant", f"AR@{BUDGET}", "half A", "half B", "first passage", f"our own questions, AR@{BUDGET}"]
    block = [f"Made on {date.today().isoformat()} by `python benchmarks/ablation.py --index INDEX`, in percent.", ""]
    for title, foreign in (("English", False), ("Other scripts", True)):
        some = [asked for asked in every if is_foreign(asked.question.text) == foreign]
        counts = sum(not asked.own for asked in some), sum(asked.own for asked in some)
        rows = [row(searcher, variant, some) for variant in variants()]
        block += [f"{title} ({counts[0]} gold questions, {counts[1]} of our own):", "", markdown_table(header, rows), ""]
    table = "\n".join(block).rstrip()
    sys.stdout.write(table + "\n")
    if not given.dry_run and not given.most:
        write_block(PAGE, "ablation", table)


if __name__ == "__main__":
    main()
