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
from askjapan.web.words.fault_words import fault, source, warning

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
    "own_no_place": "Not in this corpus: looked for “{question}”. No quote could be placed exactly in its file.",
    "own_no_word": "Not in this corpus: looked for “{question}”. It holds no word that could be looked for.",
    "own_no_sentence": "Not in this corpus: looked for “{question}”. The passages found hold no sentence that could be quoted.",
    "own_nearest": "The nearest that the corpus says, which does not answer this:",
    "own_two_figures": "The corpus gives two figures for this, {first} and {second}; here is each as it stands, with what it counts.",
}
_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?", re.ASCII)
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
        """A text that is not escaped, as for a component's label."""
        return self.texts[key].format(**values)

    def own(self, text: str) -> str:
        """Translate a sentence of askjapan's own; an unknown one stays as it is."""
        for key, known in OWN.items():
            if match := re.fullmatch(_PLACE.sub(r"(?P<\1>.+)", re.escape(known)), text, re.DOTALL):
                given = match.groupdict()
                if key == "own_lacking" and not _says(given["question"], given["lacking"]):
                    # What is lacking was looked for in another language, and its words say nothing to who asked in this one.
                    return self.plain("own_nothing", question=given["question"])
                return self.plain(key, **given)
        return text

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
        """Translate an error with its remedy."""
        return fault(self.language, str(error), type(error).__name__)

    def fault(self, told: str, kind: str = "") -> str:
        """Translate an error's message in English; `kind` is the name of the error's class."""
        return fault(self.language, told, kind)

    def warning(self, told: str) -> str:
        """Translate a reader's warning about a file."""
        return warning(self.language, told)

    def source(self, origin: str) -> str:
        """Translate the place where a fact of a work was found."""
        return source(self.language, origin)


def _says(question: str, lacking: str) -> bool:
    """Whether what is lacking stands in the question as it was asked."""
    return all(word in question.casefold() for word in re.findall(r"\w+", lacking.casefold()) if word not in ("and", "or"))


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
