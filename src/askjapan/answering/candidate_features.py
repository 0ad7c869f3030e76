"""How well each quotable unit answers: the features that the choice of quotes is made by."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence

import numpy as np

from askjapan.answering.answer_types import CAUSE, CONTRAST, DEFINING, LISTING, POINTING, types_found
from askjapan.answering.candidates import Candidate, align, coverage, numbers_in, share, surroundings, whole_text
from askjapan.answering.question import Asked
from askjapan.language.terms import fold, terms
from askjapan.retrieval.evidence import Evidence, Floats

UNIT_FEATURES = (
    "cosine", "cosine_gap", "cosine_near", "passage_dense", "passage_gap", "rank", "cover", "cover_around", "cover_passage", "match",
    "pairs", "years", "years_around", "years_lost", "numbers", "names", "names_lost", "quoted", "type_found", "type_lost", "cue_cause",
    "cue_define", "cue_contrast", "cue_list", "fresh", "length", "stub", "row", "row_label", "row_extreme", "footnote", "reference",
    "first", "pointing", "asks_itself", "cos_x_rank", "align", "align_gap", "align_low", "align_near", "align_passage",
)  # fmt: skip


def unit_features(question: Asked, evidence: Evidence, found: Sequence[Candidate]) -> Floats:
    """One row of `UNIT_FEATURES` for each candidate, shape (candidates, features)."""
    if not found:
        return np.zeros((0, len(UNIT_FEATURES)), dtype=np.float32)
    best = max(float(evidence.cosines[c.passage][c.number]) for c in found)
    extremes = _extreme_rows(question, evidence)
    top_align = max(align(evidence, c.passage, [c.number])[0] for c in found)
    words = {rank: set(terms(whole_text(p))) for rank, p in enumerate(evidence.passages) if any(c.passage == rank for c in found)}
    own = [set(terms(c.text)) | numbers_in(c.text) for c in found]
    matches = [sum(w * (1.0 if t in have else 0.0) for t, w in question.weights.items()) / (2 + len(have)) ** 0.5 for have in own]
    top_match = max(matches) or 1.0
    rows = [
        _one(question, evidence, c, have, words[c.passage], best, m / top_match, extremes, top_align)
        for c, have, m in zip(found, own, matches, strict=True)
    ]
    return np.asarray(rows, dtype=np.float32)


def _one(
    question: Asked,
    evidence: Evidence,
    candidate: Candidate,
    have: set[str],
    passage_words: set[str],
    best: float,
    match: float,
    extremes: set[tuple[int, int]],
    top_align: float,
) -> list[float]:
    passage = evidence.passages[candidate.passage]
    text, kind = candidate.text, candidate.unit.kind
    cosines = evidence.cosines[candidate.passage]
    cosine = float(cosines[candidate.number])
    near = [float(cosines[n]) for n in (candidate.number - 1, candidate.number + 1) if 0 <= n < len(cosines)]
    nearby = surroundings(passage, candidate)
    known = set(terms(nearby)) | numbers_in(nearby)
    types = types_found(question, text)
    asks = question.asks
    weight = sum(question.weights.values()) or 1.0
    met, low = align(evidence, candidate.passage, [candidate.number])
    ordered = [t for t in dict.fromkeys(terms(question.text)) if t in question.weights]
    pairs = list(itertools.pairwise(ordered))
    label = text.split("\t")[0] if kind == "row" else ""
    label_terms = (set(terms(label)) | numbers_in(label)) & (set(question.weights) | set(question.years))
    return [
        cosine,
        cosine - best,
        max(near, default=cosine),
        float(evidence.dense[candidate.passage]),
        float(evidence.scores[candidate.passage] - evidence.scores[0]),
        math.log1p(candidate.passage),
        coverage(question, have),
        coverage(question, known),
        coverage(question, passage_words),
        match,
        sum(a in have and b in have for a, b in pairs) / len(pairs) if pairs else 0.0,
        share(question.years, have) if question.years else 0.0,
        share(question.years, known | numbers_in(passage.text)) if question.years else 0.0,
        float(bool(question.years) and not set(question.years) & known),
        share(question.numbers, have) if question.numbers else 0.0,
        share(question.names, have) if question.names else 0.0,
        1 - share(question.names, passage_words) if question.names else 0.0,
        float(any(q in fold(nearby) for q in question.quoted)),
        sum(types.values()) / len(types) if types else 0.0,
        float(bool(types) and not any(types.values())),
        float("cause" in asks and bool(CAUSE.search(text))),
        float("definition" in asks and bool(DEFINING.search(text))),
        float("compare" in asks and bool(CONTRAST.search(text))),
        float("list" in asks and bool(LISTING.search(text))),
        math.log1p(len(have - question.stems)),
        math.log1p(len(text.split())),
        float(len(text.split()) < 6 and kind != "row"),
        float(kind == "row"),
        float(bool(label_terms)),
        float((candidate.passage, candidate.number) in extremes),
        float(passage.kind == "footnote"),
        float(passage.kind == "reference"),
        float(candidate.number == 0),
        float(bool(POINTING.match(text))),
        float(text.rstrip().endswith("?")),
        cosine / (1 + candidate.passage) * min(1.0, weight),
        met,
        met - top_align,
        low,
        align(evidence, candidate.passage, range(max(0, candidate.number - 1), min(len(cosines), candidate.number + 2)))[0],
        align(evidence, candidate.passage, range(len(cosines)))[0],
    ]


def _extreme_rows(question: Asked, evidence: Evidence) -> set[tuple[int, int]]:
    """Rows that hold the largest (or smallest) figure of a column, for questions that ask for a peak or a low."""
    if not question.extreme:
        return set()
    found: set[tuple[int, int]] = set()
    for rank, passage in enumerate(evidence.passages):
        rows = [(n, u.text.split("\t")) for n, u in enumerate(passage.units) if u.kind == "row"]
        if len(rows) < 3:
            continue
        for column in range(1, max(len(cells) for _, cells in rows)):
            figures = [(_figure(cells[column]), n) for n, cells in rows if column < len(cells)]
            known = [(value, n) for value, n in figures if value is not None]
            if len(known) >= 3:
                found.add((rank, (max if question.extreme > 0 else min)(known)[1]))
    return found


def _figure(cell: str) -> float | None:
    match = re.fullmatch(r"[^\w]*?([+-]?)\s*(\d[\d,]*(?:\.\d+)?)\s*%?\W*", cell)
    return float(match.group(1) + match.group(2).replace(",", "")) if match else None
