"""Quotes → numbered sentences of a set's documents, and how well they agree with the annotators' choice."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from public_data import Query, Text, content

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts → unit vectors."""
Sentence = tuple[str, int]
"""A document's id and the number of a sentence in it, from 0; -1 is its title."""


def sentence_spans(text: Text) -> list[tuple[int, int]]:
    """Where each sentence stands in the document's file, white space at its end left out."""
    base = content(text).index(text.text, len(text.title))
    starts = [*text.sentence_starts, len(text.text)]
    return [(base + start, base + start + len(text.text[start:end].rstrip())) for start, end in pairwise(starts)]


def cited_sentences(quotes: Iterable[tuple[str, int, int]], texts: Mapping[str, Text]) -> set[Sentence]:
    """The sentences that quotes (document id, start and end in its file) stand for.

    A quote cites the sentences of which it covers at least half; if there is none, the one that it shares most with, or the title.
    """
    cited: set[Sentence] = set()
    for document, start, end in quotes:
        shared = [
            (min(end, stop) - max(start, begin), stop - begin, number)
            for number, (begin, stop) in enumerate(sentence_spans(texts[document]))
            if min(end, stop) > max(start, begin)
        ]
        half = {(document, number) for common, length, number in shared if 2 * common >= length}
        cited |= half or {(document, max(shared)[2] if shared else -1)}
    return cited


def agreement(cited: set[Sentence], wanted: set[Sentence]) -> tuple[float, float, float]:
    """Precision, recall and F1 of one question; 0 where nothing is cited."""
    both = len(cited & wanted)
    precision = both / len(cited) if cited else 0.0
    recall = both / len(wanted) if wanted else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0


def wanted_sentences(query: Query) -> list[set[Sentence]]:
    """Each annotator's sentences; annotators who chose none are left out."""
    chosen = [{(query.source, number) for number in answer["sentences"]} for answer in query.answers]
    return [sentences for sentences in chosen if sentences]


def best_agreement(query: Query, cited: set[Sentence]) -> tuple[float, float, float]:
    """Agreement with the annotator who agrees most, by F1: each annotator's answer is complete by itself."""
    return max((agreement(cited, wanted) for wanted in wanted_sentences(query)), key=lambda figures: figures[2])


def cited_figures(rows: Sequence[tuple[Query, set[Sentence]]]) -> dict[str, float]:
    """Means over the questions that were answered; `recall over all` counts the refused ones as 0.

    Args:
        rows: answerable questions with the sentences cited, none for a refusal.
    """
    rows = [(query, cited) for query, cited in rows if wanted_sentences(query)]
    scored = [(best_agreement(query, cited), len(cited)) for query, cited in rows if cited]
    if not scored:
        return dict.fromkeys(("precision", "recall", "F1", "sentences", "recall over all"), 0.0)
    precision, recall, f1 = (statistics.mean(figures[place] for figures, _ in scored) for place in range(3))
    return {
        "precision": precision,
        "recall": recall,
        "F1": f1,
        "sentences": statistics.mean(count for _, count in scored),
        "recall over all": recall * len(scored) / len(rows),
    }


def nearest_figures(queries: Iterable[Query], texts: Mapping[str, Text], count: int, encode: Encode) -> dict[str, float]:
    """What the sentences of the right document nearest to the question would give: a plain way to choose, told where to look."""
    rows = []
    for query in queries:
        text = texts[query.source]
        written = content(text)
        sentences = [written[start:end] for start, end in sentence_spans(text)]
        *vectors, question = encode([*sentences, query.text])
        order = sorted(range(len(sentences)), key=[-float(vector @ question) for vector in vectors].__getitem__)
        rows.append((query, {(query.source, number) for number in order[:count]}))
    return cited_figures(rows)


def whole_passage_figures(queries: Iterable[Query], texts: Mapping[str, Text]) -> dict[str, float]:
    """What citing every sentence of the right document would give: the floor for precision."""
    return cited_figures(
        [(query, {(query.source, n) for n in range(len(texts[query.source].sentence_starts))}) for query in queries]
    )
