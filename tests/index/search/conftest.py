"""One server of each kind a session, and engines on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any

import pytest

from askjapan.index.search.engine import SearchEngine
from askjapan.index.search.faiss_engine import FaissEngine
from tests.support.search_servers import SERVERS, server

DIMENSION = 32
_NUMBERS = count()


@pytest.fixture(scope="session")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """The address of the server of a kind; it is started when it is first asked for."""
    started: dict[str, str] = {}
    with ExitStack() as running:

        def address(kind: str) -> str:
            if kind not in started:
                started[kind] = running.enter_context(server(kind, tmp_path_factory.mktemp(kind)))
            return started[kind]

        yield address


@pytest.fixture(scope="session", params=SERVERS)
def address(request: pytest.FixtureRequest, addresses: Callable[[str], str]) -> str:
    """The address of each server in turn."""
    return addresses(request.param)


@pytest.fixture(scope="session")
def engines(addresses: Callable[[str], str]) -> Iterator[Callable[[str], SearchEngine]]:
    """Makes an empty engine of a kind; what it holds is taken away at the end."""
    made: list[Any] = []

    def engine(kind: str) -> SearchEngine:
        if kind == "faiss":
            return FaissEngine(DIMENSION)
        place = addresses(kind)
        from askjapan.index.search.milvus_engine import MilvusEngine

        made.append(MilvusEngine(place, f"test_{next(_NUMBERS)}", DIMENSION))
        return made[-1]

    yield engine
    for one in made:
        one.drop()
        one.close()
