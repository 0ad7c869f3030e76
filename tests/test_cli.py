"""The command line as a user meets it: what is printed where, how it ends, and that every failure is one sentence."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import askjapan as package
from askjapan.citations.verify import answer_of
from askjapan.documents.facts.catalogue import sketch
from askjapan.index.build import build
from askjapan.index.storage.manifest import read_manifest
from askjapan.index.storage.store import building_lock
from askjapan.records import Answer
from tests.documents.test_bibliography_files import make_zotero
from tests.support.commands import SOURCE, Ran, in_subprocess
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, TEA, Place, make_place
from tests.support.web_places import make_pdf

Askjapan = Callable[..., Ran]
QUESTION = "In which year did the town of Hoshino sign a letter of friendship with the Danish port of Vesterby?"
FERRIES = "Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n"

pytestmark = pytest.mark.usefixtures("fake_model")


@pytest.fixture
def built(place: Place) -> Place:
    """A home folder with the full text of one work, the note on the other, and their index."""
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    return place


def failed(ran: Ran, code: int = 1) -> str:
    """The one line on stderr of a command that failed, with nothing on stdout."""
    assert (ran.code, ran.out) == (code, ""), ran
    assert ran.err.endswith("\n")
    assert ran.err.count("\n") == 1, ran.err
    return ran.err.rstrip("\n")


# index


def test_index(askjapan: Askjapan, place: Place) -> None:
    ran = askjapan("index")
    assert ran.code == 0
    counts = r"Indexed 2 works in (\d+) passages \({} embedded, {} kept\) in \d+ s, into {}\."
    assert re.fullmatch(counts.format(r"\1", 0, place.index), ran.out.splitlines()[-1])
    assert "Traceback" not in ran.err
    ran = askjapan("index")
    assert re.fullmatch(counts.format(0, r"\1", place.index), ran.out.splitlines()[-1])


def test_index_other_folders(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    other = tmp_path / "資料 two"
    other.mkdir()
    (other / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    ran = askjapan("index", "--corpus", place.notes, "--corpus", other, "--index", tmp_path / "my index")
    assert ran.code == 0
    assert ran.out.splitlines()[-1].startswith("Indexed 3 works in ")
    assert len(read_manifest(tmp_path / "my index").documents) == 3
    assert not place.index.exists()


def test_index_reports_what_it_left_out_and_replaced(askjapan: Askjapan, place: Place) -> None:
    (place.works / "broken.pdf").write_bytes(b"nothing")
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    (place.works / "twin.txt").write_text(LANTERNS, encoding="utf-8")
    ran = askjapan("index")
    assert ran.code == 1
    assert "lanterns.txt takes the place of the study note lanterns.md.\n" in ran.out
    left_out = [line for line in ran.err.splitlines() if line.startswith("Left out: ")]
    assert len(left_out) == 2
    assert left_out[0].startswith("Left out: broken.pdf")
    assert left_out[1] == (
        f"Left out: {place.works / 'twin.txt'}: The same contents are in the corpus already, as {place.works / 'lanterns.txt'}."
    )


def test_index_if_stale(askjapan: Askjapan, place: Place) -> None:
    ran = askjapan("index", "--if-stale")
    assert ran.out.splitlines()[-1].startswith("Indexed 2 works")
    assert ran.err.startswith(f"Building the index. There is no index in {place.index}.\n")
    assert askjapan("index", "--if-stale") == Ran(0, f"The index in {place.index} is up to date.\n", "")
    (place.works / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    ran = askjapan("index", "--if-stale")
    assert ran.err.startswith(f"Building the index. {place.works / 'ferries.txt'} is new.\n")
    assert ran.out.splitlines()[-1].startswith("Indexed 3 works")


def test_index_failures(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    assert askjapan("index", "--corpus", tmp_path / "none").err.splitlines()[-1] == (
        f"The corpus folder {tmp_path / 'none'} does not exist. Give an existing folder with --corpus."
    )
    (tmp_path / "empty").mkdir()
    ran = askjapan("index", "--corpus", tmp_path / "empty")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[-1] == f"There is nothing to index in {tmp_path / 'empty'}. Add files with `askjapan add FILE`."
    (tmp_path / "file").write_text("")
    ran = askjapan("index", "--index", tmp_path / "file" / "index")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[-1] == (
        f"The index folder {tmp_path / 'file' / 'index'} cannot be written to: Not a directory. "
        "Check its permissions and the space on the disk, or name another folder with --index."
    )
    with building_lock(place.index):
        ran = askjapan("index")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[-1] == f"Another build is writing to {place.index}. Wait for it to end, then try again."


def test_index_with_a_wrong_catalogue(askjapan: Askjapan, place: Place) -> None:
    place.catalogue.write_text("[[work]]\nid = 'a'\n")
    ran = askjapan("index")
    assert (ran.code, ran.out) == (1, "")
    assert f"The catalogue {place.catalogue} cannot be used" in ran.err.splitlines()[-1]


# The report


def row(out: str, name: str) -> list[list[str]]:
    """The lines of one file's row in a table, cell by cell."""
    lines = [[cell.strip() for cell in re.split("[│┃]", line)[1:-1]] for line in out.splitlines() if re.match("[│┃]", line)]
    first = next(number for number, cells in enumerate(lines) if cells[0] == name)
    last = next((number for number in range(first + 1, len(lines)) if lines[number][0]), len(lines))
    return lines[first:last]


