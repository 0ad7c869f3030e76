"""Units of the ranked passages that may be quoted, and the signals by which they are compared with a question."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askjapan.answering.question import FIGURE, NAME, Asked
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import fold, terms
from askjapan.language.wordings import wordings
from askjapan.language.years import years_covered, years_in
from askjapan.records import Hit, Passage, Unit
from askjapan.retrieval.alignment import content_words
from askjapan.retrieval.evidence import Evidence, Read
from askjapan.retrieval.readers.opened import ReadBy
from askjapan.retrieval.readers.reader import Reading
from askjapan.retrieval.readers.window import CELLS, Place

_EN, _JA = wordings("candidates", "en"), wordings("candidates", "ja")
MOST_PASSAGES = 10
SPAN_PIECES = 30
"""Maximum word pieces of a short answer."""
MARGIN = 15.0
POINTING = re.compile(
    rf"^[\"“(]?(?:{_EN['pointing']})\b|^(?:{_JA['pointing']})",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:because|since|due to|owing to|reasons?|caus\w+|result\w*|therefore|thus|so that|in order to|led to)\b|ため|から|ので|理由|原因",
    re.IGNORECASE,
)
_KANJI_FIGURE = re.compile(r"[一二三四五六七八九十百千]")


@dataclass(frozen=True, slots=True)
class Span:
    """A short answer: its place in the unit's text (characters), and the margin of its logit over that of no answer."""

    start: int
    end: int
    margin: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may be quoted.

    `hit` is the hit of its passage, `number` its index in the passage's units, `frame` the units quoted with a table row, and `rank` the
    rank (from 0), among those of the same reader, of the window in which that reader rated it best. `by` is the reader, and three numbers
    are from it: `answers` is the window's answer logit (None without a reading), `lead` its rank logit minus that of its best window, and
    `evidence` the mean evidence logit of the unit's word pieces. `cosine` compares the unit with the question, by word pieces in the window
    or by the multilingual encoder. `met` has the best cosine of the unit for each content word of the question
    (`alignment.content_words`), and `met_around` that of the unit, its neighbours or frame, and the heading; both are empty without an
    alignment.
    """

    hit: Hit
    number: int
    unit: Unit
    frame: tuple[Unit, ...]
    rank: int
    answers: float | None
    lead: float
    evidence: float
    span: Span | None
    cosine: float
    met: tuple[float, ...] = ()
    met_around: tuple[float, ...] = ()
    by: ReadBy = "nobody"

    @property
    def text(self) -> str:
        return self.unit.text

    @property
    def passage(self) -> Passage:
        return self.hit.passage

    @property
    def key(self) -> tuple[str, int]:
        return self.passage.id, self.number


def frame_of(passage: Passage, number: int) -> tuple[Unit, ...]:
    """Captions and headers that a table row is quoted with; empty for any other unit."""
    if passage.units[number].kind != "row":
        return ()
    return tuple(unit for unit in passage.units if unit.kind in ("caption", "header"))


def candidates_of(evidence: Evidence, limit: int = MOST_PASSAGES) -> list[Candidate]:
    """Quotable units that hold two letters or a digit, each once, from the window where the reader rated it best.

    They are those of each reader's first `limit` windows, and of what no reader has read among the first `limit` of all. Captions and headers
    of tables with rows are left out, since they are quoted with a row.
    """
    best: dict[tuple[str, int], Candidate] = {}
    ranked = list(evidence.by_reader(limit))
    top: dict[ReadBy, float] = {}
    for read, _ in ranked:
        if read.reading:
            top[read.by] = max(read.reading.rank, top.get(read.by, -math.inf))
    for read, rank in ranked:
        for candidate in _in_window(read, rank, top.get(read.by, 0.0)):
            known = best.get(candidate.key)
            if known is None or (known.answers is not None and known.evidence < candidate.evidence):
                best[candidate.key] = candidate
    seen: set[str] = set()
    kept = []
    for candidate in best.values():
        text = candidate.text if candidate.unit.kind != "row" else f"{candidate.key}"
        if text not in seen:
            seen.add(text)
            kept.append(candidate)
    return kept


def _in_window(read: Read, rank: int, top: float) -> Iterator[Candidate]:
    hits = {-1: read.neighbours[0], 0: read.hit, 1: read.neighbours[1]}
    for number, place in enumerate(read.window.places):
        hit = hits[place.offset]
        if hit is None:
            continue
        unit = hit.passage.units[place.number]
        if unit.kind in ("header", "caption") and any(other.kind == "row" for other in hit.passage.units):
            continue
        if not re.search(r"[^\W\d_]{2}|\d", unit.text):
            continue
        reading = read.reading
        pieces = reading.pieces_of(place.start, place.end) if reading else slice(0, 0)
        inside = reading.evidence[pieces] if reading else np.zeros(0, dtype=np.float32)
        yield Candidate(
            hit=hit,
            number=place.number,
            unit=unit,
            frame=frame_of(hit.passage, place.number),
            rank=rank,
            answers=reading.answers if reading else None,
            lead=reading.rank - top if reading else 0.0,
            evidence=float(inside.mean()) if len(inside) else -MARGIN,
            span=_span(reading, place, unit) if reading else None,
            cosine=_cosine(read, number),
            met=tuple(read.alignment.units[:, number].tolist()) if read.alignment else (),
            met_around=_met_around(read, number) if read.alignment else (),
            by=read.by,
        )


def _cosine(read: Read, number: int) -> float:
    if read.alignment is not None:
        return float(read.alignment.cosines[number])
    return float(read.cosines[number]) if len(read.cosines) else 0.0


def _met_around(read: Read, number: int) -> tuple[float, ...]:
    """Best cosine of each content word with the unit, its neighbours or frame, and the heading."""
    assert read.alignment is not None
    places = read.window.places
    passage = read.hit.passage
    beside = [number - 1, number, number + 1]
    if places[number].offset == 0 and passage.units[places[number].number].kind == "row":
        beside = [number, *(n for n, place in enumerate(places) if passage.units[place.number].kind in ("caption", "header"))]
    inside = [n for n in beside if 0 <= n < len(places)]
    best = read.alignment.units[:, inside].max(axis=1)
    return tuple(np.maximum(best, read.alignment.around).tolist())


def _span(reading: Reading, place: Place, unit: Unit) -> Span | None:
    """The span with the highest logit inside a unit; None where the reader has read none of it."""
    pieces = reading.pieces_of(place.start, place.end)
    first, last = reading.first[pieces], reading.last[pieces]
    if not len(first):
        return None
    table = first[:, None] + last[None]
    length = np.subtract.outer(np.arange(len(first)), np.arange(len(first)))
    table[(length > 0) | (length <= -SPAN_PIECES)] = -np.inf
    one, other = np.unravel_index(int(table.argmax()), table.shape)
    starts, ends = reading.starts[pieces], reading.ends[pieces]
    shown = unit.text.replace("\t", CELLS)
    start, end = (_in_unit(shown, unit.text, int(at) - place.start) for at in (starts[one], ends[other]))
    return Span(start, end, float(table[one, other]) - reading.nowhere)


def _in_unit(shown: str, text: str, offset: int) -> int:
    """Convert an offset in a unit as shown in the window, where a tab is `CELLS`, to one in its own text."""
    offset = max(0, min(offset, len(shown)))
    return min(len(text), offset - (len(CELLS) - 1) * shown[:offset].count(CELLS))


def share(wanted: Sequence[str], have: set[str]) -> float:
    """The share of wanted terms that are present; 1 where none are wanted."""
    return sum(term in have for term in wanted) / len(wanted) if wanted else 1.0


def coverage(question: Asked, have: set[str]) -> float:
    """The share of the question's term weight that a text's terms hold; 0 where the question has no terms."""
    total = sum(question.weights.values())
    return sum(weight for term, weight in question.weights.items() if term in have) / total if total else 0.0


def known_around(candidate: Candidate) -> set[str]:
    """Terms, figures and years of a unit with its frame or previous unit, its heading and context, and its work's title."""
    units = candidate.passage.units
    beside = candidate.frame or units[max(0, candidate.number - 1) : candidate.number]
    text = " ".join(
        [
            candidate.hit.document.title,
            candidate.passage.section,
            candidate.passage.context,
            *(u.text for u in beside),
            candidate.text,
        ]
    )
    return held_in(text)


