"""Public sets as small corpora of several domains, asked through the product's own stages: what the models of answers are fitted on.

    python -m training.domains --out build/answers [--each 60] [--pairs build/reader/pairs/seed-1.npz --steps 3258] [--own 150]

For each domain, two thirds of its titles (or passages) are indexed; asked are questions that they answer, the same with one thing exchanged,
questions written as unanswerable, and questions about the titles left out. With --pairs and --steps, questions that the reader was trained
on are left out: the order of the first stage of its training is gone through again, and the second stage leaves out `pairs.for_fitting`.
With --own, so many of each group of our own questions are asked as well (`training.own_questions.for_fitting`). With --japanese, only
what the models of texts in Japanese are fitted on is asked: the part of JaQuAD that their reader has not seen, in three domains, and our own
works in Japanese (`training.own_questions.for_fitting_japanese`).
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from askjapan.answering.calibration import met_words, search_signals
from askjapan.answering.candidates import Candidate, candidates_of
from askjapan.answering.judgement import compare
from askjapan.answering.plans.search import HITS_READ
from askjapan.index.build import build
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import multilingual
from askjapan.index.storage.store import open_index
from askjapan.language.scripts import is_foreign
from askjapan.retrieval.evidence import Evidence
from askjapan.retrieval.follow_up import Standalone
from askjapan.retrieval.readers.opened import ReadBy
from askjapan.retrieval.readers.reader import PassageReader, reader, reader_of_japanese
from askjapan.retrieval.retriever import Retriever
from training import own_questions
from training.japanese_pairs import NAME, exchanged, is_unseen
from training.own_questions import Group, write_texts
from training.pairs import for_fitting
from training.sources import CATALOGUE, Example, Span, english, japanese, overlaps_half
from training.swaps import Swapper

DOMAINS = (
    "squad1_part", "squadshifts_newwiki", "squadshifts_reddit", "squadshifts_amazon", "covidqa", "squad2_dev", "fairytaleqa",
    "real searches", "medical",
)  # fmt: skip
JAQUAD_PARTS = 3
GROUPED = {
    "nq_oracle": "real searches",
    "qed_dev": "real searches",
    "multispanqa_valid": "real searches",
    "timeqa_human": "real searches",
}
GROUPED |= {"evidence_inference": "medical", "quoref_contrast": "real searches"}
MOST_PASSAGES = 700


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a domain: `evidence` are character ranges in the file `path`, empty where the corpus doesn't answer it."""

    question: str
    kind: str
    path: str
    evidence: tuple[Span, ...]


def trained_on(pairs: Path, steps: int, seed: int) -> set[str]:
    """The questions of the pairs that a training of so many steps has seen."""
    from training.train_reader import PAIRS_A_BATCH, batches

    data = dict(np.load(pairs))
    examples = english(seed)
    seen: set[str] = set()
    for step, numbers in enumerate(batches(data, np.random.default_rng(seed), PAIRS_A_BATCH)):
        if step >= steps:
            break
        for group in {int(g) for g in data["rows"][numbers, 0]}:
            if group < 2 * len(examples):
                seen.add(examples[group % len(examples)].question)
    return seen


def corpus_of(name: str, examples: Sequence[Example], folder: Path, draw: random.Random) -> dict[str, tuple[str, int]]:
    """Write a domain's passages as text files, one a title; gives for each passage its file and where it begins there."""
    titles: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        key = example.title or f"passage {len(titles)}"
        if example.passage not in titles[key]:
            titles[key].append(example.passage)
    keys = [key for key in titles if titles[key]]
    draw.shuffle(keys)
    # Titles that the reader has not seen in its second stage go first: their questions are the ones that are asked.
    fresh = {example.title for example in examples if example.title and for_fitting(example)}
    keys.sort(key=lambda key: key not in fresh)
    kept, count = [], 0
    for number, key in enumerate(keys):
        if number % 3 == 2:
            continue
        if count < MOST_PASSAGES:
            kept.append(key)
            count += len(titles[key])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    places: dict[str, tuple[str, int]] = {}
    for number, key in enumerate(kept):
        text = f"{key}\n\n" if name not in ("squadshifts_reddit", "squadshifts_amazon") else ""
        path = folder / f"{number:04}.txt"
        for passage in titles[key]:
            plain = passage.replace("\r", " ")
            places[passage] = (str(path), len(text))
            text += plain + "\n\n"
        path.write_text(text, encoding="utf-8", newline="")
    return places


