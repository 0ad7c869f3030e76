"""The catalogue: recognition by content, facts of known and unknown works, and errors that say what to mend."""

from __future__ import annotations

import random
import textwrap
from pathlib import Path

import pytest

from askjapan.documents.facts.catalogue import SKETCH_SIZE, Catalogue, Work, describe, load_catalogue, run_hashes, sketch
from askjapan.documents.facts.title_page import first_page
from askjapan.errors import CatalogueError
from askjapan.readings import Reading

_chance = random.Random(7)
VOCABULARY = ["".join(_chance.choices("abcdefghijklmnopqrstuvwxyz", k=_chance.randint(2, 9))) for _ in range(700)]


def work_text(seed: int, words: int = 1_500) -> str:
    """Sentences of random words, the same ones in each run."""
    chance = random.Random(seed)
    found = [chance.choice(VOCABULARY) for _ in range(words)]
    return " ".join(" ".join(found[i : i + 12]).capitalize() + "." for i in range(0, words, 12))


def catalogue_of(*texts: str) -> Catalogue:
    works = (
        Work(f"work-{n}", f"Work {n}", ("M. Okada",), ("ports",), "en", sketch=frozenset(sketch(t))) for n, t in enumerate(texts)
    )
    return Catalogue({work.id: work for work in works})


def hyphenated(text: str, width: int = 60) -> str:
    """Wrapped at a width with words broken at the ends of lines."""
    lines, line = [], ""
    for word in text.split():
        room = width - len(line) - 1
        if len(word) > room > 3 and len(word) > 5 and word.isalpha():
            lines.append(f"{line} {word[: room - 1]}-")
            line = word[room - 1 :]
        elif len(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


FIRST, SECOND = work_text(1), work_text(2)
KNOWN = catalogue_of(FIRST, SECOND)


def found(text: str) -> str | None:
    work = KNOWN.recognise(text)
    return work.id if work else None


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        str.upper,
        lambda text: textwrap.fill(text, 60),
        lambda text: textwrap.fill(text, 60).replace("\n", "\r\n"),
        lambda text: textwrap.fill(text, 72).replace("\n", "\n\n"),
        hyphenated,
        lambda text: hyphenated(text, 22),
        lambda text: text.replace(".", " ;").replace(" ", "\u3000"),
        lambda text: text.replace("a", "ａ"),
        lambda text: "A cover page of the library.\n" * 20 + text,
        lambda text: "\n".join(f"{line}\n{n} HARBOUR PRESS" for n, line in enumerate(textwrap.wrap(text, 900))),
        lambda text: text[: len(text) * 7 // 10],
    ],
)
def test_a_work_is_recognised_by_its_content(change):
    assert found(change(FIRST)) == "work-0"
    assert found(change(SECOND)) == "work-1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Six words are not enough here.",
        work_text(3),
        FIRST[: len(FIRST) // 10],
        "About the first work. " + FIRST[:1_000],
        work_text(4, 4_000) + FIRST,
        " ".join(reversed(FIRST.split())),
    ],
)
def test_anything_else_is_not(text):
    assert found(text) is None


def test_a_sketch_is_an_even_sample_that_cannot_be_read_back():
    hashes = sketch(FIRST)
    assert len(hashes) == SKETCH_SIZE == len(set(hashes))
    assert hashes == sorted(run_hashes(FIRST))[:SKETCH_SIZE]
    assert all(len(item) == 12 and int(item, 16) >= 0 for item in hashes)
    assert sketch("too short") == []


def test_runs_are_blind_to_case_width_and_punctuation():
    assert run_hashes("One two, three four five six!") == run_hashes("ＯＮＥ two three\nfour (five) six") != frozenset()
    assert run_hashes("one two three four five") == frozenset()


# --- the file ---

ENTRY = """[[work]]
id = "ports"
title = "Ports and Towns"
authors = ["Mari Okada", "Jun Seto"]
year = 1997
date = "1997-05-02"
venue = "Harbour Papers 3"
language = "en"
themes = ["ports", "towns"]
sketch = ["0011", "0022"]

[[work]]
id = "fields"
title = "Fields"
authors = ["Ren Abe"]
themes = ["fields", "ports"]
"""


