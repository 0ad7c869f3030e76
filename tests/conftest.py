"""Every test starts with settings of its own and without a network; a small index over invented works is there to be asked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes import HashEncoder

from askjapan.build import build
from askjapan.catalogue import sketch
from askjapan.cli import main
from askjapan.encoder import MiniLM

SOURCE = Path(__file__).resolve().parents[1] / "src"

LANTERNS = """The lantern towns of Hoshino Bay

1. Letters between harbours

In 1961 the town of Hoshino signed a letter of friendship with the Danish port of Vesterby. Forty lanterns were sent by ship
that winter. The mayor of Vesterby answered with a carved bench that still stands beside the ferry pier.

2. What the towns spent

Hoshino spent 312 million yen on exchanges with foreign towns in 1998. By 2004 the sum had fallen to 95 million yen, because the
prefecture no longer paid for travel. School visits went on, paid for by parents and by the fishing cooperative.
"""

TEA = """Tea growers without borders

1. Nurses and pickers

The cooperative of Aoba hired 27 pickers from Nepal in 2012. They learned the work in six weeks and stayed for three seasons on
average. The village set up a language class in the old post office, taught by two retired teachers.

2. What the growers say

Growers say that the harvest of 2015 would have rotted on the hills without the pickers from Nepal.
"""

LANTERNS_NOTE = """---
work: hoshino-lanterns
kind: study note
language: en
---

# Study note: friendship between Hoshino and Vesterby

## Section 1: the letter

Hoshino and Vesterby became friends by a letter signed in 1961. Lanterns went to Denmark, a bench came back. [Section 1]

## Section 2: money

Spending on exchanges was 312 million yen in 1998 and 95 million yen in 2004. [Section 2]
"""

TEA_NOTE = """---
work: aoba-tea
kind: study note
language: en
---

# Study note: foreign pickers in Aoba

## Section 1: numbers

The tea cooperative of Aoba took on 27 people from Nepal in 2012. [Section 1]
"""


def catalogue_text() -> str:
    """A catalogue of both works, with the hashes that recognise their full texts."""
    entries = (
        ("hoshino-lanterns", "The Lantern Towns of Hoshino Bay", "Sachi Morikawa", 2006, "sister cities", LANTERNS),
        ("aoba-tea", "Tea Growers Without Borders", "Kenji Ota", 2016, "migration", TEA),
    )
    return "\n".join(
        f'[[work]]\nid = "{id_}"\ntitle = "{title}"\nauthors = ["{author}"]\nyear = {year}\nlanguage = "en"\n'
        f'themes = ["{theme}"]\n'
        f"sketch = {sketch(text)}\n"
        for id_, title, author, year, theme, text in entries
    )


@dataclass(frozen=True)
class Place:
    """A home folder as a user has it: corpus/ with a catalogue, notes/ and works/, and index/ beside it."""

    home: Path

    @property
    def corpus(self) -> Path:
        return self.home / "corpus"

    @property
    def works(self) -> Path:
        return self.corpus / "works"

    @property
    def notes(self) -> Path:
        return self.corpus / "notes"

    @property
    def index(self) -> Path:
        return self.home / "index"

    @property
    def catalogue(self) -> Path:
        return self.corpus / "catalogue.toml"


def make_place(home: Path) -> Place:
    """Lay out a home folder with the notes on both invented works, and nothing built yet."""
    place = Place(home)
    place.notes.mkdir(parents=True)
    place.works.mkdir()
    place.catalogue.write_text(catalogue_text(), encoding="utf-8")
    (place.works / "README.md").write_text("# Your own works go here\n", encoding="utf-8")
    (place.notes / "lanterns.md").write_text(LANTERNS_NOTE, encoding="utf-8")
    (place.notes / "tea.md").write_text(TEA_NOTE, encoding="utf-8")
    return place


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Sockets reach this machine only: browsers and servers under test, nothing else."""
    config.option.allow_hosts = "127.0.0.1,::1"
    config.option.allow_unix_socket = True


@pytest.fixture(autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ASKJAPAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ASKJAPAN_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A home folder in force for this test, with notes and without an index."""
    made = make_place(tmp_path / "home")
    monkeypatch.setenv("ASKJAPAN_HOME", str(made.home))
    return made


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home folder with the full text of one work, the note on the other, and their index. Read it, never change it."""
    made = make_place(tmp_path_factory.mktemp("small") / "home")
    (made.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    build([made.corpus], made.index, HashEncoder(), catalogue=made.catalogue)
    return made


@pytest.fixture
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The packaged encoder computes what `HashEncoder` does, and no multilingual one is used."""
    for name in (name for name in vars(HashEncoder) if not name.startswith("__")):
        monkeypatch.setattr(MiniLM, name, vars(HashEncoder)[name], raising=False)
    monkeypatch.setenv("ASKJAPAN_MULTILINGUAL", "false")


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def askjapan(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command in this process, through the same function as the installed script."""

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        code: object = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code or 0
        printed = capsys.readouterr()
        assert isinstance(code, int)
        return Ran(code, printed.out, printed.err)

    return run


def in_subprocess(*arguments: object, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the package on its path, in an environment without any other setting."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ASKJAPAN_")}
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env={**inherited, "PYTHONPATH": str(SOURCE), "ASKJAPAN_HOME": str(home), "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
