"""The parts of the benchmarks that compute: reading sets, files of documents, AR@500, cited sentences, tables. No kit is run."""

from __future__ import annotations

import contextlib
import gzip
import json
import sys
from collections.abc import Sequence
from importlib import util
from math import log2
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from askjapan.evaluation.questions import Question
from askjapan.index.storage.store import open_index
from askjapan.records import Hit
from tests.support.fakes import HashEncoder, WordReader
from tests.support.places import Place

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
BENCHMARKS = ROOT / "benchmarks"


@pytest.fixture(scope="module", autouse=True)
def scripts_beside_each_other():
    """The scripts import each other by name, as they do when one of them is run; nothing of it is left afterwards."""
    before = set(sys.modules)
    sys.path.insert(0, str(BENCHMARKS))
    yield
    sys.path.remove(str(BENCHMARKS))
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "").parent == BENCHMARKS:
            del sys.modules[name]


def script(name: str) -> ModuleType:
    if name in sys.modules:
        return sys.modules[name]
    spec = util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def data() -> ModuleType:
    return script("public_data")


@pytest.fixture
def compare() -> ModuleType:
    return script("compare")


@pytest.fixture
def cited() -> ModuleType:
    return script("cited_sentences")


@pytest.fixture
def report() -> ModuleType:
    return script("report")


# Sets


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


# AR@500


def question(**given: Any) -> Question:
    given = {"works": ("000",), "answer_any": (("blue",), ("1961",))} | given
    return Question(id="q", text="When was the blue ferry built?", language="en", type="factoid", **given)


def passages(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"file": file, "text": text} for file, text in pairs]


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


# Cited sentences


@pytest.fixture
def ferry(data: ModuleType) -> Any:
    # In the file the title and the blank line take 9 characters.
    return data.Text("f", "Ferries", "It runs daily. It pays. It is so blue.", (0, 15, 24))


def test_sentences_stand_where_the_file_has_them(cited: ModuleType, ferry: Any, data: ModuleType) -> None:
    written = data.content(ferry)
    spans = cited.sentence_spans(ferry)
    assert [written[start:end] for start, end in spans] == ["It runs daily.", "It pays.", "It is so blue."]


@pytest.mark.parametrize(
    ("quote", "numbers"),
    [
        ("It pays.", {1}),
        ("It pays. It is so", {1, 2}),
        ("daily. It pays. It", {1}),
        ("It is", {2}),
        ("Ferries", {-1}),
    ],
)
def test_a_quote_cites_what_it_covers_by_half_or_shares_most_with(
    cited: ModuleType, data: ModuleType, ferry: Any, quote: str, numbers: set[int]
) -> None:
    start = data.content(ferry).index(quote)
    found = cited.cited_sentences([("f", start, start + len(quote))], {"f": ferry})
    assert found == {("f", number) for number in numbers}


def test_agreement_is_with_the_annotator_who_agrees_most(cited: ModuleType, data: ModuleType) -> None:
    answers = ({"sentences": [0]}, {"sentences": [1, 2]}, {"sentences": []})
    query = data.Query("q", "?", True, answers, "f")
    assert cited.best_agreement(query, {("f", 1), ("f", 2), ("g", 0)}) == pytest.approx((2 / 3, 1.0, 0.8))
    rows = [(query, {("f", 1)}), (query, set())]
    figures = cited.cited_figures(rows)
    assert figures == pytest.approx({"precision": 1.0, "recall": 0.5, "F1": 2 / 3, "sentences": 1.0, "recall over all": 0.25})


def test_the_whole_passage_is_the_floor_for_precision(cited: ModuleType, data: ModuleType, ferry: Any) -> None:
    query = data.Query("q", "?", True, ({"sentences": [0]},), "f")
    figures = cited.whole_passage_figures([query], {"f": ferry})
    assert (figures["precision"], figures["recall"], figures["sentences"]) == (pytest.approx(1 / 3), 1.0, 3)


def test_the_nearest_sentences_are_those_of_the_highest_cosine(cited: ModuleType, data: ModuleType, ferry: Any) -> None:
    np = pytest.importorskip("numpy")
    query = data.Query("q", "?", True, ({"sentences": [1, 2]},), "f")
    figures = cited.nearest_figures([query], {"f": ferry}, 2, lambda texts: np.array([[0, 1], [1, 0], [1, 1], [1, 0]]))
    assert (figures["precision"], figures["recall"]) == (1.0, 1.0)


