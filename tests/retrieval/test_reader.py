"""The reader: which pieces a stretch has, that the order of a batch means nothing, and that a changed model is not run."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import askjapan.retrieval.readers.reader as reader_module
from askjapan.errors import ModelChanged, ModelMissing
from askjapan.retrieval.readers.reader import (
    ENGLISH,
    JAPANESE,
    QUESTION_PIECES,
    TEXT_PIECES,
    OnnxReader,
    Reading,
    reader,
    reader_of_japanese,
)


def reading(*spans: tuple[int, int]) -> Reading:
    none = np.zeros(len(spans), dtype=np.float32)
    starts, ends = (np.array([span[side] for span in spans], dtype=np.int32) for side in (0, 1))
    return Reading(0.0, 0.0, 0.0, none, none, none, starts, ends)


# "Port. Ships came in." in pieces
PIECES = reading((0, 4), (4, 5), (6, 11), (12, 16), (17, 19), (19, 20))


@pytest.mark.parametrize(
    ("stretch", "pieces"),
    [
        ((0, 5), (0, 2)),
        ((6, 20), (2, 6)),
        ((6, 11), (2, 3)),
        ((5, 6), (2, 2)),
        ((13, 18), (3, 5)),
        ((0, 20), (0, 6)),
        ((20, 30), (6, 6)),
    ],
)
def test_pieces_of_a_stretch(stretch, pieces):
    found = PIECES.pieces_of(*stretch)
    assert (found.start, found.stop) == pieces


class Pieces:
    """A piece a word; its id is the word's length."""

    def pieces(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        words = list(re.finditer(r"\S+", text))
        return [len(word.group()) for word in words], [word.span() for word in words]


class Session:
    """Answers with the ids that it was given, and remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[dict[str, Any]] = []

    def run(self, given: dict[str, Any], outputs: object) -> tuple[Any, Any]:
        self.given.append(given)
        ids, mask = given["input_ids"], given["attention_mask"]
        total = (ids * mask).sum(axis=1)
        pair = np.stack([total, -total], axis=1).astype(np.float32)
        piece = np.stack([ids, 10 * ids, 100 * ids], axis=2).astype(np.float32)
        return pair, piece


@pytest.fixture
def stub() -> tuple[OnnxReader, Session]:
    made, session = OnnxReader(pieces=Pieces()), Session()
    made.__dict__["_model"] = session
    return made, session


def test_question_and_text_stand_together_in_one_row(stub):
    made, session = stub
    (found,) = made.read("Why so", ["Ships came in"])
    (given,) = session.given
    assert given["input_ids"].tolist() == [[101, 3, 2, 102, 5, 4, 2, 102]]
    assert given["attention_mask"].tolist() == [[1] * 8]
    assert given["token_type_ids"].tolist() == [[0, 0, 0, 0, 1, 1, 1, 1]]
    assert (found.rank, found.answers, found.nowhere) == (321.0, -321.0, 101.0 + 1010.0)
    assert (found.first.tolist(), found.last.tolist(), found.evidence.tolist()) == ([5, 4, 2], [50, 40, 20], [500, 400, 200])
    assert (found.starts.tolist(), found.ends.tolist()) == ([0, 6, 11], [5, 10, 13])


def test_another_model_has_its_own_signs():
    made, session = OnnxReader(JAPANESE, Pieces()), Session()
    made.__dict__["_model"] = session
    made.read("Why so", ["Ships came in"])
    assert session.given[0]["input_ids"].tolist() == [[0, 3, 2, 2, 5, 4, 2, 2]]
    assert session.given[0]["token_type_ids"].tolist() == [[0, 0, 0, 0, 1, 1, 1, 1]]


def test_the_order_of_the_texts_means_nothing(stub):
    made, session = stub
    texts = [" ".join(["x" * (number % 3 + 1)] * (number * 7 % 19 + 1)) for number in range(19)]
    found = made.read("Why so", texts)
    assert len(session.given) == 19
    assert [len(one.evidence) for one in found] == [len(text.split()) for text in texts]
    for text, one, back in zip(texts, found, reversed(made.read("Why so", texts[::-1])), strict=True):
        (alone,) = made.read("Why so", [text])
        for other in (back, alone):
            assert (one.rank, one.answers, one.nowhere) == (other.rank, other.answers, other.nowhere)
            assert one.evidence.tolist() == other.evidence.tolist()
            assert one.starts.tolist() == other.starts.tolist()


def test_each_text_is_read_without_the_others(stub):
    """The scale of int8 activations is that of all that is read at once: a text beside it would change a reading."""
    made, session = stub
    made.read("Why", ["a", "bb cc"])
    given = sorted((one["input_ids"].tolist(), one["attention_mask"].tolist()) for one in session.given)
    assert given == [([[101, 3, 102, 1, 102]], [[1] * 5]), ([[101, 3, 102, 2, 2, 102]], [[1] * 6])]


def test_long_questions_and_texts_are_read_as_far_as_the_model_goes(stub):
    made, session = stub
    (found,) = made.read("why " * 100, ["ship " * 1000])
    assert session.given[0]["input_ids"].shape == (1, QUESTION_PIECES + TEXT_PIECES + 3)
    assert len(found.evidence) == len(found.starts) == TEXT_PIECES
    cut = 5 * TEXT_PIECES
    assert found.pieces_of(cut, cut + 4) == slice(TEXT_PIECES, TEXT_PIECES)


def test_nothing_to_read(stub):
    made, session = stub
    assert made.read("Why", []) == []
    assert session.given == []


def test_a_text_without_pieces(stub):
    (found,) = stub[0].read("Why", [" "])
    assert found.evidence.shape == found.starts.shape == (0,)


def test_a_model_file_that_is_not_the_pinned_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "retrieval" / "data"
    place.mkdir(parents=True)
    (place / "reader.onnx").write_bytes(b"another model")
    monkeypatch.setattr(reader_module, "files", lambda package: tmp_path)
    with pytest.raises(ModelChanged) as caught:
        OnnxReader(pieces=Pieces()).read("Why", ["Ships"])
    found, pinned = hashlib.sha256(b"another model").hexdigest()[:12], ENGLISH.model[:12]
    assert str(caught.value).startswith(f"The reader's file reader.onnx has SHA-256 {found}…, expected {pinned}….")
    (place / "reader.onnx").unlink()
    with pytest.raises(ModelMissing) as missing:
        OnnxReader(pieces=Pieces()).read("Why", ["Ships"])
    assert str(missing.value) == "The reader's file reader.onnx is missing from the package. Install askjapan again."


TEXT = (
    "The harbour of Asahi was dug by hand. Its lighthouse received a second lamp in 1931. "
    "The fishermen sell their catch at the market on Mondays."
)


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When did the lighthouse receive its second lamp?", 1),
        ("On which day do the fishermen sell their catch?", 2),
    ],
)
def test_of_three_sentences_the_one_with_the_fact_has_the_highest_evidence(question, sentence):
    (found,) = reader().read(question, [TEXT])
    ends = [match.end() for match in re.finditer(r"\.", TEXT)]
    spans = list(zip([0, *(end + 1 for end in ends[:-1])], ends, strict=True))
    evidence = [float(found.evidence[found.pieces_of(*span)].mean()) for span in spans]
    assert int(np.argmax(evidence)) == sentence


@pytest.mark.model
def test_a_reading_is_the_same_whatever_is_read_beside_it():
    question, others = "When did the lighthouse receive its second lamp?", ["Tea was picked by hand.", "Ships! " * 90]
    (alone,), (beside, *_) = reader().read(question, [TEXT]), reader().read(question, [TEXT, *others])
    assert (alone.rank, alone.answers, alone.evidence.tolist()) == (beside.rank, beside.answers, beside.evidence.tolist())


@pytest.mark.model
def test_the_text_that_answers_ranks_before_one_about_something_else():
    question = "When did the lighthouse receive its second lamp?"
    right, wrong = reader().read(question, [TEXT, "Tea was picked by hand on the hills of Aoba until the machines came."])
    assert right.rank > wrong.rank
    assert right.answers > wrong.answers
    assert reader() is reader()
    # Each piece says which characters it stands for.
    assert TEXT[right.starts[0] : right.ends[0]] == "The"
    assert "".join(TEXT[a:b] for a, b in zip(right.starts, right.ends, strict=True)) == TEXT.replace(" ", "")


@pytest.mark.parametrize(("name", "products"), [("reader.onnx", 39), ("japanese.onnx", 51)])
def test_every_processor_reads_alike(name, products):
    # Products with signed weights are cut off at 16 bits where a processor has no instructions for them.
    onnx = pytest.importorskip("onnx")
    model = onnx.load(Path(reader_module.__file__).parents[1] / "data" / name)
    kinds = {part.name: part.data_type for part in model.graph.initializer}
    weights = [kinds[node.input[1]] for node in model.graph.node if node.op_type == "MatMulInteger"]
    assert weights == [onnx.TensorProto.UINT8] * products


TEXT_JA = "朝日港は人の手で掘られた。灯台は1931年に二つ目の灯を得た。漁師は月曜日に市場で魚を売る。"


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("灯台が二つ目の灯を得たのはいつか。", 1),
        ("漁師が魚を売るのは何曜日か。", 2),
        ("In which year did the lighthouse receive its second lamp?", 1),
    ],
)
def test_the_reader_of_japanese_finds_the_sentence_in_either_language(question, sentence):
    (found,) = reader_of_japanese().read(question, [TEXT_JA])
    spans = [match.span() for match in re.finditer(r"[^。]+。", TEXT_JA)]
    evidence = [float(found.evidence[found.pieces_of(*span)].mean()) for span in spans]
    assert int(np.argmax(evidence)) == sentence


@pytest.mark.model
def test_the_reader_of_japanese_knows_a_text_about_something_else():
    right, wrong = reader_of_japanese().read(
        "灯台が二つ目の灯を得たのはいつか。", [TEXT_JA, "青葉の丘では機械が来るまで茶を手で摘んだ。"]
    )
    assert right.rank > wrong.rank
    assert right.answers > wrong.answers
    assert reader_of_japanese() is reader_of_japanese()
