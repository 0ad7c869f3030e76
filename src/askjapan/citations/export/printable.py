"""Removes characters that XML cannot hold, for files of Word and of spreadsheets."""

from __future__ import annotations

import re

_UNHELD = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """A text as XML 1.0 can hold it (its production 2, `Char`)."""
    return _UNHELD.sub("", text)