def held_in(text: str) -> set[str]:
    """Terms, figures and years of a text."""
    return set(terms(text)) | {match.group().replace(",", "") for match in FIGURE.finditer(text)} | years_covered(text)


def kind_met(question: Asked, text: str) -> float:
    """The share (0 to 1) of the kinds of answer asked for that a text holds beyond the question's own words; 1 where none is asked for."""
    checks: dict[str, bool] = {}
    fresh = (fold(match.group()) not in question.folded for match in FIGURE.finditer(text))
    if question.kinds & {"number", "percent"}:
        checks["number"] = any(fresh) or (not text.isascii() and bool(_KANJI_FIGURE.search(text)))
    if "date" in question.kinds:
        checks["date"] = any(year not in question.years for year in years_in(text)) or bool(re.search(r"\d(?:月|日)", text))
    if question.kinds & {"person", "place"}:
        names = list(NAME.finditer(text))[1:]
        checks["name"] = any(fold(match.group()) not in question.folded for match in names) or is_foreign(text)
    if "cause" in question.kinds:
        checks["cause"] = bool(_CAUSE.search(text))
    return sum(checks.values()) / len(checks) if checks else 1.0


def word_weights(question: Asked) -> NDArray[np.float64]:
    """The idf weights of the question's content words, shape (words,), in the order of `content_words`; they add up to one."""
    usual = float(np.median(list(question.weights.values()))) if question.weights else 1.0
    words = (question.text[start:end] for start, end in content_words(question.text))
    weights = np.array([max((question.weights.get(term, usual) for term in terms(word)), default=usual) for word in words])
    return weights / weights.sum() if len(weights) else weights


