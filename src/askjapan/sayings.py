"""What askjapan says in its own words, as a code with values; the sentence is made of it in the language of whoever reads it.

`data/sayings.toml` has a sentence a code and language. `remedy` continues the English one: what to do next; other languages say it in
their sentence. In a sentence, `{pages}` is a value, of a list with commas or, as `{pages:and}`, with "and" before its last item;
`{pages:is|are}` takes the second word for more than one. A value may be a saying itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Union

from askjapan.file_names import plain_text

Value = Union[str, int, "Saying", tuple[Union[str, "Saying"], ...]]
ENGLISH = "en"
_COMMAS = {"ja": ("、", "、")}
"""What stands between the items of a list, and before its last one; as in English where a language is not named."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A code of `data/sayings.toml` with the values of its sentence; `str` gives the English sentence with its remedy."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, key: str, /, **values: Value) -> Saying:
        """A saying; names of files among its values may be no text, and are made one."""
        return cls(key, {name: plain_text(value) if isinstance(value, str) else value for name, value in values.items()})

    @classmethod
    def parsed(cls, data: Mapping[str, Any]) -> Saying:
        """The saying that `asdict` made JSON-ready data of."""
        return cls(data["key"], {name: _parsed(value) for name, value in data["values"].items()})

    def said(self, language: str = ENGLISH) -> str:
        """The sentence in a language, with what to do next; a sentence that says so where the code `is_known` no longer or not yet."""
        return f"{self.sentence(language)} {self.remedy}".strip() if language == ENGLISH else self.sentence(language)

    def sentence(self, language: str = ENGLISH) -> str:
        """The sentence in a language, the English one without what to do next."""
        known = self if self.is_known else Saying("unknown_code", {"code": self.key})
        return filled(sentences()[known.key][language], known.values, language)

    @property
    def is_known(self) -> bool:
        """Whether there is a sentence for its code and values; what another version has stored may have none."""
        needed = _values_in(self.key)
        if needed is None or not needed <= self.values.keys():
            return False
        held = [item for value in self.values.values() for item in (value if isinstance(value, tuple) else (value,))]
        return all(item.is_known for item in held if isinstance(item, Saying))

    @property
    def remedy(self) -> str:
        """What to do next, in English; empty where there is nothing."""
        return filled(sentences()[self.key].get("remedy", ""), self.values, ENGLISH) if self.is_known else ""

    def __str__(self) -> str:
        return self.said()


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """The sentences of each code by their language, and its `remedy`."""
    return tomllib.loads(files("askjapan").joinpath("data/sayings.toml").read_text(encoding="utf-8"))


@cache
def _values_in(key: str) -> frozenset[str] | None:
    """The names of the values of a code's sentences; None where there is no such code."""
    if key not in sentences():
        return None
    return frozenset(name for text in sentences()[key].values() for _, name, _, _ in Formatter().parse(text) if name)


def _parsed(value: Any) -> Value:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return tuple(map(_parsed, value))  # type: ignore[arg-type]  # no list holds lists
    return Saying.parsed(value) if isinstance(value, dict) else value


class _Filling(Formatter):
    """Fills the values into a sentence of one language."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._comma, self._and = _COMMAS.get(language, (", ", " and "))

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - as Formatter has it
        if "|" in format_spec:
            one, several = format_spec.split("|")
            return several if _is_several(value) else one
        if isinstance(value, tuple):
            items = [self._said(item) for item in value]
            last = self._and if format_spec == "and" else self._comma
            return last.join(filter(None, (self._comma.join(items[:-1]), *items[-1:])))
        return self._said(value)

    def _said(self, value: str | int | Saying) -> str:
        return value.said(self._language) if isinstance(value, Saying) else str(value)


def _is_several(value: Value) -> bool:
    """Whether a count, also as it is written, is not one, or a list has several items or one like "4–7"."""
    return len(value) > 1 or "–" in str(value[0]) if isinstance(value, tuple) else value not in (1, "1")


def filled(sentence: str, values: Mapping[str, Value], language: str) -> str:
    """A sentence of a language with its values put in."""
    return _Filling(language).vformat(sentence, (), values)
