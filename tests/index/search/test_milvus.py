"""Nine things in which Milvus Lite and the real server differ, and what comes of each through the engine: the same on both."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import numpy as np
import pytest

from askjapan.errors import IndexUnreachable
from askjapan.index.search.engine import Entry, Where
from askjapan.index.search.milvus_engine import MOST, MilvusEngine, expression, knows_words
from tests.index.search.conftest import DIMENSION

_NUMBERS = count()


def rows(size: int, seed: int = 1) -> np.ndarray:
    made = np.random.default_rng(seed).standard_normal((size, DIMENSION))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def entries(size: int) -> list[Entry]:
    return [Entry(f"e{n}@0", f"d{n // 10}", False, f"word{n % 7} only{n}", row) for n, row in enumerate(rows(size))]


class Opened:
    """An engine with the plain client of the same server."""

    def __init__(self, address: str) -> None:
        from pymilvus import MilvusClient

        self.name = f"milvus_{next(_NUMBERS)}"
        self.engine = MilvusEngine(address, self.name, DIMENSION)
        self.client: Any = MilvusClient(address)
        self.is_lite = self.client.get_server_version().startswith("milvus_lite")


@pytest.fixture
def opened(address: str) -> Iterator[Opened]:
    made = Opened(address)
    yield made
    made.engine.drop()
    made.client.close()
    made.engine.close()


def test_1_a_collection_can_be_searched_as_soon_as_it_is_made(opened: Opened, address: str) -> None:
    assert opened.engine.dense(rows(1)[0], 3) == []
    opened.client.release_collection(opened.name)
    from pymilvus.exceptions import MilvusException

    if not opened.is_lite:
        with pytest.raises(MilvusException, match="not loaded"):
            opened.client.search(opened.name, rows(1).tolist(), limit=3, anns_field="vector")
    # Whoever opens it loads it.
    assert MilvusEngine(address, opened.name, DIMENSION).dense(rows(1)[0], 3) == []


def test_2_ones_own_writes_are_seen(opened: Opened) -> None:
    some = entries(30)
    for entry in some:
        opened.engine.upsert([entry])
        assert [match.id for match in opened.engine.dense(entry.vector, 1)] == [entry.id]


def test_3_what_was_deleted_is_gone_after_a_refresh(opened: Opened) -> None:
    some = entries(100)
    opened.engine.upsert(some)
    opened.engine.refresh()
    for entry in some[:5]:
        opened.engine.delete([entry.id])
        opened.engine.refresh()
        assert opened.engine.dense(entry.vector, 1)[0].id != entry.id


def test_4_what_is_put_in_again_is_there_once(opened: Opened) -> None:
    some = entries(20)
    opened.engine.upsert(some)
    opened.engine.upsert(some)
    assert opened.engine.count() == 20
    data = {"id": "e0@0", "document": "d0", "foreign": False, "vector": some[0].vector}
    opened.client.insert(opened.name, [data | ({"words": "word"} if opened.is_lite else {})])
    assert opened.engine.count() == (20 if opened.is_lite else 21)


def test_5_more_may_be_asked_for_than_a_server_gives(opened: Opened) -> None:
    opened.engine.upsert(entries(50))
    assert len(opened.engine.dense(rows(1)[0], MOST + 1)) == 50


def test_6_a_filter_loses_nothing(opened: Opened) -> None:
    some = entries(3_000)
    opened.engine.upsert(some)
    opened.engine.refresh()
    for document in range(0, 300, 13):
        found = opened.engine.dense(some[17].vector, 10, Where((f"d{document}",)))
        assert {match.id for match in found} == {f"e{n}@0" for n in range(10 * document, 10 * document + 10)}


def test_7_a_higher_score_is_a_better_match(opened: Opened) -> None:
    opened.engine.upsert(entries(50))
    if "lexical" not in opened.engine.capabilities:
        pytest.skip("this server does not search by words")
    found = opened.engine.lexical("word3 only10", 5)
    assert found[0].id == "e10@0"
    assert found[0].score > found[1].score > 0
    (raw,) = opened.client.search(opened.name, ["word3"], limit=1, anns_field="weights", search_params={"metric_type": "BM25"})
    assert (raw[0]["distance"] < 0) == opened.is_lite


def test_8_what_a_server_says_of_a_deletion_is_not_used(opened: Opened) -> None:
    opened.engine.upsert(entries(3))
    said = opened.client.delete(opened.name, ids=["e0@0"])
    assert isinstance(said, list) == opened.is_lite
    opened.engine.delete(["e1@0", "e1@0", "nobody"])
    opened.engine.refresh()
    assert list(opened.engine.ids()) == ["e2@0"]


def test_9_a_server_without_words_is_told_from_one_with_them(opened: Opened) -> None:
    assert ("lexical" in opened.engine.capabilities) == knows_words(opened.client.get_server_version())
    fields = {field["name"] for field in opened.client.describe_collection(opened.name)["fields"]}
    assert ("words" in fields) == ("lexical" in opened.engine.capabilities)


@pytest.mark.parametrize(
    ("version", "known"),
    [
        ("v2.3.5-lite", False),
        ("2.4.23", False),
        ("v2.5.0", True),
        ("v2.6.2", True),
        ("v3.0.1", True),
        ("milvus_lite-3.2.2", True),
        ("", False),
    ],
)
def test_which_versions_know_words(version: str, known: bool) -> None:
    assert knows_words(version) == known


def test_a_filter_quotes_every_value() -> None:
    assert expression(None) == expression(Where()) == ""
    assert expression(Where(('a"] or foreign == true or document in ["b', "日本"), foreign=False)) == (
        'document in ["a\\"] or foreign == true or document in [\\"b", "日本"] and foreign == false'
    )
    assert expression(Where(("a",), but=True)) == 'document not in ["a"]'


def test_a_text_is_cut_where_a_field_ends(opened: Opened) -> None:
    long = Entry("long@0", "d", False, " ".join(f"word{n}" for n in range(20_000)), rows(1)[0])
    opened.engine.upsert([long])
    assert opened.engine.count() == 1


def test_a_server_that_does_not_answer() -> None:
    pytest.importorskip("pymilvus")
    with pytest.raises(IndexUnreachable, match=r"test on http://127\.0\.0\.1:9 cannot be used: .*Start the server"):
        MilvusEngine("http://127.0.0.1:9", "test", DIMENSION)
