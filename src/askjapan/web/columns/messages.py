"""The messages of the chat: a question as it was typed, an answer as HTML, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

from askjapan.web.conversations.store import Turn
from askjapan.web.html.answers import answer_html
from askjapan.web.words.translations import Words

Message = dict[str, Any]
# What Markdown or HTML would read as anything but text; the rest stays itself, since the box for editing shows what is sent.
_SPECIAL = re.compile(r"[\[\]*_#~|\\`!<>&@\t\r]|:(?=//)|(?<=www)\.|^ +|^[-+=]", re.IGNORECASE | re.MULTILINE)
_LISTED = re.compile(r"^(\d+)([.)])", re.MULTILINE)


def user_message(text: str) -> Message:
    """A question as the chat shows it; escaped, so that it is shown as it was typed."""
    plain = _LISTED.sub(lambda match: match[1] + _entities(match[2]), _SPECIAL.sub(lambda match: _entities(match[0]), text))
    return {"role": "user", "content": plain}


def _entities(signs: str) -> str:
    return "".join(f"&#{ord(sign)};" for sign in signs)


def typed(content: object) -> str:
    """The question that a user message was made from."""
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) if isinstance(part, dict) else str(part) for part in content)
    return unescape(str(content))


def messages(turns: Sequence[Turn], speak: Words) -> list[Message]:
    """A conversation as the chat shows it."""
    return [
        message for turn in turns for message in (user_message(turn.answer.question), assistant_message(answer_html(turn, speak)))
    ]


def assistant_message(html: str, options: Sequence[str] = ()) -> Message:
    """What the page says, as HTML, with questions to choose from under it."""
    message: Message = {"role": "assistant", "content": html}
    return {**message, "options": [{"label": option, "value": option} for option in options]} if options else message
