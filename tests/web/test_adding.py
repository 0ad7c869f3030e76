"""Adding as a job of the server: its states, what survives a process, cancelling, and what lies in the folder unindexed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from askjapan.errors import DamagedFile
from askjapan.index.storage.store import building_lock
from askjapan.index.works.unindexed import in_index
from askjapan.records import Passage
from askjapan.sayings import Saying
from askjapan.settings import load_settings
from askjapan.web.columns.library_handlers import LibraryTab
from askjapan.web.html.library_cards import adding_html
from askjapan.web.shared.adding import AddingJobs, Job
from askjapan.web.shared.service import AssistantService, Status
from askjapan.web.words.translations import words
from tests.support.fakes import HashEncoder
from tests.support.places import Place
from tests.support.web_places import make_library, make_service, settings_of

ENGLISH = words("en")
KELP = "# Kelp of Rausu\n\nRausu sold 900 tons of kelp to Pusan in 1987.\n"
KELP_QUESTION = "How much kelp did Rausu sell to Pusan in 1987?"


class HeldEncoder(HashEncoder):
    """Embeds only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = threading.Event()
        self.free = threading.Event()
        self.free.set()

    def encode(self, texts, progress=None):
        if threading.current_thread().name == "askjapan-build":
            self.reached.set()
            assert self.free.wait(30)
        return super().encode(texts, progress)


@pytest.fixture
def library(tmp_path: Path) -> Place:
    return make_library(tmp_path / "home")


@pytest.fixture
def held(library: Place) -> Iterator[tuple[AssistantService, HeldEncoder]]:
    encoder = HeldEncoder()
    service = AssistantService(settings_of(library), encoder)
    service.start()
    assert service.wait(30)
    encoder.reached.clear()
    yield service, encoder
    encoder.free.set()


def written(folder: Path, name: str, text: str = KELP) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def ended(jobs: AddingJobs) -> list[Job]:
    """The jobs once all have ended."""
    for _ in range(600):
        if not jobs.is_busy:
            return jobs.jobs
        threading.Event().wait(0.05)
    raise AssertionError(jobs.jobs)


def waits_in(jobs: AddingJobs, state: str) -> None:
    """Wait until the latest job has come so far."""
    for _ in range(600):
        if jobs.jobs[0].state == state:
            return
        threading.Event().wait(0.05)
    raise AssertionError(jobs.jobs)


def test_a_good_a_bad_and_a_known_file(library: Place, tmp_path: Path) -> None:
    service = make_service(library)
    jobs = AddingJobs(service)
    twin = written(tmp_path, "again.txt", (library.works / "lanterns.txt").read_text(encoding="utf-8"))
    jobs.give([written(tmp_path, "kelp.md"), written(tmp_path, "scan.pdf", "This is no PDF."), twin])
    known, bad, good = ended(jobs)
    assert (good.name, good.state, good.title, good.passages) == ("kelp.md", "done", "Kelp of Rausu", 1)
    assert (bad.state, bad.told.key if bad.told else "") == ("failed", "WrongFormat")
    assert str(bad.told).startswith("scan.pdf is not a PDF")
    assert (known.state, known.told.key if known.told else "") == ("failed", "DuplicateWork")
    assert service.ask(KELP_QUESTION).sentences[0].text == "Rausu sold 900 tons of kelp to Pusan in 1987."
    assert sorted(path.name for path in jobs.folder.iterdir()) == [".lock", "jobs.json"]
    jobs.clear()
    assert jobs.jobs == []


def test_a_process_that_was_killed_leaves_nothing_orphaned(library: Place, tmp_path: Path) -> None:
    """One file waited, one had been copied but not written down, one was being embedded, one upload was not even noted."""
    folder = library.works / ".adding"
    states = []
    for id_, name, state in (("a", "waits.md", "queued"), ("b", "copied.md", "reading"), ("c", "read.md", "embedding")):
        text = f"# Work {name}\n\nThe {name} of Rausu was sold in 1987.\n"
        if state != "embedding":
            (folder / id_).mkdir(parents=True, exist_ok=True)
            written(folder / id_, name, text)
        if state != "queued":
            written(library.works, name, text)
        states.append({"id": id_, "name": name, "state": state, "copy": name if state == "embedding" else ""})
    (folder / "d").mkdir()
    written(folder / "d", "unnoted.md")
    (folder / "jobs.json").write_text(json.dumps(states), encoding="utf-8")
    service = make_service(library)
    done = ended(AddingJobs(service))
    assert {job.name: job.state for job in done} == dict.fromkeys(("waits.md", "copied.md", "read.md", "unnoted.md"), "done")
    assert service.unindexed() == []
    indexed = {Path(document.path).name for document in service.assistant().documents}
    assert {"waits.md", "copied.md", "read.md", "unnoted.md"} < indexed
    # The next process sees how it ended.
    assert [job.state for job in AddingJobs(service).jobs] == ["done"] * 4


