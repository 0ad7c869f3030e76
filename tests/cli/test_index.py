"""The command that builds the index, what it tells of each file, and how it fails."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from askjapan.index.storage.manifest import read_manifest
from askjapan.index.storage.store import building_lock
from tests.support.command_line import FERRIES, Askjapan, row
from tests.support.commands import Ran
from tests.support.places import LANTERNS, Place
from tests.support.web_places import make_pdf

pytestmark = pytest.mark.usefixtures("fake_model")


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