# What each signal adds


@pytest.fixture
def ablation() -> ModuleType:
    return script("ablation")


def test_the_variants_are_the_mix_without_each_signal_and_each_alone(ablation: ModuleType) -> None:
    found = {variant.name: variant for variant in ablation.variants()}
    assert list(found) == [
        "**the mix**", "without the reader", "without dense", "without lexical", "without multilingual",
        "the reader alone", "dense alone", "lexical alone", "multilingual alone",
    ]  # fmt: skip
    assert found["without dense"].signals == {"lexical", "multilingual"}
    assert (found["dense alone"].signals, found["dense alone"].reader) == ({"dense"}, 0.0)
    assert found["the reader alone"].reader > 100 * found["**the mix**"].reader > found["without the reader"].reader == 0.0


def test_a_variant_is_in_force_for_as_long_as_it_lasts(ablation: ModuleType) -> None:
    retriever = ablation.retriever
    names = ("SAME_LANGUAGE", "JAPANESE", "ACROSS", "READER_WEIGHT")
    before = {name: getattr(retriever, name) for name in names}
    with ablation.in_force(ablation.Variant("dense alone", frozenset({"dense"}), 0.0)):
        usual = before["SAME_LANGUAGE"]["dense"]
        assert dict(retriever.SAME_LANGUAGE) == {"dense": usual, "lexical": 0.0, "multilingual": 0.0}
        # Of a mix without the signal nothing would be left: it stays.
        assert retriever.JAPANESE is before["JAPANESE"]
        assert retriever.READER_WEIGHT == 0.0
    with contextlib.suppress(KeyError), ablation.in_force(ablation.Variant("none", frozenset(), 5.0)):
        raise KeyError
    assert {name: getattr(retriever, name) for name in names} == before


def hits(*pairs: tuple[str, str]) -> list[Hit]:
    from tests.support.stages import document
    from tests.support.stages import passages as split

    return [Hit(split(text)[0], document(text, id=work), 1.0, rank) for rank, (work, text) in enumerate(pairs, start=1)]


