"""A process for jobs that may hang, swell or crash: one bad job costs itself alone."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from askjapan.documents.readers.child import Child

CODE = """
import json, os, sys, time
from askjapan.documents.readers.child import limit_memory
for line in sys.stdin:
    request = json.loads(line)
    if request == "hang":
        time.sleep(60)
    if request == "crash":
        os.kill(os.getpid(), 9)
    if request == "swell":
        limit_memory(1 << 28)
        bytearray(1 << 29)
    print(json.dumps([request, os.getpid()]), flush=True)
"""


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Child]:
    (tmp_path / "errands.py").write_text(CODE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    made = Child("errands")
    yield made
    made.stop()


def test_one_process_does_one_job_after_another(child: Child) -> None:
    first, second = (child.ask(word, 30, 30) for word in ("海", {"a": 1}))
    assert (first[0], second[0]) == ("海", {"a": 1})
    assert first[1] == second[1]
    child.stop()
    child.stop()
    assert child.ask("again", 30, 30)[1] != first[1]


def test_a_job_that_hangs_crashes_or_swells_costs_itself(child: Child) -> None:
    child.ask("warm", 30, 30)
    with pytest.raises(TimeoutError, match=r"errands took longer than 0 seconds\."):
        child.ask("hang", 0.2, 30)
    assert child.ask("next", 30, 30)[0] == "next"
    with pytest.raises(ChildProcessError) as caught:
        child.ask("crash", 30, 30)
    assert caught.value.errno == -9
    assert child.ask("next", 30, 30)[0] == "next"
    if sys.platform == "linux":
        with pytest.raises(ChildProcessError) as caught:
            child.ask("swell", 30, 30)
        assert caught.value.errno == 1
        assert child.ask("next", 30, 30)[0] == "next"


def test_others_wait_as_long_as_they_are_patient(child: Child) -> None:
    child.ask("warm", 30, 30)
    with child._lock, pytest.raises(BlockingIOError, match=r"errands is busy\."):
        child.ask("late", 30, 0.05)
    found: list[str] = []
    threads = [threading.Thread(target=lambda word=word: found.append(child.ask(word, 30, 30)[0])) for word in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list("abcdef")
