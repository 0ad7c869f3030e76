"""What an answer says in askjapan's own words, in the language of the question."""

from __future__ import annotations

from askjapan.language.scripts import Language
from askjapan.records import Sentence
from askjapan.sayings import Saying, Value, sentences


def say(key: str, language: Language = "en", **values: Value) -> str:
    """A sentence with its values; `data/sayings.toml` has the codes."""
    return Saying.of(key, **values).said(language)


def framing(saying: Saying, language: Language) -> Sentence:
    """A sentence of an answer in askjapan's own words."""
    return Sentence(saying.said(language), "framing", saying=saying)


def theme(name: str) -> Saying | str:
    """The name of a theme; as it is where other languages have no name for it."""
    return Saying.of(f"theme_{name}") if f"theme_{name}" in sentences() else name
