"""Questions made unanswerable by one exchange: a year, number, name, place, unit or direction for another of its kind."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable

YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w,]|\.\d)")
NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][\w'’.-]+(?: (?:of|de|the|and) (?=[A-Z])| )?){1,4}(?<! )")
PLACE_BEFORE = re.compile(r"\b(?:in|from|at|to|of|near|across|within)\s$")
_OPPOSITES = """increase decrease|increased decreased|increasing decreasing|rise fall|rose fell|rising falling|grow shrink|grew shrank|highest lowest|higher lower
most least|largest smallest|larger smaller|biggest smallest|first last|before after|earliest latest|early late|export import|exports imports|exported imported
north south|northern southern|east west|eastern western|oldest youngest|older younger|male female|men women|man woman|boys girls|husband wife|father mother|son daughter
brother sister|king queen|win lose|won lost|start end|started ended|begin end|began ended|begins ends|open close|opened closed|founded dissolved|established abolished
support oppose|supported opposed|accept reject|accepted rejected|allowed banned|allow forbid|buy sell|bought sold|born buried|arrive leave|arrived left|upper lower|inside outside
public private|urban rural|foreign domestic|summer winter|day night|million billion|days years|months weeks|hours minutes|advantage disadvantage|advantages disadvantages
benefits drawbacks|success failure|cause prevent|causes prevents|strong weak|strongest weakest|fast slow|fastest slowest|best worst|positive negative|majority minority
young old|long short|longest shortest|inflow outflow|immigration emigration|immigrants emigrants|minimum maximum|above below"""
OPPOSITE: dict[str, str] = {}
for _pair in re.split(r"[|\n]", _OPPOSITES):
    _one, _other = _pair.split()
    OPPOSITE.setdefault(_one, _other)
    OPPOSITE.setdefault(_other, _one)
_DIRECTION = re.compile(r"\b(" + "|".join(sorted(OPPOSITE, key=len, reverse=True)) + r")\b")


class Swapper:
    """Exchanges one thing of a question for another of the same kind that occurs in other questions of the same set."""

    def __init__(self, questions: Iterable[str], draw: random.Random) -> None:
        self._draw = draw
        self._names: dict[str, list[str]] = defaultdict(list)
        for question in questions:
            for match in NAME.finditer(question):
                self._names[_kind(question, match)].append(match.group())

    def swap(self, question: str, passage: str, title: str) -> str | None:
        """The question with one exchange whose new value stands neither in it nor in the passage; None where nothing can be exchanged."""
        ways = [self._year, self._number, self._name, self._name, self._direction]
        self._draw.shuffle(ways)
        for way in ways:
            if (changed := way(question, f"{title} {passage}")) is not None and changed != question:
                return changed
        return None

    def _year(self, question: str, passage: str) -> str | None:
        matches = [match for match in YEAR.finditer(question) if match.group() in passage]
        if not matches:
            return None
        match = self._draw.choice(matches)
        for _ in range(8):
            year = str(int(match.group()) + self._draw.choice([-30, -12, -7, -4, -3, -2, -1, 1, 2, 3, 4, 6, 9, 15, 40]))
            if year not in passage:
                return question[: match.start()] + year + question[match.end() :]
        return None

    def _number(self, question: str, passage: str) -> str | None:
        matches = [match for match in NUMBER.finditer(question) if match.group() in passage and not YEAR.fullmatch(match.group())]
        if not matches:
            return None
        match = self._draw.choice(matches)
        value = float(match.group().replace(",", ""))
        for _ in range(8):
            other = value * self._draw.choice([0.5, 0.8, 1.2, 1.5, 2, 3]) + self._draw.choice([-1, 0, 1, 2])
            text = f"{other:,.1f}" if "." in match.group() else f"{max(1, round(other)):,}"
            if text not in passage and text != match.group():
                return question[: match.start()] + text + question[match.end() :]
        return None

    def _name(self, question: str, passage: str) -> str | None:
        matches = [match for match in NAME.finditer(question) if match.group().split()[0] in passage]
        if not matches:
            return None
        match = self._draw.choice(matches)
        pool = self._names[_kind(question, match)]
        folded = passage.lower()
        for _ in range(12):
            other = self._draw.choice(pool)
            if other.lower() not in folded and other.split()[-1].lower() not in folded and other not in question:
                return question[: match.start()] + other + question[match.end() :]
        return None

    def _direction(self, question: str, passage: str) -> str | None:
        del passage
        matches = list(_DIRECTION.finditer(question))
        if not matches:
            return None
        match = self._draw.choice(matches)
        return question[: match.start()] + OPPOSITE[match.group()] + question[match.end() :]


def _kind(question: str, match: re.Match[str]) -> str:
    place = "place" if PLACE_BEFORE.search(question[: match.start()]) else "name"
    return f"{place}{min(2, len(match.group().split()))}"
