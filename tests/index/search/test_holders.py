"""Two homes at one address: the second is told whose the entries are, nothing of the first is lost, and what is meant can be done."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from askjapan import Assistant
from askjapan.errors import IndexDamaged, IndexTaken
from askjapan.index.encoders.minilm import MiniLM
from askjapan.index.search import served
from askjapan.index.search.engine import SearchEngine
from askjapan.index.search.faiss_engine import FaissEngine
from askjapan.index.storage.home_id import home_id
from askjapan.index.storage.store import open_index
from tests.support.commands import Ran
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, TEA, Place, make_place
from tests.support.search_servers import SERVERS

Askjapan = Callable[..., Ran]
REMEDY = (
    "Give this home a name of its own on the server, as ASKJAPAN_INDEX=http://host:19530/papers; or, if those entries may go, "
    "run `askjapan index` without ASKJAPAN_INDEX and then `askjapan move ADDRESS --take-over`.\n"
)
ASKED = "How much did Hoshino spend on exchanges in 1998?"

pytestmark = pytest.mark.usefixtures("fake_model")


class Library:
    """One name on a server, and another beside it."""

    def __init__(self, server: str) -> None:
        self.name = f"{server}/t{uuid4().hex[:8]}"
        self.other = f"{self.name}_other"

    def engine(self, name: str = "") -> SearchEngine:
        return served.connect(name or self.name, "", HashEncoder(), None)["passages"]


@pytest.fixture(params=["memory", *SERVERS])
def library(
    request: pytest.FixtureRequest, addresses: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Library]:
    """An empty library in the memory of this process, and on each server in turn."""
    if request.param == "memory":
        known: dict[str, FaissEngine] = {}

        def connect(address: str, *_: object) -> dict[str, SearchEngine]:
            return {"passages": known.setdefault(address, FaissEngine(HashEncoder().dimension))}

        monkeypatch.setattr(served, "connect", connect)
        yield Library("http://memory:19530")
        return
    made = Library(addresses(request.param))
    yield made
    for name in (made.name, made.other):
        engine = made.engine(name)
        engine.drop()  # type: ignore[attr-defined]
        engine.close()


@pytest.fixture
def enter(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a home in force, with or without a server."""

    def go(place: Place, address: str = "") -> None:
        monkeypatch.setenv("ASKJAPAN_HOME", str(place.home))
        monkeypatch.setenv("ASKJAPAN_INDEX", address)

    return go


@pytest.fixture
def first(place: Place, library: Library, enter: Callable[..., None], askjapan: Askjapan) -> Place:
    """A home whose entries are on the server."""
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    enter(place, library.name)
    assert askjapan("index").code == 0
    return place


@pytest.fixture
def second(tmp_path: Path, first: Place, enter: Callable[..., None], askjapan: Askjapan) -> Place:
    """Another home, with an index in its folder."""
    made = make_place(tmp_path / "second")
    (made.works / "tea.txt").write_text(TEA, encoding="utf-8")
    enter(made)
    assert askjapan("index").code == 0
    return made


def refuse(*_: object, **__: object) -> None:
    raise AssertionError("something was embedded")


def told(ran: Ran, *homes: Place) -> None:
    """The command failed and named the home whose entries they are, then this one."""
    assert ran.code == 1
    assert "has the entries of another home: " in ran.err
    places = [ran.err.index(f"{home.index} on ") for home in homes]
    assert places == sorted(places)
    assert ran.err.endswith(REMEDY)


