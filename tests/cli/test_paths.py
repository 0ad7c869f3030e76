"""Paths that no system takes, and folders that are not there: a sentence each, whatever the command."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from pathlib import Path

import pytest

from askjapan.errors import SettingsError
from askjapan.home import cache_folder, data_folder
from tests.support.commands import Ran
from tests.support.places import Place

Askjapan = Callable[..., Ran]
LONG = "a" * 5_000


@pytest.mark.parametrize(
    "command",
    [
        ("add", LONG),
        ("index", "--corpus", LONG),
        ("list", "--index", LONG),
        ("doctor", "--index", LONG),
        ("ask", "Who?", "--index", LONG),
    ],
)
def test_a_path_that_is_too_long_is_told_in_a_sentence(askjapan: Askjapan, place: Place, command: tuple[str, ...]) -> None:
    ran = askjapan(*command)
    assert ran.code == 1
    assert ran.err.endswith("cannot be used: File name too long. Check its name, its permissions and the space on the disk.\n")
    assert len(ran.err) < 400


@pytest.mark.parametrize(
    "command",
    [("add", "~nobody-at-all/a.txt"), ("index", "--corpus", "~nobody-at-all"), ("add", "--bibliography", "~nobody-at-all/a.bib")],
)
def test_the_home_of_nobody_is_told_in_a_sentence(askjapan: Askjapan, place: Place, command: tuple[str, ...]) -> None:
    ran = askjapan(*command)
    assert ran.code == 1
    assert ran.err.startswith("The home folder that ~nobody-at-all")
    assert ran.err.endswith(
        " is not known. Write the path out, or set ASKJAPAN_HOME to a folder for askjapan, and HOME to one of yours.\n"
    )


def test_a_user_without_a_home_folder_gets_none_of_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that runs under a number: `~` would be made as a folder where one happens to be."""

    def unknown(number: int) -> None:
        raise KeyError(number)

    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "ASKJAPAN_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    for folder in (data_folder, cache_folder):
        with pytest.raises(SettingsError, match=r"^The home folder \D* is not known\. Write the path out, or set ASKJAPAN_HOME"):
            folder()


def test_a_working_directory_that_is_gone_is_told(
    askjapan: Askjapan, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.delenv("ASKJAPAN_HOME")
    monkeypatch.chdir(gone)
    gone.rmdir()
    ran = askjapan("list")
    assert (ran.code, ran.err) == (1, "The working directory is not there any more. Change to another one.\n")
    os.chdir(tmp_path)
