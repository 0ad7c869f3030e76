"""Passages → vectors, for a build: one pass of each encoder a passage; what is known already is not embedded again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from askjapan.index.encoders.encoder import Encoder, Vectors
from askjapan.index.encoders.workers import in_order
from askjapan.records import Passage

Progress = Callable[[str, int, int], None]
"""Called with the stage ("reading", "recognising" for pages read by OCR, "embedding" or "uploading"), the number done, and that of all."""
PASSAGE_VECTORS, MULTILINGUAL_VECTORS = "passages", "passages-multilingual"
"""The names of the two sets of vectors of an index: of its passages by the English encoder, and by the multilingual one."""
SLICE = 256
"""Most texts that are embedded between two reports of progress; of few texts it is a tenth."""
Known = Mapping[str, Mapping[str, Vectors]]
"""Vectors of an earlier build, by name of the set and by the text that they stand for; sets of another model are left out."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors by name of the set (rows in the order of passages), and how many passages were new or known."""

    sets: Mapping[str, Vectors]
    embedded: int
    reused: int


def in_context(passage: Passage, encoder: Encoder) -> str:
    """Text of a passage that is embedded: for a footnote also the sentence that refers to it, if the encoder's limit allows both."""
    whole = f"{passage.context} {passage.text}"
    return whole if passage.context and encoder.count_pieces(whole) <= encoder.limit else passage.text


def embed(
    passages: Sequence[Passage],
    encoder: Encoder,
    multilingual: Encoder | None,
    known: Known,
    progress: Progress,
    executor: Executor | None = None,
) -> Embedded:
    """Embed what is not known yet.

    Args:
        passages: in the order of the index.
        encoder, multilingual: the models; the multilingual one may be missing.
        known: vectors of an earlier build.
        progress: told the stage "embedding", how many texts are done and how many there are.
        executor: whose workers embed; without one this process does, with both models side by side.
    """
    texts = [in_context(passage, encoder) for passage in passages]
    models: dict[str, Encoder] = {PASSAGE_VECTORS: encoder}
    if multilingual is not None:
        models[MULTILINGUAL_VECTORS] = multilingual
    vectors = {name: dict(known.get(name, {})) for name in models}
    wanted = [text for text in dict.fromkeys(texts) if any(text not in known for known in vectors.values())]
    progress("embedding", 0, len(wanted))
    done = 0
    for some, made in _made(models, vectors, wanted, executor):
        for name, rows in made.items():
            vectors[name].update(rows)
        done += len(some)
        progress("embedding", done, len(wanted))
    sets = {
        name: np.stack([vectors[name][text] for text in texts]) if texts else np.zeros((0, model.dimension), dtype=np.float32)
        for name, model in models.items()
    }
    fresh = set(wanted)
    embedded = sum(text in fresh for text in texts)
    return Embedded(sets, embedded, len(passages) - embedded)


def _made(
    models: Mapping[str, Encoder], known: Known, wanted: Sequence[str], executor: Executor | None
) -> Iterator[tuple[list[str], dict[str, Mapping[str, Vectors]]]]:
    """Slices of the texts with what each model makes of those that it does not know."""
    slices = list(_slices(wanted))
    jobs = [{name: [text for text in some if text not in known[name]] for name in models} for some in slices]
    if executor:
        calls = [(models[name], job[name]) for job in jobs for name in models]
        results = in_order(executor, encoded, calls)
        for some in slices:
            # Both take a slice before the next, so that the time for what is left can be told from what is done.
            yield some, {name: next(results) for name in models}
        return
    # The second model works beside the first, in a thread that a short slice ends soon when the build is broken off.
    with ThreadPoolExecutor(1) as beside:
        for some, job in zip(slices, jobs, strict=True):
            others = {name: beside.submit(encoded, models[name], job[name]) for name in models if name != PASSAGE_VECTORS}
            first = encoded(models[PASSAGE_VECTORS], job[PASSAGE_VECTORS])
            yield some, {PASSAGE_VECTORS: first} | {name: rows.result() for name, rows in others.items()}


def encoded(encoder: Encoder, texts: Sequence[str]) -> dict[str, Vectors]:
    """The vectors of some texts, by text."""
    return dict(zip(texts, encoder.encode(texts), strict=True)) if texts else {}


def _slices(texts: Sequence[str]) -> Iterator[list[str]]:
    """Parts of the texts of which each has long and short ones in the same mixture, and so takes the same time."""
    count = max(-(-len(texts) // SLICE), min(10, len(texts)))
    order = sorted(texts, key=len)
    yield from (order[start::count] for start in range(count))
