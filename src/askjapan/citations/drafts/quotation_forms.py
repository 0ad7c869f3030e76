"""The forms in which a quotation of a draft is looked for: normalised, as a whole and in its pieces between omissions, and its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askjapan.citations.drafts.word_differences import GAP, Word, words_of
from askjapan.language.quotation import normalise

MOST_PIECES = 40
"""Most pieces between omissions that are looked for or aligned; a quotation with more is only looked for as it stands."""
_AT_END = ".,;:!?。、，．"
_SIC = re.compile(r"(?:(?<!\s)\s++)?(?:\[(?:sic!?|ママ)\]|［ママ］)", re.IGNORECASE)
_LETTER_CHANGED = re.compile(r"\[(\w)\](?=\w)")
_OMITTED = re.compile(
    r"(?:(?<!\s)\s++)?(?:[\[(〔［（【]\s*(?:…+|\.\s?\.\s?\.(?:\s?\.)?|[前中後]?略)\s*[\])〕］）】]|…+|\.\s?\.\s?\.(?:\s?\.)?|\[[^\[\]]{1,80}\]|［[^［］]{1,80}］)\s*"
)


@dataclass(frozen=True, slots=True)
class Forms:
    """A quotation normalised: its `ways` are tried in order, each the pieces that stand one behind the other.

    `bare` are the same ways without hyphens. A text without hyphens that holds none of the `probes` holds the quotation in no way.
    """

    ways: Sequence[Sequence[str]]
    bare: Sequence[Sequence[str]]
    probes: Sequence[str]


def forms_of(text: str) -> Forms:
    """The forms of a quotation; a piece that is empty in them stands nowhere or everywhere, as in a search."""
    pieces = [piece for piece in _OMITTED.split(_SIC.sub("", _LETTER_CHANGED.sub(r"\1", text))) if normalise(piece)]
    ways = [[text], pieces] if 0 < len(pieces) <= MOST_PIECES and pieces != [text] else [[text]]
    bare = [_ended([normalise(piece).replace("-", "") for piece in way]) for way in ways]
    # The first letter's case may differ.
    probes = [max(way, key=len)[1:] for way in bare]
    return Forms([_ended([normalise(piece) for piece in way]) for way in ways], bare, probes)


def compared_words(text: str) -> list[Word]:
    """The words of a quotation that are aligned, with `GAP` for each omission and insertion, "[sic]" among them."""
    return words_of(_OMITTED.sub(f" {GAP} ", _LETTER_CHANGED.sub(r"\1", text)))


def _ended(way: list[str]) -> list[str]:
    way[-1] = way[-1].rstrip(_AT_END) or way[-1]
    return way
