"""What is done to the works is done whole or not at all, by one at a time, and never called done before the index holds it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from askjapan.api import build_index
from askjapan.documents.facts.given_facts import BY_HAND, Given, keep_given
from askjapan.errors import DuplicateWork, IndexBusy, IndexFault, LibraryError, UnknownWork
from askjapan.index.build import build
from askjapan.index.storage.manifest import read_manifest
from askjapan.index.storage.store import building_lock
from askjapan.index.works.journal import Journal
from askjapan.index.works.library import add, edit, remove
from askjapan.index.works.unindexed import in_index
from askjapan.settings import load_settings
from tests.support.commands import ROOT, SOURCE, Ran, in_subprocess
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, Place, make_place

Askjapan = Callable[..., Ran]
FERRIES = "Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n"


@pytest.fixture
def ferries(tmp_path: Path) -> Path:
    path = tmp_path / "ferries.txt"
    path.write_text(FERRIES, encoding="utf-8")
    keep_given(path, {"title": Given("The Ferries", BY_HAND)})
    return path


def put_in(path: Path, place: Place) -> object:
    result = add(path, place.works, [place.corpus], place.catalogue)
    return result.error or result.document


def names(place: Place) -> set[str]:
    return {path.name for path in place.works.iterdir()} - {"README.md"}


def entry(place: Place, file: str, /, **data: object) -> Path:
    """What a process leaves that dies in the middle of an operation."""
    journal = place.corpus / ".journal"
    journal.mkdir(exist_ok=True)
    path = journal / file
    path.write_text(json.dumps({"format": "askjapan journal 1", "begun": "2026-11-28T21:00:00+00:00", **data}), encoding="utf-8")
    return path


def test_an_operation_that_ends_leaves_no_entry(place: Place, ferries: Path) -> None:
    put_in(ferries, place)
    assert names(place) == {"ferries.txt", "ferries.txt.facts.json"}
    assert [path.name for path in (place.corpus / ".journal").iterdir()] == ["lock"]
    remove("ferries.txt", place.works, ())
    assert names(place) == set()
    assert [path.name for path in (place.corpus / ".journal").iterdir()] == ["lock"]


def test_the_entry_is_there_while_a_file_is_copied(place: Place, ferries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(
        "askjapan.index.works.library.shutil.copyfile", lambda source, target: seen.append(Journal(place.works).pending())
    )
    with pytest.raises(AssertionError):
        assert put_in(ferries, place) is None
    ((found,),) = seen
    assert (found.doing, found.name) == ("add", "ferries.txt")  # type: ignore[attr-defined]


@pytest.mark.parametrize("whole", [False, True])
def test_an_addition_that_was_cut_short_is_cleared(whole: bool, place: Place, ferries: Path) -> None:
    entry(place, "1.json", doing="add", name="bells.txt")
    (place.works / ".bells.txt.part").write_text("half")
    (place.works / "bells.txt.facts.json").write_text("{}")
    (place.works / ".bells.txt.ocr.json.part").write_text("{")
    if whole:
        (place.works / "bells.txt").write_text("whole")
    put_in(ferries, place)
    kept = {"bells.txt", "bells.txt.facts.json"} if whole else set()
    assert names(place) == {"ferries.txt", "ferries.txt.facts.json", *kept}
    assert Journal(place.works).pending() == []


@pytest.mark.parametrize("whole", [False, True])
def test_a_removal_that_was_cut_short_deletes_no_file_of_the_user(whole: bool, place: Place) -> None:
    entry(place, "7.json", doing="remove", name="bells.txt")
    (place.works / "bells.txt.facts.json").write_text("{}")
    if whole:
        (place.works / "bells.txt").write_text("whole")
    told = Journal(place.works).settle()
    assert told == ["bells.txt: removing it was interrupted; it is there whole, or nothing of it."]
    assert names(place) == ({"bells.txt", "bells.txt.facts.json"} if whole else set())
    assert Journal(place.works).settle() == []


@pytest.mark.parametrize(
    "data",
    [
        {"doing": "add", "name": "../catalogue.toml"},
        {"doing": "remove", "name": "/etc/hostname"},
        {"doing": "burn", "name": "bells.txt"},
        {"name": "bells.txt"},
        {"doing": "add", "name": 3},
    ],
)
def test_an_entry_that_nobody_wrote_touches_nothing(data: dict[str, object], place: Place) -> None:
    path = entry(place, "1.json", **data)
    (place.corpus / "catalogue.toml.facts.json").write_text("{}")
    before = sorted(place.corpus.rglob("*.*"))
    with Journal(place.works).held():
        assert not path.exists()
    assert sorted({*before} - {path}) == sorted({*place.corpus.rglob("*.*")})


def test_facts_of_a_file_that_is_gone_are_not_given_to_a_newcomer(place: Place, ferries: Path) -> None:
    (place.works / "ferries.txt.facts.json").write_text('{"format": "askjapan facts 1", "year": {"value": 1950, "from": "you"}}')
    put_in(ferries, place)
    assert names(place) == {"ferries.txt.facts.json", "ferries-2.txt", "ferries-2.txt.facts.json"}


def test_a_removal_that_fails_changes_nothing(place: Place, ferries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_in(ferries, place)
    real = Path.unlink

    def locked(self: Path, missing_ok: bool = False) -> None:
        if self.name == "ferries.txt":
            raise PermissionError(13, "Permission denied")
        real(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", locked)
    with pytest.raises(LibraryError, match=r"ferries\.txt could not be deleted: Permission denied"):
        remove("ferries.txt", place.works, ())
    assert names(place) == {"ferries.txt", "ferries.txt.facts.json"}
    assert Journal(place.works).pending() == []


# More than one at a time


def test_the_same_file_added_by_many_at_once_is_there_once(place: Place, tmp_path: Path) -> None:
    copies = []
    for number in range(8):
        copies.append(tmp_path / f"copy-{number}.txt")
        copies[-1].write_text(FERRIES, encoding="utf-8")
    results: list[object] = []
    threads = [threading.Thread(target=lambda path=path: results.append(put_in(path, place))) for path in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(place)) == 1
    assert sum(isinstance(result, DuplicateWork) for result in results) == 7


def test_files_of_one_name_added_by_many_at_once_are_all_there(place: Place, tmp_path: Path) -> None:
    paths = []
    for number in range(8):
        (tmp_path / str(number)).mkdir()
        paths.append(tmp_path / str(number) / "ferries.txt")
        paths[-1].write_text(FERRIES.replace("40", str(number)), encoding="utf-8")
    threads = [threading.Thread(target=put_in, args=(path, place)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = {path.read_text(encoding="utf-8") for path in place.works.iterdir()}
    assert {path.read_text(encoding="utf-8") for path in paths} < held
    assert names(place) == {"ferries.txt", *(f"ferries-{number}.txt" for number in range(2, 9))}


def test_another_process_that_changes_the_works_is_waited_for(
    place: Place, ferries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("askjapan.index.works.journal.WAIT", 0.1)
    code = (
        "import sys; from pathlib import Path; from askjapan.index.works.journal import Journal\n"
        "with Journal(Path(sys.argv[1])).held(): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, place.works],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert str(put_in(ferries, place)) == f"Another process is changing the works in {place.works}. Wait for it to end."
        assert names(place) == set()
        other.kill()
    assert put_in(ferries, place)
    assert names(place) == {"ferries.txt", "ferries.txt.facts.json"}


# Done is done when the index holds it


@pytest.fixture
def library(place: Place, fake_model: None) -> Place:
    del fake_model
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    return place


def test_whether_the_index_holds_a_file(library: Place, ferries: Path) -> None:
    copy = library.works / "ferries.txt"
    state = read_manifest(library.index)
    assert in_index(library.works / "lanterns.txt", state)
    put_in(ferries, library)
    assert not in_index(copy, state)
    build([library.corpus], library.index, HashEncoder(), catalogue=library.catalogue)
    state = read_manifest(library.index)
    assert in_index(copy, state)
    edit("ferries.txt", library.works, (), year="1990")
    remove("ferries.txt", library.works, ())
    # It is gone, and the index still quotes it.
    assert in_index(copy, state)
    build([library.corpus], library.index, HashEncoder(), catalogue=library.catalogue)
    assert not in_index(copy, read_manifest(library.index))


def test_a_change_while_another_builds_waits_and_is_in_the_index_when_it_is_done(
    library: Place, ferries: Path, askjapan: Askjapan
) -> None:
    for command in (("add", ferries), ("edit", "ferries.txt", "--year", "1990"), ("remove", "ferries.txt")):
        ended = threading.Event()

        def hold(began: threading.Event, ended: threading.Event = ended) -> None:
            with building_lock(library.index):
                began.set()
                ended.wait(1.5)

        began = threading.Event()
        other = threading.Thread(target=hold, args=(began,))
        other.start()
        assert began.wait(10)
        ran = askjapan(*command)
        other.join()
        assert ran.code == 0, ran.err
        assert f"Another build is writing to {library.index}. This one begins when that has ended.\n" in ran.err
        state = read_manifest(library.index)
        assert in_index(library.works / "ferries.txt", state) == (command[0] != "remove")


def test_a_build_that_is_told_to_wait_begins_when_the_other_has_ended(library: Place) -> None:
    order: list[str] = []
    began = threading.Event()

    def hold() -> None:
        with building_lock(library.index):
            began.set()
            time.sleep(0.5)
            (library.works / "late.txt").write_text(FERRIES, encoding="utf-8")
            order.append("other")

    other = threading.Thread(target=hold)
    other.start()
    assert began.wait(10)
    with pytest.raises(IndexBusy):
        build_index(settings=load_settings())
    build_index(settings=load_settings(), wait=True)
    order.append("this")
    other.join()
    assert order == ["other", "this"]
    assert in_index(library.works / "late.txt", read_manifest(library.index))


# No room, no permission


def can_be_another() -> bool:
    """Whether this is root, and not of a namespace that knows no other user."""
    users = Path("/proc/self/uid_map")
    return hasattr(os, "geteuid") and os.geteuid() == 0 and users.is_file() and int(users.read_text().split()[2]) > 65534


# All is loaded and used once before the user is changed: another one may not be able to read this installation.
AS_NOBODY = """
import os, shutil, sys
from pathlib import Path
from askjapan.errors import AskJapanError
from askjapan.index.build import build
from askjapan.index.works.library import add, edit, remove
from tests.support.fakes import HashEncoder
from tests.support.places import Place
def attempt(work):
    try:
        return str(work())
    except AskJapanError as error:
        return str(error)
