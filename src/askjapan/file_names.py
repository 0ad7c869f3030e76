"""Converts file names that are not valid UTF-8, such as those from old Japanese archives, to text and back to paths."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath

_BYTE = re.compile(rb"%([89A-F][0-9A-F]|25)")


def path_text(path: PurePath | str) -> str:
    """A path as text; each byte that is not valid UTF-8 is written with a percent sign, as `%8E`."""
    return plain_text(str(path))


def plain_text(text: str) -> str:
    """A text with each byte of a file name that is not valid UTF-8 written as `%8E`, so that it can be stored, sent and printed."""
    if text.isascii():
        return text
    written = text
    if any(map(_is_byte, text)):
        written = "".join(f"%{ord(char) - 0xDC00:02X}" if _is_byte(char) else "%25" if char == "%" else char for char in text)
    # Other halves of characters come from no file.
    return written.encode("utf-8", "backslashreplace").decode("utf-8")


def path_of(text: str) -> Path:
    """The path that `path_text` turned into a text; a file whose name is exactly that text goes first.

    Where neither exists, the text itself is the path.
    """
    literal = Path(text)
    if "%" not in text or os.path.lexists(text):
        return literal
    try:
        path = Path(os.fsdecode(_BYTE.sub(lambda match: bytes([int(match[1], 16)]), os.fsencode(text))))
    except UnicodeError:
        return literal
    return path if os.path.lexists(path) else literal


def readable(name: str) -> str:
    """A file's name for people: one that is not valid UTF-8 is decoded as Shift_JIS (cp932), or written as by `path_text`."""
    if name.isascii() or not any(map(_is_byte, name)):
        return plain_text(name)
    try:
        return os.fsencode(name).decode("cp932")
    except UnicodeError:
        return plain_text(name)


def _is_byte(char: str) -> bool:
    """Whether a character is a surrogate by which Python represents a byte that is not valid UTF-8."""
    return "\udc80" <= char <= "\udcff"
