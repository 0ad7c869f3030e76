"""Question → ranked passages, over a small corpus in two languages: who reads what, what filters leave, what follow-ups ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import askjapan.retrieval.retriever as retriever_module
from askjapan.errors import QuestionError
from askjapan.index.storage.store import Index
from askjapan.records import Hit
from askjapan.retrieval import candidate_search
from askjapan.retrieval.follow_up import Standalone, stand_alone
from askjapan.retrieval.readers.reader import Reading
from askjapan.retrieval.retriever import Retriever
from tests.support.bilingual import ConceptEncoder, bilingual_index
from tests.support.fakes import HashEncoder, WordReader

LAMP = "When did the lighthouse of Asahi receive its second lamp?"
LAMP_JA = "朝日港の灯台が二つ目の灯を得たのはいつですか。"
TEACHERS_JA = "学校を開いた教師は何人ですか。"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return bilingual_index(tmp_path_factory.mktemp("bilingual"))


@pytest.fixture
def reader() -> WordReader:
    return WordReader()


@pytest.fixture
def retriever(index: Index, reader: WordReader) -> Retriever:
    return Retriever(index, HashEncoder(), ConceptEncoder(), reader)


def asked(message: str, *history: str) -> Standalone:
    return stand_alone(message, history)


def openings(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.text.split("。")[0].split(".")[0] for hit in hits]


LAMP_EN_FIRST = "The lighthouse of Asahi harbour received its second lamp in 1931"
LAMP_JA_FIRST = "朝日港の灯台は1931年に二つ目の灯を得た"
SCHOOL = "The school of Asahi was opened in 1975 by three teachers from the north"
PICKERS = "青葉の茶の組合は2012年にネパールの摘み手を迎えた"
MARKET = "The fish market opens before dawn in winter"


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [(LAMP, LAMP_EN_FIRST, LAMP_JA_FIRST), (LAMP_JA, LAMP_JA_FIRST, LAMP_EN_FIRST)],
    ids=["English", "Japanese"],
)
def test_where_both_languages_say_it_the_language_of_the_question_is_first(question, first, second, retriever):
    hits = retriever.retrieve(asked(question), 2)
    assert openings(hits) == [first, second]
    assert [hit.rank for hit in hits] == [1, 2]
    assert hits[0].score > hits[1].score


@pytest.mark.parametrize(
    ("question", "first"),
    [("Who came from Nepal to pick tea?", PICKERS), (TEACHERS_JA, SCHOOL), ("When is the festival?", "市場の祭では魚を売る")],
)
def test_what_one_language_alone_says_is_found_from_the_other(question, first, retriever):
    assert openings(retriever.retrieve(asked(question), 1)) == [first]


# What is read


def test_the_reader_reads_the_question_with_the_english_windows(retriever, reader):
    retriever.retrieve(asked(LAMP), 1)
    ((question, texts),) = reader.asked
    assert question == LAMP
    assert sorted(text.split(".")[0] for text in texts) == ["The lighthouse", "The market", "The school"]


def test_a_japanese_question_is_read_as_its_gloss(retriever, reader):
    retriever.retrieve(asked(TEACHERS_JA), 1)
    ((question, texts),) = reader.asked
    assert question == "school open teacher how many people"
    assert all(text.isascii() for text in texts)


def test_a_question_without_a_gloss_is_not_read(retriever, reader):
    hits = retriever.retrieve(asked(LAMP_JA), 6)
    assert reader.asked == []
    assert {name for hit in hits for name in hit.signals} == {"multilingual", "lexical"}


class Reversing(WordReader):
    """Says that texts answer the worse, the earlier they come."""

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        super().read(question, texts)
        none = np.zeros(0, dtype=np.float32)
        places = np.zeros(0, dtype=np.int32)
        return [Reading(0.0, float(rank), 0.0, none, none, none, places, places) for rank in range(len(texts))]


MORE = "".join(f"\n## Pier {number}\n\nPier {number} of Asahi has {number} cranes and a clock.\n" for number in range(1, 13))


@pytest.fixture(scope="module")
def piers(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The same with twelve sections more."""
    return bilingual_index(tmp_path_factory.mktemp("piers"), multilingual=False, more=MORE)


