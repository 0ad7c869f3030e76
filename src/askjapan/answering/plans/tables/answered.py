"""Makes the answer of table rows: each with caption and header, and above them what was computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from askjapan.answering.candidates import frame_of
from askjapan.answering.plans.search import Search
from askjapan.answering.plans.tables.whole.cells import Row
from askjapan.answering.quoting.quotations import Quotation, quoted
from askjapan.records import Answer
from askjapan.retrieval.follow_up import Standalone


def answered(question: Standalone, rows: Sequence[Row], short: str, search: Search) -> Answer | None:
    """The answer that quotes rows, each once; None where none can be cited.

    Its confidence is at least the threshold: what the question names stands in the table, word by word.
    """
    once = {(row.hit.passage.id, row.number): row for row in rows}
    chosen = [
        Quotation(((row.hit, row.number),), rank, frame_of(row.hit.passage, row.number)) for rank, row in enumerate(once.values())
    ]
    sentences = quoted(chosen, search.corpus.text_of)
    if not sentences:
        return None
    plain = search.plain(question)
    return replace(
        plain,
        answered=True,
        reason="",
        saying=None,
        confidence=plain.confidence if plain.answered else round(max(plain.confidence, _least(question, search)), 4),
        sentences=sentences,
        short=short,
        short_markers=tuple(range(1, len(sentences) + 1)) if short else (),
        kind="fact",
    )


def _least(question: Standalone, search: Search) -> float:
    _, judged = search.judged(question)
    return search.limit(judged) if judged else 0.0
