"""Passages → vectors, for a build: one pass of each encoder a passage; what is known already is not embedded again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from askjapan.index.encoder import Encoder, Vectors
from askjapan.records import Passage

Progress = Callable[[str, int, int], None]
"""Called with the stage ("reading", "recognising" for pages read by OCR, or "embedding"), how many are done, and how many there are."""
MULTILINGUAL = "-multilingual"
Known = Mapping[str, Mapping[str, Vectors]]
"""Vectors of an earlier build, by name of the set and by the text that they stand for; sets of another model are left out."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors by name of the set (rows in the order of passages), and how many passages were new or known."""

    sets: Mapping[str, Vectors]
    embedded: int
    reused: int


def in_context(passage: Passage, encoder: Encoder) -> str:
    """What of a passage is embedded: for a footnote also the sentence that it hangs on, where the encoder has room for both."""
    whole = f"{passage.context} {passage.text}"
    return whole if passage.context and encoder.count_pieces(whole) <= encoder.limit else passage.text


def embed(
    passages: Sequence[Passage], encoder: Encoder, multilingual: Encoder | None, known: Known, progress: Progress
) -> Embedded:
    """Embed what is not known yet.

    Args:
        passages: in the order of the index.
        encoder, multilingual: the models; the multilingual one may be missing.
        known: vectors of an earlier build.
        progress: told the stage "embedding", how many texts are done and how many there are.
    """
    texts = [in_context(passage, encoder) for passage in passages]
    jobs: list[tuple[str, Encoder]] = [("passages", encoder)]
    if multilingual is not None:
        jobs.append((f"passages{MULTILINGUAL}", multilingual))
    wanted = {name: [text for text in dict.fromkeys(texts) if text not in known.get(name, {})] for name, _ in jobs}
    total, done = sum(map(len, wanted.values())), 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        progress("embedding", done, total)

    progress("embedding", 0, total)
    sets: dict[str, Vectors] = {}
    for name, model in jobs:
        vectors = dict(known.get(name, {}))
        if wanted[name]:
            vectors.update(zip(wanted[name], model.encode(wanted[name], tell), strict=True))
        sets[name] = np.stack([vectors[text] for text in texts]) if texts else np.zeros((0, model.dimension), dtype=np.float32)
    fresh = set(wanted["passages"])
    embedded = sum(text in fresh for text in texts)
    return Embedded(sets, embedded, len(passages) - embedded)
