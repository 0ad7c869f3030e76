"""The user's own works: added by content, never overwritten, listed by what they are, removed by name or id."""

from __future__ import annotations

from pathlib import Path

import pytest

from askjapan.documents.facts.catalogue import load_catalogue, sketch
from askjapan.errors import CatalogueError, DuplicateWork, LibraryError, ReadingError, UnknownWork, UnsupportedFormat
from askjapan.index.build import build
from askjapan.index.storage.manifest import read_manifest
from askjapan.index.works.given_files import find_files
from askjapan.index.works.library import add, recognised, remove, sketch_of
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, TEA, Place

FERRIES = "Ferries of Kujira\n\nThe ferry to Kujira carries 40 cars.\n"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "my downloads"
    folder.mkdir()
    return folder


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def added(path: Path, place: Place) -> object:
    result = add(path, place.works, [place.corpus], place.catalogue)
    assert result.given == path
    assert (result.document is None) != (result.error is None)
    return result.error or result.document


def test_a_file_is_copied_and_described(inbox: Path, place: Place) -> None:
    path = written(inbox / "download (3).txt", LANTERNS)
    result = add(path, place.works, [place.corpus], load_catalogue(place.catalogue))
    assert result.error is None
    assert result.document is not None
    assert (result.document.id, result.document.kind) == ("hoshino-lanterns", "full text")
    assert (place.works / "download (3).txt").read_bytes() == path.read_bytes()
    assert {p.name for p in place.works.iterdir()} == {"README.md", "download (3).txt"}


def test_the_same_contents_are_refused_whatever_the_name(inbox: Path, place: Place) -> None:
    added(written(inbox / "one.txt", FERRIES), place)
    error = added(written(inbox / "two.txt", FERRIES), place)
    assert isinstance(error, DuplicateWork)
    assert str(error) == (
        f"two.txt is in the corpus already, as {place.works / 'one.txt'}. "
        "Nothing was changed; `askjapan list` shows what is there."
    )
    assert {p.name for p in place.works.iterdir()} == {"README.md", "one.txt"}


def test_the_works_are_searched_where_other_folders_are_indexed(inbox: Path, place: Place) -> None:
    path = written(inbox / "one.txt", FERRIES)
    assert add(path, place.works, [place.notes], place.catalogue).error is None
    assert isinstance(add(path, place.works, [place.notes], place.catalogue).error, DuplicateWork)


def test_nothing_is_overwritten(inbox: Path, place: Place) -> None:
    added(written(inbox / "a" / "work.txt", FERRIES), place)
    added(written(inbox / "b" / "work.txt", FERRIES.replace("40", "50")), place)
    added(written(inbox / "c" / "work.txt", FERRIES.replace("40", "60")), place)
    assert [(place.works / name).read_text()[-9:-7] for name in ("work.txt", "work-2.txt", "work-3.txt")] == ["40", "50", "60"]


@pytest.mark.parametrize(
    ("given", "copied"), [("README.md", "README-2.md"), ("license.txt", "license-2.txt"), (".draft.txt", "draft.txt")]
)
def test_a_name_that_the_build_passes_over_is_changed(given: str, copied: str, inbox: Path, place: Place) -> None:
    added(written(inbox / given, FERRIES), place)
    assert (place.works / copied).read_text() == FERRIES
    report = build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    assert str(place.works / copied) in {document.path for document in report.documents}


def test_files_that_cannot_be_read_are_kept_out(inbox: Path, place: Place) -> None:
    assert isinstance(added(written(inbox / "a.doc", FERRIES), place), UnsupportedFormat)
    assert isinstance(added(written(inbox / "broken.pdf", "nothing"), place), ReadingError)
    note = written(inbox / "note.md", "---\nwork: nobody-knows\nkind: study note\n---\n\nA note about nothing.\n")
    assert isinstance(added(note, place), CatalogueError)
    missing = added(inbox / "none.txt", place)
    assert isinstance(missing, LibraryError)
    assert str(missing) == f"{inbox / 'none.txt'} could not be copied: No such file or directory. Nothing was changed."
    assert {p.name for p in place.works.iterdir()} == {"README.md"}


