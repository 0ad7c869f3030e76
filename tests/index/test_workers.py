"""Builds by processes and by a cluster: the same index as in one process, also when a worker is killed in the middle."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path

import numpy as np
import pytest

from askjapan.api import build_index
from askjapan.index.build import build
from askjapan.index.encoders.workers import in_order, processes
from askjapan.index.storage.store import Index, open_index
from tests.support.commands import Ran, in_subprocess
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS_NOTE_JA, Place

FILES = 24


@pytest.fixture
def library(place: Place) -> Place:
    """Works of several kinds: distinct, twice the same, unreadable, and a note in two languages."""
    for number in range(FILES):
        (place.works / f"work{number:02}.txt").write_text(text_of(number), encoding="utf-8")
    (place.works / "work99.txt").write_text(text_of(7), encoding="utf-8")
    (place.works / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (place.notes / "lanterns.ja.md").write_text(LANTERNS_NOTE_JA, encoding="utf-8")
    return place


def text_of(number: int) -> str:
    """A text of its own in every sentence."""
    sentences = (
        f"In {1900 + line} the town{number} of number {line} spent {line * number} yen on ferry{number}x{line}."
        for line in range(40)
    )
    return f"Towns and ferries {number}\n\n1. Money\n\n" + " ".join(sentences) + "\n"


class Slow(HashEncoder):
    """Takes its time over a text, so that a worker can be killed while it works."""

    def encode(self, texts: Sequence[str], progress: object = None) -> np.ndarray:
        time.sleep(0.05)
        return super().encode(texts)


def index_of(place: Place, name: str, executor: Executor | None, encoder: HashEncoder | None = None) -> Index:
    """Build into a folder of that name, and open it."""
    folder = place.home / name
    build([place.corpus], folder, encoder or HashEncoder(), catalogue=place.catalogue, executor=executor)
    return open_index(folder)


def parts(index: Index) -> dict[str, object]:
    """What has to be the same: every file but the manifest's times, byte by byte."""
    manifest = index.manifest
    return {
        "sums": manifest.sums, "fingerprint": manifest.fingerprint, "skipped": manifest.skipped, "reports": manifest.reports,
        "files": manifest.files, "warnings": manifest.warnings, "documents": manifest.documents,
    }  # fmt: skip


def test_processes_build_the_same_index(library: Place) -> None:
    alone = index_of(library, "alone", None)
    with processes(2) as executor:
        together = index_of(library, "together", executor)
    assert parts(together) == parts(alone)
    assert len(alone.manifest.skipped) == 2
    assert len(alone.documents) == FILES + 3


def test_what_a_killed_process_had_to_do_is_done(library: Place) -> None:
    with processes(1) as executor:
        executor.submit(os.kill, executor.submit(os.getpid).result(), signal.SIGKILL)
        survived = index_of(library, "survived", executor)
    assert parts(survived) == parts(index_of(library, "alone", None))


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_loses_a_worker_and_nothing_else(library: Place) -> None:
    distributed = pytest.importorskip("distributed")
    alone = index_of(library, "alone", None)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        executor = client.get_executor()
        pids = client.run(os.getpid)
        killed = []

        def kill_one(stage: str, done: int, total: int) -> None:
            if stage == "reading" and done > FILES // 3 and not killed:
                killed.append(next(iter(pids.values())))
                os.kill(killed[0], signal.SIGKILL)

        folder = library.home / "cluster"
        build([library.corpus], folder, Slow(), catalogue=library.catalogue, executor=executor, progress=kill_one)
        assert killed
    assert parts(open_index(folder)) == parts(alone)


def test_the_command_takes_a_number_of_workers(library: Place, fake_model: None, askjapan: Callable[..., Ran]) -> None:
    # A worker's process knows no stand-in for the model: it reads, and what it can't do shows as an error.
    assert askjapan("index", "--workers", "0").code == 2
    many = askjapan("index", "--workers", "1000000")
    assert (many.code, "1000000 processes are too many for this machine's " in many.err) == (1, True)
    help_ = askjapan("index", "--help")
    assert "--workers" in help_.out


@pytest.mark.model
@pytest.mark.slow
def test_workers_embed_with_the_real_models(library: Place) -> None:
    alone = build_index(index=library.home / "alone")
    assert alone.embedded > FILES
    ran = in_subprocess("-m", "askjapan", "index", "--workers", "2", "--index", str(library.home / "two"), home=library.home)
    # A file that cannot be read is left out, here as there.
    assert ran.returncode == 1, ran.stderr
    one, two = open_index(library.home / "alone"), open_index(library.home / "two")
    assert one.manifest.fingerprint == two.manifest.fingerprint
    assert list(one.passages) == list(two.passages)
    for name in one.vectors:
        assert np.abs(one.vectors_of(name) - two.vectors_of(name)).max() < 1e-5


class Failing(Executor):
    """Loses its workers after so many calls."""

    def __init__(self, most: int) -> None:
        self.most = most

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future[object] = Future()
        self.most -= 1
        if self.most < 0:
            future.set_exception(BrokenExecutor("gone"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


@pytest.mark.parametrize("most", [0, 1, 3, 100])
def test_calls_come_back_in_order_once(most: int) -> None:
    assert list(in_order(Failing(most), divmod, [(n, 3) for n in range(7)])) == [divmod(n, 3) for n in range(7)]
    assert list(in_order(None, divmod, [(7, 2)])) == [(3, 1)]
    assert list(in_order(Failing(most), divmod, [])) == []


def test_an_error_in_a_worker_is_the_builds_error(place: Place) -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_order(Failing(5), divmod, [(1, 1), (1, 0)]))


def test_nothing_that_a_worker_does_imports_an_engine() -> None:
    code = "import sys, askjapan.index.reading, askjapan.index.encoders.embedding; print(*sys.modules)"
    ran = in_subprocess("-c", code, home=Path.home())
    assert ran.returncode == 0, ran.stderr
    assert not {"distributed", "dask", "ray", "pymilvus", "faiss"} & set(ran.stdout.split())
