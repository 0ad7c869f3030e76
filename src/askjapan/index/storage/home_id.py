"""The id of a home, in its index folder: it tells the entries that this home has on a server from those of others."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

from askjapan.errors import IndexDamaged, IndexFault

HOME = "HOME"
"""File in the index folder; it is made when entries are first put on a server, stays through all builds, and goes with the folder."""
_ID = re.compile(r"[0-9a-f]{32}")


def home_id(folder: Path) -> str:
    """The id of the home that an index folder belongs to; empty where it has none.

    Raises:
        IndexDamaged: the file cannot be read, or holds no id.
    """
    file = folder / HOME
    if not file.is_file():
        return ""
    try:
        known = file.read_bytes().decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{file} cannot be read ({error}).", "Delete it.") from error
    if not _ID.fullmatch(known):
        raise IndexDamaged(f"{file} holds no id of a home.", "Delete it.")
    return known


def made_home_id(folder: Path) -> str:
    """The id of a home, made where it has none; called under the lock of a build. Errors as for `home_id`, and:

    Raises:
        IndexFault: the folder cannot be written to.
    """
    if not (known := home_id(folder)):
        known = uuid4().hex
        new = folder / f"{HOME}.new"
        try:
            new.write_text(f"{known}\n", encoding="ascii")
            new.replace(folder / HOME)
        except OSError as error:
            raise IndexFault(
                f"The index folder {folder} cannot be written to: {error.strerror or error}.",
                "Check its permissions and the space on the disk, or name another folder with --index.",
            ) from error
    return known
