"""Tables of figures in the docs, and results that are kept."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from tests.support.benchmark_scripts import BENCHMARKS, script


@pytest.fixture
def report() -> ModuleType:
    return script("report")


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


def test_a_table_in_markdown(report: ModuleType) -> None:
    assert report.markdown_table(["kit", "AR"], [["a|b", "1"]]) == "| kit | AR |\n| --- | --- |\n| a\\|b | 1 |"


def test_a_block_is_replaced_and_the_rest_stays(report: ModuleType) -> None:
    page = "before\n<!-- gold: begin -->\nold\n<!-- gold: end -->\nafter"
    assert report.with_block(page, "gold", "new") == "before\n<!-- gold: begin -->\nnew\n<!-- gold: end -->\nafter"
    with pytest.raises(ValueError, match=r"<!-- silver: begin -->.*is missing"):
        report.with_block(page, "silver", "new")


def test_the_docs_page_has_a_place_for_every_table(report: ModuleType) -> None:
    page = report.PAGE.read_text(encoding="utf-8")
    for name in ("compare gold", "compare scifact", "public retrieval", "public reading", "public answers"):
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
