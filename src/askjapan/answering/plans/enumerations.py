"""Causes and lists: all items in the text's order, with the sentence that announces how many there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from askjapan.answering.candidates import Candidate
from askjapan.answering.compose import choose, preferred
from askjapan.answering.plans.library import named_works, without_authors, words_asked
from askjapan.answering.plans.overview import chosen_sentences, length_of
from askjapan.answering.plans.search import Search
from askjapan.answering.quotations import MOST_WORDS, Quotation, is_enumerated, merged, ordered, quotation_of, quoted
from askjapan.documents.passages import SECTION_JOINER
from askjapan.language.question_kinds import Kind
from askjapan.language.terms import terms
from askjapan.records import Answer, Hit, Passage
from askjapan.retrieval.follow_up import Standalone

MOST_ITEMS = 8
LOOKED_AT = 12
"""An announcement is looked for among so many of the best candidates."""
CLOSE = 3.0
"""It counts where its logit is at most so far below the best one's."""
ANNOUNCED = 0.33
"""An announced enumeration answers from this share of the threshold on: that the text counts what is asked for is a sign of its own."""
LEAST_KNOWN = 0.8
"""A section is what a question asks for where so much of the question's words stand in its heading, its text or its work's title."""
LONGEST = 220
"""An enumeration has at most so many words."""
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_COUNTS |= {sign: number for number, sign in enumerate("一二三四五六七八九", 1)} | {
    str(number): number for number in range(2, 11)
}
_NOUN = (
    r"(?:reasons?|causes?|factors?|ways?|points?|steps?|stages?|types?|kinds?|categories|conditions?|measures?|goals?|aims?|objectives?|problems?|challenges?|"
    r"functions?|features?|elements?|components?|principles?|pillars?|proposals?|recommendations?|advantages?|benefits?|effects?|themes?|questions?|"
    r"arguments?|changes?|differences?|consequences?|obstacles?|characteristics?|weaknesses|strengths|limits?|limitations?|rules?|explanations?|sources?|forms?|areas?|groups?|trends?|tasks?|lessons?|findings?|results?|issues?|strategies|policies|options?|phases?)"
)
ANNOUNCES = re.compile(
    rf"\b(?P<count>{'|'.join(_COUNTS)}|several|various|a number of|the following|many|some)\s+(?:[\w’'-]+\s+){{0,3}}{_NOUN}\b|"
    rf"\b{_NOUN}\b[^.]{{0,60}}(?:as follows|are the following|:$)|"
    r"(?P<japanese>[二三四五六七八九2-9２-９])(?:つ|点|種類|段階)の?|次の(?:とおり|通り|ように)|以下の",
    re.IGNORECASE,
)


def cause(question: Standalone, search: Search) -> Answer | None:
    """The announced enumeration that answers a question for reasons, in order; None where the text has none near the best quotes."""
    return _enumerated(question, search, "cause")


def listing(question: Standalone, search: Search) -> Answer | None:
    """The announced enumeration, or the list, that answers; None where the text has none near the best quotes."""
    return _enumerated(question, search, "list")


def _enumerated(question: Standalone, search: Search, kind: Kind) -> Answer | None:
    named, asked = named_works(question.question, search.works), question
    if 0 < len(named) < len(search.works):
        search, asked = search.within(named), replace(question, question=without_authors(question.question, named))
    plain = replace(search.plain(asked, kind, most=5 if kind == "list" else None), standalone_question=question.question)
    _, judged = search.judged(asked)
    if judged is None or judged.confidence < ANNOUNCED * search.limit(judged):
        return plain
    section = _headed(asked.question, search)
    if section and kind == "list":
        return _with_section(plain, section, search)
    logits = preferred(judged)
    order = sorted(range(len(logits)), key=lambda number: -logits[number])[:LOOKED_AT]
    for number in order:
        if judged.found[number].answers is not None and logits[number] < logits[order[0]] - CLOSE:
            break
        found = _items(judged.found[number], search)
        if found:
            chosen = [judged.found[other] for other in choose(judged.found, logits, judged.model.quote, 2)]
            return _with_items(plain, found, chosen if plain.answered else [], search)
    return _with_section(plain, section, search) if section else plain


