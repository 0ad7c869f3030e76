"""What the chat shows of a question that is being answered, in the language that the page has meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import gradio as gr

from askjapan.web.columns.messages import Message, assistant_message, messages, user_message
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.store import Turn
from askjapan.web.html.answers import answer_html, note_html, sources_html
from askjapan.web.shared.running import Asked
from askjapan.web.words.translations import Words, words

Reply = tuple[list[Message], Any, dict[str, str]]
"""The messages of the chat, what stands beside them (or `gr.skip()`, which leaves it), and the visitor."""


def unchanged() -> Any:  # noqa: ANN401 - a reply of Gradio's signs
    """A reply that leaves the page as it is."""
    return gr.skip(), gr.skip(), gr.skip()


class Replies:
    """What a page shows, step by step, while it waits: the turns before the question, the question, and what there is of the answer."""

    def __init__(self, asked: Asked, visitor: Visitor, before: Sequence[Turn] = ()) -> None:
        self._asked = asked
        self._visitor = visitor
        self._before = cache(lambda language: messages(before, words(language)))

    @property
    def speak(self) -> Words:
        """The words of the page's language, which may have been changed since the question was asked."""
        return words(self._asked.language)

    def told(self, text: str, kind: str = "note") -> Reply:
        """A message of the page itself in place of the answer."""
        return self._with(note_html(text, kind), gr.skip())

    def answered(self, turn: Turn, shown: int | None = None, *, writing: bool = False, beside: bool = False) -> Reply:
        """An answer, or its first `shown` sentences; `beside` adds its sources."""
        html = answer_html(turn, self.speak, shown, writing=writing)
        return self._with(html, sources_html(turn, self.speak) if beside else gr.skip())

    def _with(self, html: str, pane: Any) -> Reply:  # noqa: ANN401 - HTML, or Gradio's sign to leave it
        language = self._asked.language
        shown = [*self._before(language), user_message(self._asked.question), assistant_message(html)]
        return shown, pane, replace(self._visitor, language=language).stored()
