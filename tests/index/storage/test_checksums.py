"""A byte that changed anywhere in an index is told in one sentence with the file and the remedy, and a build mends it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import askjapan
from askjapan import api
from askjapan.errors import IndexDamaged
from askjapan.index.build import build
from askjapan.index.storage import checksums
from askjapan.index.storage.checksums import REBUILD
from askjapan.index.storage.manifest import damage, generation, read_manifest
from askjapan.index.storage.store import open_index
from askjapan.settings import load_settings
from tests.support.commands import Ran
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, Place
from tests.support.web_places import MONEY, make_service

Askjapan = Callable[..., Ran]
FLIPS = 20


@pytest.fixture
def built(place: Place, fake_model: None) -> Place:
    del fake_model
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    return place


def files_of(index: Path) -> list[Path]:
    """All that a build writes, by its path in the index folder; the lock is empty."""
    return sorted(path.relative_to(index) for path in index.rglob("*") if path.is_file() and path.name != ".lock")


def flips(path: Path) -> Iterator[int]:
    """Change one byte after another at places drawn once for all; each is put back before the next."""
    drawn = random.Random(path.name)
    whole = path.read_bytes()
    for _ in range(FLIPS):
        place, change = drawn.randrange(len(whole)), drawn.randrange(1, 256)
        path.write_bytes(whole[:place] + bytes([whole[place] ^ change]) + whole[place + 1 :])
        yield place
    path.write_bytes(whole)


def flip(path: Path) -> None:
    """Change the byte in the middle."""
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)


def use_all(folder: Path) -> None:
    """Open an index and read every text."""
    index = open_index(folder)
    for document_id in index.documents:
        index.text(document_id)


def test_each_of_twenty_flips_in_every_file_is_told(built: Place) -> None:
    names = files_of(built.index)
    kinds = {name.as_posix().split("/", 1)[-1] for name in names}
    assert {"CURRENT", "manifest.json", "passages.jsonl", "texts/hoshino-lanterns.txt", "vectors/passages.faiss"} < kinds
    assert {
        "lexical/vocabulary.json",
        "lexical/bounds.npy",
        "lexical/texts.npy",
        "passages/starts.npy",
        "passages/rows.npy",
    } < kinds
    for name in names:
        for place in flips(built.index / name):
            with pytest.raises(IndexDamaged) as caught:
                use_all(built.index)
            assert str(caught.value).endswith(REBUILD), (name, place)
            assert name.name in caught.value.message, (name, place)
            assert str(caught.value).count(". ") == 1, (name, place)
    use_all(built.index)


def test_large_files_are_compared_when_they_are_used(built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checksums, "LARGE", 0)
    store = generation(built.index)
    for name in ("vectors/passages.faiss", "lexical/weights.npy", "passages.jsonl"):
        flip(store / name)
        opened = open_index(built.index)
        uses = {
            "vectors": opened.vectors_of,
            "lexical": opened.lexical.scores,
            "passages.jsonl": lambda name, index=opened: index.passages[0],
        }
        use = uses[name.split("/")[0]]
        with pytest.raises(IndexDamaged) as caught:
            use("passages")
        assert (
            str(caught.value) == f"The index in {built.index} is damaged: {name} has other contents than were written. {REBUILD}"
        )
        flip(store / name)
    opened = open_index(built.index)
    opened.lexical.scores("lanterns")
    # What was compared once is not compared again.
    flip(store / "lexical" / "weights.npy")
    opened.lexical.scores("lanterns")


def test_every_door_tells_it_and_a_build_mends_it(built: Place, askjapan: Askjapan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_THRESHOLD", "0")
    for name in [name.parts for name in files_of(built.index)]:
        path = generation(built.index).joinpath(*name[1:]) if len(name) > 1 else built.index.joinpath(*name)
        if not path.exists():
            path = next(path.parent.glob("*" + path.suffix))
        told = path.name
        if path.parent.name == "texts" and path.name != "hoshino-lanterns.txt":
            continue
        flip(path)
        asked = askjapan("ask", MONEY)
        assert (asked.code, asked.out) == (1, ""), told
        assert told in asked.err
        assert asked.err.endswith(f"{REBUILD}\n")
        assert "Traceback" not in asked.err
        checked = askjapan("index", "--check")
        assert (checked.code, checked.out) == (1, "")
        assert told in checked.err
        mended = askjapan("index", "--if-stale")
        assert mended.code == 0, mended.err
        assert told in mended.err
        assert askjapan("ask", MONEY).code == 0
    checked = askjapan("index", "--check")
    count = len(read_manifest(built.index).parts)
    assert (checked.code, checked.err) == (0, "")
    assert checked.out == f"The index in {built.index} is whole: {count} files are as they were written.\n"


def test_the_python_interface_tells_it(built: Place) -> None:
    del built
    api._opened.cache_clear()
    flip(generation(load_settings().index_folder) / "passages.jsonl")
    with pytest.raises(
        IndexDamaged, match=r"passages\.jsonl has other contents than were written\. Build it with `askjapan index`\."
    ):
        askjapan.ask(MONEY)
    with pytest.raises(askjapan.AskJapanError, match=r"passages\.jsonl has other contents"):
        askjapan.Assistant.open()
    assert damage(load_settings().index_folder) == [
        f"The index in {load_settings().index_folder} is damaged: passages.jsonl has other contents than were written."
    ]


def test_the_chat_builds_a_damaged_index_again_when_it_starts(built: Place) -> None:
    flip(generation(built.index) / "vectors" / "passages.faiss")
    desk = make_service(built)
    assert desk.ask(MONEY).answered
    assert damage(built.index) == []
    text = generation(built.index) / "texts" / "hoshino-lanterns.txt"
    flip(text)
    fresh = make_service(built)
    with pytest.raises(IndexDamaged, match=r"texts/hoshino-lanterns\.txt has other contents than were written"):
        fresh.ask(MONEY)


def test_vectors_that_are_damaged_are_not_kept_by_a_build(built: Place) -> None:
    store = generation(built.index)
    kept = shutil.copy(store / "vectors" / "passages.faiss", built.home / "kept")
    path = store / "vectors" / "passages.faiss"
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\0" * 400 + whole[500:])
    report = build([built.corpus], built.index, HashEncoder(), catalogue=built.catalogue)
    assert (report.embedded, report.reused) == (report.passages, 0)
    assert (generation(built.index) / "vectors" / "passages.faiss").read_bytes() == Path(kept).read_bytes()
