"""Names of files that are no UTF-8, as old Japanese archives leave them: written so that any text can hold them, and found again."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath

_BYTE = re.compile(rb"%([89A-F][0-9A-F]|25)")


def path_text(path: PurePath | str) -> str:
    """A path as text: as it stands, or with each byte that is no UTF-8 written as in an address, `%8E`."""
    return plain_text(str(path))


def plain_text(text: str) -> str:
    """A text that may hold such a name, with its bytes written out; then it can be stored, sent and printed."""
    if text.isascii():
        return text
    written = text
    if any(map(_is_byte, text)):
        written = "".join(f"%{ord(char) - 0xDC00:02X}" if _is_byte(char) else "%25" if char == "%" else char for char in text)
    # Other halves of characters come from no file.
    return written.encode("utf-8", "backslashreplace").decode("utf-8")


def path_of(text: str) -> Path:
    """The path that `path_text` wrote; where a file is named so letter by letter, that one."""
    literal = Path(text)
    if "%" not in text or os.path.lexists(text):
        return literal
    try:
        path = Path(os.fsdecode(_BYTE.sub(lambda match: bytes([int(match[1], 16)]), os.fsencode(text))))
    except UnicodeError:
        return literal
    return path if os.path.lexists(path) else literal


def readable(name: str) -> str:
    """A file's name for people: what is no UTF-8 is taken for Shift_JIS, else written as `path_text` does."""
    if name.isascii() or not any(map(_is_byte, name)):
        return plain_text(name)
    try:
        return os.fsencode(name).decode("cp932")
    except UnicodeError:
        return plain_text(name)


def _is_byte(char: str) -> bool:
    """Whether a character stands for a byte that is no UTF-8, as Python writes it."""
    return "\udc80" <= char <= "\udcff"
