"""Files that others write to while a build reads them: an index never holds one file's text under another's hash, nor keeps what has gone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from askjapan.documents.readers.ocr import read_whole
from askjapan.index import reading
from askjapan.index.staleness import changes
from askjapan.index.storage.checksums import sha256_of
from askjapan.index.storage.manifest import read_manifest
from askjapan.index.storage.store import open_index
from askjapan.readings import Reading
from tests.support.builds import built
from tests.support.fakes import HashEncoder
from tests.support.places import Place

FERRIES = "Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n"
OLD = 1_700_000_000


def put(path: Path, cars: int) -> None:
    """Write a file as a program does that keeps the time of what it copies."""
    path.write_text(FERRIES.replace("40", str(cars)), encoding="utf-8")
    os.utime(path, (OLD + cars, OLD + cars))


@pytest.fixture
def ferries(place: Place) -> Path:
    path = place.works / "ferries.txt"
    put(path, 40)
    return path


def when_read(monkeypatch: pytest.MonkeyPatch, ferries: Path, change: Callable[[int], None]) -> None:
    """Let a file be changed each time right before it is read."""
    times = iter(range(1, 100))

    def read(path: Path, *given: object, **options: object) -> Reading:
        if path == ferries:
            change(next(times))
        return read_whole(path, *given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read_whole", read)


def text_of(place: Place, ferries: Path) -> tuple[str, str]:
    """The text of a file in the index, and the hash that it has there."""
    index = open_index(place.index)
    (document,) = [document for document in index.manifest.documents if document.path == str(ferries)]
    assert index.manifest.files[str(ferries)] == document.sha256
    return index.text(document.id), document.sha256


def test_a_file_that_is_exchanged_before_it_is_read_has_the_hash_of_its_text(
    place: Place, ferries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    when_read(monkeypatch, ferries, lambda time: put(ferries, 41))
    built(place)
    text, digest = text_of(place, ferries)
    assert "41 cars" in text
    assert digest == sha256_of(ferries)
    # What was there before is not taken for what was read.
    monkeypatch.undo()
    put(ferries, 40)
    built(place)
    text, digest = text_of(place, ferries)
    assert "40 cars" in text
    assert digest == sha256_of(ferries)


def test_a_file_that_is_exchanged_after_it_was_read_is_noticed_whatever_its_time(place: Place, ferries: Path) -> None:
    def embedding(stage: str, done: int, total: int) -> None:
        if stage != "reading" and not done:
            put(ferries, 42)

    built(place, HashEncoder(), progress=embedding)
    assert "40 cars" in text_of(place, ferries)[0]
    assert changes(read_manifest(place.index), [place.corpus]) == [f"{ferries} has changed."]
    built(place)
    assert "42 cars" in text_of(place, ferries)[0]
    assert changes(read_manifest(place.index), [place.corpus]) == []


def test_a_file_that_never_keeps_still_is_left_out_with_a_sentence(
    place: Place, ferries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    when_read(monkeypatch, ferries, lambda time: put(ferries, 100 + time))
    report = built(place)
    assert [str(told) for told in report.skipped.values()] == [
        "ferries.txt was written to each time that it was read. Let what writes to it end, then run `askjapan index`."
    ]
    monkeypatch.undo()
    assert built(place).skipped == {}
    assert "103 cars" in text_of(place, ferries)[0]


def test_a_folder_that_goes_away_while_the_corpus_is_listed_is_passed_over(
    place: Place, ferries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = place.works / ".adding" / "b"
    inbox.mkdir(parents=True)
    scandir = os.scandir

    def gone(path: str) -> object:
        if str(path) == str(inbox):
            inbox.rmdir()
        return scandir(path)

    monkeypatch.setattr(os, "scandir", gone)
    report = built(place)
    assert not inbox.exists()
    assert str(ferries) in {file.path for file in report.files}
