"""Figures about answers and refusals on questions with known answers, and the risk-coverage curve as an SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from answer_cases import Case
from numpy.typing import NDArray

from askjapan.answering.compose import choose
from askjapan.answering.fitted import Rule
from askjapan.evaluation.questions import holds
from askjapan.evaluation.score import auroc
from askjapan.retrieval.evidence import Floats

RECALL, PRECISION = 0.75, 0.65
COVERAGES = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Quoted:
    """What would be quoted for a question: whether it holds the answer, and its words without and with captions and headers."""

    right: bool
    words: int
    framed: int


def quoted(case: Case, logits: Floats, rule: Rule) -> Quoted:
    """Choose quotes by a unit model's logits."""
    chosen = [case.found[number] for number in choose(case.evidence, case.found, logits, rule)]
    bare = " ".join(candidate.text for candidate in chosen)
    framed = " ".join(unit.text for candidate in chosen for unit in (*candidate.frame, candidate.unit))
    return Quoted(holds(framed, case.question.answer_any), len(bare.split()), len(framed.split()))


def answer_line(name: str, found: Sequence[Quoted]) -> str:
    """One line about the answers to a group of questions."""
    if not found:
        return f"{name:28} none"
    share = sum(one.right for one in found) / len(found)
    words, framed = (np.median([getattr(one, kind) for one in found]) for kind in ("words", "framed"))
    return (
        f"{name:28} {len(found):4} questions, right {share:.3f}, median words {words:.0f}, with captions and headers {framed:.0f}"
    )


@dataclass(frozen=True, slots=True)
class Refusals:
    """Refusing below a threshold: the share of refusals that are right, and the share of unanswerable questions refused."""

    precision: float
    recall: float
    wrong: int

    @classmethod
    def of(cls, refused: NDArray[np.bool_], answerable: NDArray[np.bool_]) -> Refusals:
        right = int((refused & ~answerable).sum())
        return cls(
            right / max(1, int(refused.sum())), right / max(1, int((~answerable).sum())), int((refused & answerable).sum())
        )


def threshold_for(confidence: Floats, answerable: NDArray[np.bool_]) -> float:
    """The lowest threshold, in hundredths, at which refusals reach both `RECALL` and `PRECISION`; where none does, the nearest to both."""

    def margin(threshold: float) -> float:
        found = Refusals.of(confidence < threshold, answerable)
        return min(found.recall - RECALL, found.precision - PRECISION)

    thresholds = [hundredth / 100 for hundredth in range(1, 100)]
    return next((threshold for threshold in thresholds if margin(threshold) >= 0), max(thresholds, key=margin))


def confidence_lines(name: str, cases: Sequence[Case], confidence: Floats, refused: NDArray[np.bool_]) -> list[str]:
    """Lines about the refusals of one index: over its questions about the works, by language, and for each kind of unanswerable question."""
    about = np.array([not case.off_topic for case in cases])
    answerable = np.array([bool(case.answerable) for case in cases])
    foreign = np.array([case.question.language != "en" for case in cases])
    kinds = np.array([case.question.type for case in cases])
    lines = []
    for title, group in ((name, about), ("  English", about & ~foreign), ("  other languages", about & foreign)):
        at = Refusals.of(refused[group], answerable[group])
        area = auroc(list(confidence[group & answerable]), list(confidence[group & ~answerable]))
        lines.append(
            f"{title:28} {int((group & answerable).sum()):4} answerable, {int((group & ~answerable).sum()):3} not: AUROC {area:.3f}, "
            f"refusal precision {at.precision:.3f}, recall {at.recall:.3f}, {at.wrong} answerable ones refused"
        )
    for kind in sorted(set(kinds[~answerable])):
        mine = ~answerable & (kinds == kind)
        area = auroc(list(confidence[about & answerable]), list(confidence[mine]))
        lines.append(f"  {kind:26} {int(mine.sum()):4}, AUROC {area:.3f}, refused {refused[mine].mean():.3f}")
    return lines


def risk_coverage(confidence: Floats, right: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Coverage and risk with the surest questions answered first: the share answered, and of those the share not answered rightly."""
    ordered = right[np.argsort(-confidence, kind="stable")]
    counts = np.arange(1, len(ordered) + 1)
    return [(float(c), float(r)) for c, r in zip(counts / len(ordered), 1 - ordered.cumsum() / counts, strict=True)]


def risk_at(curve: Sequence[tuple[float, float]], coverage: float) -> float:
    """The risk at the point of a curve that is nearest to a coverage."""
    return min(curve, key=lambda point: abs(point[0] - coverage))[1]


def draw(curves: Mapping[str, Sequence[tuple[float, float]]], marks: Mapping[str, float]) -> str:
    """Risk against coverage as an SVG; `marks` are the coverages at the threshold."""
    left, top, width, height, highest = 60, 20, 460, 280, 0.6
    colours = ("#1f5fa8", "#b5481f")

    def place(coverage: float, risk: float) -> tuple[float, float]:
        return round(left + width * coverage, 1), round(top + height * (1 - min(risk, highest) / highest), 1)

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 370" font-family="sans-serif" font-size="12" role="img">',
        "<title>Risk and coverage</title>",
        '<rect width="560" height="370" fill="#ffffff"/>',
    ]
    for step in range(7):
        _, y = place(0, step / 10)
        parts.append(f'<path d="M{left} {y}H{left + width}" stroke="#dddddd"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{step / 10:.1f}</text>')
    for step in range(0, 11, 2):
        x, _ = place(step / 10, 0)
        parts.append(f'<text x="{x}" y="{top + height + 18}" text-anchor="middle">{step / 10:.1f}</text>')
    for number, (name, points) in enumerate(curves.items()):
        # The first few questions make a jagged beginning that says nothing.
        shown = [place(*point) for point in points if point[0] >= 0.05]
        line = " ".join(f"{x},{y}" for x, y in shown)
        colour = colours[number % len(colours)]
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = place(*min(points, key=lambda point: abs(point[0] - marks[name])))
        parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>')
        parts.append(f'<text x="{left + 12}" y="{top + 16 + 16 * number}" fill="{colour}">{name}</text>')
    parts.append(
        f'<text x="{left + width / 2}" y="{top + height + 38}" text-anchor="middle">coverage: share of all questions answered '
        "(dot: at the threshold)</text>"
    )
    parts.append(
        f'<text transform="translate(16 {top + height / 2}) rotate(-90)" text-anchor="middle">risk: share of answers not right</text>'
    )
    return "\n".join([*parts, "</svg>"])
