"""The visitor as the browser keeps it, and the page that a call comes from."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import gradio as gr

from askjapan.web.conversations.store import new_token
from askjapan.web.words.translations import language_of


@dataclass(frozen=True, slots=True)
class Visitor:
    """The state that a browser keeps: its secret name, the conversation that is open, and the language chosen."""

    owner: str
    conversation: str = ""
    language: str = ""

    @classmethod
    def of(cls, stored: object) -> Visitor:
        """The visitor that a browser says it is; a new one for anything else."""
        given = stored if isinstance(stored, dict) else {}
        fields = {name: value for name, value in given.items() if name in cls.__slots__ and isinstance(value, str)}
        return cls(**fields) if fields.get("owner") else cls(new_token(), language=fields.get("language", ""))

    def stored(self) -> dict[str, str]:
        """The form in which a browser keeps it."""
        return asdict(self)


def greeted(stored: object, request: gr.Request | None) -> dict[str, str]:
    """A visitor in the language of the browser, where none is known yet: the page may ask before it has heard who it is."""
    visitor = Visitor.of(stored)
    spoken = visitor.language or (language_of(request.headers.get("accept-language", "")) if request else "")
    return replace(visitor, language=spoken).stored()


def page_of(stored: object, request: gr.Request | None) -> str:
    """The id of the open page that a call comes from; a page waits for one answer at a time."""
    return str(getattr(request, "session_hash", None) or Visitor.of(stored).owner)
