"""The functions for one call: they open what the settings name, once a process, and use it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from askjapan.assistant import Assistant
from askjapan.file_names import path_of
from askjapan.findings import DraftCheck, Matrix, Mentions
from askjapan.index.encoders.embedding import Progress
from askjapan.index.encoders.encoder import TokenEncoder
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import is_installed, multilingual
from askjapan.index.staleness import changes, staleness
from askjapan.index.storage.checksums import REBUILD
from askjapan.index.storage.manifest import Manifest, generation, read_manifest
from askjapan.index.storage.manifest import damage as damaged
from askjapan.records import Answer, Hit
from askjapan.settings import Settings, load_settings

if TYPE_CHECKING:
    from askjapan.index.report import BuildReport

Folders = Path | str | Sequence[Path | str]


def build_index(
    corpus: Folders | None = None,
    index: Path | str | None = None,
    *,
    settings: Settings | None = None,
    progress: Progress = lambda stage, done, total: None,
    encoder: TokenEncoder | None = None,
    wait: bool = False,
) -> BuildReport:
    """Build the index of one or several corpus folders; without arguments, those of the settings.

    Args:
        corpus: a folder or several.
        index: the index folder.
        settings: instead of those in force.
        progress: told how far reading and embedding are.
        encoder: stands in for the packaged models; then no multilingual encoder is used either.
        wait: for another build of that index to end before this one begins, so that all that is in the corpus now gets in.

    Raises:
        AskJapanError: as `askjapan.index.build.build` does.
    """
    from askjapan.index.build import build  # asking needs no reader of documents

    settings = settings or load_settings()
    return build(
        settings.corpus_folders if corpus is None else _paths(corpus),
        Path(index) if index is not None else settings.index_folder,
        encoder or minilm(),
        catalogue=settings.catalogue,
        multilingual=multilingual() if encoder is None and _two_encoders(settings) else None,
        passage_tokens=settings.passage_tokens,
        progress=progress,
        wait=wait,
    )


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
    return staleness(settings.index_folder, folders, encoder or minilm(), settings.passage_tokens, second)


def manifest(settings: Settings) -> Manifest:
    """What the index of the settings was made of; errors as for `askjapan.index.storage.manifest.read_manifest`."""
    return read_manifest(settings.index_folder)


def damage(settings: Settings) -> list[str]:
    """What is wrong with the files of the index of the settings, one sentence a file; errors as for `manifest.damage`."""
    return [f"{sentence} {REBUILD}" for sentence in damaged(settings.index_folder)]


def generation_in_use(settings: Settings) -> Path:
    """The folder of the index that `Assistant.open` would open now: another one after each build."""
    return generation(settings.index_folder)


def changed_files(settings: Settings) -> list[str]:
    """What differs between the files that the index was built from and the same folders now, one sentence a file."""
    found = manifest(settings)
    folders = [path_of(folder) for folder in found.folders]
    if missing := [folder for folder in folders if not folder.is_dir()]:
        return [f"The corpus folder {folder} is gone." for folder in missing]
    return changes(found, folders)


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
