"""Answers a question that tells several works by author or subject: each is asked by itself, and has its quotes under its own heading."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from askjapan.answering.messages import framing
from askjapan.answering.plans.overview import heading_of
from askjapan.answering.plans.parts import together
from askjapan.answering.plans.search import Search
from askjapan.answering.plans.works.named import family_of, subjects_in, without_authors, without_subjects, works_of_authors
from askjapan.language.terms import fold
from askjapan.records import Answer, Document
from askjapan.retrieval.follow_up import Standalone
from askjapan.sayings import Saying

MOST_WORKS = 4
_BETWEEN = r"\s*(?:,|、|と|や|\band\b|\bor\b|\bwith\b|\bfrom\b|\bto\b|\bthan\b|\bversus\b|\bvs\.?)\s*"


def answer(question: Standalone, search: Search, ask: Callable[[Standalone, Search], Answer]) -> Answer | None:
    """The answers of the works that a question tells, one behind the other; None where it tells no two, or none of them answers.

    Args:
        question: the standalone question.
        search: the search of all works.
        ask: answers a question, here without what tells the works, from a search of one of them.
    """
    named = by_author(question.question, search.works)
    subjects = [] if len(named) > 1 else subjects_in(question.question, search.works)
    if len(named) < 2:
        named = list({subject.works[0].id: subject.works for subject in subjects}.values())
    if not 1 < len(named) <= MOST_WORKS:
        return None
    if subjects:
        asked, headings = without_subjects(question.question, subjects), [heading_of(works[0]) for works in named]
    else:
        asked, headings = _without_names(question.question, named), [works[0].authors[0] for works in named]
    answers = [ask(question.asking(asked), search.within(works)) for works in named]
    if not any(one.answered for one in answers):
        return None
    nothing = framing(Saying.of("not_in_this_work", question=question.said), question.language)
    shown = [one if one.answered else replace(one, answered=True, confidence=1.0, sentences=(nothing,)) for one in answers]
    made = together(question, headings, shown)
    return replace(made, kind="comparison", short="", short_markers=())


def by_author(question: str, works: Sequence[Document]) -> list[tuple[Document, ...]]:
    """The works of each author that a question names, in its order; a work and its study note are the works of one."""
    named: dict[tuple[str, ...], list[Document]] = {}
    for work in works_of_authors(question, works):
        named.setdefault(work.authors, []).append(work)
    folded = fold(question)
    # -1, for a name that does not stand there, becomes the last place.
    of_each = [tuple(works) for works in named.values()]
    return sorted(of_each, key=lambda works: min(folded.find(fold(name)) % len(f"{folded} ") for name in _names(works)))


def _names(works: Sequence[Document]) -> list[str]:
    """The names of works' authors, in whole, by their last word and in Japanese by their first two characters, the longest first."""
    names = {
        name
        for work in works
        for author in work.authors
        for name in (author, family_of(author), author if author.isascii() else author[:2])
    }
    return sorted(names, key=len, reverse=True)


def _without_names(question: str, named: Sequence[Sequence[Document]]) -> str:
    """A question without the authors' names and what joins them: "How do Ota and Ames explain it?" asks "How do explain it?"."""
    names = "|".join(re.escape(name) for name in _names([work for works in named for work in works]))
    joined = rf"(?:{names})(?:['’]s?)?"
    question = re.sub(rf"{joined}{_BETWEEN}(?={joined})", "", question, flags=re.IGNORECASE)
    return without_authors(question, [work for works in named for work in works])
