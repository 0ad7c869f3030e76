"""What a chat has said, and one that is asked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from askjapan.answering.quoting.cite import cite
from askjapan.records import Sentence
from askjapan.web.columns.chat import Chat
from askjapan.web.columns.messages import Message
from askjapan.web.columns.visitors import Visitor
from askjapan.web.conversations.store import Turn
from askjapan.web.shared.service import AssistantService
from askjapan.web.words.translations import words
from tests.support.web_places import (
    BOATS,
)

ENGLISH = words("en")


EMILIA = Visitor("emilia").stored()


def last(chat: Chat, question: str, stored: object = EMILIA, **filters: Any) -> tuple[list[Message], str, dict[str, str]]:
    """The messages and the visitor after a whole answer, and the last pane that was sent."""
    replies = list(chat.respond(question, stored, **filters))
    panes = [pane for _, pane, _ in replies if isinstance(pane, str)]
    return replies[-1][0], panes[-1] if panes else "", replies[-1][2]


def turn_of(service: AssistantService, question: str) -> Turn:
    return Turn("t1", "c1", 0, service.ask(question))


def marked(html: str, css: str = "aj-current") -> str:
    """The text that is marked, in order, with its white space collapsed."""
    from html import unescape

    found = re.findall(rf'<mark class="aj-mark ?(?:{css})"[^>]*>(.*?)</mark>', html, re.DOTALL)
    return " ".join(unescape(" ".join(found)).split())


def rows_quoted(service: AssistantService, *names: str) -> Turn:
    """An answer that quotes these rows of the table of boats, in this order."""
    turn = turn_of(service, BOATS)
    hit = next(hit for hit in turn.answer.hits if hit.passage.kind == "table")
    sentences = []
    for marker, name in enumerate(names, start=1):
        units = [unit for unit in hit.passage.units if unit.kind in ("caption", "header") or name in unit.text]
        cited = [cite(unit, hit, service.text(hit.document.id), marker) or () for unit in units]
        sentences.append(Sentence("\n".join(unit.text for unit in units), "quote", tuple(one for part in cited for one in part)))
    return replace(turn, answer=replace(turn.answer, sentences=tuple(sentences), short="", short_markers=()))