@pytest.mark.parametrize("weight", [1.0, 1000.0])
def test_what_was_not_read_stays_behind_what_was(piers: Index, weight: float, monkeypatch: pytest.MonkeyPatch) -> None:
    question = asked("Which piers of Asahi have a clock?")
    monkeypatch.setattr(retriever_module, "READ", 0)
    monkeypatch.setattr(retriever_module, "READ_OF_BOTH", 0)
    fused = [hit.passage for hit in Retriever(piers, HashEncoder(), None, Reversing()).retrieve(question, 100)]
    monkeypatch.setattr(retriever_module, "READ", 4)
    monkeypatch.setattr(retriever_module, "READ_OF_BOTH", 4)
    monkeypatch.setattr(retriever_module, "ANSWERS_WEIGHT", weight)
    monkeypatch.setattr(retriever_module, "RANK_WEIGHT", 0.0)
    monkeypatch.setattr(retriever_module, "TOGETHER_WEIGHT", 0.0)
    reader = Reversing()
    hits = Retriever(piers, HashEncoder(), None, reader).retrieve(question, 100)
    assert len(reader.asked[0][1]) == 4
    assert {hit.passage for hit in hits[:4]} == set(fused[:4])
    assert [hit.passage for hit in hits[4:]] == fused[4:]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    if weight > 1:
        assert [hit.passage for hit in hits[:4]] == fused[3::-1]
    assert {hit.signals["reader"] for hit in hits[4:]} == {0.0}
    # Four logits, 0 to 3, as distances from their mean in standard deviations.
    assert sorted(hit.signals["reader"] for hit in hits[:4]) == pytest.approx([-1.3416, -0.4472, 0.4472, 1.3416])


def test_one_text_alone_has_nothing_to_be_compared_with(retriever, reader, monkeypatch):
    monkeypatch.setattr(retriever_module, "READ", 1)
    monkeypatch.setattr(retriever_module, "READ_OF_BOTH", 1)
    hits = retriever.retrieve(asked(LAMP), 3)
    assert len(reader.asked) == 1
    assert all(hit.signals["reader"] == hit.signals["reader's rank"] == hit.signals["words together"] == 0.0 for hit in hits)


class Ranking(WordReader):
    """Says that all texts answer equally, and ranks the one about the seventh pier first."""

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        usual = super().read(question, texts)
        return [replace(each, rank=5.0 * ("Pier 7 " in text), answers=1.0) for each, text in zip(usual, texts, strict=True)]


def test_what_was_read_is_ordered_by_the_readers_rank_too(piers: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retriever_module, "READ", 6)
    monkeypatch.setattr(retriever_module, "READ_OF_BOTH", 6)
    monkeypatch.setattr(retriever_module, "ALIGNED", 3)
    monkeypatch.setattr(retriever_module, "RANK_WEIGHT", 1000.0)
    hits = Retriever(piers, HashEncoder(), None, Ranking()).retrieve(asked("Which pier has 7 cranes?"), 100)
    assert openings(hits)[0] == "Pier 7 of Asahi has 7 cranes and a clock"
    # One of six stands out: the others share the distance.
    assert [hit.signals["reader's rank"] for hit in hits[:7]] == pytest.approx([2.2361, *[-0.4472] * 5, 0.0])
    assert {hit.signals["reader"] for hit in hits} == {0.0}