def test_load_catalogue(tmp_path):
    path = tmp_path / "catalogue.toml"
    path.write_text(ENTRY, encoding="utf-8")
    catalogue = load_catalogue(path)
    assert catalogue.works["ports"] == Work(
        id="ports",
        title="Ports and Towns",
        authors=("Mari Okada", "Jun Seto"),
        themes=("ports", "towns"),
        language="en",
        year=1997,
        date="1997-05-02",
        venue="Harbour Papers 3",
        sketch=frozenset({"0011", "0022"}),
    )
    assert catalogue.works["fields"].year is None
    assert catalogue.works["fields"].language == "en"
    assert catalogue.themes == ("ports", "towns", "fields")
    assert catalogue.recognise("anything at all that is long enough to have runs") is None


def test_a_missing_catalogue_is_empty(tmp_path):
    assert load_catalogue(tmp_path / "none.toml") == Catalogue({})


@pytest.mark.parametrize(
    "toml",
    [
        "[[work",
        "work = 3",
        "[[work]]\ntitle = 'x'",
        ENTRY.replace('["Mari Okada", "Jun Seto"]', '"Mari Okada"'),
        ENTRY.replace("1997\n", '"1997"\n'),
        ENTRY.replace('themes = ["fields", "ports"]', ""),
    ],
)
def test_a_broken_catalogue_is_an_error_that_names_the_file(tmp_path, toml):
    path = tmp_path / "catalogue.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"catalogue\.toml cannot be used.*Mend that entry\."):
        load_catalogue(path)


# --- describing a file ---


def described(text: str, name: str = "a_file.txt", **facts: object):
    return describe(Path(name), "ab" * 32, Reading(text, **facts), KNOWN)  # type: ignore[arg-type]


def test_a_recognised_full_text_takes_its_facts_from_the_catalogue():
    document = described(FIRST, name="scan 17.txt", facts={"title": "Untitled", "year": "2020"}, facts_from="PDF metadata")
    assert (document.id, document.title, document.authors, document.year) == ("work-0", "Work 0", ("M. Okada",), None)
    assert (document.kind, document.described_by, document.format) == ("full text", "the catalogue", "txt")
    assert (document.characters, document.sha256, document.path) == (len(FIRST), "ab" * 32, "scan 17.txt")


def test_a_note_names_its_work():
    document = described("A note.", facts={"work": "work-1", "kind": "study note"}, facts_from="front matter")
    assert (document.id, document.title, document.kind) == ("work-1-note", "Work 1", "study note")


def test_a_note_on_an_unknown_work_is_an_error_with_a_remedy():
    with pytest.raises(CatalogueError, match=r"'work-9', which the catalogue does not hold\. Correct `work:`"):
        described("A note.", facts={"work": "work-9"})


def test_an_unknown_work_describes_itself():
    facts = {
        "title": "Ports: a Study",
        "authors": "Mari Okada; Jun Seto",
        "date": "May 1997",
        "language": "en-GB",
        "venue": "Press",
    }
    document = described("Ports.", facts=facts, facts_from="PDF metadata")
    assert document.id == "ports-a-study-abababab"
    assert (document.title, document.authors, document.year) == ("Ports: a Study", ("Mari Okada", "Jun Seto"), 1997)
    assert (document.language, document.venue, document.described_by) == ("en", "Press", "PDF metadata")


def test_without_facts_the_first_lines_speak():
    document = described("Ports and Towns\nof the North\n\nMari Okada and Jun Seto\nMay 1997\n\nShips came in.")
    assert (document.title, document.authors, document.year) == ("Ports and Towns of the North", ("Mari Okada", "Jun Seto"), 1997)
    assert document.described_by == "its first lines"


def test_without_any_line_the_file_name_speaks():
    document = described("1\n\n2\n\n3", name="old_ports.txt")
    assert (document.title, document.described_by, document.id) == ("old ports", "its file name", "old-ports-abababab")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ships came in.", "en"),
        ("港の船は1961年に来た。", "ja"),
        ("港口的船在一九六一年来了。", "zh"),
        ("Корабли пришли в порт.", "ru"),
        ("배가 항구에 들어왔다.", "ko"),
        ("", "en"),
    ],
)
def test_language_of_the_text(text, language):
    assert described(text).language == language


