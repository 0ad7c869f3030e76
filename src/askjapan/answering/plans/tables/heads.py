"""Compares the words of a question with a table's caption, its columns' names and its rows' words, by meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

import numpy as np

from askjapan.answering.plans.tables.whole.cells import Table
from askjapan.index.encoders.encoder import TokenVectors
from askjapan.language.terms import terms
from askjapan.retrieval.alignment import Floats
from askjapan.retrieval.retriever import Retriever

SAID = 1.0
"""Value of a word that a cell has in the same stem, whatever its cosine."""
WORDS_TOGETHER = 110
"""Words of rows that are encoded with a caption at a time, since the encoder reads 256 word pieces."""
AKIN = 0.8
"""Least value of a word that a cell has in another form: Kenyan and Kenya."""
AKIN_LETTERS = 5
SAME, SAME_VALUE, UNMET = 0.66, 0.8, 0.5
"""Cosine by the multilingual encoder from which a word and a name mean the same (Nepalese and Nepal, 契約額 and 成約額), the value of the
word then, and the value below which a word is compared so."""
NAME_MET = 0.7
"""Least value of a name that is met."""
MOST_NAMES = 200
"""Most names that are compared by the multilingual encoder, which takes a thousandth of a second for each."""
CAPTION_WORDS = 20
CELL_WORDS = 12
"""Words of a cell that are compared; what stands behind them is detail."""


@dataclass(frozen=True, slots=True)
class Heads:
    """How far each word of a question meets a table.

    `around`, shape (words,), has a word's best cosine with caption, section and title, `told` that with what the work says of the table where
    it refers to it; `columns`, shape (words, columns), and `rows`, shape
    (words, rows), that with each column's name and each row's words. `column_cover` and `row_cover`, shape (columns,) and (rows,), have the
    other direction: the mean, over the word pieces of a name, of their best cosine with a word of the question.
    """

    around: Floats
    told: Floats
    columns: Floats
    rows: Floats
    column_cover: Floats
    row_cover: Floats


def compared(question: str, words: Sequence[tuple[int, int]], table: Table, retriever: Retriever) -> Heads:
    """Compare words of a question, given as places in its text, with a table."""
    asked = retriever.tokens(question)
    vectors = _mean_vectors(asked, words)
    stems = [set(terms(question[start:end])) for start, end in words]
    title = table.rows[0].hit.document.title if table.rows else ""
    about = _short(f"{table.passage.section.split(' › ')[-1]}. {table.caption}", 40)
    texts = [[about, *(_short(name) for name in table.names)], [title]]
    texts += [[_short(table.caption, 20), *some] for some in _together([_short(row.words) for row in table.rows])]
    met: list[Floats] = []
    covers: list[float] = []
    for cells in texts:
        text = retriever.tokens("; ".join(cells))
        start = 0
        for cell in cells:
            one, cover = _cell(vectors, stems, text, start, cell)
            met.append(one)
            covers.append(cover)
            start += len(cell) + 2
    width = len(table.names)
    own, at = [], width + 2
    for cells in texts[2:]:
        own += list(range(at + 1, at + len(cells)))
        at += len(cells)
    shape = (len(words), 0)
    around = np.maximum(met[0], met[width + 1])
    told = [_cell(vectors, stems, retriever.tokens(text), 0, text)[0] for text in table.told]
    columns = np.stack(met[1 : width + 1], axis=1) if width else np.zeros(shape, dtype=np.float32)
    rows = np.stack([met[n] for n in own], axis=1) if own else np.zeros(shape, dtype=np.float32)
    # Taiwan is near to Singapore, but no name for it.
    named = [n for n, word in enumerate(words) if is_name(question, word)]
    for values in (around, *told, columns, rows):
        values[named] = np.where(values[named] >= NAME_MET, values[named], 0.0)
    every = np.max([around, *told, *columns.T, *rows.T], axis=0)
    written = [question[start:end] for start, end in words]
    add_same(written, every, parts_of(about), around[:, None], retriever)
    add_same(written, every, [_short(name) for name in table.names], columns, retriever)
    add_same(written, every, [_short(" ".join(dict.fromkeys(row.labels))) for row in table.rows], rows, retriever)
    return Heads(
        around,
        np.max([np.zeros_like(around), *told], axis=0),
        columns,
        rows,
        np.array(covers[1 : width + 1], dtype=np.float32),
        np.array([covers[n] for n in own], dtype=np.float32),
    )


def is_name(question: str, word: tuple[int, int]) -> bool:
    """Whether a word of a question is a name, by its capital."""
    return word[0] > 0 and question[word[0]].isupper()


def parts_of(text: str) -> list[str]:
    """The words of a caption, and each two of them in a row, by which a word in another writing is compared with it."""
    words = [word for word in text.split() if word.strip(".,;:()")][:CAPTION_WORDS]
    return list(dict.fromkeys([*words, *(" ".join(pair) for pair in pairwise(words))]))


def add_same(words: Sequence[str], met: Floats, names: Sequence[str], values: Floats, retriever: Retriever) -> None:
    """Raise the values, shape (words, names), of names that mean the same as a word which nothing has met, by `met`, shape (words,).

    Values of shape (words, 1) are those of all names together.
    """
    unmet = [n for n in range(len(words)) if met[n] < UNMET]
    if not unmet or not 0 < len(names) <= MOST_NAMES or retriever.multilingual is None:
        return
    known = retriever.vectors_of(tuple(names), multilingual=True)
    cosines = retriever.vectors_of(tuple(words[n] for n in unmet), multilingual=True) @ known.T
    same = np.where(cosines >= SAME, SAME_VALUE, 0.0)
    values[unmet] = np.maximum(values[unmet], same if values.shape[1] == len(names) else same.max(axis=1, keepdims=True))


def _mean_vectors(asked: TokenVectors, words: Sequence[tuple[int, int]]) -> Floats:
    """The mean vector of each word's pieces, shape (words, dimension)."""
    means = np.zeros((len(words), asked.vectors.shape[1]), dtype=np.float32)
    for number, word in enumerate(words):
        if (inside := asked.overlapping(*word)).any():
            means[number] = asked.vectors[inside].mean(axis=0)
    return means


