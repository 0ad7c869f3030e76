"""Files of foreign formats are read by a worker process, so that a parser that hangs, swells or crashes costs one file.

One worker (`worker`) serves one file after another and is started again after a failure. It may use the address space that the
settings allow (`reading_megabytes`) and, for each file, the seconds that `seconds_for` gives. Requests and replies are JSON, one a
line. Where the system knows no limit of memory (macOS, Windows) only the time is limited.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from askjapan import errors
from askjapan.errors import AskJapanError, DamagedFile, ReadingError
from askjapan.readings import Page, Reading
from askjapan.settings import load_settings

SECONDS, SECONDS_A_MEGABYTE, MOST_SECONDS = 60.0, 20.0, 900.0
MODULE = "askjapan.documents.readers.worker"
SPLIT = "Print or save it anew with another program, or split it, and add the result."

Message = Mapping[str, Any]


def seconds_for(size: int) -> float:
    """How long a file of so many bytes may be read."""
    return min(MOST_SECONDS, SECONDS + SECONDS_A_MEGABYTE * size / 1e6)


def read_isolated(path: Path) -> Reading:
    """`readers.read_here` in the worker.

    Raises:
        ReadingError: one of its kinds; also when the worker goes beyond a limit or comes to grief.
    """
    return reading_of(_ask({"call": "read", "path": os.path.abspath(path)}, path))


def read_again_isolated(path: Path) -> tuple[str, ...]:
    """`readers.read_again_here` in the worker; raises as `read_isolated` does."""
    return tuple(_ask({"call": "read again", "path": os.path.abspath(path)}, path)["pages"])


def reading_of(data: Message) -> Reading:
    """The record that `asdict` took apart."""
    spans = {name: tuple((start, end) for start, end in data[name]) for name in ("furniture", "unconfirmed")}
    pages = tuple(Page(**page) for page in data["pages"])
    plain = {name: tuple(data[name]) for name in ("warnings", "without_text")}
    return Reading(**{**data, **spans, **plain, "pages": pages})


def told(error: AskJapanError) -> Message:
    """An error as a reply."""
    return {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}


def reading_told(reading: Reading) -> Message:
    """A reading as a reply."""
    return {"reply": asdict(reading)}


@dataclass(slots=True)
class _Worker:
    """The running process, and the thread that waits for its replies."""

    process: subprocess.Popen[str]
    replies: queue.SimpleQueue[str]
    owner: int

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


_lock = threading.Lock()
_worker: _Worker | None = None


def _ask(request: Message, path: Path) -> Any:  # noqa: ANN401 - what the reply holds depends on the request
    memory = load_settings().reading_megabytes << 20
    with _lock:
        reply = json.loads(_exchange(json.dumps({**request, "memory": memory}), path))
        if reply.get("spoiled"):
            stop()
    if "error" in reply:
        kind = getattr(errors, reply["error"])
        raise kind(reply["message"], reply["remedy"])
    return reply["reply"]


def _exchange(request: str, path: Path) -> str:
    worker = _running()
    limit = seconds_for(path.stat().st_size if path.is_file() else 0)
    try:
        assert worker.process.stdin is not None
        worker.process.stdin.write(request + "\n")
        worker.process.stdin.flush()
        line = worker.replies.get(timeout=limit)
    except queue.Empty:
        stop()
        raise ReadingError(f"{path.name} is not read within {limit:.0f} seconds.", SPLIT) from None
    except OSError:
        line = ""
    if line.endswith("\n"):
        return line
    code = worker.process.wait(10)
    stop()
    raise DamagedFile(f"{path.name} cannot be read: its parser {_ended(code)}.", SPLIT)


def _ended(code: int) -> str:
    if code < 0:
        return f"was ended by the system ({signal.Signals(-code).name})"
    return f"ended with code {code}"


def _running() -> _Worker:
    global _worker
    if _worker is not None and (_worker.owner != os.getpid() or _worker.process.poll() is not None):
        if _worker.owner == os.getpid():
            _worker.stop()
        _worker = None
    if _worker is None:
        _worker = _started()
    return _worker


def _started() -> _Worker:
    # The worker finds the package where this process found it, and nothing in the folder that it happens to run in.
    path = os.pathsep.join(os.path.abspath(place) for place in sys.path)
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
            encoding="utf-8",
        )
    except OSError as error:
        raise ReadingError(
            f"The process that reads files cannot be started: {error.strerror or error}.", "Check the Python installation."
        ) from error
    assert process.stdout is not None
    replies: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(process.stdout, replies), name="askjapan-reading", daemon=True).start()
    return _Worker(process, replies, os.getpid())


def _listen(pipe: IO[str], replies: queue.SimpleQueue[str]) -> None:
    try:
        for line in pipe:
            replies.put(line)
    except ValueError:
        return  # the pipe was closed by `stop`
    replies.put("")


@atexit.register
def stop() -> None:
    """End the worker, if there is one; the next file starts another."""
    global _worker
    if _worker is not None and _worker.owner == os.getpid():
        _worker.stop()
    _worker = None
