"""Finds a sentence that announces an enumeration ("for three reasons", "these are:", 次の三つ), with its items in the text's order.

Stages and the like that are told one after another without an announcement ("the first stage …", "a third stage …") are items, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from askjapan.answering.candidates import Candidate
from askjapan.answering.quoting.quotations import (
    MOST_WORDS,
    Around,
    Place,
    Quotation,
    earlier,
    is_enumerated,
    later,
    merged,
    text_at,
)
from askjapan.language.wordings import wordings
from askjapan.language.words import count_words

_EN = wordings("announcements", "en")
MOST_ITEMS = 8
MOST_BACK = 14
"""Number of sentences before an item that are searched for its announcement."""
MOST_AHEAD = 40
"""Number of sentences, from the candidate on, that are searched for items."""
APART = 12
"""Maximum distance between the beginnings of two items, in sentences."""
SOON = 3
"""Maximum distance from an announcement to its first item, in sentences."""
LABEL = 4
"""Maximum words of an item's first sentence at which it is a label, quoted with the next sentence."""
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_COUNTS |= {sign: number for number, sign in enumerate("一二三四五六七八九", 1)} | {
    str(number): number for number in range(2, 11)
}
_NOUN = rf"(?:{_EN['nouns']})"
_ANNOUNCES = re.compile(
    rf"\b(?P<count>{'|'.join(_COUNTS)})[\s-]+(?:[\w’'-]+\s+){{0,4}}(?:[a-z’'-]+s|strategy|approach|process)\b|"
    rf"\b(?:{_EN['many']})\s+(?:[\w’'-]+\s+){{0,3}}{_NOUN}\b|\b(?:{_EN['below']})\b|:$|(?P<japanese>[二三四五六七八九2-9２-９])(?:つ|点|種類|段階)の?|"
    r"次の(?:とおり|通り|ように)|以下の",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    rf"\b(?:{'|'.join(word for word in _COUNTS if word.isalpha() and word.isascii())})\b|[二三四五六七八九2-9２-９](?:つ|点)"
)
_BULLET = re.compile(r"\n[ \t]*(?:[-–—•*●・◦▪]|\(?(?:\d{1,2}|[a-h]|[ivx]{1,4})[.)])[ \t]*$")
"""End of the text between two sentences if the second one begins an item of a list."""

_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
_PLACED = re.compile(
    rf"\b(?P<order>{'|'.join(_ORDER)}),?+\s++(?:[“\"‘'(]?+[\w’'-]++[”\"’')]?+,?+\s++){{0,2}}?[“\"‘']?(?P<noun>{_NOUN})\b",
    re.IGNORECASE,
)
STEP = 4
"""Maximum distance between two stages that are told one after another, in sentences."""


def is_counted(question: str) -> bool:
    """Whether a question says how many things it asks for."""
    return bool(_COUNTED.search(question.casefold()))


def enumeration(candidate: Candidate, around: Around, *, items: bool) -> list[Quotation]:
    """The announcement at a candidate with its items.

    Args:
        candidate: a unit; only a sentence can announce.
        around: access to the text around it.
        items: whether to search for the announcement of a candidate that is an item itself, and for items that nothing announces.

    Returns:
        One quotation if the whole is short, else the announcement and the beginning of each item, in order; empty without any.
    """
    if candidate.unit.kind != "sentence":
        return []
    run, place = _run(candidate, around)
    starts = {number for number in range(1, len(run)) if _begins_item(run, number, around)}
    for begin in range(place, max(-1, place - MOST_BACK - 1), -1):
        if begin in starts:
            if not items:
                return []
            continue
        if match := _ANNOUNCES.search(text_at(run[begin])):
            item_starts = _items_behind(begin, starts, len(run), match)
            if item_starts and (begin >= place - 1 or place in item_starts):
                return _quotations(run, begin, item_starts)
        if not items and begin < place:
            break
    told = _stages(run, place) if items else []
    return _quotations(run, told[0], told[1:]) if told else []


def _stages(run: Sequence[Place], place: int) -> list[int]:
    """Indices of the sentences around a place that tell stages or the like in their order; empty where there are fewer than two.

    A sentence between two of them that speaks of one without its number ("followed by a reciprocative stage") belongs to them.
    """
    texts = [text_at(one) for one in run]
    placed = [[(_ORDER[m["order"].lower()], m["noun"].lower()) for m in _PLACED.finditer(text)] for text in texts]
    for begin in range(place, -1, -1):
        for noun in (noun for order, noun in placed[begin] if order == 1):
            series, last = [begin], 1
            between: list[int] = []
            for number in range(begin + 1, len(run)):
                if number - series[-1] > STEP:
                    break
                orders = [order for order, other in placed[number] if other == noun and order > last]
                if orders:
                    series, between, last = [*series, *between, number], [], max(orders)
                elif re.search(rf"\b{noun}\b", texts[number], re.IGNORECASE):
                    between.append(number)
            if len(series) > 1 and series[0] <= place <= series[-1]:
                return series
    return []


def _run(candidate: Candidate, around: Around) -> tuple[list[Place], int]:
    """The sentences of a section around a candidate, and its index among them."""
    here: Place = (candidate.hit, candidate.number)
    back: list[Place] = []
    while len(back) < MOST_BACK and (one := earlier(*(back[-1] if back else here), around.before)):
        back.append(one)
    run = [*reversed(back), here]
    while len(run) < len(back) + MOST_AHEAD and (one := later(*run[-1], around.after)):
        run.append(one)
    return run, len(back)


def _begins_item(run: Sequence[Place], number: int, around: Around) -> bool:
    return is_enumerated(text_at(run[number])) or bool(_BULLET.search(around.between(run[number - 1], run[number])))


def _items_behind(begin: int, starts: set[int], end: int, match: re.Match[str]) -> list[int]:
    """Indices of the sentences that begin the items of an announcement; empty where there are fewer than two."""
    said = match.group("count") or match.group("japanese") or ""
    count = _COUNTS.get(said.lower(), 0)
    item_starts: list[int] = []
    for number in range(begin + 1, end):
        if number - (item_starts[-1] if item_starts else begin) > (APART if item_starts else SOON) or len(item_starts) >= (
            count or MOST_ITEMS
        ):
            break
        if number in starts:
            item_starts.append(number)
    return item_starts if len(item_starts) >= 2 else []


def _quotations(run: Sequence[Place], begin: int, items: Sequence[int]) -> list[Quotation]:
    whole = run[begin : items[-1] + 1]
    if sum(count_words(text_at(place)) for place in whole) <= MOST_WORDS:
        return [Quotation(tuple(whole), 0)]
    parts = [tuple(run[begin : items[0]])]
    for number in items:
        labelled = count_words(text_at(run[number])) <= LABEL and number + 1 < len(run)
        parts.append(tuple(run[number : number + 1 + labelled]))
    return merged([Quotation(part, rank) for rank, part in enumerate(parts)])