def questions_of(
    examples: Sequence[Example], places: dict[str, tuple[str, int]], seen: set[str], each: int, draw: random.Random
) -> list[Asked]:
    """Up to `each` answerable questions, and as many of each kind of unanswerable ones as half of that."""
    fresh = [
        example for example in dict.fromkeys(examples) if example.question not in seen and (for_fitting(example) or not seen)
    ]
    draw.shuffle(fresh)
    swapper = Swapper((example.question for example in examples), draw)
    names = [name for example in examples for name in NAME.findall(example.question)]
    asked: list[Asked] = []
    counts: dict[str, int] = defaultdict(int)
    for example in fresh:
        inside = places.get(example.passage)
        if inside and example.answerable and example.evidence and counts["answerable"] < each:
            counts["answerable"] += 1
            path, base = inside
            asked.append(Asked(example.question, "answerable", path, tuple((s + base, e + base) for s, e in example.evidence)))
        elif inside and not example.answerable and counts["impossible"] < each // 2:
            counts["impossible"] += 1
            asked.append(Asked(example.question, "impossible", inside[0], ()))
        elif not inside and example.answerable and counts["left out"] < each // 2:
            counts["left out"] += 1
            asked.append(Asked(example.question, "left out", "", ()))
        elif inside and counts["swapped"] < each // 2:
            if is_foreign(example.question):
                changed = exchanged(example.question, example.passage, names, draw)
            else:
                changed = swapper.swap(example.question, example.passage, example.title)
            if changed:
                counts["swapped"] += 1
                asked.append(Asked(changed, "swapped", inside[0], ()))
    return asked


def is_right(candidate: Candidate, asked: Asked) -> bool:
    """Whether a unit shares at least half of itself or of the evidence with it."""
    if candidate.hit.document.path != asked.path:
        return False
    return overlaps_half((candidate.unit.start, candidate.unit.end), asked.evidence)


def signals(evidence: Evidence, retriever: Retriever) -> tuple[list[Candidate], list[dict[str, float]], Any]:
    """The candidates of a question, their signals, and the question as read; of one reader, those of the other or of none left out."""
    candidates = candidates_of(evidence)
    if not candidates:
        return [], [], None
    by = min((candidate.by for candidate in candidates), key=get_args(ReadBy).index)
    candidates = [candidate for candidate in candidates if candidate.by == by]
    lexical = retriever.index.lexical
    asked, compared = compare(evidence, candidates, lexical.document_frequency, lexical.size)
    return candidates, [dict(one) for one in compared], asked


def cases(
    name: str, examples: Sequence[Example], seen: set[str], folder: Path, each: int, seed: int, second: PassageReader | None
) -> Iterator[dict[str, Any]]:
    """Each question of a domain with its candidates' signals and labels, JSON-ready."""
    draw = random.Random(seed)
    places = corpus_of(name, examples, folder / "files", draw)
    yield from asked_of(name, folder, questions_of(examples, places, seen, each, draw), second)


def own_cases(group: Group, folder: Path, each: int, seed: int, second: PassageReader | None) -> Iterator[dict[str, Any]]:
    """The same of a group of our own questions, a third of them such as its texts don't answer."""
    write_texts(group, folder / "files")
    chosen = random.Random(seed).sample(group.questions, min(each, len(group.questions)))
    asked = [
        Asked(question, "answerable" if one.evidence else "near", str(folder / "files" / one.file), one.evidence)
        for one in chosen
        for question in (one.question, one.japanese)
        if question
    ]
    yield from asked_of(group.name, folder, asked, second)


