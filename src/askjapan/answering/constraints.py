"""Finds what a question pins down – one year or decade, a name in its place, a figure – and the candidates that speak of another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from askjapan.answering.candidates import MARGIN, POINTING, Candidate
from askjapan.answering.question import FIGURE, NAMES, Asked, DocumentFrequency, message_of
from askjapan.language.dates import dates_in
from askjapan.language.question_kinds import Kind, asking_words, is_asking
from askjapan.language.scripts import is_foreign
from askjapan.language.terms import fold, terms, without_possessive
from askjapan.language.wordings import wordings
from askjapan.language.written_forms import same_names
from askjapan.language.years import common_years, years_covered

_EN, _JA = wordings("constraints", "en"), wordings("constraints", "ja")
PINNED: frozenset[Kind] = frozenset({"fact", "who", "yesno"})
"""Kinds of question that one year, name or figure decides; reasons, definitions and lists hold beyond theirs."""
OF_ONE_YEAR = frozenset({"number", "percent", "person", "place"})
"""Kinds of answer that are of one year, so that a quote without any year is none where its passage does not name that year."""
EVERYWHERE = 0.2
"""Share of the passages that hold a name above which it need not be said again: what a corpus is about is said once."""
AS_GOOD = 2.0
"""Largest gap in logits from the best quote at which one that meets the question takes its place."""
FIGURE_DIGITS = 3
BEHIND, BEFORE = "behind", "before"
"""How the last word of a name stands beside what tells it apart, and how a name stands beside a noun: "Filipino residents"."""
SAME_BEGINNING = 4
"""Letters that two names have in common where they are one: Japan, Japanese."""
_NO_NAME = re.compile(rf"^(?:{_EN['no_name']})$", re.IGNORECASE)
_TITLE = re.compile(rf"^(?:{_EN['titles']})$", re.IGNORECASE)
SHORT_NAME = 2
"""Most letters of an initial with its point."""
_PREPOSITIONS = frozenset(["of", "in", "at", "from", "to", "for", "by", "with", "near", "into"])
_GENERAL = re.compile(rf"^(?:{_EN['general']})$", re.IGNORECASE)
"""Last word of a name that others have as well: "Tornby Museum"; a family name behind a title is none."""
_DEFINITE = re.compile(r"(?:the|this|its) ", re.IGNORECASE)
"""Opening of a sentence on what stands before it."""
_EVENT = re.compile(r"\b\d{4}\s+[A-Z]")
"""Year as part of a name: "the 1995 Kobe earthquake"."""
_OF_A_YEAR = re.compile(r"\b(?:of|from)\s+\d{4}\b|(?:\bthe|\ban?|[’']s)\s+\d{4}\s+[a-z]", re.IGNORECASE)
"""Year that tells a thing apart, of which a sentence may give another date: "the law of 1989"."""
_DECADE_END = re.compile(r"[’']?s\b|年?代")
_AT_LEAST = re.compile(rf"\b(?:{_EN['at_least']})\s+(?:\w+\s+){{0,2}}?\d{{4}}|\d年?(?:{_JA['at_least']})", re.IGNORECASE)
_AT_MOST = re.compile(rf"\b(?:{_EN['at_most']})\s+(?:\w+\s+){{0,2}}?\d{{4}}|\d年?(?:{_JA['at_most']})", re.IGNORECASE)
_SCALED = re.compile(rf"\d\s*(?:{_EN['scales']}|{_JA['scales']})", re.IGNORECASE)
_OWNED_JA = re.compile(
    rf"([一-鿿々ァ-ヴー・]{{1,11}}(?:{_JA['places']})|(?<![ァ-ヴー・])[ァ-ヴー・]{{3,}}+)の([一-鿿々ァ-ヴー]{{2,}})"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: its words, and the places that it fills, as (the stem of the word beside it, how it stands there)."""

    words: str
    places: frozenset[tuple[str, str]]

    @property
    def prepositions(self) -> set[str]:
        return {how for _, how in self.places if how not in (BEHIND, BEFORE)}

    @property
    def is_whole(self) -> bool:
        """Whether it may be a person's name with a given name."""
        return " " in self.words and not any(how == BEHIND for _, how in self.places)


