"""Turns chosen candidates into quotations that can be read alone, in the document's order.

Consecutive sentences become one quotation. A sentence that begins with a reference to the previous one ("This", "First", その) brings it
along. Where no figure, name or date is asked for, the best quotation also gets the sentences around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace

from askjapan.answering.candidates import POINTING, Candidate, frame_of
from askjapan.answering.quoting.cite import cite, joined
from askjapan.language.quotation import join, normalise
from askjapan.language.terms import terms
from askjapan.language.wordings import wordings
from askjapan.language.words import count_words
from askjapan.records import Answer, Hit, Passage, Sentence, Unit

_EN, _JA = wordings("quotations", "en"), wordings("quotations", "ja")
Beside = Callable[[Passage], Passage | None]
"""Function that gives the passage before, or after, a passage in its document."""
Place = tuple[Hit, int]
"""A unit, by its passage's hit and its index in the passage."""
PARAGRAPH = re.compile(r"\n[ \t]*\n")
MOST_BACK = 3
"""Maximum number of earlier sentences added to one that refers to them."""
MOST_WORDS = 110
"""Maximum words of a quotation with the earlier sentences added to it."""
CONTEXT_WORDS = 80
"""Maximum words of a quotation with its context, where an explanation is asked for."""
REASON_WORDS = 110
"""Maximum words of a quotation with its context, where reasons are asked for."""
_OPEN = re.compile(r"^[(（]")
_ENUMERATED = re.compile(
    rf"^(?:{_EN['enumerated']}|one (?:reason|is)|the (?:{_EN['of_several']})(?: (?:{_EN['point']}))|(?:\(?[1-9ivx]{{1,3}}[.)])|"
    rf"[①-⑩])\b|^(?:第[一二三四五1-9]|{_JA['enumerated']}|[①-⑩])",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"^[-–•\s\[\d\]]*[^\W\d_][\w’'.-]*(?: [A-Z][\w’'-]+)?,?\s+(?:[A-Z]\.?,?\s?){1,3}.{0,80}\(?(?:19|"
    r"20)\d\d[a-z]?\)?[.,:]?\s*[“\"A-Z]|^\W*(?:see:?\s+)?(?:https?://|www\.)\S+$"
)
"""An entry of a list of references, or an address, that the passage's kind does not mark as one."""


@dataclass(frozen=True, slots=True)
class Around:
    """Access to the text around a unit: texts as read by document id, and the passages before and after one in its document."""

    text_of: Callable[[str], str]
    before: Beside | None = None
    after: Beside | None = None

    def between(self, one: Place, other: Place) -> str:
        """The text between two consecutive units."""
        (hit, number), (next_hit, next_number) = one, other
        return self.text_of(hit.document.id)[hit.passage.units[number].end : next_hit.passage.units[next_number].start]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Units of one document to be quoted together, in order; a table row has its caption and header in `frame`.

    `rank` is the rank of its best candidate among the chosen ones, from 0.
    """

    parts: tuple[Place, ...]
    rank: int
    frame: tuple[Unit, ...] = ()

    @property
    def hit(self) -> Hit:
        return self.parts[0][0]

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(hit.passage.units[number] for hit, number in self.parts)

    @property
    def place(self) -> tuple[int, int]:
        """Start and end, in characters of the document's text."""
        return self.units[0].start, self.units[-1].end


def says_something(candidate: Candidate) -> bool:
    """Whether a unit has content of its own: it is no reference, and not its work's title or the heading."""
    text, title = normalise(candidate.text).casefold(), normalise(candidate.hit.document.title).casefold()
    heading = normalise(candidate.passage.section.rsplit(" › ", 1)[-1]).casefold()
    named = (bool(text) and text in (title, heading)) or (bool(title) and text.startswith(title) and len(text) < len(title) + 40)
    return candidate.passage.kind != "reference" and not named and not _REFERENCE.match(candidate.text)


def leans_back(text: str) -> bool:
    """Whether a sentence begins with a word that refers to the previous one, a bracket, or a sign of enumeration."""
    return bool(POINTING.match(text) or _OPEN.match(text) or _ENUMERATED.match(text))


