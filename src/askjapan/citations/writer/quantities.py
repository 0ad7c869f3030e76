"""Splits text into tokens and reads figures as values: scales multiplied in, spelled-out numbers and separators folded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from askjapan.citations.writer.vocabulary import (
    BEFORE_A_DATE,
    BEFORE_A_YEAR,
    CURRENCIES,
    MONTHS,
    NUMBER_WORDS,
    ONES,
    SCALES,
    SHORT_MONTHS,
    TENS,
    UNITS,
)

_FOLDED = str.maketrans("’‘ʼ−‐‑–—", "'''----;")
_SCRIPT_BREAK = re.compile(r"(?<=[぀-ヿ㐀-鿿])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[぀-ヿ㐀-鿿])")
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴-⁹]+")
_THIN_THOUSANDS = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_TOKEN = re.compile(
    rf"(?P<tens>\b(?:{'|'.join(TENS)})-(?:{'|'.join(ONES[1:10])})\b)"
    r"|(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![^\W_]))"
    r"|(?P<word>[^\W_]+(?:'[^\W_]+)*)"
    r"|(?P<mark>[.;:!?,()\n%¥$€£。、\-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a value: its scale multiplied in, spelled-out numbers and separators folded.

    `kind` is "percent", "points" or empty; `unit` is the measure or currency that stands with it, where one does; `loud` is false
    for small numbers written as words, which often count nothing ("one of them"). `year` says whether it is a year: "maybe" for
    "1998 boats" and for a table's cell; `dated` that it stands where a year would, as in "in 434". `lead` is the
    word or dash before it.
    """

    value: Decimal
    kind: str
    unit: str
    shown: str
    loud: bool = True
    year: Literal["yes", "no", "maybe"] = "no"
    dated: bool = False
    lead: str = ""

    @property
    def is_year(self) -> bool:
        return self.year == "yes"

    def is_in(self, figures: Iterable[Quantity]) -> bool:
        """Whether one of a quote's figures says the same."""
        return any(self.says(other) for other in figures)

    def says(self, quoted: Quantity) -> bool:
        """Whether this figure agrees with a quoted one: same value and kind, no other unit, and no count made of a year."""
        units_differ = bool(self.unit and quoted.unit) and self.unit != quoted.unit
        years_differ = self.year != quoted.year and quoted.year != "maybe"
        role_differs = units_differ or years_differ or (self.dated and not quoted.dated)
        return self.value == quoted.value and self.kind == quoted.kind and not role_differs


def plain(text: str) -> str:
    """Normalise a text for `tokens_of`: half width, straight quotes, thin spaces in numbers as commas, ISO dates in words.

    A raised digit never joins the number before it.
    """
    text = _SUPERSCRIPT.sub(lambda match: "^" + unicodedata.normalize("NFKC", match.group()), text)
    text = unicodedata.normalize("NFKC", _THIN_THOUSANDS.sub(",", text)).translate(_FOLDED)
    return _SCRIPT_BREAK.sub(" ", _ISO_DATE.sub(_date_in_words, text))


def _date_in_words(match: re.Match[str]) -> str:
    return f"{match[1]} {MONTHS[min(12, max(1, int(match[2]))) - 1].title()} {int(match[3])}"


def tokens_of(text: str) -> list[re.Match[str]]:
    """The numbers, words and marks of a text that `plain` gave, in order; groups `number`, `tens`, `word` and `mark`."""
    return list(_TOKEN.finditer(text))


def figure_at(tokens: list[re.Match[str]], place: int, text: str) -> tuple[Quantity | None, int]:
    """The figure that begins at a token, and how many tokens it takes; (None, 1) where none begins."""
    token = tokens[place]
    value, loud = _value(token, tokens[place + 1].group().lower() if place + 1 < len(tokens) else "")
    if value is None:
        return None, 1
    if place and tokens[place - 1].group() == "-" and not text[: tokens[place - 1].start()][-1:].strip():
        value = -value
    end = place + 1
    while end < len(tokens) and tokens[end].group().lower() in SCALES and _adjoin(tokens, end, text):
        value *= SCALES[tokens[end].group().lower()]
        loud = True
        end += 1
    kind, end = _kind(tokens, end)
    unit = UNITS.get(tokens[end].group().lower(), "") if end < len(tokens) and tokens[end]["word"] else ""
    if place and tokens[place - 1].group() in CURRENCIES:
        unit = CURRENCIES[tokens[place - 1].group()]
    shown = text[token.start() : tokens[end - 1].end()]
    figure = Quantity(value, kind, unit, shown, loud)
    year = _year(figure, tokens, place)
    counted = end < len(tokens) and bool(tokens[end]["word"]) and _adjoin(tokens, end, text)
    dated = (
        year == "no" and loud and not kind and not counted and place > 0 and tokens[place - 1].group().lower() in BEFORE_A_DATE
    )
    return replace(figure, year=year, dated=dated, lead=_lead(tokens, place)), end - place


def _lead(tokens: list[re.Match[str]], place: int) -> str:
    """The word, or the dash, before a figure and its currency sign."""
    before = next((token.group().lower() for token in reversed(tokens[:place]) if token.group() not in CURRENCIES), "")
    return before if before.isalpha() or before == "-" else ""


def _adjoin(tokens: list[re.Match[str]], place: int, text: str) -> bool:
    return text[tokens[place - 1].end() : tokens[place].start()].strip(" \t-") == ""


def _year(figure: Quantity, tokens: list[re.Match[str]], place: int) -> Literal["yes", "no", "maybe"]:
    if figure.kind or figure.unit or not (figure.shown.isdigit() and len(figure.shown) == 4 and 1000 <= figure.value < 2200):
        return "no"
    before = tokens[place - 1].group().lower() if place else ""
    after = str(tokens[place + 1]["word"] or "") if place + 1 < len(tokens) else ""
    # "1998 boats" counts, "1998 年" does not.
    counts = after[:1].isascii() and bool(after)
    placed = (
        before in BEFORE_A_YEAR or SHORT_MONTHS.get(before, before) in MONTHS or not before[-1:].isalnum() or before.isdigit()
    )
    return "yes" if placed or not counts else "maybe"


def _value(token: re.Match[str], following: str) -> tuple[Decimal | None, bool]:
    if token["number"]:
        return Decimal(token["number"].replace(",", "")), True
    if token["tens"]:
        tens, ones = token["tens"].lower().split("-")
        return Decimal(NUMBER_WORDS[tens] + NUMBER_WORDS[ones]), True
    number = NUMBER_WORDS.get((token["word"] or "").lower())
    if number is None or (number == 1 and following in ("of", "another")):
        return None, False
    return Decimal(number), number > 12


def _kind(tokens: list[re.Match[str]], end: int) -> tuple[str, int]:
    following = [token.group().lower() for token in tokens[end : end + 3]]
    length = 2 if following[:2] == ["per", "cent"] else 1 if following[:1] in (["%"], ["percent"], ["percentage"]) else 0
    if not length:
        return "", end
    if following[length : length + 1] in (["point"], ["points"]):
        return "points", end + length + 1
    return "percent", end + length