def fitting(
    question: str,
    asked: Asked,
    kind: Kind,
    candidates: Sequence[Candidate],
    logits: Sequence[float],
    frequency: tuple[DocumentFrequency, int],
) -> tuple[list[float], tuple[str, ...]]:
    """Logits with candidates that contradict the question put last, and what the best one lacks where no other is as good.

    Args:
        question: the standalone question as it was asked.
        asked: the same, analysed.
        kind: its kind.
        candidates, logits: what may be quoted, at least one.
        frequency: the number of passages that hold a term, and the number of passages.
    """
    given = list(logits)
    if kind not in PINNED or "cause" in asked.kinds:
        return given, ()
    lacks = _checks(question, asked, frequency)
    order = sorted(range(len(given)), key=lambda number: -given[number])
    best, missing = given[order[0]], lacks(candidates[order[0]])
    if not missing:
        return given, ()
    changed = list(given)
    for number in order:
        if given[number] < best - AS_GOOD:
            break
        if not lacks(candidates[number]):
            return changed, ()
        changed[number] -= MARGIN
    return given, missing


def _checks(question: str, asked: Asked, frequency: tuple[DocumentFrequency, int]) -> Callable[[Candidate], tuple[str, ...]]:
    """The function that gives what a candidate lacks of a question: years, names and figures as they are asked for."""
    message = message_of(question)
    names = [] if is_foreign(message) else _names(message, opens=True)
    owned = _OWNED_JA.findall(message) if is_foreign(message) else []
    figures = () if _SCALED.search(message) else tuple(figure for figure in asked.figures if len(figure) >= FIGURE_DIGITS)

    def lacks(candidate: Candidate) -> tuple[str, ...]:
        return (
            *_year_lacking(message, asked, candidate),
            *(name.words for name in names if _is_other(name, names, asked, candidate, frequency)),
            *(name for name, what in owned if _is_of_another(name, what, message, candidate.text)),
            *(figure for figure in figures if figure not in _figures(_beside(candidate, passage=True))),
        )

    return lacks


def _figures(text: str) -> set[str]:
    return {match.group().replace(",", "") for match in FIGURE.finditer(common_years(text))}


def _beside(candidate: Candidate, *, passage: bool = False) -> str:
    """A candidate's frame, or the sentence before it, with its heading and its work's title; with `passage` all of its passage."""
    units = candidate.passage.units
    beside = units if passage else candidate.frame or units[max(0, candidate.number - 1) : candidate.number]
    document = candidate.hit.document
    return " ".join([document.title, candidate.passage.section, candidate.passage.context, *(unit.text for unit in beside)])


def _year_lacking(message: str, asked: Asked, candidate: Candidate) -> tuple[str, ...]:
    """The one year of a question that a candidate of another year, or of none, lacks; empty where it fits or can't be told."""
    if len(asked.years) != 1 or _EVENT.search(message) or "date" in asked.kinds:
        return ()
    year = asked.years[0]
    covered = years_covered(message)
    wanted = {year} | (covered if len(covered) <= 10 else set())
    own = years_covered(candidate.text)
    around = years_covered(_beside(candidate, passage=bool(_OF_A_YEAR.search(message))))
    if wanted & (own | around) or _is_within(message, year, own):
        return ()
    of_work = str(candidate.hit.document.year)
    if year == of_work and (not own or _says_text(message)):
        return ()
    if not own and (not asked.kinds & OF_ONE_YEAR or wanted & years_covered(_beside(candidate, passage=True))):
        return ()
    return (as_asked(message, year),)


def as_asked(message: str, year: str) -> str:
    """A year as the question writes it: 昭和40年, "1990s"."""
    date = next((date for date in dates_in(message) if str(date.year) == year), None)
    if date is None:
        return year
    decade = _DECADE_END.match(message, date.end)
    return message[date.start : decade.end() if decade else date.end]


def _is_within(message: str, year: str, own: set[str]) -> bool:
    """Whether one of a candidate's years, if it has any, lies on the side that a question asks for: "since 1990", 1990年以前."""
    if _AT_LEAST.search(message):
        return not own or max(own) >= year
    return bool(_AT_MOST.search(message)) and (not own or min(own) <= year)


def _says_text(message: str) -> bool:
    """Whether a question speaks of a text, whose year it may give: "the report of 2004"."""
    known = asking_words("ja" if is_foreign(message) else "en")
    return any(group == "text" and re.search(rf"(?<![a-z]){re.escape(word)}", message.lower()) for word, group in known.items())


