"""Folders of an installation: home, the user's data, the cache, and the files that ship with the package."""

from __future__ import annotations

import os
from pathlib import Path

PREFIX = "ASKJAPAN_"
"""Prefix of askjapan's environment variables."""
_PROJECT = Path(__file__).resolve().parents[2]
SHIPPED = Path(__file__).resolve().parent / "shipped"
"""The notes and the catalogue inside an installed package; a clone has them in its own `corpus/`."""


def home() -> Path:
    """The folder that holds `corpus/`, `index/` and `askjapan.toml`.

    It is `ASKJAPAN_HOME`, else the working directory if it has a catalogue, else the project if it has one, else a folder in the user's
    data folder, made when something is first written there.
    """
    if given := os.environ.get(PREFIX + "HOME"):
        return Path(given).expanduser()
    here = Path.cwd()
    with_corpus = (folder for folder in (here, _PROJECT) if (folder / "corpus" / "catalogue.toml").is_file())
    return next(with_corpus, None) or data_folder() / "home"


def data_folder() -> Path:
    """Folder for askjapan's data of this user, under `XDG_DATA_HOME` or its equivalent on other systems."""
    from platformdirs import user_data_path

    return Path(user_data_path("askjapan"))


def cache_folder() -> Path:
    """Folder for askjapan's cache of this user, under `XDG_CACHE_HOME` or its equivalent on other systems."""
    from platformdirs import user_cache_path

    return Path(user_cache_path("askjapan"))


def on_space() -> bool:
    """Whether this runs on a hosted Gradio space, which sets `SPACE_ID` for every app on it."""
    return bool(os.environ.get("SPACE_ID"))
