"""Whose entries a server has: a home's id stands in its index folder and beside its entries, and no home touches those of another.

A build takes out the entries that it does not know, so two homes in one place would empty each other's.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from askjapan.errors import IndexMissing, IndexTaken
from askjapan.file_names import path_of, path_text
from askjapan.foreign_data import parse_json
from askjapan.index.search.engine import Engines, SearchEngine, entry_id, models_of
from askjapan.index.storage.home_id import home_id, made_home_id
from askjapan.index.storage.store import open_index


@dataclass(frozen=True, slots=True)
class Holder:
    """A home that has entries on a server: its id, and the index folder and the machine from which it last put some in."""

    id: str
    folder: str
    machine: str

    def __str__(self) -> str:
        return f"{self.folder} on {self.machine} (id {self.id[:8] or 'none'})"


def refuse_others(engines: Engines, folder: Path) -> None:
    """Check that no other home is noted for the entries of engines; a copy of the folder may ask as well.

    Raises:
        IndexTaken: they are those of another home.
    """
    this = _holder(folder, home_id(folder))
    for engine in engines.values():
        holder = _noted(engine)
        if holder is not None and holder.id != this.id:
            raise _taken(engine, holder, this)


def claim(engines: Engines, folder: Path, wanted: Mapping[str, Collection[str]], *, take_over: bool = False) -> None:
    """Note this home for the entries of engines, before any of them is changed; called under the lock of a build.

    Args:
        engines: by name of the vector set.
        folder: the index folder of this home.
        wanted: the ids of the entries that each engine will have.
        take_over: whether the entries may be another home's; it does not get them back.

    Raises:
        IndexTaken: they are those of another home or of the folder that this one is a copy of, or there are unknown ones and no home is noted.
        IndexFault: the folder or the server cannot be used.
    """
    this = _holder(folder, made_home_id(folder) if engines else "")
    for name, engine in engines.items() if not take_over else ():
        holder = _noted(engine)
        if holder is None:
            _refuse_unknown(engine, name, folder, wanted[name])
        elif holder.id != this.id or _is_other_folder(holder, this):
            raise _taken(engine, holder, this)
    for engine in engines.values():
        engine.hold(json.dumps(asdict(this)))
    # Two homes that begin at once both find that nobody is noted.
    confirm(engines, folder)


def confirm(engines: Engines, folder: Path) -> None:
    """Check that this home is noted for the entries of engines; IndexTaken where another one has come in between."""
    this = _holder(folder, home_id(folder))
    for engine in engines.values():
        holder = _noted(engine)
        if holder != this:
            raise _taken(engine, holder or Holder("", "nowhere", "no machine"), this)


def _holder(folder: Path, id_: str) -> Holder:
    return Holder(id_, path_text(folder.resolve()), platform.node() or "a machine without a name")


def _noted(engine: SearchEngine) -> Holder | None:
    """The home that is noted for the entries of an engine; None where none is."""
    if not (noted := engine.holder()):
        return None
    try:
        data = parse_json(noted)
        return Holder(str(data["id"]), str(data["folder"]), str(data["machine"]))
    except (ValueError, KeyError, TypeError) as error:
        raise IndexTaken(f"{engine.place} does not say which home its entries are of ({error}).") from error


def _is_other_folder(holder: Holder, this: Holder) -> bool:
    """Whether the folder that is noted is still there, so that this one was copied from it, and not moved."""
    if holder.folder == this.folder or holder.machine != this.machine:
        return False
    noted = path_of(holder.folder)
    return home_id(noted) == holder.id and not noted.samefile(path_of(this.folder))


def _refuse_unknown(engine: SearchEngine, name: str, folder: Path, wanted: Collection[str]) -> None:
    """Entries of an earlier version have no note; they are this home's where its index in use, or the new one, has all of them."""
    if not (unknown := set(engine.ids()).difference(wanted)):
        return
    try:
        index = open_index(folder, vectors=False)
    except IndexMissing:
        index = None
    if index is not None and name in (models := models_of(index.manifest)):
        unknown.difference_update(entry_id(passage, models[name]) for passage in index.passages)
    if unknown:
        raise IndexTaken(
            f"{engine.place} has {len(unknown)} entries that this home does not know, and no home is noted for them."
        )


def _taken(engine: SearchEngine, holder: Holder, this: Holder) -> IndexTaken:
    return IndexTaken(f"{engine.place} has the entries of another home: {holder}. This one is {this}.")
