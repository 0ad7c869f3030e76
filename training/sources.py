"""Public question sets → examples in one form. Sets that only measure are never read here."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[2] / "shared"
CATALOGUE = Path(__file__).resolve().parents[1] / "corpus" / "catalogue.toml"
SHARE = {"fever_eraser": 0.7, "medquad": 0.2, "condaqa": 0.7, "molweni_test": 0.5, "ropes_contrast": 0.5}
"""Sets of one form are sampled, so that they don't outweigh the others."""
TWICE = ("nq_oracle", "qed_dev", "multispanqa_valid", "boolq_val", "timeqa_human")
"""Real searches and dates are few and the closest to users' questions."""
JAPANESE = ("jaquad", "niilc", "parallel_tanaka")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[A-Z\"'“‘(\[0-9])|(?<=[。！？])")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage; `spans` and `evidence` are character ranges in the passage, None where the set doesn't say."""

    id: str
    question: str
    passage: str
    title: str
    answerable: bool
    spans: tuple[Span, ...] | None
    evidence: tuple[Span, ...] | None
    answers: tuple[str, ...]
    source: str


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file.read().split("\n"):
            if line:
                yield json.loads(line)


def overlaps_half(span: Span, others: Iterable[Span]) -> bool:
    """Whether a stretch shares at least half of itself, or half of one of the others, with it."""
    start, end = span
    return any(2 * (min(e, end) - max(s, start)) >= min(e - s, end - start) for s, e in others)


def sentences(text: str) -> list[Span]:
    """Character ranges of the sentences of a text."""
    spans, start = [], 0
    for match in SENTENCE_END.finditer(text):
        if match.end() > start:
            spans.append((start, match.start() or match.end()))
        start = match.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def english(seed: int) -> list[Example]:
    """All English training examples: `shared/train`, SQuAD 2.0 dev less its held-out articles, SciFact's train split."""
    draw = random.Random(seed)
    examples: list[Example] = []
    for path in sorted((SHARED / "train").glob("*.jsonl.gz")):
        name = path.name.removesuffix(".jsonl.gz")
        if name in JAPANESE:
            continue
        # A refuted claim is often a true one with one thing exchanged, which the swaps teach to be no answer.
        rows = [_row(data) for data in lines(path) if data.get("label") != "refutes"]
        kept = [row for row in rows if draw.random() < SHARE.get(name, 1.0)]
        examples += kept * (2 if name in TWICE else 1)
    examples += squad2(held_out=False)
    examples += _scifact()
    return examples


def japanese(seed: int) -> list[Example]:
    """JaQuAD and NIILC."""
    del seed
    return [_row(data) for name in ("jaquad", "niilc") for data in lines(SHARED / "train" / f"{name}.jsonl.gz")]


def _row(data: dict[str, Any]) -> Example:
    spans = tuple((a["start"], a["start"] + len(a["text"])) for a in data["answers"])
    evidence = tuple((start, end) for start, end in data["evidence"])
    answerable = bool(data["answerable"])
    return Example(
        data["id"], data["question"], data["passage"], data.get("title") or "", answerable,
        spans if spans or not answerable else None, evidence if evidence or not answerable else None,
        tuple(a["text"] for a in data["answers"]), data["set"],
    )  # fmt: skip


def held_out_titles() -> set[str]:
    """The seven SQuAD 2.0 dev articles that are never trained on: the pilot's draw."""
    titles = sorted({data["title"] for data in lines(SHARED / "bench" / "squad2_dev" / "corpus.jsonl.gz")})
    random.Random(7).shuffle(titles)
    return set(titles[:7])


def squad2(*, held_out: bool) -> list[Example]:
    """SQuAD 2.0 dev: its seven held-out articles, or all the others."""
    folder = SHARED / "bench" / "squad2_dev"
    documents = {data["id"]: data for data in lines(folder / "corpus.jsonl.gz")}
    out = held_out_titles()
    examples = []
    for data in lines(folder / "queries.jsonl.gz"):
        document = documents[data["source_doc"]]
        if (document["title"] in out) != held_out:
            continue
        text = document["text"]
        spans = tuple((a["start"], a["start"] + len(a["text"])) for a in data["answers"])
        evidence = tuple((s, e) for s, e in sentences(text) if any(s < b and e > a for a, b in spans))
        examples.append(
            Example(
                f"squad2-{data['id']}",
                data["text"],
                text,
                document["title"].replace("_", " "),
                not data["is_impossible"],
                spans,
                evidence,
                tuple(a["text"] for a in data["answers"]),
                "squad2_dev",
            )
        )
    return examples


def _scifact() -> list[Example]:
    folder = SHARED / "bench" / "scifact"
    documents = {data["id"]: data for data in lines(folder / "corpus.jsonl.gz")}
    starts = {data["id"]: data["sentence_starts"] for data in lines(folder / "sentences.jsonl.gz")}
    examples = []
    for data in lines(folder / "queries_train.jsonl.gz"):
        marked: dict[str, set[int]] = {}
        for item in data["evidence"]:
            if item["label"] == "SUPPORT":
                marked.setdefault(item["doc"], set()).update(item["sentences"])
        for number, chosen in marked.items():
            text, at = documents[number]["text"], [*starts[number], len(documents[number]["text"])]
            evidence = tuple((at[n], at[n + 1]) for n in sorted(chosen) if n + 1 < len(at))
            title = documents[number]["title"]
            examples.append(
                Example(f"scifact-{data['id']}-{number}", data["text"], text, title, True, None, evidence, (), "scifact")
            )
    return examples
