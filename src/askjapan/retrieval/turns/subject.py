"""Finds in an earlier question the phrase that says what it is about: "the bicycle scheme of Port Amelia", 湯の里の宿泊客."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askjapan.language.question_kinds import is_asking
from askjapan.language.terms import STOP_WORDS, fold, without_possessive
from askjapan.language.wordings import wordings

_EN = wordings("follow_up", "en")
MOST_WORDS = 8
"""Number of words of the longest subject."""
MOST_NAMES = 2
BEFORE_OF = 3
"""Number of words before "of" that belong to a name: "the stage model of O'Toole"."""
WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_OPENING = re.compile(rf"^(?:(?:{_EN['begins']})\b[, ]*|(?:{_EN['sums_up']})\s*[,:]\s*)+(?=[^\s?.!])", re.IGNORECASE)
_AUX = rf"(?:{_EN['auxiliaries']})"
_THING = "[^?,]+"
_DURING = r"(?: (?:at|in|after|during|before|when)\b.*)?"
_ASKED_OF = re.compile(
    "|".join(
        (
            rf"^(?:what|who) (?:is|are|was|were) (?P<what>{_THING})\?*$",
            rf"^how many (?P<count>{_THING}?) {_AUX}\b",
            rf"^how \w+ (?:is|are|was|were) (?P<how>{_THING})\?*$",
            rf"\bmeans? by (?P<meant>{_THING})\?*$",
            rf"^what happened to (?P<event>{_THING}?){_DURING}\?*$",
        )
    ),
    re.IGNORECASE,
)
"""Question whose subject is told by its form: "How common are marriages between Japanese and foreigners?"."""
_NAME = re.compile(r"[A-Z][\w’'-]*\w(?:(?: (?:of|de|van|von))? [A-Z][\w.’'-]*\w)*")
_TOO_WIDE = re.compile(r"^(?:the )?(?:Japan|Japanese)(?:['’]s)?$|日本(?:人)?")
_NO_SUBJECT = re.compile(rf"^(?:the )?(?:Japan|Japanese|I|OK|{_EN['calendar']})$")
_AT_A_PLACE = re.compile(rf"\b(?:{_EN['at_a_place']}) (?:the )?$", re.IGNORECASE)
_BEGINS_BACK = re.compile(r"(?:it|he|she|they|that|this|those|these)\b", re.IGNORECASE)
_PERSONAL = re.compile(r"\b(?:I|he|she|it|they|we|you|this|that|these|those|his|her|its|their|him|them|there)\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|an?)\s+$", re.IGNORECASE)
_OF = re.compile(r"(?<![\w’'-])(?P<words>(?:[\w’'-]{1,40}+ ){1,6})of (?:the )?$")
_STOPS = "|".join(rf"{word}\b" for word in sorted(STOP_WORDS - {"of"}))
_OWNED = re.compile(
    rf"((?: (?!(?:of|{_STOPS})\b)[a-z][\w-]+){{1,3}}?(?: of(?: (?!{_STOPS})[a-z][\w-]+){{1,2}}?)?)(?= (?:[A-Z]|{_STOPS})|[?.,;:!]|$)"
)
_TOPIC_JAPANESE = re.compile(r"^[^、。?？「」をがで]{2,24}?(?<!の)(?=とは|には|は)")


def without_opening(text: str) -> str:
    """A message without "And", "So" or "Bottom line:" at its beginning; its first letter is then a capital."""
    rest = _OPENING.sub("", text)
    return rest[:1].upper() + rest[1:]


def subject_of(turns: Sequence[str], message: str) -> str:
    """What the turns are about, that of the last one that says it first; empty where they don't, or the message says it.

    It is the noun of a question that is told by its form ("How many …", "What is …"), else the names of a turn, with what they belong to.
    """
    said = {fold(word) for word in WORD.findall(message)}
    for turn in reversed(turns):
        if speaks_of_another(turn):
            continue
        asked = _asked_of(without_opening(turn))
        for phrases in ([asked] if asked else [], _named(turn)):
            new = [phrase for phrase in phrases if not {fold(word) for word in WORD.findall(phrase)} <= said]
            if new:
                return " and ".join(new[:MOST_NAMES])
    return ""


def japanese_subject_of(question: str) -> str:
    """What stands before the first は of a Japanese question; empty where that is too wide to say anything, or there is none."""
    topic = _TOPIC_JAPANESE.match(question)
    return topic.group() if topic and not _TOO_WIDE.fullmatch(topic.group()) else ""


def speaks_of_another(turn: str) -> bool:
    """Whether a message begins with a pronoun, so that its names are not what it is about: "So it was Joseph Nye?"."""
    return bool(_BEGINS_BACK.match(without_opening(turn)))


def with_small_opening(text: str) -> str:
    """A message whose "So" or "And" is no capitalised word before a name: "so Samsung sends them abroad?"."""
    opening = _OPENING.match(text)
    return f"{opening.group().lower()}{text[opening.end() :]}" if opening else text


def _asked_of(question: str) -> str:
    match = _ASKED_OF.search(question)
    if match is None:
        return ""
    phrase = next(group for group in match.groups() if group).strip(" .")
    wide = len(phrase.split()) > MOST_WORDS or _PERSONAL.search(phrase) or _TOO_WIDE.search(phrase)
    return "" if wide else phrase


def _named(turn: str) -> list[str]:
    """The names of a turn, each with the noun before its "of" or behind its possessive."""
    text = with_small_opening(turn)
    phrases: list[str] = []
    for match in _NAME.finditer(text):
        name, start = match.group(), match.start()
        if start == 0:
            first, _, name = name.partition(" ")
            start += len(first) + 1
        if not name or _NO_SUBJECT.match(without_possessive(name)) or _AT_A_PLACE.search(text[:start]):
            continue
        end = start + len(name)
        if name != without_possessive(name):
            owned = _until_stop_word(text[end:])
            end += len(owned) if owned else len(without_possessive(name)) - len(name)
        start = _beginning(text, start)
        phrase = text[start:end]
        if not any(phrase in other or other in phrase for other in phrases):
            phrases.append(phrase)
    return phrases


def _until_stop_word(text: str) -> str:
    """The nouns that a possessive owns: " stage model of city partnerships"; empty where these cannot be told from a verb."""
    match = _OWNED.match(text)
    return match.group(1) if match else ""


def _beginning(text: str, start: int) -> int:
    """Where a phrase with a name begins: at the noun before its "of", and at the article before that."""
    if before := _OF.search(text[:start]):
        words: list[str] = []
        for word in reversed(before.group("words").split()):
            if len(words) == BEFORE_OF or word.lower() in STOP_WORDS or is_asking(word):
                break
            words.insert(0, word)
        if words:
            start = text.rfind(" ".join(words), 0, start)
    article = _ARTICLE.search(text[:start])
    return article.start() if article else start
