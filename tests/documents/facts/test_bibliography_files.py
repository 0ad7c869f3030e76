"""Bibliographies as reference managers write them, and which entry a file belongs to."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from askjapan.documents.facts.bibliography_files import load_bibliography, zotero_of
from askjapan.documents.facts.references import Reference, paths_in
from askjapan.errors import LibraryError
from askjapan.readings import Reading
from tests.support.zotero import make_zotero

BIB = r"""
@article{okada1987,
  title = {{Ferries of {Kujira}: A Study}},
  author = {Okada, Mari and S{\"o}derberg, Jan and {Harbour Institute}},
  journal = {Harbour Papers}, volume = 3, number = 2, pages = {11--30},
  date = {1987-05-02}, month = mai, langid = {japanese},
  doi = {https://doi.org/10.1234/HP.1987.3}, isbn = {},
  file = {Full Text PDF:files/7/Okada - 1987 - Ferries\: A Study.pdf:application/pdf;Snapshot:files/8/page.html:text/html}
}
@book{abe, title = {Bells}, editor = {Abe, Ren}, publisher = {Press}, year = {n.d.}, isbn = {0-306-40615-2 978-0-306-40615-7}}
@book{abe, title = {Bells again}}
"""
OKADA = Reference(
    title="Ferries of Kujira: A Study",
    authors=("Mari Okada", "Jan Söderberg", "Harbour Institute"),
    year=1987,
    venue="Harbour Papers, vol. 3, no. 2, pp. 11–30",
    language="ja",
    doi="10.1234/hp.1987.3",
)


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_bibtex(tmp_path: Path) -> None:
    found = load_bibliography(written(tmp_path / "harbour.bib", BIB))
    first, second = found.references
    assert found.name == "harbour.bib"
    assert first == Reference(
        **{name: getattr(OKADA, name) for name in ("title", "authors", "year", "venue", "language", "doi")},
        files=(tmp_path / "files/7/Okada - 1987 - Ferries: A Study.pdf", tmp_path / "files/8/page.html"),
        citekey="okada1987",
    )
    assert (second.title, second.authors, second.year, second.venue) == ("Bells", ("Ren Abe",), None, "Press")
    assert second.isbn == "9780306406157"


def test_ris(tmp_path: Path) -> None:
    lines = [
        "TY  - JOUR",
        "TI  - Ferries of Kujira: A Study",
        "AU  - Okada, Mari",
        "AU  - 岡田, まり",
        "AU  - Kudo, Jun, Jr.",
        "PY  - 1987/05/02",
        "T2  - Harbour Papers",
        "VL  - 3",
        "IS  - 2",
        "SP  - 11",
        "EP  - 30",
        "DO  - 10.1234/hp.1987.3",
        "LA  - ja-JP",
        "L1  - file:///home/mari/My%20Papers/ferries.pdf",
        "ER  - ",
        "",
    ]
    (found,) = load_bibliography(written(tmp_path / "harbour.ris", "\n".join(lines))).references
    assert found == Reference(
        title="Ferries of Kujira: A Study",
        authors=("Mari Okada", "岡田 まり", "Jun Kudo Jr."),
        year=1987,
        venue="Harbour Papers, vol. 3, no. 2, pp. 11–30",
        language="ja",
        doi="10.1234/hp.1987.3",
        files=(Path("/home/mari/My Papers/ferries.pdf"),),
    )


def test_csl_json(tmp_path: Path) -> None:
    items = [
        {
            "type": "article-journal",
            "title": "Ferries of Kujira: A Study",
            "author": [
                {"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"},
                {"family": "岡田", "given": "まり"},
                {"literal": "Harbour Institute"},
            ],
            "issued": {"date-parts": [["1987", 5]]},
            "container-title": "Harbour Papers",
            "volume": "3",
            "page": "11-30",
            "DOI": "10.1234/HP.1987.3",
        },
        {"title": "Bells", "issued": {"raw": "Spring 1991"}},
    ]
    first, second = load_bibliography(written(tmp_path / "harbour.json", json.dumps(items))).references
    assert (first.authors, first.year, first.doi) == (
        ("Vincent van Gogh", "岡田 まり", "Harbour Institute"),
        1987,
        "10.1234/hp.1987.3",
    )
    assert first.venue == "Harbour Papers, vol. 3, pp. 11-30"
    assert (second.title, second.year, second.files) == ("Bells", 1991, ())
    wrapped = load_bibliography(written(tmp_path / "zotero.json", json.dumps({"items": items})))
    assert wrapped.references == (first, second)


def test_a_zotero_library_by_its_folder_its_storage_or_its_database(tmp_path: Path) -> None:
    home = tmp_path / "Zotero"
    file = make_zotero(home)
    expected = Reference(
        title="Ferries of Kujira",
        authors=("Mari Okada", "Harbour Institute"),
        year=1987,
        venue="Harbour Papers, vol. 3",
        files=(file,),
        citekey="okada1987ferries",
        collections=("Ferries", "Harbours"),
    )
    for given in (home, home / "storage", home / "zotero.sqlite"):
        assert load_bibliography(given).references == (expected,)
    assert zotero_of(file) == home / "zotero.sqlite"
    assert zotero_of(tmp_path / "a" / "b" / "c.pdf") is None


def test_groups_trash_and_files_without_an_entry_in_a_zotero_library(tmp_path: Path) -> None:
    make_zotero(tmp_path)
    with closing(sqlite3.connect(tmp_path / "zotero.sqlite")) as database, database:
        database.executescript(
            """
            INSERT INTO groups VALUES (4711, 2);
            INSERT INTO items VALUES (3, 'GRUP2345', 2), (4, 'TRSH2345', 1), (5, 'ALNE2345', 1);
            INSERT INTO itemAttachments VALUES (3, 3, 'storage:group.pdf'), (4, 1, 'storage:old.pdf'), (5, NULL, '/papers/alone.pdf');
            INSERT INTO deletedItems VALUES (4);
            """
        )
    found = {entry.files: entry.library for entry in load_bibliography(tmp_path).references}
    storage = tmp_path / "storage"
    assert found == {
        (storage / "ABCD2345" / "Okada 1987.txt",): "library",
        (storage / "GRUP2345" / "group.pdf",): "groups/4711",
        (Path("/papers/alone.pdf"),): "library",
    }
    group = next(entry for entry in load_bibliography(tmp_path).references if entry.library != "library")
    assert group.facts("z", group.files[0])["zotero"].value == "groups/4711/items/GRUP2345"
    assert "zotero" not in group.facts("z", Path("/papers/alone.pdf"))


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("a.bib", "@book{sato:2011/b, title={Nets and Knots}}", "sato:2011/b"),
        ("a.json", '[{"id": "http://zotero.org/users/1/items/X", "title": "Nets"}]', ""),
        ("a.json", '[{"id": "x", "citation-key": "sato2011", "title": "Nets"}]', "sato2011"),
        ("a.json", '[{"id": 17, "title": "Nets"}]', ""),
        ("a.ris", "TY  - BOOK\nTI  - Nets\nID  - sato2011\nER  - \n", "sato2011"),
    ],
)
def test_citekeys(name: str, text: str, key: str, tmp_path: Path) -> None:
    (entry,) = load_bibliography(written(tmp_path / name, text)).references
    assert entry.citekey == key


def test_the_folder_of_an_export(tmp_path: Path) -> None:
    written(tmp_path / "My Library" / "My Library.bib", BIB)
    (tmp_path / "My Library" / "files").mkdir()
    assert len(load_bibliography(tmp_path / "My Library").references) == 2


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.txt", "", "a.txt is no bibliography. Give CSL-JSON (.json)"),
        ("a.json", "{", "a.json cannot be read: "),
        ("a.json", '{"a": 1}', "a.json cannot be read: it is no list of CSL-JSON items. Export it again."),
        ("a.bib", "% nothing", "a.bib has no entries. "),
        ("a.sqlite", "nothing at all", "a.sqlite cannot be read: file is not a database. Export it again."),
        ("none/a.bib", None, "a.bib does not exist. Check the path."),
        ("folder", None, "folder holds 0 bibliographies instead of one. "),
    ],
)
def test_what_is_no_bibliography(name: str, text: str | None, message: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    path = written(tmp_path / name, text) if text is not None else tmp_path / name
    with pytest.raises(LibraryError) as caught:
        load_bibliography(path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("paper.pdf", ["paper.pdf"]),
        (":a/paper.pdf:PDF", ["a/paper.pdf"]),
        ("one.pdf;two.pdf", ["one.pdf", "two.pdf"]),
        (r"Full\: text:C\:\\Users\\mari\\a\;b.pdf:application/pdf", ["C:/Users/mari/a;b.pdf"]),
        ("", []),
    ],
)
def test_file_fields_of_several_managers(field: str, names: list[str]) -> None:
    assert paths_in(field, Path("refs")) == tuple(Path("refs") / name for name in names)


# Which entry a file belongs to


def matched(tmp_path: Path, text: str, name: str = "scan.pdf", **facts: str) -> str | None:
    items = [
        {"title": "Ferries of Kujira: A Study", "DOI": "10.1234/hp.1987.3"},
        {"title": "Bells", "ISBN": "0306406152"},
        {"title": "Bells of Riga and Tomari", "file": "bells 2.pdf"},
        {"title": "A Review of Ferries of Kujira: A Study", "file": "review.pdf"},
        {"title": "Sail lofts of the north"},
        {"title": "Sail Lofts of the North"},
    ]
    bibliography = load_bibliography(written(tmp_path / "all.json", json.dumps(items)))
    found = bibliography.reference_for(tmp_path / name, Reading(text, facts=facts))
    return found.title if found else None


def test_the_entry_of_a_file(tmp_path: Path) -> None:
    assert matched(tmp_path, "Anything.", "review.pdf") == "A Review of Ferries of Kujira: A Study"
    assert matched(tmp_path, "See doi:10.1234/HP.1987.3 for this.") == "Ferries of Kujira: A Study"
    assert matched(tmp_path, "ISBN 978-0-306-40615-7") == "Bells"
    assert matched(tmp_path, "FERRIES OF\nKUJIRA – A STUDY\n\nMari Okada") == "Ferries of Kujira: A Study"
    assert matched(tmp_path, "A review of ferries of Kujira: a study\n\nRen Abe") == "A Review of Ferries of Kujira: A Study"
    assert matched(tmp_path, "Text.", title="Bells of Riga and Tomari") == "Bells of Riga and Tomari"


def test_a_file_without_an_entry_of_its_own(tmp_path: Path) -> None:
    assert matched(tmp_path, "Bells rang over the bay.") is None
    assert matched(tmp_path, "Sail lofts of the north") is None
    assert matched(tmp_path, "." * 4_000 + "Ferries of Kujira: A Study") is None
