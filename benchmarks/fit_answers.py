"""Fit the models of the answer stage on questions with known answers, print how well they do, and write them into the package.

    python benchmarks/fit_answers.py --index DIR --notes DIR [--gold DIR] [--public DIR] [--dry-run]

DIR are index folders: of the full texts, and of the study notes in `corpus/notes`. Every question is asked of both, so that the
confidence holds for either; the two cases of a question, and questions that say nearly the same, are never parted by a fold.

- `units.json`: a logistic regression of whether a unit belongs to the answer, for questions in Latin script, and another one for other
  scripts, fitted on those and on English questions with their words hidden. Both on the full texts, whose evidence is marked.
- `confidence.json`: extremely randomised trees and a logistic regression of whether the index holds the answer, on signals among
  which are the unit model's own logits, taken from a model that has not seen the question. Questions of everyday life and of public
  sets count a little, as refusals; so do English questions with their words hidden, for other scripts.

All figures printed are out of fold: no question is scored by a model that has seen it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from answer_cases import Asker, Case, RememberingMiniLM, RememberingMultilingual, aliases_of, ask_all, off_topic_questions
from answer_figures import COVERAGES, answer_line, confidence_lines, draw, quoted, risk_at, risk_coverage, threshold_for
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from askjapan.answering.candidate_features import UNIT_FEATURES
from askjapan.answering.confidence import CONFIDENCE_FEATURES, confidence_features
from askjapan.answering.fitted import ConfidenceModel, Floats, LinearModel, Rule, Tree
from askjapan.assistant import Assistant
from askjapan.evaluation.questions import Question, load_questions
from askjapan.index.encoder import Vectors

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
DATA = ROOT / "src" / "askjapan" / "answering" / "data"
OWN = ROOT / "benchmarks" / "questions"
FULL, NOTES = "full texts", "notes"
FOLDS, SEEDS = 10, 4
TREES, DEPTH, LEAF = 80, 8, 3
UNIT_STRENGTH = {False: 0.1, True: 0.03}
CONFIDENCE_STRENGTH = 0.2
OFF_TOPIC_WEIGHT = 0.05
MOST_THRESHOLD = 0.6
"""The questions fitted on are long and paraphrased; short ones such as "What is relationalism?" come out lower and must not be refused."""
ALIKE = 0.8
RULES = {False: Rule(4, 80, -2.5), True: Rule(4, 999, -99.0)}
HIDDEN_WEIGHT = 0.2
GOLD_WEIGHT = 2.0
"""Our own questions are mostly pairs that differ in one word, one of which has an answer: harder than what is usually asked, and more of
them than there are gold questions. In them the form of a question says nothing about whether it has an answer."""


@dataclass(frozen=True)
class Cases:
    """Questions asked of both indexes, and the English ones with their words `hidden`; `groups` are by question id.

    `gold` are the ids of the gold questions: only these have evidence, so that the choice of quotes is fitted on them alone.
    """

    asked: Sequence[Case]
    hidden: Sequence[Case]
    groups: Mapping[str, int]
    gold: frozenset[str]

    def group(self, case: Case) -> int:
        return self.groups[case.question.id]

    def is_gold(self, case: Case) -> bool:
        return case.question.id in self.gold

    def fits_units(self, case: Case) -> bool:
        """Whether it is known which units of it are right, not only which hold a part of the answer."""
        return case.corpus == FULL and self.is_gold(case)


def gather(index: Path, notes: Path, gold: Path, public: Path) -> Cases:
    """Ask everything that is fitted on."""
    given = load_questions(gold / "answerable.jsonl") + load_questions(gold / "unanswerable.jsonl")
    questions = given + [question for file in sorted(OWN.glob("*.jsonl")) for question in load_questions(file)]
    everything = questions + off_topic_questions(public)
    encoder, second = RememberingMiniLM(), RememberingMultilingual()
    full = Asker(Assistant.open(index), FULL, encoder, second)
    aliases = aliases_of(full.assistant)
    short = Asker(Assistant.open(notes), NOTES, encoder, second)
    asked = [case for asker in (full, short) for case in ask_all(asker, everything, aliases)]
    english = [question for question in questions if question.language == "en"]
    hidden = [case for asker in (full, short) for case in ask_all(asker, english, aliases, hide_words=True)]
    groups = groups_of(everything, second.encode([question.text for question in everything]))
    return Cases(asked, hidden, groups, frozenset(question.id for question in given))


def groups_of(questions: Sequence[Question], vectors: Vectors) -> dict[str, int]:
    """A group's number for each question id; questions whose vectors are alike share it."""
    alike = vectors @ vectors.T > ALIKE
    group = list(range(len(questions)))
    for row in range(len(questions)):
        for other in np.flatnonzero(alike[row, :row]):
            old, new = group[other], group[row]
            group = [new if number == old else number for number in group]
    return {question.id: number for question, number in zip(questions, group, strict=True)}


