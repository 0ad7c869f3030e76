"""One index folder: what it gives back, what it refuses, and that no damage goes unnoticed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from askjapan.errors import IndexDamaged, IndexMissing, IndexStale
from askjapan.index.build import build
from askjapan.index.storage.checksums import REBUILD, Checksums
from askjapan.index.storage.manifest import FORMAT, generation, read_manifest, seal
from askjapan.index.storage.store import VECTOR_SETS, Index, open_index
from askjapan.index.works.mending import half_built
from askjapan.sayings import Saying
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, TEA_NOTE, Place


@pytest.fixture
def folder(small_index: Place, tmp_path: Path) -> Path:
    """A copy of the small index that a test may damage."""
    return Path(shutil.copytree(small_index.index, tmp_path / "index"))


@pytest.fixture
def index(small_index: Place) -> Index:
    return open_index(small_index.index)


def test_what_was_built_comes_back(index: Index) -> None:
    assert list(index.documents) == ["aoba-tea-note", "hoshino-lanterns"]
    lanterns = index.documents["hoshino-lanterns"]
    assert (lanterns.title, lanterns.authors, lanterns.year) == ("The Lantern Towns of Hoshino Bay", ("Sachi Morikawa",), 2006)
    assert (lanterns.themes, lanterns.kind, lanterns.described_by) == (("sister cities",), "full text", "the catalogue")
    assert (lanterns.characters, lanterns.format) == (len(LANTERNS), "txt")
    assert index.text("hoshino-lanterns") == LANTERNS
    assert index.text("aoba-tea-note") == TEA_NOTE


def test_units_stand_where_they_say(index: Index) -> None:
    for passage in index.passages:
        text = index.text(passage.document_id)
        for unit in passage.units:
            assert [text[start:end].split() for start, end in unit.segments]
            assert " ".join(word for start, end in unit.segments for word in text[start:end].split()) == unit.text
    costs = next(passage for passage in index.passages if "312 million" in passage.text)
    start = LANTERNS.index("Hoshino spent 312")
    assert (costs.document_id, costs.kind, costs.page) == ("hoshino-lanterns", "prose", None)
    unit = next(unit for unit in costs.units if "312" in unit.text)
    assert unit.text == "Hoshino spent 312 million yen on exchanges with foreign towns in 1998."
    assert unit.segments == ((start, start + len(unit.text)),)


def cosines(index: Index, question: str) -> np.ndarray:
    """The exact cosines of a question with all passages."""
    return index.vectors_of("passages") @ HashEncoder().encode([question])[0]


def test_rows_belong_to_their_texts(index: Index) -> None:
    texts = [passage.text for passage in index.passages]
    assert index.vectors_of("passages").shape == (len(texts), 64)
    assert np.array_equal(index.vectors_of("passages"), HashEncoder().encode(texts))
    assert [index.passages.row_of(passage.id) for passage in index.passages] == list(range(len(index.passages)))
    assert index.passages.row_of("nothing") is None


@pytest.mark.parametrize("question", ["lanterns", "What did Hoshino spend in 1998?", "pickers from Nepal", "zebra"])
def test_a_search_gives_the_order_of_the_exact_cosines(question: str, index: Index) -> None:
    exact = cosines(index, question)
    every = np.ones(len(exact), dtype=bool)
    vector = HashEncoder().encode([question])
    for k in (1, 2, len(exact), 100):
        rows, scores = index.search("passages", vector, k, every)
        assert rows.dtype == np.int64
        assert rows.shape == scores.shape == (min(k, len(exact)),)
        assert scores == pytest.approx(np.sort(exact)[::-1][:k], abs=1e-6)
        assert scores == pytest.approx(exact[rows], abs=1e-6)
    assert index.search("passages", vector[0], 100, every)[0].tolist() == rows.tolist()


@pytest.mark.parametrize("k", [1, 2, 100])
def test_a_search_among_some_rows_gives_the_best_of_them(k: int, index: Index) -> None:
    exact = cosines(index, "lanterns")
    vector = HashEncoder().encode(["lanterns"])
    for left_out in range(len(exact)):
        allowed = np.arange(len(exact)) != left_out
        rows, scores = index.search("passages", vector, k, allowed)
        assert left_out not in rows
        assert len(set(rows.tolist())) == len(rows) == min(k, len(exact) - 1)
        assert scores == pytest.approx(np.sort(exact[allowed])[::-1][:k], abs=1e-6)


def test_a_search_among_no_rows_finds_none(index: Index) -> None:
    rows, scores = index.search("passages", HashEncoder().encode(["lanterns"]), 5, np.zeros(len(index.passages), dtype=bool))
    assert (rows.shape, scores.shape) == ((0,), (0,))


def test_a_filter_over_more_rows_than_a_byte_has_bits(place: Place) -> None:
    text = "\n\n".join(f"{number}. Pier {number}\n\nThe crane of pier {number} lifts {number} tons." for number in range(1, 31))
    (place.works / "piers.txt").write_text(text, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    opened = open_index(place.index)
    assert len(opened.passages) > 24
    exact = cosines(opened, "Which crane lifts 17 tons?")
    vector = HashEncoder().encode(["Which crane lifts 17 tons?"])
    for row in range(len(exact)):
        found, scores = opened.search("passages", vector, 9, np.arange(len(exact)) == row)
        assert found.tolist() == [row]
        assert scores == pytest.approx(exact[[row]], abs=1e-6)


def test_the_cosines_of_chosen_rows(index: Index) -> None:
    exact = cosines(index, "lanterns")
    vector = HashEncoder().encode(["lanterns"])
    rows = np.array([2, 0, 2], dtype=np.int64)
    assert index.cosines("passages", vector, rows) == pytest.approx(exact[rows], abs=1e-6)
    assert index.cosines("passages", vector[0], rows[:1]) == pytest.approx(exact[rows[:1]], abs=1e-6)
    assert index.cosines("passages", vector, rows[:0]).shape == (0,)


def test_words_find_their_passage(index: Index) -> None:
    scores = index.lexical.scores("VESTERBY bench")
    best = index.passages[int(np.argmax(scores))]
    assert "carved bench" in best.text
    assert index.lexical.size == len(index.passages)


def test_searching_changes_nothing(index: Index) -> None:
    question = HashEncoder().encode(["lanterns"])
    every = np.ones(len(index.passages), dtype=bool)
    first, before = index.search("passages", question, 3, every), index.vectors_of("passages")
    index.search("passages", question, 1, np.arange(len(every)) == 1)
    index.lexical.scores("lanterns")
    again = index.search("passages", question, 3, every)
    assert [found.tolist() for found in again] == [found.tolist() for found in first]
    assert np.array_equal(index.vectors_of("passages"), before)


def test_neighbours_are_of_the_same_document(index: Index) -> None:
    ids = [passage.document_id for passage in index.passages]
    last, first = ids.index("hoshino-lanterns") - 1, ids.index("hoshino-lanterns")
    assert (ids[last], last) == ("aoba-tea-note", 0)
    assert index.neighbours(last) == (None, None)
    assert index.neighbours(first) == (None, index.passages[first + 1])
    assert index.neighbours(len(ids) - 1) == (index.passages[-2], None)


def test_passages_that_the_english_encoder_cannot_read(place: Place) -> None:
    (place.works / "harbour.md").write_text("## Asahi\n\nThe harbour is deep.\n\n## 朝日港\n\n港は深い。\n", encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    opened = open_index(place.index)
    assert {passage.text for passage, japanese in zip(opened.passages, opened.passages.foreign, strict=True) if japanese} == {
        "港は深い。"
    }


def test_the_sets_of_one_encoder(index: Index) -> None:
    assert set(index.vectors) == {"passages"}


def test_the_sets_of_the_multilingual_encoder(place: Place) -> None:
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue, multilingual=HashEncoder())
    opened = open_index(place.index)
    assert set(opened.vectors) == set(VECTOR_SETS)
    assert np.array_equal(opened.vectors_of("passages-multilingual"), opened.vectors_of("passages"))
    (generation(place.index) / "vectors" / "passages-multilingual.faiss").unlink()
    with pytest.raises(IndexDamaged, match=r"lacks its file vectors/passages-multilingual\.faiss"):
        open_index(place.index)


# What is refused


def test_no_index(tmp_path: Path) -> None:
    for read in (open_index, read_manifest, generation):
        with pytest.raises(IndexMissing) as caught:
            read(tmp_path / "none")
        assert str(caught.value) == f"There is no index in {tmp_path / 'none'}. Build it with `askjapan index`."


def test_every_file_is_missed(folder: Path, tmp_path: Path) -> None:
    store = generation(folder)
    names = [path.relative_to(store) for path in sorted(store.rglob("*")) if path.is_file()]
    assert len(names) == 14
    for name in names:
        hidden = tmp_path / "hidden"
        (store / name).rename(hidden)
        with pytest.raises(IndexDamaged) as caught:
            open_index(folder)
        assert str(caught.value).endswith(REBUILD), name
        assert name.name in str(caught.value), name
        hidden.rename(store / name)
    open_index(folder)


@pytest.mark.parametrize("kept", [0, 0.5, 0.99])
def test_every_file_that_is_cut_short_is_noticed(kept: float, folder: Path) -> None:
    store = generation(folder)
    for path in sorted(path for path in store.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * kept)])
        with pytest.raises(IndexDamaged) as caught:
            open_index(folder)
        assert str(caught.value).endswith(REBUILD), path
        path.write_bytes(whole)
    open_index(folder)


def test_a_file_of_the_right_size_with_other_contents(folder: Path) -> None:
    """As a file looks after a power cut: its length is there, its contents are not. Texts are read when they are needed."""
    store = generation(folder)
    for path in sorted(path for path in store.rglob("*") if path.is_file() and path.parent.name != "texts"):
        whole = path.read_bytes()
        path.write_bytes(b"\0" * len(whole))
        with pytest.raises(IndexDamaged) as caught:
            open_index(folder)
        assert str(caught.value).endswith("with `askjapan index`."), path
        path.write_bytes(whole)


@pytest.mark.parametrize("name", [b"", b"store-1", b"../elsewhere", b"store-1-0123456789ab/..", b"\xff\xfe", b"manifest.json"])
def test_a_pointer_that_names_no_generation(name: bytes, folder: Path) -> None:
    (folder / "CURRENT").write_bytes(name)
    for read in (open_index, read_manifest, generation):
        with pytest.raises(IndexDamaged) as caught:
            read(folder)
        assert str(folder / "CURRENT") in str(caught.value)
        assert str(caught.value).endswith(REBUILD)


def test_a_pointer_to_a_generation_that_is_gone(folder: Path) -> None:
    (folder / "CURRENT").write_text("store-7-0123456789ab\n")
    with pytest.raises(IndexDamaged, match="CURRENT names store-7-0123456789ab, which is not there"):
        open_index(folder)


def manifest_with(folder: Path, **changes: object) -> None:
    path = generation(folder) / "manifest.json"
    sealed(folder, json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}))


def sealed(folder: Path, manifest: str) -> None:
    """Exchange the manifest of a generation, and give the generation the name that goes with it."""
    store = generation(folder)
    (store / "manifest.json").write_text(manifest, encoding="utf-8")
    store.rename(folder / f"store-1-{seal(manifest.encode())}")
    (folder / "CURRENT").write_text(f"store-1-{seal(manifest.encode())}\n")


def test_another_format(folder: Path) -> None:
    manifest_with(folder, format=99)
    for read in (open_index, read_manifest):
        with pytest.raises(IndexStale) as caught:
            read(folder)
        assert str(caught.value) == (
            f"The index in {folder} has format 99, this version reads format {FORMAT}. Build it with `askjapan index`."
        )


@pytest.mark.parametrize(
    "changes",
    [{"documents": ["text"]}, {"documents": None}, {"unknown": 1}, {"parts": None}, {"passages": 99}, {"warnings": [1]}],
    ids=str,
)
def test_a_manifest_that_was_tampered_with(changes: dict[str, object], folder: Path) -> None:
    manifest_with(folder, **changes)
    with pytest.raises(IndexDamaged) as caught:
        open_index(folder)
    assert str(caught.value).endswith(REBUILD)


def test_a_manifest_with_warnings_and_reasons_as_sentences_is_read(folder: Path) -> None:
    """Earlier versions wrote them down so."""
    report = {"path": "/b.pdf", "warnings": ["Page 2 is odd."], "left_out": "It is broken."}
    manifest_with(folder, warnings={"/a.pdf": ["Page 1 is odd."]}, skipped={"/b.pdf": "It is broken."}, reports=[report])
    manifest = open_index(folder).manifest
    assert {path: tuple(map(str, told)) for path, told in manifest.warnings.items()} == {"/a.pdf": ("Page 1 is odd.",)}
    assert manifest.skipped == {"/b.pdf": Saying("ReadingError", {"told": "It is broken."})}
    assert manifest.reports[0].to_dict(None)["warnings"] == ["Page 2 is odd."]
    assert manifest.reports[0].to_dict(None)["left_out"] == "It is broken."


@pytest.mark.parametrize("text", ["[]", "null", '"text"', "{}", f'{{"format": {FORMAT}}}'])
def test_a_manifest_that_is_none(text: str, folder: Path) -> None:
    sealed(folder, text)
    with pytest.raises(IndexDamaged, match=r"The manifest of the index in .* cannot be read"):
        open_index(folder)


# While another build goes on


def test_opening_while_a_build_swaps_the_generation(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old generation vanishes between two reads: the new one is opened, and nothing is called damaged."""
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    real, calls = Checksums.at_opening, []

    def swapped_before(self: Checksums) -> None:
        calls.append(self)
        if len(calls) == 1:
            # The build opens the old index too; it must not come by here again.
            with monkeypatch.context() as patched:
                patched.setattr(Checksums, "at_opening", real)
                build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
        real(self)

    monkeypatch.setattr(Checksums, "at_opening", swapped_before)
    opened = open_index(place.index)
    assert len(calls) == 2
    assert "hoshino-lanterns" in opened.documents
    assert opened.folder == generation(place.index)


