"""Lists of words and phrases that patterns look for, a file a language: `data/words_en.toml` and `data/words_ja.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from askjapan.language.scripts import Language


def wordings(table: str, language: Language) -> Mapping[str, str]:
    """The lists of a table in the file of a language, by name; each as alternatives for a regular expression, such as "it|its|they"."""
    return {name: "|".join(listed) for name, listed in _tables(language)[table].items()}


@cache
def _tables(language: str) -> Mapping[str, Mapping[str, Sequence[str]]]:
    return tomllib.loads(files("askjapan.language").joinpath(f"data/words_{language}.toml").read_text(encoding="utf-8"))
