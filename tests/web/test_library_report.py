"""The page's library: how each work was read, what is not in the index, and facts that are corrected there."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from askjapan.index.build import build
from askjapan.readings import FileReport
from askjapan.sayings import Saying
from askjapan.settings import Settings
from askjapan.web.columns.library_handlers import LibraryTab
from askjapan.web.html.library_report import read_html
from askjapan.web.words.translations import words
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS_NOTE_JA, make_place
from tests.support.stages import document
from tests.support.web_places import MONEY, make_library, make_service

ENGLISH = words("en")


@pytest.fixture
def library(tmp_path: Path) -> LibraryTab:
    return LibraryTab(make_service(make_library(tmp_path / "home", pdf=True)))


def test_each_work_says_how_it_was_read(library: LibraryTab) -> None:
    lamps = next(part for part in library.works(ENGLISH).split('<li class="aj-work-card">') if "Lamps of Minato" in part)
    assert "<summary>How it was read</summary>" in lamps
    assert "<li><strong>Pages</strong> 2, 2 with text</li><li><strong>Words</strong> 56</li>" in lamps
    assert "<li><strong>Title</strong> Lamps of Minato (PDF metadata)</li>" in lamps
    assert "<li><strong>Authors</strong> Emi Hara (PDF metadata)</li>" in lamps
    assert "<li><strong>タイトル</strong> Lamps of Minato（PDFの情報）</li>" in library.works(words("ja"))


def test_what_a_file_says_is_escaped_and_warnings_are_marked() -> None:
    found = document("Text.", title="<b>Ports</b>", sources={"title": "a&b"})
    html = read_html(found, FileReport("a.pdf", "work", 3, 2, 1, 9, (Saying.of("warning", told="Page 3 <i> is odd."),)), ENGLISH)
    assert "&lt;b&gt;Ports&lt;/b&gt; (a&amp;b)" in html
    assert '<summary class="aj-heed">' in html
    assert "<strong>Note</strong> Page 3 &lt;i&gt; is odd." in html
    assert "3, 2 with text (1 by OCR)" in html


def built(library: LibraryTab) -> None:
    """Wait until no build is running."""
    for _ in range(600):
        if not library.service.status.building:
            return
        time.sleep(0.05)
    raise AssertionError(library.service.status)


def test_what_is_not_in_the_index_is_shown_and_can_be_removed(library: LibraryTab) -> None:
    works: Path = library.service.settings.works
    (works / "broken <1>.pdf").write_bytes(b"nothing")
    assert "broken &lt;1&gt;.pdf</strong> It came after the index was built." in library.works(ENGLISH)
    assert library.rebuild(ENGLISH) == ""
    built(library)
    assert "broken &lt;1&gt;.pdf</strong> broken &lt;1&gt;.pdf is not a PDF." in library.works(ENGLISH, fresh=True)
    assert "broken &lt;1&gt;.pdf was removed." in library.act("remove", "broken <1>.pdf", {}, ENGLISH)
    assert "broken" not in library.works(ENGLISH, fresh=True)


def test_a_work_is_corrected_where_it_stands(library: LibraryTab) -> None:
    card = next(part for part in library.works(ENGLISH).split('<li class="aj-work-card">') if "Lantern Towns" in part)
    assert '<input name="title" value="The Lantern Towns of Hoshino Bay">' in card
    assert '<input name="authors" value="Sachi Morikawa">' in card
    assert '<input name="year" value="2006">' in card
    given = {"title": "Lanterns of Hoshino", "authors": "Sachi Morikawa", "year": "2006"}
    assert "lanterns.txt: kept beside the file" in library.act("edit", "hoshino-lanterns", given, ENGLISH)
    built(library)
    kept = json.loads((library.service.settings.works / "lanterns.txt.facts.json").read_text(encoding="utf-8"))
    assert kept == {"format": "askjapan facts 1", "title": {"value": "Lanterns of Hoshino", "from": "you"}}
    assert {c.title for c in library.service.ask(MONEY).citations if c.document_id == "hoshino-lanterns"} == {
        "Lanterns of Hoshino"
    }
    assert "is no year. Give four digits" in library.act("edit", "hoshino-lanterns", {"year": "last"}, ENGLISH)
    assert library.act("edit", "hoshino-lanterns", given, ENGLISH) == '<div class="aj-note"><p>Nothing was changed.</p></div>'


def test_a_closed_library_is_only_looked_at(library: LibraryTab) -> None:
    settings: Settings = library.service.settings
    library.service.settings = settings.model_copy(update={"library_editing": False})
    for action in ("edit", "remove", "index", "cancel", "clear"):
        assert "cannot be changed here" in library.act(action, "hoshino-lanterns", {"title": "Mine"}, ENGLISH)
    assert "cannot be changed here" in library.rebuild(ENGLISH)
    assert "cannot be changed here" in library.add(["a.txt"], ENGLISH)
    assert "data-do=" not in library.works(ENGLISH)
    assert not (library.service.settings.works / "lanterns.txt.facts.json").exists()


@pytest.mark.parametrize(
    ("warning", "told", "said"),
    [
        (
            Saying.of("pages_mostly_picture", pages=("1", "4–7", "9"), file="a.pdf"),
            "Pages 1, 4–7 and 9 of a.pdf are mostly a picture, and what it shows is not read.",
            "ほとんどが画像で、画像の中の文字を読み取っていないページ：1、4–7、9。",
        ),
        (
            Saying.of("pages_by_ocr", pages=("3",), file="a.pdf"),
            "Page 3 of a.pdf is read by OCR.",
            "文字認識（OCR）で読み取ったページ：3。",
        ),
        (
            Saying.of("not_confirmed", figures=2, pages=("1", "5"), file="a.pdf"),
            "2 figures or names on pages 1 and 5 of a.pdf are not in the second reading.",
            "二度目の読み取りで確認できなかった数値や名前が2件あります（ページ：1、5）。",
        ),
        (
            Saying.of("other_encoding", file="a.txt", encoding="Shift_JIS"),
            "a.txt is not UTF-8; it was read as Shift_JIS.",
            "文字コードがUTF-8ではないため、Shift_JIS として読み取りました。",
        ),
        (
            Saying.of("warning", told="Something new."),
            "Something new.",
            "正しく読み取れていない箇所があるかもしれません。引用するときは元のファイルと見比べてください。",
        ),
    ],
)
def test_warnings_are_in_japanese_on_the_japanese_page(warning: Saying, told: str, said: str) -> None:
    report = FileReport("a.pdf", "work", 3, 2, 1, 9, (warning,))
    assert f"<strong>注意</strong> {said}</li>" in read_html(document("Text."), report, words("ja"))
    assert f"<strong>Note</strong> {told}</li>" in read_html(document("Text."), report, ENGLISH)


def test_the_passages_of_the_cards_are_those_of_the_index(tmp_path: Path) -> None:
    # A work in two languages has its passages in both.
    place = make_place(tmp_path / "home")
    (place.notes / "lanterns.ja.md").write_text(LANTERNS_NOTE_JA, encoding="utf-8")
    report = build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    cards = LibraryTab(make_service(place)).works(ENGLISH)
    counted = [int(number) for number in re.findall(r"passages: (\d+)", cards)]
    assert (len(counted), sum(counted)) == (2, report.passages)
    assert report.passages > 2
