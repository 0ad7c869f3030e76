"""Detects two figures for the same quantity among the best candidates, so that both are shown side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askjapan.answering.candidates import Candidate, known_around, share
from askjapan.answering.question import Asked
from askjapan.language.terms import fold, terms
from askjapan.language.years import years_in

NEAR = 5
"""Maximum number of words between a figure and the name of what it counts."""
BEHIND = 2.5
"""Largest gap in logits between the best quote and one that contradicts it."""
MOST_DIGITS = 20
_COUNTED = re.compile(
    r"\b(?:how many|number of|what (?:percentage|share|fraction|proportion) of)\s+"
    r"(?:(?:the|all|its|their|these|those)\s+)*((?:[\w’'-]+\s*){1,5})",
    re.IGNORECASE,
)
_COUNTED_END = re.compile(
    r"\b(?:did|does|do|is|are|was|were|have|had|has|in|of|to|who|that|can|may|will|a|an|the|per|at|on|for|with|by|from|there)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?P<sign>[$¥€£]\s?)?(?<![\w.,-])(?P<number>\d[\d,]*(?:\.\d+)?)(?![\d-])\s?(?P<scale>thousand|million|billion|trillion)?"
    r"(?P<percent>\s?(?:%|per ?cent\b))?(?P<coin>\s?(?:yen|dollars?|euros?)\b)?",
    re.IGNORECASE,
)
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Index of the candidate that gives another figure, and both figures as printed."""

    number: int
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a text: its value in ones, its kind ("share", "money" or "count"), its text, and the step to which it is rounded."""

    value: float
    kind: str
    printed: str
    step: float


def measure_of(question: Asked) -> frozenset[str]:
    """The terms of what a question counts: "recruits" in "How many new recruits does Samsung post abroad?"."""
    counted = _COUNTED.search(question.text)
    words = _COUNTED_END.split(counted.group(1), maxsplit=1)[0] if counted else ""
    return frozenset(terms(words)) & frozenset(question.weights)


def disagreement(question: Asked, candidates: Sequence[Candidate], logits: Sequence[float], first: int) -> Disagreement | None:
    """The best candidate that gives another figure for the same quantity than candidate `first`; None where there is none.

    Both must be sentences with the years and names of the question, and each must have one figure near the words for what is counted.
    Figures that differ only by rounding agree.
    """
    measure = measure_of(question)
    if not measure or candidates[first].unit.kind != "sentence" or not _meets(question, candidates[first]):
        return None
    first_figure = _only_figure(question, measure, candidates[first])
    if first_figure is None:
        return None
    years = _years(candidates[first].text)
    for number in sorted(range(len(candidates)), key=lambda place: -logits[place]):
        other = candidates[number]
        if logits[number] < logits[first] - BEHIND:
            break
        if number == first or other.unit.kind != "sentence" or not _same_time(question, years, _years(other.text)):
            continue
        other_figure = _only_figure(question, measure, other)
        if other_figure and _differ(first_figure, other_figure) and _meets(question, other):
            return Disagreement(number, first_figure.printed, other_figure.printed)
    return None


def _years(text: str) -> set[str]:
    return set(years_in(text))


def _same_time(question: Asked, years: set[str], other_years: set[str]) -> bool:
    asked = set(question.years)
    return asked <= years & other_years if asked else years == other_years


def _meets(question: Asked, candidate: Candidate) -> bool:
    known = known_around(candidate)
    return set(question.years) <= known and share(question.names, known) == 1.0


def _differ(one: Figure, other: Figure) -> bool:
    return one.kind == other.kind and abs(one.value - other.value) > max(one.step, other.step)


def _only_figure(question: Asked, measure: frozenset[str], candidate: Candidate) -> Figure | None:
    """The one figure of a sentence within `NEAR` words of all terms of what is counted; None where there are none or several."""
    text = candidate.text
    words = [(match.span(), set(terms(match.group()))) for match in re.finditer(r"\S+", text)]
    figures = [
        figure
        for match in _FIGURE.finditer(text)
        if not years_in(match.group("number"))
        and fold(match.group("number")) not in question.folded
        and measure <= set().union(*(stems for span, stems in words if _words_between(text, match.span(), span) <= NEAR))
        and len(match.group("number")) <= MOST_DIGITS
        and (figure := _figure(match))
    ]
    values = {(figure.kind, figure.value) for figure in figures}
    return figures[0] if len(values) == 1 else None


def _words_between(text: str, one: tuple[int, int], other: tuple[int, int]) -> int:
    first, second = sorted((one, other))
    return len(text[first[1] : second[0]].split())


def _figure(match: re.Match[str]) -> Figure:
    digits = match.group("number").replace(",", "")
    scale = _SCALES.get((match.group("scale") or "").lower(), 1.0)
    kind = "share" if match.group("percent") else "money" if match.group("sign") or match.group("coin") else "count"
    zeros = len(digits) - len(digits.rstrip("0")) if "." not in digits else -len(digits.split(".")[1])
    return Figure(float(digits) * scale, kind, " ".join(match.group().split()), 10.0**zeros * scale)
