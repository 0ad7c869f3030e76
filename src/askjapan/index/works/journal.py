"""A journal of what is being done to the user's works: an operation that is cut short is finished or undone, never left half done.

```
corpus/
├── works/             the user's files, each with what askjapan keeps beside it (facts, recognised text)
└── .journal/          beside them
    ├── lock           held by the one process or thread that changes the works
    └── <n>.json       one operation that has begun; deleted when it has ended
```

Whoever changes the works holds `Journal.held()`; entering it settles what processes that died have left. Inside, `Journal.noted()` writes
an entry, lets the change be made, and takes the entry away. A work's own file comes by one rename, after all that is kept beside it, and goes
first by one deletion: so whatever lies beside a file that is not there belongs to an operation that was cut short, and is deleted. The
file itself is never deleted by settling.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from askjapan.errors import LibraryError
from askjapan.file_names import path_text
from askjapan.foreign_data import parse_json
from askjapan.index.storage.locking import alone
from askjapan.index.works.corpus import KEPT_BESIDE

UNFINISHED = ".part"
"""Ending of a copy that is being made; such a file is hidden, too."""
FOLDER = ".journal"
FORMAT = "askjapan journal 1"
PERMISSIONS = "Check its permissions."
WAIT = 120.0  # seconds for another process that is adding or removing


@dataclass(frozen=True, slots=True)
class Entry:
    """An operation that has begun: on which file of the works, by its path there, and when."""

    doing: Literal["add", "remove"]
    name: str
    begun: str


def unfinished(path: Path) -> Path:
    """Path of the unfinished copy of a file."""
    return path.with_name(f".{path.name}{UNFINISHED}")


def beside(path: Path) -> list[Path]:
    """Paths of what may be kept beside a file."""
    return [path.with_name(path.name + ending) for ending in KEPT_BESIDE]


def unwritable(works: Path, error: OSError) -> LibraryError:
    """The error of a folder of works in which, or beside which, something cannot be written or deleted."""
    where = f"{error.filename}: " if error.filename else ""
    return LibraryError(f"The works in {works} cannot be changed: {where}{error.strerror or error}.", PERMISSIONS)


class Journal:
    """The journal of one folder of works."""

    def __init__(self, works: Path) -> None:
        self.works = works
        self.folder = works.parent / FOLDER

    @contextmanager
    def held(self) -> Iterator[None]:
        """Lock the works for changes by the caller alone; what was cut short before is settled first.

        Raises:
            LibraryError: another process changes them for longer than two minutes, the journal cannot be written, or what was cut short
                cannot be deleted.
        """
        with ExitStack() as lock:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                lock.enter_context(alone(self.folder / "lock", WAIT))
                self._settle()
            except TimeoutError:
                raise LibraryError(f"Another process is changing the works in {self.works}.", "Wait for it to end.") from None
            except OSError as error:
                raise unwritable(self.works, error) from error
            yield

    @contextmanager
    def noted(self, doing: Literal["add", "remove"], name: str) -> Iterator[None]:
        """Note an operation for as long as it takes; if it fails, what it has left is cleared at once.

        Raises:
            OSError: the journal cannot be written.
        """
        entry = Entry(doing, name, datetime.now(UTC).isoformat(timespec="seconds"))
        numbers = [int(path.stem) for path in self.folder.glob("*.json") if path.stem.isdecimal()]
        place = self.folder / f"{max(numbers, default=0) + 1}.json"
        # Escaped, because a name need not be valid Unicode.
        _write_through(place, json.dumps({"format": FORMAT, **asdict(entry)}))
        try:
            yield
        finally:
            self._clear(entry)
            place.unlink(missing_ok=True)

    def settle(self) -> list[str]:
        """Clear what processes that died have left; returns a sentence on each operation.

        Raises:
            LibraryError: as `held` does.
        """
        if not self.pending():
            return []
        told = [f"{entry.name}: {_SETTLED[entry.doing]}" for entry in self.pending()]
        with self.held():
            return [path_text(sentence) for sentence in told]

    def pending(self) -> list[Entry]:
        """The operations that have begun and not ended; those of processes that died among them."""
        return [entry for _, entry in self._entries() if entry is not None]

    def _entries(self) -> Iterator[tuple[Path, Entry | None]]:
        for path in sorted(self.folder.glob("*.json")):
            yield path, _entry(path)

    def _settle(self) -> None:
        for path, entry in self._entries():
            if entry is not None:
                self._clear(entry)
            # What cannot be read was cut short while it was written: nothing had been done yet.
            path.unlink(missing_ok=True)
        for path in self.folder.glob(f".*{UNFINISHED}"):
            path.unlink(missing_ok=True)

    def _clear(self, entry: Entry) -> None:
        path = self.works / entry.name
        unfinished(path).unlink(missing_ok=True)
        for kept in beside(path):
            unfinished(kept).unlink(missing_ok=True)
            if not os.path.lexists(path):
                kept.unlink(missing_ok=True)


_SETTLED = {
    "add": "adding it was interrupted; it is there whole, or nothing of it.",
    "remove": "removing it was interrupted; it is there whole, or nothing of it.",
}


def _entry(path: Path) -> Entry | None:
    try:
        data = parse_json(path.read_bytes())
        if data.pop("format") != FORMAT:
            return None
        entry = Entry(**data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    # Nothing outside of the works is touched, whatever stands there.
    inside = isinstance(entry.name, str) and not Path(entry.name).is_absolute() and ".." not in Path(entry.name).parts
    return entry if inside and entry.doing in _SETTLED else None


def _write_through(path: Path, text: str) -> None:
    part = unfinished(path)
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
