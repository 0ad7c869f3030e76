"""The process that reads files of foreign formats for `isolated`: a request a line comes in, a reply a line goes out.

This is the one place where any exception of any parser is caught: what a parser raises on a strange file is not foreseeable.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from askjapan.documents.readers import read_again_here, read_here
from askjapan.documents.readers.isolated import SPLIT, Message, reading_told, told
from askjapan.errors import AskJapanError, DamagedFile, ReadingError


def main() -> None:
    """Serve requests until the other side closes the pipe, or a parser may have left this process in disorder."""
    # Parsers may print; only replies go to the other side.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    limited = 0
    for line in sys.stdin:
        request = json.loads(line)
        if request["memory"] != limited:
            limit_memory(limited := request["memory"])
        reply = answer(request)
        replies.write(json.dumps(reply) + "\n")
        replies.flush()
        if reply.get("spoiled"):
            return


def limit_memory(most: int) -> None:
    """Let this process have so many bytes of address space, where the system can say so."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, highest = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most, highest))


def answer(request: Message) -> dict[str, Any]:
    """The reply to one request: what was read, or the error that says why not."""
    path = Path(request["path"])
    try:
        if request["call"] == "read again":
            return {"reply": {"pages": read_again_here(path)}}
        return dict(reading_told(read_here(path)))
    except AskJapanError as error:
        return dict(told(error))
    except MemoryError:
        size = f"{request['memory'] / (1 << 30):.1f} GB"
        return {**told(ReadingError(f"{path.name} needs more than {size} of memory to be read.", SPLIT)), "spoiled": True}
    except Exception as error:
        words = " ".join(str(error).split())[:200].rstrip(".")
        reason = f"{type(error).__name__}: {words}" if words else type(error).__name__
        return {**told(DamagedFile(f"{path.name} cannot be read: its parser failed with {reason}.", SPLIT)), "spoiled": True}


if __name__ == "__main__":
    main()
