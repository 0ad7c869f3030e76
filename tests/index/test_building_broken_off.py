"""Builds that die, are killed, meet another one or a full disk: the old index goes on serving."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

import pytest

from askjapan.errors import IndexBusy, IndexFault
from askjapan.index.storage.store import building_lock, open_index
from tests.support.builds import Counting, built
from tests.support.commands import ROOT, SOURCE, in_subprocess
from tests.support.places import Place


def stores(place: Place) -> list[str]:
    return sorted(path.name for path in place.index.iterdir() if path.name not in ("CURRENT", ".lock"))


class Died(BaseException):
    """Neither an error of the project nor an Exception: nothing may catch it."""


def _die(*_: object, **__: object) -> Any:
    raise Died


STAGES = {
    "reading": "askjapan.index.reading.read_whole",
    "describing": "askjapan.index.reading.describe",
    "splitting": "askjapan.index.reading.split",
    "embedding": "tests.support.fakes.HashEncoder.encode",
    "proving": "askjapan.index.build.prove_fit",
    "saving the passages": "askjapan.index.storage.store.asdict",
    "saving the words": "askjapan.index.storage.store.LexicalIndex.save",
    "before the last rename": "askjapan.index.storage.store.os.replace",
}


@pytest.mark.parametrize("where", STAGES.values(), ids=STAGES)
def test_a_build_that_dies_leaves_the_old_index(where: str, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    old = built(place)
    (place.works / "own.txt").write_text("Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(where, _die)
        with pytest.raises(Died):
            built(place)
    index = open_index(place.index)
    assert index.manifest.fingerprint == old.fingerprint
    assert index.text("aoba-tea-note").startswith("---\nwork: aoba-tea\n")
    assert not list(place.index.glob(".building-*"))
    new = built(place)
    assert new.fingerprint != old.fingerprint
    assert open_index(place.index).manifest.fingerprint == new.fingerprint
    assert stores(place) == [(place.index / "CURRENT").read_text().strip()]


def test_a_build_that_is_killed_is_cleaned_up_by_the_next(place: Place) -> None:
    old = built(place)
    (place.works / "own.txt").write_text("Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n", encoding="utf-8")
    code = (
        "import os, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from tests.support.fakes import HashEncoder; import askjapan.index.storage.store; from askjapan.index.build import build\n"
        "askjapan.index.storage.store.LexicalIndex.save = lambda *_: os._exit(9)\n"
        "home = Path(sys.argv[1]); corpus = home / 'corpus'\n"
        "build([corpus], home / 'index', HashEncoder(), catalogue=corpus / 'catalogue.toml')"
    )
    assert in_subprocess("-c", code, place.home, ROOT, home=place.home).returncode == 9
    assert len(list(place.index.glob(".building-*"))) == 1
    assert open_index(place.index).manifest.fingerprint == old.fingerprint
    built(place)
    assert stores(place) == [(place.index / "CURRENT").read_text().strip()]


def test_two_builds_at_once(place: Place) -> None:
    built(place)
    with building_lock(place.index), pytest.raises(IndexBusy) as caught:
        built(place)
    assert str(caught.value) == f"Another build is writing to {place.index}. Wait for it to end, then try again."
    built(place)


def test_two_builds_at_once_in_two_processes(place: Place) -> None:
    code = (
        "import sys; from pathlib import Path; from askjapan.index.storage.store import building_lock\n"
        "with building_lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    import subprocess

    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(
        [sys.executable, "-c", code, str(place.index)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(IndexBusy):
            built(place)
        other.kill()
    # The lock goes with its process.
    assert built(place).passages > 0


def test_an_index_folder_that_cannot_be_made(place: Place) -> None:
    (place.home / "index").write_text("a file, not a folder")
    with pytest.raises(IndexFault) as caught:
        built(place)
    assert str(caught.value) == (
        f"The index folder {place.index} cannot be written to: File exists. "
        "Check its permissions and the space on the disk, or name another folder with --index."
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_read_only_index_folder(place: Place) -> None:
    place.index.mkdir(mode=0o500)
    with pytest.raises(IndexFault, match=r"cannot be written to: Permission denied\. Check its permissions"):
        built(place)


@pytest.mark.parametrize("failing", ["askjapan.index.storage.store.LexicalIndex.save", "faiss.write_index"])
def test_a_full_disk(failing: str, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    old = built(place)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device") if "Lexical" in failing else RuntimeError("could not write")

    with monkeypatch.context() as patched:
        patched.setattr(failing, full)
        with pytest.raises(IndexFault, match=r"cannot be written to: (No space left on device|could not write)\. Check"):
            built(place, Counting(), passage_tokens=60)
    assert open_index(place.index).manifest.fingerprint == old.fingerprint
    assert len(stores(place)) == 1


def test_interrupting_the_command_leaves_the_old_index(place: Place) -> None:
    """Ctrl-C in the middle of embedding: exit code 130, nothing on stdout, no traceback, and the index as it was."""
    import subprocess

    old = built(place)
    (place.works / "own.txt").write_text("Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n", encoding="utf-8")
    code = (
        # Where the tests run in the background, Ctrl-C is ignored, and a child inherits that.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import time; from askjapan.index.encoders.minilm import MiniLM\n"
        "MiniLM.count_pieces = lambda self, text: len(text.split())\n"
        "def encode(self, texts, progress=None):\n    print('embedding', flush=True)\n    time.sleep(60)\n"
        "MiniLM.encode = encode\n"
        "from askjapan.cli import main; main(['index'])"
    )
    environment = {
        **os.environ, "PYTHONPATH": str(SOURCE),
        "ASKJAPAN_HOME": str(place.home), "ASKJAPAN_MULTILINGUAL": "0",
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, encoding="utf-8"
    ) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "embedding\n"
        time.sleep(0.3)
        command.send_signal(signal.SIGINT)
        out, err = command.communicate(timeout=60)
    assert command.returncode == 130
    assert out == ""
    assert "Traceback" not in err
    assert "Error" not in err
    assert open_index(place.index).manifest.fingerprint == old.fingerprint
    assert len(stores(place)) == 1
