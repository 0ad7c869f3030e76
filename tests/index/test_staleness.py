"""The fingerprint, and what makes an index stale."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from askjapan.index.build import build
from askjapan.index.staleness import CHUNKING_VERSION, changes, mismatch, staleness
from askjapan.index.storage.manifest import read_manifest
from tests.support.builds import built
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, Place, make_place


def test_the_fingerprint_does_not_depend_on_the_folder(tmp_path: Path) -> None:
    one, two = make_place(tmp_path / "one"), make_place(tmp_path / "二 つ目")
    (one.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    (two.notes / "x.txt").write_text(LANTERNS, encoding="utf-8")
    assert built(one).fingerprint == built(two).fingerprint
    assert built(one).fingerprint != built(one, passage_tokens=60).fingerprint
    (two.notes / "x.txt").write_text(LANTERNS.replace("Forty", "Fifty"), encoding="utf-8")
    assert built(one).fingerprint != built(two).fingerprint


def test_the_fingerprint_knows_the_encoders(place: Place) -> None:
    other = HashEncoder()
    other.sha256 = "1" * 64
    prints = {
        built(place).fingerprint,
        built(place, other).fingerprint,
        built(place, multilingual=HashEncoder()).fingerprint,
        built(place, multilingual=other).fingerprint,
    }
    assert len(prints) == 4


def stale(place: Place, encoder: Any = None, passage_tokens: int = 120, multilingual: bool = False) -> str:
    return staleness(place.index, [place.corpus], encoder or HashEncoder(), passage_tokens, multilingual)


def test_staleness_of_files(place: Place) -> None:
    assert stale(place) == f"There is no index in {place.index}."
    built(place)
    assert stale(place) == ""
    own = place.works / "own.txt"
    own.write_text("The ferry to Kujira carries 40 cars.", encoding="utf-8")
    assert stale(place) == f"{own} is new."
    built(place)
    assert stale(place) == ""
    own.write_text("The ferry to Kujira carries 41 cars.", encoding="utf-8")
    assert stale(place) == f"{own} has changed."
    (place.notes / "tea.md").unlink()
    assert stale(place) == f"{own} has changed. (2 differences in all.)"
    assert changes(read_manifest(place.index), [place.corpus]) == [f"{own} has changed.", f"{place.notes / 'tea.md'} is gone."]
    built(place)
    own.unlink()
    assert stale(place) == f"{own} is gone."


def test_a_touched_file_is_not_stale(place: Place) -> None:
    built(place)
    note = place.notes / "tea.md"
    note.write_bytes(note.read_bytes())
    os.utime(note, (1, 1))
    assert stale(place) == ""


def test_files_without_a_reader_make_nothing_stale(place: Place) -> None:
    built(place)
    (place.works / "picture.png").write_bytes(b"\x89PNG")
    assert stale(place) == ""


def test_a_relative_corpus_is_the_same_from_elsewhere(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place.home)
    build([Path("corpus")], place.index, HashEncoder(), catalogue=place.catalogue)
    assert read_manifest(place.index).folders == (str(place.corpus),)
    monkeypatch.chdir("/")
    assert stale(place) == ""


def test_staleness_of_settings(place: Place) -> None:
    built(place)
    other = HashEncoder()
    other.name, other.sha256 = "other-encoder", "1" * 64
    assert stale(place, other) == "It was built with the encoder hash-encoder, the settings say other-encoder."
    assert stale(place, passage_tokens=100) == "It was built with passages of 120 tokens, the settings say 100."
    assert stale(place, multilingual=True) == "It was built without the multilingual encoder, which is installed now."
    built(place, multilingual=HashEncoder())
    assert stale(place, multilingual=True) == ""
    # An index that knows more than is asked for serves.
    assert stale(place, multilingual=False) == ""


def test_staleness_of_the_program(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    built(place)
    monkeypatch.setattr("askjapan.index.staleness.CHUNKING_VERSION", CHUNKING_VERSION + 1)
    assert stale(place) == "It was built by another version of askjapan."
    assert mismatch(read_manifest(place.index), HashEncoder(), 120, False) == "It was built by another version of askjapan."


def test_staleness_of_a_damaged_index(place: Place) -> None:
    built(place)
    (place.index / (place.index / "CURRENT").read_text().strip() / "manifest.json").unlink()
    assert stale(place).startswith(f"The manifest of the index in {place.index} cannot be read (")
