"""Causes and lists: all items in the text's order, with the sentence that announces how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from askjapan.answering.candidates import Candidate
from askjapan.answering.compose import choose
from askjapan.answering.judgement import preferred
from askjapan.answering.plans.library import within_named, words_asked
from askjapan.answering.plans.overview import chosen_sentences, length_of
from askjapan.answering.plans.search import Search
from askjapan.answering.quoting.announcements import MOST_ITEMS, enumeration
from askjapan.answering.quoting.quotations import MOST_WORDS, Quotation, merged, ordered, quotation_of, quoted
from askjapan.language.question_kinds import Kind
from askjapan.language.terms import terms
from askjapan.language.words import count_words
from askjapan.records import SECTION_JOINER, Answer, Passage
from askjapan.retrieval.follow_up import Standalone

LOOKED_AT = 12
"""An announcement is looked for among so many of the best candidates."""
CLOSE = 3.0
"""It counts where its logit is at most so far below the best one's."""
ANNOUNCED = 0.33
"""An announced enumeration answers from this share of the threshold on: that the text counts what is asked for is a sign of its own."""
LEAST_KNOWN = 0.8
"""A section is what a question asks for where so much of the question's words stand in its heading, its text or its work's title."""


def cause(question: Standalone, search: Search) -> Answer | None:
    """The announced enumeration that answers a question for reasons, in order; None where the text has none near the best quotes."""
    return _enumerated(question, search, "cause")


def listing(question: Standalone, search: Search) -> Answer | None:
    """The announced enumeration, or the list, that answers; None where the text has none near the best quotes."""
    return _enumerated(question, search, "list")


def _enumerated(question: Standalone, search: Search, kind: Kind) -> Answer | None:
    asked, search = within_named(question, search)
    plain = replace(search.plain(asked, kind, max_quotes=5 if kind == "list" else None), standalone_question=question.question)
    _, judged = search.judged(asked)
    if judged is None or judged.confidence < ANNOUNCED * search.limit(judged):
        return plain
    section = _headed(asked.question, search)
    if section and kind == "list":
        return _with_section(plain, section, search)
    logits = preferred(judged)
    order = sorted(range(len(logits)), key=lambda number: -logits[number])[:LOOKED_AT]
    for number in order:
        if judged.candidates[number].answers is not None and logits[number] < logits[order[0]] - CLOSE:
            break
        items = enumeration(judged.candidates[number], search.corpus.around, items=True)
        if items:
            chosen = [judged.candidates[other] for other in choose(judged.candidates, logits, judged.model.quote, 2)]
            return _with_items(plain, items, chosen if plain.answered else [], search)
    return _with_section(plain, section, search) if section else plain


def _headed(question: str, search: Search) -> list[Passage]:
    """The passages of the section whose heading a question names, where the rest of the question stands in its work's title or in its text."""
    wanted = set(terms(question)) | set(terms(" ".join(words_asked(question))))
    content = {term for word in words_asked(question) for term in terms(word)}
    best: list[Passage] = []
    overlap = 0
    for work in search.works:
        title = set(terms(f"{work.title} {' '.join(work.themes)} {' '.join(work.authors)}"))
        for section in sections_of(search.passages_of(work)):
            heading = set(terms(section[0].section.rsplit(SECTION_JOINER, 1)[-1]))
            known = heading | title | set(terms(" ".join(passage.text for passage in section)))
            named = bool(heading - title) and heading <= wanted
            if named and len(content & known) >= LEAST_KNOWN * len(content) and len(heading & wanted) > overlap:
                best, overlap = section, len(heading & wanted)
    return best


def sections_of(passages: Sequence[Passage]) -> list[list[Passage]]:
    """The passages of prose of a work by section, those without a heading left out."""
    sections: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.section and passage.kind in ("prose", "list"):
            sections.setdefault(passage.section, []).append(passage)
    return list(sections.values())


def _with_section(plain: Answer, section: Sequence[Passage], search: Search) -> Answer:
    """The plain answer with a section in place of its quotes: whole where it is short, else what says most of it."""
    every = [
        quotation_of(search.hit(p), number) for p in section for number, unit in enumerate(p.units) if unit.kind == "sentence"
    ]
    whole = sum(length_of(unit.text) for one in every for unit in one.units[-1:]) <= MOST_WORDS + 10
    chosen = merged(every) if whole else chosen_sentences(section, search, MOST_ITEMS, MOST_WORDS)
    sentences = quoted(ordered(chosen), search.corpus.text_of)
    return replace(plain, answered=True, reason="", sentences=sentences, short="", short_markers=()) if sentences else plain


def _with_items(plain: Answer, items: Sequence[Quotation], chosen: Sequence[Candidate], search: Search) -> Answer:
    """The plain answer with the enumeration in place of its quotes, and of these the best that stands elsewhere."""
    more = [
        quotation_of(candidate.hit, candidate.number, rank, search.corpus.before)
        for rank, candidate in enumerate(chosen, len(items))
    ]
    words = sum(count_words(unit.text) for one in items for unit in one.units)
    sentences = quoted(ordered(merged([*items, *more]) if words < MOST_WORDS else items), search.corpus.text_of)
    if not sentences:
        return plain
    return replace(plain, answered=True, reason="", sentences=sentences, short="", short_markers=())
