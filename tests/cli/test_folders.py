"""Which folders are indexed, whatever the corpus of the settings is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askjapan.index.storage.manifest import read_manifest
from tests.support.command_line import FERRIES, Askjapan, indexed
from tests.support.commands import Ran
from tests.support.places import TEA, Place

pytestmark = pytest.mark.usefixtures("fake_model")


@pytest.fixture
def papers(place: Place, tmp_path: Path, fake_model: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of papers that the settings name as the corpus."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "tea.txt").write_text(TEA, encoding="utf-8")
    monkeypatch.setenv("ASKJAPAN_CORPUS", str(folder))
    return folder


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
