"""A process for jobs that may hang, swell or crash: one bad job costs itself alone."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from askjapan.documents.readers.child import Child, Children

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


def test_a_job_that_is_interrupted_leaves_no_reply_for_the_next(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    child.ask("warm", 30, 30)

    def interrupted(timeout: float) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(child, "_replies", SimpleNamespace(get=interrupted, put=child._replies.put))
    with pytest.raises(KeyboardInterrupt):
        child.ask("first", 30, 30)
    assert child.ask("second", 30, 30)[0] == "second"


def test_jobs_of_one_name_take_one_process_and_others_go_on_beside_them(child: Child) -> None:
    children = Children(child.module, 2)
    children.ask("warm", "a", 30, 30)
    ended: list[BaseException] = []

    def hang() -> None:
        try:
            children.ask("hang", "slow", 60, 30)
        except ChildProcessError as error:
            ended.append(error)

    begun = threading.Thread(target=hang)
    begun.start()
    while "slow" not in children._named:
        time.sleep(0.01)
    with pytest.raises(BlockingIOError, match=r"errands is busy\."):
        children.ask("late", "slow", 30, 0.05)
    assert children.ask("other", "quick", 30, 0.05)[0] == "other"
    assert not ended
    children.stop()
    begun.join()
    assert len(ended) == 1
    assert children.ask("late", "slow", 30, 30)[0] == "late"
    children.stop()