def is_enumerated(text: str) -> bool:
    """Whether a sentence begins as an item of an enumeration does: "First", "(2)", また."""
    return bool(_ENUMERATED.match(text))


def quotation_of(hit: Hit, number: int, rank: int = 0, before: Beside | None = None) -> Quotation:
    """A quotation of one unit, with its frame or with the earlier sentences that it refers to."""
    unit = hit.passage.units[number]
    if unit.kind != "sentence":
        return Quotation(((hit, number),), rank, frame_of(hit.passage, number))
    parts: list[Place] = [(hit, number)]
    words = count_words(unit.text)
    while leans_back(text_at(parts[0])) and len(parts) <= MOST_BACK:
        one = earlier(*parts[0], before)
        if one is None:
            break
        words += count_words(text_at(one))
        if words > MOST_WORDS:
            break
        parts.insert(0, one)
    return Quotation(tuple(parts), rank)


def text_at(place: Place) -> str:
    """A unit's text."""
    hit, number = place
    return hit.passage.units[number].text


def earlier(hit: Hit, number: int, before: Beside | None) -> Place | None:
    """The sentence before one in the same section; None where there is none."""
    if number > 0:
        return (hit, number - 1) if hit.passage.units[number - 1].kind == "sentence" else None
    passage = before(hit.passage) if before else None
    return _sentence_of(hit, passage, -1)


def later(hit: Hit, number: int, after: Beside | None) -> Place | None:
    """The sentence after one in the same section; None where there is none."""
    if number + 1 < len(hit.passage.units):
        return (hit, number + 1) if hit.passage.units[number + 1].kind == "sentence" else None
    passage = after(hit.passage) if after else None
    return _sentence_of(hit, passage, 0)


def _sentence_of(hit: Hit, passage: Passage | None, number: int) -> Place | None:
    """Unit `number` (0 or -1) of a passage next to a hit's, if it is a sentence of the same section."""
    if passage is None or passage.section != hit.passage.section or passage.kind not in ("prose", "list"):
        return None
    number %= len(passage.units)
    return (replace(hit, passage=passage), number) if passage.units[number].kind == "sentence" else None


def in_context(one: Quotation, max_words: int, around: Around, about: Container[str] = ()) -> Quotation:
    """A quotation with the sentence before it and those after it in its paragraph, up to `max_words`; table quotations stay as they are.

    Each sentence of a study note stands by itself, so that from one only following sentences with a term of `about` are added.
    """
    if one.frame or any(unit.kind != "sentence" for unit in one.units):
        return one
    parts = list(one.parts)
    words = sum(count_words(text_at(part)) for part in parts)
    any_ = one.hit.document.kind != "study note" or not about
    first = earlier(*parts[0], around.before)
    if (
        first
        and (any_ or _is_about(first, about))
        and not PARAGRAPH.search(around.between(first, parts[0]))
        and words + count_words(text_at(first)) <= max_words
    ):
        parts.insert(0, first)
        words += count_words(text_at(first))
    while following := later(*parts[-1], around.after):
        words += count_words(text_at(following))
        if (
            not (any_ or _is_about(following, about))
            or words > max_words
            or PARAGRAPH.search(around.between(parts[-1], following))
        ):
            break
        parts.append(following)
    return replace(one, parts=tuple(parts))


def _is_about(place: Place, about: Container[str]) -> bool:
    return any(term in about for term in terms(text_at(place)))


def quotations(
    chosen: Sequence[Candidate],
    around: Around | None = None,
    *,
    best_first: bool = True,
    context_words: int = 0,
    about: Container[str] = (),
) -> list[Quotation]:
    """The quotations of chosen candidates.

    Args:
        chosen: the candidates, best first.
        around: access to the text around a unit; without it, only sentences of the same passage are added.
        best_first: whether the quotation of the best candidate comes first. All others are grouped by work, each work's in its order.
        context_words: maximum words of the best quotation with its context; 0 adds none.
        about: the question's terms, for the context of study notes.
    """
    before = around.before if around else None
    every = merged([quotation_of(one.hit, one.number, rank, before) for rank, one in enumerate(chosen)])
    if around and context_words:
        every = merged([in_context(one, context_words, around, about) if one.rank == 0 else one for one in every])
    return ordered(every, best_first=best_first)


