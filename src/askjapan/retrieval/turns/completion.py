"""Completes a follow-up with what the questions before it say: as a sentence that a person would say, and as words to search for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askjapan.language.terms import STOP_WORDS, fold
from askjapan.language.wordings import wordings
from askjapan.retrieval.turns.subject import WORD, japanese_subject_of, subject_of, without_opening

_EN = wordings("follow_up", "en")
MAX_TOPIC = 40
"""Number of words carried along a chain of follow-ups, those of the latest turns first."""
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ASKING = "how what when where which who whom whose why many much long far old often name list give tell say explain describe"
QUESTION_WORDS = frozenset(_ASKING.split())
TURNS = 6
"""Number of turns in which the subject is looked for."""
SHORTEST_CLAUSE = 3
"""Number of words from which a message that begins with a question word has a verb: "What comes back?"."""
_SWAP = re.compile(
    r"^(?:(?:and |but |then )?(?:what|how) about|and|but|then)?[, ]*"
    r"(?:(?:in|for|by|of|with|from|at|during)\s+)?(?P<slot>[^?]{1,60})\??$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d(?:\s*[-–/]\s*\d{2,4})?s?\b")
_ONE_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b(?!s|\s*[-–/]\s*\d)")
_YEAR_JAPANESE = re.compile(r"(?:1[5-9]|20)\d\d年")
_SWAP_JAPANESE = re.compile(
    r"^(?:では|じゃあ|それでは|それで|そして)?[、 ]*(?P<year>(?:1[5-9]|20)\d\d年)"
    r"(?:には|では|は|の場合は|に)?(?:どう(?:ですか|でしたか)?)?[?？。]*$"
)
_COUNTED = {word: number for number, word in enumerate(_EN["counted"].split("|"), 1)}
_YEARS_AWAY = re.compile(
    rf"\b(?P<count>\d{{1,2}}|{_EN['counted']}) years? (?P<side>{_EN['earlier']}|{_EN['later']})\b(?: that)?(?=[\s?.!]*$)",
    re.IGNORECASE,
)
_EARLIER = re.compile(_EN["earlier"], re.IGNORECASE)
_AUXILIARY = re.compile(rf"\b(?:{_EN['auxiliaries']})\b", re.IGNORECASE)
_COUNT_OF_WHAT = re.compile(rf"^how (?:many|much) (?:{_EN['auxiliaries']})\b", re.IGNORECASE)
"""Message that leaves out what is counted, besides who has it: "And how many did it send in 1990?"."""
_WHAT_ABOUT = re.compile(r"^(?:what|how) about\b\s*", re.IGNORECASE)
_COMMON = re.compile(rf"\A(?:{'|'.join([*sorted(STOP_WORDS | QUESTION_WORDS), _EN['prepositions']])})\Z", re.IGNORECASE)
_BARE = re.compile(rf"^(?:(?:{_EN['begins']})\b|(?:what|how) about\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Completed:
    """A follow-up with what it leaves unsaid.

    `read` is what is answered, and `sentence` what a person would say for it, empty where it is the same. `searched` has all words of the
    earlier questions, too; it is empty where `read` is searched for. `topic` are the words that were taken over.
    """

    read: str
    searched: str = ""
    topic: tuple[str, ...] = ()
    sentence: str = ""


def completed(message: str, whole: str, turns: Sequence[str], searched: str) -> Completed:
    """Complete a message.

    Args:
        message: the follow-up.
        whole: the last earlier question that stands alone, or was made to by another year or name.
        turns: the earlier messages from that question on, oldest first, at least one; those after it lean on it.
        searched: what the last of them was searched by.
    """
    swapped, words, topic = carried(message, whole, searched)
    if swapped or not topic:
        return Completed(swapped or message, topic=topic)
    if JAPANESE.search(searched) or JAPANESE.search(message):
        return _japanese(message, whole, words, topic)
    plain = _dated(without_opening(message), turns)
    subject = subject_of((whole, *turns[1:])[-TURNS:], plain)
    said = _small(plain, message)
    if subject and _is_clause(plain):
        return Completed(f"As for {subject}, {said}", words, topic)
    # The reader of a sentence with two questions answers the first as often as not; it reads the message, and the words behind it.
    return Completed(words, "", topic, f"{whole.rstrip('?.! ')}, and {said}")


def carried(message: str, whole: str, searched: str) -> tuple[str, str, tuple[str, ...]]:
    """The earlier question with the message's year or name in it, if it is one; what to search for else; and the words taken over.

    Arguments as for `completed`.
    """
    if swapped := _swapped(message, whole):
        return swapped, swapped, topic_words(whole, message)
    topic = topic_words(searched, message)
    if not topic:
        return "", message, ()
    if JAPANESE.search(searched):
        return "", f"「{topic[0]}」について、{message}", topic
    return "", f"{message} ({' '.join(topic)})", topic


def _japanese(message: str, whole: str, words: str, topic: tuple[str, ...]) -> Completed:
    asked = whole.rstrip("?？。")
    return Completed(words, "", topic, f"{japanese_subject_of(asked) or f'「{asked}」'}について、{message}")


def _is_clause(message: str) -> bool:
    """Whether a message has a verb and all that it needs but the subject.

    "What had gone wrong with the gates?" has; "What about the gates?", "The gates?" and "How many did it send?" have not.
    """
    words = message.split()
    if _WHAT_ABOUT.match(message) or _COUNT_OF_WHAT.match(message):
        return False
    return bool(_AUXILIARY.search(message)) or (words[0].lower() in QUESTION_WORDS and len(words) >= SHORTEST_CLAUSE)


def begins_with_verb(message: str) -> bool:
    """Whether a message begins with an auxiliary, as one does that asks for yes or no: "Will it change anything?"."""
    return bool(_AUXILIARY.match(message))


def _small(plain: str, message: str) -> str:
    """A message without its opening for the middle of a sentence: its first word as it was typed there, or small if it is a common word."""
    first = plain.split()[0]
    typed_small = f" {first[:1].lower()}{first[1:]}" in f" {message}"
    return plain[:1].lower() + plain[1:] if typed_small or _COMMON.fullmatch(first.strip(",.?!")) else plain


def _dated(message: str, turns: Sequence[str]) -> str:
    """A message with the year that "two years earlier" at its end means, counted from the only year of the last turn that has one."""
    away = _YEARS_AWAY.search(message)
    years = next((dates for turn in reversed(turns) if (dates := _ONE_YEAR.findall(turn))), [])
    if away is None or len(years) != 1:
        return message
    said = away.group("count").lower()
    count = int(said) if said.isdigit() else _COUNTED[said]
    year = int(years[0]) + (-count if _EARLIER.fullmatch(away.group("side")) else count)
    return f"{message[: away.start()]}{'in' if away.start() else 'In'} {year}{message[away.end() :]}"


def topic_words(earlier: str, message: str) -> tuple[str, ...]:
    """The content words of an earlier question that the message does not repeat, in order, at most `MAX_TOPIC`.

    Years are left out if the message has a year. A Japanese question is one item, without its question mark.
    """
    said = {fold(word) for word in WORD.findall(message)}
    has_year = bool(_YEAR.search(message))
    if JAPANESE.search(earlier):
        return (earlier.rstrip("?？。"),)
    kept = (word for word in content(earlier) if fold(word) not in said and not (has_year and _YEAR.fullmatch(word)))
    return tuple(dict.fromkeys(kept))[:MAX_TOPIC]


def content(text: str) -> list[str]:
    """The words of a text that say what it is about, in order."""
    return [word for word in WORD.findall(text) if word.lower() not in STOP_WORDS and word.lower() not in QUESTION_WORDS]


def _swapped(message: str, base: str) -> str:
    """The earlier question with its year, or its only name, replaced by the one in a bare follow-up such as "And in 1999?"."""
    japanese = _SWAP_JAPANESE.match(message)
    if japanese and len(_YEAR_JAPANESE.findall(base)) == 1:
        return _YEAR_JAPANESE.sub(japanese.group("year"), base, count=1)
    match = _SWAP.match(_dated(message, [base]))
    if match is None:
        return ""
    slot = match.group("slot").strip()
    years = _YEAR.findall(base)
    if _YEAR.fullmatch(slot) and len(years) == 1:
        return _YEAR.sub(slot, base, count=1)
    names = _name_phrases(base)
    if _is_name(slot) and len(names) == 1 and _BARE.match(message):
        return re.sub(rf"(?:\bthe )?{re.escape(names[0])}", lambda match: slot, base, count=1)
    return ""


def _is_name(text: str) -> bool:
    words = text.removeprefix("the ").split()
    return 1 <= len(words) <= 4 and all(word[:1].isupper() for word in words)


def _name_phrases(text: str) -> list[str]:
    """Runs of capitalised words after the first word of the question, leaving out "Japan" and the like, which most hold."""
    runs = re.findall(r"(?<=\s)(?:[A-Z][\w.’'-]*)(?:\s+(?:of\s+)?[A-Z][\w.’'-]*)*", text)
    return [run for run in runs if run not in ("Japanese", "Japan", "Japan's", "Japan’s", "I")]
