"""Corpus folders → index: what is read, what is left out and why, editions and twins."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

import askjapan.index.reading as reading_module
from askjapan.errors import LibraryError
from askjapan.index.build import build
from askjapan.index.staleness import staleness
from askjapan.index.storage.manifest import read_manifest
from askjapan.index.storage.store import open_index
from askjapan.index.works.corpus import corpus_files
from askjapan.sayings import Saying
from tests.support.builds import built
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, LANTERNS_NOTE, LANTERNS_NOTE_JA, TEA, Place, make_place


def test_good_files_are_indexed_and_bad_ones_reported(place: Place) -> None:
    works = place.works
    (works / "lanterns copy.txt").write_text(LANTERNS, encoding="utf-8")
    (works / "a twin.txt").write_text(LANTERNS, encoding="utf-8")
    (works / "own.txt").write_text("Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n", encoding="utf-8")
    (works / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing else")
    (works / "empty.txt").write_bytes(b"")
    (works / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (works / ".hidden.txt").write_text("Nobody may read this sentence.", encoding="utf-8")
    (works / ".git").mkdir()
    (works / ".git" / "inside.txt").write_text("Nor may anybody read this one.", encoding="utf-8")
    (works / "LICENSE.txt").write_text("Do what you like with it.", encoding="utf-8")
    report = built(place)
    assert sorted(document.id for document in report.documents) == [
        "aoba-tea-note",
        "ferries-of-kujira-" + read_manifest(place.index).files[str(works / "own.txt")][:8],
        "hoshino-lanterns",
    ]
    assert set(report.skipped) == {str(works / name) for name in ("lanterns copy.txt", "broken.pdf", "empty.txt", "old.doc")}
    assert str(report.skipped[str(works / "lanterns copy.txt")]) == (
        f"The same contents are in the corpus already, as {works / 'a twin.txt'}."
    )
    assert str(report.skipped[str(works / "old.doc")]) == (
        "old.doc has no reader. Supported are .txt, .md, .html, .pdf, .docx and .epub; convert the file to one of them."
    )
    assert "broken.pdf" in str(report.skipped[str(works / "broken.pdf")])
    assert "empty.txt" in str(report.skipped[str(works / "empty.txt")])
    everything = "".join(path.read_text(errors="replace") for path in place.index.rglob("*") if path.is_file())
    assert "Nobody may read" not in everything
    assert "Nor may anybody" not in everything
    assert "Do what you like" not in everything
    manifest = read_manifest(place.index)
    assert (manifest.fingerprint, manifest.skipped, manifest.works) == (report.fingerprint, report.skipped, report.documents)
    assert manifest.passages == report.passages == len(open_index(place.index).passages)


def test_warnings_of_the_readers_reach_the_report_and_the_manifest(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def warned(path: Path, tell: object) -> Any:
        from dataclasses import replace

        from askjapan.documents.readers import read

        return replace(read(path), warnings=(warning,))

    warning = Saying.of("pages_by_ocr", pages=("2", "4–7"), file="a.pdf")
    monkeypatch.setattr(reading_module, "read_whole", warned)
    expected = {str(place.notes / name): (warning,) for name in ("lanterns.md", "tea.md")}
    assert built(place).warnings == expected
    assert read_manifest(place.index).warnings == expected


def test_a_file_that_cannot_be_opened_is_reported(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.works / "locked.txt").write_text(TEA, encoding="utf-8")
    real = Path.open

    def locked(self: Path, *arguments: Any, **options: Any) -> Any:
        if self.name == "locked.txt":
            raise PermissionError(13, "Permission denied")
        return real(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", locked)
    report = built(place)
    assert list(report.skipped) == [str(place.works / "locked.txt")]
    assert str(report.skipped[str(place.works / "locked.txt")]).startswith("locked.txt cannot be opened: ")
    assert len(report.documents) == 2
    assert staleness(place.index, [place.corpus], HashEncoder(), 120, False) == ""


def test_a_name_that_is_not_unicode(place: Place) -> None:
    target = os.fsencode(place.works) + b"/caf\xe9.txt"
    try:
        Path(os.fsdecode(target)).write_text("In 1979 the cafe opened its doors to sailors.", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes valid Unicode only")
    report = built(place)
    assert [document.path for document in report.documents if document.path.startswith(str(place.works))] == [
        f"{place.works}/caf%E9.txt"
    ]
    assert staleness(place.index, [place.corpus], HashEncoder(), 120, False) == ""


def test_text_that_is_not_unicode_is_left_out(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from askjapan.documents.readers import read

    monkeypatch.setattr(reading_module, "read_whole", lambda path, tell: replace(read(path), text=read(path).text + "\ud800"))
    with pytest.raises(
        LibraryError, match=r"None of the 2 files could be read\. lanterns\.md holds characters that are not valid"
    ):
        built(place)


def test_a_file_with_headings_only(place: Place) -> None:
    (place.works / "bare.md").write_text("# Nothing\n\n## Follows\n", encoding="utf-8")
    assert built(place).skipped == {str(place.works / "bare.md"): Saying.of("nothing_to_quote", file="bare.md")}


def test_nothing_to_index(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "picture.png").write_bytes(b"\x89PNG")
    with pytest.raises(LibraryError) as caught:
        build([folder], tmp_path / "index", HashEncoder(), catalogue=tmp_path / "none.toml")
    assert str(caught.value) == (
        f"There is nothing to index in {folder}. picture.png has no reader. "
        "Supported are .txt, .md, .html, .pdf, .docx and .epub; convert the file to one of them. "
        "Add files with `askjapan add FILE`."
    )
    with pytest.raises(LibraryError, match=r"The corpus folder .*none does not exist\. Give an existing folder with --corpus\."):
        build([tmp_path / "none"], tmp_path / "index", HashEncoder(), catalogue=tmp_path / "none.toml")


def test_one_folder_given_twice_or_inside_another(place: Place) -> None:
    once = list(corpus_files([place.corpus]))
    assert [path.name for path in once] == ["lanterns.md", "tea.md"]
    assert list(corpus_files([place.corpus, place.notes, place.corpus / ".." / "corpus"])) == once


def test_an_index_inside_the_corpus_is_no_work(place: Place) -> None:
    inside = place.corpus / "index"
    for _ in range(2):
        report = build([place.corpus], inside, HashEncoder(), catalogue=place.catalogue)
        assert [document.id for document in report.documents] == ["hoshino-lanterns-note", "aoba-tea-note"]
        assert report.skipped == {}
    assert staleness(inside, [place.corpus], HashEncoder(), 120, False) == ""


def test_spaces_and_japanese_letters_in_paths(tmp_path: Path) -> None:
    place = make_place(tmp_path / "私の 資料 (2024)")
    (place.works / "灯籠の町 論文.txt").write_text(LANTERNS, encoding="utf-8")
    report = built(place)
    assert {Path(document.path).name for document in report.documents} == {"灯籠の町 論文.txt", "tea.md"}
    assert open_index(place.index).text("hoshino-lanterns") == LANTERNS


def test_full_text_takes_the_place_of_its_note_and_gives_it_back(place: Place) -> None:
    assert {(d.id, d.kind) for d in built(place).documents} == {
        ("hoshino-lanterns-note", "study note"),
        ("aoba-tea-note", "study note"),
    }
    # Wrapped and named in another way, it is still the same work.
    copy = place.works / "download (3).txt"
    copy.write_text(re.sub(r"(?<!\n)\n(?!\n)", " ", LANTERNS).upper(), encoding="utf-8")
    report = built(place)
    assert report.replaced == {str(place.notes / "lanterns.md"): str(copy)}
    assert {(d.id, d.kind, d.title) for d in report.documents} == {
        ("hoshino-lanterns", "full text", "The Lantern Towns of Hoshino Bay"),
        ("aoba-tea-note", "study note", "Tea Growers Without Borders"),
    }
    index = open_index(place.index)
    assert {passage.document_id for passage in index.passages} == {"hoshino-lanterns", "aoba-tea-note"}
    copy.unlink()
    report = built(place)
    assert report.replaced == {}
    assert {document.id for document in report.documents} == {"hoshino-lanterns-note", "aoba-tea-note"}
    assert open_index(place.index).text("hoshino-lanterns-note") == LANTERNS_NOTE


def test_another_edition_of_a_note_is_no_work_of_its_own(place: Place) -> None:
    (place.notes / "lanterns.ja.md").write_text(LANTERNS_NOTE_JA, encoding="utf-8")
    report = built(place)
    assert [document.id for document in report.documents] == ["hoshino-lanterns-note", "aoba-tea-note"]
    index = open_index(place.index)
    edition = index.documents["hoshino-lanterns-note-ja"]
    assert (edition.edition_of, edition.companion_of, edition.language) == ("hoshino-lanterns-note", "", "ja")
    assert [(d.id, d.edition_of) for d in index.manifest.works] == [("hoshino-lanterns-note", ""), ("aoba-tea-note", "")]
    both = [[u.key for p in index.passages if p.document_id == id_ for u in p.units] for id_ in (edition.id, edition.edition_of)]
    assert both == [["f1", "f2", "f3"]] * 2


def test_an_edition_without_the_first_one_is_the_note(place: Place) -> None:
    (place.notes / "lanterns.md").write_text(LANTERNS_NOTE_JA, encoding="utf-8")
    report = built(place)
    assert [(d.id, d.edition_of, d.is_listed) for d in report.documents] == [
        ("aoba-tea-note", "", True),
        ("hoshino-lanterns-note-ja", "", True),
    ]


def test_a_note_in_two_languages_stays_beside_its_full_text(place: Place) -> None:
    (place.notes / "lanterns.ja.md").write_text(LANTERNS_NOTE_JA, encoding="utf-8")
    copy = place.works / "lanterns.txt"
    copy.write_text(LANTERNS, encoding="utf-8")
    report = built(place)
    assert report.replaced == {str(place.notes / "lanterns.md"): str(copy)}
    assert {d.id for d in report.documents} == {"hoshino-lanterns", "aoba-tea-note"}
    documents = open_index(place.index).documents
    assert {(d.id, d.edition_of) for d in documents.values() if d.companion_of == "hoshino-lanterns"} == {
        ("hoshino-lanterns-note", ""),
        ("hoshino-lanterns-note-ja", "hoshino-lanterns-note"),
    }


def test_two_copies_of_one_work_in_other_print(place: Place) -> None:
    (place.works / "a.txt").write_text(LANTERNS, encoding="utf-8")
    (place.works / "b.txt").write_text(LANTERNS.replace("\n", "\r\n"), encoding="utf-8")
    report = built(place)
    assert report.skipped == {str(place.works / "b.txt"): Saying.of("same_work", twin=str(place.works / "a.txt"))}
