"""An index on a server: the same answers as from its folder, moved in and out without embedding, and kept up by builds."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from uuid import uuid4

import numpy as np
import pytest

from askjapan import Assistant
from askjapan.api import build_index, why_stale
from askjapan.errors import IndexDamaged, IndexStale
from askjapan.index.encoders.minilm import MiniLM
from askjapan.index.search.engine import passage_id
from askjapan.index.search.faiss_engine import FaissEngine
from askjapan.index.search.milvus_engine import MilvusEngine
from askjapan.index.search.served import ServedVectors, collection_prefix, connect, move_in, served
from askjapan.index.storage.manifest import generation
from askjapan.index.storage.store import open_index
from askjapan.settings import load_settings
from tests.support.commands import Ran
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, TEA, Place

QUESTIONS = (
    "When did Hoshino and Vesterby become friends?",
    "How many pickers did the cooperative of Aoba hire in 2012?",
    "How much did Hoshino spend on exchanges in 1998?",
    "Who taught the language class?",
    "What is the capital of Mongolia?",
)


@pytest.fixture
def library(address: str) -> Iterator[str]:
    """The address of an empty library on each server in turn."""
    name = f"{address}/t{uuid4().hex[:8]}"
    yield name
    for engine in connect(name, "", HashEncoder(), None).values():
        engine.drop()  # type: ignore[attr-defined]
        engine.close()


@pytest.fixture
def built(place: Place, fake_model: None) -> Place:
    """An index in a folder."""
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    build_index()
    return place


def refuse(*_: object, **__: object) -> None:
    raise AssertionError("something was embedded")


def answers(assistant: Assistant) -> list[object]:
    """What is told of each question, and the passages behind it."""
    asked = [*QUESTIONS, "And what came of it in 2004?"]
    told = [assistant.ask(question) for question in asked]
    hits = [[(hit.passage.id, round(hit.score, 4)) for hit in assistant.retrieve(question)] for question in asked]
    return [*[(answer.answered, answer.sentences) for answer in told], *hits]


def test_an_index_moves_to_a_server_and_back(
    library: str, built: Place, monkeypatch: pytest.MonkeyPatch, askjapan: Callable[..., Ran]
) -> None:
    alone = answers(Assistant.open())
    before = open_index(built.index)
    rows = before.vectors_of("passages")
    with monkeypatch.context() as inside:
        inside.setattr(MiniLM, "encode", refuse)
        moved = askjapan("move", library)
    said = f"{len(rows)} passages are on {library}, and searched there where ASKJAPAN_INDEX={library} is set.\n"
    assert (moved.code, moved.out) == (0, said)

    monkeypatch.setenv("ASKJAPAN_INDEX", library)
    # Where a server searches, the folder needs no vectors.
    shutil.rmtree(generation(built.index) / "vectors")
    assistant = Assistant.open()
    assert isinstance(assistant.index.vectors["passages"], ServedVectors)
    assert answers(assistant) == alone
    assert why_stale(load_settings()) == ""
    assert assistant.index.vectors_of("passages").tobytes() == rows.tobytes()

    monkeypatch.delenv("ASKJAPAN_INDEX")
    with pytest.raises(IndexDamaged):
        Assistant.open()
    monkeypatch.setenv("ASKJAPAN_INDEX", library)
    with monkeypatch.context() as inside:
        inside.setattr(MiniLM, "encode", refuse)
        back = askjapan("move", "folder")
    assert (back.code, back.out.split(" are ")[0]) == (0, f"{len(rows)} passages")
    monkeypatch.delenv("ASKJAPAN_INDEX")
    after = open_index(built.index)
    assert after.vectors_of("passages").tobytes() == rows.tobytes()
    assert (after.manifest.fingerprint, after.manifest.sums) == (before.manifest.fingerprint, before.manifest.sums)
    assert answers(Assistant.open()) == alone


def test_a_build_keeps_the_server_up(library: str, built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_INDEX", library)
    (engine,) = connect(library, "", HashEncoder(), None).values()
    with pytest.raises(IndexStale, match=r"The server has 0 of the index's \d+ passages"):
        Assistant.open()
    # Nothing has changed but that the server has nothing.
    assert build_index().embedded == 0
    before = set(engine.ids())
    assert len(before) == engine.count() == len(Assistant.open().index.passages)

    older = Assistant.open()
    (built.works / "tea.txt").write_text(TEA, encoding="utf-8")
    put_in = []
    upsert = MilvusEngine.upsert
    monkeypatch.setattr(MilvusEngine, "upsert", lambda self, some: upsert(self, put_in.append(list(some)) or put_in[-1]))
    build_index()
    index = Assistant.open().index
    now = set(engine.ids())
    assert {passage_id(id_) for id_ in now} == {passage.id for passage in index.passages}
    # What was there already is not sent again.
    assert {entry.id for some in put_in for entry in some} == now - before
    assert 0 < len(now - before) < len(now)
    tea = Assistant.open().retrieve("pickers from Nepal", k=3)
    assert "tea" in tea[0].document.id
    # Who opened the index before is told, as with a folder.
    with pytest.raises(IndexStale, match="Open the index again"):
        older.retrieve("a letter of friendship", k=1)

    (built.works / "lanterns.txt").write_text(LANTERNS.replace("312 million", "313 million"), encoding="utf-8")
    build_index()
    found = Assistant.open().ask("How much did Hoshino spend on exchanges in 1998?")
    assert "313 million" in found.sentences[0].text
    assert engine.count() == len(open_index(built.index).passages)


def test_a_filter_reaches_the_server(library: str, built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_INDEX", library)
    build_index()
    assistant = Assistant.open()
    for id_ in ("hoshino-lanterns", "aoba-tea-note"):
        hits = assistant.retrieve("What came in 2012?", k=10, documents=[id_])
        assert {hit.document.id for hit in hits} == {id_}
        assert len(hits) == assistant.index.counts[id_]


def test_a_move_needs_an_address(built: Place, askjapan: Callable[..., Ran]) -> None:
    back = askjapan("move", "folder")
    assert (back.code, back.err.lstrip()) == (
        1,
        "The settings name no server to move from. Give its address, as http://host:19530, as `index` or ASKJAPAN_INDEX.\n",
    )
    assert askjapan("move", "somewhere").err.lstrip().startswith("somewhere names no server.")


def test_each_library_on_a_server_has_collections_of_its_own() -> None:
    """Names that differ only in what a server does not take were one collection, which each build emptied of the other's entries."""
    names = ("papers-2024", "papers_2024", "papers/2024", "論文", "資料", "2024", "_2024", "x" * 300, "x" * 301)
    made = [collection_prefix(f"/{name}/") for name in names]
    assert len(set(made)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_]\w{0,119}", name, re.ASCII) for name in made)
    assert (collection_prefix("/papers"), collection_prefix("/")) == ("papers", "askjapan")


def test_engines_with_fewer_entries_do_not_serve(built: Place) -> None:
    index, engine = open_index(built.index), FaissEngine(64)
    with pytest.raises(IndexStale):
        served(index, {"passages": engine})
    move_in(index, {"passages": engine})
    assert served(index, {"passages": engine}).vectors_of("passages").tolist() == index.vectors_of("passages").tolist()
    asked, every = index.vectors_of("passages")[1], np.ones(len(index.passages), dtype=bool)
    for allowed in (every, index.passages.owners == 0, np.arange(len(every)) == 2, ~every):
        rows, scores = index.search("passages", asked, 3, allowed)
        others = served(index, {"passages": engine}).search("passages", asked, 3, allowed)
        assert (others[0].tolist(), np.round(others[1], 5).tolist()) == (rows.tolist(), np.round(scores, 5).tolist())
