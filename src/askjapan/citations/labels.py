"""The words that stand around quotes in texts, copies and exported files, in each language: `data/labels.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from askjapan.language.scripts import is_japanese
from askjapan.sayings import ENGLISH, Saying, Value, filled

JAPANESE = "ja"
_PART = re.compile(r"([A-Za-z]+|¶)(.*)")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one language; calling it gives one, with its values put in."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, /, **values: Value) -> str:
        """A label; not escaped for any format."""
        return filled(self.texts[key], values, self.language)

    def in_brackets(self, text: str) -> str:
        """A remark behind a text; nothing where there is none."""
        return self("in_brackets", text=text) if text else ""

    def own(self, saying: Saying | None, told: str) -> str:
        """What askjapan says itself; as it was `told` in an answer of another version, which has no code for it, or an unknown one."""
        return saying.said(self.language) if saying and saying.is_known else told

    def part_of_work(self, locator: str) -> str:
        """A study note's locator for reading: "§3,AnnexTable" is "§3, Annex Table"."""
        return self("list_comma").join(map(self._part, filter(None, locator.split(","))))

    def _part(self, part: str) -> str:
        named = _PART.fullmatch(part)
        key = f"part_{named.group(1).lower()}" if named else ""
        if named and key in self.texts:
            return self(key, number=named.group(2)).strip()
        return re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", part)


@cache
def labels(language: str) -> Labels:
    """The labels of a language; English ones for a language that has none."""
    tables = tomllib.loads(files("askjapan.citations").joinpath("data/labels.toml").read_text(encoding="utf-8"))
    known = language if language == JAPANESE else ENGLISH
    return Labels(known, {key: said[known] for key, said in tables.items()})


def language_of(questions: Iterable[str]) -> str:
    """The language of the words around answers, where nobody chose one: Japanese if all questions are."""
    asked = list(questions)
    return JAPANESE if asked and all(map(is_japanese, asked)) else ENGLISH
