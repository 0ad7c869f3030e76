"""The five works in full, from beside the project: recognised in every dress, read without loss, every gold quotation found.

Nothing of the works stands in this file; of the study notes, which are the project's own, a few words do.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

import pytest

from askjapan.documents.blocks import blocks_of
from askjapan.documents.facts.catalogue import describe, load_catalogue
from askjapan.documents.passages import Sizes, split
from askjapan.documents.readers import read
from askjapan.documents.readers.text.plain import read_plain
from askjapan.documents.study_note import edition_passages, note_passages
from askjapan.index.encoders.minilm import MINILM_LIMIT, minilm
from askjapan.language.quotation import normalise
from askjapan.readings import Reading
from askjapan.records import Document, Passage
from tests.support.stages import uncovered, unresolved

PROJECT = Path(__file__).resolve().parents[2]
SHARED = PROJECT.parent / "shared"
CATALOGUE = PROJECT / "corpus" / "catalogue.toml"
WORKS = {
    "000": "mouer-sister-cities",
    "001": "hatch-production-networks",
    "002": "iguchi-migration",
    "003": "stratfor-city-diplomacy",
    "004": "dobrinskaya-soft-power",
}

full_texts = pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="the full texts are not beside the project")
pytestmark = [pytest.mark.shared, full_texts]
count_pieces = cache(lambda text: minilm().count_pieces(text))


def file_of(number: str) -> Path:
    return next((SHARED / "corpus").glob(f"{number}_*.txt"))


SIZES = Sizes(120, MINILM_LIMIT, count_pieces)


def described(path: Path) -> tuple[Reading, Document]:
    reading = read_plain(path)
    return reading, describe(path, "0" * 64, reading, load_catalogue(CATALOGUE))


@cache
def work(number: str) -> tuple[Reading, Document, list[Passage]]:
    reading, document = described(file_of(number))
    return reading, document, split(document, reading.text, blocks_of(reading), SIZES)


@cache
def note(name: str) -> tuple[Reading, Document, list[Passage]]:
    reading, document = described(PROJECT / "corpus" / "notes" / name)
    return reading, document, note_passages(document, reading, SIZES)


def gold() -> Iterator[tuple[str, str, str]]:
    """(question's id, work's number, evidence) of each quotation; those of several works once for each."""
    path = SHARED / "gold" / "answerable.jsonl"
    for line in path.read_text(encoding="utf-8").split("\n") if path.is_file() else ():
        if line:
            row = json.loads(line)
            yield from ((row["id"], "/".join(row["doc"]), evidence) for evidence in row["evidence"])


# --- recognised ---


def hyphenated(text: str) -> str:
    """Wrapped at 60 columns, with a long word at the end of a line broken by a hyphen."""
    lines, line = [], ""
    for word in text.split():
        room = 59 - len(line)
        if len(word) > room > 4 and len(word) > 6 and word.isalpha():
            lines.append(f"{line} {word[: room - 1]}-")
            line = word[room - 1 :]
        elif len(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


def upper_headings(text: str) -> str:
    return "\n".join(line.upper() if len(line.split()) < 12 else line for line in text.split("\n"))


DRESSES = {
    "renamed": lambda text: text,
    "wrapped": lambda text: "\n\n".join(textwrap.fill(part, 60) for part in text.split("\n\n")),
    "hyphenated": hyphenated,
    "upper case": upper_headings,
    "crlf": lambda text: text.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("number", WORKS)
def test_a_work_is_recognised_by_its_content(number, dress, tmp_path):
    path = tmp_path / "scan 17.txt"
    path.write_bytes(DRESSES[dress](work(number)[0].text).encode())
    document = describe(path, "0" * 64, read_plain(path), load_catalogue(CATALOGUE))
    assert (document.id, document.kind, document.described_by) == (WORKS[number], "full text", "the catalogue")


@pytest.mark.parametrize("number", WORKS)
def test_a_work_is_recognised_when_printed_to_pdf(number, tmp_path):
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    style = getSampleStyleSheet()["BodyText"]
    parts = [part for part in re.split(r"\n\s*\n", work(number)[0].text) if part.strip()]
    path = tmp_path / "print.pdf"
    latin = [part.encode("latin-1", "replace").decode("latin-1") for part in parts]
    SimpleDocTemplate(str(path)).build([Paragraph(escape(part), style) for part in latin])
    document = describe(path, "0" * 64, read(path), load_catalogue(CATALOGUE))
    assert document.id == WORKS[number]
    assert document.pages[0].number == 1


@pytest.mark.parametrize("number", WORKS)
def test_a_tenth_of_a_work_is_not_the_work(number, tmp_path):
    text = work(number)[0].text
    path = tmp_path / f"{WORKS[number]}.txt"
    path.write_text(text[: len(text) // 10], encoding="utf-8")
    assert describe(path, "ab" * 32, read_plain(path), load_catalogue(CATALOGUE)).id.endswith("-abababab")


def test_all_works_in_one_file_are_none_of_them():
    catalogue = load_catalogue(CATALOGUE)
    assert catalogue.recognise("\n\n".join(work(number)[0].text for number in WORKS)) is None


@pytest.mark.parametrize("name", [f"{work}.md" for work in WORKS.values()])
def test_the_text_of_a_note_is_not_taken_for_the_work(name):
    assert load_catalogue(CATALOGUE).recognise(note(name)[0].text) is None


# --- read without loss ---


@pytest.mark.parametrize(("number", "evidence"), [(number, evidence) for _, number, evidence in gold()])
def test_gold_evidence_stands_in_one_passage_or_runs_over_neighbours(number, evidence):
    wanted = normalise(evidence)
    assert wanted
    places = [place for doc in number.split("/") for place in found_in(wanted, work(doc)[2])]
    assert places, "not in any passage, nor in passages that follow each other"


def found_in(wanted: str, passages: list[Passage]) -> list[str]:
    whole = [passage.id for passage in passages if wanted in normalise(passage.text)]
    if whole:
        return whole
    seen: set[tuple[tuple[int, int], ...]] = set()
    flow = ""
    for passage in passages:
        for unit in passage.units:
            if unit.segments not in seen:
                seen.add(unit.segments)
                flow += normalise(unit.text)
    return ["neighbours"] if wanted in flow else []


def test_there_are_271_quotations():
    assert len(list(gold())) == 271


@pytest.mark.parametrize("number", WORKS)
def test_no_passage_is_too_long_and_none_is_lost(number):
    reading, document, passages = work(number)
    assert max(passage.pieces for passage in passages) <= MINILM_LIMIT
    assert max(count_pieces(unit.text) for passage in passages for unit in passage.units) <= MINILM_LIMIT
    assert unresolved(reading.text, passages) == []
    ids = [passage.id for passage in passages]
    assert len(ids) == len(set(ids))
    assert all(identifier.startswith(f"{document.id}#") for identifier in ids)


@pytest.mark.parametrize("number", ["000", "001", "002"])
def test_everything_but_list_marks_and_rules_stands_in_a_unit(number):
    reading, _, passages = work(number)
    assert [part for part in uncovered(reading.text, reading, passages) if not re.fullmatch(r"[-*\s]+", part)] == []


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("003", ("Connected Content", "Regions & Countries", "Article Search", "All rights reserved", "To empower")),
        ("004", ("Menu", "arrow", "Печать", "E-mail", "Пред.", "След.", "Институт")),
    ],
)
def test_no_web_menu_or_footer_in_any_passage(number, words):
    text = "\n".join(passage.text for passage in work(number)[2])
    assert [word for word in words if word in text] == []


SECTIONS = {
    "000": ("", "1.", "2.", "3.", "4.", "4. › 4.1.", "4. › 4.2.", "5."),
    "001": (
        *("", "Introduction", "1.", "2.", "3.", "3. › Government-business", "3. › Business-Business", "3. › Management"),
        *("4.", "5.", "6.", "Footnotes"),
    ),
    "002": (
        *("", "Abstract", "I.", "II.", "III.", "IV. › IV-1.", "IV. › IV-2.", "IV. › IV-3.", "V."),
        *("VI. › VI-1.", "VI. › VI-2.", "VI. › VI-3.", "VII.", "Reference"),
    ),
    "003": ("", "Attempts", "Masuzoe's", "Wang's"),
    "004": ("",),
}


@pytest.mark.parametrize("number", WORKS)
def test_section_paths_are_as_printed(number):
    paths = dict.fromkeys(passage.section for passage in work(number)[2])
    assert tuple(" › ".join(title.split(" ")[0] for title in path.split(" › ")) for path in paths) == SECTIONS[number]


def test_a_heading_over_two_lines_and_one_with_a_question_mark():
    sections = {passage.section for passage in work("000")[2]}
    assert any(path.startswith("4. ") and path.endswith("Constituencies") for path in sections)
    assert any(path.startswith("2. ") and path.endswith("?") for path in sections)


# --- tables and notes ---


TABLES = {"000": [], "001": [1, 2, 3, 4, 5], "002": [1, 2, 3, 4, 5, 6, "Annex", 7, 8, 9, 10], "003": [], "004": []}


@pytest.mark.parametrize(("number", "tables"), TABLES.items())
def test_tables_with_their_captions_headers_and_sources(number, tables):
    reading, _, passages = work(number)
    found = [block.table for block in blocks_of(reading) if block.kind == "table" and block.table]
    captions = [" ".join(normalise(reading.text[start:end]) for start, end in table.caption) for table in found]
    wanted = [f"Table{name}" if name != "Annex" else "AnnexTable" for name in tables]
    assert [caption.startswith(name) for caption, name in zip(captions, wanted, strict=True)] == [True] * len(tables)
    assert all(table.header and table.rows for table in found)
    assert all(any("Source:" in reading.text[start:end] for start, end in table.notes) for table in found)
    rows = [unit for passage in passages if passage.kind == "table" for unit in passage.units if unit.kind == "row"]
    assert len(rows) >= sum(len(table.rows) for table in found)


def test_significance_stars_and_group_labels():
    rows = [unit.text for passage in work("002")[2] for unit in passage.units if unit.kind == "row"]
    assert any(re.search(r"\t0\.\d{3}\*\*\*(?:\t|$)", row) for row in rows)
    singapore = [row for row in rows if row.startswith("Singapore\t")]
    assert len([row for row in singapore if re.match(r"Singapore\t[A-Za-z ]+\t\d", row)]) == 5


@pytest.mark.parametrize(("number", "notes"), [("001", 143), ("002", 7)])
def test_every_marker_points_to_its_note(number, notes):
    reading, _, passages = work(number)
    labels = [block.label for block in blocks_of(reading) if block.kind == "footnote"]
    assert sorted(map(int, labels)) == list(range(1, notes + 1))
    linked = {target for passage in passages for target in passage.notes}
    feet = {passage.id for passage in passages if passage.kind == "footnote"}
    assert linked == feet
    assert all(passage.context for passage in passages if passage.kind == "footnote")


def test_bracketed_notes_of_which_two_share_a_line():
    reading, _, passages = work("004")
    labels = [int(block.label) for block in blocks_of(reading) if block.kind == "footnote"]
    assert labels == [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 17, 18, 19]
    assert len({target for passage in passages for target in passage.notes}) == 17


def test_circled_numbers_are_kept():
    text = " ".join(passage.text for passage in work("002")[2])
    assert "①→②→③" in text
    assert "①→②(→④)" in text


# --- the study notes ---


@pytest.mark.parametrize("work", WORKS.values())
def test_both_editions_of_a_note_are_cut_alike_and_nothing_of_them_is_lost(work):
    first, first_document, first_passages = note(f"{work}.md")
    other, document, _ = note(f"{work}.ja.md")
    other_passages = edition_passages(document, other, first_passages, SIZES)
    assert (document.edition_of, document.language) == (first_document.id, "ja")
    for reading, passages in ((first, first_passages), (other, other_passages)):
        assert unresolved(reading.text, passages) == []
        assert max(passage.pieces for passage in passages) <= MINILM_LIMIT
        units = [unit for passage in passages for unit in passage.units]
        assert {unit.key for unit in units if unit.kind in ("sentence", "caption")} == set(
            re.findall(r"#(\w+)\]$", reading.text, re.M)
        )
        assert all(unit.locator and unit.key for unit in units)
        assert not any(re.search(r"\[\S+#\w+\]", passage.text) for passage in passages)
    assert {unit.key for passage in other_passages for unit in passage.units} == {u.key for p in first_passages for u in p.units}


@pytest.mark.parametrize(("name", "tables"), [("hatch-production-networks.md", 14), ("iguchi-migration.md", 22)])
def test_a_notes_tables_have_caption_and_header(name, tables):
    found = [passage for passage in note(name)[2] if passage.kind == "table"]
    assert len({unit.text for passage in found for unit in passage.units if unit.kind == "caption"}) == tables
    for passage in found:
        kinds = [unit.kind for unit in passage.units]
        # A caption that leaves no room for a row with its header is a passage of its own.
        assert kinds == ["caption"] or (kinds.count("header"), kinds[-1]) == (1, "row")
        assert {unit.key.split(".")[0] for unit in passage.units} == {passage.units[0].key.split(".")[0]}
