"""Translates errors into the language of the page: by the sentence where it is a known one, else by the kind of error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from askjapan import errors
from askjapan.errors import AskJapanError

ENGLISH = "en"
_PAGES = re.compile(r"(?<![\d–])[\d–]++(?:(?:, | and )[\d–]++)+")
_LISTED = re.compile(r", | and ")


@dataclass(frozen=True, slots=True)
class FaultWords:
    """The sentences of one language: by kind of error, by a pattern of the English sentence, and where a fact was found."""

    kinds: Mapping[str, str]
    messages: tuple[tuple[re.Pattern[str], str], ...]
    sources: Mapping[str, str]
    warning: str

    def say(self, told: str, kind: str = "") -> str:
        """Translate an English message; without a `kind`, the kind is recognised by its default remedy."""
        return self.known(told) or self.kinds.get(kind or _kind_of(told), "") or self.kinds["AskJapanError"]

    def known(self, told: str) -> str:
        """Translate an English message that is known; empty for any other."""
        for pattern, sentence in self.messages:
            if match := pattern.fullmatch(told):
                return sentence.format(
                    *(_LISTED.sub("、", group) if _PAGES.fullmatch(group) else group for group in match.groups())
                )
        return ""


def fault(language: str, told: str, kind: str = "") -> str:
    """Translate an error's message into a language; for English it stays as it is."""
    return told if language == ENGLISH else _words(language).say(told, kind)


def warning(language: str, told: str) -> str:
    """Translate a reader's warning about a file into a language; an unknown one becomes a general warning."""
    return told if language == ENGLISH else _words(language).known(told) or _words(language).warning


def source(language: str, origin: str) -> str:
    """Translate the place where a fact of a work was found; a name of a file stays as it is."""
    return origin if language == ENGLISH else _words(language).sources.get(origin, origin)


def kinds() -> Iterator[type[AskJapanError]]:
    """All kinds of errors, the nearest to the root first."""
    waiting: list[type[AskJapanError]] = [AskJapanError]
    while waiting:
        kind = waiting.pop(0)
        yield kind
        waiting += [other for other in vars(errors).values() if isinstance(other, type) and other.__base__ is kind]


def _kind_of(told: str) -> str:
    """The kind whose remedy a sentence ends with; empty where there is none."""
    return next((kind.__name__ for kind in kinds() if kind.default_remedy and told.endswith(kind.default_remedy)), "")


@cache
def _words(language: str) -> FaultWords:
    data = json.loads(files("askjapan.web").joinpath("static/faults.json").read_text(encoding="utf-8"))[language]
    messages = tuple((re.compile(pattern, re.DOTALL), sentence) for pattern, sentence in data["messages"])
    return FaultWords(data["kinds"], messages, data["sources"], data["warning"])
