"""A build after a build: what is not read, parsed, embedded or written again, and when nothing may be taken over."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import askjapan.index.reading as reading_module
import askjapan.index.reuse as reuse_module
import askjapan.index.works.corpus as corpus_module
from askjapan.documents.readers.ocr import read_whole
from askjapan.index.build import BuildReport, build
from askjapan.index.encoders.encoder import BatchProgress, Vectors
from askjapan.index.staleness import changes
from askjapan.index.storage.manifest import generation, read_manifest
from askjapan.index.storage.store import open_index
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, Place

HOUR = 3600


class Built:
    """Builds a place's index and remembers which files were hashed and parsed, and which texts embedded."""

    def __init__(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        self.place = place
        self.hashed: list[str] = []
        self.parsed: list[str] = []
        self.embedded: list[str] = []
        whole = corpus_module.sha256_of

        def parse(path: Path, *rest: object) -> object:
            self.parsed.append(path.name)
            return read_whole(path, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr(reading_module, "read_whole", parse)
        monkeypatch.setattr(corpus_module, "sha256_of", lambda path: self.hashed.append(path.name) or whole(path))

    def again(self) -> BuildReport:
        self.hashed, self.parsed, self.embedded = [], [], []
        made = self

        class Encoder(HashEncoder):
            def encode(self, texts: Sequence[str], progress: BatchProgress | None = None) -> Vectors:
                made.embedded += texts
                return super().encode(texts, progress)

        return build([self.place.corpus], self.place.index, Encoder(), catalogue=self.place.catalogue)

    def write(self, name: str, text: str, age: float = HOUR) -> Path:
        path = self.place.works / name
        path.write_text(text, encoding="utf-8")
        os.utime(path, (time.time() - age, time.time() - age))
        return path


@pytest.fixture
def made(place: Place, monkeypatch: pytest.MonkeyPatch) -> Built:
    built = Built(place, monkeypatch)
    for path in place.corpus.rglob("*.*"):
        os.utime(path, (time.time() - HOUR, time.time() - HOUR))
    built.write("ships.txt", "Ships came to the harbour of Aoba in 1931.\n")
    built.write("trains.txt", "Trains left for the hills at noon.\n")
    built.again()
    return built


def test_a_build_that_changes_nothing_reads_and_writes_nothing(made: Built) -> None:
    before, store = read_manifest(made.place.index), generation(made.place.index)
    report = made.again()
    assert (made.hashed, made.parsed, made.embedded) == ([], [], [])
    assert generation(made.place.index) == store
    assert (report.embedded, report.reused, report.passages) == (0, before.passages, before.passages)
    assert (report.documents, report.files, report.fingerprint) == (before.works, before.reports, before.fingerprint)
    assert (report.skipped, report.replaced, report.warnings) == ({}, {}, {})


def test_one_changed_file_is_parsed_and_its_new_passages_embedded(made: Built) -> None:
    made.write("ships.txt", "Ships came to the harbour of Aoba in 1932.\n")
    report = made.again()
    # Notes are short, and what part they have depends on other files.
    assert sorted(made.parsed) == ["lanterns.md", "ships.txt", "tea.md"]
    # What is parsed is hashed again after it, in case that it has changed meanwhile.
    assert sorted(made.hashed) == ["lanterns.md", "ships.txt", "ships.txt", "tea.md"]
    assert made.embedded == ["Ships came to the harbour of Aoba in 1932."]
    assert report.embedded == 1
    index = open_index(made.place.index)
    held = {Path(index.documents[passage.document_id].path).name: passage.text for passage in index.passages}
    assert held["ships.txt"] == "Ships came to the harbour of Aoba in 1932."
    assert held["trains.txt"] == "Trains left for the hills at noon."
    trains = next(document for document in index.documents.values() if document.path.endswith("trains.txt"))
    assert index.text(trains.id) == "Trains left for the hills at noon.\n"


def test_what_is_taken_over_is_what_a_build_from_nothing_makes(made: Built, tmp_path: Path) -> None:
    made.write("lanterns.txt", LANTERNS)
    made.again()
    build([made.place.corpus], tmp_path / "new", HashEncoder(), catalogue=made.place.catalogue)
    one, other = open_index(made.place.index), open_index(tmp_path / "new")
    assert one.passages == other.passages
    assert one.manifest.fingerprint == other.manifest.fingerprint
    assert one.manifest.reports == other.manifest.reports
    assert one.vectors_of("passages").tolist() == other.vectors_of("passages").tolist()
    assert one.manifest.works == other.manifest.works


@pytest.mark.parametrize("age", [HOUR, 0])
def test_the_same_size_with_another_time_is_hashed_and_seen(age: float, made: Built) -> None:
    made.write("trains.txt", "Trains left for the hills at nine.\n", age - 1)
    assert changes(read_manifest(made.place.index), [made.place.corpus]) == [f"{made.place.works / 'trains.txt'} has changed."]
    made.again()
    assert "trains.txt" in made.parsed


def test_the_time_of_a_file_that_was_changed_just_before_the_build_is_not_relied_on(made: Built) -> None:
    path = made.write("ferries.txt", "Ferries carry 40 cars.\n", 0)
    stamp = path.stat().st_mtime_ns
    made.again()
    assert str(path) not in read_manifest(made.place.index).stamps
    path.write_text("Ferries carry 90 cars.\n", encoding="utf-8")
    os.utime(path, ns=(stamp, stamp))
    made.again()
    assert (made.hashed.count("ferries.txt"), "ferries.txt" in made.parsed) == (2, True)
    assert len(made.embedded) == 1
    assert made.embedded[0].endswith("Ferries carry 90 cars.")


def test_a_file_that_was_only_touched_is_hashed_and_not_parsed(made: Built) -> None:
    os.utime(made.place.works / "ships.txt")
    store = generation(made.place.index)
    made.again()
    assert (made.hashed, made.parsed, made.embedded) == (["ships.txt"], [], [])
    assert generation(made.place.index) == store


@pytest.mark.parametrize("what", ["catalogue", "code", "parser", "ocr"])
def test_everything_is_read_again_when_files_are_read_in_another_way(
    what: str, made: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    if what == "catalogue":
        made.place.catalogue.write_text(made.place.catalogue.read_text(encoding="utf-8") + "\n# a line\n", encoding="utf-8")
    elif what == "code":
        monkeypatch.setattr(reuse_module, "_PACKAGE", made.place.home)
    elif what == "parser":
        monkeypatch.setattr(reuse_module, "version", lambda name: "99")
    else:
        monkeypatch.setattr(reuse_module, "models", lambda: ["jpn"])
    made.again()
    assert sorted(made.parsed) == ["lanterns.md", "ships.txt", "tea.md", "trains.txt"]
    assert made.embedded == []


@pytest.mark.parametrize("gone", ["trains.txt", "ships.txt"])
def test_a_file_that_is_gone_is_gone_from_the_index(gone: str, made: Built) -> None:
    (made.place.works / gone).unlink()
    made.again()
    assert gone not in {Path(document.path).name for document in read_manifest(made.place.index).documents}
    assert not {"ships.txt", "trains.txt"} & set(made.parsed)


def test_facts_that_are_given_for_a_file_are_taken_in(made: Built) -> None:
    facts = made.place.works / "ships.txt.facts.json"
    facts.write_text('{"format": "askjapan facts 1", "year": {"value": 1987, "from": "you"}}', encoding="utf-8")
    made.again()
    assert "ships.txt" in made.parsed
    assert {document.year for document in read_manifest(made.place.index).documents if document.path.endswith("ships.txt")} == {
        1987
    }
    facts.unlink()
    made.again()
    assert "ships.txt" in made.parsed
    assert {document.year for document in read_manifest(made.place.index).documents if document.path.endswith("ships.txt")} == {
        None
    }


def test_an_index_that_is_not_whole_is_built_anew(made: Built) -> None:
    (generation(made.place.index) / "passages.jsonl").unlink()
    made.again()
    assert sorted(made.parsed) == ["lanterns.md", "ships.txt", "tea.md", "trains.txt"]
    assert len(open_index(made.place.index).passages) == read_manifest(made.place.index).passages