def all_signals(question: Asked, candidates: Sequence[Candidate]) -> list[Mapping[str, float]]:
    """The signals of all candidates of a question, in their order."""
    weights = word_weights(question)
    best = max((candidate.cosine for candidate in candidates), default=0.0)
    return [signals_of(question, candidate, known_around(candidate), best, weights) for candidate in candidates]


def signals_of(
    question: Asked, candidate: Candidate, known: set[str], best_cosine: float, weights: NDArray[np.float64]
) -> Mapping[str, float]:
    """A candidate's signals by name.

    Args:
        question: the analysed question.
        candidate: the candidate.
        known: `known_around` of the candidate.
        best_cosine: the highest `cosine` of all candidates of the question.
        weights: `word_weights` of the question.
    """
    own = held_in(" ".join([*(unit.text for unit in candidate.frame), candidate.text]))
    common = {
        "cover": coverage(question, own),
        "cover_around": coverage(question, known),
        "years": share(question.years, known),
        "figures": share(question.figures, known),
        "names": share(question.names, known),
        "kind": kind_met(question, candidate.text),
        "rank": math.log1p(candidate.rank),
        "pointing": float(bool(POINTING.match(candidate.text))),
    }
    common |= {"cosine": candidate.cosine, "cosine_behind": best_cosine - candidate.cosine}
    if candidate.answers is None:
        return common
    if candidate.by == "english":
        common |= {
            "met": float(weights @ np.array(candidate.met)) if candidate.met else 0.0,
            "met_around": float(weights @ np.array(candidate.met_around)) if candidate.met else 0.0,
            "low_around": min(candidate.met_around, default=0.0),
        }
    return common | {
        "answers": candidate.answers,
        "lead": candidate.lead,
        "evidence": candidate.evidence,
        "span": max(-MARGIN, min(MARGIN, candidate.span.margin)) if candidate.span else -MARGIN,
    }
