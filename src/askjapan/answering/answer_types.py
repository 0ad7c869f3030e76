"""Which kinds of answer a text holds: figures, shares, money, dates, people, causes."""

from __future__ import annotations

import re

from askjapan.answering.question import NAME, YEAR, Asked
from askjapan.language.terms import fold, terms

_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
FIGURE = re.compile(
    r"(?<![\w.,])\d[\d,]*(?:\.\d+)?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half|third|quarter|doubled|tripled|twice)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"\d\s?(?:%|％|per ?cent|パーセント)|\b(?:half|quarter|one[- ]third|two[- ]thirds|majority|\d+ out of \d+)\b", re.IGNORECASE
)
_MONEY = re.compile(
    r"(?:\$|¥|€|£)\s?\d|\d[\d,.]*\s(?:million |billion |trillion )?(?:yen|dollars?|euros?)|\b(?:million|billion|trillion)\b",
    re.IGNORECASE,
)
_DATE = re.compile(rf"\b{_MONTH}\b|(?<![\d.,])(?:1[5-9]|20)\d\d(?!\d)", re.IGNORECASE)
_PERSON = re.compile(
    r"\b(?:Mr|Dr|Professor|President|Prime Minister|Governor|Mayor|Minister)\b|\b[A-Z][a-zāēīōū]+ (?:[A-Z]\. )?[A-Z][a-zāēīōū]+"
)
CAUSE = re.compile(
    r"\b(?:because|owing to|due to|reasons?|since|as a result|result(?:ed|s|ing)? (?:in|from)|caus\w+|therefore|thus|led to|lead to|leads to|in order to|so that|thanks to|hence|consequence\w*|driven by|attribut\w+|forc\w+|because of|explain\w*)\b",
    re.IGNORECASE,
)
DEFINING = re.compile(
    r"\b(?:is|are|was) (?:a|an|the|defined|called|known|understood|one)\b|\b(?:means?|meaning|refers? to|defin\w+|known as|so-called|called|in other words|i\.e\.|that is|consist\w*|termed|stands for|namely|dubbed)\b|[(“\"]",
    re.IGNORECASE,
)
CONTRAST = re.compile(
    r"\b(?:than|while|whereas|but|however|compared|contrast|unlike|although|although|though|more|less|higher|lower|only|both|on the other hand|by comparison|instead|differ\w*|versus|rather)\b",
    re.IGNORECASE,
)
LISTING = re.compile(
    r"(?:,[^,;]{2,60}){2,}|;|\b(?:first|second|third|firstly|secondly|finally|include[sd]?|including|such as|as well as|follow\w*|also)\b|\(\d\)|①",
    re.IGNORECASE,
)
POINTING = re.compile(
    r"^(?:[\"“(]?)(?:this|that|these|those|it|he|she|they|such|his|her|their|its|there|in this|in that|as a result|thus|therefore|hence|however|but|moreover|in addition|for example|for instance|also|the former|the latter|both|another|instead|similarly|likewise|and|so|on the other hand)\b",
    re.IGNORECASE,
)


def _fresh(pattern: re.Pattern[str], text: str, question: Asked) -> bool:
    return any(fold(m.group()) not in question.folded for m in pattern.finditer(text))


def types_found(question: Asked, text: str) -> dict[str, bool]:
    """Which kinds of answer a text holds beyond the question's own words, for the kinds that the question asks for."""
    found: dict[str, bool] = {}
    asks = question.asks
    if "percent" in asks:
        found["percent"] = _fresh(_PERCENT, text, question) or ("\t" in text and _fresh(FIGURE, text, question))
    if "money" in asks:
        found["money"] = _fresh(_MONEY, text, question) or ("\t" in text and _fresh(FIGURE, text, question))
    if "number" in asks:
        found["number"] = any(
            fold(m.group()) not in question.folded and not YEAR.fullmatch(m.group()) for m in FIGURE.finditer(text)
        )
    if "date" in asks:
        found["date"] = _fresh(_DATE, text, question)
    if "person" in asks:
        found["person"] = _fresh(_PERSON, text, question)
    if asks & {"name", "place"} and not asks & {"number", "date", "percent", "money", "cause", "how"}:
        found["name"] = any(
            m.group()[0].isupper() and not set(terms(m.group())) <= question.stems for m in list(NAME.finditer(text))[1:]
        )
    if "cause" in asks:
        found["cause"] = bool(CAUSE.search(text))
    return found
