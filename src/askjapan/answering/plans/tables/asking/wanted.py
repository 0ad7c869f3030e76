"""Reads what a question wants of a table: the words to be found, its years, and whether the most, a change, a comparison or a total."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askjapan.answering.plans.tables.asking.superlatives import Superlative, superlative
from askjapan.answering.plans.tables.whole.cells import SHARE
from askjapan.language.terms import STOP_WORDS
from askjapan.language.wordings import wordings
from askjapan.language.years import years_in

_EN, _JA = wordings("asked_of_tables", "en"), wordings("asked_of_tables", "ja")
CHANGE = re.compile(
    rf"\b(?:{wordings('lookup', 'en')['change']}|{_EN['change']})\b|{wordings('lookup', 'ja')['change']}", re.IGNORECASE
)
"""Whether a question, or a column's name, is about a change."""
TOTAL = re.compile(rf"\b(?:{_EN['total']})\b|{_JA['total']}", re.IGNORECASE)
RATE = re.compile(rf"\bper\b|\brates?\b|\baverage\b|\bmean\b|{_JA['rate']}", re.IGNORECASE)
"""Whether a question, or a column's name, is about a rate."""
_COMPARES = re.compile(rf"\b(?:{_EN['compares']})\b|{_JA['compares']}", re.IGNORECASE)
_MORE = re.compile(r"\b(?:more|less|fewer|better|worse|\w++(?<=[a-z]er))\b", re.IGNORECASE)
_OR = re.compile(r"\bor\b(?! (?:more|less|fewer|later|over)\b)", re.IGNORECASE)
_EITHER = re.compile(_JA["alternatives"])
PART_OF = re.compile(rf"\b(?:{_EN['part_of']})\b|{_JA['part_of']}", re.IGNORECASE)
"""Whether a question asks what part of a whole something is."""
BOUNDS = re.compile(
    rf"\b(?:{_EN['within']})\s+(?:the\s+years?\s+)?\d{{4}}|\d{{4}} ?(?:to|[-–]) ?\d{{4}}|\d年?(?:以降|以来|以後|から)",
    re.IGNORECASE,
)
"""Whether the years of a question are bounds: since 2005, between 1990 and 1995."""
_EMPTY = re.compile(rf"(?:{_EN['empty']})")
_OPPOSITES = [
    tuple(re.compile(rf"\b(?:{side})\b", re.IGNORECASE) for side in pair.split("/")) for pair in _EN["opposites"].split("|")
]
_SOFT = re.compile(rf"(?:{_EN['soft']})")
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")
_COUNTED = wordings("follow_up", "en")["counted"]
_LATER = re.compile(rf"\b({_COUNTED}|\d{{1,2}}) years? (?:on|later|after(?:wards?)?)\b", re.IGNORECASE)
_NUMBERS = {word: n for n, word in enumerate(_COUNTED.split("|"), start=1)}
_DEGREE = re.compile(r"\b[Hh]ow ([a-z]+(?<!s))\b")
"""How little, how steeply; a thing that is counted would be a plural."""
_FIRST = re.compile(r"\bfirst\b|初めて", re.IGNORECASE)
_WHEN = re.compile(r"\bwhen did\b", re.IGNORECASE)
_PASSES = re.compile(r"\b(?:pass|exceed|reach)\b", re.IGNORECASE)
_SHARE_REACHED = re.compile(
    r"\bhalf\b|\b(?:a|one) (?:third|quarter)\b|(?<![\d.])(\d++(?:\.\d++)?+) ?(?:%|per ?cent)|半分|半数", re.IGNORECASE
)
_FRACTIONS = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "半分": 50.0, "半数": 50.0}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question wants of a table.

    `words` are the places of its content words in `text`. `within` says that its years are bounds; `reached` is the share in percent that
    is passed for the first time.
    """

    text: str
    words: tuple[tuple[int, int], ...]
    years: tuple[str, ...]
    extreme: Superlative | None
    changes: bool
    compares: bool
    sums: bool
    shares: bool
    within: bool
    reached: float | None


def wanted(text: str, question: str) -> Wanted:
    """Read a question: `text` as it is compared with a table, `question` as it was asked where `text` is its English gloss, else the same."""
    extreme = superlative(text) or superlative(question)
    years = list(years_in(text))
    if len(years) == 1 and (match := _LATER.search(text)):
        later = match.group(1).lower()
        years.append(str(int(years[0]) + (int(later) if later.isdigit() else _NUMBERS[later])))
    both = f"{text} {question}"
    manner = [match.span() for pattern in (_DEGREE, _LATER) for match in pattern.finditer(text)]
    rest = set(_WORD.findall(extreme.rest if extreme.rest.isascii() else text)) if extreme else set(_WORD.findall(text))
    return Wanted(
        text,
        tuple(
            match.span()
            for match in _WORD.finditer(text)
            if _counts(match.group()) and match.group() in rest and not any(a <= match.start() < b for a, b in manner)
        ),
        tuple(years),
        extreme,
        bool(CHANGE.search(both)),
        bool(_COMPARES.search(both)),
        bool(TOTAL.search(text)),
        bool(SHARE.search(both)),
        bool(BOUNDS.search(both)),
        _reached(both) if _FIRST.search(both) or (_WHEN.search(text) and _PASSES.search(text)) else None,
    )


def asks_which(question: str) -> bool:
    """Whether a question asks which of two is more: "Do trams or buses carry more people?", どちら."""
    return bool(_EITHER.search(question)) or bool(_MORE.search(question) and _OR.search(question))


def is_opposed(question: str, told: str) -> bool:
    """Whether a question asks for one of two opposites, such as imports, and what is told is only of the other."""
    for one, other in (*_OPPOSITES, *((b, a) for a, b in _OPPOSITES)):
        if one.search(question) and not other.search(question) and other.search(told) and not one.search(told):
            return True
    return False


def is_soft(word: str) -> bool:
    """Whether a word may name a column but says too little for a table to have to meet it: people, persons."""
    return bool(_SOFT.fullmatch(word.lower()))


def _counts(word: str) -> bool:
    """Whether a word says what a question is about."""
    bare = word.lower()
    return not (bare in STOP_WORDS or word.isdigit() or len(word) < 2 or _EMPTY.fullmatch(bare) or CHANGE.fullmatch(bare))


def _reached(text: str) -> float | None:
    match = _SHARE_REACHED.search(text)
    if match is None:
        return None
    if match.group(1):
        return float(match.group(1))
    return next(value for word, value in _FRACTIONS.items() if word in match.group().lower())
