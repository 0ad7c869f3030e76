"""One file that a parser cannot bear is named and left out; the files after it are read."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from askjapan.documents.readers import isolated, read, read_here
from askjapan.documents.readers.worker import answer
from askjapan.errors import DamagedFile, PasswordNeeded, ReadingError, UnsupportedFormat
from askjapan.index.build import build
from askjapan.sayings import Saying
from tests.support.fakes import HashEncoder
from tests.support.places import Place

PAGE = "<html><head><title>Ferries</title></head><body><main><h1>Ferries</h1><p>{}</p></main></body></html>"
TEXT = "The ferry of Otaru carried 900 people in the summer of 1979, and the harbour office sold all the tickets."
REMEDY = "Print or save it anew with another program, or split it, and add the result."


@pytest.fixture(autouse=True)
def _own_worker() -> Iterator[None]:
    isolated.stop()
    yield
    isolated.stop()


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated._child, "module", "tests.support.failing_worker")


def page(folder: Path, name: str = "ferries.html", text: str = TEXT) -> Path:
    path = folder / name
    path.write_text(PAGE.format(text), encoding="utf-8")
    return path


def worker_id() -> int:
    assert isolated._child._process is not None
    return isolated._child._process.pid


def test_a_reading_comes_back_as_it_was_made(tmp_path: Path) -> None:
    path = page(tmp_path)
    assert read(path) == read_here(path)
    assert TEXT in read(path).text
    assert worker_id() != os.getpid()


def test_one_worker_reads_many_files(tmp_path: Path) -> None:
    read(page(tmp_path, "a.html"))
    first = worker_id()
    read(page(tmp_path, "b.html"))
    assert worker_id() == first


def test_plain_text_needs_no_worker(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    assert read(tmp_path / "a.txt").text == TEXT
    assert isolated._child._process is None


def test_refusals_keep_their_kind_and_words(tmp_path: Path) -> None:
    (tmp_path / "a.html").touch()
    with pytest.raises(DamagedFile) as caught:
        read(tmp_path / "a.html")
    assert caught.value.message == "a.html holds no text: it is empty."
    with pytest.raises(UnsupportedFormat):
        read(tmp_path / "a.xyz")
    with pytest.raises(DamagedFile, match=r"^gone\.html cannot be opened: No such file or directory\."):
        read(tmp_path / "gone.html")


def test_a_name_that_is_not_unicode(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.html"))
    try:
        page(tmp_path).rename(path)
    except OSError:
        pytest.skip("this file system takes valid Unicode only")
    assert TEXT in read(path).text


def test_any_exception_of_a_parser_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Strange(Exception):
        """As parsers raise them."""

    def fail(_: Path) -> None:
        raise Strange("no such\nfilter.")

    monkeypatch.setattr("askjapan.documents.readers.worker.read_here", fail)
    reply = answer({"call": "read", "path": "/somewhere/a.pdf", "memory": 1 << 30})
    assert reply == {
        "error": "DamagedFile",
        "message": "a.pdf cannot be read: its parser failed with Strange: no such filter.",
        "remedy": REMEDY,
        "spoiled": True,
    }


def test_an_error_of_this_project_comes_back_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> None:
        raise PasswordNeeded("a.pdf is encrypted.")

    monkeypatch.setattr("askjapan.documents.readers.worker.read_here", fail)
    assert answer({"call": "read", "path": "a.pdf", "memory": 0})["error"] == "PasswordNeeded"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits the memory of a process")
def test_a_file_that_needs_too_much_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_READING_MEGABYTES", "256")
    large = page(tmp_path, "large.html")
    os.truncate(large, 300 << 20)  # the rest is a hole
    with pytest.raises(ReadingError) as caught:
        read(large)
    assert caught.value.message == "large.html needs more than 0.2 GB of memory to be read."
    assert caught.value.remedy == REMEDY
    assert TEXT in read(page(tmp_path)).text


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize(
    ("name", "reason"),
    [("segfault", "was ended by the system (SIGSEGV)"), ("exit", "ended with code 3")],
)
def test_a_parser_that_takes_its_process_with_it(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(DamagedFile) as caught:
        read(page(tmp_path, f"{name}.html"))
    assert caught.value.message == f"{name}.html cannot be read: its parser {reason}."
    with pytest.raises(DamagedFile, match=r"^next was asked for"):
        read(page(tmp_path, "next.html"))


@pytest.mark.usefixtures("failing")
def test_a_parser_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DamagedFile, match=r"^first was asked for"):
        read(page(tmp_path, "first.html"))
    monkeypatch.setattr(isolated, "SECONDS", 0.2)
    with pytest.raises(ReadingError) as caught:
        read(page(tmp_path, "hang.html"))
    assert caught.value.message == "hang.html is not read within 0 seconds."
    assert caught.value.remedy == REMEDY
    assert isolated._child._process is None


def test_the_time_grows_with_the_file() -> None:
    assert (isolated.seconds_for(0), isolated.seconds_for(3_000_000), isolated.seconds_for(10**9)) == (60, 120, 900)


def test_the_build_goes_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated._child, "module", "tests.support.failing_worker")
    page(place.works, "segfault.html")
    page(place.works, "exit.html", "Another text.")
    report = build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    assert len(report.documents) == 2
    assert {path: str(reason) for path, reason in report.skipped.items()} == {
        str(place.works / "exit.html"): f"exit.html cannot be read: its parser ended with code 3. {REMEDY}",
        str(place.works / "segfault.html"): (
            f"segfault.html cannot be read: its parser was ended by the system (SIGSEGV). {REMEDY}"
        ),
    }


def test_a_reading_survives_the_way_whole(tmp_path: Path) -> None:
    reading = replace(
        read_here(page(tmp_path)),
        furniture=((0, 3),),
        warnings=(Saying("warning", {"told": "Half \ud800 a pair."}), Saying.of("pages_by_ocr", pages=("1", "3"), file="a.pdf")),
    )
    from json import dumps, loads

    assert isolated.reading_of(loads(dumps(isolated.reading_told(reading)))["reply"]) == reading
