"""Works that a question names: by an author, the title, the year, or what the text is on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import get_args

from askjapan.answering.plans.search import Search
from askjapan.language.glossary import gloss
from askjapan.language.question_kinds import asking_words, is_asking
from askjapan.language.scripts import Language
from askjapan.language.terms import STOP_WORDS, fold, terms, without_possessive
from askjapan.language.wordings import wordings
from askjapan.records import SECTION_JOINER, Document, Passage
from askjapan.retrieval.follow_up import Standalone

_SHORTEST = 4
_EN, _JA = wordings("overview", "en"), wordings("overview", "ja")
_CONCLUSION = re.compile(rf"\b(?:{_EN['conclusion']})\b|{_JA['conclusion']}", re.IGNORECASE)
_TEXTS, _TEXTS_JA = (wordings("library", language)["texts"] for language in get_args(Language))
_TEXT_WORDS = frozenset(_TEXTS.split("|"))
_SORTS = frozenset(wordings("library", "en")["sorts"].split("|"))
_ARTICLES, _ON = frozenset({"the", "this", "that"}), frozenset({"on", "about", "of", "regarding", "concerning"})
_LEADS = ("according to", "as described in", "in")
_NAME_LETTERS = 3
LEAST_BEHIND = 2
"""Least terms of a title behind a text's "on", where the question goes on after them."""
_HAN_NAME = re.compile(r"[一-鿿]{2}")


def family_names(work: Document) -> set[str]:
    """The folded family names of a work's authors."""
    return {fold(family_of(author)) for author in work.authors if author.strip()}


def family_of(author: str) -> str:
    """The last word of an author's name."""
    return re.split(r"[\s,]+", author.strip())[-1]


def _is_named(author: str, question: str) -> bool:
    """Whether a question holds the first two characters of a Japanese author's name, taken as the family name."""
    return bool(_HAN_NAME.match(author)) and author[:2] in question


def words_asked(question: str) -> list[str]:
    """The words of a question, or of its English gloss, without question words and stop words."""
    if question.isascii() or not (glossed := gloss(question)):
        return [
            word
            for word in re.findall(r"[^\W_]+(?:[’'-][^\W_]+)*", question)
            if not is_asking(word) and word.lower() not in STOP_WORDS
        ]
    return [word for word in glossed.text.split() if not is_asking(word) and word.lower() not in STOP_WORDS]


def named_works(question: str, works: Sequence[Document]) -> list[Document]:
    """The works that a question names by an author's family name, or else by their title up to a colon, or by a text's year."""
    if by_author := works_of_authors(question, works):
        return by_author
    folded = fold(question)
    by_title = [work for work in works if len(work.title) > _SHORTEST and fold(work.title.split(":")[0]) in folded]
    return by_title or [work for work in works if work.year and _of_year(work.year).search(question)]


def works_of_authors(question: str, works: Sequence[Document]) -> list[Document]:
    """The works of which a question names an author by the family name."""
    asked = {without_possessive(fold(word)) for word in words_asked(question)}
    asked |= {without_possessive(fold(word)) for word in re.findall(r"[^\W\d_]+(?:[’']s)?", question)}
    return [work for work in works if family_names(work) & asked or any(_is_named(author, question) for author in work.authors)]


@cache
def _of_year(year: int) -> re.Pattern[str]:
    """Pattern of the year by which a text is told: "the report of 2004", "her 2004 paper", 2004年の論文."""
    return re.compile(
        rf"\b{year}\s+(?=(?:\w+\s+)?(?:{_TEXTS})\b)|\b(?P<text>{_TEXTS})\s+(?:of|from|published\s+in)\s+{year}\b|"
        rf"(?<!\d){year}年の(?=(?:{_TEXTS_JA}))",
        re.IGNORECASE,
    )


def titled(question: str, works: Sequence[Document]) -> list[Document]:
    """The one work whose title has a name in Japanese that a question about a text has, where no other title has it; else none."""
    if question.isascii() or "text" not in groups(question):
        return []
    plain = without_asking(question)
    for run in sorted(re.findall(rf"[ァ-ヴー一-鿿]{{{_NAME_LETTERS},}}", plain), key=len, reverse=True):
        if len(held := [work for work in works if run in work.title]) == 1:
            return held
    return []


def concluding(question: str, work: Document, search: Search) -> list[Passage]:
    """The passages of a work's section headed as its conclusion, where a question asks for that; none in a study note, whose summary has it."""
    headed = [p for p in search.passages_of(work) if _CONCLUSION.search(p.section.rsplit(SECTION_JOINER, 1)[-1])]
    return [p for p in headed if p.section == headed[-1].section] if _CONCLUSION.search(question) else []


def without_authors(question: str, works: Sequence[Document]) -> str:
    """A question without the names of the works' authors and the years that tell the works, which their own sentences do not contain."""
    for work in works:
        if work.year:
            question = _of_year(work.year).sub(lambda match: match.group("text") or "", question)
        for author in work.authors:
            family = family_of(author)
            name = rf"(?:(?:{re.escape(author)}|(?:\w+\.? )?\b{re.escape(family)}))(?:['’]s?)?"
            asked = rf",?\s*\b(?:according to|in the (?:view|opinion|words) of|as seen by|by)\s+{name},?"
            says = (
                rf"\b(?:does|do|did)\s+{name}\s+(?:say|give|argue|mention|name|list|see|think|find|claim|make|propose|write)s?\b"
            )
            for pattern in (asked, says, rf"\b{re.escape(author)}(?:['’]s?)?", rf"\b{re.escape(family)}(?:['’]s?)?"):
                question = re.sub(pattern, "", question, flags=re.IGNORECASE)
    return " ".join(question.split())


