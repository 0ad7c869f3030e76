"""Reads bibliographies, which anybody may have written, in a process of its own within limits of memory and time.

The process is this module, run with `python -m`: the path of a bibliography comes in, its entries go out.
"""

from __future__ import annotations

import atexit
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from askjapan.documents.facts import bibliography_files
from askjapan.documents.facts.references import Bibliography, Reference
from askjapan.documents.readers.child import Child, Message, serve, told, words_of
from askjapan.errors import AskJapanError, LibraryError
from askjapan.home import expanded
from askjapan.sayings import Saying
from askjapan.settings import load_settings

SECONDS = 120.0
REMEDY = "Export it again, or only the entries that are needed."
_child = Child("askjapan.index.works.bibliographies")
atexit.register(_child.stop)


def load_bibliography(path: Path) -> Bibliography:
    """Read a bibliography as `bibliography_files.load_bibliography` does, within limits of memory and time.

    Raises:
        LibraryError: also when it goes beyond a limit, or what reads it fails.
    """
    memory = load_settings().reading_megabytes << 20
    try:
        reply = _child.ask({"path": os.path.abspath(expanded(path)), "memory": memory}, SECONDS, patience=-1)
    except TimeoutError:
        raise LibraryError(f"The bibliography {path} is not read within {SECONDS:.0f} seconds.", REMEDY) from None
    except ChildProcessError as error:
        raise LibraryError(
            f"The bibliography {path} cannot be read: what reads it ended with code {error.errno}.", REMEDY
        ) from None
    except OSError as error:
        raise LibraryError(
            f"The process that reads bibliographies cannot be started: {error.strerror or error}.",
            "Check the Python installation.",
        ) from error
    warnings = tuple(map(Saying.parsed, reply["warnings"]))
    return Bibliography(reply["name"], tuple(map(_reference, reply["references"])), warnings)


def _reference(entry: Message) -> Reference:
    lists: dict[str, tuple[Any, ...]] = {name: tuple(entry[name]) for name in ("authors", "collections")}
    return Reference(**{**entry, **lists, "files": tuple(map(Path, entry["files"]))})


def answer(request: Message) -> Message:
    """The entries of a bibliography, or why there are none. As in `readers.worker`, what a parser raises is not foreseeable."""
    path = Path(request["path"])
    try:
        bibliography = bibliography_files.load_bibliography(path)
        entries = [{**asdict(entry), "files": list(map(os.fspath, entry.files))} for entry in bibliography.references]
        return {"name": bibliography.name, "references": entries, "warnings": [asdict(told) for told in bibliography.warnings]}
    except AskJapanError as error:
        return told(error)
    except MemoryError:
        return _failed(path, f"it needs more than {request['memory'] / (1 << 30):.1f} GB of memory")
    except Exception as error:
        return _failed(path, f"its parser failed with {words_of(error)}")


def _failed(path: Path, reason: str) -> Message:
    return {**told(LibraryError(f"The bibliography {path} cannot be read: {reason}.", REMEDY)), "spoiled": True}


if __name__ == "__main__":
    serve(answer)
