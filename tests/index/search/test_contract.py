"""What every search engine does alike: FAISS in this process, Milvus Lite and the real Milvus as servers, and the one of SCALE_TEST_URI."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from askjapan.errors import IndexStale
from askjapan.index.search.engine import Entry, SearchEngine, Where
from askjapan.index.search.faiss_engine import FaissEngine
from tests.index.search.conftest import DIMENSION
from tests.support.search_servers import SERVERS

ENTRIES = 3_000
A_DOCUMENT = 10
"""So many entries each document has."""
STRANGE = ('a "quoted" title', "back\\slash", "日本の自治体", "' or document != '", '"] or foreign == true or document in ["')


def made() -> list[Entry]:
    """Entries in topics; every third document is foreign, and the first have strange ids."""
    draw = np.random.default_rng(7)
    topics = draw.standard_normal((30, DIMENSION))
    rows = topics[draw.integers(0, 30, ENTRIES)] + 0.8 * draw.standard_normal((ENTRIES, DIMENSION))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    words = [" ".join(f"word{number}" for number in draw.zipf(1.5, 12) if number < 500) for _ in range(ENTRIES)]
    return [
        Entry(f"e{n}@0", document_of(n), n // A_DOCUMENT % 3 == 0, f"{words[n]} only{n} 姉妹都市", row)
        for n, row in enumerate(rows)
    ]


def document_of(number: int) -> str:
    place = number // A_DOCUMENT
    return STRANGE[place] if place < len(STRANGE) else f"d{place}"


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return made()


@pytest.fixture(scope="module", params=["faiss", *SERVERS])
def filled(request: pytest.FixtureRequest, engines: Callable[[str], SearchEngine], entries: list[Entry]) -> SearchEngine:
    """Read it, never change it."""
    engine = engines(request.param)
    engine.upsert(entries)
    # A second time in part: nothing is doubled.
    engine.upsert(entries[:1500])
    engine.refresh()
    return engine


@pytest.fixture(params=["faiss", *SERVERS])
def empty(request: pytest.FixtureRequest, engines: Callable[[str], SearchEngine]) -> SearchEngine:
    return engines(request.param)


def nearest(entries: list[Entry], vector: np.ndarray, k: int, where: Where = Where()) -> list[str]:  # noqa: B008 - frozen
    inside = [entry for entry in entries if where.allows(entry)]
    scores = np.stack([entry.vector for entry in inside]) @ vector if inside else np.zeros(0)
    return [inside[place].id for place in np.argsort(-scores, kind="stable")[:k]]


def test_everything_is_there_once(filled: SearchEngine, entries: list[Entry]) -> None:
    assert filled.count() == ENTRIES
    assert sorted(filled.ids()) == sorted(entry.id for entry in entries)


def test_the_nearest_are_found_with_their_cosines(filled: SearchEngine, entries: list[Entry]) -> None:
    by_id = {entry.id: entry for entry in entries}
    hits = 0
    for asked in entries[5:45]:
        matches = filled.dense(asked.vector, 10)
        assert len({match.id for match in matches}) == 10
        assert np.allclose(
            [match.score for match in matches], [by_id[match.id].vector @ asked.vector for match in matches], atol=1e-4
        )
        assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)
        assert matches[0].id == asked.id
        hits += len({match.id for match in matches} & set(nearest(entries, asked.vector, 10)))
    assert hits >= 0.99 * 400


@pytest.mark.parametrize(
    "where",
    [
        *(Where((id_,)) for id_ in STRANGE),
        Where(("d7",)),
        Where(("d7", "d8", "d299"), foreign=True),
        Where(tuple(f"d{n}" for n in range(len(STRANGE), 297)), but=True),
        Where(("no such document",)),
        Where((), foreign=False),
    ],
    ids=lambda where: str(where.documents)[:30],
)
def test_a_narrow_filter_gives_all_that_it_leaves(where: Where, filled: SearchEngine, entries: list[Entry]) -> None:
    for asked in entries[:3]:
        assert [match.id for match in filled.dense(asked.vector, 100, where)] == nearest(entries, asked.vector, 100, where)


@pytest.mark.parametrize("where", [Where(foreign=True), Where(STRANGE, but=True, foreign=False)], ids=["script", "both"])
def test_a_wide_filter_gives_the_nearest_that_it_leaves(where: Where, filled: SearchEngine, entries: list[Entry]) -> None:
    by_id = {entry.id: entry for entry in entries}
    hits = 0
    for asked in entries[:20]:
        found = [match.id for match in filled.dense(asked.vector, 10, where)]
        assert len(found) == 10
        assert all(where.allows(by_id[id_]) for id_ in found)
        hits += len(set(found) & set(nearest(entries, asked.vector, 10, where)))
    assert hits >= 0.97 * 200


def test_more_may_be_asked_for_than_there_are(filled: SearchEngine, entries: list[Entry]) -> None:
    matches = filled.dense(entries[0].vector, 50_000)
    # A server's graph need not lead to what is far away.
    assert 200 <= len({match.id for match in matches}) == len(matches) <= ENTRIES
    assert [match.id for match in matches[:50]] == nearest(entries, entries[0].vector, 50)


def test_words_are_found(filled: SearchEngine, entries: list[Entry]) -> None:
    if "lexical" not in filled.capabilities:
        assert filled.lexical("only77", 5) == []
        pytest.skip("this server does not search by words; the index's own words are searched")
    assert [match.id for match in filled.lexical("only77", 5)] == ["e77@0"]
    assert filled.lexical("nothing holds this", 5) == []
    assert filled.lexical("", 5) == []
    assert len(filled.lexical("姉妹都市", 50)) == 50
    inside = Where((document_of(77),))
    assert [match.id for match in filled.lexical("only77 only3", 5, inside)] == ["e77@0"]
    reference = FaissEngine(DIMENSION)
    reference.upsert(entries)
    shared = 0
    for number in range(20):
        question = f"word{number + 2} only{number} word{number + 40}"
        found = filled.lexical(question, 10)
        assert found[0].score > 0
        assert [match.score for match in found] == sorted((match.score for match in found), reverse=True)
        wanted = reference.lexical(question, 10)
        # Ties may be put in any order: those that are surely among the best are compared.
        sure = {match.id for match in wanted if match.score > wanted[-1].score + 1e-4}
        shared += len(sure) - len(sure & {match.id for match in found})
    assert shared <= 2


def test_vectors_come_back_as_they_were(filled: SearchEngine, entries: list[Entry]) -> None:
    some = [entries[n] for n in (2999, 0, 1234)]
    assert filled.vectors([entry.id for entry in some]).tolist() == [entry.vector.tolist() for entry in some]
    assert filled.vectors([entry.id for entry in entries]).tobytes() == np.stack([entry.vector for entry in entries]).tobytes()
    assert filled.vectors([]).shape == (0, DIMENSION)
    with pytest.raises(IndexStale):
        filled.vectors(["e0@0", "nobody"])


def test_what_was_put_in_is_found_at_once(empty: SearchEngine, entries: list[Entry]) -> None:
    assert (empty.count(), list(empty.ids()), empty.dense(entries[0].vector, 3)) == (0, [], [])
    for number in range(5):
        empty.upsert([entries[number]])
        assert empty.dense(entries[number].vector, 1)[0].id == entries[number].id
    moved = replace(entries[0], vector=-entries[0].vector)
    empty.upsert([moved])
    assert empty.dense(moved.vector, 1)[0].id == moved.id
    empty.refresh()
    assert empty.count() == 5


def test_what_was_taken_out_is_gone_after_a_refresh(empty: SearchEngine, entries: list[Entry]) -> None:
    empty.upsert(entries[:20])
    empty.refresh()
    empty.delete([entries[3].id, "nobody"])
    empty.delete([])
    empty.refresh()
    assert empty.count() == 19
    assert entries[3].id not in {match.id for match in empty.dense(entries[3].vector, 20)}
    assert entries[3].id not in set(empty.ids())


def test_a_note_of_whose_the_entries_are_is_kept_beside_them(empty: SearchEngine, entries: list[Entry]) -> None:
    assert empty.holder() == ""
    empty.upsert(entries[:5])
    for noted in ("a home", "日本の「家」 " + "x" * 3_000, ""):
        empty.hold(noted)
        assert empty.holder() == noted
    assert empty.count() == 5
    assert empty.place
