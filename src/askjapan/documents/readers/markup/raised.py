"""Decides what a raised or lowered stretch of a line is: a note's marker, an exponent, an index or a fraction.

The converters put the marks below around such stretches and `resolve` turns them into plain text, once the line stands whole:
`[^3]` for a note's marker, `2^20` and `^14C` for exponents, `x_i` for indices (`CO2` where a figure hangs below a letter) and
`1 1/2` for fractions. A number that links to a note is always its marker; one without a link is judged by the text before it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

RAISED, LOWERED, END, FRACTION = "\x01", "\x02", "\x03", "\x04"
"""Marks that no file holds: the readers drop such characters. `FRACTION` stands before one and parts it from a whole number."""

NOTE = r"\[\^(?:\d{1,4}|[*†‡§¶]{1,3}|[A-Za-z][\w:.-]{0,31})\]"
_MARK = re.compile(r"[\x01-\x04]")
_ADJACENT = re.compile(r"\x03(\s*)\x01")
_FRACTION = re.compile(r"\x01\s*(\w{1,6})\s*\x03\s*[/⁄∕]\s*(?:\x02\s*(\w{1,6})\s*\x03|(\d{1,4})(?!\w))")
_NOTES = re.compile(rf"(?:[\[(]?{NOTE}[\])]?[\s,;]*)+")
_BRACKETED = re.compile(r"\[\s*(\d{1,4}|[a-z*†‡§¶])\s*\]")
_NUMBERS = re.compile(r"\d{1,3}(?:(?:\s*[,;–-]\s*|\s+)\d{1,3})*|[*†‡§¶]{1,3}")
_RANGE = re.compile(r"(\d{1,3})\s*[–-]\s*(\d{1,3})")
_LABEL = re.compile(r"\d{1,3}|[*†‡§¶]{1,3}")
_PLAIN_POWER = re.compile(r"[+−–-]?\w+(?:[.,]\d+)?[+−–-]?|[+−–-]")
_ELEMENT = re.compile(
    r"(?:A[glrstu]|B[aer]?|C[adelorsu]?|F[er]?|H[efg]?|I[nr]?|K[r]?|Li|M[gno]|N[abei]?|O[s]?|P[bdotu]?|R[abnu]|S[binr]?|T[chil]|U|Xe|Zn|Y)(?![a-z])"
)
_DEGREE_OF = re.compile(r"\s?[CF](?![A-Za-z])")
_UNITS = frozenset(
    "mm cm dm km nm µm μm mi ft in yd ha ac kg mg sec min hr mile miles metre metres meter meters kilometre kilometres kilometer "  # noqa: SIM905
    "kilometers centimetre centimetres centimeter centimeters inch inches foot feet yard yards acre acres sin cos tan log ln exp "
    "メートル キロメートル センチメートル センチ キロ".split()
)
_ORDINALS = frozenset("st nd rd th e er ère ème o a os as".split())  # noqa: SIM905
_SIGNS = frozenset({"®", "™", "TM", "SM", "℠", "©"})
_CLOSING = frozenset(")]）］")
_SENTENCE_MARKS = frozenset(".,;:!?…。、，．！？：；\"'”’»」』】〉》")
_YEAR_OR_COUNT = re.compile(r"(?<![\d.,])(?:1[5-9]\d\d|20\d\d|\d{1,3}(?:,\d{3})+(?:\.\d+)?|[2-9]\d{3,}|1(?!0+(?!\d))\d{3,})$")
_FORMULA_IN_BRACKETS = re.compile(r"\((?:[^()\s]|(?<=[+−–*/-])\s|\s(?=[+−–*/-])){1,24}\)$")
_OPERATOR = re.compile(r"[+−*/=^]|(?<=\w)[–-](?=\w)|^\(\w\)$")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
_WORDY = 24
_REACH = 40
_MOST_OF_A_RANGE = 20


def resolve(text: str, labels: Collection[str] = ()) -> str:
    """A line with the marks above as plain text.

    Args:
        text: the line; marks may be nested, as in a power of a power.
        labels: the numbers of the notes whose text is there but not linked.
    """
    if _MARK.search(text) is None:
        return text
    text = _FRACTION.sub(lambda match: f"{FRACTION}{match.group(1)}/{match.group(2) or match.group(3)}", text)
    text = _ADJACENT.sub(r"\1", text)
    levels: list[tuple[str, list[str]]] = [("", [])]
    place = 0
    for match in _MARK.finditer(text):
        levels[-1][1].append(text[place : match.start()])
        place = match.end()
        if match.group() in (RAISED, LOWERED):
            levels.append((match.group(), []))
        elif match.group() == FRACTION:
            levels[-1][1].append(" " if _tail(levels[-1][1])[-1:].isdigit() else "")
        elif len(levels) > 1:
            kind, parts = levels.pop()
            before, after = _tail(levels[-1][1]), _MARK.sub("", text[place : place + 8])
            content = "".join(parts)
            levels[-1][1].append(raised(before, content, after, labels) if kind == RAISED else lowered(before, content))
    return "".join(part for _, parts in levels for part in parts) + text[place:]


def _tail(parts: list[str]) -> str:
    tail = ""
    for part in reversed(parts):
        tail = part[-_REACH:] + tail
        if len(tail) >= _REACH:
            break
    return tail


def raised(before: str, content: str, after: str, labels: Collection[str] = ()) -> str:
    """Plain text of a raised stretch, by what stands before and after it on its line."""
    text = content.strip()
    if not text or (len(text) > _WORDY and " " in text):
        return content
    if _NOTES.fullmatch(text):
        return content.replace(text, "".join(re.findall(NOTE, text)), 1)
    if text in _SIGNS:
        return content
    if text in ("o", "0", "º", "°") and before[-1:].isdigit() and _DEGREE_OF.match(after):
        return "°"
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed:
        return f"[^{bracketed.group(1)}]"
    if _NUMBERS.fullmatch(text) and _is_note(before, text, after, labels):
        return "".join(f"[^{label}]" for label in _labels(text))
    return _letters(before, text) if text.isalpha() else _power(text)


def lowered(before: str, content: str) -> str:
    """Plain text of a lowered stretch: an index is marked where it would run into a figure or a word."""
    text = content.strip()
    base = before[-1:]
    if not text or " " in text or not base.isalnum():
        return content
    figure = text[0].isdigit()
    return text if figure and base.isalpha() else f"_{text}" if text.isalnum() else f"_({text})"


def note_labels(text: str) -> list[str]:
    """The labels of the notes that a raised text names ("3", "1,2", "3–5", "*"); none if it names no note."""
    return _labels(text.strip()) if _NUMBERS.fullmatch(text.strip()) else []


def _labels(text: str) -> list[str]:
    def spelled_out(match: re.Match[str]) -> str:
        first, last = int(match.group(1)), int(match.group(2))
        return ",".join(map(str, range(first, last + 1))) if first < last < first + _MOST_OF_A_RANGE else f"{first},{last}"

    return _LABEL.findall(_RANGE.sub(spelled_out, text))


def _power(text: str) -> str:
    return f"^{text}" if _PLAIN_POWER.fullmatch(text) or (text[0] == "(" and text[-1] == ")") else f"^({text})"


def _letters(before: str, text: str) -> str:
    """Raised letters: the ending of an ordinal or an abbreviation joins its word, a table's note is a marker, others are powers."""
    stem = _stem(before)
    if not stem:
        return text
    if stem[0].isdecimal():
        if len(text) == 1 and text in "abcdefgh" and len(stem) > 1:
            return f"[^{text}]"
        return text if text.lower() in _ORDINALS or len(text) > 2 else _power(text)
    if len(stem) > 1:
        return f"[^{text}]" if len(text) == 1 and text in "abcdefgh" and len(stem) > 2 else text
    abbreviated = (stem.isupper() and len(text) > 1 and text.islower()) or (stem in "nN" and text == "o")
    return text if abbreviated or (not stem.isascii() and len(text) > 1) else _power(text)


