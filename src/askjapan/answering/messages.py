"""What askjapan says itself in an answer, in the language of the question."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from askjapan.language.scripts import is_japanese

Language = Literal["en", "ja"]


@cache
def _messages() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("askjapan.answering").joinpath("data/messages.toml").read_text(encoding="utf-8"))


def spoken(question: str) -> Language:
    """The language in which a question is replied to."""
    return "ja" if is_japanese(question) else "en"


def say(key: str, language: Language = "en", **values: object) -> str:
    """A message with its places filled in.

    Raises:
        KeyError: there is no such message, or a value is missing.
    """
    return template(key, language).format(**values)


def template(key: str, language: Language = "en") -> str:
    """A message with its places open."""
    return _messages()[language][key]


def theme(name: str, language: str) -> str:
    """A theme of the works in a language; as it is where it is none of those known here, or in English."""
    return _messages().get(language, {}).get(f"theme_{name}", name)
