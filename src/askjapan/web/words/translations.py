"""The words of the interface in each language, from `static/words.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

from askjapan.errors import AskJapanError
from askjapan.sayings import ENGLISH, Saying, Value, filled

LANGUAGES = {"en": "English", "ja": "日本語"}
_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Words:
    """The interface in one language; calling it gives one text, safe to put into HTML."""

    language: str
    texts: dict[str, str]

    def __call__(self, key: str, **values: Value) -> str:
        """A text for HTML, its `{placeholders}` filled in."""
        return escape(self.plain(key, **values))

    def plain(self, key: str, **values: Value) -> str:
        """A text that is not escaped, as for a component's label; its placeholders are those of a saying."""
        return filled(self.texts[key], values, self.language)

    def theme(self, name: str) -> str:
        """Translate a theme of the works; an unknown one stays as it is."""
        return self.texts.get(f"theme_{name}", name)

    def form(self, name: str) -> str:
        """Translate the name of a form of export; a name that is the same in all languages stays as it is."""
        return self.texts.get(f"form_{name}", name)

    def language_name(self, code: str) -> str:
        """The name of a language by its code; the code itself where it is unknown."""
        return self.texts.get(f"language_{code}", code)

    def error(self, error: AskJapanError) -> str:
        """What an error says, and what to do next."""
        return self.said(error.saying) if self.language != ENGLISH else str(error)

    def said(self, saying: Saying) -> str:
        """What askjapan says; not escaped."""
        return saying.said(self.language)

    def source(self, origin: str) -> str:
        """The place where a fact of a work was found; a name of a file stays as it is."""
        return self.texts.get(f"source_{origin}", origin)


def words(language: str) -> Words:
    """The words of a language; English for one that the page does not speak."""
    # Only known names reach the cache: visitors send any text as a language.
    return _words(language if language in LANGUAGES else "en")


@cache
def _words(language: str) -> Words:
    everything = json.loads(files("askjapan.web").joinpath("static/words.json").read_text(encoding="utf-8"))
    return Words(language, everything[language])


def language_of(accept_language: str) -> str:
    """The language of a browser's `Accept-Language` that it likes best of those that the page speaks, else English."""
    liked: dict[str, float] = {}
    for part in accept_language.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        language = name.split("-")[0]
        if language in LANGUAGES:
            liked[language] = max(liked.get(language, 0.0), _quality(parameters))
    best = max(liked, key=lambda language: liked[language], default="en")
    return best if liked.get(best) else "en"


def _quality(parameters: Sequence[str]) -> float:
    """The `q` of a language, from 0 (not wanted) to 1; 1 where none is given, 0 where it is no such number."""
    given = next((value for name, _, value in (parameter.partition("=") for parameter in parameters) if name.strip() == "q"), "1")
    return float(given) if _QUALITY.fullmatch(given.strip()) else 0.0
