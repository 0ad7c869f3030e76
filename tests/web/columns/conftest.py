"""A library, the assistant over it, and a chat."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from askjapan.web.columns.chat import Chat
from askjapan.web.conversations.store import ConversationStore
from askjapan.web.shared.service import AssistantService
from tests.support.places import Place
from tests.support.web_places import (
    make_library,
    make_service,
    served,
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return make_library(tmp_path_factory.mktemp("library") / "home", pdf=True)


@pytest.fixture(scope="module")
def service(library: Place) -> AssistantService:
    return make_service(library)


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "conversations.sqlite3")


@pytest.fixture
def chat(service: AssistantService, store: ConversationStore) -> Chat:
    return Chat(service, store, pause=0)


@pytest.fixture(scope="module")
def address(library: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(library, tmp_path_factory.mktemp("kept") / "conversations.sqlite3") as url:
        yield url
