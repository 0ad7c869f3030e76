"""Reads files of foreign formats in a worker process: if a parser hangs, takes too much memory or crashes, one file is lost.

One worker (`worker`) serves one file after another and is started again after a failure. It may use the address space that the
settings allow (`reading_megabytes`) and, for each file, the seconds that `seconds_for` gives. Requests and replies are JSON, one a
line. Where the system knows no limit of memory (macOS, Windows) only the time is limited.
"""

from __future__ import annotations

import atexit
import os
import signal
from dataclasses import asdict
from pathlib import Path
from typing import Any

from askjapan.documents.readers.child import Child, Message
from askjapan.errors import DamagedFile, ReadingError
from askjapan.readings import Page, Reading
from askjapan.sayings import Saying
from askjapan.settings import load_settings

SECONDS, SECONDS_A_MEGABYTE, MOST_SECONDS = 60.0, 20.0, 900.0
MODULE = "askjapan.documents.readers.worker"
SPLIT = "Print or save it anew with another program, or split it, and add the result."


def seconds_for(size: int) -> float:
    """Seconds that reading a file of so many bytes may take."""
    return min(MOST_SECONDS, SECONDS + SECONDS_A_MEGABYTE * size / 1e6)


def read_isolated(path: Path) -> Reading:
    """Read one file in the worker, with `readers.read_here`.

    Raises:
        ReadingError: one of its kinds; also when the worker goes beyond a limit or crashes.
    """
    return reading_of(_ask({"call": "read", "path": os.path.abspath(path)}, path))


def read_again_isolated(path: Path) -> tuple[str, ...]:
    """Read a PDF's pages in the worker, with `readers.read_again_here`; raises as `read_isolated` does."""
    return tuple(_ask({"call": "read again", "path": os.path.abspath(path)}, path)["pages"])


def reading_of(data: Message) -> Reading:
    """The reading that `asdict` turned into a dictionary."""
    spans = {name: tuple((start, end) for start, end in data[name]) for name in ("furniture", "unconfirmed")}
    pages = tuple(Page(**page) for page in data["pages"])
    warnings, without_text = tuple(map(Saying.parsed, data["warnings"])), tuple(data["without_text"])
    return Reading(**{**data, **spans, "warnings": warnings, "without_text": without_text, "pages": pages})


def reading_told(reading: Reading) -> Message:
    """A reading as a reply."""
    return {"reply": asdict(reading)}


_child = Child(MODULE)
stop = atexit.register(_child.stop)
"""End the worker, if there is one; the next file starts another."""


def _ask(request: Message, path: Path) -> Any:  # noqa: ANN401 - what the reply holds depends on the request
    memory, limit = load_settings().reading_megabytes << 20, seconds_for(path.stat().st_size if path.is_file() else 0)
    try:
        reply = _child.ask({**request, "memory": memory}, limit, patience=-1)
    except TimeoutError:
        raise ReadingError(f"{path.name} is not read within {limit:.0f} seconds.", SPLIT) from None
    except ChildProcessError as error:
        raise DamagedFile(f"{path.name} cannot be read: its parser {_ended(error.errno or 0)}.", SPLIT) from None
    except OSError as error:
        raise ReadingError(
            f"The process that reads files cannot be started: {error.strerror or error}.", "Check the Python installation."
        ) from error
    return reply["reply"]


def _ended(code: int) -> str:
    if code < 0:
        return f"was ended by the system ({signal.Signals(-code).name})"
    return f"ended with code {code}"
