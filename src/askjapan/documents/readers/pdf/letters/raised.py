"""Decides what raised and lowered characters stand for: a note's number, an exponent, or just the end of an ordinal.

A note's number is written `[^4]`, before the note itself `[^4]:`, so that the two are linked as in other formats; an exponent `^2`;
neither ever touches a figure. A number is a note's where a note of that number begins on the page. Where none does, one
behind a word or a full stop is a note's (it may stand at the end of the work); one behind a unit, a single letter or a base of
one or two digits is an exponent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from askjapan.documents.readers.pdf.letters.layout import Laid
from askjapan.documents.readers.pdf.letters.pieces import Piece, is_japanese

NUMBERS = re.compile(r"\A\s*+\(?\d{1,3}(?:\s*+[,、–-]\s*+\d{1,3})*\)?")
SIGNS = re.compile(r"\A\s*+(?:[*＊∗⋆†‡§¶]+|\(?注?\d{1,3}[)）])")
ORDINAL = re.compile(r"\A\s*+(?:st|nd|rd|th|er|re|e|es|o|a|os|as|º|ª|TM|SM|®|™)", re.IGNORECASE)
MINUS = re.compile(r"\A\s*+[−–—-]\s*+\d{1,3}")
LABEL = re.compile(r"\A\s*+\(?(\d{1,3})[.)]?(?=\s|$)\s*")
UNIT = re.compile(r"(?:^|[^A-Za-z])(?:[kcdmμ]?m|mi|ft|in|yd|ha|s|W/m)$")
VARIABLE = re.compile(r"(?:^|[^A-Za-zα-ωΑ-Ω])[A-Za-zα-ωΑ-Ω]$")
BASE = re.compile(r"(?<![\d.,])\d{1,2}$")
ISOTOPE = re.compile(r"[A-Z][a-z]?(?![a-z])")
MOST_NOTES = 20  # that one marker points to
REACH = 40  # characters of a line before a raised one that tell what it is
LOWER_PART = 0.5  # of the page, where the notes are that have no raised number
SMALLER = 0.95  # of the usual size: notes are set so


@dataclass(frozen=True, slots=True)
class Notes:
    """Labels of one page: of the notes that begin on it, by the number of their line; and of markers that cannot be exponents."""

    bodies: dict[int, str] = field(default_factory=dict)
    markers: frozenset[str] = frozenset()


def notes_of(lines: Sequence[Laid], usual: float) -> Notes:
    """Find the lines of a page that begin a note, and the markers in its text that cannot be exponents.

    Args:
        lines: of the page.
        usual: type size of most of the work.
    """
    plain: set[str] = set()
    every: set[str] = set()
    lowest = float("inf")
    for line in lines:
        left, begun = "", False
        height = line.y
        for piece in line.pieces:
            for part in piece.parts:
                text = part.text.strip()
                if part.script == "raised" and NUMBERS.fullmatch(text) and begun:
                    every |= set(re.findall(r"\d+", text))
                    lowest = min(lowest, height)
                    plain |= set() if may_be_exponent(left) else set(re.findall(r"\d+", text))
                left, begun = f"{left}{part.text}"[-REACH:], begun or bool(text)
            left += " "
    bodies = {}
    heights = [line.y for line in lines if line.upright]
    floor = min(heights, default=0.0) + LOWER_PART * (max(heights, default=0.0) - min(heights, default=0.0))
    for number, line in enumerate(lines):
        if line.cells or not line.upright:
            continue
        is_below = line.y < lowest and line.size <= 1.02 * usual and line.y < floor
        if label := body_label(line, usual, every, below=is_below):
            bodies[number] = label
    return Notes(bodies, frozenset(plain))


def body_label(line: Laid, usual: float, markers: set[str], *, below: bool) -> str:
    """The number of the note that a line begins; empty if it begins none."""
    first = line.pieces[0].parts[0]
    rest = "".join(part.text for piece in line.pieces for part in piece.parts)[len(first.text) :].strip()
    small = line.size < SMALLER * usual
    if first.script == "raised" and NUMBERS.fullmatch(first.text) and rest:
        label = re.sub(r"\D", "", first.text)
        return label if small or label in markers or not ISOTOPE.match(rest) else ""
    if first.script:
        return ""
    text = " ".join(piece.text for piece in line.pieces)
    match = LABEL.match(text)
    if not match or match[1] not in markers or not below or not text[match.end() :].strip():
        return ""
    return match[1] if text[match.end()].isupper() or is_japanese(text[match.end()]) else ""


def may_be_exponent(left: str) -> bool:
    """Whether a raised number behind this text may be an exponent: it ends with a unit, a variable or a digit."""
    left = left[-REACH:]
    return bool(UNIT.search(left) or VARIABLE.search(left) or left[-1:].isdigit())


def written(piece: Piece, left: str, notes: Notes, known: frozenset[str]) -> str:
    """The text of a piece with its raised and lowered parts as what they stand for.

    Args:
        piece: of a line.
        left: the text of the line before it.
        notes: of the page.
        known: the labels of all notes in the work.
    """
    text, left = "", left[-REACH:]
    for at, part in enumerate(piece.parts):
        after = piece.parts[at + 1].text if at + 1 < len(piece.parts) else ""
        if not part.script:
            text += part.text
        elif part.script == "raised":
            text += raised(part.text, left + text[-REACH:], after, notes, known)
        else:
            text += lowered(part.text, left + text[-REACH:])
    return text


def raised(text: str, left: str, after: str, notes: Notes, known: frozenset[str]) -> str:
    """A raised stretch as text: a note's marker, an exponent, a fraction's part, or as it is."""
    left = left[-REACH:]
    lead, mark = text[: len(text) - len(text.lstrip())], text.strip()
    if ORDINAL.fullmatch(mark) or (not left.strip() and not after.strip()):
        return text
    if after[:1] in ("⁄", "/") and mark.isdecimal():  # a fraction
        return f"{lead or ' ' * left[-1:].isdigit()}{mark}"
    if SIGNS.fullmatch(mark):
        return marker(re.sub("[＊∗⋆]", "*", re.sub(r"[(注)）]", "", mark)))
    if MINUS.fullmatch(mark):
        return f"{lead}^{mark}"
    if not NUMBERS.fullmatch(mark):
        return text if len(mark) > 3 or not left[-1:].isalnum() or lead else f"^{mark}"
    if is_note(mark, f"{left}{lead}", after, notes, known):
        return "".join(marker(label) for label in labels_in(mark))
    return f"{lead}^{mark}"


def marker(label: str) -> str:
    """The marker of a note as Markdown has it."""
    return f"[^{label}]"


def labels_in(mark: str) -> list[str]:
    """The labels of "4", "4, 5" and "4–6"."""
    labels: list[str] = []
    for number in re.finditer(r"(?:([–-])\s*+)?(\d{1,9})", mark):
        first = int(labels[-1]) + 1 if number[1] and labels else int(number[2])
        labels += [*map(str, range(first, min(int(number[2]), first + MOST_NOTES))), number[2]]
    return labels


def is_note(mark: str, left: str, after: str, notes: Notes, known: frozenset[str]) -> bool:
    """Whether a raised number is a note's; else it is an exponent, or the mass number of an isotope."""
    labels = set(re.findall(r"\d+", mark))
    if (not left or left[-1:].isspace()) and ISOTOPE.match(after):
        return False
    if not may_be_exponent(left):
        return True
    if labels <= set(notes.bodies.values()):
        return not labels <= notes.markers
    if UNIT.search(left) or VARIABLE.search(left) or BASE.search(left):
        return False
    return not notes.bodies or labels <= known


def lowered(text: str, left: str) -> str:
    """A lowered stretch as text: behind an underscore where two numbers would run together."""
    return f"_{text.strip()}" if left[-1:].isdigit() and text.strip()[:1].isdigit() and text[:1] != " " else text


def labels_of(pages: Sequence[Notes]) -> frozenset[str]:
    """The labels of all notes of a document."""
    return frozenset(_labels(pages))


def _labels(pages: Sequence[Notes]) -> Iterator[str]:
    for page in pages:
        yield from page.bodies.values()
