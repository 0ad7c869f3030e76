"""Classifies the kind of a question by a small multinomial logistic regression on how it is asked, not on its subject.

`training/fit_question_kinds.py` fits it on questions of many subjects.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Literal, cast, get_args

from askjapan.language.scripts import is_foreign

Kind = Literal[
    "fact", "definition", "who", "cause", "list", "yesno", "comparison", "overview", "library", "event", "opinion", "vague"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
SURE = 0.5
"""Least probability of a kind; below it a question counts as one for a fact, since the plan for facts does least harm."""
SURE_ENOUGH = 0.35
"""Least probability of the kinds in `HARMLESS`, whose plans fall back on the plan for facts."""
HARMLESS: frozenset[Kind] = frozenset({"definition", "who", "cause", "list", "yesno"})
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LATIN = re.compile(r"[A-Za-z][A-Za-z.’'-]*")
_FIGURES = re.compile(r"(?<![\d,.])[\d,.]*\d")
_KANA = re.compile(r"[ぁ-んー]+")


@dataclass(frozen=True, slots=True)
class KindModel:
    """The fitted regression: an intercept for each kind, and a weight for each kind and feature."""

    intercepts: Mapping[Kind, float]
    weights: Mapping[Kind, Mapping[str, float]]

    def probabilities(self, question: str) -> dict[Kind, float]:
        """Each kind's probability, the most likely first."""
        present = set(features(question))
        size = math.sqrt(max(1, len(present)))
        logits = {
            kind: self.intercepts[kind] + sum(self.weights[kind].get(name, 0.0) for name in present) / size for kind in KINDS
        }
        top = max(logits.values())
        parts = {kind: math.exp(logit - top) for kind, logit in logits.items()}
        total = sum(parts.values())
        return {kind: parts[kind] / total for kind in sorted(KINDS, key=lambda kind: -parts[kind])}


@cache
def kind_model() -> KindModel:
    """The fitted model from the package's data."""
    data = json.loads(files("askjapan.language").joinpath("data/question_kinds.json").read_text(encoding="utf-8"))
    intercepts = {cast(Kind, kind): float(value) for kind, value in data["intercepts"].items()}
    return KindModel(intercepts, {cast(Kind, kind): row for kind, row in data["weights"].items()})


def kind_of(question: str) -> Kind:
    """The kind of a question; "fact" where the model is not sure of another."""
    kind, probability = next(iter(kind_model().probabilities(question).items()))
    return kind if probability >= (SURE_ENOUGH if kind in HARMLESS else SURE) else "fact"


@cache
def asking_words(language: str) -> Mapping[str, str]:
    """The words by which questions are asked in a language, "en" or "ja", each with the name of its group."""
    data = tomllib.loads(files("askjapan.language").joinpath("data/asking_words.toml").read_text(encoding="utf-8"))
    return {word: group for group, words in data[language].items() for word in words.split()}


def is_asking(word: str) -> bool:
    """Whether a word is one of the English `asking_words`; case and the marks around it do not count."""
    return word.lower().strip(" ?!.,“”\"'") in asking_words("en")


def features(question: str) -> Iterator[str]:
    """Names of a question's features: its groups of asking words, alone and in pairs; their order, or in Japanese the ending; its length."""
    text = unicodedata.normalize("NFKC", question).strip()
    if is_foreign(text):
        yield from _japanese(text)
        return
    shapes = [_shape(match.group(), match.start() == 0) for match in _WORD.finditer(text)]
    # A run of unknown words is one: how long a subject is says little.
    runs = [shape for number, shape in enumerate(shapes) if number == 0 or shape != shapes[number - 1] or shape[0] != "<"]
    marked = ["^", *runs, "?" if text.endswith("?") else "$"]
    groups = sorted({shape for shape in runs if shape[0] != "<"})
    yield from (f"has {group}" for group in groups)
    yield from (f"has {one} and {other}" for one, other in combinations(groups, 2))
    yield from (" ".join(marked[number : number + size]) for size in (1, 2, 3) for number in range(len(marked) - size + 1))
    yield f"begins {' '.join(marked[1:3])}"
    yield f"asked {not groups}"
    yield f"words {min(len(shapes), 6)}"


def _shape(word: str, first: bool) -> str:
    known = asking_words("en").get(word.lower())
    if known:
        return known
    if word[0].isdigit():
        return "<figure>"
    return "<name>" if word[0].isupper() and not first else "<word>"


def _japanese(text: str) -> Iterator[str]:
    known = asking_words("ja")
    # The characters of 日本 are words of asking by themselves: day, book.
    plain = _FIGURES.sub("0", _LATIN.sub("A", text)).replace("日本", "A").rstrip("?。.")
    groups = sorted({group for word, group in known.items() if word in plain} | ({"figure"} if "0" in plain else set()))
    yield from (f"has {group}" for group in groups)
    yield from (f"has {one} and {other}" for one, other in combinations(groups, 2))
    yield from (f"ja ends {plain[-size:]}" for size in range(1, 7) if _KANA.fullmatch(plain[-size:]))
    yield f"asked {not groups}"
    yield f"ja length {min(len(plain) // 4, 4)}"
    yield f"ja sentence {bool(re.search('[ぁ-ん]{2}', plain))}"
