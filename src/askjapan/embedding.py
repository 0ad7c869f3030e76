"""Passages → vectors, for a build: of whole passages, of their units and of their word pieces; what is known already is not embedded again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from askjapan.encoder import Encoder, TokenEncoder, Vectors
from askjapan.late_interaction import Codes, TokenCodes, project, to_codes
from askjapan.records import Passage

Progress = Callable[[str, int, int], None]
"""Called with the stage ("reading" or "embedding"), how many are done, and how many there are."""
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
        "units": [unit.text for passage in passages for unit in passage.units],
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
            batch = encoder.encode_tokens(wanted[name], tell)
            vectors.update(zip(wanted[name], batch.pooled, strict=True))
            tokens.update(zip(wanted[name], np.split(to_codes(project(batch.rows)), np.cumsum(batch.counts)[:-1]), strict=True))
        elif wanted[name]:
            vectors.update(zip(wanted[name], model.encode(wanted[name], tell), strict=True))
        rows = texts[name.removesuffix(MULTILINGUAL)]
        sets[name] = np.stack([vectors[text] for text in rows]) if rows else np.zeros((0, model.dimension), dtype=np.float32)
    fresh = set(wanted["passages"])
    embedded = sum(text in fresh for text in texts["passages"])
    parts = [tokens[text] for text in texts["passages"]]
    offsets = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
    codes = np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.int8)
    return Embedded(sets, TokenCodes(codes, offsets), embedded, len(passages) - embedded)


def _missing(texts: Sequence[str], known: Known, name: str) -> list[str]:
    there = known.sets.get(name, {})
    return [text for text in dict.fromkeys(texts) if text not in there or (name == "passages" and text not in known.tokens)]