def _cell(vectors: Floats, stems: Sequence[set[str]], text: TokenVectors, start: int, cell: str) -> tuple[Floats, float]:
    """A cell's best cosine with each word, shape (words,), and the mean best cosine of its own pieces with a word."""
    inside = text.overlapping(start, start + len(cell))
    if not cell or not inside.any() or not len(vectors):
        return np.zeros(len(vectors), dtype=np.float32), 0.0
    table = vectors @ text.vectors[inside].T
    own = set(terms(cell))
    met = table.max(axis=1)
    for number, stem in enumerate(stems):
        if stem & own:
            met[number] = SAID
        elif any(_akin(one, other) for one in stem for other in own):
            met[number] = max(met[number], AKIN)
    best = table.max(axis=0)
    starts, ends = text.starts[inside] - start, text.ends[inside] - start
    every = set().union(*stems)
    for n in range(len(best)):
        if set(terms(_around(cell, int(starts[n]), int(ends[n])))) & every:
            best[n] = max(best[n], SAID)
    return np.asarray(met, dtype=np.float32), float(best.mean())


def _akin(one: str, other: str) -> bool:
    """Whether two stems are the same but for an ending of up to three letters."""
    shorter, longer = sorted((one, other), key=len)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return same >= AKIN_LETTERS and same >= len(shorter) - 1 and len(longer) - same <= 3


def _around(text: str, start: int, end: int) -> str:
    """The whole word that a word piece stands in."""
    start, end = max(0, start), max(0, end)
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return text[start:end]


def _short(text: str, words: int = CELL_WORDS) -> str:
    return " ".join(text.split()[:words])


def _together(rows: Sequence[str]) -> Iterator[list[str]]:
    some: list[str] = []
    size = 0
    for row in rows:
        length = len(row.split()) + 1
        if some and size + length > WORDS_TOGETHER:
            yield some
            some, size = [], 0
        some.append(row)
        size += length
    if some:
        yield some
