"""Two servers of one library: one has the list of what is being added, the other shows it, says so, and takes over when the first has ended."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from askjapan.errors import LibraryError
from askjapan.web.columns.library_handlers import LibraryTab
from askjapan.web.shared.adding import AddingJobs
from askjapan.web.words.translations import words
from tests.support.commands import ROOT, SOURCE
from tests.support.places import Place
from tests.support.web_places import make_library, make_service

KELP = "# Kelp of Rausu\n\nRausu sold 900 tons of kelp to Pusan in 1987.\n"
# Its assistant is never ready, so that what it takes waits.
SERVER = """
import sys; from pathlib import Path
from askjapan.web.shared.adding import AddingJobs; from askjapan.web.shared.service import AssistantService
from tests.support.places import Place; from tests.support.web_places import settings_of
jobs = AddingJobs(AssistantService(settings_of(Place(Path(sys.argv[1])))))
jobs.give([Path(sys.argv[2])])
print("given", flush=True); sys.stdin.read()
"""


@contextmanager
def another_server(library: Place, given: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SERVER, str(library.home), str(given)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": f"{SOURCE}:{ROOT}"}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "given\n"
        yield process
        process.kill()


def test_only_one_of_two_servers_adds_and_the_other_goes_on_when_it_has_ended(tmp_path: Path) -> None:
    library = make_library(tmp_path / "home")
    kelp, crab = tmp_path / "kelp.md", tmp_path / "crab.md"
    kelp.write_text(KELP, encoding="utf-8")
    crab.write_text("# Crab\n\nRausu sold 12 tons of crab in 1990.\n", encoding="utf-8")
    service = make_service(library)
    with another_server(library, kelp) as first:
        second = AddingJobs(service)
        assert [(job.name, job.state) for job in second.jobs] == [("kelp.md", "queued")]
        tab = LibraryTab(service)
        calls = (
            lambda: second.give([crab]),
            lambda: second.cancel(second.jobs[0].id),
            second.clear,
            lambda: second.index("kelp.md"),
        )
        for call in calls:
            with pytest.raises(LibraryError, match="Another askjapan serves this library"):
                call()
        assert "Another askjapan serves this library" in tab.add([str(crab)], words("en"))
        assert "別の askjapan" in tab.add([str(crab)], words("ja"))
        assert [(job.name, job.state) for job in second.jobs] == [("kelp.md", "queued")]
        first.kill()
        first.wait()
        second.give([crab])
    for _ in range(600):
        if not second.is_busy:
            break
        threading.Event().wait(0.05)
    assert [(job.name, job.state) for job in second.jobs] == [("crab.md", "done"), ("kelp.md", "done")]
    assert service.unindexed() == []
