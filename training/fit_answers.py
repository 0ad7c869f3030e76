"""Fits the models of answers on public domains and writes them into the package.

    python -m training.fit_answers --cases build/answers [build/more …] [--ablate]

All figures printed are of domains that the fit has not seen: each domain is scored by a model of the others.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

from askjapan.answering.calibration import MetWords, choice_signals

OUT = Path(__file__).resolve().parents[1] / "src" / "askjapan" / "answering" / "data" / "answers.json"
UNIT_STRENGTH, CORPUS_STRENGTH = 0.1, 0.01
ENGLISH_UNIT = (
    "cover",
    "cover_around",
    "years",
    "figures",
    "names",
    "kind",
    "rank",
    "pointing",
    "answers",
    "lead",
    "evidence",
    "span",
    "cosine",
    "cosine_behind",
    "met",
    "met_around",
    "low_around",
)
JAPANESE_UNIT = tuple(name for name in ENGLISH_UNIT if name not in {"names", "met", "met_around", "low_around"})
"""Names are told by capitals, and word pieces are not compared across scripts."""
UNREAD_UNIT = tuple(name for name in JAPANESE_UNIT if name not in {"answers", "lead", "evidence", "span"})
ENGLISH_CORPUS = (
    "best", "second", "unknown", "years_lost", "figures_lost", "names_lost", "kind_lost",
    "answers_top", "answers_mean", "span_top", "dense", "cosine", "lost_best",
)  # fmt: skip
JAPANESE_CORPUS = (
    "best", "second", "unknown", "years_lost", "figures_lost", "kind_lost", "answers_top", "answers_mean", "span_top", "multilingual", "across",
)  # fmt: skip
RAISES = frozenset({"best", "answers_top", "span_top", "dense", "cosine", "multilingual"})
LOWERS = frozenset({"unknown", "years_lost", "figures_lost", "names_lost", "kind_lost", "lost_best"})
"""Signals of the corpus whose weight has one sign: our own questions are in other words than their texts, and the near misses in the same,
so that a fit without signs takes the words that are met for a proof of a near miss."""
UNREAD_CORPUS = (
    "best", "second", "mass", "cover_best", "cover_three", "unknown", "years_lost", "figures_lost", "kind_lost", "cosine", "multilingual",
)  # fmt: skip
SCALE = (0.6, 0.97)
"""Quantiles of the candidates' logits that tell a unit model's scale: the many that don't answer, and the few that do."""
RECALL = 0.75
"""The threshold is the one at which so many of the unanswerable questions of unseen domains are refused, if precision allows."""
Case = dict[str, Any]
Model = dict[str, Any]


def load(folder: Path) -> list[Case]:
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").split("\n")
        if line
    ]


def fit(
    rows: NDArray[np.float64],
    labels: NDArray[np.bool_],
    names: Sequence[str],
    strength: float,
    weights: NDArray[np.float64] | None = None,
    *,
    signed: bool = False,
) -> Model:
    """A logistic regression on standardised signals; `signed` holds the weights to the signs of `RAISES` and `LOWERS`."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale < 1e-6] = 1.0
    table, sides = (rows - mean) / scale, np.where(labels, 1.0, -1.0)
    counts = np.ones(len(labels)) if weights is None else weights

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = sides * (table @ values[:-1] + values[-1])
        slopes = -counts * sides / (1 + np.exp(np.clip(margins, -500, 500)))
        whole = strength * float((counts * np.logaddexp(0, -margins)).sum()) + 0.5 * float((values[:-1] ** 2).sum())
        return whole, np.append(strength * (slopes @ table) + values[:-1], strength * slopes.sum())

    bounds = [(0.0 if signed and n in RAISES else None, 0.0 if signed and n in LOWERS else None) for n in names] + [(None, None)]
    made = minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    return {
        "mean": {n: _short(v) for n, v in zip(names, mean, strict=True)}, "scale": {n: _short(v) for n, v in zip(names, scale, strict=True)},
        "weights": {n: _short(v) for n, v in zip(names, made[:-1], strict=True)}, "intercept": _short(made[-1]),
    }  # fmt: skip


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def logits(model: Model, rows: Sequence[dict[str, float]]) -> NDArray[np.float64]:
    names = list(model["weights"])
    table = np.array([[row[name] for name in names] for row in rows])
    mean, scale, weights = (np.array([model[key][name] for name in names]) for key in ("mean", "scale", "weights"))
    return np.asarray((table - mean) / scale @ weights + model["intercept"])


def fit_unit(cases: Sequence[Case], names: Sequence[str]) -> Model:
    """Of the candidates of questions that the corpus answers; each question counts the same."""
    kept = [case for case in cases if any(case["right"])]
    rows = np.array([[one[name] for name in names] for case in kept for one in case["signals"]])
    labels = np.array([right for case in kept for right in case["right"]])
    weights = np.array([30 / len(case["right"]) for case in kept for _ in case["right"]])
    return fit(rows, labels, names, UNIT_STRENGTH, weights)


def corpus_row(case: Case, unit_logits: NDArray[np.float64]) -> dict[str, float]:
    """All corpus signals of a case, with a unit model's logits put in."""
    words = MetWords(*(np.array(case["words"][name], dtype=np.float64) for name in ("weights", "around")))
    return {**case["search"], **choice_signals(case["signals"], unit_logits.tolist(), words)}


