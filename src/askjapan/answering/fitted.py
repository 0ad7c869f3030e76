"""The fitted models, JSON files in the package: which units answer, and whether any does.

`benchmarks/fit_answers.py` fits them again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askjapan.answering.confidence import CONFIDENCE_FEATURES

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A logistic regression: features are standardised by mean and scale, then weighted; a signal that is not there (NaN) is average."""

    names: tuple[str, ...]
    mean: Floats
    scale: Floats
    weights: Floats
    intercept: float

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LinearModel:
        mean, scale, weights = (np.asarray(data[key], dtype=np.float32) for key in ("mean", "scale", "weights"))
        return cls(tuple(data["names"]), mean, scale, weights, float(data["intercept"]))

    def logits(self, features: Floats) -> Floats:
        """Shape (rows, features) → (rows,)."""
        return np.asarray(np.nan_to_num((features - self.mean) / self.scale) @ self.weights + self.intercept, dtype=np.float32)

    def probability(self, features: Floats) -> Floats:
        return np.asarray(1 / (1 + np.exp(-self.logits(features))), dtype=np.float32)


Tree = tuple[Sequence[int], Sequence[float], Sequence[int], Sequence[int], Sequence[float]]


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """The mean of two probabilities that the index holds the answer: of a small forest of decision trees, and of a logistic regression.

    The regression is steadier outside what the trees have seen, the trees know which signals go together. A signal that is not there
    (NaN) is average. Each tree is (feature, threshold, left, right, value), one entry a node; a leaf has left -1. A question is refused
    below `threshold`, or below `threshold_other_script`: where words cannot be compared, all confidence is lower.
    """

    linear: LinearModel
    trees: tuple[Tree, ...]
    threshold: float
    threshold_other_script: float

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ConfidenceModel:
        trees = tuple((t["feature"], t["threshold"], t["left"], t["right"], t["value"]) for t in data["trees"])
        thresholds = data["threshold"]
        return cls(
            LinearModel.from_dict(data["linear"]), trees, float(thresholds["same_script"]), float(thresholds["other_script"])
        )

    def threshold_for(self, other_script: bool) -> float:
        """The confidence below which a question is refused."""
        return self.threshold_other_script if other_script else self.threshold

    def probability(self, features: Floats) -> float:
        """Of the signals of `confidence_features`, in their order; those that the model does not use are passed over."""
        used = features[[CONFIDENCE_FEATURES.index(name) for name in self.linear.names]]
        row = np.where(np.isnan(used), self.linear.mean, used)
        forest = float(np.mean([_leaf(tree, row) for tree in self.trees]))
        return (forest + float(self.linear.probability(row[None])[0])) / 2


def _leaf(tree: Tree, row: Floats) -> float:
    feature, threshold, left, right, value = tree
    node = 0
    while left[node] >= 0:
        node = left[node] if row[feature[node]] <= threshold[node] else right[node]
    return value[node]


@dataclass(frozen=True, slots=True)
class Rule:
    """How many units are quoted: up to `most`; beyond `budget` words only a unit whose logit is at least `strong`.

    A row's caption and header are not counted as words. `same` is the cosine from which a unit repeats one that is quoted already.
    """

    most: int = 4
    budget: int = 70
    strong: float = -2.75
    same: float = 0.92


@dataclass(frozen=True, slots=True)
class UnitModel:
    """The model and the rule that quotes are chosen by, for questions in one kind of script."""

    model: LinearModel
    rule: Rule


@cache
def unit_model(other_script: bool) -> UnitModel:
    """The model for questions in Latin script, or in another one."""
    data = _load("units.json")
    name = "other_script" if other_script else "same_script"
    return UnitModel(LinearModel.from_dict(data[name]), Rule(**data["rule"][name]))


@cache
def confidence_model() -> ConfidenceModel:
    """The model of confidence."""
    return ConfidenceModel.from_dict(_load("confidence.json"))


def _load(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(files("askjapan.answering").joinpath("data", name).read_text(encoding="utf-8"))
