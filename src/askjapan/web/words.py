"""The words of the interface in each language, from `static/words.json`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

LANGUAGES = {"en": "English", "ja": "日本語"}
# What askjapan says itself in an answer; `own_…` in words.json says the same on the page.
OWN = {
    "own_greeting": "Hello. Ask a question about Japan in the world; the answer is made of quotes from the works in this corpus.",
    "own_thanks": "You are welcome. Each number in an answer leads to the place where the quote stands.",
    "own_abilities": "I answer questions from the works in this corpus alone, in English, Japanese and other languages, with quotes "
    "that can be checked in the files, and say so when the corpus does not hold the answer.",
    "own_lacking": "Not in this corpus: looked for “{question}”. The nearest passages do not hold {lacking} together with the rest of "
    "the question.",
    "own_nothing": "Not in this corpus: looked for “{question}”. Nothing in it answers this closely enough to be quoted as an answer.",
    "own_nearest": "The nearest that the corpus says, which does not answer this:",
    "own_two_figures": "The corpus gives two figures for this, {first} and {second}; here is each as it stands, with what it counts.",
}
_PLACE = re.compile(r"\\\{(\w+)\\\}")


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

    def own(self, text: str) -> str:
        """A sentence of askjapan's own in this language; as it is where it is none of those known here."""
        for key, known in OWN.items():
            if found := re.fullmatch(_PLACE.sub(r"(?P<\1>.+)", re.escape(known)), text, re.DOTALL):
                return self.plain(key, **found.groupdict())
        return text


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
