"""Messages in askjapan's own words, in the language of the question."""

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
    """The language of the reply to a question."""
    return "ja" if is_japanese(question) else "en"


def say(key: str, language: Language = "en", **values: object) -> str:
    """A message with its placeholders filled in.

    Raises:
        KeyError: there is no such message, or a value is missing.
    """
    return template(key, language).format(**values)


def template(key: str, language: Language = "en") -> str:
    """A message with its placeholders.

    Raises:
        KeyError: there is no such message.
    """
    return _messages()[language][key]


def theme(name: str, language: str) -> str:
    """The name of a theme in a language; unchanged where there is no translation of it."""
    return _messages().get(language, {}).get(f"theme_{name}", name)
