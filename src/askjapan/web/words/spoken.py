"""Collects the texts of the page's components that change with the language, while the page is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from askjapan.web.words.translations import LANGUAGES, Words, words

Labels = Callable[[Words], dict[str, Any]]


class Spoken:
    """The components that say something, each with what it says in a language as changed properties."""

    def __init__(self) -> None:
        self._changing: list[tuple[Any, Labels]] = []
        self._sent: list[tuple[Any, Labels]] = []

    def say(self, component: Any, labels: Labels) -> Any:  # noqa: ANN401 - any component of Gradio
        """Remember a component that changes with the language."""
        self._changing.append((component, labels))
        return component

    def label(self, component: Any, key: str, field: str = "value") -> Any:  # noqa: ANN401
        """Remember a component of which one property is a text of the interface."""
        return self.say(component, lambda speak: {field: speak.plain(key)})

    def send(self, component: Any, labels: Labels) -> Any:  # noqa: ANN401
        """Remember a component's texts for the page as it is sent; handlers change them later."""
        self._sent.append((component, labels))
        return component

    @property
    def components(self) -> list[Any]:
        """The components that change with the language."""
        return [component for component, _ in self._changing]

    def updates(self, language: str) -> list[Any]:
        """The update of each of `components` for a language."""
        speak = words(language)
        return [{"__type__": "update", **labels(speak)} for _, labels in self._changing]

    def first(self) -> dict[str, dict[int, dict[str, Any]]]:
        """The texts of each component when the page is sent, for each language: the changed properties by the component's number."""
        said: dict[str, dict[int, dict[str, Any]]] = {language: {} for language in LANGUAGES}
        for language, parts in said.items():
            for component, labels in (*self._changing, *self._sent):
                parts[component._id] = {**parts.get(component._id, {}), **labels(words(language))}
        return said
