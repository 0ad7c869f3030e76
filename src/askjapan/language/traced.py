"""Tracks offsets through changes of a text: each character of the changed text knows its place in the source."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traced:
    """A changed text; `places[i]` is the offset in the source of the character that `text[i]` comes from.

    `places` has one entry more than the text has characters: the length of the source.
    """

    text: str
    places: array[int]

    @classmethod
    def of(cls, source: str) -> Traced:
        """Trace a text that is not changed yet."""
        return cls(source, array("L", range(len(source) + 1)))

    def sub(self, pattern: re.Pattern[str], replacement: str | Callable[[re.Match[str]], str]) -> Traced:
        """Replace each match of a pattern; the replacement is literal, and its characters come from where the match begins."""
        pieces: list[str] = []
        places = array("L")
        end = 0
        for match in pattern.finditer(self.text):
            new = replacement if isinstance(replacement, str) else replacement(match)
            pieces += [self.text[end : match.start()], new]
            places += self.places[end : match.start()]
            places += array("L", [self.places[match.start()]]) * len(new)
            end = match.end()
        if not end and not pieces:
            return self
        pieces.append(self.text[end:])
        places += self.places[end:]
        return Traced("".join(pieces), places)

    def translate(self, table: Mapping[str, str]) -> Traced:
        """Replace each character by its entry in the table; one without an entry stays."""
        new = [table.get(character, character) for character in self.text]
        text = "".join(new)
        if len(text) == len(self.text):
            return Traced(text, self.places)
        places = array("L")
        for place, piece in zip(self.places, new, strict=False):
            places += array("L", [place]) * len(piece)
        places.append(self.places[-1])
        return Traced(text, places)

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the source that `text[start:end]` comes from; the stretch must not be empty."""
        return self.places[start], self.places[end - 1] + 1

    def moved(self, by: int) -> Traced:
        """Add a number of characters to all places, as for a source that begins so much earlier."""
        return Traced(self.text, array("L", (place + by for place in self.places)))


def joined(parts: Iterable[Traced]) -> Traced:
    """Join stretches of one source, in order."""
    pieces: list[str] = []
    places = array("L")
    end = 0
    for part in parts:
        pieces.append(part.text)
        places += part.places[:-1]
        end = part.places[-1]
    places.append(end)
    return Traced("".join(pieces), places)
