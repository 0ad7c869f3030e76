"""The form of the study notes in corpus/notes: a sentence a line with its marker, the same in both editions, each standing alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from askjapan.documents.facts.catalogue import load_catalogue
from askjapan.documents.readers import read

ROOT = Path(__file__).resolve().parents[1]
NOTES = ROOT / "corpus" / "notes"
WORKS = sorted(load_catalogue(ROOT / "corpus" / "catalogue.toml").works)
LANGUAGES = ("en", "ja")
MARKED = re.compile(r"(?P<text>\S.*\S) \[(?P<locator>[^\[\]\s#]+)#(?P<key>[a-z]\d+)\]")
SECTIONS = {
    "In brief": "要旨",
    "The argument, step by step": "議論の流れ",
    "Findings and figures": "知見と数値",
    "Tables": "表",
    "Terms": "用語",
    "Cases, people and institutions": "事例・人物・機関",
    "Chronology": "年表",
    "Sources it rests on": "典拠",
    "Cautions": "留意点",
}
LEANS_ON_ANOTHER = re.compile(
    r"(?:First|Second|Third|This|These|That|Those|It|They|He|She|Such|There|The latter|The former|Here|However|Also|But|And|Its|Their|"
    r"In addition|Moreover|Then)\b"
)
LEANS_ON_ANOTHER_JA = re.compile(r"これ|それ|この|その|また|さらに|しかし|そして|あれ|ここ|なお|同年|同氏|彼")
ABBREVIATION = re.compile(r"\b(?:[A-Z]|Dr|Mr|Mrs|vs|No|St|Inc|Co|Ltd|U\.S|i\.e|e\.g|etc)\.")


@dataclass(frozen=True)
class Line:
    """A sentence of a note with the section that it stands in."""

    section: str
    text: str
    locator: str
    key: str


@cache
def raw(work: str, language: str) -> list[str]:
    """The lines of an edition that are not empty, without its front matter."""
    path = NOTES / (f"{work}.md" if language == "en" else f"{work}.{language}.md")
    reading = read(path)
    return [line for line in reading.text[reading.furniture[0][1] :].split("\n") if line.strip()]


@cache
def lines(work: str, language: str) -> list[Line]:
    found, section = [], ""
    for line in raw(work, language):
        if line.startswith("#"):
            section = line.removeprefix("## ") if line.startswith("## ") else section
        elif not line.startswith("|"):
            marked = MARKED.fullmatch(line)
            assert marked is not None, line
            found.append(Line(section, *marked.group("text", "locator", "key")))
    return found


@cache
def tables(work: str, language: str) -> list[list[int]]:
    """The number of cells of each row of each table."""
    text = "\n".join(raw(work, language))
    return [[row.count("|") - 1 for row in table.splitlines()] for table in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE)]


def test_there_is_a_note_in_both_languages_on_each_work() -> None:
    assert sorted(path.name for path in NOTES.glob("*.md")) == sorted(f"{work}{end}.md" for work in WORKS for end in ("", ".ja"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("work", WORKS)
def test_the_front_matter(work: str, language: str) -> None:
    path = NOTES / (f"{work}.md" if language == "en" else f"{work}.{language}.md")
    assert dict(read(path).facts) == {"work": work, "kind": "study note", "language": language, "licence": "CC BY 4.0"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("work", WORKS)
def test_the_sections_stand_in_their_order(work: str, language: str) -> None:
    names = [line.removeprefix("## ") for line in raw(work, language) if line.startswith("## ")]
    known = [english if language == "en" else japanese for english, japanese in SECTIONS.items()]
    assert names == [name for name in known if name in names]
    assert names[0] == known[0]
    assert raw(work, language)[0].startswith("# Study note: " if language == "en" else "# 研究ノート：")
    assert all(re.match(r"#{1,3} \S", line) for line in raw(work, language) if line.startswith("#"))


@pytest.mark.parametrize("work", WORKS)
def test_both_editions_have_the_same_sentences_in_the_same_order(work: str) -> None:
    english, japanese = lines(work, "en"), lines(work, "ja")
    assert [(line.key, line.locator) for line in japanese] == [(line.key, line.locator) for line in english]
    assert [line.section for line in japanese] == [SECTIONS[line.section] for line in english]
    keys = [line.key for line in english]
    assert len(set(keys)) == len(keys)
    assert tables(work, "ja") == tables(work, "en")


@pytest.mark.parametrize("work", WORKS)
def test_every_row_has_a_cell_a_column_and_every_table_a_caption(work: str) -> None:
    assert all(len(set(table)) == 1 for table in tables(work, "en"))
    captions = [
        line.text for line in lines(work, "en") if line.section == "Tables" and re.match(r"(?:Annex )?Table\b", line.text)
    ]
    assert len(captions) == len(tables(work, "en"))


@pytest.mark.parametrize("work", WORKS)
def test_an_english_sentence_is_short_and_stands_alone(work: str) -> None:
    for line in lines(work, "en"):
        if line.key.startswith("t"):
            continue
        assert len(line.text.split()) <= 30, line.text
        assert not LEANS_ON_ANOTHER.match(line.text), line.text
        assert re.search(r"[.!?]['\"”’)]?$", line.text), line.text
        assert not re.search(r"[.!?]\s+[A-Z]", ABBREVIATION.sub("", line.text)), line.text


@pytest.mark.parametrize("work", WORKS)
def test_a_japanese_sentence_stands_alone(work: str) -> None:
    for line in lines(work, "ja"):
        assert not LEANS_ON_ANOTHER_JA.match(line.text), line.text
        assert line.key.startswith("t") or re.search(r"。[」）]?$", line.text), line.text


@pytest.mark.parametrize("work", WORKS)
def test_the_note_begins_with_what_can_be_read_aloud(work: str) -> None:
    assert 150 <= sum(len(line.text.split()) for line in lines(work, "en") if line.section == "In brief") <= 250
