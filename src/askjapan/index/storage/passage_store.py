"""The passages of an index in files that are mapped: one is read when it is asked for, and what is true of all is in arrays.

```
passages.jsonl        one passage a line
passages/starts.npy   where each line begins, and where the last one ends
passages/owners.npy   the number of each passage's document in the manifest
passages/foreign.npy  whether it is in a script that the English encoder cannot read
passages/hashes.npy   the passages' ids as hashes, ascending, and
passages/rows.npy     which row each of them is
```
"""

from __future__ import annotations

import hashlib
import json
import mmap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from askjapan.language.scripts import is_foreign
from askjapan.records import Passage

LINES, ARRAYS = "passages.jsonl", "passages"
REMEMBERED = 20_000
"""Most passages that stay in memory after they were read; a usual library has fewer."""
_NAMES = ("starts", "owners", "foreign", "hashes", "rows")


@dataclass(frozen=True, eq=False)
class Passages(Sequence[Passage]):
    """The passages by row. `owners` and `foreign`, shape (passages,), are as above."""

    starts: NDArray[np.int64]
    owners: NDArray[np.int32]
    foreign: NDArray[np.bool_]
    hashes: NDArray[np.uint64]
    rows: NDArray[np.int64]
    lines: mmap.mmap | bytes = field(repr=False)
    check: Callable[[], None] = field(default=lambda: None, repr=False)
    """Called before a line is read; raises if the file is not what was written."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_read", lru_cache(maxsize=REMEMBERED)(self._parse))

    def __len__(self) -> int:
        return len(self.owners)

    @overload
    def __getitem__(self, row: int) -> Passage: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, row: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(row, slice):
            return tuple(self[number] for number in range(*row.indices(len(self))))
        number = range(len(self))[row]
        read: Passage = self._read(number)  # type: ignore[attr-defined]
        return read

    def __iter__(self) -> Iterator[Passage]:
        # All of many would drive out those that questions meet.
        read = self._read if len(self) <= REMEMBERED else self._parse  # type: ignore[attr-defined]
        return (read(row) for row in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def row_of(self, id_: str) -> int | None:
        """The row of a passage id; None if there is none."""
        wanted = _hash(id_)
        first = int(np.searchsorted(self.hashes, wanted))
        while first < len(self.hashes) and self.hashes[first] == wanted:
            row = int(self.rows[first])
            if self[row].id == id_:
                return row
            first += 1
        return None

    def rows_of(self, owner: int) -> list[int]:
        """The rows of a document, by its number in the manifest."""
        if not self._together:
            return [int(row) for row in np.flatnonzero(self.owners == owner)]
        first, behind = np.searchsorted(self.owners, (owner, owner + 1))
        return list(range(int(first), int(behind)))

    @cached_property
    def _together(self) -> bool:
        """Whether the documents' passages stand in the order of the documents, as a build writes them."""
        return bool((self.owners[1:] >= self.owners[:-1]).all())

    def _parse(self, row: int) -> Passage:
        self.check()
        return _passages().validate_json(self.lines[self.starts[row] : self.starts[row + 1]])


class RowsById(Mapping[str, int]):
    """The row of each passage id."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages

    def __getitem__(self, id_: str) -> int:
        row = self._passages.row_of(id_)
        if row is None:
            raise KeyError(id_)
        return row

    def __iter__(self) -> Iterator[str]:
        return (passage.id for passage in self._passages)

    def __len__(self) -> int:
        return len(self._passages)


def write_passages(folder: Path, passages: Sequence[Passage], numbers: Mapping[str, int]) -> None:
    """Write passages into a generation's folder; `numbers` are those of the documents in the manifest."""
    (folder / ARRAYS).mkdir()
    starts = [0]
    with (folder / LINES).open("wb") as file:
        for passage in passages:
            line = json.dumps(asdict(passage), ensure_ascii=False, separators=(",", ":")) + "\n"
            starts.append(starts[-1] + file.write(line.encode("utf-8")))
    hashes = np.array([_hash(passage.id) for passage in passages], dtype=np.uint64)
    rows = np.argsort(hashes, kind="stable")
    arrays: dict[str, NDArray[Any]] = {
        "starts": np.array(starts, dtype=np.int64),
        "owners": np.array([numbers[passage.document_id] for passage in passages], dtype=np.int32),
        "foreign": np.array([is_foreign(passage.text) for passage in passages], dtype=bool),
        "hashes": hashes[rows],
        "rows": rows.astype(np.int64),
    }
    for name, values in arrays.items():
        np.save(folder / ARRAYS / f"{name}.npy", values, allow_pickle=False)


def open_passages(folder: Path, check: Callable[[], None] = lambda: None) -> Passages:
    """Open what `write_passages` wrote; `check` is called before a passage is read.

    Raises:
        OSError, ValueError: a file is missing, cannot be read, or does not fit the others.
    """
    arrays = {name: np.load(folder / ARRAYS / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _NAMES}
    with (folder / LINES).open("rb") as file:
        lines: mmap.mmap | bytes = b""
        # A file without a byte cannot be mapped.
        with suppress(ValueError):
            lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    passages = Passages(**arrays, lines=lines, check=check)
    sizes = {len(passages.starts) - 1, *(len(arrays[name]) for name in _NAMES[1:])}
    if len(sizes) != 1 or passages.starts[-1] != len(lines):
        raise ValueError("the passages do not fit their lists")
    return passages


def _hash(id_: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(id_.encode("utf-8"), digest_size=8).digest(), "little"))


@cache
def _passages() -> TypeAdapter[Passage]:
    return TypeAdapter(Passage)
