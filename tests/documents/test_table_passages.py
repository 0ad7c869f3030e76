"""Passages of long tables, and tables in Japanese."""

from __future__ import annotations

import re

import pytest

from askjapan.documents.tables import is_caption, is_note, row_text
from askjapan.language.quotation import normalise
from tests.support.stages import count_words, passages, reading, uncovered, unresolved


@pytest.mark.parametrize("rows", [3, 20, 90])
def test_each_run_of_a_long_table_has_caption_header_and_source(rows):
    body = "\n".join(f"Port {number}\t{number * 17}\t{number * 3}" for number in range(rows))
    text = f"Table 1: Ships\n(unit: ship)\n\nPort\tShips\tPilots\n{body}\n\nSource: Harbour Office"
    found = passages(text)
    assert all(passage.units[0].text == "Table 1: Ships (unit: ship)" for passage in found)
    assert all(passage.units[1].text == "Port\tShips\tPilots" for passage in found)
    assert all(passage.units[-1].text == "Source: Harbour Office" for passage in found)
    counts = [sum(unit.kind == "row" for unit in passage.units) for passage in found]
    assert sum(counts) == rows
    assert max(counts) - min(counts) <= 1
    quoted = [unit.text for passage in found for unit in passage.units if unit.kind == "row"]
    assert quoted == [f"Port {number}\t{number * 17}\t{number * 3}" for number in range(rows)]
    assert len({passage.id for passage in found}) == len(found)


def test_very_long_cells_are_cut_to_fit_and_keep_their_label():
    long = "; ".join(f"reason number {number} of the outflow" for number in range(40))
    text = f"Table 6 Forces\n\nForce\tDirection\tReason\nwind\tInflow\tnone\n\tOutflow\t{long}\n\nSource: me"
    found = passages(text, limit=100)
    assert max(passage.pieces for passage in found) <= 100
    parts = [unit for passage in found for unit in passage.units if unit.text.startswith("wind\t") and "reason" in unit.text]
    assert len(parts) > 2
    assert unresolved(text, found) == []
    assert uncovered(text, reading(text), found) == []


def test_long_notes_become_a_passage_under_the_caption():
    note = "Note: " + " ".join(f"remark {number}." for number in range(60))
    text = f"Table 2: Ships\n\nPort\tShips\nAsahi\t5\nBora\t6\n\n{note}"
    found = passages(text, limit=160)
    assert max(passage.pieces for passage in found) <= 160
    assert found[0].units[0].text == "Table 2: Ships"
    assert {unit.kind for passage in found[:-1] for unit in passage.units} == {"caption", "note"}
    assert [unit.text for unit in found[-1].units] == ["Table 2: Ships", "Port\tShips", "Asahi\t5", "Bora\t6"]
    assert unresolved(text, found) == []


def test_a_header_over_the_limit_still_leaves_every_passage_within_it():
    header = "\t".join(f"a very long heading of column {number}" for number in range(40))
    text = f"Table 1 Wide\n\n{header}\nAsahi\t1\t2\nBora\t3\t4\n\nSource: me"
    found = passages(text, limit=90)
    assert max(passage.pieces for passage in found) <= 90
    assert unresolved(text, found) == []


@pytest.mark.parametrize("text", ["| --- | --- |\n| --- | --- |", "|  |  |\n|  |  |", "Prose.\n\n|  |\n|---|\n\nMore prose."])
def test_an_empty_table_makes_no_passage(text):
    assert [passage.kind for passage in passages(text) if passage.kind == "table"] == []


def test_counter_is_the_tests_own():
    assert count_words("Asahi\t5") == 4


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("表1 姉妹都市の数", True),
        ("表１　姉妹都市の数", True),
        ("図２：入港数", True),
        ("第3表 予算", True),
        ("第２－１図　推移", True),
        ("図表4 職員数", True),
        ("付表1 一覧", True),
        ("【表5】一覧", True),
        ("表一 港の数", True),
        ("表2における港の数", True),
        ("表1は港の数を示す", False),
        ("表2に示すように、港は増えた。", False),
        ("図3から分かる", False),
        ("第1表では港が多い", False),
        ("表1 港の数を示した。", False),
        ("表現1が難しい", False),
        ("第1図書館", False),
    ],
)
def test_japanese_captions(text, caption):
    assert is_caption(text) is caption


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("出典：青海市", True),
        ("注1）推計値", True),
        ("（注）推計", True),
        ("資料：港湾年報", True),
        ("※推計値", True),
        ("注目すべき点", False),
        ("資料館は古い", False),
    ],
)
def test_japanese_note_lines(text, note):
    assert is_note(text) is note


@pytest.mark.parametrize("row", ["| >65 | 12 | 7 |", "| Otaru | >65 | # 4 |", "| > | >> 3 | 5 |", "Otaru\t> 65\t#4"])
def test_a_sign_at_the_beginning_of_a_cell_is_text(row: str) -> None:
    shown = row_text(row)
    assert normalise(shown) == normalise(row)
    assert [cell.strip("\u200b") for cell in shown.split("\t")] == [cell.strip() for cell in re.split(r"[|\t]", row.strip("|"))]


def test_what_opens_a_note_at_the_beginning_of_a_line_is_text_within_one() -> None:
    row = "|[^1]: C| 7 |"
    assert row_text(row).replace("\u200b", "") == ": C\t7"
    assert normalise(row_text(row)) == normalise(row)


def test_a_sign_under_a_label_is_text() -> None:
    text = "Ages.\n\nTown\tAge\tPeople\nOtaru\t<65\t12\n\t>65\t7\n"
    row = passages(text)[-1].units[-1]
    assert row.text.endswith("\t>65\t7")
    assert unresolved(text, passages(text)) == []