def answerable(case: Case) -> bool:
    return bool(case["kind"] == "answerable")


def on_scale_of(known: Model, made: Model, cases: Sequence[Case]) -> Model:
    """A model with its logits stretched and moved so that two quantiles over all candidates are those of a known model.

    The bounds and bonuses of the rules of answers are differences on the known model's scale.
    """
    wanted, given = (
        np.quantile(np.concatenate([logits(model, case["signals"]) for case in cases]), SCALE) for model in (known, made)
    )
    stretch = float((wanted[1] - wanted[0]) / (given[1] - given[0]))
    weights = {name: _short(stretch * value) for name, value in made["weights"].items()}
    return {**made, "weights": weights, "intercept": _short(stretch * (made["intercept"] - given[1]) + wanted[1])}


def fit_both(cases: Sequence[Case], unit_names: Sequence[str], corpus_names: Sequence[str]) -> tuple[Model, Model]:
    """The unit model, and the corpus model on logits of unit models that have not seen the question's domain."""
    domains = sorted({case["domain"] for case in cases})
    rows, labels = [], []
    for domain in domains:
        others = [case for case in cases if case["domain"] != domain] if len(domains) > 1 else cases
        unit = fit_unit(others, unit_names)
        for case in cases:
            if case["domain"] == domain:
                rows.append(corpus_row(case, logits(unit, case["signals"])))
                labels.append(answerable(case))
    return fit_unit(cases, unit_names), fit_corpus(rows, labels, corpus_names)


def fit_corpus(rows: Sequence[dict[str, float]], labels: Sequence[bool], names: Sequence[str]) -> Model:
    """Whether the corpus answers, by its signals; their weights keep to their signs."""
    table = np.array([[row[name] for name in names] for row in rows])
    return fit(table, np.array(labels), names, CORPUS_STRENGTH, signed=True)


def evaluate(cases: Sequence[Case], unit_names: Sequence[str], corpus_names: Sequence[str]) -> dict[str, Any]:
    """Each domain by models of the others: the best unit right, F1 of quoted units by threshold, AUROC of confidence by kind."""
    figures: dict[str, Any] = {}
    pooled: list[tuple[float, Case]] = []
    quoted: dict[float, list[float]] = {q: [] for q in (0.2, 0.3, 0.4, 0.5)}
    domains = sorted({case["domain"] for case in cases})
    for domain in domains:
        here = [case for case in cases if case["domain"] == domain]
        unit, corpus = fit_both(
            [case for case in cases if case["domain"] != domain] if len(domains) > 1 else cases, unit_names, corpus_names
        )
        first, scores = [], []
        for case in here:
            values = logits(unit, case["signals"])
            scores.append(float(logits(corpus, [corpus_row(case, values)])[0]))
            pooled.append((scores[-1], case))
            if any(case["right"]):
                first.append(case["right"][int(values.argmax())])
                order = np.argsort(-values)[:4]
                for q in quoted:
                    chosen = [n for n in order if values[n] >= math.log(q / (1 - q))] or [order[0]]
                    hit = sum(case["right"][n] for n in chosen)
                    quoted[q].append(2 * hit / (len(chosen) + sum(case["right"])))
        labels = [answerable(case) for case in here]
        figures[domain] = {
            "questions": len(here), "retrieved": _share([any(c["right"]) for c in here if answerable(c)]), "first unit right": _share(first),
            "AUROC": round(float(roc_auc_score(labels, scores)), 3),
        }  # fmt: skip
    labels = [answerable(case) for _, case in pooled]
    figures["all"] = {
        "first unit right": _share([figures[d]["first unit right"] for d in domains]),
        "AUROC": round(float(roc_auc_score(labels, [s for s, _ in pooled])), 3),
        **{f"AUROC {kind}": _kind_auroc(pooled, kind) for kind in ("impossible", "left out", "swapped", "near")},
        "F1 by quote": {q: round(float(np.mean(v)), 3) for q, v in quoted.items()}, "threshold": threshold(pooled),
    }  # fmt: skip
    return figures


