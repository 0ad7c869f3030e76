"""Pairs for the reader of Japanese: `python -m training.japanese_pairs --base build/reader/base-ja --out build/reader/pairs/japanese.npz`.

JaQuAD, cut into windows as short as the product's; our questions on invented works in Japanese, in both languages, with the windows that the
product's own search ranks high; our Japanese questions on English works; and JaQuAD's with a number or name exchanged, which nothing answers.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np

from askjapan.index.build import build
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import multilingual
from askjapan.index.storage.store import open_index
from askjapan.retrieval.readers.reader import JAPANESE, reader
from askjapan.retrieval.retriever import Retriever
from training import own_pairs, own_questions
from training.own_questions import Group, write_texts
from training.pairs import Pair, tokenised
from training.sources import CATALOGUE, Example, Span, japanese

SIGNS = (JAPANESE.begin, JAPANESE.apart)
LONGEST = 150
"""Characters of a window's own sentences: some 120 tokens of tiktoken, as the product cuts them."""
NEAR = 3
_SENTENCE = re.compile(r"[^。]+。?")
_NUMBER = re.compile(r"\d+")
NAME = re.compile(r"[ァ-ヴー]{3,}")


@dataclass(frozen=True)
class Cut:
    """A window of a passage: its range there, with its neighbouring sentences."""

    start: int
    end: int


def cuts(passage: str) -> list[Cut]:
    """The windows of a passage: as many whole sentences as have room, and the sentence before and behind."""
    spans = [match.span() for match in _SENTENCE.finditer(passage)]
    chunks: list[list[int]] = []
    for number, (_, end) in enumerate(spans):
        if chunks and end - spans[chunks[-1][0]][0] <= LONGEST:
            chunks[-1].append(number)
        else:
            chunks.append([number])
    return [Cut(spans[max(0, chunk[0] - 1)][0], spans[min(len(spans) - 1, chunk[-1] + 1)][1]) for chunk in chunks]


def is_unseen(example: Example) -> bool:
    """Whether a question of JaQuAD is of the part that is never trained on."""
    return example.source == "jaquad" and example.id.startswith("jaquad-de")


def two_signs(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)}


def of_jaquad(most: int, draw: random.Random, numbers: Iterator[int]) -> Iterator[Pair]:
    """So many questions, each with the window that answers and the likest of the same article that don't; some with one thing exchanged."""
    by_title: dict[str, list[Example]] = defaultdict(list)
    for example in japanese(0):
        if example.source == "jaquad" and not is_unseen(example):
            by_title[example.title].append(example)
    windows = {
        title: [(e.passage, cut) for e in {e.passage: e for e in examples}.values() for cut in cuts(e.passage)]
        for title, examples in by_title.items()
    }
    every = [example for examples in by_title.values() for example in examples if example.evidence and example.spans]
    names = [name for example in every for name in NAME.findall(example.question)]
    for example in draw.sample(every, min(most, len(every))):
        evidence, span = example.evidence or (), (example.spans or ())[0]
        number = next(numbers)
        wanted = two_signs(example.question)
        right, wrong = None, []
        for passage, cut in windows[example.title]:
            text = passage[cut.start : cut.end]
            holds = passage == example.passage and cut.start <= span[0] and span[1] <= cut.end
            if holds:
                right = right or cut
            elif not any(answer in text for answer in example.answers):
                wrong.append((len(wanted & two_signs(text)), text))
        if right is None:
            continue
        text = example.passage[right.start : right.end]
        moved = _moved(evidence, right)
        yield Pair(number, example.question, text, True, (span[0] - right.start, span[1] - right.start), moved)
        wrong.sort(key=lambda one: -one[0])
        for _, other in draw.sample(wrong[: NEAR + 3], min(NEAR, len(wrong))):
            yield Pair(number, example.question, other, False, None, ())
        if draw.random() < 0.3 and (changed := exchanged(example.question, text, names, draw)):
            yield Pair(next(numbers), changed, text, False, None, ())


def _moved(spans: Sequence[Span], cut: Cut) -> tuple[Span, ...]:
    inside = ((max(s, cut.start) - cut.start, min(e, cut.end) - cut.start) for s, e in spans)
    return tuple((s, e) for s, e in inside if s < e)


def exchanged(question: str, text: str, names: Sequence[str], draw: random.Random) -> str:
    """The question with a number or a name exchanged for another that the text does not have; empty where it has none."""
    if numbers := [match for match in _NUMBER.finditer(question) if match.group() in text]:
        match = draw.choice(numbers)
        other = str(int(match.group()) + draw.choice([-12, -7, -3, -2, -1, 1, 2, 4, 9, 15]))
    elif found := [match for match in NAME.finditer(question) if match.group() in text]:
        match, other = draw.choice(found), draw.choice(names)
    else:
        return ""
    return "" if other in text or other.startswith("-") else question[: match.start()] + other + question[match.end() :]


def on_japanese_works(group: Group, folder: Path, draw: random.Random, numbers: Iterator[int]) -> Iterator[Pair]:
    """Our questions on works in Japanese, in both languages."""
    write_texts(group, folder / "files")
    build([folder / "files"], folder / "index", minilm(), catalogue=CATALOGUE, multilingual=multilingual())
    retriever = Retriever(open_index(folder / "index"), minilm(), multilingual(), reader())
    for question in group.questions:
        for text in (question.japanese, question.question):
            yield from own_pairs.pairs_for(question, text, [(next(numbers), text)], own_pairs.NEAR_LONG, group, retriever, draw)


def on_english_works(group: Group, folder: Path, share: float, draw: random.Random, numbers: Iterator[int]) -> Iterator[Pair]:
    """Our Japanese questions on works in English: a share of them."""
    retriever = own_pairs.opened(group, folder)
    for question in group.questions:
        if question.japanese and draw.random() < share:
            read = [(next(numbers), question.japanese)]
            yield from own_pairs.pairs_for(question, question.question, read, own_pairs.NEAR_LONG, group, retriever, draw)


def main() -> None:
    from tokenizers import Tokenizer

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, default=Path("build/reader/base-ja"))
    parser.add_argument("--out", type=Path, default=Path("build/reader/pairs/japanese.npz"))
    parser.add_argument("--folder", type=Path, default=Path("build/reader/own"))
    parser.add_argument("--jaquad", type=int, default=5000, help="so many questions of JaQuAD")
    parser.add_argument("--share", type=float, default=0.25, help="of our Japanese questions on long works in English")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    draw, numbers = random.Random(given.seed), count()
    pairs = list(of_jaquad(given.jaquad, draw, numbers))
    print("jaquad", len(pairs), flush=True)
    for group in own_questions.for_japanese_reader():
        pairs += on_japanese_works(group, given.folder / group.name, draw, numbers)
        print(group.name, len(pairs), flush=True)
    for group in own_questions.for_reader():
        if group.name.startswith(own_questions.LONG):
            pairs += on_english_works(group, given.folder / group.name, given.share, draw, numbers)
            print(group.name, len(pairs), flush=True)
    tokenizer = Tokenizer.from_file(str(given.base / "tokenizer.json"))
    arrays = tokenised(pairs, tokenizer, SIGNS)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez(given.out, **arrays)
    print(f"{len(arrays['rows'])} pairs, {int(arrays['rows'][:, 1].sum())} of them answered, {len(arrays['ids'])} pieces")


if __name__ == "__main__":
    main()
