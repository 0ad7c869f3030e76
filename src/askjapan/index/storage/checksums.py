"""SHA-256 of every file of an index's generation: written by a build, compared before a file is used, or all at once.

Files up to `LARGE` bytes are compared when the index is opened, larger ones and the documents' texts when they are first used. The
manifest holds the sums; its own begins the last part of the generation's name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from askjapan.errors import IndexDamaged, IndexStale

REBUILD = "Build it with `askjapan index`."
LARGE = 64 << 20
TEXTS = "texts/"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def summed(store: Path) -> tuple[dict[str, int], dict[str, str]]:
    """The size in bytes and the SHA-256 of each file under a folder, by its path there; each is on the disk when this returns."""
    sizes: dict[str, int] = {}
    sums: dict[str, str] = {}
    for path in sorted(path for path in store.rglob("*") if path.is_file()):
        name = path.relative_to(store).as_posix()
        with path.open("rb+") as file:
            os.fsync(file.fileno())
            sums[name] = hashlib.file_digest(file, "sha256").hexdigest()
            sizes[name] = file.tell()
    return sizes, sums


class Checksums:
    """Compares the files of one generation with what was written.

    Args:
        folder: the index folder, for messages.
        store: the generation's folder.
        sizes: bytes of each file, by its path in the generation.
        sums: SHA-256 of each file.
        elsewhere: a folder whose files are not used, and need not be there; its path ends with a slash.
    """

    def __init__(
        self, folder: Path, store: Path, sizes: Mapping[str, int], sums: Mapping[str, str], elsewhere: str | None = None
    ) -> None:
        self.folder = folder
        self.store = store
        self._elsewhere = elsewhere
        self._sizes = {name: size for name, size in sizes.items() if not self._is_elsewhere(name)}
        self._sums = {name: digest for name, digest in sums.items() if not self._is_elsewhere(name)}
        self._compared: set[str] = set()

    def at_opening(self) -> None:
        """Compare the sizes of all files and the contents of those that are neither large nor texts.

        Raises:
            IndexStale: a newer build has taken the generation away in the meantime.
            IndexDamaged: a file is missing, or has another size or other contents.
        """
        for name in self._sizes:
            self._compare_size(name)
        for name, size in self._sizes.items():
            if size <= LARGE and not name.startswith(TEXTS):
                self.at_first_use(name)

    def at_first_use(self, under: str) -> None:
        """Compare the contents of a file, or of all files of a folder (its path ends with a slash), unless they were compared before.

        Raises:
            IndexStale: a newer build has taken the generation away in the meantime.
            IndexDamaged: a file is missing, or has another size or other contents.
        """
        if under in self._compared or self._is_elsewhere(under):
            return
        for name in [name for name in self._sums if name.startswith(under)] if under.endswith("/") else [under]:
            if name not in self._compared:
                self._compare_size(name)
                self._compare(name, self._sum_of(name))
                self._compared.add(name)
        self._compared.add(under)

    def of_content(self, name: str, content: bytes) -> None:
        """Compare what was read of a file.

        Raises:
            IndexDamaged: it is not what was written.
        """
        self._compare(name, hashlib.sha256(content).hexdigest())

    def damage(self) -> Iterator[IndexDamaged]:
        """The damage to files of the generation, one error a file.

        Raises:
            IndexStale: a newer build has taken the generation away in the meantime.
        """
        for name in self._sizes:
            try:
                self._compare_size(name)
                self._compare(name, self._sum_of(name))
            except IndexDamaged as error:
                yield error

    def _is_elsewhere(self, name: str) -> bool:
        return self._elsewhere is not None and name.startswith(self._elsewhere)

    def _sum_of(self, name: str) -> str:
        try:
            return sha256_of(self.store / name)
        except OSError as error:
            raise self._unreadable(name, error) from error

    def _compare_size(self, name: str) -> None:
        try:
            size = (self.store / name).stat().st_size
        except OSError as error:
            raise self._unreadable(name, error) from error
        if size != self._sizes[name]:
            raise IndexDamaged(
                f"The index in {self.folder} is damaged: {name} has {size} bytes instead of {self._sizes[name]}.", REBUILD
            )

    def _compare(self, name: str, digest: str) -> None:
        if digest != self._sums.get(name):
            raise IndexDamaged(f"The index in {self.folder} is damaged: {name} has other contents than were written.", REBUILD)

    def _unreadable(self, name: str, error: OSError) -> IndexDamaged | IndexStale:
        if not self.store.is_dir():
            return IndexStale("The index was rebuilt in the meantime.", "Open it again.")
        if isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError):
            return IndexDamaged(f"The index in {self.folder} lacks its file {name}.", REBUILD)
        return IndexDamaged(f"The index in {self.folder} is damaged: {name} cannot be read ({error.strerror or error}).", REBUILD)