def _headed(question: str, search: Search) -> list[Passage]:
    """The passages of the section whose heading a question names, where the rest of the question stands in its work's title or in its text."""
    wanted = set(terms(question)) | set(terms(" ".join(words_asked(question))))
    content = {term for word in words_asked(question) for term in terms(word)}
    best: list[Passage] = []
    most = 0
    for work in search.works:
        title = set(terms(f"{work.title} {' '.join(work.themes)} {' '.join(work.authors)}"))
        for section in sections_of(search.passages_of(work)):
            heading = set(terms(section[0].section.rsplit(SECTION_JOINER, 1)[-1]))
            known = heading | title | set(terms(" ".join(passage.text for passage in section)))
            named = bool(heading - title) and heading <= wanted
            if named and len(content & known) >= LEAST_KNOWN * len(content) and len(heading & wanted) > most:
                best, most = section, len(heading & wanted)
    return best


def sections_of(passages: Sequence[Passage]) -> list[list[Passage]]:
    """The passages of prose of a work by section, those without a heading left out."""
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.section and passage.kind in ("prose", "list"):
            found.setdefault(passage.section, []).append(passage)
    return list(found.values())


def _with_section(plain: Answer, section: Sequence[Passage], search: Search) -> Answer:
    """The plain answer with a section in place of its quotes: whole where it is short, else what says most of it."""
    every = [
        quotation_of(search.hit(p), number) for p in section for number, unit in enumerate(p.units) if unit.kind == "sentence"
    ]
    whole = sum(length_of(unit.text) for one in every for unit in one.units[-1:]) <= MOST_WORDS + 10
    chosen = merged(every) if whole else chosen_sentences(section, search, MOST_ITEMS, MOST_WORDS)
    sentences = quoted(ordered(chosen), search.corpus.text_of)
    return replace(plain, answered=True, reason="", sentences=sentences, short="", short_markers=()) if sentences else plain


def _items(candidate: Candidate, search: Search) -> Quotation | None:
    """The announcement at, or shortly before, a candidate with the items behind it; None where nothing is announced there."""
    run = list(_around(candidate.hit, candidate.number, search))
    here = (candidate.passage.id, candidate.number)
    place = next((number for number, (hit, unit) in enumerate(run) if (hit.passage.id, unit) == here), None)
    if place is None:
        # A row or a note is no sentence of the text around it.
        return None
    for begin in range(place, -1, -1):
        text = _text(run[begin])
        if (match := ANNOUNCES.search(text)) and not is_enumerated(text):
            items = _behind(run, begin, match)
            return Quotation(tuple(run[begin : items + 1]), 0) if items > begin and items >= place else None
        if begin < place and not is_enumerated(_text(run[begin + 1])) and place - begin > 2:
            break
    return None


def _text(part: tuple[Hit, int]) -> str:
    return part[0].passage.units[part[1]].text


def _behind(run: Sequence[tuple[Hit, int]], begin: int, match: re.Match[str]) -> int:
    """The number of the last item behind an announcement."""
    count = _COUNTS.get((match.group("count") or "").lower(), 0) or _COUNTS.get(match.group("japanese") or "", 0)
    last, items, words = begin, 0, len(_text(run[begin]).split())
    for number in range(begin + 1, len(run)):
        text = _text(run[number])
        words += len(text.split())
        if words > LONGEST or items >= MOST_ITEMS:
            break
        if is_enumerated(text) or run[number][0].passage.kind == "list":
            items, last = items + 1, number
        elif number - last > 2:
            break
        if count and items >= count:
            break
    return last


def _around(hit: Hit, number: int, search: Search) -> Iterator[tuple[Hit, int]]:
    """The sentences of a section near a candidate, in order: those of its passage and of the next ones on both sides."""
    row = search.index.numbers[hit.passage.id]
    for place in range(row - 1, row + 3):
        if 0 <= place < len(search.index.passages):
            passage = search.index.passages[place]
            if place == row or _same_section(passage, hit.passage):
                yield from ((replace(hit, passage=passage), n) for n, unit in enumerate(passage.units) if unit.kind == "sentence")


def _same_section(one: Passage, other: Passage) -> bool:
    return one.document_id == other.document_id and one.section == other.section and one.kind in ("prose", "list")


def _with_items(plain: Answer, found: Quotation, chosen: Sequence[Candidate], search: Search) -> Answer:
    """The plain answer with the enumeration in place of its quotes, and of these the best that stands elsewhere."""
    more = [quotation_of(candidate.hit, candidate.number, rank, search.before) for rank, candidate in enumerate(chosen, 1)]
    together = merged([found, *more]) if sum(len(_text(part).split()) for part in found.parts) < MOST_WORDS else [found]
    sentences = quoted(ordered(together), search.corpus.text_of)
    if not sentences:
        return plain
    return replace(plain, answered=True, reason="", sentences=sentences, short="", short_markers=())
