"""The Python door, pinned: names, signatures, fields. A change here is a change that users feel."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Sequence
from dataclasses import FrozenInstanceError, fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

import askjapan
from askjapan import records
from askjapan.assistant import Assistant
from askjapan.errors import AskJapanError, IndexMissing, IndexStale, QuestionError
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, Place

QUESTION = "In which year did the town of Hoshino sign a letter of friendship with the Danish port of Vesterby?"


def test_the_names() -> None:
    assert askjapan.__all__ == [
        "Answer", "AskJapanError", "Assistant", "Citation", "Document", "DraftCheck", "Hit", "Matrix", "Mentions", "Passage",
        "ask", "build_index", "check", "matrix", "mentions", "retrieve",
    ]  # fmt: skip
    for name in askjapan.__all__:
        assert getattr(askjapan, name) is not None
    assert set(dir(askjapan)) == {*askjapan.__all__, "__version__"}
    with pytest.raises(AttributeError, match="module 'askjapan' has no attribute 'Index'"):
        askjapan.Index  # noqa: B018
    assert re.fullmatch(r"\d+\.\d+\.\d+", askjapan.__version__)


def test_the_version_is_that_of_the_package() -> None:
    pyproject = Path(__file__).resolve().parents[1] / "pyproject.toml"
    assert f'version = "{askjapan.__version__}"' in pyproject.read_text(encoding="utf-8")


def parameters(function: Any) -> dict[str, Any]:
    found = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in found if p.name not in ("self", "cls")}


REQUIRED = inspect.Parameter.empty


@pytest.mark.parametrize(
    ("function", "pinned"),
    [
        (Assistant.retrieve, {"question": REQUIRED, "k": 5, "history": (), "themes": None, "documents": None}),
        (Assistant.ask, {"question": REQUIRED, "history": ()}),
        (Assistant.open, {"index_dir": None}),
        (askjapan.retrieve, {"question": REQUIRED, "k": 5}),
        (askjapan.ask, {"question": REQUIRED}),
        (askjapan.build_index, {"corpus": None, "index": None}),
        (askjapan.mentions, {"term": REQUIRED, "themes": None, "documents": None}),
        (askjapan.matrix, {"questions": REQUIRED, "themes": None, "documents": None}),
        (askjapan.check, {"draft": REQUIRED, "themes": None, "documents": None}),
    ],
    ids=[
        "Assistant.retrieve",
        "Assistant.ask",
        "Assistant.open",
        "retrieve",
        "ask",
        "build_index",
        "mentions",
        "matrix",
        "check",
    ],
)
def test_signatures(function: Any, pinned: dict[str, Any]) -> None:
    found = parameters(function)
    assert dict(list(found.items())[: len(pinned)]) == pinned
    # More may come after, never without a default.
    assert [name for name, default in list(found.items())[len(pinned) :] if default is REQUIRED] == []
    kinds = [parameter.kind for parameter in inspect.signature(function).parameters.values()]
    assert inspect.Parameter.POSITIONAL_ONLY not in kinds


def test_what_is_returned() -> None:
    assert get_type_hints(askjapan.ask)["return"] is records.Answer
    assert get_type_hints(askjapan.retrieve)["return"] == list[records.Hit]
    assert get_type_hints(Assistant.ask)["return"] is records.Answer
    assert get_type_hints(Assistant.retrieve)["return"] == list[records.Hit]
    assert inspect.ismethod(Assistant.open)


@pytest.mark.parametrize(
    ("record", "pinned"),
    [
        ("Hit", {"passage", "document", "score", "rank", "signals"}),
        ("Passage", {"text", "section", "page", "start", "end", "kind"}),
        ("Document", {"id", "title", "path", "sha256", "kind", "themes"}),
        (
            "Answer",
            {"answered", "reason", "confidence", "sentences", "hits", "standalone_question", "index_fingerprint"},
        ),
        ("Sentence", {"text", "kind", "citations"}),
        (
            "Citation",
            {"marker", "document_id", "document_sha256", "title", "page", "page_label", "section", "start", "end", "quote"},
        ),
    ],
)
def test_records(record: str, pinned: set[str]) -> None:
    made = getattr(records, record)
    assert is_dataclass(made)
    assert pinned <= {field.name for field in fields(made)}
    assert made.__dataclass_params__.frozen


def test_the_kinds() -> None:
    assert get_args(records.SentenceKind) == ("quote", "framing", "heading", "generated", "companion")
    assert get_args(records.DocumentKind) == ("full text", "study note")
    assert get_args(records.PassageKind) == ("prose", "list", "table", "footnote", "reference")


# What it does


@pytest.fixture
def assistant(small_index: Place, fake_model: None) -> Assistant:
    return Assistant.open(small_index.index)


def test_retrieve(assistant: Assistant) -> None:
    hits = assistant.retrieve(QUESTION, k=3)
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    best = hits[0]
    assert best.document.id == "hoshino-lanterns"
    assert "signed a letter of friendship" in best.passage.text
    assert LANTERNS[best.passage.start : best.passage.end].split()[0] == best.passage.text.split()[0]
    assert best.signals
    assert all(isinstance(value, float) for value in best.signals.values())
    with pytest.raises(FrozenInstanceError):
        best.rank = 2  # type: ignore[misc]


@pytest.mark.parametrize("k", [1, 2, 100])
def test_k(k: int, assistant: Assistant) -> None:
    assert len(assistant.retrieve(QUESTION, k)) == min(k, len(assistant.index.passages))


def test_filters(assistant: Assistant) -> None:
    assert {hit.document.id for hit in assistant.retrieve(QUESTION, 100, themes=["migration"])} == {"aoba-tea-note"}
    assert {hit.document.id for hit in assistant.retrieve(QUESTION, 100, documents=["hoshino-lanterns"])} == {"hoshino-lanterns"}
    answer = assistant.ask(QUESTION, themes=["migration"])
    assert {citation.document_id for citation in answer.citations} <= {"aoba-tea-note"}


@pytest.mark.parametrize(
    "arguments",
    [
        {"question": ""},
        {"question": "  \n"},
        {"question": QUESTION, "k": 0},
        {"question": QUESTION, "k": -1},
        {"question": QUESTION, "themes": ["cooking"]},
        {"question": QUESTION, "documents": ["nobody"]},
        {"question": QUESTION, "themes": ["migration"], "documents": ["hoshino-lanterns"]},
        {"question": "why? " * 100_000},
    ],
    ids=["empty", "blank", "k is 0", "k is negative", "theme", "document", "nothing passes", "too long"],
)
def test_questions_that_cannot_be_used(arguments: dict[str, Any], assistant: Assistant) -> None:
    with pytest.raises(QuestionError) as caught:
        assistant.retrieve(**arguments)
    assert isinstance(caught.value, AskJapanError)
    assert caught.value.remedy


def test_an_answer_is_made_of_quotes_that_stand_in_the_text(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    assert 0 <= answer.confidence <= 1
    assert answer.reason or answer.answered
    assert answer.index_fingerprint == assistant.index.manifest.fingerprint
    assert answer.standalone_question
    for sentence in answer.sentences:
        assert sentence.kind in get_args(records.SentenceKind)
        assert bool(sentence.citations) == (sentence.kind != "framing")
    for citation in answer.citations:
        text = assistant.text(citation.document_id)
        assert text[citation.start : citation.end].split() == citation.quote.split()
        assert citation.document_sha256 == assistant.index.documents[citation.document_id].sha256


def test_to_dict_is_json_and_whole(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    data = json.loads(json.dumps(answer.to_dict()))
    assert data["format"] == "askjapan answer 1"
    # Without a writer, and for what needs no saying, the JSON is what it was before there were these.
    assert {field.name for field in fields(records.Answer)} - {"written", "saying"} == set(data) - {"format"}
    from askjapan.citations.answer_files import answer_of

    assert answer_of(data) == answer


def test_answers_do_not_depend_on_what_was_asked_before(assistant: Assistant) -> None:
    first = assistant.ask(QUESTION)
    assistant.ask("How many pickers came from Nepal?", themes=["migration"])
    assistant.retrieve("lanterns", k=1)
    assert assistant.ask(QUESTION) == first


# The functions for one call


def test_build_retrieve_and_ask(place: Place, fake_model: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(IndexMissing):
        askjapan.retrieve(QUESTION)
    report = askjapan.build_index()
    assert [document.id for document in report.documents] == ["hoshino-lanterns-note", "aoba-tea-note"]
    assert askjapan.retrieve("tea cooperative of Aoba", k=1)[0].document.id == "aoba-tea-note"
    assert askjapan.ask(QUESTION).index_fingerprint == report.fingerprint
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    # A rebuilt index is opened at the next call.
    again = askjapan.build_index()
    assert again.fingerprint != report.fingerprint
    assert askjapan.ask(QUESTION).index_fingerprint == again.fingerprint
    assert askjapan.retrieve(QUESTION, k=1)[0].document.kind == "full text"


@pytest.mark.parametrize(
    "form", [str, Path, lambda path: [path], lambda path: (str(path),)], ids=["str", "Path", "list", "tuple"]
)
def test_build_index_takes_a_folder_or_several(form: Any, place: Place, fake_model: None) -> None:
    report = askjapan.build_index(form(place.notes), str(place.home / "other"))
    assert len(report.documents) == 2
    assert Assistant.open(place.home / "other").documents == report.documents


def test_build_index_of_no_folder_is_an_error(place: Place, fake_model: None) -> None:
    with pytest.raises(AskJapanError, match="There is nothing to index"):
        askjapan.build_index([])


def test_build_index_tells_its_progress(place: Place) -> None:
    stages: list[str] = []

    def told(stage: str, done: int, total: int) -> None:
        stages.append(stage)

    askjapan.build_index(progress=told, encoder=HashEncoder())  # type: ignore[call-arg]
    assert list(dict.fromkeys(stages)) == ["reading", "embedding"]


def test_an_index_of_another_encoder_is_not_opened(small_index: Place) -> None:
    class Other(HashEncoder):
        sha256 = "1" * 64
        name = "other"

        def encode(self, texts: Sequence[str], progress: Any = None) -> Any:
            raise AssertionError

    with pytest.raises(IndexStale) as caught:
        Assistant.open(small_index.index, encoder=Other())
    assert str(caught.value) == (
        f"The index in {small_index.index} does not fit the settings. It was built with the encoder hash-encoder, "
        "the settings say other. Build it with `askjapan index`."
    )
