"""The options that several commands have, and the settings that are in force with them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askjapan.errors import IndexFault
from askjapan.file_names import path_of

if TYPE_CHECKING:
    from askjapan.settings import Settings

Corpus = Annotated[
    list[Path] | None, typer.Option("--corpus", help="Folder to index; may be given more than once.", show_default="corpus/")
]
IndexDir = Annotated[Path | None, typer.Option("--index", help="Index folder.", show_default="index/")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
Themes = Annotated[list[str] | None, typer.Option("--theme", help="Only works with this theme; may be given more than once.")]
Documents = Annotated[
    list[str] | None, typer.Option("--document", help="Only the work with this id; may be given more than once.")
]


class Style(StrEnum):
    """How works are cited in footnotes."""

    chicago = "chicago"
    apa = "apa"
    japanese = "japanese"


def settings_in_force(**given: object) -> Settings:
    """The settings with the options of a command line on top; errors as for `load_settings`."""
    from askjapan.settings import load_settings

    return load_settings(**given)


def folders_of_index(settings: Settings) -> tuple[Path, ...] | None:
    """The folders that the index was built from; None where there is no index yet, or one of them is gone."""
    from askjapan.api import manifest

    try:
        folders = tuple(path_of(folder) for folder in manifest(settings).folders)
    except IndexFault:
        return None
    return folders if all(folder.is_dir() for folder in folders) else None


def settings_in_place(settings: Settings, index: Path | None) -> Settings:
    """An index that is named keeps the folders that it was built from: the user's own works come to them, not in their place."""
    folders = folders_of_index(settings) if index else None
    return settings.model_copy(update={"corpus": folders}) if folders else settings
