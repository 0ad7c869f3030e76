"""Whether the corpus holds the answer at all: the signals that a refusal is decided by."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from askjapan.answering.answer_types import FIGURE, types_found
from askjapan.answering.candidate_features import UNIT_FEATURES
from askjapan.answering.candidates import Candidate, align, coverage, known_around, numbers_in, share, whole_text
from askjapan.answering.question import YEAR, Asked, measure_of
from askjapan.answering.word_support import WORD_FEATURES, word_features
from askjapan.language.terms import fold, terms
from askjapan.retrieval.evidence import Evidence, Floats

CONFIDENCE_FEATURES = (
    "dense_top", "unit_top", "unit_low", "fused_gap", "lexical_top", "answer_logit", "answer_second", "answer_mass",
    "cover_unit", "cover_around", "cover_passage", "cover_three", "heaviest_lost", "unknown", "unknown_names", "names_lost_three",
    "years_asked", "years_lost_three", "numbers_lost", "type_asked", "type_lost_best", "type_lost_four", "year_cost", "name_cost",
    "type_cost", "joint_cost", "year_cover", "row_agrees", "row_year_lost", "align_unit", "align_passage", "align_four",
    "low_unit", "low_passage", "low_four", "poor_share", "counted", "counted_cost", "lost_here", 
    "number_logit", "plain_logit", "number_cosine", "number_low", "terms", "other_script", "cause", "compare_or_list", "number",
    *WORD_FEATURES,
)  # fmt: skip
MOST_COST = 4.0


def confidence_features(
    question: Asked, evidence: Evidence, found: Sequence[Candidate], features: Floats, logits: Floats
) -> Floats:
    """The signals of `CONFIDENCE_FEATURES`, shape (features,).

    A cost is how much the best unit's logit falls when only units are admitted whose surroundings meet a constraint of the question: the
    years, the names, the kind of answer, or all of them; no unit at all costs `MOST_COST`.

    Args:
        question: as read.
        evidence: the ranked passages.
        found: from `candidates_of`.
        features: from `unit_features`.
        logits: of the unit model for each candidate, shape (candidates,).
    """
    column = {name: features[:, number] for number, name in enumerate(UNIT_FEATURES)}
    order = np.argsort(-logits, kind="stable")
    best, four = order[0], order[:4]
    near = order[:10]
    three = set().union(*(set(terms(whole_text(p))) | numbers_in(p.text) for p in evidence.passages[:3]))
    total = sum(question.weights.values())
    scores, asks = evidence.scores, question.asks
    lost = [w for t, w in question.weights.items() if t not in three]
    types = [_has_type(question, candidate) for candidate in found]
    asked = bool(types_found(question, ""))
    years, names = set(question.years), question.names
    known = [known_around(evidence, candidate) for candidate in found]
    with_year = np.asarray([years <= have for have in known])
    with_names = np.asarray([share(names, have) >= 0.5 if names else True for have in known])
    with_type = np.asarray([value >= 0.5 for value in types])
    year_cover = max((coverage(question, have) for have in known if years <= have), default=0.0) if years else 0.5
    rows = np.asarray([candidate.unit.kind == "row" for candidate in found])
    tables = {candidate.passage for candidate in (found[n] for n in near) if candidate.unit.kind == "row"}
    row_cover = max(
        (coverage(question, have) for have, row, ok in zip(known, rows, with_year, strict=True) if row and ok), default=0.0
    )
    measure = measure_of(question)
    counted = (
        np.asarray([_counts(question, measure, candidate) for candidate in found]) if measure else np.ones(len(found), dtype=bool)
    )
    here = set().union(*(known[n] for n in four))
    lost_here = max((w for t, w in question.weights.items() if t not in here), default=0.0)
    factual = bool(asks & {"number", "money", "percent", "date"}) and not asks & {"compare", "list", "cause"}
    align_four, low_four, poor = _align_four(evidence, [found[n] for n in four])
    align_best, low_best = align(evidence, found[best].passage, [found[best].number])
    whole = [align(evidence, rank, range(len(p.units))) for rank, p in enumerate(evidence.passages[:3])]
    return np.asarray(
        [
            evidence.dense.max(),
            column["cosine"].max(),
            max(0.0, 0.5 - float(column["cosine"].max())),
            scores[0] - scores[min(4, len(scores) - 1)],
            evidence.lexical.max() / total if total else 0.0,
            logits[best],
            logits[order[min(1, len(order) - 1)]],
            math.log1p(float((1 / (1 + np.exp(-logits))).sum())),
            column["cover"][near].max(),
            column["cover_around"][near].max(),
            column["cover_passage"].max(),
            coverage(question, three),
            max(lost, default=0.0),
            question.unknown,
            question.unknown_names,
            1 - share(names, three) if names else 0.0,
            float(bool(years)),
            1 - share(question.years, three) if years else 0.0,
            1 - share(question.numbers, three) if question.numbers else 0.0,
            float(asked),
            1 - types[best] if asked else 0.0,
            1 - max(types[n] for n in four) if asked else 0.0,
            _cost(logits, with_year),
            _cost(logits, with_names),
            _cost(logits, with_type),
            _cost(logits, with_year & with_names & with_type),
            year_cover,
            row_cover,
            float(bool(tables) and bool(years) and not bool((rows & with_year).any())),
            align_best,
            max(value for value, _ in whole),
            align_four,
            low_best,
            max(value for _, value in whole),
            low_four,
            poor,
            float(bool(measure)),
            _cost(logits, counted) if measure else 0.0,
            lost_here,
            float(logits[best]) * factual,
            float(logits[best]) * (not factual),
            float(column["cosine"].max()) * factual,
            low_best * factual,
            math.log1p(len(question.weights)),
            float(question.other_script),
            float("cause" in asks),
            float(bool(asks & {"compare", "list"})),
            float(bool(asks & {"number", "money", "percent", "date"})),
            *word_features(question, evidence, found, known, [int(number) for number in order[:10]]),
        ],
        dtype=np.float32,
    )


def _counts(question: Asked, measure: frozenset[str], candidate: Candidate) -> bool:
    """Whether a fresh figure stands within five words of what is counted; in a row, whether header or caption name it."""
    if candidate.unit.kind == "row":
        return bool(measure & set(terms(" ".join(u.text for u in candidate.frame) + " " + candidate.text)))
    words = candidate.text.split()
    figures = [
        n
        for n, w in enumerate(words)
        if FIGURE.search(w) and not YEAR.search(w) and fold(w.strip(".,;()")) not in question.folded
    ]
    places = [n for n, w in enumerate(words) if measure & set(terms(w))]
    return any(abs(a - b) <= 5 for a in figures for b in places)


def _cost(logits: Floats, admitted: NDArray[np.bool_]) -> float:
    return min(MOST_COST, float(logits.max() - logits[admitted].max())) if admitted.any() else MOST_COST


def _align_four(evidence: Evidence, chosen: Sequence[Candidate]) -> tuple[float, float, float]:
    """How the question's tokens are met by several units together: mean, mean of the worst quarter, share of poorly met tokens."""
    if not len(evidence.aligned[0]):
        return math.nan, math.nan, math.nan
    best = np.max([evidence.aligned[c.passage][:, c.number] for c in chosen], axis=0)
    ordered = np.sort(best)
    return float(best.mean()), float(ordered[: max(1, len(best) // 4)].mean()), float((best < 0.45).mean())


def _has_type(question: Asked, candidate: Candidate) -> float:
    found = types_found(question, candidate.text)
    return sum(found.values()) / len(found) if found else 1.0


def unmet(question: Asked, evidence: Evidence, found: Sequence[Candidate], chosen: Sequence[int]) -> tuple[str, ...]:
    """The years, figures and names of the question that the chosen units and their surroundings do not hold: what a refusal names."""
    have = set().union(*(known_around(evidence, found[number]) for number in chosen)) if chosen else set()
    # Index terms of other scripts are pieces of words, nothing to show to a reader.
    names = [name for name in question.names if name.isascii()]
    return tuple(item for item in (*question.years, *question.numbers, *names) if item not in have)
