"""Corrects the spelling of a question, splits it into parts, and answers each by the plan of its kind, or by the plain plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from askjapan.answering.candidates import Candidate
from askjapan.answering.messages import framing, say
from askjapan.answering.plans import enumerations, events, overview, readings, sides
from askjapan.answering.plans.definitions import ACRONYM, defining, describing
from askjapan.answering.plans.parts import answered_by_parts, has_parts
from askjapan.answering.plans.search import HITS_READ, Search
from askjapan.answering.plans.tables import extremes, limited, lookup, meaning, picked
from askjapan.answering.plans.works import library, several, years
from askjapan.answering.plans.works.named import told_by_subject, within_named
from askjapan.answering.question import Asked
from askjapan.answering.short import yes_or_no
from askjapan.language.question_kinds import Kind, kind_model, kind_of
from askjapan.records import Answer
from askjapan.retrieval.follow_up import Standalone
from askjapan.retrieval.spelling import Spelling
from askjapan.retrieval.turns.completion import begins_with_verb
from askjapan.retrieval.turns.subject import without_opening
from askjapan.sayings import Saying

DECIDES = 1.5
"""Logits added to a sentence that says yes or no by itself."""
Plan = Callable[[Standalone, Search], Answer | None]
_OF_TABLES: tuple[Plan, ...] = (extremes.answer, picked.answer, limited.answer, lookup.answer, meaning.answer)


def _definition(question: Standalone, search: Search) -> Answer | None:
    return search.plain(question, "definition", defining)


def _person(question: Standalone, search: Search) -> Answer | None:
    return search.plain(question, "who", describing)


def _fact(question: Standalone, search: Search) -> Answer | None:
    if ranked := library.ranked(question, search):
        return ranked
    for of_table in _OF_TABLES:
        if computed := of_table(question, search):
            return computed
    prefer = defining if ACRONYM.search(question.question) else None
    # The name of an author stands in no sentence of his; the work that it names is the one to look in.
    asked, within = within_named(question, search)
    return within.plain(question, "fact", prefer, searched=asked)


def _decided(question: Standalone, search: Search) -> Answer | None:
    return _several_rows(question, search) or search.plain(question, "yesno", _deciding)


def _several_rows(question: Standalone, search: Search) -> Answer | None:
    """The table rows that answer several things at once, such as what a question compares, "Do trams or buses carry more people?"."""
    return meaning.answer(question, search, several=True)


def _deciding(question: Asked, candidate: Candidate) -> float:
    return DECIDES if yes_or_no(question, candidate) else 0.0


def _catalogued(question: Standalone, search: Search) -> Answer | None:
    if library.asks_for_content(question.question, search.works) and (shown := overview.answer(question, search)):
        return shown
    return library.answer(question, search)


PLANS: Mapping[Kind, Plan] = {
    "fact": _fact,
    "definition": _definition,
    "who": _person,
    "cause": enumerations.cause,
    "list": lambda question, search: (
        extremes.answer(question, search)
        or picked.answer(question, search)
        or limited.answer(question, search)
        or _several_rows(question, search)
        or enumerations.listing(question, search)
    ),
    "yesno": _decided,
    "comparison": lambda question, search: _several_rows(question, search) or sides.comparison(question, search),
    "overview": overview.answer,
    "library": _catalogued,
    "event": events.answer,
    "opinion": sides.opinion,
    "vague": readings.answer,
}
NOT_OF_FOLLOW_UPS = frozenset({"overview", "library", "event", "vague", "comparison"})
"""Kinds of question that a follow-up cannot be; one that looks like it is answered as a question for a fact."""

OF_WHOLE_WORKS = frozenset({"overview", "library", "vague"})
"""Kinds of question whose plans find the works that are meant themselves."""


def answer(question: Standalone, search: Search, spelling: Spelling) -> Answer:
    """The answer to a standalone question; errors as for `Retriever.retrieve`."""
    text, slips = spelling.corrected(question.question)
    asked = (
        replace(
            question,
            question=text,
            searched=spelling.corrected(question.searched)[0],
            shown=spelling.corrected(question.shown)[0],
        )
        if slips
        else question
    )
    # A follow-up holds the question before it, which is no part of what is asked.
    parts = None
    if not asked.follow_up and has_parts(asked.question):
        # "Which year was the worst, and how much was it?" asks for one row of a table.
        whole = extremes.answer(asked, search) or _several_rows(asked, search)
        parts = whole or answered_by_parts(asked, lambda part: _of_one(part, search))
    result = parts or _of_one(asked, search)
    if not result.answered and not result.readings and (search.themes or search.documents):
        result = _beyond_the_filter(result, asked, search)
    if not result.answered and question.otherwise and (again := answer(question.otherwise, search, spelling)).answered:
        return again
    if slips and not result.readings:
        result = _with_slips(result, asked, slips)
    return result


def _of_one(question: Standalone, search: Search) -> Answer:
    """The answer to one question by the plan of its kind; of the work that it tells by its subject, if that one answers."""
    if question.follow_up:
        return _by_kind(question, search, _kind_of_follow_up(question.message))
    kind = kind_of(question.question)
    if kind in OF_WHOLE_WORKS:
        return _by_kind(question, search, kind)
    if of_each := several.answer(question, search, lambda asked, within: within.plain(asked)):
        return of_each
    if told := told_by_subject(question.question, search.works):
        works, asked = told
        within = _by_kind(question.asking(asked), search.within(works), kind_of(asked))
        if within.answered:
            return replace(within, standalone_question=question.said)
    return _by_kind(question, search, kind)


def _by_kind(question: Standalone, search: Search, kind: Kind) -> Answer:
    result = years.answer(question, search) or PLANS[kind](question, search) or search.plain(question, "fact")
    named = kind if result.kind == "fact" and not result.answered else result.kind
    return replace(result, kind=named, explanation=(*_searched(question, search, kind), *result.explanation))


def _kind_of_follow_up(message: str) -> Kind:
    plain = without_opening(message)
    if begins_with_verb(plain):
        # "Has he met other mayors? Name one." begins with what the answer has to decide.
        return "yesno"
    kind = kind_of(plain)
    return "fact" if kind in NOT_OF_FOLLOW_UPS else kind


def _searched(question: Standalone, search: Search, kind: Kind) -> tuple[str, ...]:
    language = question.language
    probability = kind_model().probabilities(question.question)[kind]
    works = {work.id for work in search.works}
    passages = sum(count for id_, count in search.index.counts.items() if id_ in works)
    limited = say("explain_filter", language) if search.themes or search.documents else ""
    values: dict[str, str | int] = {
        "passages": passages,
        "works": len(works),
        "filter": limited,
        "question": question.question,
        "read": min(passages, HITS_READ),
    }
    return (
        say("explain_kind", language, kind=say(f"kind_{kind}", language), probability=f"{probability:.2f}"),
        say("explain_searched", language, **values),
    )


def _beyond_the_filter(refused: Answer, question: Standalone, search: Search) -> Answer:
    """A refusal under a filter, with the reason that works outside of the filter answer, if they do."""
    if not _of_one(question, search.everywhere()).answered:
        return refused
    reason = Saying.of("not_selected", question=question.said)
    return replace(refused, reason=reason.said(question.language), saying=reason)


def _with_slips(result: Answer, question: Standalone, slips: Mapping[str, str]) -> Answer:
    """The answer with a sentence on the misspelt words and what was searched for instead."""
    told = Saying.of("said_as", asked=tuple(slips), used=tuple(slips.values()))
    return replace(result, sentences=(framing(told, question.language), *result.sentences))
