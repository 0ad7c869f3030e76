"""The functions for one call: they open what the settings name, once a process, and use it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path

from askjapan.assistant import Assistant
from askjapan.build import BuildReport, Progress, build
from askjapan.encoder import minilm
from askjapan.manifest import generation
from askjapan.multilingual import is_installed, multilingual
from askjapan.records import Answer, Hit
from askjapan.settings import Settings, load_settings

Folders = Path | str | Sequence[Path | str]


def build_index(
    corpus: Folders | None = None,
    index: Path | str | None = None,
    *,
    settings: Settings | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> BuildReport:
    """Build the index of one or several corpus folders; without arguments, those of the settings.

    Raises:
        AskJapanError: as `askjapan.build.build` does.
    """
    settings = settings or load_settings()
    return build(
        _paths(corpus) or settings.corpus_folders,
        Path(index) if index is not None else settings.index_folder,
        minilm(),
        catalogue=settings.catalogue,
        multilingual=multilingual() if settings.multilingual and is_installed() else None,
        passage_tokens=settings.passage_tokens,
        progress=progress,
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


def _paths(given: Folders | None) -> tuple[Path, ...]:
    if given is None:
        return ()
    return (Path(given),) if isinstance(given, str | Path) else tuple(Path(folder) for folder in given)


def _assistant() -> Assistant:
    settings = load_settings()
    return _opened(settings, generation(settings.index_folder).name)


@lru_cache(maxsize=2)
def _opened(settings: Settings, store: str) -> Assistant:
    """One assistant a generation: after a rebuild the next call opens the new one."""
    return Assistant.open(settings=settings)