def _stem(before: str) -> str:
    """The letters, or the figure with its commas and points, that a text ends in."""
    start = len(before)
    while start and before[start - 1].isalnum() and not before[start - 1].isdecimal():
        start -= 1
    if start < len(before):
        return before[start:]
    while start and (before[start - 1].isdecimal() or before[start - 1] in ",."):
        start -= 1
    return before[start:].lstrip(",.")


def _is_note(before: str, text: str, after: str, labels: Collection[str]) -> bool:
    last = before[-1:]
    first = (_LABEL.match(text) or [text])[0]
    if not last or last.isspace() or last in "(（「『“‘[":
        return _ELEMENT.match(after) is None and not after[:1].isdigit()
    if len(text) > len(first) or not text.isdigit() or last in _SENTENCE_MARKS:
        return True
    if last in _CLOSING:
        formula = _FORMULA_IN_BRACKETS.search(before)
        return formula is None or _OPERATOR.search(formula.group()) is None
    stem = _stem(before)
    if stem[:1].isdecimal():
        return bool(_YEAR_OR_COUNT.search(before)) or (first in labels and stem not in ("2", "10"))
    if stem and _CJK.match(stem[-1]):
        return not any(before.endswith(unit) for unit in _UNITS if _CJK.match(unit))
    if len(stem) == 1 or stem in _UNITS:
        return first in labels and int(first) > 3
    return True