def test_index_ends_with_a_table_of_how_each_file_was_read(askjapan: Askjapan, place: Place) -> None:
    (place.works / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    make_pdf(place.works / "lamps.pdf")
    (place.works / "broken.pdf").write_bytes(b"nothing")
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    ran = askjapan("index")
    assert ran.code == 1
    assert row(ran.out, "file") == [["file", "pages", "words", "taken as", "to be heeded"]]
    assert row(ran.out, "ferries.txt") == [
        ["ferries.txt", "", "10", "title: Ferries of Kujira (its first lines)", ""],
        ["", "", "", "authors: not found", ""],
        ["", "", "", "year: not found", ""],
        ["", "", "", "language: en (the default: it has too few words to tell)", ""],
    ]
    lamps = row(ran.out, "lamps.pdf")
    assert lamps[0] == ["lamps.pdf", "2, 2 with text", "56", "title: Lamps of Minato (PDF metadata)", ""]
    assert lamps[1][3] == "authors: Emi Hara (PDF metadata)"
    assert row(ran.out, "broken.pdf")[0][:4] == ["broken.pdf", "", "", ""]
    assert row(ran.out, "broken.pdf")[0][4].startswith("LEFT OUT: broken.pdf ")
    assert row(ran.out, "lanterns.md")[0][3:] == ["", f"Its full text is in the corpus: {place.works / 'lanterns.txt'}"]


def test_the_report_as_json(askjapan: Askjapan, place: Place) -> None:
    (place.works / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    (place.works / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    ran = askjapan("index", "--json")
    assert ran.code == 1
    data = json.loads(ran.out)
    assert (data["works"], data["index"]) == (3, str(place.index))
    files = {Path(file["path"]).name: file for file in data["files"]}
    assert list(files) == ["lanterns.md", "tea.md", "ferries.txt", "old.doc"]
    ferries = files["ferries.txt"]
    assert ferries["title"] == {"value": "Ferries of Kujira", "from": "its first lines"}
    assert ferries["year"] == {"value": None, "from": ""}
    assert (ferries["words"], ferries["pages"], ferries["warnings"], ferries["left_out"]) == (10, 0, [], "")
    assert ferries["id"].startswith("ferries-of-kujira-")
    assert (files["old.doc"]["id"], "title" in files["old.doc"]) == (None, False)
    assert files["old.doc"]["left_out"].startswith("old.doc has no reader. ")


def test_add_reports_the_files_that_were_given(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"nothing")
    (tmp_path / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    ran = askjapan("add", tmp_path / "bad.pdf", tmp_path / "ferries.txt")
    assert (ran.code, len(row(ran.out, "ferries.txt"))) == (1, 4)
    assert row(ran.out, "bad.pdf")[0][4].startswith("LEFT OUT: bad.pdf ")
    assert "tea.md" not in ran.out
    (tmp_path / "bells.txt").write_text(FERRIES.replace("40", "50"), encoding="utf-8")
    ran = askjapan("add", "--json", tmp_path / "bells.txt")
    data = json.loads(ran.out)
    assert (ran.code, [file["path"] for file in data["files"]]) == (0, [str(place.works / "bells.txt")])
    ran = askjapan("add", "--json", tmp_path / "bells.txt")
    data = json.loads(ran.out)
    assert (ran.code, data["index"]) == (1, None)
    assert data["files"][0]["left_out"].startswith("bells.txt is in the corpus already, as ")


# add, list, remove


def test_add_list_remove(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    inbox = tmp_path / "in box"
    inbox.mkdir()
    (inbox / "私の論文.txt").write_text(LANTERNS, encoding="utf-8")
    (inbox / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    ran = askjapan("add", inbox)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "Added ferries.txt: Ferries of Kujira (described by its first lines)."
    assert lines[1] == "Added 私の論文.txt: The Lantern Towns of Hoshino Bay (described by the catalogue)."
    assert lines[2] == "私の論文.txt takes the place of the study note lanterns.md."
    assert lines[-1].startswith("Indexed 3 works in ")
    listed = json.loads(askjapan("list", "--json").out)
    assert {work["id"]: work["kind"] for work in listed if not work["id"].startswith("ferries")} == {
        "aoba-tea-note": "study note",
        "hoshino-lanterns": "full text",
    }
    ferries = next(work["id"] for work in listed if work["id"].startswith("ferries-of-kujira-"))
    table = askjapan("list").out
    assert ferries in table
    assert "The Lantern Towns of Hoshino Bay" in table
    ran = askjapan("remove", ferries)
    assert ran.out.splitlines()[0] == "Removed ferries.txt."
    assert ran.out.splitlines()[-1].startswith("Indexed 2 works in ")
    ran = askjapan("remove", "私の論文.txt")
    assert ran.out.splitlines()[0] == "Removed 私の論文.txt."
    assert "hoshino-lanterns-note" in {work["id"] for work in json.loads(askjapan("list", "--json").out)}


def test_add_goes_on_after_a_bad_file_and_says_so_at_the_end(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"nothing")
    (tmp_path / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    ran = askjapan("add", tmp_path / "bad.pdf", tmp_path / "ferries.txt")
    assert ran.code == 1
    assert "bad.pdf" in ran.err.splitlines()[0]
    assert ran.out.splitlines()[0].startswith("Added ferries.txt: ")
    assert ran.out.splitlines()[-1].startswith("Indexed 3 works in ")


def test_add_failures(askjapan: Askjapan, built: Place, tmp_path: Path) -> None:
    before = (built.index / "CURRENT").read_text()
    (tmp_path / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    # A wrong path among good ones: nothing is copied.
    assert failed(askjapan("add", tmp_path / "ferries.txt", tmp_path / "none.txt")) == (
        f"{tmp_path / 'none.txt'} names no file that askjapan could read. Check the path."
    )
    assert not (built.works / "ferries.txt").exists()
    (tmp_path / "twin.txt").write_text(LANTERNS, encoding="utf-8")
    assert failed(askjapan("add", tmp_path / "twin.txt")) == (
        f"twin.txt is in the corpus already, as {built.works / 'lanterns.txt'}. "
        "Nothing was changed; `askjapan list` shows what is there."
    )
    # Nothing was added, so nothing was built.
    assert (built.index / "CURRENT").read_text() == before


@pytest.mark.parametrize("name", ["aoba-tea-note", "../notes/tea.md", "nobody"])
def test_remove_failures(name: str, askjapan: Askjapan, built: Place) -> None:
    assert failed(askjapan("remove", name)) == (
        f"There is no work {name!r} among the files that you added. `askjapan list` shows the ids."
    )


def test_remove_works_without_an_index(askjapan: Askjapan, place: Place) -> None:
    (place.works / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    ran = askjapan("remove", "ferries.txt")
    assert ran.code == 0
    assert ran.out.startswith("Removed ferries.txt.\nIndexed 2 works in ")


# Bibliographies

HARBOUR = """@book{okada, title = {Ferries of the Kujira Strait}, author = {Okada, Mari}, year = 1987,
file = {ferries.txt;missing.pdf}}"""


def test_a_bibliography_gives_the_facts_and_names_the_files(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    (tmp_path / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    (tmp_path / "harbour.bib").write_text(HARBOUR, encoding="utf-8")
    ran = askjapan("add", "--bibliography", tmp_path / "harbour.bib")
    assert ran.code == 1
    assert ran.out.splitlines()[0] == "Added ferries.txt: Ferries of the Kujira Strait (described by harbour.bib)."
    assert row(ran.out, "missing.pdf")[0][4].startswith(f"LEFT OUT: {tmp_path / 'missing.pdf'} could not be copied: ")
    for out in (ran.out, askjapan("index").out):
        assert [cells[3] for cells in row(out, "ferries.txt")[:3]] == [
            "title: Ferries of the Kujira Strait (harbour.bib)",
            "authors: Mari Okada (harbour.bib)",
            "year: 1987 (harbour.bib)",
        ]


def test_a_bibliography_describes_what_is_there_already_but_not_what_a_hand_has_set(
    askjapan: Askjapan, place: Place, tmp_path: Path
) -> None:
    (tmp_path / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    assert askjapan("add", tmp_path / "ferries.txt").code == 0
    assert askjapan("edit", "ferries.txt", "--year", "1986").code == 0
    (tmp_path / "harbour.bib").write_text(HARBOUR, encoding="utf-8")
    ran = askjapan("add", tmp_path / "ferries.txt", "--bibliography", tmp_path / "harbour.bib")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == (
        "Already in the corpus, and now described: ferries.txt: Ferries of the Kujira Strait (described by harbour.bib)."
    )
    assert [cells[3] for cells in row(ran.out, "ferries.txt")[:3]] == [
        "title: Ferries of the Kujira Strait (harbour.bib)",
        "authors: Mari Okada (harbour.bib)",
        "year: 1986 (you)",
    ]


def test_files_of_a_zotero_library_bring_their_facts(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    make_zotero(tmp_path / "Zotero").write_text(FERRIES, encoding="utf-8")
    ran = askjapan("add", tmp_path / "Zotero" / "storage")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "Added Okada 1987.txt: Ferries of Kujira (described by zotero.sqlite).")
    assert row(ran.out, "Okada 1987.txt")[1][3] == "authors: Mari Okada; Harbour Institute (zotero.sqlite)"


def test_nothing_to_add(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    assert failed(askjapan("add")) == "No file was given. Give files, folders or globs, or a bibliography that names files."
    (tmp_path / "a.bib").write_text("@book{a, title = {Bells}}", encoding="utf-8")
    assert (
        failed(askjapan("add", "--bibliography", tmp_path / "a.bib"))
        == f"{tmp_path / 'a.bib'} names no files. Give the files as well."
    )


# What is not in the index


def test_nothing_that_was_added_is_out_of_sight(askjapan: Askjapan, built: Place) -> None:
    assert "not in the index" not in askjapan("list").out
    (built.works / "new one.txt").write_text(FERRIES, encoding="utf-8")
    (built.works / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (built.works / "lanterns.txt").write_text(LANTERNS + "\nOne more line.\n", encoding="utf-8")
    (built.works / ".half.pdf.part").write_bytes(b"%PDF")
    (built.works / "gone.pdf.facts.json").write_text('{"format": "askjapan facts 1"}', encoding="utf-8")
    out = askjapan("list").out
    assert row(out, str(built.works / "new one.txt")) == [
        [
            str(built.works / "new one.txt"),
            "It came after the index was built.",
            '`askjapan index` puts it into the index; `askjapan remove "new one.txt"` deletes it.',
        ]
    ]
    assert row(out, str(built.works / "lanterns.txt"))[0][1:] == [
        "It has changed since the index was built, which holds it as it was.",
        "`askjapan index` puts it into the index as it is now; `askjapan remove lanterns.txt` deletes it.",
    ]
    assert row(out, str(built.works / "old.doc"))[0][2] == "`askjapan remove old.doc` deletes it."
    assert row(out, str(built.works / ".half.pdf.part"))[0][1:] == [
        "Adding it was interrupted, and this is a part of it.",
        "`askjapan doctor --mend` puts it in order, or delete it; then add the file again.",
    ]
    assert row(out, str(built.works / "gone.pdf.facts.json"))[0][1] == "These facts belong to gone.pdf, which is not there."
    listed = json.loads(askjapan("list", "--json").out)
    assert [Path(entry["path"]).name for entry in listed if not entry["indexed"]] == [
        "lanterns.txt",
        "new one.txt",
        "old.doc",
        ".half.pdf.part",
        "gone.pdf.facts.json",
    ]
    assert {entry["id"] for entry in listed if entry["indexed"]} == {"hoshino-lanterns", "aoba-tea-note"}


def test_a_file_that_was_left_out_is_listed_with_the_reason_and_can_be_removed(askjapan: Askjapan, built: Place) -> None:
    (built.works / "broken.pdf").write_bytes(b"nothing")
    assert askjapan("index").code == 1
    why, remedy = row(askjapan("list").out, str(built.works / "broken.pdf"))[0][1:]
    assert why.startswith("broken.pdf is not a PDF.")
    assert remedy == "Mend it and run `askjapan index`, or `askjapan remove broken.pdf` deletes it."
    assert askjapan("remove", "broken.pdf").code == 0
    assert "not in the index" not in askjapan("list").out


def test_list_without_an_index_shows_what_waits_for_one(askjapan: Askjapan, place: Place) -> None:
    ran = askjapan("list")
    assert (ran.code, ran.err) == (1, f"There is no index in {place.index}. Build it with `askjapan index`.\n")
    assert row(ran.out, str(place.notes / "tea.md"))[0][1:] == [
        "There is no index yet.",
        "`askjapan index` puts it into the index; delete the file to be rid of it.",
    ]


def test_an_interrupted_add_loses_nothing(
    askjapan: Askjapan, built: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ferries.txt").write_text(FERRIES, encoding="utf-8")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("askjapan.index.build.embed", interrupted)
        ran = askjapan("add", tmp_path / "ferries.txt")
    assert ran.code == 130
    assert f"Stopped. What was added lies in {built.works}; `askjapan index` puts it into the index.\n" in ran.err
    assert row(askjapan("list").out, str(built.works / "ferries.txt"))[0][1] == "It came after the index was built."
    assert askjapan("index", "--if-stale").out.splitlines()[-1].startswith("Indexed 3 works in ")
    assert "not in the index" not in askjapan("list").out


# edit


def test_a_corrected_fact_survives_a_rebuild_and_reaches_every_citation(
    askjapan: Askjapan, built: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKJAPAN_THRESHOLD", "0")
    ran = askjapan(
        "edit", "hoshino-lanterns", "--title", "Lanterns  of Hoshino", "--authors", "Ren Abe; Emi Hara", "--year", "1998"
    )
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "Kept what you gave for lanterns.txt beside it."
    (built.works / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    assert askjapan("index").code == 0
    answer = json.loads(askjapan("ask", QUESTION, "--json").out)
    cited = [citation for sentence in answer["sentences"] for citation in sentence["citations"]]
    assert {(c["document_id"], c["title"], tuple(c["authors"]), c["year"]) for c in cited if "lanterns" in c["path"]} == {
        ("hoshino-lanterns", "Lanterns of Hoshino", ("Ren Abe", "Emi Hara"), 1998)
    }
    assert "Ren Abe, Emi Hara, Lanterns of Hoshino (1998)" in askjapan("ask", QUESTION).out
    data = json.loads((built.works / "lanterns.txt.facts.json").read_text(encoding="utf-8"))
    assert data["title"] == {"value": "Lanterns of Hoshino", "from": "you"}
    assert askjapan("edit", "lanterns.txt", "--title", "", "--year", "").code == 0
    listed = {work["id"]: work for work in json.loads(askjapan("list", "--json").out)}
    assert listed["hoshino-lanterns"]["title"] == "The Lantern Towns of Hoshino Bay"
    assert (listed["hoshino-lanterns"]["year"], listed["hoshino-lanterns"]["authors"]) == (2006, ["Ren Abe", "Emi Hara"])
    assert listed["hoshino-lanterns"]["sources"]["authors"] == "you"
    assert askjapan("remove", "lanterns.txt").code == 0
    assert {path.name for path in built.works.iterdir()} == {"README.md", "ferries.txt"}


def test_facts_changed_beside_a_file_make_the_index_stale(askjapan: Askjapan, built: Place) -> None:
    facts = {"format": "askjapan facts 1", "title": {"value": "Lanterns", "from": "you"}}
    (built.works / "lanterns.txt.facts.json").write_text(json.dumps(facts), encoding="utf-8")
    ran = askjapan("index", "--if-stale")
    assert ran.err.startswith(f"Building the index. {built.works / 'lanterns.txt.facts.json'} is new.\n")
    assert row(ran.out, "lanterns.txt")[0][3] == "title: Lanterns (you)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("hoshino-lanterns",), "Nothing to correct was given. Give a title, authors or a year."),
        (("hoshino-lanterns", "--year", "last"), "'last' is no year. Give four digits, such as 2004."),
        (("nobody", "--year", "2004"), "There is no work 'nobody'. `askjapan list` shows the ids."),
        (("../notes/tea.md", "--year", "2004"), "There is no work '../notes/tea.md'. `askjapan list` shows the ids."),
    ],
)
def test_edit_failures(arguments: tuple[str, ...], message: str, askjapan: Askjapan, built: Place) -> None:
    assert failed(askjapan("edit", *arguments)) == message
    assert not list(built.corpus.rglob("*.facts.json"))


def test_tables_show_brackets_and_long_cells_whole(askjapan: Askjapan, place: Place) -> None:
    title = "Harbours [draft] and [/red] other " + "long " * 40 + "words"
    (place.works / "a.md").write_text(f"---\ntitle: '{title}'\n---\n\n{FERRIES}", encoding="utf-8")
    assert askjapan("index").code == 0
    assert " ".join(title.split()) in askjapan("list").out


# ask, retrieve, verify


def test_ask(askjapan: Askjapan, built: Place) -> None:
    ran = askjapan("ask", QUESTION)
    assert (ran.code, ran.err) == (0, "")
    assert "Confidence " in ran.out
    assert "Traceback" not in ran.out


def test_ask_json_goes_on_to_verify(askjapan: Askjapan, built: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_THRESHOLD", "0")
    ran = askjapan("ask", QUESTION, "--json")
    assert (ran.code, ran.err) == (0, "")
    answer = answer_of(json.loads(ran.out))
    assert isinstance(answer, Answer)
    assert answer.question == QUESTION
    assert answer.citations
    file = tmp_path / "答え 1.json"
    file.write_text(ran.out, encoding="utf-8")
    ran = askjapan("verify", file)
    assert (ran.code, ran.err) == (0, "")
    count = len(answer.citations)
    assert ran.out.splitlines()[-1] == f"{count} of {count} citations verified."
    assert ran.out.splitlines()[0].startswith("[1] ok: ")
    (built.works / "lanterns.txt").write_text(LANTERNS.replace("1961", "1962"), encoding="utf-8")
    (built.notes / "tea.md").write_text("Other words.", encoding="utf-8")
    ran = askjapan("verify", file)
    assert ran.code == 1
    assert ran.out.splitlines()[-1] == f"0 of {count} citations verified."


def test_export(askjapan: Askjapan, built: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_THRESHOLD", "0")
    file = tmp_path / "answer.json"
    file.write_text(askjapan("ask", QUESTION, "--json").out, encoding="utf-8")
    markdown = askjapan("export", file)
    assert (markdown.code, markdown.err) == (0, "")
    assert QUESTION in markdown.out
    assert "[^1]" in markdown.out
    assert askjapan("export", file, "--to", "bibtex").out.startswith("@")
    assert json.loads(askjapan("export", file, "--to", "csl").out)[0]["title"]
    assert askjapan("export", file, "--to", "ris").out.startswith("TY  - ")
    monkeypatch.setenv("ASKJAPAN_THRESHOLD", "1")
    file.write_text(askjapan("ask", QUESTION, "--json").out, encoding="utf-8")
    assert askjapan("export", file, "--to", "ris").out.startswith("TY  - "), "the nearest fact is cited"
    assert "The nearest that the corpus says, which does not answer this:" in askjapan("export", file).out
    file.write_text(askjapan("ask", "Zebras, quartz and violins?", "--json").out, encoding="utf-8")
    assert failed(askjapan("export", file, "--to", "ris")) == (
        "No work is cited in these answers, so there is nothing to export as references. Use --to markdown."
    )
    assert "Not in this corpus" in askjapan("export", file).out
    file.write_text(askjapan("ask", "Hello", "--json").out, encoding="utf-8")
    assert failed(askjapan("export", file, "--to", "bibtex")).startswith("No work is cited in these answers")


def test_ask_with_filters_and_history(askjapan: Askjapan, built: Place) -> None:
    data = json.loads(askjapan("ask", QUESTION, "--theme", "migration", "--json").out)
    assert {hit["document"]["id"] for hit in data["hits"]} == {"aoba-tea-note"}
    data = json.loads(askjapan("ask", QUESTION, "--document", "hoshino-lanterns", "--json").out)
    assert {hit["document"]["id"] for hit in data["hits"]} == {"hoshino-lanterns"}
    earlier = "How much did Hoshino spend on exchanges with foreign towns in 1998?"
    data = json.loads(askjapan("ask", "And in 2004?", "--after", earlier, "--json").out)
    assert data["question"] == "And in 2004?"
    assert "Hoshino" in data["standalone_question"]


def test_retrieve(askjapan: Askjapan, built: Place) -> None:
    hits = json.loads(askjapan("retrieve", QUESTION, "-k", 2, "--json").out)
    assert [hit["rank"] for hit in hits] == [1, 2]
    assert set(hits[0]) == {"passage", "document", "score", "rank", "signals"}
    assert hits[0]["document"]["id"] == "hoshino-lanterns"
    ran = askjapan("retrieve", QUESTION, "-k", 1)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("1. Sachi Morikawa, The Lantern Towns of Hoshino Bay (2006)")
    assert hits[0]["passage"]["text"] in ran.out
    note = askjapan("retrieve", "tea pickers from Nepal", "-k", 1, "--theme", "migration").out
    assert note.startswith("1. Study note on: Kenji Ota, Tea Growers Without Borders (2016)")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("retrieve", QUESTION, "-k", 0), "k is 0; it must be at least 1. Ask for one passage or more."),
        (("retrieve", QUESTION, "-k", -3), "k is -3; it must be at least 1. Ask for one passage or more."),
        (
            ("ask", QUESTION, "--theme", "cooking"),
            "There is no theme 'cooking' in the index. Known are: migration, sister cities.",
        ),
        (
            ("ask", QUESTION, "--document", "nobody"),
            "There is no document 'nobody' in the index. Known are: aoba-tea-note, hoshino-lanterns.",
        ),
    ],
)
def test_questions_that_cannot_be_used(arguments: tuple[object, ...], message: str, askjapan: Askjapan, built: Place) -> None:
    assert failed(askjapan(*arguments)) == message


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question(question: str, askjapan: Askjapan, built: Place) -> None:
    assert "question" in failed(askjapan("ask", question)).lower()


@pytest.mark.parametrize("command", [("ask", "?"), ("retrieve", "?")])
def test_without_an_index(command: tuple[str, ...], askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    assert failed(askjapan(*command)) == f"There is no index in {place.index}. Build it with `askjapan index`."
    (tmp_path / "empty").mkdir()
    assert failed(askjapan(*command, "--index", tmp_path / "empty")) == (
        f"There is no index in {tmp_path / 'empty'}. Build it with `askjapan index`."
    )


def test_with_a_damaged_index(askjapan: Askjapan, built: Place) -> None:
    store = built.index / (built.index / "CURRENT").read_text().strip()
    (store / "passages.jsonl").unlink()
    assert failed(askjapan("ask", QUESTION)) == (
        f"The index in {built.index} lacks its file passages.jsonl. Build it with `askjapan index`."
    )
    assert askjapan("index").code == 0
    assert askjapan("ask", QUESTION).code == 0


def test_a_stale_index_answers_with_a_warning(askjapan: Askjapan, built: Place) -> None:
    (built.works / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    ran = askjapan("retrieve", QUESTION, "-k", 1, "--json")
    assert ran.code == 0
    assert json.loads(ran.out)[0]["document"]["id"] == "hoshino-lanterns"
    assert ran.err == (
        f"The index is not up to date. {built.works / 'ferries.txt'} is new. Run `askjapan index` to bring it up to date.\n"
    )


def test_a_corpus_folder_that_is_gone_is_told(askjapan: Askjapan, built: Place, tmp_path: Path) -> None:
    other = make_place(tmp_path / "other")
    index = tmp_path / "kept index"
    build([other.notes], index, HashEncoder(), catalogue=other.catalogue)
    for path in other.notes.iterdir():
        path.unlink()
    other.notes.rmdir()
    ran = askjapan("retrieve", QUESTION, "--index", index)
    assert ran.code == 0
    assert ran.err == (
        f"The index is not up to date. The corpus folder {other.notes} is gone. Run `askjapan index` to bring it up to date.\n"
    )


def test_an_index_of_other_settings_is_refused(askjapan: Askjapan, built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_PASSAGE_TOKENS", "90")
    assert failed(askjapan("ask", QUESTION)) == (
        f"The index in {built.index} does not fit the settings. It was built with passages of 120 tokens, the settings say 90. "
        "Build it with `askjapan index`."
    )


def test_answer_files_that_cannot_be_verified(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    assert failed(askjapan("verify", tmp_path / "none.json")).startswith(
        f"{tmp_path / 'none.json'} cannot be opened: No such file"
    )
    (tmp_path / "a.json").write_text("{}")
    assert str(tmp_path / "a.json") in failed(askjapan("verify", tmp_path / "a.json"))
    (tmp_path / "a.json").write_text("{")
    assert failed(askjapan("verify", tmp_path / "a.json")).startswith(f"{tmp_path / 'a.json'} is not JSON")


# eval and sketch


def questions(path: Path, *lines: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


GOLD = {"id": "a1", "question": QUESTION, "doc": ["000"], "type": "number", "answer_any": [["1961"]]}
UNANSWERABLE = {"id": "u1", "question": "Who won the sumo tournament in Osaka?", "kind": "off_topic"}


def test_eval(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    """The index holds notes only; the full texts beside it say which works the questions' names stand for."""
    assert askjapan("index").code == 0
    full_texts = tmp_path / "full texts"
    full_texts.mkdir()
    (full_texts / "000_ab12.txt").write_text(LANTERNS, encoding="utf-8")
    (full_texts / "001_cd34.txt").write_text(TEA, encoding="utf-8")
    one, two = questions(tmp_path / "質問.jsonl", GOLD), questions(tmp_path / "more.jsonl", UNANSWERABLE)
    ran = askjapan("eval", one, two, "--works", full_texts, "--json")
    assert ran.code == 0
    figures = json.loads(ran.out)
    assert list(figures["groups"]) == ["all", "en", "type: number"]
    assert figures["groups"]["all"]["questions"] == 2
    assert figures["groups"]["all"]["AR@500"] == 1
    assert figures["fingerprint"] == read_manifest(place.index).fingerprint
    table = askjapan("eval", one, two, "--works", full_texts).out
    assert re.search(r"AR@500\s*│\s*1\.000\s*│\s*1\.000\s*│\s*1\.000", table)


def test_eval_failures(askjapan: Askjapan, built: Place, tmp_path: Path) -> None:
    assert failed(askjapan("eval", tmp_path / "none.jsonl")) == (
        f"{tmp_path / 'none.jsonl'} cannot be read: No such file or directory. Check the path."
    )
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": "a", "question": "Q?"}\n{"id": "b"}\n')
    assert failed(askjapan("eval", broken)) == (
        f"{broken}, line 2: the field 'question' is missing. docs/evaluation.md gives the fields."
    )
    ran = askjapan("eval", questions(tmp_path / "q.jsonl", GOLD))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[-1] == (
        "Question a1 is about the work '000', which the index does not hold. "
        "Index that work first, or say with --works which works the names stand for."
    )
    assert failed(askjapan("eval", tmp_path / "q.jsonl", "--works", built.notes)).startswith(
        f"No file in {built.notes} is a work of"
    )


def test_sketch(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    file = tmp_path / "full text.txt"
    file.write_text(TEA, encoding="utf-8")
    ran = askjapan("sketch", file)
    assert (ran.code, ran.err) == (0, "")
    import tomllib

    assert tomllib.loads(ran.out) == {"sketch": sketch(TEA)}
    assert [line.count('"') for line in ran.out.splitlines()[1:-2]] == [16] * (len(ran.out.splitlines()) - 3)
    assert failed(askjapan("sketch", tmp_path / "none.txt")).startswith("none.txt cannot be opened: No such file or directory.")
    file.write_text("Too short.", encoding="utf-8")
    assert failed(askjapan("sketch", file)) == (
        "full text.txt has too few words to be recognised by. Give the full text of a work."
    )


# The user's own works where other folders are indexed


@pytest.fixture
def papers(place: Place, tmp_path: Path, fake_model: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of papers that the settings name as the corpus."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "tea.txt").write_text(TEA, encoding="utf-8")
    monkeypatch.setenv("ASKJAPAN_CORPUS", str(folder))
    return folder


def indexed(place: Place) -> list[str]:
    return [Path(document.path).name for document in read_manifest(place.index).documents]


def test_an_added_work_is_indexed_wherever_the_corpus_is(askjapan: Askjapan, place: Place, papers: Path, tmp_path: Path) -> None:
    (tmp_path / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    ran = askjapan("add", tmp_path / "ferries.txt")
    assert ran.code == 0
    assert "\nIndexed 2 works in " in ran.out
    assert (place.works / "ferries.txt").is_file()
    assert indexed(place) == ["tea.txt", "ferries.txt"]
    assert askjapan("index", "--if-stale").out == f"The index in {place.index} is up to date.\n"
    ran = askjapan("info")
    assert ran.out.endswith("The index is up to date.\n")
    assert str(place.works) in ran.out
    found = askjapan("retrieve", "How many cars does the ferry to Kujira carry?", "-k", 1, "--json")
    assert found.err == ""
    assert json.loads(found.out)[0]["document"]["path"] == str(place.works / "ferries.txt")
    assert askjapan("remove", "ferries.txt").code == 0
    assert indexed(place) == ["tea.txt"]
    assert askjapan("info").out.endswith("The index is up to date.\n")


def test_a_work_put_there_by_hand_makes_the_index_stale(askjapan: Askjapan, place: Place, papers: Path) -> None:
    assert askjapan("index").code == 0
    assert indexed(place) == ["tea.txt"]
    (place.works / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    told = f"{place.works / 'ferries.txt'} is new."
    assert askjapan("info").out.endswith(f"The index is stale. {told} Run `askjapan index`.\n")
    assert askjapan("list").code == 0
    assert told in askjapan("retrieve", "Who carries cars?").err
    assert askjapan("index", "--if-stale").err.startswith(f"Building the index. {told}\n")
    assert indexed(place) == ["tea.txt", "ferries.txt"]


def test_folders_named_on_the_command_line_are_indexed_alone(
    askjapan: Askjapan, place: Place, papers: Path, tmp_path: Path
) -> None:
    (place.works / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    index = tmp_path / "notes index"
    assert askjapan("index", "--corpus", place.notes, "--index", index).code == 0
    assert sorted(Path(document.path).name for document in read_manifest(index).documents) == ["lanterns.md", "tea.md"]
    ran = askjapan("index", "--corpus", place.notes, "--index", index, "--if-stale")
    assert ran == Ran(0, f"The index in {index} is up to date.\n", "")
    assert askjapan("retrieve", "Who signed a letter?", "--index", index).err == ""


def test_an_index_that_is_named_keeps_its_folders(
    askjapan: Askjapan, place: Place, fake_model: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, index = tmp_path / "my papers", tmp_path / "papers-index"
    folder.mkdir()
    (folder / "tea.txt").write_text(TEA, encoding="utf-8")
    assert askjapan("index", "--corpus", folder, "--index", index).code == 0
    launched: list[tuple[Path, ...]] = []
    monkeypatch.setattr("askjapan.web.launch", lambda settings, open_browser: launched.append(settings.corpus))
    assert askjapan("serve", "--index", index) == Ran(0, "", "")
    assert launched == [(folder,)]
    assert askjapan("info", "--index", index).out.endswith("The index is up to date.\n")
    (tmp_path / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    assert askjapan("add", tmp_path / "ferries.txt", "--index", index).code == 0
    assert [Path(document.path).name for document in read_manifest(index).documents] == ["tea.txt", "ferries.txt"]
    assert askjapan("remove", "ferries.txt", "--index", index).code == 0
    assert [Path(document.path).name for document in read_manifest(index).documents] == ["tea.txt"]


def test_twins_are_found_among_works_and_corpus(askjapan: Askjapan, place: Place, papers: Path, tmp_path: Path) -> None:
    ran = askjapan("add", papers / "tea.txt")
    assert ran.code == 1
    assert ran.err.startswith(f"tea.txt is in the corpus already, as {papers / 'tea.txt'}.")
    assert list(place.works.glob("*.txt")) == []


# info and settings


def test_info(askjapan: Askjapan, built: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_CONVERSATIONS", str(tmp_path / "chat.sqlite3"))
    (built.works / "broken.pdf").write_bytes(b"nothing")
    assert askjapan("index").code == 1
    ran = askjapan("info")
    assert (ran.code, ran.err) == (0, "")
    manifest = read_manifest(built.index)
    rows = dict(re.findall(r"│ (\S.*?)\s+│ (.*?)\s+│", ran.out))
    assert rows["fingerprint"] == manifest.fingerprint
    assert rows["encoder"] == f"hash-encoder ({HashEncoder.sha256[:12]})"
    assert rows["multilingual encoder"] == "none"
    assert (rows["documents"], rows["passages"]) == ("2", str(manifest.passages))
    assert rows["index folder"] == str(built.index)
    assert rows["corpus folders"] == str(built.corpus)
    assert rows["conversations file"] == str(tmp_path / "chat.sqlite3")
    assert rows["passage_tokens"] == "120"
    assert "broken.pdf" in rows[f"left out: {built.works / 'broken.pdf'}"]
    assert ran.out.endswith("The index is up to date.\n")
    (built.works / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    assert askjapan("info").out.endswith(f"The index is stale. {built.works / 'ferries.txt'} is new. Run `askjapan index`.\n")


def test_info_without_an_index_still_shows_the_settings(askjapan: Askjapan, place: Place) -> None:
    ran = askjapan("info")
    assert ran.code == 1
    assert "passage_tokens" in ran.out
    assert ran.err == f"There is no index in {place.index}. Build it with `askjapan index`.\n"


@pytest.mark.parametrize("command", [("index",), ("ask", "?"), ("info",), ("list",), ("serve",)], ids=lambda command: command[0])
def test_wrong_settings(command: tuple[str, ...], askjapan: Askjapan, built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    file = built.home / "askjapan.toml"
    file.write_text("port = \n")
    assert failed(askjapan(*command)) == f"{file} cannot be read: Invalid value (at line 1, column 8). Correct that file."
    file.unlink()
    monkeypatch.setenv("ASKJAPAN_PROT", "80")
    assert failed(askjapan(*command)) == (
        "The environment variable ASKJAPAN_PROT is not a setting of askjapan. Did you mean ASKJAPAN_PORT?"
    )


def test_a_wrong_port(askjapan: Askjapan, built: Place) -> None:
    assert failed(askjapan("serve", "--port", 70000)) == (
        "The value of the option 'port' cannot be used: input should be less than or equal to 65535 (given: 70000). "
        "Correct or remove it."
    )


@pytest.mark.parametrize(
    "arguments", [("retrieve", "?", "-k", "many"), ("nonsense",), ("ask",), ("ask", "?", "--nonsense"), ("serve", "--port", "x")]
)
def test_wrong_usage(arguments: tuple[str, ...], askjapan: Askjapan, place: Place) -> None:
    ran = askjapan(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: askjapan" in ran.err
    assert "Traceback" not in ran.err


# In a process of its own

COMMANDS = sorted(
    [
        "add",
        "ask",
        "check",
        "doctor",
        "edit",
        "eval",
        "export",
        "index",
        "info",
        "list",
        "matrix",
        "mentions",
        "password",
        "remove",
        "retrieve",
        "serve",
        "sketch",
        "verify",
    ]
)


def test_help_in_a_process(tmp_path: Path) -> None:
    ran = in_subprocess("-m", "askjapan", "--help", home=tmp_path, COLUMNS="120")
    assert (ran.returncode, ran.stderr) == (0, "")
    shown = re.findall(r"^│ (\w+) ", ran.stdout, re.MULTILINE)
    assert sorted(shown) == COMMANDS
    for command in COMMANDS:
        page = in_subprocess("-m", "askjapan", command, "--help", home=tmp_path)
        assert page.returncode == 0
        assert f"Usage: askjapan {command}" in page.stdout


def test_failures_in_a_process(tmp_path: Path) -> None:
    ran = in_subprocess("-m", "askjapan", "list", home=tmp_path / "家 folder")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"There is no index in {tmp_path / '家 folder' / 'index'}. Build it with `askjapan index`.\n"
    ran = in_subprocess("-m", "askjapan", "ask", "?", home=tmp_path, ASKJAPAN_THEME="x")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == ("The environment variable ASKJAPAN_THEME is not a setting of askjapan. Remove it.\n")


def test_japanese_goes_through_a_pipe_whatever_the_locale(built: Place, tmp_path: Path) -> None:
    (built.works / "灯籠 の町.txt").write_text(FERRIES, encoding="utf-8")
    build([built.corpus], built.index, HashEncoder(), catalogue=built.catalogue)
    for locale in ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}):
        ran = in_subprocess("-m", "askjapan", "list", "--json", home=built.home, **locale)
        assert ran.returncode == 0, ran.stderr
        assert str(built.works / "灯籠 の町.txt") in {work["path"] for work in json.loads(ran.stdout)}


@pytest.mark.skipif(os.name == "nt", reason="pipes close in another way there")
def test_a_reader_that_stops_early_is_no_error(built: Place) -> None:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "ASKJAPAN_HOME": str(built.home)}
    with subprocess.Popen(
        [sys.executable, "-m", "askjapan", "list", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        command.stdout.close()
        err = command.stderr.read().decode()
    assert "Traceback" not in err
    assert "Exception" not in err


@pytest.mark.model
def test_the_whole_way_with_the_real_model(tmp_path: Path) -> None:
    """Index, ask as JSON, verify: three processes, the real encoder, folders with spaces and Japanese letters."""
    place = make_place(tmp_path / "私の フォルダ")
    (place.works / "灯籠 の町.txt").write_text(LANTERNS, encoding="utf-8")
    options = {"home": place.home, "ASKJAPAN_MULTILINGUAL": "0"}
    ran = in_subprocess("-m", "askjapan", "index", **options)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0] == "灯籠 の町.txt takes the place of the study note lanterns.md."
    ran = in_subprocess("-m", "askjapan", "ask", QUESTION, "--json", **options)
    assert (ran.returncode, ran.stderr) == (0, "")
    data = json.loads(ran.stdout)
    assert data["answered"] is True
    first = data["sentences"][0]
    assert first["text"] == "In 1961 the town of Hoshino signed a letter of friendship with the Danish port of Vesterby."
    start = LANTERNS.index("In 1961")
    citation = first["citations"][0]
    assert (citation["start"], citation["end"]) == (start, start + len(first["text"]))
    assert (citation["marker"], citation["document_id"], citation["document_kind"]) == (1, "hoshino-lanterns", "full text")
    (tmp_path / "answer.json").write_text(ran.stdout, encoding="utf-8")
    ran = in_subprocess("-m", "askjapan", "verify", tmp_path / "answer.json", **options)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("[1] ok: The Lantern Towns of Hoshino Bay")


def test_the_installed_script_and_the_module_are_one() -> None:
    pyproject = (Path(package.__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert 'askjapan = "askjapan.cli.app:main"' in pyproject
