"""What is in the files of an index: passages that fit, no pickle, the same bytes each time."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import askjapan.index.reading as reading_module
from askjapan.errors import PassageTooLong
from askjapan.index.build import prove_fit
from askjapan.index.storage.manifest import read_manifest, seal
from askjapan.index.storage.store import open_index
from tests.support.builds import built
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, TEA, Place


class Tiny(HashEncoder):
    """Reads few words."""

    def __init__(self, limit: int) -> None:
        self.limit = limit


def test_a_passage_that_the_encoder_would_cut(small_index: Place) -> None:
    passages = open_index(small_index.index).passages
    longest = max(passages, key=lambda passage: HashEncoder().count_pieces(passage.text))
    size = HashEncoder().count_pieces(longest.text)
    prove_fit(passages, Tiny(size))
    with pytest.raises(PassageTooLong) as caught:
        prove_fit(passages, Tiny(size - 1))
    assert str(caught.value) == (
        f"Passage {longest.id} has {size} word pieces; hash-encoder reads {size - 1}. Lower `passage_tokens` and build again."
    )


@pytest.mark.parametrize("limit", [16, 40])
def test_passages_fit_whatever_the_encoder_reads(limit: int, place: Place) -> None:
    (place.works / "tea.txt").write_text(TEA, encoding="utf-8")
    built(place, Tiny(limit))
    for passage in open_index(place.index).passages:
        assert max(HashEncoder().count_pieces(text) for text in (passage.text, *(unit.text for unit in passage.units))) <= limit


def test_the_build_proves_the_fit(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were splitting ever wrong, the build would stop and not cut."""
    real = reading_module.split

    def careless(document: Any, text: str, blocks: Any, sizes: Any) -> Any:
        from dataclasses import replace

        return real(document, text, blocks, replace(sizes, limit=256))

    monkeypatch.setattr(reading_module, "split", careless)
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    with pytest.raises(PassageTooLong):
        built(place, Tiny(12))
    assert not (place.index / "CURRENT").exists()


def test_no_pickle_anywhere(small_index: Place) -> None:
    files = [path for path in small_index.index.rglob("*") if path.is_file() and path.name not in ("CURRENT", ".lock")]
    assert {path.suffix for path in files} <= {".json", ".jsonl", ".txt", ".npy", ".faiss"}
    arrays = [path for path in files if path.suffix == ".npy"]
    assert arrays
    for path in arrays:
        assert np.load(path, allow_pickle=False).dtype != object
    for path in files:
        assert not path.read_bytes().startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")), path
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))


def test_the_manifest_round_trips(place: Place) -> None:
    (place.works / "broken.pdf").write_bytes(b"nothing")
    report = built(place)
    manifest = read_manifest(place.index)
    assert manifest.documents == report.documents
    assert set(manifest.files) == {str(place.notes / "lanterns.md"), str(place.notes / "tea.md"), str(place.works / "broken.pdf")}
    store = place.index / (place.index / "CURRENT").read_text().strip()
    on_disk = {path.relative_to(store).as_posix(): path.stat().st_size for path in store.rglob("*") if path.is_file()}
    del on_disk["manifest.json"]
    assert dict(manifest.parts) == on_disk
    assert store.name == f"store-1-{seal((store / 'manifest.json').read_bytes())}"


def test_a_moved_index_folder_still_opens(place: Place, tmp_path: Path) -> None:
    report = built(place)
    shutil.move(place.index, tmp_path / "elsewhere")
    assert open_index(tmp_path / "elsewhere").manifest.fingerprint == report.fingerprint


def test_building_twice_gives_the_same_files(place: Place) -> None:
    def contents() -> dict[str, bytes]:
        store = place.index / (place.index / "CURRENT").read_text().strip()
        return {path.relative_to(store).as_posix(): path.read_bytes() for path in store.rglob("*") if path.is_file()}

    built(place)
    first = contents()
    built(place)
    assert contents() == first
