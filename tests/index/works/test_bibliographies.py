"""Bibliographies that do harm: each ends in a sentence, or costs one field of one entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from askjapan.errors import LibraryError
from askjapan.index.works.bibliographies import load_bibliography

TITLE = "Ferries of the northern ports"


def written(path: Path, **fields: str) -> Path:
    listed = ", ".join(f"{name} = {{{text}}}" for name, text in fields.items())
    path.write_text(f"@article{{okada, {listed}}}\n@book{{abe, title = {{Bells}}}}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("file", ["a\0b.pdf", "a" * 5_000 + ".pdf", "a/" * 50_000 + "b.pdf", "港" * 200 + ".pdf"])
def test_a_name_that_no_file_has_is_nobodys_file(file: str, tmp_path: Path) -> None:
    first, second = load_bibliography(written(tmp_path / "a.bib", title=TITLE, file=f"{file};ports.pdf")).references
    assert (first.title, first.files) == (TITLE, (tmp_path / "ports.pdf",))
    assert second.title == "Bells"


def test_half_of_a_character_is_in_no_name(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"title": "Ferries", "file": "\\ud800.pdf;ports.pdf"}]', encoding="utf-8")
    assert load_bibliography(path).references[0].files == (tmp_path / "ports.pdf",)


def test_a_field_that_is_no_latex_stands_as_it_is_written(tmp_path: Path) -> None:
    first, second = load_bibliography(written(tmp_path / "a.bib", title="Ferries \\", journal="Ports")).references
    assert (first.title, first.venue, second.title) == ("Ferries \\", "Ports", "Bells")


def test_words_that_unfold_without_end_end_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_READING_MEGABYTES", "256")
    path = tmp_path / "bomb.bib"
    path.write_text(
        '@string{a0 = "ferries"}\n'
        + "".join(f"@string{{a{level + 1} = a{level} # a{level} # a{level} # a{level}}}\n" for level in range(14))
        + "@article{okada, title = a14}\n",
        encoding="utf-8",
    )
    with pytest.raises(LibraryError, match=r"bomb.bib cannot be read: it needs more than 0.2 GB of memory\. Export it again"):
        load_bibliography(path)
    assert load_bibliography(written(tmp_path / "a.bib", title=TITLE)).references[0].title == TITLE


BROKEN = """@article{okada, title = {Ferries of the ports} year = 1987, journal = {Ports}}
@book{abe, title = {Bells}}
@book{kudo, title = {Lanterns}, publisher = harbour}
@book{mori, author = {Mori, Ken}}
@book{abe, title = {Bells, again}}
"""


def test_entries_that_are_broken_are_told_with_their_place_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_text(BROKEN, encoding="utf-8")
    found = load_bibliography(path)
    assert [(entry.citekey, entry.title) for entry in found.references] == [
        ("okada", "Ferries of the ports"),
        ("abe", "Bells"),
        ("kudo", "Lanterns"),
    ]
    left = "The entry that this is about was left out, or read without what is broken."
    assert list(map(str, found.warnings)) == [
        f"a.bib: syntax error in line 1: '}}' expected. {left}",
        f"a.bib: undefined string in line 3: harbour. {left}",
        f"a.bib: repeated bibliography entry: abe. {left}",
        "a.bib: the entry mori has neither a title nor a file and was left out.",
    ]


def test_a_record_without_an_end_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.ris"
    path.write_text("TY  - BOOK\nTI  - Bells\nTY  - BOOK\nTI  - Ferries\nER  - \nTY  - BOOK\nTI  - Lanterns\n", encoding="utf-8")
    found = load_bibliography(path)
    assert [entry.title for entry in found.references] == ["Bells"]
    assert list(map(str, found.warnings)) == [
        f"a.ris: the record that begins in line {line} has no end (ER). It was left out, or read without what stands behind it."
        for line in (1, 6)
    ]


def test_of_many_faults_the_first_are_told_and_the_others_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_text("@book{abe, title = {Bells}}\n" + "@book{b, year = 1990}\n" * 50, encoding="utf-8")
    told = load_bibliography(path).warnings
    assert len(told) == 21
    assert str(told[-1]) == "a.bib has 30 more faults of these kinds."


def test_a_bibliography_without_any_sound_entry_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_text("@book{abe, title = {Bells\n", encoding="utf-8")
    with pytest.raises(LibraryError, match=r"a\.bib has no entries\. a\.bib: syntax error in line 1: premature end"):
        load_bibliography(path)