def fit_linear(
    names: Sequence[str], rows: Floats, right: NDArray[np.bool_], strength: float, weights: Floats | None = None
) -> LinearModel:
    """A regularised logistic regression on standardised signals; one that is not there (NaN) is average."""
    known = ~np.all(np.isnan(rows), axis=0)
    filled = np.where(known, rows, 0)
    mean, scale = rounded(np.nanmean(filled, axis=0)), rounded(np.nanstd(filled, axis=0))
    scale[scale < 1e-6] = 1
    model = LogisticRegression(C=strength, max_iter=3000).fit(
        np.nan_to_num((filled - mean) / scale), right, sample_weight=weights
    )
    return LinearModel(tuple(names), mean, scale, rounded(model.coef_[0]), round(float(model.intercept_[0]), 4))


def fit_units(cases: Sequence[Case], strength: float) -> LinearModel:
    """Over all candidates of the cases."""
    features = np.concatenate([case.features for case in cases])
    return fit_linear(UNIT_FEATURES, features, np.concatenate([case.right for case in cases]), strength)


def rounded(values: NDArray[Any]) -> Floats:
    """To five significant digits, which is what is written."""
    return np.array([float(f"{value:.5g}") for value in values], dtype=np.float32)


def unit_models(cases: Cases, without: set[int]) -> dict[bool, LinearModel]:
    """The models for the same and for another script, fitted on the full texts' answers outside some groups."""
    usable, hidden = (
        [case for case in some if case.answerable and cases.fits_units(case) and cases.group(case) not in without]
        for some in (cases.asked, cases.hidden)
    )
    latin = [case for case in usable if not case.asked.other_script]
    foreign = [case for case in usable if case.asked.other_script]
    return {False: fit_units(latin, UNIT_STRENGTH[False]), True: fit_units([*hidden, *foreign], UNIT_STRENGTH[True])}


def signals(cases: Cases, chosen: Sequence[Case], models: Mapping[bool, LinearModel]) -> dict[int, Floats]:
    """The signals of confidence of each case, by the case's identity."""
    found = {}
    for case in chosen:
        logits = models[case.asked.other_script].logits(case.features)
        found[id(case)] = confidence_features(case.asked, case.evidence, case.found, case.features, logits)
    return found


def folds_of(cases: Cases, chosen: Sequence[Case], seed: int) -> list[NDArray[np.int64]]:
    """The members of each fold, by their places; groups stay together."""
    groups = [cases.group(case) for case in chosen]
    kinds = [2 if case.off_topic else int(bool(case.answerable)) for case in chosen]
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    return [members for _, members in splitter.split(np.zeros(len(chosen)), kinds, groups)]


def unseen_signals(cases: Cases, chosen: Sequence[Case]) -> Floats:
    """Signals whose unit model has not seen the question, shape (cases, features)."""
    rows = np.zeros((len(chosen), len(CONFIDENCE_FEATURES)), dtype=np.float32)
    for members in folds_of(cases, chosen, seed=0):
        tested = [chosen[place] for place in members]
        found = signals(cases, tested, unit_models(cases, {cases.group(case) for case in tested}))
        rows[members] = [found[id(case)] for case in tested]
    return rows


