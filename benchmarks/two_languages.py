"""Works in two languages in one library: what a question loses to the works in the other language.

    python benchmarks/two_languages.py [japanese-4 japanese-8 long-16 long-24] [--each 60]

The invented works (names of files in `training/questions`) are indexed together. Printed is, for each language of the question and of the
work, for how many of its questions that are answered a passage with some of the evidence is among those that a reader has read, and is the
first; in the whole library, and where only works in the language of the right one are searched.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from askjapan.answering.plans.search import HITS_READ  # noqa: E402
from askjapan.assistant import Assistant  # noqa: E402
from askjapan.index.build import build  # noqa: E402
from askjapan.index.encoders.minilm import minilm  # noqa: E402
from askjapan.index.encoders.multilingual import multilingual  # noqa: E402
from askjapan.retrieval.follow_up import Standalone  # noqa: E402
from training.own_questions import QUESTIONS, Group, paper_group, write_texts  # noqa: E402
from training.sources import CATALOGUE  # noqa: E402

WORKS = ("japanese-4", "japanese-8", "long-16", "long-24")
SEED = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Whether a passage with some of the evidence was read, and whether it is the first."""

    read: bool
    first: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the stretches of text that answer it, without white space."""

    text: str
    evidence: tuple[str, ...]


def questions_of(group: Group, each: int, language: str) -> Iterator[Asked]:
    """Up to `each` of a group's answered questions, drawn by chance, in one language."""
    answered = [question for question in group.questions if question.evidence]
    random.Random(SEED).shuffle(answered)
    for question in answered[:each]:
        text = group.texts[question.file]
        asked = question.japanese if language == "ja" else question.question
        if asked:
            yield Asked(asked, tuple(_squeezed(text[start:end]).rstrip("。.") for start, end in question.evidence))


def found(assistant: Assistant, asked: Asked, documents: Sequence[str] | None) -> Found:
    """Where the evidence of a question is, in the whole library or in some documents of it."""
    question = Standalone("question", asked.text, asked.text)
    read = assistant.retriever.evidence(question, HITS_READ, documents=documents).read
    holds = [any(part in _squeezed(one.hit.passage.text) for part in asked.evidence) for one in read if one.reading]
    return Found(any(holds), holds[:1] == [True])


def _squeezed(text: str) -> str:
    return "".join(text.split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("works", nargs="*", default=list(WORKS))
    parser.add_argument("--each", type=int, default=60, help="questions of a work, in each language")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    outcomes: dict[tuple[str, str], list[tuple[Found, Found]]] = defaultdict(list)
    try:
        groups = [paper_group(QUESTIONS / f"{name}.jsonl") for name in given.works]
        for group in groups:
            write_texts(group, folder / "files" / group.name)
        build([folder / "files"], folder / "index", minilm(), catalogue=CATALOGUE, multilingual=multilingual())
        assistant = Assistant.open(folder / "index")
        of_language = defaultdict(list)
        for document in assistant.index.manifest.documents:
            of_language[Path(document.path).parent.name.startswith("japanese")].append(document.id)
        for group in groups:
            japanese = group.name.startswith("japanese")
            for language in ("en", "ja"):
                for asked in questions_of(group, given.each, language):
                    each = (found(assistant, asked, None), found(assistant, asked, of_language[japanese]))
                    outcomes[language, "ja" if japanese else "en"].append(each)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(
        "| question → work | questions | read | first | read, that language alone | first |\n| --- | --- | --- | --- | --- | --- |\n"
    )
    for (question, work), pairs in sorted(outcomes.items()):
        shares = [
            sum(values) / len(pairs)
            for values in zip(*((one.read, one.first, own.read, own.first) for one, own in pairs), strict=True)
        ]
        sys.stdout.write(f"| {question} → {work} | {len(pairs)} | " + " | ".join(f"{share:.3f}" for share in shares) + " |\n")


if __name__ == "__main__":
    main()
