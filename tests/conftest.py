"""Every test starts with settings of its own and without a network; a small index over invented works is there to be asked."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from askjapan import assistant
from askjapan.answering import calibration, judgement
from askjapan.cli import main
from askjapan.index.build import build
from askjapan.index.encoders.minilm import MiniLM
from askjapan.retrieval.readers.reader import reader, reader_of_japanese
from tests.support.commands import Ran
from tests.support.fakes import HashEncoder, WordReader, generous_model, no_reader
from tests.support.late import load_late
from tests.support.places import LANTERNS, Place, make_place

# Before a conftest below imports the page.
load_late("gradio")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Sockets reach this machine only: browsers and servers under test, nothing else."""
    config.option.allow_hosts = "127.0.0.1,::1"
    config.option.allow_unix_socket = True


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: looking through it again and again for what could go takes a tenth of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a browser shows may come late on a busy machine: such a test fails when it has failed three times."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The trained reader reads in tests marked `model` only; before the fixtures, since some of them open an index."""
    trained = item.get_closest_marker("model")
    assistant.reader = reader if trained else WordReader
    assistant.reader_of_japanese = reader_of_japanese if trained else no_reader
    judgement.answer_model = calibration.answer_model if trained else generous_model


@pytest.fixture(scope="session", autouse=True)
def _own_temporary_folder() -> Generator[None, None, None]:
    """The chat removes old exports from the machine's temporary folder: those of tests in another process must not be there."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        Path(folder).chmod(0o755)
        if "PYTEST_XDIST_WORKER" in os.environ:
            patch.setenv("TMPDIR", folder)
            patch.setattr(tempfile, "tempdir", None)
        yield


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
