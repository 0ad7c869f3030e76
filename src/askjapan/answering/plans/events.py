"""Answers questions for a date with the sentences that name it in any notation, and questions for what came next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from askjapan.answering.compose import refusal
from askjapan.answering.messages import framing
from askjapan.answering.plans.search import Search
from askjapan.answering.plans.works.named import words_asked
from askjapan.answering.question import NAME
from askjapan.answering.quoting.quotations import Quotation, merged, ordered, quotation_of, quoted
from askjapan.language.dates import MONTHS, Date, dates_in
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import terms
from askjapan.records import Answer, Passage, Sentence
from askjapan.retrieval.follow_up import Standalone
from askjapan.sayings import Saying

MOST = 5


def answer(question: Standalone, search: Search) -> Answer | None:
    """At most `MOST` sentences that name the date of a question.

    The result is None where the question has no date or several, or no sentence names it in a passage with another word of the question.
    """
    asked = dates_in(question.question)
    if len(asked) != 1:
        return None
    language = question.language
    works = {work.id: work for work in search.works}
    dated = [(passage, number) for passage, number in _naming(asked[0], search) if passage.document_id in works]
    if not dated:
        return None
    subject = _subject(question.question, asked[0])
    order = sorted(
        dated, key=lambda place: (-len(subject & set(terms(f"{place[0].section} {place[0].text}"))), _cited_only(*place))
    )
    kept = order[:MOST] if subject or len(dated) > MOST else dated
    if subject and not subject & set(terms(f"{kept[0][0].section} {kept[0][0].text}")):
        return None
    # What is in the question's own language stands first.
    kept = sorted(kept, key=lambda place: is_foreign(place[0].text) != question.is_foreign)
    chosen = ordered(
        merged(
            [quotation_of(search.hit(passage), number, rank, search.corpus.before) for rank, (passage, number) in enumerate(kept)]
        )
    )
    sentences = quoted(chosen, search.corpus.text_of)
    if not sentences:
        return None
    told = (
        (
            framing(
                Saying.of("dates_found", count=len(dated), date=_written(question.question, asked[0]), shown=len(kept)), language
            ),
        )
        if len(dated) > len(kept)
        else ()
    )
    return Answer(
        question=question.message,
        standalone_question=question.said,
        answered=True,
        reason="",
        confidence=1.0,
        sentences=(*told, *sentences),
        hits=tuple(replace(one.hit, rank=rank) for rank, one in enumerate(_once(chosen), 1)),
        index_fingerprint=search.corpus.fingerprint,
        kind="event",
    )


def _once(chosen: list[Quotation]) -> list[Quotation]:
    return list({one.hit.passage.id: one for one in reversed(chosen)}.values())[::-1]


def _naming(date: Date, search: Search) -> Iterator[tuple[Passage, int]]:
    """The sentences, outside of references, with a date inside the one asked for, in the order of the index."""
    for passage in search.index.passages:
        if passage.kind == "reference" or (str(date.year) not in passage.text and passage.text.isascii()):
            continue
        for number, unit in enumerate(passage.units):
            if unit.kind == "sentence" and any(named.within(date) for named in dates_in(unit.text)):
                yield passage, number


def _cited_only(passage: Passage, number: int) -> int:
    """1 for a sentence of a footnote or with a year in brackets, as in a reference; else 0."""
    return int(passage.kind == "footnote" or bool(re.search(r"\([^()]*\b(?:19|20)\d\d[a-z]?\)", passage.units[number].text)))


def _subject(text: str, date: Date) -> set[str]:
    """The terms of a question other than its date."""
    rest = f"{text[: date.start]} {text[date.end :]}"
    return {term for word in words_asked(rest) if word.lower() not in MONTHS for term in terms(word) if not term.isdigit()}


def _written(text: str, date: Date) -> str:
    return text[date.start : date.end]


def continued(question: Standalone, before: Answer, search: Search) -> Answer:
    """Quotes that follow those of the previous answer: the next later date in the same work, else the next sentences; or a refusal."""
    language = question.language
    last = next((sentence for sentence in reversed(before.sentences) if sentence.kind == "quote"), None)
    following = _later(last, before, search) if last else []
    told = Saying.of("next_time")
    if last and not following:
        following, told = _behind(last, search), Saying.of("next_text")
    sentences = quoted(merged(following), search.corpus.text_of)
    if not sentences:
        return refusal(question, before.hits, 0.0, Saying.of("nothing"), search.corpus)
    return Answer(
        question=question.message,
        standalone_question=question.said,
        answered=True,
        reason="",
        confidence=before.confidence,
        sentences=(framing(told, language), *sentences),
        hits=tuple(replace(one.hit, rank=rank) for rank, one in enumerate(_once(following), 1)),
        index_fingerprint=search.corpus.fingerprint,
        kind="event",
    )


def _later(last: Sentence, before: Answer, search: Search) -> list[Quotation]:
    """The unit of the quoted work with the next later date and a name of the quote, or a term if it has no names; empty where there is none."""
    dates = [date for sentence in before.sentences if sentence.kind == "quote" for date in dates_in(sentence.text)]
    if not dates or last.citations[-1].unit != "sentence":
        return []
    now = max((date.year, date.month, date.day) for date in dates_in(last.text) or dates)
    named = {term for match in NAME.finditer(last.text) for term in terms(match.group())} or set(terms(last.text))
    later: list[tuple[tuple[int, int, int], Passage, int]] = []
    for passage in search.index.passages_of(last.citations[0].document_id):
        if passage.kind not in ("prose", "list"):
            continue
        for number, unit in enumerate(passage.units):
            then = min(((d.year, d.month, d.day) for d in dates_in(unit.text)), default=None)
            if then and then > now and named & set(terms(unit.text)):
                later.append((then, passage, number))
    # What the question asks about goes on where most of its words stand again, not where one name does.
    asked = {term for word in words_asked(before.standalone_question) for term in terms(word) if not term.isdigit()}
    held = [len(asked & set(terms(passage.units[number].text))) for _, passage, number in later]
    best = max(held, default=0)
    later = [one for one, count in zip(later, held, strict=True) if count == best]
    later.sort(key=lambda one: one[0])
    return [quotation_of(search.hit(passage), number, 0, search.corpus.before) for _, passage, number in later[:1]]


def _behind(last: Sentence, search: Search) -> list[Quotation]:
    """At most two sentences after the last quoted one, from its passage and the next two of the document."""
    citation = last.citations[-1]
    row = search.index.numbers.get(citation.passage_id)
    if row is None:
        return []
    passage = search.index.passages[row]
    base = next((page.start for page in search.index.documents[passage.document_id].pages if page.number == citation.page), 0)
    end = citation.end + (base if citation.offsets == "page" else 0)
    following: list[tuple[Passage, int]] = []
    for other in search.index.passages[row : row + 3]:
        if other.document_id == passage.document_id and other.kind in ("prose", "list"):
            following += [(other, n) for n, unit in enumerate(other.units) if unit.kind == "sentence" and unit.start >= end]
    return [Quotation(((search.hit(other), number),), rank) for rank, (other, number) in enumerate(following[:2])]