def fit_confidence(rows: Floats, cases: Cases, chosen: Sequence[Case], hidden: NDArray[np.bool_]) -> ConfidenceModel:
    """The trees and the regression; the thresholds are not set yet."""
    answerable = np.array([bool(case.answerable) for case in chosen])
    off_topic = np.array([case.off_topic for case in chosen])
    gold = np.array([cases.is_gold(case) for case in chosen])
    weights = np.select([off_topic, hidden], [OFF_TOPIC_WEIGHT, HIDDEN_WEIGHT], 1.0) * np.where(gold, GOLD_WEIGHT, 1.0)
    linear = fit_linear(CONFIDENCE_FEATURES, rows, answerable, CONFIDENCE_STRENGTH, weights)
    forest = ExtraTreesClassifier(TREES, max_depth=DEPTH, min_samples_leaf=LEAF, random_state=2)
    forest.fit(np.where(np.isnan(rows), linear.mean, rows), answerable, sample_weight=weights)
    return ConfidenceModel(linear, tuple(tree_of(estimator.tree_) for estimator in forest.estimators_), 0.0, 0.0)


def tree_of(tree: Any) -> Tree:  # noqa: ANN401 - scikit-learn has no types
    """A fitted tree in the package's form, its numbers cut to what is written."""
    leaf = tree.children_left < 0
    shares = tree.value[:, 0, 1] / tree.value[:, 0, :].sum(axis=1)
    thresholds = [0.0 if end else float(f"{value:.5g}") for end, value in zip(leaf, tree.threshold, strict=True)]
    values = [round(float(share), 3) if end else 0.0 for end, share in zip(leaf, shares, strict=True)]
    features = np.where(leaf, 0, tree.feature).tolist()
    return features, thresholds, tree.children_left.tolist(), tree.children_right.tolist(), values


def unseen_confidence(cases: Cases, chosen: Sequence[Case], rows: Floats, hidden: NDArray[np.bool_]) -> Floats:
    """The mean confidence of models that have not seen the question, over several ways to part the questions."""
    total = np.zeros(len(chosen), dtype=np.float64)
    for seed in range(SEEDS):
        for members in folds_of(cases, chosen, seed):
            seen = np.setdiff1d(np.arange(len(chosen)), members)
            model = fit_confidence(rows[seen], cases, [chosen[place] for place in seen], hidden[seen])
            total[members] += [model.probability(rows[place]) / SEEDS for place in members]
    return total.astype(np.float32)


def linear_as_json(model: LinearModel) -> dict[str, Any]:
    numbers = {key: [float(f"{value:.5g}") for value in getattr(model, key)] for key in ("mean", "scale", "weights")}
    return {"names": list(model.names), **numbers, "intercept": model.intercept}


def confidence_as_json(model: ConfidenceModel) -> dict[str, Any]:
    """The form that `ConfidenceModel.from_dict` reads."""
    trees = [dict(zip(("feature", "threshold", "left", "right", "value"), tree, strict=True)) for tree in model.trees]
    threshold = {"same_script": model.threshold, "other_script": model.threshold_other_script}
    return {"threshold": threshold, "linear": linear_as_json(model.linear), "trees": trees}


def units_as_json(models: Mapping[bool, LinearModel]) -> dict[str, Any]:
    """The unit models in the form that `askjapan.answering.fitted` reads."""
    data: dict[str, Any] = {"rule": {}}
    for foreign, name in ((False, "same_script"), (True, "other_script")):
        rule = RULES[foreign]
        data[name] = linear_as_json(models[foreign])
        data["rule"][name] = {"most": rule.most, "budget": rule.budget, "strong": rule.strong, "same": rule.same}
    return data


def write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")


def right_answers(cases: Cases) -> tuple[dict[int, bool], list[str]]:
    """Whether the quotes hold the answer, by the case's identity, and lines of figures: each half is fitted on the other.

    Our own questions are fitted on nowhere.
    """
    answerable = [case for case in cases.asked if case.answerable]
    models = {half: unit_models(cases, {cases.group(case) for case in answerable if case.half == half}) for half in (0, 1)}
    found = {}
    for case in answerable:
        foreign = case.asked.other_script
        found[id(case)] = quoted(case, models[case.half][foreign].logits(case.features), RULES[foreign])
    lines = []
    for corpus in (FULL, NOTES):
        for gold, whose in ((True, "gold"), (False, "our own")):
            for english, language in ((True, "English"), (False, "others")):
                some = [
                    case
                    for case in answerable
                    if (case.corpus, cases.is_gold(case), case.question.language == "en") == (corpus, gold, english)
                ]
                lines.append(answer_line(f"{corpus}, {whose}, {language}", [found[id(case)] for case in some]))
                for half, name in ((1, "A -> B"), (0, "B -> A")) if gold else ():
                    mine = [found[id(case)] for case in some if case.half == half]
                    lines.append(answer_line(f"  fitted and asked {name}", mine))
    return {key: one.right for key, one in found.items()}, lines