def _names(text: str, *, opens: bool = False) -> list[Name]:
    """The names of a text with their places; with `opens` its first word is a word of asking or a common noun."""
    names: list[Name] = []
    for match in NAMES.finditer(text):
        words = [without_possessive(word) for word in match.group().split()]
        if opens and match.start() == 0 and (is_asking(words[0]) or len(words) == 1) and not match.group().endswith(("'s", "’s")):
            words = words[1:]
        words = [word for word in words if not _NO_NAME.match(word)]
        if not words or not terms(" ".join(words)):
            continue
        places: set[tuple[str, str]] = set()
        before = text[: match.start()].lower().removesuffix("the ").split()[-2:]
        if before and before[-1] in _PREPOSITIONS and match.group().startswith(words[0]):
            places.add((_stem(before[0]) if len(before) == 2 else "", before[-1]))
        if match.group().endswith(("'s", "’s")) and (owner := re.match(r"\s+([\w-]+)", text[match.end() :])):
            places.add((_stem(owner.group(1)), "of"))
        follows = re.match(r"\s([a-z][\w-]+)", text[match.end() :])
        if follows and asking_words("en").get("".join(text[: match.start()].lower().split()[-1:])) != "aux":
            places.add((_stem(follows.group(1)), BEFORE))
        places |= {(fold(words[-1]), BEHIND)} if len(words) > 1 and _GENERAL.match(words[-1]) else set()
        names.append(Name(" ".join(words), frozenset(places)))
    return names


def _stem(word: str) -> str:
    return next(iter(terms(word)), "")


def _is_other(
    name: Name, names: Sequence[Name], asked: Asked, candidate: Candidate, frequency: tuple[DocumentFrequency, int]
) -> bool:
    """Whether a sentence has another name where the question has this one, which stands nowhere in the sentence.

    "Mayor of Otaru" and "the mayor of Niigata" are two wherever they stand. Where only the preposition is the same, or both are whole
    names and no name is asked for, the name must be missing from the whole passage, too, and be rare in the corpus.
    """
    if candidate.unit.kind != "sentence" or is_foreign(candidate.text):
        return False
    leaning = _beside(candidate) if POINTING.match(candidate.text) else ""
    told = f"{leaning} {' '.join(candidate.hit.document.authors)} {candidate.text}"
    wanted = [_beginnings(form) for form in same_names(name.words)]
    said = _names(candidate.text)
    if not said and _DEFINITE.match(candidate.text):
        # "The museum holds 3,000 nets" is about the museum that stands before it.
        before = " ".join(unit.text for unit in candidate.passage.units[: candidate.number])
        said = _names(f"{candidate.hit.document.title}. {candidate.passage.section}. {before}")
        if any(form <= _beginnings(other.words) for form in wanted for other in said):
            return False
    shortened = _initials(name.words) in re.findall(r"[A-Z]{2,}", told.replace(".", ""))
    if (
        shortened
        or any(form <= _beginnings(told) for form in wanted)
        or name.words in map(_initials, (one.words for one in said))
    ):
        return False
    if any(place in other.places for other in said for place in name.places if place[0]):
        return True
    count, size = frequency
    common = max((count(term) for term in terms(name.words)), default=0) > EVERYWHERE * size
    beside = _beginnings(_beside(candidate, passage=True))
    if any(_is_namesake(name, other) for other in said) and not any(form <= beside for form in wanted):
        return True
    if common or any(form & beside for form in wanted):
        return False
    others = [other for other in said if not any(_beginnings(other.words) & _beginnings(one.words) for one in names)]
    whole = name.is_whole and "person" not in asked.kinds
    return any(name.prepositions & other.prepositions or (whole and other.is_whole) for other in others)


def _is_namesake(name: Name, other: Name) -> bool:
    """Whether two persons have one family name, and given names that differ; a title or an initial is no given name."""
    (one, *_, last), (first, *_, family) = (words if len(words := each.words.split()) > 1 else ("", "") for each in (name, other))
    given = all(len(word) > SHORT_NAME and not _TITLE.match(word) for word in (one, first))
    return given and fold(last) == fold(family) and not _beginnings(one) & _beginnings(other.words) and other.is_whole


def _beginnings(text: str) -> set[str]:
    """The first letters of a text's terms: those of Japan and Japanese are the same."""
    return {term[:SAME_BEGINNING] for term in terms(text)}


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[:1].isupper())


def _is_of_another(name: str, what: str, message: str, text: str) -> bool:
    """Whether a Japanese sentence tells the same of another place: 青浜町の人口 for 汐見町の人口."""
    if any(form in fold(text) for form in same_names(name)):
        return False
    others = [other for other, told in _OWNED_JA.findall(text) if told.startswith(what) or what.startswith(told)]
    return any(other not in message and not re.match(_JA["pointing"], other) for other in others)