def test_a_job_that_an_earlier_version_kept_says_why_it_failed(library: Place) -> None:
    folder = library.works / ".adding"
    folder.mkdir()
    kept = {"id": "a", "name": "a.pdf", "state": "failed", "told": "It is broken.", "fault": "DamagedFile"}
    (folder / "jobs.json").write_text(
        json.dumps([kept, {"id": "b", "name": "b.md", "state": "done", "told": ""}]), encoding="utf-8"
    )
    done, failed = AddingJobs(make_service(library)).jobs
    assert (failed.told, done.told) == (Saying("DamagedFile", {"told": "It is broken."}), None)


def test_done_is_said_when_the_index_holds_the_file_whatever_was_building_before(
    held: tuple[AssistantService, HeldEncoder], library: Place, tmp_path: Path
) -> None:
    service, encoder = held
    encoder.free.clear()
    written(library.works, "squid.md", "# Squid\n\nRausu sold 40 tons of squid in 1985.\n")
    next(service.rebuild(every=0.01))
    assert encoder.reached.wait(30)
    # The build that is running has read the folder already.
    jobs = AddingJobs(service)
    jobs.give([written(tmp_path, "kelp.md")])
    waits_in(jobs, "embedding")
    encoder.free.set()
    assert [job.state for job in ended(jobs)] == ["done"]
    assert in_index(library.works / "kelp.md", service.assistant().index.manifest)
    # So may have one of another process.
    with building_lock(library.index):
        jobs.give([written(tmp_path, "crab.md", "# Crab\n\nRausu sold 12 tons of crab in 1990.\n")])
        waits_in(jobs, "embedding")
        threading.Event().wait(0.3)
        assert jobs.jobs[0].state == "embedding"
    assert [job.state for job in ended(jobs)] == ["done", "done"]
    assert in_index(library.works / "crab.md", service.assistant().index.manifest)


@pytest.mark.parametrize(
    "jobs", ['[{"colour": "red"}]', "[3]", '[{"id": "a", "name": "kelp.md", "told": {"key": "x", "values": []}}]']
)
def test_states_of_another_version_lose_no_file(library: Place, jobs: str) -> None:
    folder = library.works / ".adding"
    (folder / "a").mkdir(parents=True)
    written(folder / "a", "kelp.md")
    (folder / "jobs.json").write_text(jobs, encoding="utf-8")
    assert [(job.name, job.state) for job in ended(AddingJobs(make_service(library)))] == [("kelp.md", "done")]


def test_cancelling_while_it_is_embedded_leaves_nothing_and_the_other_file_is_built(
    held: tuple[AssistantService, HeldEncoder], library: Place, tmp_path: Path
) -> None:
    service, encoder = held
    encoder.free.clear()
    jobs = AddingJobs(service)
    jobs.give([written(tmp_path, "kelp.md"), written(tmp_path, "crab.md", "# Crab\n\nRausu sold 12 tons of crab in 1990.\n")])
    assert encoder.reached.wait(30)
    crab, kelp = jobs.jobs
    assert (kelp.state, crab.state) == ("embedding", "embedding")
    jobs.cancel(kelp.id)
    assert not (library.works / "kelp.md").exists()
    encoder.free.set()
    assert [(job.name, job.state) for job in ended(jobs)] == [("crab.md", "done"), ("kelp.md", "cancelled")]
    assert "Kelp of Rausu" not in [document.title for document in service.assistant().documents]
    assert service.unindexed() == []
    assert service.status == Status("ready")