def change(place):
    print(add(given, place.works, [place.corpus], place.catalogue).error)
    print(attempt(lambda: edit("lanterns.txt", place.works, (), year="1990")))
    print(attempt(lambda: build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)))
    print(attempt(lambda: remove("lanterns.txt", place.works, ())))
place, given, warm = Place(Path(sys.argv[1])), Path(sys.argv[2]), Place(Path(sys.argv[3]))
shutil.copytree(place.home, warm.home)
change(warm)
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
change(place)
"""


@pytest.mark.skipif(not can_be_another(), reason="only root can become another user")
def test_a_user_who_may_not_write_is_told_so_and_nothing_changes() -> None:
    # Not under pytest's own folder, which is root's alone.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        library = make_place(folder / "home")
        (library.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
        (folder / "ferries.txt").write_text(FERRIES, encoding="utf-8")
        build([library.corpus], library.index, HashEncoder(), catalogue=library.catalogue)
        before = sorted((path, path.stat().st_mtime_ns) for path in library.home.rglob("*"))
        arguments = library.home, folder / "ferries.txt", folder / "warm"
        ran = in_subprocess("-c", AS_NOBODY, *arguments, home=folder, PYTHONPATH=f"{SOURCE}{os.pathsep}{ROOT}")
        after = sorted((path, path.stat().st_mtime_ns) for path in library.home.rglob("*"))
    assert ran.stderr == ""
    changed = f"The works in {library.works} cannot be changed: {library.corpus / '.journal'}: Permission denied."
    assert ran.stdout.splitlines()[-4:] == [
        f"{changed} Check its permissions.",
        f"{changed} Check its permissions.",
        f"The index folder {library.index} cannot be written to: Permission denied. "
        "Check its permissions and the space on the disk, or name another folder with --index.",
        f"{changed} Check its permissions.",
    ]
    assert after == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A disk of 400 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield folder  # type: ignore[misc]
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_disk_that_is_full(small_disk: Path, place: Place, tmp_path: Path) -> None:
    works, index = small_disk / "corpus" / "works", small_disk / "index"
    (tmp_path / "small.txt").write_text(FERRIES, encoding="utf-8")
    assert add(tmp_path / "small.txt", works, [place.corpus], place.catalogue).error is None
    build([place.corpus, works], index, HashEncoder(), catalogue=place.catalogue)
    before = read_manifest(index)
    (tmp_path / "big.txt").write_text("The ferry to Kujira carries 40 cars.\n\n" * 12_000, encoding="utf-8")
    refused = add(tmp_path / "big.txt", works, [place.corpus], place.catalogue).error
    assert str(refused) == f"{tmp_path / 'big.txt'} could not be copied: No space left on device. Nothing was changed."
    assert [path.name for path in works.iterdir()] == ["small.txt"]
    (place.works / "many.txt").write_text(
        "".join(f"Ferry {n} carries {n} cars to Kujira.\n\n" for n in range(4000)), encoding="utf-8"
    )
    with pytest.raises(
        IndexFault, match=rf"The index folder {index} cannot be written to: .*Check its permissions and the space"
    ):
        build([place.corpus, works], index, HashEncoder(), catalogue=place.catalogue)
    assert read_manifest(index) == before
    assert not list(index.glob(".building-*"))
    assert remove("small.txt", works, ()) == works / "small.txt"


def test_a_work_that_another_has_removed_meanwhile(place: Place, ferries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_in(ferries, place)
    real = Journal.held

    def late(self: Journal) -> object:
        (place.works / "ferries.txt").unlink(missing_ok=True)
        return real(self)

    monkeypatch.setattr(Journal, "held", late)
    with pytest.raises(UnknownWork):
        remove("ferries.txt", place.works, ())


@pytest.mark.slow
def test_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    ran = in_subprocess(
        "-m", "tests.support.crashing", "--kills", 8, "--seed", 3, home=tmp_path, PYTHONPATH=f"{SOURCE}{os.pathsep}{ROOT}"
    )
    result = json.loads(ran.stdout)
    assert result["faults"] == []
    assert ran.returncode == 0
    assert sum(count for name, count in result["counts"].items() if name.endswith(": killed")) >= 4
