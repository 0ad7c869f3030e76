"""Compares a question with the tables that its best passages lead to, in each wording in which they may answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from askjapan.answering.candidates import word_weights
from askjapan.answering.plans.search import Search
from askjapan.answering.plans.tables.asking.wanted import Wanted, is_soft, wanted
from askjapan.answering.plans.tables.foreign_heads import compared_across, weights_of, worded
from askjapan.answering.plans.tables.heads import Heads
from askjapan.answering.plans.tables.heads import compared as compared_with
from askjapan.answering.plans.tables.whole.cells import Table, wording
from askjapan.answering.plans.tables.whole.gathered import tables_of
from askjapan.answering.question import read_question
from askjapan.language.scripts import is_foreign
from askjapan.retrieval.alignment import content_words
from askjapan.retrieval.evidence import Evidence
from askjapan.retrieval.follow_up import Standalone


@dataclass(frozen=True, slots=True)
class Compared:
    """A table, what a question wants of it, the weights of the question's words, shape (words,), and these compared with the table."""

    table: Table
    asked: Wanted
    weights: Sequence[float]
    heads: Heads


@dataclass(frozen=True, slots=True)
class _Worded:
    """A question in one wording: what it wants, the weight of each of its words and of each of its terms."""

    asked: Wanted
    weights: Sequence[float]
    by_term: Mapping[str, float]
    is_of_tables: bool


def compared_tables(
    question: Standalone, search: Search, looked_at: int, most_tables: int, fits: Callable[[Wanted, Table], bool]
) -> Iterator[Compared]:
    """The first `most_tables` tables that fit a question, of those that the `looked_at` best passages lead to.

    Each is compared with it in the table's language if the question is known in it, then as it was asked. There are none for a question
    for reasons, which figures do not give.
    """
    evidence = search.evidence(question)
    known: dict[str, _Worded] = {}
    compared = 0
    for table in tables_of(evidence, search, looked_at):
        fitting = False
        for text in dict.fromkeys((wording(table.passage, evidence), evidence.question)):
            if text not in known:
                known[text] = _worded(text, evidence, search)
            if known[text].is_of_tables and fits(known[text].asked, table):
                fitting = True
                if (one := _compared(known[text], table, search)).asked.words:
                    yield one
        compared += fitting
        if compared == most_tables:
            return


def is_told(question: Standalone, search: Search) -> bool:
    """Whether the question would be answered without a table, too."""
    _, judged = search.judged(question)
    return judged is not None and judged.confidence >= search.limit(judged)


def _worded(text: str, evidence: Evidence, search: Search) -> _Worded:
    read = read_question(text, search.corpus.frequency, search.corpus.passages, evidence.question)
    asked = wanted(text, evidence.question)
    by_word = dict(zip(content_words(text), word_weights(read).tolist(), strict=True)) if not is_foreign(text) else {}
    weights = [0.0 if is_soft(text[slice(*word)]) else by_word.get(word, 0.0) for word in asked.words]
    usual = sum(weights) / max(1, sum(weight > 0 for weight in weights))
    # A common word that the corpus hardly has is the asker's own; a name that it hardly has is what is asked about.
    weights = [
        weight if text[start].isupper() else min(weight, usual) for weight, (start, _) in zip(weights, asked.words, strict=True)
    ]
    return _Worded(asked, weights, read.weights, "cause" not in read.kinds)


def _compared(question: _Worded, table: Table, search: Search) -> Compared:
    asked = question.asked
    if is_foreign(asked.text):
        asked = worded(asked, table)
        return Compared(table, asked, weights_of(asked, question.by_term), compared_across(asked, table, search))
    if is_foreign(table.passage.text):
        return Compared(table, asked, question.weights, compared_across(asked, table, search))
    return Compared(table, asked, question.weights, compared_with(asked.text, asked.words, table, search.retriever))
