"""The process that reads files of foreign formats for `isolated`: a request a line comes in, a reply a line goes out.

Any exception of a parser is caught here: what a parser raises on a strange file is not foreseeable.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from askjapan.documents.readers import read_again_here, read_here
from askjapan.documents.readers.child import Message, serve, told, words_of
from askjapan.documents.readers.isolated import SPLIT, reading_told
from askjapan.errors import AskJapanError, DamagedFile, ReadingError


def answer(request: Message) -> dict[str, Any]:
    """The reply to one request: what was read, or the error."""
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
        failure = DamagedFile(f"{path.name} cannot be read: its parser failed with {words_of(error)}.", SPLIT)
        return {**told(failure), "spoiled": True}


def answer_and_collect(request: Message) -> dict[str, Any]:
    """The reply to one request; what it has left in cycles is collected behind it.

    While millions of letters of a page are held, to look through all of them again and again for cycles takes a fifth of the time.
    """
    try:
        return answer(request)
    finally:
        gc.collect()


if __name__ == "__main__":
    gc.disable()
    serve(answer_and_collect)
