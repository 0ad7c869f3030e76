"""Fits the classifier of kinds of question and writes it into the package: `python -m training.fit_question_kinds [--dry-run]`.

The examples are in `question_kinds.tsv`: of many subjects, none of them that of the corpus. Only words of asking are features, so that the
classifier knows how a question is asked and not what about.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from askjapan.language.question_kinds import features

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE / "question_kinds.tsv"
OUT = HERE.parent / "src" / "askjapan" / "language" / "data" / "question_kinds.json"
STRENGTH = 20.0
SMALL = 0.03
"""Weights under this are left out of the file."""


def load(path: Path = EXAMPLES) -> tuple[list[str], list[str]]:
    """The questions and their kinds."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    pairs = [line.split("\t") for line in lines]
    return [question for _, question in pairs], [kind for kind, _ in pairs]


def table_of(questions: list[str]) -> tuple[np.ndarray, list[str]]:
    """Features by question, shape (questions, features), and the features' names."""
    present = [set(features(question)) for question in questions]
    counts = Counter(name for one in present for name in one)
    names = sorted(name for name, count in counts.items() if count >= 2)
    place = {name: number for number, name in enumerate(names)}
    table = np.zeros((len(questions), len(names)))
    for row, one in enumerate(present):
        table[row, [place[name] for name in one if name in place]] = 1 / np.sqrt(max(1, len(one)))
    return table, names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="print the figures of the cross-validation only")
    given = parser.parse_args()
    questions, kinds = load()
    table, names = table_of(questions)
    model = LogisticRegression(C=STRENGTH, max_iter=4000)
    folds = StratifiedKFold(8, shuffle=True, random_state=0)
    print(classification_report(kinds, cross_val_predict(model, table, kinds, cv=folds), digits=2))
    model.fit(table, kinds)
    weights = {
        kind: {name: round(float(weight), 3) for name, weight in zip(names, row, strict=True) if abs(weight) >= SMALL}
        for kind, row in zip(model.classes_, model.coef_, strict=True)
    }
    intercepts = {kind: round(float(value), 3) for kind, value in zip(model.classes_, model.intercept_, strict=True)}
    if not given.dry_run:
        written = {"intercepts": intercepts, "weights": weights}
        OUT.write_text(json.dumps(written, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        print(f"{len(names)} features, {OUT.stat().st_size // 1024} KB into {OUT.name}")


if __name__ == "__main__":
    main()