def test_an_outcome_counts_the_first_words_and_the_first_passage(ablation: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ablation.Asked(question(), frozenset({"ferries"}), False)
    assert ablation.outcome(hits(("ferries", "The blue ferry of 1961.")), asked) == (True, True)
    apart = hits(("ferries", "A blue ferry."), ("ferries", "Built in 1961."))
    assert ablation.outcome(apart, asked) == (True, False)
    assert ablation.outcome(hits(("boats", "The blue ferry of 1961.")), asked) == (False, False)
    assert ablation.outcome([], asked) == (False, False)
    monkeypatch.setattr(ablation, "BUDGET", 5)
    assert ablation.outcome(apart, asked) == (False, False)


def test_a_text_is_read_once_for_a_question(ablation: ModuleType) -> None:
    inner = WordReader()
    reader = ablation.RememberingReader(inner)
    first = reader.read("Which ferry?", ["A ferry.", "A bench.", "A ferry."])
    assert first[0] is first[2]
    assert reader.read("Which ferry?", ["A bench.", "A lamp."])[0] is first[1]
    reader.read("Which bench?", ["A bench."])
    assert inner.asked == [
        ("Which ferry?", ["A ferry.", "A bench."]),
        ("Which ferry?", ["A lamp."]),
        ("Which bench?", ["A bench."]),
    ]


def test_the_variants_rank_an_index(ablation: ModuleType, small_index: Place) -> None:
    searcher = ablation.retriever.Retriever(open_index(small_index.index), HashEncoder(), None, WordReader())
    asked = ablation.Asked(
        Question("q", "How much did Hoshino spend in 1998?", "en", "factoid", answer_any=(("312 million",),)),
        frozenset({"hoshino-lanterns"}), False,
    )  # fmt: skip
    for variant in ablation.variants():
        # The multilingual encoder is not there, so that nothing is left of this variant.
        if variant.name != "multilingual alone":
            name, held, *_ = ablation.row(searcher, variant, [asked])
            assert (name, held) == (variant.name, "100.0")


# How many passages are read


def test_the_number_of_passages_read_is_put_back() -> None:
    public_sets = script("public_sets")
    usual = public_sets.retriever.READ
    with public_sets.reading(7):
        assert public_sets.retriever.READ == 7
    assert list(public_sets.READ) == [0, usual, 100]
    now = public_sets.retriever.READ
    assert now == usual


def test_the_table_of_reading() -> None:
    ways = {"0": {"nDCG@10": 0.7, "P@1": 0.61, "milliseconds": 12.3}, "20": {"nDCG@10": 0.75, "P@1": 0.64, "milliseconds": 98.6}}
    table = script("public_sets").reading_table({"questions": 50, "ways": ways}).split("\n")
    assert table[0] == "| passages read | nDCG@10 | P@1 | question ms |"
    assert table[2:] == ["| 0 | 0.700 | 0.610 | 12 |", "| 20 | 0.750 | 0.640 | 99 |", "", "50 questions."]


def test_another_model_is_another_state_of_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measuring = script("measuring")
    source = tmp_path / "src" / "askjapan" / "answering"
    (source / "data").mkdir(parents=True)
    (source / "compose.py").write_text("CODE = 1\n", encoding="utf-8")
    (source / "data" / "answers.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(measuring, "ROOT", tmp_path)
    before = measuring.code_digest("askjapan"), measuring.code_digest("txtai")
    (source / "data" / "answers.json").write_text('{"refitted": 1}', encoding="utf-8")
    assert measuring.code_digest("askjapan") != before[0]
    assert measuring.code_digest("txtai") == before[1]


# Tables and kept results


def test_a_table_in_markdown(report: ModuleType) -> None:
    assert report.markdown_table(["kit", "AR"], [["a|b", "1"]]) == "| kit | AR |\n| --- | --- |\n| a\\|b | 1 |"


def test_a_block_is_replaced_and_the_rest_stays(report: ModuleType) -> None:
    page = "before\n<!-- gold: begin -->\nold\n<!-- gold: end -->\nafter"
    assert report.with_block(page, "gold", "new") == "before\n<!-- gold: begin -->\nnew\n<!-- gold: end -->\nafter"
    with pytest.raises(ValueError, match=r"<!-- silver: begin -->.*is missing"):
        report.with_block(page, "silver", "new")


def test_the_docs_page_has_a_place_for_every_table(report: ModuleType) -> None:
    page = report.PAGE.read_text(encoding="utf-8")
    for name in ("compare gold", "compare scifact", "public retrieval", "public short cut", "public answers"):
        assert report.with_block(page, name, "new") != page


def test_a_kept_result_is_used_for_the_same_key_only(report: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "kit" / "index.json"
    assert report.kept(path, {"threads": 2}) is None
    report.keep(path, {"threads": 2}, {"seconds": 1.5})
    assert report.kept(path, {"threads": 2}) == {"seconds": 1.5}
    assert report.kept(path, {"threads": 1}) is None
    path.write_text('{"key"', encoding="utf-8")
    assert report.kept(path, {"threads": 2}) is None


def test_the_table_of_the_gold_set(compare: ModuleType) -> None:
    index = {"passages": 1165, "seconds": 34.6, "cpu": 61.2, "megabytes on disk": 3.6, "megabytes": 1184.2}
    measured = {"index": index, "cold": {"seconds": 10.64}, "ask": {"median": 32.7, "p95": 48.6, "megabytes": 990.0}}
    figures = {"en": {"AR@500": 0.7, "first passage": 0.4}, "follow-ups": "joined"}
    rows = compare.gold_table({"txtai": {"measured": measured, "figures": figures}}).split("\n")
    assert rows[2] == "| txtai | 70.0 | 40.0 | – | joined | 1,165 | 61 / 35 | 4 | 33 (49) | 10.6 | 1184 / 990 |"


def test_requirements_of_the_rivals_are_pinned() -> None:
    lines = [line.split("#")[0].strip() for line in (BENCHMARKS / "requirements.txt").read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if line and "==" not in line] == ["torch>=2.4,<2.14"]
