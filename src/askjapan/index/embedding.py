"""Passages → vectors, for a build: of whole passages, of their units and of their word pieces; what is known already is not embedded again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askjapan.index.encoder import Encoder, TokenEncoder, Vectors
from askjapan.index.late_interaction import Codes, TokenCodes, project, to_codes
from askjapan.records import Passage

Progress = Callable[[str, int, int], None]
"""Called with the stage ("reading", "recognising" for pages read by OCR, or "embedding"), how many are done, and how many there are."""
MULTILINGUAL = "-multilingual"


@dataclass(frozen=True, slots=True)
class Known:
    """Vectors of an earlier build by the text that they stand for; sets and tokens of another model's are left out."""

    sets: Mapping[str, Mapping[str, Vectors]]
    tokens: Mapping[str, Codes]


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors by name of the set (rows in the order of passages or of their units), tokens, and how many passages were new or known."""

    sets: Mapping[str, Vectors]
    tokens: TokenCodes
    embedded: int
    reused: int


NOTHING = Known({}, {})
AT_ONCE = 1024
"""Passages whose word pieces are in memory as floats at the same time: some 250 MB."""


def framed(passage: Passage, number: int, encoder: Encoder) -> str:
    """What of a unit is embedded: a row with its caption and each cell named by its column, where the encoder has room for that."""
    unit = passage.units[number]
    if unit.kind != "row":
        return unit.text
    captions = [other.text for other in passage.units if other.kind == "caption"]
    headers = [other.text.split("\t") for other in passage.units if other.kind == "header"]
    cells = unit.text.split("\t")
    names = next((header for header in reversed(headers) if len(header) == len(cells)), None)
    if names:
        row = "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=True) if cell)
    else:
        row = " ".join([*(" ".join(header) for header in headers), *cells])
    whole = ". ".join([*captions, row])
    return whole if encoder.count_pieces(whole) <= encoder.limit else unit.text


def unit_texts(passages: Sequence[Passage], encoder: Encoder) -> list[str]:
    """What is embedded of all units, in order."""
    return [framed(passage, number, encoder) for passage in passages for number in range(len(passage.units))]


def units_of_tokens(passage: Passage, encoder: TokenEncoder) -> NDArray[np.int16]:
    """The unit that each word piece of an embedded passage stands in; -1 for those of its context."""
    text = in_context(passage, encoder)
    base = len(text) - len(passage.text)
    starts = np.array([base + place for place in _unit_places(passage)])
    pieces = np.array(encoder.piece_starts(text), dtype=np.int64)
    numbers = np.searchsorted(starts, pieces, side="right") - 1
    return np.asarray(np.where(pieces < base, -1, numbers), dtype=np.int16)


def _unit_places(passage: Passage) -> list[int]:
    """Where each unit begins in the passage's text: they are joined by one character."""
    places, place = [], 0
    for unit in passage.units:
        places.append(place)
        place += len(unit.text) + 1
    return places


def in_context(passage: Passage, encoder: TokenEncoder) -> str:
    """What of a passage is embedded: for a footnote also the sentence that it hangs on, where the encoder has room for both."""
    whole = f"{passage.context} {passage.text}"
    return whole if passage.context and encoder.count_pieces(whole) <= encoder.limit else passage.text


def embed(
    passages: Sequence[Passage], encoder: TokenEncoder, multilingual: Encoder | None, known: Known, progress: Progress
) -> Embedded:
    """Embed what is not known yet.

    Args:
        passages: in the order of the index.
        encoder, multilingual: the models; the multilingual one may be missing.
        known: vectors of an earlier build.
        progress: told the stage "embedding", how many texts are done and how many there are.
    """
    texts = {
        "passages": [in_context(passage, encoder) for passage in passages],
        "units": unit_texts(passages, encoder),
    }
    jobs: list[tuple[str, Encoder]] = [("passages", encoder), ("units", encoder)]
    if multilingual is not None:
        # Units are left out: this encoder is quick enough to read those of a few hits when they are asked for.
        jobs += [(f"passages{MULTILINGUAL}", multilingual)]
    wanted = {name: _missing(texts[name.removesuffix(MULTILINGUAL)], known, name) for name, _ in jobs}
    total, done = sum(map(len, wanted.values())), 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        progress("embedding", done, total)

    progress("embedding", 0, total)
    tokens = dict(known.tokens)
    sets: dict[str, Vectors] = {}
    for name, model in jobs:
        vectors = dict(known.sets.get(name, {}))
        if wanted[name] and name == "passages":
            for start in range(0, len(wanted[name]), AT_ONCE):
                some = wanted[name][start : start + AT_ONCE]
                batch = encoder.encode_tokens(some, tell)
                vectors.update(zip(some, batch.pooled, strict=True))
                tokens.update(zip(some, np.split(to_codes(project(batch.rows)), np.cumsum(batch.counts)[:-1]), strict=True))
        elif wanted[name]:
            vectors.update(zip(wanted[name], model.encode(wanted[name], tell), strict=True))
        rows = texts[name.removesuffix(MULTILINGUAL)]
        sets[name] = np.stack([vectors[text] for text in rows]) if rows else np.zeros((0, model.dimension), dtype=np.float32)
    fresh = set(wanted["passages"])
    embedded = sum(text in fresh for text in texts["passages"])
    parts = [tokens[text] for text in texts["passages"]]
    offsets = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
    codes = np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.int8)
    units = [units_of_tokens(passage, encoder) for passage in passages]
    owners = np.concatenate(units) if units else np.zeros(0, dtype=np.int16)
    return Embedded(sets, TokenCodes(codes, offsets, owners), embedded, len(passages) - embedded)


def _missing(texts: Sequence[str], known: Known, name: str) -> list[str]:
    there = known.sets.get(name, {})
    return [text for text in dict.fromkeys(texts) if text not in there or (name == "passages" and text not in known.tokens)]
