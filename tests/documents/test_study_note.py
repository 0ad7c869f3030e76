"""Our study notes: a sentence a line, markers as data, tables with counted rows, and another edition cut like the first."""

from __future__ import annotations

from dataclasses import replace

from askjapan.documents.passages import Sizes
from askjapan.documents.study_note import edition_passages, is_study_note, note_passages
from askjapan.readings import Reading
from askjapan.records import Passage
from tests.support.stages import count_words, document, passages, unresolved

NOTE = """---
work: ports
kind: study note
---

# Study note: Aoki on ports

## In brief

Aoki counts five quays in Aoba, cf. Fig. 2. Nobody else did. [§1,Figure2#b1]
Aoba built no quay after 1990. [§2#b2]

## Tables

Table 1. Ships (number; 1990). [§3,Table1#t1]

| Port | Ships |
|---|---:|
| Asahi | 5 |
| Bora | 6 |

Aoki draws no map. [Opening#x1]
"""
JAPANESE = """---
work: ports
kind: study note
language: ja
---

# 研究ノート：青木の港湾論

## 要旨

青木は青葉港の岸壁を五つと数える。 [§1,Figure2#b1]
青葉港は1990年以降、岸壁を築いていない。 [§2#b2]

## 表

表1　船舶（隻、1990年）。 [§3,Table1#t1]

| 港 | 隻 |
|---|---:|
| 朝日 | 5 |
| 暮良 | 6 |

青木は地図を描いていない。 [Opening#x1]
"""
SIZES = Sizes(120, 256, count_words)


def noted(text: str, **facts: str) -> Reading:
    """A note as its reader reads it: the front matter is furniture."""
    end = text.index("---", 4) + 3
    return Reading(text, "markdown", facts={"kind": "study note", **facts}, furniture=((0, end),))


def cut(text: str, sizes: Sizes = SIZES) -> list[Passage]:
    return note_passages(document(text, kind="study note"), noted(text), sizes)


def test_a_line_is_a_sentence_and_its_marker_is_data() -> None:
    found = cut(NOTE)
    assert unresolved(NOTE, found) == []
    assert [(unit.text, unit.kind, unit.locator, unit.key) for passage in found for unit in passage.units] == [
        ("Aoki counts five quays in Aoba, cf. Fig. 2. Nobody else did.", "sentence", "§1,Figure2", "b1"),
        ("Aoba built no quay after 1990.", "sentence", "§2", "b2"),
        ("Table 1. Ships (number; 1990).", "caption", "§3,Table1", "t1"),
        ("Port\tShips", "header", "§3,Table1", "t1.h1"),
        ("Asahi\t5", "row", "§3,Table1", "t1.r1"),
        ("Bora\t6", "row", "§3,Table1", "t1.r2"),
        ("Aoki draws no map.", "sentence", "Opening", "x1"),
    ]
    assert [passage.section for passage in found] == ["In brief", "Tables", "Tables"]
    assert not any("#" in passage.text or "[" in passage.text for passage in found)


def test_line_ends_of_windows_do_no_harm() -> None:
    keys = [unit.key for passage in cut(NOTE.replace("\n", "\r\n")) for unit in passage.units]
    assert keys == ["b1", "b2", "t1", "t1.h1", "t1.r1", "t1.r2", "x1"]


def test_a_paragraph_ends_at_an_empty_line() -> None:
    sentence = "The harbour of Aoba took in ships from twelve towns in that year alone. [§1#f{}]\n"
    text = NOTE + "\n## Findings\n\n" + "".join(sentence.format(n) + "\n" * (n % 3 == 0) for n in range(1, 10))
    found = [passage for passage in cut(text, Sizes(50, 256, count_words)) if passage.section == "Findings"]
    assert [[unit.key for unit in passage.units] for passage in found] == [
        ["f1", "f2", "f3"],
        ["f4", "f5", "f6"],
        ["f7", "f8", "f9"],
    ]


def test_only_a_note_with_markers_is_one_of_ours() -> None:
    assert is_study_note(noted(NOTE))
    assert not is_study_note(replace(noted(NOTE), facts={"kind": "paper"}))
    assert not is_study_note(noted("---\nkind: study note\n---\nAoki counts five quays. [§1]\n"))


def test_in_other_markdown_the_markers_are_text() -> None:
    (passage,) = passages("Aoki counts five quays. [§1#b1]\n", markup="markdown")
    assert passage.text == "Aoki counts five quays. [§1#b1]"
    assert [(unit.locator, unit.key) for unit in passage.units] == [("", "")] * len(passage.units)


def test_another_edition_is_cut_where_the_first_one_is() -> None:
    first = cut(NOTE)
    found = edition_passages(document(JAPANESE, id="ports-ja", kind="study note"), noted(JAPANESE), first, SIZES)
    assert unresolved(JAPANESE, found) == []
    assert [[unit.key for unit in passage.units] for passage in found] == [[u.key for u in p.units] for p in first]
    assert [passage.section for passage in found] == ["要旨", "表", "表"]
    assert [unit.text for unit in found[1].units] == [
        "表1　船舶（隻、1990年）。".replace("　", " "),
        "港\t隻",
        "朝日\t5",
        "暮良\t6",
    ]
    assert all(passage.document_id == "ports-ja" for passage in found)


def test_a_passage_that_is_too_long_in_the_other_language_is_cut_once_more() -> None:
    small = Sizes(120, 7, lambda text: len(text) // 10 + 2)
    found = edition_passages(document(JAPANESE, kind="study note"), noted(JAPANESE), cut(NOTE), small)
    assert [[unit.key for unit in passage.units] for passage in found][:1] == [["b1", "b2"]]
    tiny = Sizes(120, 5, lambda text: len(text) // 10 + 2)
    found = edition_passages(document(JAPANESE, kind="study note"), noted(JAPANESE), cut(NOTE), tiny)
    assert [[unit.key for unit in passage.units] for passage in found][:2] == [["b1"], ["b2"]]
