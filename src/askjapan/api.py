"""Functions on the index of the settings; a process opens that index once, and again after a rebuild."""

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
from askjapan.index.storage.store import building_lock, open_index
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
        progress: called with the stage, the number done and the total.
        encoder: replaces the packaged models; then no multilingual encoder is used either.
        wait: whether to wait until another build of that index ends, instead of raising `IndexBusy`.
        executor: an executor of `concurrent.futures`, such as a `ProcessPoolExecutor` or Dask's `Client.get_executor()`. Its workers read the
            files, cut them into passages and embed these. They need the same files under the same paths.

    Returns:
        The report of the build.

    Raises:
        AskJapanError: the same errors as `askjapan.index.build.build`.
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
    take_over: bool = False,
) -> Manifest:
    """Move the search of the index between its folder and a Milvus server; nothing is embedded.

    Args:
        target: the address of a server, which then holds the passages of the folder and no others; or "folder", which gets FAISS files
            with the vectors from the server of the settings.
        settings: instead of those in force.
        progress: called with the stage "uploading", the number of passages done and the total.
        encoder: replaces the packaged models.
        take_over: whether the entries of another home, if the server has such at that address, are to go.

    Returns:
        The manifest of the index.

    Raises:
        IndexTaken: the server has the entries of another home there; nothing is changed.
        IndexFault: there is no index, or the server cannot be used.
        SettingsError: `target` is no address of a server, or it is "folder" and the settings name no server.
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
        with building_lock(settings.index_folder):
            move_in(open_index(settings.index_folder), engines, progress, take_over=take_over)
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
    """Compare every quotation of a manuscript with the works of the index of the settings; see `Assistant.check`."""
    return _assistant().check(draft, themes, documents)


def matrix(questions: Sequence[str], themes: Collection[str] | None = None, documents: Collection[str] | None = None) -> Matrix:
    """Ask each question of each work separately, from the index of the settings; see `Assistant.matrix`."""
    return _assistant().matrix(questions, themes, documents)


def why_stale(settings: Settings, encoder: TokenEncoder | None = None, corpus: Folders | None = None) -> str:
    """Reason to rebuild the index of the settings, as a sentence; empty if it is up to date.

    `corpus` names the folders to compare with instead of those of the settings, as for `build_index`.
    """
    second = encoder is None and _two_encoders(settings)
    folders = settings.corpus_folders if corpus is None else _paths(corpus)
    model = encoder or minilm()
    return staleness(settings.index_folder, folders, model, settings.passage_tokens, second, vectors=not settings.index_server)


def manifest(settings: Settings) -> Manifest:
    """Manifest of the index of the settings; errors as for `askjapan.index.storage.manifest.read_manifest`."""
    return read_manifest(settings.index_folder)


def damage(settings: Settings) -> list[str]:
    """Faults in the files of the index of the settings, one sentence a file; errors as for `askjapan.index.storage.manifest.damage`."""
    return [f"{sentence} {REBUILD}" for sentence in damaged(settings.index_folder, vectors=not settings.index_server)]


def generation_in_use(settings: Settings) -> Path:
    """Folder of the index generation that `Assistant.open` would open now; each build makes a new one."""
    return generation(settings.index_folder)


def changed_files(settings: Settings) -> list[str]:
    """Differences between the files that the index was built from and its corpus folders now, one sentence a file or missing folder."""
    stored = manifest(settings)
    folders = [path_of(folder) for folder in stored.folders]
    if missing := [folder for folder in folders if not folder.is_dir()]:
        return [f"The corpus folder {folder} is gone." for folder in missing]
    return changes(stored, folders)


def _engines(address: str, settings: Settings, encoder: Encoder, second: Encoder | None) -> Mapping[str, SearchEngine]:
    """Search engines on a server, by name; none without an address."""
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
    """Cached assistant of one index generation; `store` is the generation's name, so that the call after a rebuild opens the new one."""
    return Assistant.open(settings=settings)