def within_named(question: Standalone, search: Search) -> tuple[Standalone, Search]:
    """The question without authors' names, and the search limited to the works that it names; both unchanged where it names none or all."""
    named = named_works(question.question, search.works)
    if not 0 < len(named) < len(search.works):
        return question, search
    asked, searched = (without_authors(text, named) for text in (question.question, question.searched))
    return replace(question, question=asked, searched=searched), search.within(named)


def groups(question: str) -> set[str]:
    """The groups of asking words that a question has words of."""
    if question.isascii():
        known = asking_words("en")
        return {known[word] for word in re.findall(r"[\w’'-]+", question.lower()) if word in known}
    return {group for word, group in asking_words("ja").items() if word in question}


def without_asking(text: str) -> str:
    """A Japanese question without its words of asking."""
    for word in sorted(asking_words("ja"), key=len, reverse=True):
        text = text.replace(word, " ")
    return text


def told_by_subject(question: str, works: Sequence[Document]) -> tuple[tuple[Document, ...], str] | None:
    """The one work, with its study note, that a question tells by its subject, and the question without that.

    "What does the report on cashew nuts propose?" asks "What does it propose?".

    None where it tells no work, or several.
    """
    told = subjects_in(question, works)
    return (told[0].works, without_subjects(question, told)) if len({one.works[0].id for one in told}) == 1 else None


@dataclass(frozen=True, slots=True)
class Subject:
    """The words of a question from `start` to `end` that tell a work by its subject; its study note, of the same title, is one with it."""

    works: tuple[Document, ...]
    start: int
    end: int


def subjects_in(question: str, works: Sequence[Document]) -> list[Subject]:
    """Where a question tells works by their subjects, in its order.

    The subject stands before the word for a text or behind its "on"; at least half of its words are in the work's title, and one of them in
    no other title.
    """
    words = list(re.finditer(r"[^\W_]+(?:[’'-][^\W_]+)*", question))
    places = [n for n, word in enumerate(words) if word.group().lower() in _TEXT_WORDS]
    subjects: list[Subject] = []
    if not places or len(works) < 2:
        return subjects
    titles: dict[str, list[Document]] = {}
    for work in works:
        titles.setdefault(work.title, []).append(work)
    held = {title: set(terms(title.replace("-", " "))) for title in titles}
    for place in places:
        article = next((n for n in range(place - 1, max(-1, place - 5), -1) if words[n].group().lower() in _ARTICLES), None)
        if article is None or (subjects and words[article].start() < subjects[-1].end):
            continue
        before = [match for match in words[article + 1 : place] if match.group().lower() not in _SORTS]
        behind = words[place + 2 : place + 10]
        if not (len(words) > place + 1 and words[place + 1].group().lower() in _ON):
            behind = []
        told = [(len(known), title, last) for title in titles for known, last in [_known(before, behind, title, held)] if known]
        best = [(title, last) for count, title, last in told if count == max(told, key=lambda one: one[0])[0]]
        if len(best) == 1:
            title, last = best[0]
            subjects.append(Subject(tuple(titles[title]), words[article].start(), (last or words[place]).end()))
    return subjects


def _known(
    before: Sequence[re.Match[str]], behind: Sequence[re.Match[str]], title: str, held: Mapping[str, set[str]]
) -> tuple[set[str], re.Match[str] | None]:
    """The terms of a subject that a title has, and the last word behind "on" that it has; none where most are not the title's own."""
    own, others = held[title], set().union(*(said for other, said in held.items() if other != title))
    stems = [(match, set(terms(match.group().replace("-", " ")))) for match in behind]
    last = max((n for n, (_, said) in enumerate(stems) if said & own), default=-1)
    subject = [set(terms(match.group().replace("-", " "))) for match in before] + [said for _, said in stems[: last + 1]]
    content = [said for said in subject if said]
    known = set().union(*(said & own for said in content))
    # After "the study on garment", "prices in Hanoi" may go on; after two words of the title hardly anything does.
    alone = last >= 0 and len(known) < LEAST_BEHIND and last + 1 < len(behind)
    if alone or not known - others or 2 * sum(bool(said & own) for said in content) < len(content):
        return set(), None
    return known, behind[last] if last >= 0 else None


def without_subjects(question: str, told: Sequence[Subject]) -> str:
    """A question with "it" for the works that it tells, or without "according to …"."""
    for subject in reversed(told):
        question = _without(question, subject.start, subject.end)
    return question


def _without(question: str, start: int, end: int) -> str:
    head, rest = question[:start].rstrip(), question[end:].lstrip()
    lead = next((lead for lead in _LEADS if f" {head.lower()}".endswith(f" {lead}")), "")
    words = [head.removesuffix(head[-len(lead) :]).rstrip(" ,"), rest.lstrip(" ,")] if lead else [head, "it", rest]
    said = " ".join(" ".join(words).split())
    return f"{said[:-2]}{said[-1]}" if said.endswith((" ?", " .")) else said