def _share(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 3) if values else math.nan


def _kind_auroc(pooled: Sequence[tuple[float, Case]], kind: str) -> float:
    kept = [(s, case) for s, case in pooled if case["kind"] in ("answerable", kind)]
    labels = [answerable(case) for _, case in kept]
    return round(float(roc_auc_score(labels, [s for s, _ in kept])), 3) if len(set(labels)) == 2 else math.nan


def threshold(pooled: Sequence[tuple[float, Case]]) -> dict[str, float]:
    """The probability at which RECALL of the unanswerable questions are refused, and what that gives."""
    negative = np.array([s for s, case in pooled if not answerable(case)])
    positive = np.array([s for s, case in pooled if answerable(case)])
    cut = float(np.quantile(negative, RECALL))
    refused = (negative < cut).sum(), (positive < cut).sum()
    return {
        "probability": round(1 / (1 + math.exp(-cut)), 3), "recall": round(float(refused[0] / len(negative)), 3),
        "precision": round(float(refused[0] / max(1, sum(refused))), 3), "answerable refused": round(float(refused[1] / len(positive)), 3),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, nargs="+", default=[Path("build/answers")])
    parser.add_argument("--quote", type=float, default=0.01, help="quote units of at least this probability beside the best one")
    parser.add_argument(
        "--threshold", type=float, default=0.5, help="refuse below; chosen on benchmarks/questions, on which nothing is fitted"
    )
    parser.add_argument(
        "--keep-scale", action="store_true", help="bring the unit model's logits to the scale of those of the one that ships"
    )
    parser.add_argument("--ablate", action="store_true")
    parser.add_argument("--dry-run", action="store_true")
    given = parser.parse_args()
    cases = [case for folder in given.cases for case in load(folder)]
    written: dict[str, Any] = json.loads(OUT.read_text(encoding="utf-8")) if OUT.is_file() else {}
    for name, unit_names, corpus_names in (
        ("english", ENGLISH_UNIT, ENGLISH_CORPUS),
        ("japanese", JAPANESE_UNIT, JAPANESE_CORPUS),
        ("nobody", UNREAD_UNIT, UNREAD_CORPUS),
    ):
        of_kind = [case for case in cases if case["by"] == name]
        if not of_kind:
            print(f"There are no cases for {name!r}: its models stay as they are.")
            continue
        figures = evaluate(of_kind, unit_names, corpus_names)
        print(name, json.dumps(figures, indent=1))
        if given.ablate:
            for dropped in dict.fromkeys([*unit_names, *corpus_names]):
                less = evaluate(of_kind, [n for n in unit_names if n != dropped], [n for n in corpus_names if n != dropped])[
                    "all"
                ]
                print(
                    f"{name} without {dropped}: first {less['first unit right']}, AUROC {less['AUROC']}, swapped {less['AUROC swapped']}"
                )
        unit, corpus = fit_both(of_kind, unit_names, corpus_names)
        if given.keep_scale and name in written:
            unit = on_scale_of(written[name]["unit"], unit, of_kind)
            rows = [corpus_row(case, logits(unit, case["signals"])) for case in of_kind]
            corpus = fit_corpus(rows, [answerable(case) for case in of_kind], corpus_names)
        written[name] = {
            "unit": unit,
            "corpus": corpus,
            "threshold": given.threshold if name != "nobody" else figures["all"]["threshold"]["probability"],
            "quote": given.quote,
        }
    if not given.dry_run:
        OUT.parent.mkdir(parents=True, exist_ok=True)
        OUT.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