@pytest.mark.parametrize(
    ("text", "title", "authors", "year"),
    [
        ("Harbours:\nSister Ports\nin Our Century\n\nMari Okada", "Harbours: Sister Ports in Our Century", ("Mari Okada",), ""),
        ("# **Ports**\n\nby Mari Okada, Jun Seto & Ren Abe\n\nText.", "Ports", ("Mari Okada", "Jun Seto", "Ren Abe"), ""),
        ("港町の祭り\n著者：岡田まり\n2012年\n\n本文。", "港町の祭り", ("岡田まり",), "2012"),
        (
            "- 3 -\n\nPorts\n\nUniversity of the North\n\nShips came in, said Okada, in 1997, and nobody on the pier saw it.",
            "Ports",
            (),
            "",
        ),
        ("Ports\n\n8 min read Apr 23, 2014\n\nShips came in.", "Ports", (), "2014"),
        ("Ports\n\nJapan Foundation Bulletin\n\nShips", "Ports", (), ""),
        ("", "", (), ""),
    ],
)
def test_first_page(text, title, authors, year):
    page = first_page(Reading(text))
    assert (page.title, page.authors, page.year) == (title, authors, year)


def test_furniture_is_no_title():
    assert first_page(Reading("MENU\nPorts\n\nShips came in.", furniture=((0, 4),))).title == "Ports"


# --- where each fact is from ---


def test_each_fact_says_where_it_was_found():
    text = "Ports and Towns\n\nMari Okada\n\nhttps://doi.org/10.1080/09555803.2014.900001\n\nShips came in."
    document = described(text, facts={"title": "Ports", "year": "2019"}, facts_from="PDF metadata")
    assert (document.title, document.authors, document.year) == ("Ports", ("Mari Okada",), 2014)
    assert (document.doi, document.isbn, document.words) == ("10.1080/09555803.2014.900001", "", 9)
    assert document.sources == {
        "title": "PDF metadata",
        "authors": "its first lines",
        "year": "its DOI",
        "language": "the default: it has too few words to tell",
    }


def test_the_date_on_which_a_pdf_was_made_is_only_the_last_resort():
    made = {"title": "Ports", "year": "2019"}
    printed = described("Ports\nMay 1997\n\nShips came in.", facts=made, facts_from="PDF metadata")
    assert (printed.year, printed.sources["year"]) == (1997, "its first lines")
    bare = described("Ships came in.", facts=made, facts_from="PDF metadata")
    assert (bare.year, bare.sources["year"]) == (2019, "the date on which the PDF was made")
    page = described("Ports\nMay 1997\n\nShips came in.", facts=made, facts_from="front matter")
    assert (page.year, page.sources["year"]) == (2019, "front matter")


@pytest.mark.parametrize("title", ["Contents", "目次", "Harbour Papers, Vol. 3", "Abstract"])
def test_metadata_that_name_a_part_or_a_journal_are_no_title(title):
    document = described("Ports and Towns\nMari Okada\n\nShips came in.", facts={"title": title}, facts_from="PDF metadata")
    assert (document.title, document.described_by) == ("Ports and Towns", "its first lines")


def test_a_stated_language_gives_way_to_the_script():
    document = described("港の船は1961年に来た。", facts={"title": "港", "language": "en-US"}, facts_from="PDF metadata")
    assert (document.language, document.sources["language"]) == ("ja", "its script: 100 % kana and kanji")
    document = described("Ships came in.", facts={"title": "Ports", "language": "fr"}, facts_from="EPUB metadata")
    assert (document.language, document.sources["language"]) == ("fr", "EPUB metadata")


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("森　健二", ("森 健二",)),
        ("森健二・青海花子", ("森健二", "青海花子")),
        ("著者：森健二", ("森健二",)),
        ("森 健二 著", ("森 健二",)),
        ("森健二（青海大学）", ("森健二",)),
        ("森健二", ()),
        ("青海都市大学", ()),
        ("姉妹都市 交流", ()),
        ("平成二十年 三月", ()),
    ],
)
def test_japanese_names_under_a_title(line, authors):
    assert first_page(Reading(f"港の町の交流\n\n{line}\n\n二〇〇九年の協定について述べる。")).authors == authors