def asked_of(name: str, folder: Path, questions: Sequence[Asked], second: PassageReader | None) -> Iterator[dict[str, Any]]:
    """The cases of questions on the texts in `files` of a folder, whose index is made there; `second` is the reader of Japanese."""
    build([folder / "files"], folder / "index", minilm(), catalogue=CATALOGUE, multilingual=multilingual())
    retriever = Retriever(open_index(folder / "index"), minilm(), multilingual(), reader(), second)
    for asked in questions:
        evidence = retriever.evidence(Standalone("question", asked.question, asked.question), HITS_READ)
        candidates, given, question = signals(evidence, retriever)
        if not candidates:
            continue
        words = met_words(question, candidates)
        yield {
            "domain": name, "kind": asked.kind, "question": asked.question, "by": candidates[0].by,
            "signals": given, "right": [is_right(candidate, asked) for candidate in candidates],
            # The other signals of the corpus need the unit model, which is fitted first.
            "search": dict(search_signals(question, evidence, candidates, given)),
            "words": {name: getattr(words, name).round(4).tolist() for name in ("weights", "around")},
            "first": bool(asked.evidence) and any(is_right(c, asked) for c in candidates if c.rank == 0 and c.hit is evidence.read[0].hit),
        }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/answers"))
    parser.add_argument("--each", type=int, default=60)
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--domains", nargs="*", help="by default all of the language")
    parser.add_argument("--own", type=int, default=0, help="so many questions of each group of our own")
    parser.add_argument("--japanese", action="store_true", help="texts in Japanese")
    parser.add_argument(
        "--unread", action="store_true", help="without the reader of Japanese: for the models of what none has read"
    )
    given = parser.parse_args()
    seen = trained_on(given.pairs, given.steps, given.seed) if given.pairs else set()
    second = None if given.unread else reader_of_japanese()
    by_domain = japanese_domains(given.seed) if given.japanese else english_domains(given.seed)
    own = own_questions.for_fitting_japanese() if given.japanese else own_questions.for_fitting()
    given.out.mkdir(parents=True, exist_ok=True)
    for name in given.domains or by_domain:
        folder = given.out / "corpora" / name.replace(" ", "-")
        _write(
            given.out / f"{name.replace(' ', '-')}.jsonl",
            cases(name, by_domain[name], seen, folder, given.each, given.seed, second),
        )
    for number, group in enumerate(own if given.own else ()):
        folder = given.out / "corpora" / f"own-{number}"
        _write(given.out / f"own-{number}.jsonl", own_cases(group, folder, given.own, given.seed, second))


def english_domains(seed: int) -> dict[str, list[Example]]:
    by_domain: dict[str, list[Example]] = {name: [] for name in DOMAINS}
    for example in english(seed):
        if (name := GROUPED.get(example.source, example.source)) in by_domain:
            by_domain[name].append(example)
    return by_domain


def japanese_domains(seed: int) -> dict[str, list[Example]]:
    """The part of JaQuAD that the reader of Japanese has not seen, its titles in as many domains."""
    by_domain: dict[str, list[Example]] = {f"jaquad {part + 1}": [] for part in range(JAQUAD_PARTS)}
    unseen = [example for example in japanese(seed) if is_unseen(example)]
    part_of = {title: number % JAQUAD_PARTS for number, title in enumerate(dict.fromkeys(example.title for example in unseen))}
    for example in unseen:
        by_domain[f"jaquad {part_of[example.title] + 1}"].append(example)
    return by_domain


def _write(path: Path, made: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for case in made:
            file.write(json.dumps(case) + "\n")
    print(path.stem, flush=True)


if __name__ == "__main__":
    main()
