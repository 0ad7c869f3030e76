"""Public sets of questions: how they are read, sampled, and scored for several kits."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from math import log2
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.support.benchmark_scripts import ROOT, passages, question

SHARED = ROOT.parent / "shared"


def packed(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="\n") as file:
        file.write("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


@pytest.fixture
def harbour(tmp_path: Path, data: ModuleType):
    folder = tmp_path / "harbour"
    folder.mkdir()
    documents = [
        {"id": "a/1", "title": "Ferries", "text": "The ferry runs twice a day.\u2028It is blue.", "sentence_starts": [0, 28]},
        {"id": "b", "title": "", "text": "No title here."},
        {"id": "c", "title": "Cranes", "text": "Two cranes."},
    ]
    questions = [
        {
            "id": "q1",
            "text": "How often does the ferry run?",
            "source_doc": "a/1",
            "answers": [{"text": "twice", "sentences": [0]}],
        },
        {"id": "q2", "text": "Who owns it?", "is_impossible": True, "source_doc": "a/1", "answers": []},
        {"id": "q3", "text": "How many cranes?"},
    ]
    packed(folder / "corpus.jsonl.gz", documents)
    packed(folder / "queries.jsonl.gz", questions)
    with gzip.open(folder / "qrels.tsv.gz", "wt", encoding="utf-8") as file:
        file.write("query-id\tcorpus-id\tscore\nq1\ta/1\t1\nq1\tb\t0\nq3\tc\t2\n")
    return data.read_set(folder)


def test_a_set_is_read_with_its_judgements(harbour: Any) -> None:
    assert harbour.name == "harbour"
    assert [text.id for text in harbour.texts] == ["a/1", "b", "c"]
    assert harbour.texts[0].text == "The ferry runs twice a day.\u2028It is blue."
    assert harbour.texts[0].sentence_starts == (0, 28)
    assert harbour.qrels == {"q1": {"a/1": 1}, "q3": {"c": 2}}
    assert [(query.id, query.answerable) for query in harbour.queries] == [("q1", True), ("q2", False), ("q3", True)]
    assert [query.id for query in harbour.judged] == ["q1", "q3"]


def test_a_document_becomes_a_file_that_leads_back_to_it(harbour: Any, data: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "old.txt").write_text("of another run", encoding="utf-8")
    data.write_files(harbour.texts, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["a%2F1.txt", "b.txt", "c.txt"]
    assert (folder / "a%2F1.txt").read_bytes().decode() == "Ferries\n\nThe ferry runs twice a day.\u2028It is blue.\n"
    assert (folder / "b.txt").read_text(encoding="utf-8") == "No title here.\n"
    assert data.id_of("a%2F1.txt") == "a/1"


def test_a_part_keeps_the_right_documents_of_its_questions(harbour: Any, data: ModuleType) -> None:
    part = data.part_of(harbour, documents=2, questions=1)
    assert [text.id for text in part.texts] == ["a/1", "b"]
    assert [query.id for query in part.queries] == ["q1"]
    assert part.qrels == {"q1": {"a/1": 1}}
    assert [text.id for text in data.part_of(harbour, documents=1, questions=2).texts] == ["a/1", "c"]


def test_a_sample_is_the_same_whatever_the_order(harbour: Any, data: ModuleType) -> None:
    assert data.sample(harbour.queries, 2) == data.sample(harbour.queries[::-1], 2)
    assert len(data.sample(harbour.queries, 2)) == 2


def test_documents_are_ranked_by_their_best_passage(data: ModuleType) -> None:
    assert data.documents_ranked(["c.txt", "a%2F1.txt", "c.txt", "b.txt"]) == ["c", "a/1", "b"]


def test_ranking_figures_count_a_question_without_documents_as_zero(data: ModuleType) -> None:
    qrels = {"q1": {"a": 1}, "q2": {"b": 1}, "q3": {"c": 1}}
    figures = data.ranking_figures(qrels, {"q1": ["x", "a"], "q2": ["b"], "q3": []})
    assert figures["nDCG@10"] == pytest.approx((1 / log2(3) + 1 + 0) / 3)
    assert figures["P@1"] == pytest.approx(1 / 3)
    assert figures["R@100"] == pytest.approx(2 / 3)


def test_the_answer_may_stand_in_several_passages_of_the_right_work(compare: ModuleType) -> None:
    found = passages(("000_ab.txt", "A blue ferry."), ("000_ab.txt", "Built in 1961."))
    assert compare.answer_stands(found, question(), 6)
    assert not compare.answer_stands(found, question(), 5)
    assert not compare.answer_stands(found[:1], question())


def test_words_of_other_works_count_and_hold_nothing(compare: ModuleType) -> None:
    found = passages(("001_cd.txt", "blue 1961 and more"), ("000_ab.txt", "blue 1961"))
    assert compare.answer_stands(found, question(), 6)
    assert not compare.answer_stands(found, question(), 5)
    assert not compare.answer_stands(found[:1], question())
    assert compare.answer_stands(found[:1], question(works=()))


def test_a_longer_number_is_no_answer(compare: ModuleType) -> None:
    assert not compare.answer_stands(passages(("000_ab.txt", "blue 19610")), question())


def test_a_follow_up_stands_in_both_ways_in_the_rivals_file_and_as_history_in_ours(compare: ModuleType) -> None:
    follow_up = question(context=("Tell me of the ferry.",))
    assert compare.gold_lines([follow_up]) == [
        {"id": "q", "text": "When was the blue ferry built?", "history": ["Tell me of the ferry."]}
    ]
    assert compare.rival_gold_lines([follow_up]) == [
        {"id": "q joined", "text": "Tell me of the ferry. When was the blue ferry built?", "history": []},
        {"id": "q last turn", "text": "When was the blue ferry built?", "history": []},
    ]


def test_the_better_way_of_asking_follow_ups_counts(compare: ModuleType) -> None:
    follow_up = question(context=("Tell me of the ferry.",))
    right = {"passages": passages(("000_ab.txt", "The blue ferry of 1961."))}
    wrong = {"passages": passages(("000_ab.txt", "The bench."))}
    figures = compare.gold_figures([follow_up], "LangChain", {"q joined": wrong, "q last turn": right})
    assert figures == {"en": {"AR@500": 1.0, "first passage": 1.0}, "follow-ups": "last turn"}
    ours = compare.gold_figures([follow_up], "askjapan", {"q": wrong})
    assert ours == {"en": {"AR@500": 0.0, "first passage": 0.0}, "follow-ups": ""}


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the question set is not beside the project")
def test_every_gold_question_is_answered_by_the_whole_of_its_work(compare: ModuleType) -> None:
    """The files are named as the questions name them, so that a wrong join of both cannot pass as a bad kit."""
    case, questions = compare.gold_case(quick=False)
    whole = [{"file": path.name, "text": path.read_text(encoding="utf-8")} for path in sorted(case.folder.glob("*.txt"))]
    held = [compare.answer_stands(whole, asked) for asked in questions]
    assert len(whole) == 5
    assert sum(held) >= 0.98 * len(held)


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "bench" / "scifact").is_dir(), reason="the public sets are not beside the project")
def test_scifact_is_whole(data: ModuleType) -> None:
    found = data.read_set(SHARED / "bench" / "scifact")
    assert (len(found.texts), len(found.judged), sum(map(len, found.qrels.values()))) == (5183, 300, 339)
