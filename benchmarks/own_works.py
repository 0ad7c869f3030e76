"""Our questions on invented works, asked through the whole product:

    python benchmarks/own_works.py japanese-1 japanese-2 japanese-3 [--language en]

The works (names of files in `training/questions`) are indexed together; each question is asked of all of them. Printed are, of the questions
that they answer, how many are answered right (the quotes hold the short answer, or where there is none all sentences of the evidence), with
and without refusals, and refused; of the near misses, how many are refused; and the AUROC of the confidence.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.metrics import roc_auc_score

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from askjapan.assistant import Assistant  # noqa: E402
from askjapan.index.build import build  # noqa: E402
from askjapan.index.encoders.minilm import minilm  # noqa: E402
from askjapan.index.encoders.multilingual import multilingual  # noqa: E402
from askjapan.language.words import count_words  # noqa: E402
from askjapan.records import Answer  # noqa: E402
from training.own_questions import QUESTIONS, Group, Question, paper_group, write_texts  # noqa: E402
from training.sources import CATALOGUE  # noqa: E402


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a question was answered: whether the quotes hold the answer, whether it was refused, how sure, in how many words."""

    answerable: bool
    right: bool
    refused: bool
    confidence: float
    words: int


def holds(answer: Answer, question: Question, text: str) -> bool:
    """Whether the quotes hold a question's short answer, or where it has none, all of its evidence."""
    said = _squeezed(" ".join(sentence.text for sentence in answer.sentences if sentence.citations))
    wanted = [question.answer] if question.answer else list(question.evidence)
    return bool(wanted) and all(_squeezed(text[start:end]).rstrip("。.") in said for start, end in wanted)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def asked(groups: Sequence[Group], folder: Path, language: str) -> list[Outcome]:
    """Index the works of all groups in a folder and ask their questions."""
    for group in groups:
        write_texts(group, folder / "files" / group.name)
    build([folder / "files"], folder / "index", minilm(), catalogue=CATALOGUE, multilingual=multilingual())
    assistant = Assistant.open(folder / "index")
    outcomes = []
    for group in groups:
        for question in group.questions:
            answer = assistant.ask(question.japanese if language == "ja" else question.question)
            words = sum(count_words(sentence.text) for sentence in answer.sentences if sentence.citations)
            right = holds(answer, question, group.texts[question.file])
            outcomes.append(Outcome(bool(question.evidence), right, not answer.answered, answer.confidence, words))
    return outcomes


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """The figures of the outcomes, as shares but for `words`, the median of an answer."""
    known = [one for one in outcomes if one.answerable]
    near = [one for one in outcomes if not one.answerable]
    return {
        "answered": len(known),
        "near misses": len(near),
        "right": _share([one.right and not one.refused for one in known]),
        "right, nothing refused": _share([one.right for one in known]),
        "refused wrongly": _share([one.refused for one in known]),
        "refused rightly": _share([one.refused for one in near]),
        "AUROC": round(float(roc_auc_score([one.answerable for one in outcomes], [one.confidence for one in outcomes])), 3),
        "words": statistics.median([one.words for one in known if not one.refused] or [0]),
    }


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("works", nargs="+", help="names of files in training/questions, such as japanese-1 or long-8")
    parser.add_argument("--language", choices=["ja", "en"], default="ja", help="of the questions")
    given = parser.parse_args()
    groups = [paper_group(QUESTIONS / f"{name}.jsonl") for name in given.works]
    folder = Path(tempfile.mkdtemp(prefix="askjapan-own-works-"))
    try:
        sys.stdout.write(json.dumps(figures(asked(groups, folder, given.language)), indent=1) + "\n")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