def test_an_opened_index_outlives_a_rebuild_but_for_its_texts(place: Place) -> None:
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    opened = open_index(place.index)
    question, every = HashEncoder().encode(["lanterns"]), np.ones(len(opened.passages), dtype=bool)
    before = [found.tolist() for found in opened.search("passages", question, 3, every)]
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    assert [found.tolist() for found in opened.search("passages", question, 3, every)] == before
    with pytest.raises(IndexStale) as caught:
        opened.text("aoba-tea-note")
    assert str(caught.value) == "The index was rebuilt in the meantime. Open it again."


def test_a_generation_is_never_seen_half_deleted(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    opened = open_index(place.index)

    def slowly(path: Path, **given: object) -> None:
        for text in path.glob("texts/*"):
            text.unlink()

    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", slowly)
        build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
        with pytest.raises(IndexStale, match="The index was rebuilt in the meantime"):
            opened.text("aoba-tea-note")
    assert half_built(place.index) == [place.index / f".building-{opened.folder.name}"]
    (place.works / "lanterns.txt").write_text(LANTERNS + "More.\n", encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    assert half_built(place.index) == []


def test_a_text_that_vanishes_after_opening(folder: Path) -> None:
    opened = open_index(folder)
    path = opened.folder / "texts" / "aoba-tea-note.txt"
    path.write_bytes(b"\xff\xff")
    with pytest.raises(IndexDamaged, match=r"is damaged: texts/aoba-tea-note.txt has other contents than were written"):
        opened.text("aoba-tea-note")
    path.unlink()
    with pytest.raises(IndexDamaged) as caught:
        opened.text("aoba-tea-note")
    assert str(caught.value).endswith(REBUILD)


def test_other_folders_in_the_index_folder_are_left_alone(place: Place) -> None:
    place.index.mkdir()
    (place.index / "README.md").write_text("kept")
    for name in ("store-room", "store-1-mine", "notes"):
        (place.index / name).mkdir()
    for words in ("Ships came.", "Ships went."):
        (place.works / "ships.txt").write_text(words, encoding="utf-8")
        build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    assert {path.name for path in place.index.iterdir()} - {".lock"} == {
        "README.md", "store-room", "store-1-mine", "notes", "CURRENT", generation(place.index).name,
    }  # fmt: skip
    assert generation(place.index).name.startswith("store-2-")
