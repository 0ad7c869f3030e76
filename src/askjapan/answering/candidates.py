"""The units of the ranked passages that may be quoted, and how they are compared with a question."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from askjapan.answering.question import RANGE, Asked
from askjapan.language.terms import terms
from askjapan.records import Passage, Unit
from askjapan.retrieval.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may be quoted: `passage` is its passage's rank from 0, `number` its place in it, `frame` what is quoted with a row."""

    passage: int
    number: int
    unit: Unit
    frame: tuple[Unit, ...]

    @property
    def text(self) -> str:
        return self.unit.text


def frame_of(passage: Passage, number: int) -> tuple[Unit, ...]:
    """Caption, unit line and header that a row must be read with."""
    if passage.units[number].kind != "row":
        return ()
    return tuple(unit for unit in passage.units if unit.kind in ("caption", "header"))


def candidates_of(evidence: Evidence, most: int = 12) -> list[Candidate]:
    """The quotable units of the first `most` passages: sentences, rows and notes that hold a word, each text once."""
    found: list[Candidate] = []
    seen: set[str] = set()
    for rank, passage in enumerate(evidence.passages[:most]):
        for number, unit in enumerate(passage.units):
            if unit.kind in ("header", "caption") and any(u.kind == "row" for u in passage.units):
                continue
            key = unit.text if unit.kind != "row" else f"{passage.document_id} {unit.start} {unit.text}"
            if key in seen or not re.search(r"[^\W\d_]{2}|\d", unit.text):
                continue
            seen.add(key)
            found.append(Candidate(rank, number, unit, frame_of(passage, number)))
    return found


def share(wanted: Sequence[str], have: set[str] | frozenset[str]) -> float:
    return sum(w in have for w in wanted) / len(wanted)


def coverage(question: Asked, have: set[str] | frozenset[str]) -> float:
    total = sum(question.weights.values())
    return sum(w for t, w in question.weights.items() if t in have) / total if total else 0.0


def numbers_in(text: str) -> set[str]:
    plain = {m.group().replace(",", "") for m in re.finditer(r"\d[\d,]*(?:\.\d+)?", text)}
    for first, last in RANGE.findall(text):
        if len(last) in (2, 4) and 0 < int(first[: 4 - len(last)] + last) - int(first) <= 40:
            plain |= {str(y) for y in range(int(first), int(first[: 4 - len(last)] + last) + 1)}
    return plain | {p.rstrip(".,") for p in plain}


def whole_text(passage: Passage) -> str:
    return f"{passage.section} {passage.context} {passage.text}"


def surroundings(passage: Passage, candidate: Candidate) -> str:
    """What a reader of the unit knows: its frame or the sentences beside it, and its heading."""
    units = passage.units
    near = candidate.frame or units[max(0, candidate.number - 1) : candidate.number + 1]
    return " ".join([passage.section.split("›")[-1], passage.context, *(u.text for u in near), candidate.text])


def known_around(evidence: Evidence, candidate: Candidate) -> set[str]:
    near = surroundings(evidence.passages[candidate.passage], candidate)
    return set(terms(near)) | numbers_in(near)


def align(evidence: Evidence, passage: int, numbers: Sequence[int]) -> tuple[float, float]:
    """How well the question's tokens are met by these units together: their mean, and the mean of the worst quarter."""
    table = evidence.aligned[passage]
    if not len(table):
        return math.nan, math.nan
    best = np.sort(table[:, list(numbers)].max(axis=1))
    return float(best.mean()), float(best[: max(1, len(best) // 4)].mean())