def test_a_copy_that_is_cut_short_leaves_nothing(inbox: Path, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("askjapan.index.works.library.shutil.copyfile", full)
    path = written(inbox / "one.txt", FERRIES)
    assert str(added(path, place)) == f"{path} could not be copied: No space left on device. Nothing was changed."
    assert {p.name for p in place.works.iterdir()} == {"README.md"}


# Which files are meant


def test_paths_folders_and_globs(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = written(inbox / "one.txt", "1"), written(inbox / "二 つ.md", "2")
    odd = written(inbox / "odd [draft].txt", "3")
    deep = written(inbox / "deep" / "down.txt", "4")
    written(inbox / "README.md", "5")
    written(inbox / ".hidden.txt", "6")
    written(inbox / "picture.png", "7")
    assert find_files([str(one)]) == [one]
    assert find_files([str(odd)]) == [odd]
    assert find_files([str(inbox)]) == [deep, odd, one, two]
    assert find_files([str(inbox / "*.txt")]) == [odd, one]
    assert find_files([str(inbox / "**" / "d*.txt")]) == [deep]
    monkeypatch.chdir(inbox)
    assert find_files(["one.txt", str(one), str(inbox / "o*.txt")]) == [Path("one.txt"), odd]


def test_a_file_named_outright_is_taken_whatever_it_is(inbox: Path) -> None:
    picture = written(inbox / "picture.png", "7")
    assert find_files([str(picture)]) == [picture]


@pytest.mark.parametrize("pattern", ["none.txt", "*.pdf", "empty"])
def test_a_path_that_names_nothing(pattern: str, inbox: Path) -> None:
    (inbox / "empty").mkdir()
    written(inbox / "one.txt", "1")
    with pytest.raises(LibraryError) as caught:
        find_files([str(inbox / "one.txt"), str(inbox / pattern)])
    assert str(caught.value) == f"{inbox / pattern} names no file that askjapan could read. Check the path."


# Taking works out


def test_a_work_is_removed_by_id_or_file_name(inbox: Path, place: Place) -> None:
    added(written(inbox / "one.txt", FERRIES), place)
    added(written(inbox / "lanterns.txt", LANTERNS), place)
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    documents = read_manifest(place.index).documents
    assert remove("hoshino-lanterns", place.works, documents) == place.works / "lanterns.txt"
    assert remove("one.txt", place.works, ()) == place.works / "one.txt"
    assert {p.name for p in place.works.iterdir()} == {"README.md"}


@pytest.mark.parametrize(
    "name", ["aoba-tea-note", "tea.md", "../notes/tea.md", "none.txt", "README.md", "", ".", "..", "../catalogue.toml", "sub"]
)
def test_only_works_of_the_user_can_be_removed(name: str, place: Place) -> None:
    (place.works / "sub").mkdir()
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    before = sorted(place.corpus.rglob("*"))
    with pytest.raises(UnknownWork) as caught:
        remove(name, place.works, read_manifest(place.index).documents)
    assert str(caught.value) == f"There is no work {name!r} among the files that you added. `askjapan list` shows the ids."
    assert sorted(place.corpus.rglob("*")) == before


def test_a_file_that_cannot_be_deleted(inbox: Path, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    added(written(inbox / "one.txt", FERRIES), place)

    def locked(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", locked)
    with pytest.raises(LibraryError) as caught:
        remove("one.txt", place.works, ())
    assert str(caught.value) == f"{place.works / 'one.txt'} could not be deleted: Permission denied. Check its permissions."


# Recognising works


def test_a_sketch_recognises_its_text(inbox: Path, place: Place) -> None:
    path = written(inbox / "tea.txt", TEA)
    assert sketch_of(path) == sketch(TEA)
    assert set(sketch_of(path)) == load_catalogue(place.catalogue).works["aoba-tea"].sketch
    with pytest.raises(LibraryError) as caught:
        sketch_of(written(inbox / "short.txt", "Too few words."))
    assert str(caught.value) == "short.txt has too few words to be recognised by. Give the full text of a work."


def test_files_are_recognised_under_the_names_that_questions_use(inbox: Path, place: Place) -> None:
    written(inbox / "000_ab12.txt", LANTERNS.upper())
    written(inbox / "tea.txt", TEA)
    written(inbox / "other.txt", FERRIES)
    assert recognised(inbox, place.catalogue) == {
        "000_ab12.txt": "hoshino-lanterns",
        "000_ab12": "hoshino-lanterns",
        "000": "hoshino-lanterns",
        "tea.txt": "aoba-tea",
        "tea": "aoba-tea",
    }
    with pytest.raises(LibraryError) as caught:
        recognised(place.notes, place.catalogue)
    assert str(caught.value) == (
        f"No file in {place.notes} is a work of the catalogue {place.catalogue}. Give a folder with full texts."
    )
    with pytest.raises(LibraryError, match="does not exist"):
        recognised(inbox / "none", place.catalogue)


PROJECT = Path(__file__).resolve().parents[3]
SHARED = PROJECT.parent / "shared"


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="the full texts are not beside the project")
def test_the_full_texts_are_recognised_under_the_names_of_the_gold_questions() -> None:
    names = recognised(SHARED / "corpus", PROJECT / "corpus" / "catalogue.toml")
    assert {name: id_ for name, id_ in names.items() if len(name) == 3} == {
        "000": "mouer-sister-cities",
        "001": "hatch-production-networks",
        "002": "iguchi-migration",
        "003": "stratfor-city-diplomacy",
        "004": "dobrinskaya-soft-power",
    }
