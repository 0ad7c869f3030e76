"""Analyses a question before it is answered: its content terms, its constraints (years, figures, names), and the kinds of answer."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from askjapan.language.scripts import is_foreign
from askjapan.language.terms import fold, terms
from askjapan.language.years import common_years, years_in

DocumentFrequency = Callable[[str], int]

FIGURE = re.compile(r"(?<![A-Za-zÀ-ɏ_\d.,])\d[\d,]*(?:\.\d+)?(?![A-Za-zÀ-ɏ_]*\d)")
NAME = re.compile(r"\b[^\W\d_a-z][\w’'.-]*[^\W_]")
NAMES = re.compile(rf"{NAME.pattern}(?: {NAME.pattern})*")
"""Capitalised words, those in a row together: "South Korea" is one name."""
_TOPIC = re.compile(r"^「[^」]*」について、")
_HYPHEN = re.compile(r"(?<=[^\W\d_]{2})-(?=[^\W\d_]{2})")


@dataclass(frozen=True, slots=True)
class Asked:
    """An analysed question.

    `weights` are its content terms with their idf in the corpus. `years` are written as in `language.years`, `figures` without thousands
    commas; `names` are terms of its capitalised words. `kinds` are the kinds of answer that it asks for, keys of `asked_kinds.toml`.
    `unknown` is the share (0 to 1) of the weight of terms that the corpus does not hold. `folded` is its text as by `language.terms.fold`.
    """

    text: str
    weights: Mapping[str, float]
    years: tuple[str, ...]
    figures: tuple[str, ...]
    names: tuple[str, ...]
    kinds: frozenset[str]
    unknown: float
    folded: str


@cache
def _kinds(language: str) -> dict[str, re.Pattern[str]]:
    data = tomllib.loads(files("askjapan.language").joinpath("data/asked_kinds.toml").read_text(encoding="utf-8"))
    edges = (r"(?<!\w)", r"(?!\w)") if language == "en" else ("", "")
    return {name: re.compile(f"{edges[0]}(?:{pattern}){edges[1]}", re.IGNORECASE) for name, pattern in data[language].items()}


def read_question(text: str, frequency: DocumentFrequency, size: int, original: str = "") -> Asked:
    """Analyse a standalone question.

    Args:
        text: the question, in the language of the passages that it is compared with.
        frequency, size: the number of passages that hold a term, and the number of passages of the corpus.
        original: the question as it was asked, if `text` is its English gloss; the kinds of answer are found in it.
    """
    years = years_in(text)
    # Index terms of "sister-city" are "sister", "city" and "sistercity", which a text may well not hold: the parts are enough.
    stems = dict.fromkeys(terms(_HYPHEN.sub(" ", text)))
    weights = {term: _idf(frequency(term), size) for term in stems if term not in years}
    total = sum(weights.values())
    unknown = sum(weight for term, weight in weights.items() if frequency(term) == 0)
    plain = (match.group().replace(",", "") for match in FIGURE.finditer(common_years(text)))
    figures = tuple(dict.fromkeys(figure for figure in plain if figure not in years and len(figure) < 12))
    asked = message_of(original or text)
    kinds = _kinds("ja" if is_foreign(asked) else "en")
    return Asked(
        text=text,
        weights=weights,
        years=years,
        figures=figures,
        names=_names(text),
        kinds=frozenset(name for name, pattern in kinds.items() if pattern.search(asked)),
        unknown=unknown / total if total else 0.0,
        folded=fold(text),
    )


def message_of(question: str) -> str:
    """A question without the question before it, which a Japanese follow-up names in front: 「…」について、…."""
    return _TOPIC.sub("", question)


def _idf(count: int, size: int) -> float:
    return math.log(1 + (size - count + 0.5) / (count + 0.5))


def _names(text: str) -> tuple[str, ...]:
    """Terms of capitalised words; the first word of a sentence counts only when it is a name by its shape."""
    names: list[str] = []
    for match in NAME.finditer(text):
        before = text[: match.start()].rstrip()
        opens = not before or before[-1] in ".?!:"
        if not opens or (match.group().isupper() and len(match.group()) > 1):
            names += terms(_HYPHEN.sub(" ", match.group()))
    return tuple(dict.fromkeys(names))
