"""Answers questions for causes and lists with all items in the text's order and the sentence that announces them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from askjapan.answering.candidates import Candidate
from askjapan.answering.compose import choose
from askjapan.answering.judgement import preferred
from askjapan.answering.plans.overview import chosen_sentences, length_of
from askjapan.answering.plans.search import Search
from askjapan.answering.plans.works.named import within_named, words_asked
from askjapan.answering.quoting.announcements import MOST_ITEMS, enumeration
from askjapan.answering.quoting.quotations import MOST_WORDS, Quotation, merged, ordered, quotation_of, quoted
from askjapan.language.question_kinds import Kind
from askjapan.language.terms import terms
from askjapan.language.words import count_words
from askjapan.records import SECTION_JOINER, Answer, Passage, Sentence
from askjapan.retrieval.follow_up import Standalone

LOOKED_AT = 12
"""Number of best candidates that are searched for an announcement."""
CLOSE = 3.0
"""Largest gap in logits between the best candidate and one with an announcement."""
ANNOUNCED = 0.33
"""Share of the threshold from which an announced enumeration answers, since the announcement itself supports it."""
LEAST_KNOWN = 0.8
"""Least share of the question's terms in a section's heading, its text or its work's title for the section to be the list."""


def cause(question: Standalone, search: Search) -> Answer | None:
    """The announced enumeration of reasons, or the section whose heading the question names; else the plain answer."""
    return _enumerated(question, search, "cause")


def listing(question: Standalone, search: Search) -> Answer | None:
    """The section whose heading the question names, or the announced enumeration; else the plain answer."""
    return _enumerated(question, search, "list")


def _enumerated(question: Standalone, search: Search, kind: Kind) -> Answer | None:
    asked, search = within_named(question, search)
    plain = search.plain(question, kind, max_quotes=5 if kind == "list" else None, searched=asked)
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
    """The passages of the section whose heading a question names, if its text and title hold most of the question's terms; else none."""
    wanted = set(terms(question)) | set(terms(" ".join(words_asked(question))))
    content = {term for word in words_asked(question) for term in terms(word)}
    best: list[Passage] = []
    overlap = 0
    for work in search.works:
        title = set(terms(f"{work.title} {' '.join(work.themes)} {' '.join(work.authors)}"))
        for section in sections_of(search.passages_of(work)):
            heading = set(terms(section[0].section.rsplit(SECTION_JOINER, 1)[-1]))
            if not heading - title or not heading <= wanted or len(heading) <= overlap:
                continue
            known = heading | title | set(terms(" ".join(passage.text for passage in section)))
            if len(content & known) >= LEAST_KNOWN * len(content):
                best, overlap = section, len(heading)
    return best


def sections_of(passages: Sequence[Passage]) -> list[list[Passage]]:
    """A work's passages of prose and lists by section; those without a heading are left out."""
    sections: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.section and passage.kind in ("prose", "list"):
            sections.setdefault(passage.section, []).append(passage)
    return list(sections.values())


def _with_section(plain: Answer, section: Sequence[Passage], search: Search) -> Answer:
    """The plain answer with a section in place of its quotes: all of a short one, else its most central sentences."""
    every = [
        quotation_of(search.hit(p), number) for p in section for number, unit in enumerate(p.units) if unit.kind == "sentence"
    ]
    whole = sum(length_of(unit.text) for one in every for unit in one.units[-1:]) <= MOST_WORDS + 10
    chosen = merged(every) if whole else chosen_sentences(section, search, MOST_ITEMS, MOST_WORDS)
    sentences = quoted(ordered(chosen), search.corpus.text_of)
    return _quoting(plain, sentences)


def _with_items(plain: Answer, items: Sequence[Quotation], chosen: Sequence[Candidate], search: Search) -> Answer:
    """The plain answer with an enumeration in place of its quotes; a short one is followed by the quotes of `chosen`."""
    more = [
        quotation_of(candidate.hit, candidate.number, rank, search.corpus.before)
        for rank, candidate in enumerate(chosen, len(items))
    ]
    words = sum(count_words(unit.text) for one in items for unit in one.units)
    sentences = quoted(ordered(merged([*items, *more]) if words < MOST_WORDS else items), search.corpus.text_of)
    return _quoting(plain, sentences)


def _quoting(plain: Answer, sentences: tuple[Sentence, ...]) -> Answer:
    """The plain answer, which may be a refusal, with other quotes in place of its own; as it is where there are none."""
    if not sentences:
        return plain
    return replace(plain, answered=True, reason="", saying=None, sentences=sentences, short="", short_markers=())
