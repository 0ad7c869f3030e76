"""The words of the interface in each language, from `static/words.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

LANGUAGES = {"en": "English", "ja": "日本語"}


@dataclass(frozen=True, slots=True)
class Words:
    """The interface in one language; calling it gives one text, safe to put into HTML."""

    language: str
    texts: dict[str, str]

    def __call__(self, key: str, **values: str) -> str:
        """A text for HTML, its `{placeholders}` filled in."""
        return escape(self.plain(key, **values))

    def plain(self, key: str, **values: str) -> str:
        """A text for a component's label."""
        return self.texts[key].format(**values)


@cache
def words(language: str) -> Words:
    """The words of a language; English for one that the page does not speak."""
    language = language if language in LANGUAGES else "en"
    everything = json.loads(files("askjapan.web").joinpath("static/words.json").read_text(encoding="utf-8"))
    return Words(language, everything[language])


def language_of(accept_language: str) -> str:
    """The first language of a browser's `Accept-Language` that the page speaks, else English."""
    for part in accept_language.split(","):
        name = part.split(";")[0].strip().lower().split("-")[0]
        if name in LANGUAGES:
            return name
    return "en"
