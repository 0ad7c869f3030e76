"""Answers a question that names several works by their authors: each work is asked by itself, and has its quotes under its own heading."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from askjapan.answering.plans.parts import together
from askjapan.answering.plans.search import Search
from askjapan.answering.plans.works.named import named_works, without_authors
from askjapan.records import Answer, Document
from askjapan.retrieval.follow_up import Standalone

MOST_WORKS = 4
_BETWEEN = r"\s*(?:,|、|と|や|\band\b|\bor\b|\bwith\b|\bfrom\b|\bto\b|\bthan\b|\bversus\b|\bvs\.?)\s*"


def answer(question: Standalone, search: Search, ask: Callable[[Standalone, Search], Answer]) -> Answer | None:
    """The answers of the works that a question names, one behind the other; None where it names no two, or none of them answers.

    Args:
        question: the standalone question.
        search: the search of all works.
        ask: answers a question, here without the authors' names, from a search of one author's works.
    """
    named = by_author(question.question, search.works)
    if not 1 < len(named) <= MOST_WORKS:
        return None
    asked = _without_names(question.question, named)
    answers = [ask(question.asking(asked), search.within(works)) for works in named]
    if not any(one.answered for one in answers):
        return None
    made = together(question, [works[0].authors[0] for works in named], answers)
    return replace(made, kind="comparison", short="", short_markers=())


def by_author(question: str, works: Sequence[Document]) -> list[list[Document]]:
    """The works of each author that a question names, in the order of the index; a work and its study note are the works of one."""
    named: dict[tuple[str, ...], list[Document]] = {}
    for work in works:
        if work.authors and named_works(question, [replace(work, title="", year=None)]):
            named.setdefault(work.authors, []).append(work)
    return list(named.values())


def _without_names(question: str, named: Sequence[Sequence[Document]]) -> str:
    """A question without the authors' names and what joins them: "How do Ota and Ames explain it?" asks "How do explain it?"."""
    names = "|".join(
        re.escape(name)
        for works in named
        for author in works[0].authors
        for name in sorted(
            {author, re.split(r"[\s,]+", author.strip())[-1], author[:2] if not author.isascii() else author}, key=len
        )[::-1]
    )
    joined = rf"(?:{names})(?:['’]s?)?"
    question = re.sub(rf"{joined}{_BETWEEN}(?={joined})", "", question, flags=re.IGNORECASE)
    return without_authors(question, [work for works in named for work in works])
