"""The functions for one call: they open what the settings name, once a process, and use it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from askjapan.assistant import Assistant
from askjapan.errors import SettingsError
from askjapan.file_names import path_of
from askjapan.findings import DraftCheck, Matrix, Mentions
from askjapan.index.encoders.embedding import Progress
from askjapan.index.encoders.encoder import Encoder, TokenEncoder
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import is_installed, multilingual
from askjapan.index.staleness import changes, staleness
from askjapan.index.storage.checksums import REBUILD
from askjapan.index.storage.manifest import Manifest, generation, read_manifest
from askjapan.index.storage.manifest import damage as damaged
from askjapan.index.storage.store import open_index
from askjapan.records import Answer, Hit
from askjapan.settings import Settings, load_settings

if TYPE_CHECKING:
    from askjapan.index.report import BuildReport
    from askjapan.index.search.engine import SearchEngine

Folders = Path | str | Sequence[Path | str]


def build_index(
    corpus: Folders | None = None,
    index: Path | str | None = None,
    *,
    settings: Settings | None = None,
    progress: Progress = lambda stage, done, total: None,
    encoder: TokenEncoder | None = None,
    wait: bool = False,
    executor: Executor | None = None,
) -> BuildReport:
    """Build the index of one or several corpus folders; without arguments, those of the settings.

    Args:
        corpus: a folder or several.
        index: the index folder.
        settings: instead of those in force.
        progress: told how far reading and embedding are.
        encoder: stands in for the packaged models; then no multilingual encoder is used either.
        wait: for another build of that index to end before this one begins, so that all that is in the corpus now gets in.
        executor: of `concurrent.futures`, as a `ProcessPoolExecutor` or Dask's `Client.get_executor()`: its workers read the files, cut and
            embed them. They need the same files under the same paths.

    Raises:
        AskJapanError: as `askjapan.index.build.build` does.
    """
    from askjapan.index.build import build  # asking needs no reader of documents

    settings = settings or load_settings()
    second = multilingual() if encoder is None and _two_encoders(settings) else None
    return build(
        settings.corpus_folders if corpus is None else _paths(corpus),
        Path(index) if index is not None else settings.index_folder,
        encoder or minilm(),
        catalogue=settings.catalogue,
        multilingual=second,
        passage_tokens=settings.passage_tokens,
        progress=progress,
        wait=wait,
        executor=executor,
        engines=_engines(settings.index_server, settings, encoder or minilm(), second) if index is None else None,
    )


def move_index(
    target: str,
    *,
    settings: Settings | None = None,
    progress: Progress = lambda stage, done, total: None,
    encoder: TokenEncoder | None = None,
) -> Manifest:
    """Move the search of the index between its folder and a Milvus server; nothing is embedded.

    Args:
        target: the address of a server, which has the passages of the folder then and no others; or "folder", which gets FAISS's files with
            the vectors of the server of the settings.
        settings: instead of those in force.
        progress: told the stage "uploading", how many are done and how many there are.
        encoder: stands in for the packaged models.

    Returns:
        What the index was made of.

    Raises:
        IndexFault: there is no index, or the server cannot be used.
        SettingsError: a move into the folder, but the settings name no server.
    """
    from askjapan.index.search.served import move_in, move_out, served

    settings = settings or load_settings()
    address = settings.index_server if target == "folder" else load_settings(index=target).index_server
    if not address:
        raise SettingsError(
            f"{target} names no server." if target != "folder" else "The settings name no server to move from.",
            "Give its address, as http://host:19530, as `index` or ASKJAPAN_INDEX.",
        )
    state = read_manifest(settings.index_folder)
    engines = _engines(address, settings, encoder or minilm(), multilingual() if encoder is None and state.multilingual else None)
    if target == "folder":
        move_out(settings.index_folder, served(open_index(settings.index_folder, vectors=False), engines))
    else:
        move_in(open_index(settings.index_folder), engines, progress)
    return state


def retrieve(
    question: str,
    k: int = 5,
    history: Sequence[str] = (),
    themes: Collection[str] | None = None,
    documents: Collection[str] | None = None,
) -> list[Hit]:
    """The k passages that best answer a question, from the index of the settings; see `Assistant.retrieve`."""
    return _assistant().retrieve(question, k, history, themes, documents)


def ask(
    question: str, history: Sequence[str] = (), themes: Collection[str] | None = None, documents: Collection[str] | None = None
) -> Answer:
    """An answer made of quotes from the index of the settings; see `Assistant.ask`."""
    return _assistant().ask(question, history, themes, documents)


def mentions(
    term: str, themes: Collection[str] | None = None, documents: Collection[str] | None = None, *, exact: bool = False
) -> Mentions:
    """Every mention of a term in all works, from the index of the settings; see `Assistant.mentions`."""
    return _assistant().mentions(term, themes, documents, exact=exact)


def check(draft: Path | str, themes: Collection[str] | None = None, documents: Collection[str] | None = None) -> DraftCheck:
    """Every quotation of a manuscript, looked for in the works of the index of the settings; see `Assistant.check`."""
    return _assistant().check(draft, themes, documents)


def matrix(questions: Sequence[str], themes: Collection[str] | None = None, documents: Collection[str] | None = None) -> Matrix:
    """Each question asked of each work by itself, from the index of the settings; see `Assistant.matrix`."""
    return _assistant().matrix(questions, themes, documents)


def why_stale(settings: Settings, encoder: TokenEncoder | None = None, corpus: Folders | None = None) -> str:
    """Why the index of the settings should be built again, as a sentence; empty if it is up to date.

    `corpus` names the folders to compare with instead of those of the settings, as for `build_index`.
    """
    second = encoder is None and _two_encoders(settings)
    folders = settings.corpus_folders if corpus is None else _paths(corpus)
    model = encoder or minilm()
    return staleness(settings.index_folder, folders, model, settings.passage_tokens, second, vectors=not settings.index_server)


def manifest(settings: Settings) -> Manifest:
    """What the index of the settings was made of; errors as for `askjapan.index.storage.manifest.read_manifest`."""
    return read_manifest(settings.index_folder)


def damage(settings: Settings) -> list[str]:
    """What is wrong with the files of the index of the settings, one sentence a file; errors as for `manifest.damage`."""
    return [f"{sentence} {REBUILD}" for sentence in damaged(settings.index_folder, vectors=not settings.index_server)]


def generation_in_use(settings: Settings) -> Path:
    """The folder of the index that `Assistant.open` would open now: another one after each build."""
    return generation(settings.index_folder)


def changed_files(settings: Settings) -> list[str]:
    """What differs between the files that the index was built from and the same folders now, one sentence a file."""
    stored = manifest(settings)
    folders = [path_of(folder) for folder in stored.folders]
    if missing := [folder for folder in folders if not folder.is_dir()]:
        return [f"The corpus folder {folder} is gone." for folder in missing]
    return changes(stored, folders)


def _engines(address: str, settings: Settings, encoder: Encoder, second: Encoder | None) -> Mapping[str, SearchEngine]:
    """The engines of a server; none without an address."""
    if not address:
        return {}
    from askjapan.index.search.served import connect

    return connect(address, settings.index_token.get_secret_value() if settings.index_token else "", encoder, second)


def _two_encoders(settings: Settings) -> bool:
    return settings.multilingual and is_installed()


def _paths(given: Folders) -> tuple[Path, ...]:
    return (Path(given),) if isinstance(given, str | Path) else tuple(Path(folder) for folder in given)


def _assistant() -> Assistant:
    settings = load_settings()
    return _opened(settings, generation(settings.index_folder).name)


@lru_cache(maxsize=2)
def _opened(settings: Settings, store: str) -> Assistant:
    """One assistant a generation: after a rebuild the next call opens the new one."""
    return Assistant.open(settings=settings)
