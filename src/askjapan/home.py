"""Folders of an installation: home, the user's data, the cache, and the files that ship with the package."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from askjapan.errors import SettingsError

PREFIX = "ASKJAPAN_"
"""Prefix of askjapan's environment variables."""
NO_HOME = "Write the path out, or set ASKJAPAN_HOME to a folder for askjapan, and HOME to one of yours."
_PROJECT = Path(__file__).resolve().parents[2]
SHIPPED = Path(__file__).resolve().parent / "shipped"
"""The notes and the catalogue inside an installed package; a clone has them in its own `corpus/`."""


def home() -> Path:
    """The folder that holds `corpus/`, `index/` and `askjapan.toml`.

    It is `ASKJAPAN_HOME`, else the working directory if it has a catalogue, else the project if it has one, else a folder in the user's
    data folder, made when something is first written there.

    Raises:
        SettingsError: there is no working directory any more, or no home folder of the user.
    """
    if given := os.environ.get(PREFIX + "HOME"):
        return expanded(Path(given))
    try:
        here = Path.cwd()
    except FileNotFoundError:
        raise SettingsError("The working directory is not there any more.", "Change to another one.") from None
    with_corpus = (folder for folder in (here, _PROJECT) if (folder / "corpus" / "catalogue.toml").is_file())
    return next(with_corpus, None) or data_folder() / "home"


def expanded(path: Path) -> Path:
    """A path with the folder that its `~` or `~user` stands for.

    Raises:
        SettingsError: there is no such user, or the user has no home folder, as in some containers.
    """
    try:
        return path.expanduser()
    except RuntimeError:
        raise SettingsError(f"The home folder that {path} begins with is not known.", NO_HOME) from None


def data_folder() -> Path:
    """Folder for askjapan's data of this user, under `XDG_DATA_HOME` or its equivalent on other systems.

    Raises:
        SettingsError: the user has no home folder.
    """
    from platformdirs import user_data_path

    return _of_user(user_data_path)


def cache_folder() -> Path:
    """Folder for askjapan's cache of this user, under `XDG_CACHE_HOME` or its equivalent on other systems; errors as for `data_folder`."""
    from platformdirs import user_cache_path

    return _of_user(user_cache_path)


def _of_user(folder_of: Callable[[str], Path]) -> Path:
    try:
        return expanded(folder_of("askjapan"))
    except RuntimeError:
        raise SettingsError("The home folder of this user is not known.", NO_HOME) from None


def on_space() -> bool:
    """Whether this runs on a hosted Gradio space, which sets `SPACE_ID` for every app on it."""
    return bool(os.environ.get("SPACE_ID"))