def test_cancelling_what_waits_takes_its_file_away(
    held: tuple[AssistantService, HeldEncoder], library: Place, tmp_path: Path
) -> None:
    service, encoder = held
    encoder.free.clear()
    jobs = AddingJobs(service)
    jobs.give([written(tmp_path, "crab.md", "# Crab\n\nRausu sold 12 tons of crab in 1990.\n")])
    assert encoder.reached.wait(30)
    jobs.give([written(tmp_path, "kelp.md")])
    kelp = jobs.jobs[0]
    assert kelp.state == "queued"
    jobs.cancel(kelp.id)
    encoder.free.set()
    assert [(job.name, job.state) for job in ended(jobs)] == [("kelp.md", "cancelled"), ("crab.md", "done")]
    assert not (library.works / "kelp.md").exists()
    assert not (jobs.folder / kelp.id).exists()


def test_what_lies_in_the_folder_is_listed_indexed_and_removed(library: Place) -> None:
    tab = LibraryTab(make_service(library))
    written(library.works, "kelp.md")
    written(library.works, "<crab>.md", "# Crab\n\nRausu sold 12 tons of crab in 1990.\n")
    html = tab.works(ENGLISH, fresh=True)
    assert "kelp.md</strong> It came after the index was built." in html
    assert 'data-do="index" data-of="kelp.md">Index</button>' in html
    assert 'data-do="remove" data-of="&lt;crab&gt;.md"' in html
    assert tab.act("index", "kelp.md", {}, ENGLISH) == ""
    assert "&lt;crab&gt;.md was removed." in tab.act("remove", "<crab>.md", {}, ENGLISH)
    assert [job.state for job in ended(tab.jobs)] == ["done"]
    html = tab.works(ENGLISH)
    assert "Kelp of Rausu" in html
    assert "aj-unindexed" not in html


def test_a_path_of_this_machine_and_a_pasted_text_are_added(library: Place, tmp_path: Path) -> None:
    tab = LibraryTab(make_service(library))
    assert tab.add_path(f' "{written(tmp_path, "kelp.md")}" ', ENGLISH) == ""
    assert tab.add_text(" Crab of  Rausu/2 ", "Rausu sold 12 tons of crab in 1990.", ENGLISH) == ""
    assert {(job.name, job.state, job.title) for job in ended(tab.jobs)} == {
        ("kelp.md", "done", "Kelp of Rausu"),
        ("Crab of Rausu2.md", "done", "Crab of Rausu/2"),
    }
    assert "There is no file" in tab.add_path(str(tmp_path / "nothing.pdf"), ENGLISH)
    assert "paste a text" in tab.add_text("Title", "  ", ENGLISH)


@pytest.mark.parametrize("given", [{"host": "0.0.0.0"}, {"hosts": "chat.example.org"}, {"library_editing": False}])
def test_no_path_is_taken_from_other_machines(library: Place, tmp_path: Path, given: dict[str, object]) -> None:
    service = make_service(library)
    service.settings = load_settings(home=library.home, multilingual=False, **given)
    assert "aj-error" in LibraryTab(service).add_path(str(written(tmp_path, "kelp.md")), ENGLISH)


@pytest.mark.parametrize("of", ["../notes/lanterns.md", "hoshino-lanterns-note", "nobody", ".adding"])
def test_nothing_but_a_work_that_was_added_is_removed(library: Place, of: str) -> None:
    tab = LibraryTab(make_service(library))
    assert "aj-error" in tab.act("remove", of, {}, ENGLISH)
    assert (library.notes / "lanterns.md").is_file()


def test_each_state_is_a_sentence_with_the_button_to_cancel() -> None:
    status = Status("ready", building=True, stage="embedding", done=3, total=9)
    jobs: Sequence[Job] = (
        Job("a", "a.pdf"),
        Job("b", "b.pdf", "embedding", title="B & C"),
        Job("c", "<c>.pdf", "failed", told=DamagedFile("It is broken.", "Mend it.").saying),
    )
    html = adding_html(jobs, status, ENGLISH)
    assert "<strong>a.pdf</strong> waiting</span>" in html
    assert "<strong>b.pdf</strong> read: B &amp; C · being embedded (3 of 9) …</span>" in html
    assert "<strong>&lt;c&gt;.pdf</strong> It is broken. Mend it.</span></li>" in html
    assert html.count('data-do="cancel"') == 2
    assert 'aria-label="Cancel adding a.pdf"' in html
    assert html.count('data-do="clear"') == 1


def test_a_passage_is_counted_for_its_work(library: Place) -> None:
    service = make_service(library)
    passages: Sequence[Passage] = service.assistant().index.passages
    count = sum(passage.document_id == "hoshino-lanterns" for passage in passages)
    assert f"passages: {count}" in LibraryTab(service).works(ENGLISH)
