"""Offers two to four more specific questions in place of an answer to a vague question."""

from __future__ import annotations

import re

from askjapan.answering.messages import say
from askjapan.answering.plans.overview import length_of
from askjapan.answering.plans.search import Search
from askjapan.answering.plans.works.library import about
from askjapan.answering.plans.works.named import words_asked
from askjapan.language.terms import terms
from askjapan.records import Answer, Document, Hit, Passage
from askjapan.retrieval.editions import FIRST
from askjapan.retrieval.follow_up import Standalone
from askjapan.sayings import Saying

LEAST, MOST = 2, 4
MOST_TERMS = 2
"""A question with more content terms than this number plus one is answered."""
_NUMBERING = re.compile(
    r"^(?:(?:chapter|section|part)\s+)?(?:[\dIVXivx]+(?:[.-]\d+)*[.)]?\s+)+|(?:(?<!\s)\s++)?\([^()]*+\)\s*+$", re.IGNORECASE
)


def answer(question: Standalone, search: Search) -> Answer | None:
    """Two to four questions that a vague question may mean.

    The result is None where the question has many content terms or a digit, or the corpus gives fewer than two such questions.
    """
    text, language = question.question, question.language
    wanted = {term for word in words_asked(text) for term in terms(word)}
    if not wanted or len(wanted) > MOST_TERMS + 1 or any(character.isdigit() for character in text):
        return None
    if not any(search.corpus.frequency(term) for term in wanted):
        return None
    readings: dict[str, None] = {}
    evidence = search.evidence(question)
    for work in about(text, search.works)[:1]:
        readings[say("reading_work", language, author=author_of(work))] = None
    per_work: dict[str, int] = {}
    for read in evidence.read:
        hit = read.hit
        heading = heading_of(hit, search, language)
        if heading and per_work.get(hit.document.id, 0) < 2 and wanted & set(terms(f"{hit.passage.section} {hit.passage.text}")):
            per_work[hit.document.id] = per_work.get(hit.document.id, 0) + 1
            readings[say("reading_section", language, author=author_of(hit.document), heading=heading)] = None
        if len(readings) == MOST:
            break
    if len(readings) < LEAST:
        return None
    reason = Saying.of("vague", question=question.message)
    return Answer(
        question=question.message,
        standalone_question=text,
        answered=False,
        reason=reason.said(language),
        confidence=0.0,
        sentences=(),
        hits=tuple(read.hit for read in evidence.read),
        index_fingerprint=search.corpus.fingerprint,
        kind="vague",
        readings=tuple(readings),
        explanation=(reason.said(language),),
        saying=reason,
    )


def author_of(work: Document) -> str:
    """The name of a work in a question to choose from: its first author, or its title."""
    return work.authors[0] if work.authors else work.title


def heading_of(hit: Hit, search: Search, language: str) -> str:
    """The heading of a passage without its number, in the question's language if the note has an edition in it; empty if it has no subject."""
    passage: Passage = hit.passage
    if language != FIRST and (parallels := search.retriever.editions.parallels(passage, language)):
        passage = parallels[0]
    path = passage.section.split(" › ")
    # Every study note has the same sections; what is below them names a subject.
    if hit.document.kind == "study note" and len(path) < 2:
        return ""
    heading = _NUMBERING.sub("", path[-1]).strip()
    return heading if 2 <= length_of(heading) <= 14 and len(heading) >= 4 else ""