def test_the_second_home_is_told_and_the_first_loses_nothing(
    library: Library,
    first: Place,
    second: Place,
    enter: Callable[..., None],
    askjapan: Askjapan,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = sorted(library.engine().ids())
    enter(second, library.name)
    (second.works / "more.txt").write_text(LANTERNS.replace("Hoshino", "Kaede"), encoding="utf-8")
    with monkeypatch.context() as inside:
        inside.setattr(MiniLM, "encode", refuse)
        told(askjapan("index"), first, second)
        told(askjapan("ask", ASKED), first)
        told(askjapan("move", "folder"), first)
        enter(second)
        told(askjapan("move", library.name), first, second)
    assert sorted(library.engine().ids()) == before
    enter(first, library.name)
    assert Assistant.open().ask(ASKED).answered
    # It is the same home after a build.
    known = home_id(first.index)
    (first.works / "tea.txt").write_text(TEA, encoding="utf-8")
    assert askjapan("index").code == 0
    assert home_id(first.index) == known != home_id(second.index)
    assert json.loads(library.engine().holder())["id"] == known
    assert library.engine().count() == len(open_index(first.index).passages)


def test_with_a_name_of_its_own_each_has_its_entries(
    library: Library, first: Place, second: Place, enter: Callable[..., None], askjapan: Askjapan
) -> None:
    enter(second)
    assert askjapan("move", library.other).code == 0
    for home, name in ((first, library.name), (second, library.other)):
        enter(home, name)
        assert askjapan("index").code == 0
        assert {document.id for document in Assistant.open().documents} >= {
            "aoba-tea-note" if home is first else "hoshino-lanterns-note"
        }
        assert library.engine(name).count() == len(open_index(home.index).passages)


def test_entries_are_taken_over_on_purpose(
    library: Library, first: Place, second: Place, enter: Callable[..., None], askjapan: Askjapan
) -> None:
    enter(second)
    assert askjapan("move", library.name, "--take-over").code == 0
    assert library.engine().count() == len(open_index(second.index).passages)
    enter(first, library.name)
    told(askjapan("ask", ASKED), second)
    told(askjapan("index"), second, first)
    assert askjapan("move", library.name, "--take-over").code == 0
    assert Assistant.open().ask(ASKED).answered


def test_a_copy_of_a_home_may_ask_but_not_build(
    library: Library, first: Place, tmp_path: Path, enter: Callable[..., None], askjapan: Askjapan
) -> None:
    copy = Place(tmp_path / "copy")
    shutil.copytree(first.home, copy.home)
    enter(copy, library.name)
    assert Assistant.open().ask(ASKED).answered
    before = sorted(library.engine().ids())
    (copy.works / "tea.txt").write_text(TEA, encoding="utf-8")
    told(askjapan("index"), first, copy)
    assert sorted(library.engine().ids()) == before
    # A folder that was moved is the same home.
    shutil.rmtree(first.home)
    assert askjapan("index").code == 0
    assert json.loads(library.engine().holder())["folder"] == str(copy.index)


def test_entries_of_an_earlier_version_are_those_of_the_home_that_knows_them(
    library: Library, first: Place, second: Place, enter: Callable[..., None], askjapan: Askjapan
) -> None:
    engine = library.engine()
    engine.hold("")
    (first.index / "HOME").unlink()
    before = sorted(engine.ids())
    enter(second, library.name)
    ran = askjapan("index")
    assert ran.code == 1
    assert "entries that this home does not know, and no home is noted for them. " in ran.err
    assert ran.err.endswith(REMEDY)
    assert (sorted(engine.ids()), engine.holder()) == (before, "")
    enter(first, library.name)
    (first.works / "tea.txt").write_text(TEA, encoding="utf-8")
    assert askjapan("index").code == 0
    assert json.loads(engine.holder())["id"] == home_id(first.index)


def test_a_home_without_its_id_is_told_and_mended(
    library: Library, first: Place, enter: Callable[..., None], askjapan: Askjapan
) -> None:
    (first.index / "HOME").unlink()
    told(askjapan("ask", ASKED), first)
    enter(first)
    assert askjapan("move", library.name, "--take-over").code == 0
    enter(first, library.name)
    assert Assistant.open().ask(ASKED).answered
    (first.index / "HOME").write_text("?", encoding="utf-8")
    with pytest.raises(IndexDamaged, match=r"HOME holds no id of a home\. Delete it\."):
        Assistant.open()


def test_a_note_that_cannot_be_read_is_no_leave(library: Library, first: Place, askjapan: Askjapan) -> None:
    engine = library.engine()
    for noted in ("[]", "{", '{"id": "x"}'):
        engine.hold(noted)
        with pytest.raises(IndexTaken, match="does not say which home its entries are of"):
            Assistant.open()
        assert askjapan("index").code == 1
        assert engine.holder() == noted
    assert askjapan("move", library.name, "--take-over").code == 0


def test_a_home_that_comes_in_between_loses_nothing(library: Library, first: Place) -> None:
    """Whoever is noted when the old entries are to be taken out keeps them."""
    index, engine = open_index(first.index), library.engine()
    before = sorted(engine.ids())
    rows = np.zeros((len(before), HashEncoder().dimension), dtype=np.float32)
    other = json.dumps({"id": "0" * 32, "folder": "/elsewhere", "machine": "b"})
    with (
        pytest.raises(IndexTaken, match=r"the entries of another home: /elsewhere on b \(id 00000000\)"),
        served.put_in({"passages": engine}, list(index.passages)[:1], lambda _, some: rows[some], {"passages": "0"}, first.index),
    ):
        engine.hold(other)
    assert set(engine.ids()) > set(before)
