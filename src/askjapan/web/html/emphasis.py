"""Shows words that a plain text sets between stars (Markdown) as emphasised."""

from __future__ import annotations

import re
from html import escape

# A star that multiplies or marks a footnote has no partner on the other side of a word.
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,3})(?=[^\s*])([^*\n]+?)(?<=[^\s*])\1(?![\w*])")


def emphasised(text: str) -> str:
    """A text as HTML, its emphasis without the stars."""
    return _EMPHASIS.sub(lambda match: _tag(match, ""), escape(text))


def emphasised_in_place(text: str) -> str:
    """A text as HTML with every character of it; the stars are kept, but hidden."""
    return _EMPHASIS.sub(lambda match: _tag(match, f'<span class="aj-hash">{match[1]}</span>'), escape(text))


def _tag(match: re.Match[str], stars: str) -> str:
    tag = "em" if len(match[1]) == 1 else "strong"
    return f"{stars}<{tag}>{match[2]}</{tag}>{stars}"
