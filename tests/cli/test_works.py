"""The commands about one's own works: added, described, listed, corrected and removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command_line import FERRIES, QUESTION, Askjapan, failed, row
from tests.support.places import LANTERNS, Place
from tests.support.zotero import make_zotero

pytestmark = pytest.mark.usefixtures("fake_model")


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


HARBOUR = """@book{okada, title = {Ferries of the Kujira Strait}, author = {Okada, Mari}, year = 1987,
file = {ferries.txt;missing.pdf}}"""


def test_a_bibliography_gives_the_facts_and_names_the_files(askjapan: Askjapan, place: Place, tmp_path: Path) -> None:
    (tmp_path / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    (tmp_path / "harbour.bib").write_text(f"{HARBOUR}\n@book{{abe, title = {{Bells}} year = 1990}}", encoding="utf-8")
    ran = askjapan("add", "--bibliography", tmp_path / "harbour.bib")
    assert ran.code == 1
    assert ran.err.startswith("harbour.bib: syntax error in line 3: '}' expected. The entry that this is about was left out, ")
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
