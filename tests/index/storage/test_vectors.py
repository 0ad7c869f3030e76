"""Vectors compared one by one, and in lists: the same scores, nearly the same rows, and filters that lose nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import askjapan.index.storage.vectors as vectors_module
from askjapan.index.storage.manifest import read_manifest
from askjapan.index.storage.passage_store import Passages, RowsById
from askjapan.index.storage.store import Index, open_index
from askjapan.index.storage.vectors import VectorSet, kind_for, open_vectors, write_vectors
from tests.support.places import Place

ROWS = 3000


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    draw = np.random.default_rng(4)
    topics = draw.standard_normal((40, 32))
    made = topics[draw.integers(0, 40, ROWS)] + 0.6 * draw.standard_normal((ROWS, 32))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(params=["Flat", "IVF256,Flat"])
def opened(request: pytest.FixtureRequest, rows: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VectorSet:
    monkeypatch.setattr(vectors_module, "MOST_FLAT", 10 if "IVF" in request.param else 200_000)
    # Few enough that a filter of the test is wide, too.
    monkeypatch.setattr(vectors_module, "EXACT", 100)
    assert write_vectors(tmp_path / "some.faiss", rows) == request.param
    return open_vectors(tmp_path / "some.faiss")


@pytest.mark.parametrize(
    ("size", "kind"),
    [(0, "Flat"), (200_000, "Flat"), (200_001, "IVF2048,Flat"), (1_000_000, "IVF4096,Flat"), (10**7, "IVF16384,Flat")],
)
def test_the_kind_of_index_by_size(size: int, kind: str) -> None:
    assert kind_for(size) == kind


@pytest.mark.parametrize("every", [1, 3, 50, 1000])
def test_the_nearest_are_found_with_their_cosines(every: int, opened: VectorSet, rows: np.ndarray) -> None:
    allowed = np.zeros(ROWS, dtype=bool)
    allowed[::every] = True
    inside = np.flatnonzero(allowed)
    hits = 0
    for question in rows[:20]:
        exact = inside[np.argsort(-(rows[inside] @ question), kind="stable")[:10]]
        found, scores = opened.search(question, 10, allowed)
        assert len(found) == min(10, len(inside))
        assert allowed[found].all()
        assert np.allclose(scores, rows[found] @ question, atol=1e-5)
        assert (np.diff(scores) <= 1e-6).all()
        hits += len(set(found.tolist()) & set(exact.tolist()))
    assert hits >= 0.97 * 20 * min(10, len(inside))


def test_nothing_is_allowed(opened: VectorSet, rows: np.ndarray) -> None:
    found, scores = opened.search(rows[0], 10, np.zeros(ROWS, dtype=bool))
    assert (found.tolist(), scores.tolist()) == ([], [])


def test_rows_are_kept_whole(opened: VectorSet, rows: np.ndarray) -> None:
    assert opened.size == ROWS
    assert opened.all_rows().tolist() == rows.tolist()
    some = np.array([7, 2999, 0])
    assert opened.reconstruct_batch(some).tolist() == rows[some].tolist()
    assert np.allclose(opened.cosines(rows[5], some), rows[some] @ rows[5], atol=1e-6)
    assert opened.cosines(rows[5], np.zeros(0, dtype=np.int64)).shape == (0,)


def test_the_manifest_names_the_kind(small_index: Place) -> None:
    assert read_manifest(small_index.index).kinds == {"passages": "Flat"}


# Passages that stay in their file


@pytest.fixture
def index(small_index: Place) -> Index:
    return open_index(small_index.index)


def test_passages_are_read_by_row_slice_and_id(index: Index) -> None:
    passages = index.passages
    assert isinstance(passages, Passages)
    every = list(passages)
    assert len(every) == len(passages) == 4
    assert passages[1] is passages[1]
    assert (passages[-1], passages[1:3]) == (every[-1], tuple(every[1:3]))
    assert passages == every
    with pytest.raises(IndexError):
        passages[len(every)]
    numbers = index.numbers
    assert isinstance(numbers, RowsById)
    assert dict(numbers) == {passage.id: row for row, passage in enumerate(every)}
    assert numbers.get("nothing") is None
    with pytest.raises(KeyError):
        numbers["nothing"]


def test_passages_of_a_document(index: Index) -> None:
    for id_ in index.documents:
        assert index.passages_of(id_) == [passage for passage in index.passages if passage.document_id == id_]
        assert index.counts[id_] == len(index.passages_of(id_))
    assert index.passages_of("nothing") == []
    assert index.passage(index.passages[0].id) == index.passages[0]
    assert index.passage("nothing") is None


def test_documents_whose_passages_stand_apart(index: Index) -> None:
    apart = replace(index.passages, owners=np.array([1, 0, 1, 2], dtype=np.int32))
    assert [apart.rows_of(owner) for owner in range(4)] == [[1], [0, 2], [3], []]


def test_more_passages_than_are_remembered(small_index: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askjapan.index.storage.passage_store.REMEMBERED", 2)
    few = open_index(small_index.index).passages
    assert list(few) == list(few)
    assert few[0] is not next(iter(few))
