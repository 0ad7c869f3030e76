"""Answers when a text was written or published from the catalogue, where the question before it, or the library, leaves one work."""

from __future__ import annotations

import re

from askjapan.answering.plans.search import Search
from askjapan.answering.plans.works.library import about, catalogued, works_of_passages
from askjapan.answering.plans.works.named import groups, named_works, without_asking, words_asked
from askjapan.language.scripts import is_foreign
from askjapan.language.wordings import wordings
from askjapan.records import Answer, Document
from askjapan.retrieval.follow_up import Standalone

_EN, _JA = wordings("work_years", "en"), wordings("work_years", "ja")
_WHEN = re.compile(rf"\b(?:{_EN['when']})\b|{_JA['when']}", re.IGNORECASE)
_MADE = re.compile(rf"\b(?:{_EN['made']})\b|{_JA['made']}", re.IGNORECASE)
_AGE = re.compile(rf"\b(?:{_EN['age']})\b|{_JA['age']}", re.IGNORECASE)
"""What is asked of anything, and of a text only where the question calls it one: "How old is this report?"."""
_TEXTS, _TEXTS_JA = wordings("library", "en")["texts"], wordings("library", "ja")["texts"]
_MEANT = re.compile(rf"\b(?:it|(?:this|that|the)\s+(?:{_TEXTS}))\b", re.IGNORECASE)
_MEANT_JA = re.compile(rf"それ|これ|(?:この|その)(?:{_TEXTS_JA})")
_REST_JA = re.compile(r"[ァ-ヴー一-鿿]")


def asks_for_year(message: str) -> bool:
    """Whether a message asks when a text was written or published, and says nothing else of it."""
    if not _WHEN.search(message) or not (_MADE.search(message) or (_AGE.search(message) and "text" in groups(message))):
        return False
    if is_foreign(message):
        plain = _AGE.sub(" ", _MADE.sub(" ", _WHEN.sub(" ", message)))
        return not _REST_JA.search(without_asking(plain))
    return not words_asked(_AGE.sub(" ", _MADE.sub(" ", message)))


def with_title(message: str, title: str) -> str:
    """A message with a title in place of what stands for it: "When was “Title” published?"."""
    if is_foreign(message):
        return _MEANT_JA.sub(f"『{title}』", message, count=1) if _MEANT_JA.search(message) else f"『{title}』は{message}"
    return _MEANT.sub(f"“{title}”", message, count=1)


def answer(question: Standalone, search: Search) -> Answer | None:
    """The catalogue's line on the work that is meant, its year first; None where another thing is asked for, or it is not one work."""
    if not asks_for_year(question.message):
        return None
    work = _meant(question, search)
    return catalogued(question, [work], str(work.year or ""), search) if work else None


def _meant(question: Standalone, search: Search) -> Document | None:
    """The work that the question has by its title, or that the question before names or is about; without one, the only work there is."""
    works = search.works
    titled = [work for work in works if f"“{work.title}”" in question.question or f"『{work.title}』" in question.question]
    if titled or not question.topic:
        return (titled or works)[0] if len(titled or works) == 1 else None
    before = " ".join(question.topic)
    named = named_works(before, works)
    if not named and "text" in groups(before):
        named = about(before, works)
    if not named and "text" in groups(f"{question.message} {before}"):
        named = works_of_passages(question.asking(before), search)
    return named[0] if len(named) == 1 else None