def ordered(given: Sequence[Quotation], *, best_first: bool = False) -> list[Quotation]:
    """Quotations grouped by work, the work with the best rank first, each work's in its order.

    With `best_first`, the one with the best rank comes before all others.
    """
    works: dict[str, int] = {}
    for one in sorted(given, key=lambda one: one.rank):
        works.setdefault(one.hit.document.id, one.rank)
    best = min(given, key=lambda one: one.rank, default=None)
    return sorted(given, key=lambda one: (best_first and one is not best, works[one.hit.document.id], one.place))


def merged(given: Sequence[Quotation]) -> list[Quotation]:
    """Merge quotations of sentences that overlap, or follow each other in one passage."""
    kept: list[Quotation] = []
    for one in sorted(given, key=lambda one: (one.hit.document.id, one.place)):
        last = kept[-1] if kept else None
        if last is not None and _adjoin(last, one):
            known = {(hit.passage.id, number) for hit, number in last.parts}
            more = tuple(part for part in one.parts if (part[0].passage.id, part[1]) not in known)
            kept[-1] = Quotation((*last.parts, *more), min(last.rank, one.rank))
        else:
            kept.append(one)
    return kept


def _adjoin(one: Quotation, other: Quotation) -> bool:
    if one.frame or other.frame or any(unit.kind != "sentence" for unit in (*one.units, *other.units)):
        return False
    hit, number = one.parts[-1]
    known = {(part[0].passage.id, part[1]) for part in one.parts}
    if any((part[0].passage.id, part[1]) in known for part in other.parts):
        return True
    first, start = other.parts[0]
    return first.passage.id == hit.passage.id and start == number + 1


def quoted(arranged: Sequence[Quotation], text_of: Callable[[str], str], first: int = 1) -> tuple[Sentence, ...]:
    """Quotations as sentences with citations, numbered from `first`; one with a part that does not resolve exactly is left out."""
    sentences: list[Sentence] = []
    for one in arranged:
        marker = first + len(sentences)
        parts = [*((one.hit, unit) for unit in one.frame), *((hit, hit.passage.units[number]) for hit, number in one.parts)]
        pieces = [cite(unit, hit, text_of(hit.document.id), marker) for hit, unit in parts]
        if not all(pieces):
            continue
        document = one.hit.document
        citations = joined([citation for piece in pieces if piece for citation in piece], document, text_of(document.id))
        texts = [unit.text for _, unit in parts]
        sentences.append(Sentence("\n".join(texts) if one.frame else join(texts), "quote", citations))
    return tuple(sentences)


def without_repetition(answer: Answer, before: Answer) -> Answer:
    """The answer to a follow-up without quotes that the previous answer had too.

    Its first quote stays in any case. `inherited` gets the hashes of the remaining quotes that both answers have.
    """
    told = {sentence.text for sentence in before.sentences if sentence.kind == "quote"}
    quotes = [sentence for sentence in answer.sentences if sentence.kind == "quote"]
    again = [sentence for sentence in quotes if _stands_in(sentence.text, told)]
    left_out = [sentence for sentence in again if sentence is not quotes[0]]
    kept = [sentence for sentence in answer.sentences if not any(sentence is other for other in left_out)]
    numbers = {marker: place for place, marker in enumerate(dict.fromkeys(c.marker for s in kept for c in s.citations), 1)}
    sentences = tuple(
        replace(sentence, citations=tuple(replace(citation, marker=numbers[citation.marker]) for citation in sentence.citations))
        for sentence in kept
    )
    inherited = dict.fromkeys(
        citation.quote_sha256
        for sentence in sentences
        if sentence.kind == "quote" and _stands_in(sentence.text, told)
        for citation in sentence.citations
    )
    markers = tuple(numbers[marker] for marker in answer.short_markers if marker in numbers)
    return replace(answer, sentences=sentences, inherited=tuple(inherited), short_markers=markers)


def _stands_in(text: str, told: set[str]) -> bool:
    """Whether a quote equals, contains, or is contained in one of some others."""
    return any(text in other or other in text for other in told)