def test_of_what_was_read_the_best_are_compared_word_by_word(piers: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    question = asked("Which pier has 7 cranes?")
    monkeypatch.setattr(retriever_module, "READ", 6)
    monkeypatch.setattr(retriever_module, "READ_OF_BOTH", 6)
    monkeypatch.setattr(retriever_module, "ALIGNED", 3)
    monkeypatch.setattr(retriever_module, "ANSWERS_WEIGHT", 0.0)
    monkeypatch.setattr(retriever_module, "RANK_WEIGHT", 0.0)
    monkeypatch.setattr(retriever_module, "TOGETHER_WEIGHT", 1000.0)
    searcher = Retriever(piers, HashEncoder(), None, WordReader())
    hits = searcher.retrieve(question, 100)
    together = [hit.signals["words together"] for hit in hits]
    assert together[0] == max(together) > together[1] >= together[2]
    assert set(together[3:]) == {0.0}
    assert openings(hits)[0] == "Pier 7 of Asahi has 7 cranes and a clock"
    assert [read.alignment is not None for read in searcher.evidence(question, 5).read] == [True, True, True, False, False]


def test_only_the_best_of_each_search_are_candidates(piers: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidate_search, "CANDIDATES", 3)
    hits = Retriever(piers, HashEncoder(), None, WordReader()).retrieve(asked("Which pier has 7 cranes?"), 100)
    # Three by vectors and three by words in each language.
    assert 3 <= len(hits) <= 12
    assert openings(hits)[0] == "Pier 7 of Asahi has 7 cranes and a clock"


# Filters


@pytest.mark.parametrize("k", [1, 2, 3, 100])
@pytest.mark.parametrize("question", [LAMP, LAMP_JA])
@pytest.mark.parametrize("theme", ["harbours", "tea"])
def test_filters_give_as_many_as_there_are(theme, question, k, retriever):
    hits = retriever.retrieve(asked(question), k, themes=[theme])
    assert len(hits) == min(k, 3)
    assert {hit.document.themes for hit in hits} == {(theme,)}
    by_id = retriever.retrieve(asked(question), k, documents=[hits[0].document.id])
    assert [(hit.passage, hit.score) for hit in by_id] == [(hit.passage, hit.score) for hit in hits]


@pytest.mark.parametrize("k", [1, 5, 6, 100])
def test_without_filters_all_are_ranked(k, retriever):
    assert len(retriever.retrieve(asked(LAMP), k)) == min(k, 6)


def test_a_filter_finds_among_many_what_a_search_of_all_would_not(piers: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidate_search, "CANDIDATES", 2)
    hits = Retriever(piers, HashEncoder(), None, WordReader()).retrieve(asked("Which pier has 7 cranes?"), 5, themes=["tea"])
    assert hits
    assert {hit.document.themes for hit in hits} == {("tea",)}


@pytest.mark.parametrize(
    ("k", "filters", "said"),
    [
        (0, {}, "k is 0; it must be at least 1. Ask for one passage or more."),
        (1, {"themes": ["cooking"]}, "There is no theme 'cooking' in the index. Known are: harbours, tea."),
        (1, {"themes": ["tea"], "documents": ["{english}"]}, "No work has both one of the themes and one of the ids given."),
    ],
)
def test_filters_that_cannot_be_used(k, filters, said, retriever):
    english = next(id_ for id_, document in retriever.index.documents.items() if document.themes == ("harbours",))
    given = {name: [value.format(english=english) for value in values] for name, values in filters.items()}
    with pytest.raises(QuestionError) as caught:
        retriever.retrieve(asked(LAMP), k, **given)
    assert str(caught.value).startswith(said)


def test_a_question_does_not_change_what_comes_after(retriever):
    first = retriever.retrieve(asked(LAMP), 6)
    retriever.retrieve(asked(LAMP_JA), 2, themes=["tea"])
    retriever.evidence(asked(TEACHERS_JA), 3)
    assert retriever.retrieve(asked(LAMP), 6) == first
    assert retriever.retrieve(asked(LAMP), 2) == first[:2]


def test_what_was_gathered_for_a_question_is_gathered_once(retriever):
    evidence = retriever.evidence(asked(LAMP), 6)
    assert retriever.evidence(asked(LAMP), 6) is evidence
    harbours = retriever.evidence(asked(LAMP), 6, themes=["harbours"])
    assert 0 < len(harbours.read) < len(evidence.read)
    assert retriever.evidence(asked(LAMP), 6, themes=["harbours"]) is harbours


def test_what_was_retrieved_is_not_read_again(retriever, monkeypatch):
    retriever.retrieve(asked(LAMP), 5)
    monkeypatch.setattr(retriever.readers.english, "read", lambda *given: pytest.fail("read again"))
    assert any(read.reading for read in retriever.evidence(asked(LAMP), 5).read)


# Without the multilingual encoder


def test_japanese_needs_the_multilingual_encoder(tmp_path: Path) -> None:
    plain = Retriever(bilingual_index(tmp_path, multilingual=False), HashEncoder(), None, WordReader())
    with pytest.raises(QuestionError, match="which this index was built without"):
        plain.retrieve(asked(LAMP_JA), 1)
    hits = plain.retrieve(asked(LAMP), 6)
    assert openings(hits)[0] == LAMP_EN_FIRST
    assert len(hits) == 6
    assert {name for hit in hits for name in hit.signals} == {"dense", "lexical", "reader", "reader's rank", "words together"}


# Follow-ups


def test_a_follow_up_is_read_as_it_stands_alone(retriever, reader):
    question = asked("And the school?", LAMP)
    assert question.follow_up
    retriever.retrieve(question, 6)
    assert {read for read, _ in reader.asked} == {question.question}
    assert question.question.startswith("And the school? (")


def test_a_follow_up_counts_once_more_by_itself(retriever, monkeypatch):
    question = asked("Is there a fish market in winter there too?", LAMP)
    assert question.follow_up
    monkeypatch.setattr(retriever_module, "ANSWERS_WEIGHT", 0.0)
    monkeypatch.setattr(retriever_module, "RANK_WEIGHT", 0.0)

    def score(weight: float) -> float:
        monkeypatch.setattr(candidate_search, "MESSAGE_WEIGHT", weight)
        hits = retriever.retrieve(question, 6, themes=["harbours"])
        return next(hit.score for hit in hits if hit.passage.text.startswith(MARKET))

    none, half, whole = score(0.0), score(0.5), score(1.0)
    assert half > none
    assert whole - half == pytest.approx(half - none, abs=1e-5)


# Evidence


def test_the_evidence_has_readings_of_english_and_cosines_of_japanese(retriever, index):
    evidence = retriever.evidence(asked(LAMP), 6)
    assert [read.hit for read in evidence.read] == retriever.retrieve(asked(LAMP), 6)
    assert (evidence.question, evidence.text) == (LAMP, LAMP)
    for read in evidence.read:
        own = [read.hit.passage.units[place.number].text for place in read.window.places if place.offset == 0]
        assert own == [unit.text for unit in read.hit.passage.units]
        if read.hit.document.language == "ja":
            assert read.reading is None
            assert len(read.cosines) == len(read.window.places)
        else:
            assert read.reading is not None
            assert read.cosines == ()
        before, after = (hit and hit.passage for hit in read.neighbours)
        assert (before, after) == index.neighbours(index.passages.row_of(read.hit.passage.id))
    lamp = next(read for read in evidence.read if read.hit.passage.text.startswith("朝日港"))
    assert lamp.cosines == pytest.approx(
        [float((ConceptEncoder().encode([LAMP]) @ ConceptEncoder().encode([LAMP_JA_FIRST]).T)[0, 0])]
    )
    assert evidence.dense == pytest.approx(
        float((index.vectors_of("passages") @ HashEncoder().encode([LAMP])[0]).max()), abs=1e-6
    )
    second = index.vectors_of("passages-multilingual") @ ConceptEncoder().encode([LAMP])[0]
    assert evidence.multilingual == pytest.approx(float(second.max()), abs=1e-6)


def test_a_second_reader_reads_japanese_with_the_question_as_it_stands(index):
    class Noting(WordReader):
        def __init__(self) -> None:
            super().__init__()
            self.read_with: list[tuple[str, tuple[str, ...]]] = []

        def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
            self.read_with.append((question, tuple(texts)))
            return super().read(question, texts)

    first, second = Noting(), Noting()
    both = Retriever(index, HashEncoder(), ConceptEncoder(), first, second)
    evidence = both.evidence(asked(TEACHERS_JA), 6)
    assert {(read.by, read.hit.document.language) for read in evidence.read} == {("english", "en"), ("japanese", "ja")}
    assert all(read.reading for read in evidence.read)
    assert [question for question, _ in first.read_with] == [evidence.text]
    assert [question for question, _ in second.read_with] == [TEACHERS_JA]
    assert all("。" in text for text in second.read_with[0][1])
    for read in evidence.read:
        assert (read.alignment is None) == (read.by == "japanese")
        assert bool(read.cosines) == (read.by == "japanese")
    # Without a gloss nothing in English is read.
    assert {(read.by, read.reading is None) for read in both.evidence(asked(LAMP_JA), 6).read} == {
        ("nobody", True),
        ("japanese", False),
    }
    assert len(first.read_with) == 1


def test_the_evidence_of_a_japanese_question(retriever):
    evidence = retriever.evidence(asked(TEACHERS_JA), 3)
    assert (evidence.question, evidence.text) == (TEACHERS_JA, "school open teacher how many people")
    assert evidence.dense > 0
    without = retriever.evidence(asked(LAMP_JA), 6)
    assert (without.question, without.text, without.dense) == (LAMP_JA, LAMP_JA, 0.0)
    assert all(read.reading is None for read in without.read)


def test_the_highest_cosines_are_of_the_filtered_passages(retriever, index):
    english = [number for number, passage in enumerate(index.passages) if passage.text.isascii()]
    evidence = retriever.evidence(asked(LAMP), 3, themes=["harbours"])
    exact = index.vectors_of("passages-multilingual")[english] @ ConceptEncoder().encode([LAMP])[0]
    assert evidence.multilingual == pytest.approx(float(exact.max()), abs=1e-6)
