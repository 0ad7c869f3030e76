"""Adding from Zotero: papers with facts, citekeys and collections; what has changed or gone since is followed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.commands import Ran
from tests.support.places import Place
from tests.support.zotero import make_zotero

Askjapan = Callable[..., Ran]
FERRIES = "Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n"

pytestmark = pytest.mark.usefixtures("fake_model")


def works(askjapan: Askjapan) -> dict[str, dict[str, object]]:
    return {entry["title"]: entry for entry in json.loads(askjapan("list", "--json").out)}


def test_papers_come_with_their_facts_citekeys_and_collections(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    make_zotero(tmp_path / "Zotero").write_text(FERRIES, encoding="utf-8")
    before = (tmp_path / "Zotero" / "zotero.sqlite").read_bytes()
    ran = askjapan("add", "--zotero", tmp_path / "Zotero")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "Added Okada 1987.txt: Ferries of Kujira (described by zotero.sqlite)."
    ferries = works(askjapan)["Ferries of Kujira"]
    assert (ferries["year"], ferries["authors"]) == (1987, ["Mari Okada", "Harbour Institute"])
    assert (ferries["citekey"], ferries["themes"]) == ("okada1987ferries", ["Ferries", "Harbours"])
    assert ferries["zotero"] == "library/items/ABCD2345"
    assert (tmp_path / "Zotero" / "zotero.sqlite").read_bytes() == before
    assert askjapan("mentions", "ferry", "--theme", "Harbours").out.startswith("“ferry”: 2 mentions in 1 of 1 work.\n")


def test_a_later_run_follows_what_has_changed(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    file = make_zotero(tmp_path / "Zotero")
    file.write_text(FERRIES, encoding="utf-8")
    askjapan("add", "--zotero", tmp_path / "Zotero")
    askjapan("edit", "Okada 1987.txt", "--year", "1988")
    with closing(sqlite3.connect(tmp_path / "Zotero" / "zotero.sqlite")) as database, database:
        database.execute("UPDATE itemDataValues SET value = 'Ferries of Kujira and Asahi' WHERE valueID = 1")
    file.write_text(FERRIES.replace("40", "41"), encoding="utf-8")
    ran = askjapan("add", "--zotero", tmp_path / "Zotero")
    assert ran.code == 0
    assert "Okada 1987.txt has changed in Zotero and was renewed.\n" in ran.err
    assert [path.name for path in place.works.glob("*.txt")] == ["Okada 1987.txt"]
    ferries = works(askjapan)["Ferries of Kujira and Asahi"]
    # What was corrected by hand stays.
    assert ferries["year"] == 1988
    assert askjapan("mentions", "41").out.startswith("“41”: 1 mention")
    with closing(sqlite3.connect(tmp_path / "Zotero" / "zotero.sqlite")) as database, database:
        database.executescript(
            "INSERT INTO items VALUES (3, 'QQQQ2345', 1); INSERT INTO itemAttachments VALUES (3, NULL, 'storage:b.txt');"
            "INSERT INTO deletedItems VALUES (1);"
        )
    (tmp_path / "Zotero" / "storage" / "QQQQ2345").mkdir()
    (tmp_path / "Zotero" / "storage" / "QQQQ2345" / "b.txt").write_text(
        "Bells of Asahi\n\nThe bell of Asahi rang.\n", encoding="utf-8"
    )
    ran = askjapan("add", "--zotero", tmp_path / "Zotero")
    assert "Okada 1987.txt is not in Zotero any more; `askjapan remove Okada 1987.txt` takes it out.\n" in ran.err
    assert (place.works / "Okada 1987.txt").is_file()


def test_the_files_of_an_export_are_followed_by_their_citekeys(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    make_zotero(tmp_path / "Zotero").write_text(FERRIES, encoding="utf-8")
    askjapan("add", "--zotero", tmp_path / "Zotero")
    (tmp_path / "bells.txt").write_text("Bells of Asahi\n\nThe bell of Asahi rang twice.\n", encoding="utf-8")
    (tmp_path / "z.bib").write_text("@book{abe1991, title={Bells of Asahi}, file={bells.txt}}\n", encoding="utf-8")
    assert askjapan("add", "--zotero", tmp_path / "z.bib").code == 0
    (tmp_path / "bells.txt").write_text("Bells of Asahi\n\nThe bell of Asahi rang thrice.\n", encoding="utf-8")
    ran = askjapan("add", "--zotero", tmp_path / "z.bib")
    assert "bells.txt has changed in Zotero and was renewed.\n" in ran.err
    # An export need not hold everything: what else came from Zotero is not gone.
    assert "not in Zotero any more" not in ran.err
    assert sorted(path.name for path in place.works.glob("*.txt")) == ["Okada 1987.txt", "bells.txt"]
    assert askjapan("mentions", "thrice").out.startswith("“thrice”: 1 mention")


def test_of_an_entry_with_a_pdf_its_snapshot_is_no_paper(tmp_path: Path) -> None:
    from askjapan.index.works.zotero import papers_of

    for name in ("a.pdf", "a.html", "b.html", "c.png"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "z.bib").write_text(
        "@book{a, title={A}, file={a.html;a.pdf}}\n@book{b, title={B}, file={b.html;c.png}}\n@book{c, title={C}, file={gone.pdf}}\n",
        encoding="utf-8",
    )
    papers, _ = papers_of([tmp_path / "z.bib"])
    assert [paper.name for paper in papers] == ["a.pdf", "b.html"]


def test_without_any_file_there_is_nothing_to_add(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    (tmp_path / "z.bib").write_text("@book{c, title={C}, file={gone.pdf}}\n", encoding="utf-8")
    ran = askjapan("add", "--zotero", tmp_path / "z.bib")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        f"{tmp_path / 'z.bib'} names no file on this machine that askjapan could read. "
        "In Zotero, export with files, or let it download its attachments.\n"
    )