def fit(cases: Cases) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Fit, tell the figures, and give what is to be written: the unit models, the confidence model, and the curve as SVG."""
    right, lines = right_answers(cases)
    known = [case for case in cases.asked if case.answerable is not None]
    chosen = known + [case for case in cases.hidden if case.answerable is not None]
    rows, hidden = unseen_signals(cases, chosen), np.arange(len(chosen)) >= len(known)
    everywhere = unseen_confidence(cases, chosen, rows, hidden)
    confidence = everywhere[: len(known)]
    gold = np.array([cases.is_gold(case) for case in known])
    own = np.array([not cases.is_gold(case) and not case.off_topic for case in known])
    answerable = np.array([bool(case.answerable) for case in known])
    foreign = np.array([case.asked.other_script for case in known])
    # Hardly any question is left in another script without a gloss: English ones with their words hidden stand for them.
    unread = np.array([bool(case.answerable) for case in chosen[len(known) :] if cases.is_gold(case)])
    unread_confidence = everywhere[len(known) :][[cases.is_gold(case) for case in chosen[len(known) :]]]
    # The notes leave out a few answers, so that what is to be refused there is not always known.
    read = gold & ~foreign & np.array([case.corpus == FULL for case in known])
    fitted = [threshold_for(confidence[read], answerable[read]), threshold_for(unread_confidence, unread)]
    same, other = (min(value, MOST_THRESHOLD) for value in fitted)
    refused = confidence < np.where(foreign, other, same)
    lines.append(f"thresholds: {same:.2f}, other script {other:.2f} (by the figures alone: {fitted[0]:.2f}, {fitted[1]:.2f})")
    curves, marks = {}, {}
    for name in (FULL, NOTES):
        here = np.array([case.corpus == name for case in known])
        for title, mine in ((name, here & ~own), (f"{name}, our own questions", here & own)):
            some = [case for case, ok in zip(known, mine, strict=True) if ok]
            lines += confidence_lines(title, some, confidence[mine], refused[mine])
        members = here & gold
        curve = risk_coverage(confidence[members], np.array([right.get(id(case), False) for case in known])[members])
        curves[name], marks[name] = curve, float((~refused[members]).mean())
        points = ", ".join(f"{share:.2f}: {risk_at(curve, share):.3f}" for share in (*COVERAGES, marks[name]))
        lines.append(f"  risk by coverage, last at the threshold: {points}")
    sys.stdout.write("\n".join(lines) + "\n")
    model = replace(fit_confidence(rows, cases, chosen, hidden), threshold=same, threshold_other_script=other)
    return units_as_json(unit_models(cases, set())), confidence_as_json(model), draw(curves, marks)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--index", type=Path, required=True, help="index of the full texts")
    parser.add_argument("--notes", type=Path, required=True, help="index of the study notes")
    parser.add_argument("--gold", type=Path, default=SHARED / "gold", help="folder with answerable.jsonl and unanswerable.jsonl")
    parser.add_argument("--public", type=Path, default=SHARED / "bench", help="folder with the public question sets")
    parser.add_argument("--dry-run", action="store_true", help="print the figures, write nothing")
    return parser.parse_args()


def main() -> None:
    """Fit, print, write."""
    given = arguments()
    units, confidence, curve = fit(gather(given.index, given.notes, given.gold, given.public))
    if not given.dry_run:
        write(DATA / "units.json", json.dumps(units, separators=(",", ":")))
        write(DATA / "confidence.json", json.dumps(confidence, separators=(",", ":")))
        write(ROOT / "docs" / "risk-coverage.svg", curve)


if __name__ == "__main__":
    main()
