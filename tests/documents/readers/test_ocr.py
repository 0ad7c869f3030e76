"""Scans: only pages without text are recognised, once; quotes from them say so; without Tesseract the report says what to install."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import askjapan.documents.readers.ocr as ocr
import askjapan.documents.readers.scans as scans
from askjapan.citations.bibliography import locator
from askjapan.citations.render import place as place_of
from askjapan.citations.verify import verify
from askjapan.documents.readers.ocr import ENDING, Recognised, read_whole
from askjapan.errors import NEEDS_OCR, DamagedFile, NoTextLayer
from askjapan.index.build import build
from askjapan.index.works.corpus import KEPT_BESIDE
from askjapan.index.works.library import add
from tests.support.fakes import HashEncoder
from tests.support.pdfs import bomb
from tests.support.places import Place
from tests.support.sayings import told
from tests.support.web_places import make_service

FERRY = "The ferry of Kujira carries forty cars to the island of Asahi."
BELLS = "Nine bells were cast in Tomari for the churches of Riga in 1926."
PLAIN = "The sail lofts of Tomari closed for good in 1971."

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None or ocr.find_spec("pytesseract") is None, reason="Tesseract is not installed"
)


def make_scan(path: Path, pages: tuple[str, ...], title: str = "") -> Path:
    """A PDF whose pages are pictures of their text; a page that begins with "=" has it as text, one without any is blank."""
    from PIL import Image, ImageDraw, ImageFont
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), pagesize=(612, 792), invariant=True)
    if title:
        canvas.setTitle(title)
    for text in pages:
        if text.startswith("="):
            canvas.drawString(72, 700, text[1:])
        elif text:
            picture = Image.new("L", (1700, 2200), 255)
            ImageDraw.Draw(picture).text((150, 200), text, fill=0, font=ImageFont.load_default(40))
            stored = io.BytesIO()
            picture.save(stored, "PNG")
            canvas.drawImage(ImageReader(stored), 0, 0, 612, 792)
        canvas.showPage()
    canvas.save()
    return path


class Fake:
    """Stands in for Tesseract: what it would read, and which pages it was asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *texts: str, confidence: float = 90.0) -> None:
        self.texts = list(texts)
        self.drawn: list[int] = []
        draw = ocr.draw

        def drawn(path: Path, number: int, dots: int) -> Any:
            self.drawn.append(number)
            return draw(path, number, dots)

        monkeypatch.setattr(ocr, "draw", drawn)
        monkeypatch.setattr(ocr, "models", lambda: ["eng"])
        monkeypatch.setattr(ocr, "_engine", lambda: "Tesseract 5")
        monkeypatch.setattr(ocr, "_read_with", lambda picture, model: Recognised(self.texts.pop(0), confidence, model))


def test_only_pages_without_text_are_recognised_and_only_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_scan(tmp_path / "scan.pdf", (f"={PLAIN}", FERRY, "", BELLS))
    fake = Fake(monkeypatch, FERRY, BELLS)
    steps: list[tuple[str, int, int]] = []
    reading = read_whole(path, lambda *progress: steps.append(progress))
    assert fake.drawn == [2, 3, 4]
    assert steps == [("recognising", 0, 3), ("recognising", 1, 3), ("recognising", 2, 3), ("recognising", 3, 3)]
    assert [reading.text[page.start : page.end].strip() for page in reading.pages] == [PLAIN, FERRY, "", BELLS]
    assert [page.recognised for page in reading.pages] == [False, True, False, True]
    assert told(reading.warnings) == ("Pages 2 and 4 of scan.pdf are read by OCR.",)
    assert read_whole(path) == reading
    assert fake.drawn == [2, 3, 4]
    path.write_bytes(path.read_bytes() + b"\n% changed\n")
    fake.texts = [FERRY.upper(), BELLS]
    assert FERRY.upper() in read_whole(path).text


def test_pages_are_kept_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_scan(tmp_path / "scan.pdf", (FERRY, BELLS))
    fake = Fake(monkeypatch, FERRY)
    with pytest.raises(IndexError):
        read_whole(path)
    fake.texts = [BELLS]
    assert read_whole(path).text == f"{FERRY}\f{BELLS}"
    assert fake.drawn == [1, 2, 2]


def test_without_tesseract_the_reader_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "models", list)
    with pytest.raises(NoTextLayer) as caught:
        read_whole(make_scan(tmp_path / "scan.pdf", (FERRY, BELLS)))
    assert str(caught.value) == f"scan.pdf has no text layer: no text can be read on its 2 pages. {NEEDS_OCR}"
    reading = read_whole(make_scan(tmp_path / "mixed.pdf", (f"={PLAIN}", FERRY, "")))
    assert told(reading.warnings) == (f"Page 2 of mixed.pdf has no text. {NEEDS_OCR}",)
    assert not any(page.recognised for page in reading.pages)


def test_a_scan_without_a_word_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Fake(monkeypatch, "")
    with pytest.raises(NoTextLayer, match=r"OCR finds no words on them either\. Scan it anew"):
        read_whole(make_scan(tmp_path / "scan.pdf", ("~",)))


def test_a_picture_without_words_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = Fake(monkeypatch, "", confidence=0.0)
    reading = read_whole(make_scan(tmp_path / "mixed.pdf", (f"={PLAIN}", "~", "")))
    assert told(reading.warnings) == ("Page 2 of mixed.pdf is a picture in which OCR finds no words.",)
    assert fake.drawn == [2, 3]


def test_doubtful_pages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Fake(monkeypatch, FERRY, confidence=41.0)
    reading = read_whole(make_scan(tmp_path / "scan.pdf", (FERRY,)))
    assert told(reading.warnings)[-1] == "Page 1 of scan.pdf is read with little certainty: compare quotes with the page."


@pytest.mark.parametrize(
    ("seconds", "memory", "reason"),
    [
        (60.0, 400 << 20, "within 0 GB of memory, or it breaks what draws it"),
        (1.0, 8 << 30, "within 1 seconds"),
    ],
)
def test_a_page_that_would_take_the_machine_is_given_up_and_the_next_is_drawn(
    seconds: float, memory: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scans, "SECONDS", seconds)
    monkeypatch.setattr(scans, "MEMORY", memory)
    with pytest.raises(DamagedFile) as caught:
        scans.draw(bomb(tmp_path / "bomb.pdf"), 1, 300)
    assert str(caught.value) == f"Page 1 of bomb.pdf cannot be drawn for OCR {reason}. {scans.SCAN_AGAIN}"
    monkeypatch.undo()
    scan = make_scan(tmp_path / "scan.pdf", (FERRY, ""), "Ferries")
    assert scans.draw(scan, 1, 72).size == (612, 792)
    assert scans.draw(scan, 2, 72).getextrema() == (255, 255)
    assert scans.contents(scan).labels == (None, None)
    assert scans.contents(scan).stated["Title"] == "Ferries"


def test_a_page_that_cannot_be_drawn_is_named_and_the_others_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Fake(monkeypatch, FERRY, BELLS)
    draw = ocr.draw

    def breaks_on_two(path: Path, number: int, dots: int) -> Any:
        if number == 2:
            raise DamagedFile(f"Page 2 of {path.name} cannot be drawn for OCR within 60 seconds.", scans.SCAN_AGAIN)
        return draw(path, number, dots)

    monkeypatch.setattr(ocr, "draw", breaks_on_two)
    reading = read_whole(make_scan(tmp_path / "scan.pdf", (FERRY, "~", BELLS)))
    assert reading.text == f"{FERRY}\f\f{BELLS}"
    assert told(reading.warnings) == (
        "Page 2 of scan.pdf cannot be drawn for OCR within 60 seconds.",
        "Pages 1 and 3 of scan.pdf are read by OCR.",
    )
    alone = make_scan(tmp_path / "alone.pdf", ("~",))
    monkeypatch.setattr(ocr, "draw", lambda path, number, dots: breaks_on_two(path, 2, dots))
    with pytest.raises(DamagedFile) as caught:
        read_whole(alone)
    assert str(caught.value) == f"Page 2 of alone.pdf cannot be drawn for OCR within 60 seconds. {scans.SCAN_AGAIN}"


def test_what_is_kept_must_be_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_scan(tmp_path / "scan.pdf", (FERRY,))
    path.with_name(path.name + ENDING).write_text("{", encoding="utf-8")
    with pytest.raises(DamagedFile, match=r"kept in scan\.pdf\.ocr\.json, which cannot be used .* Delete that file\."):
        read_whole(path)
    assert ENDING in KEPT_BESIDE


def test_lines_and_paragraphs_of_a_page() -> None:
    words = [
        (1, 1, 1, "港", 90.0),
        (1, 1, 1, "の", 90.0),
        (1, 1, 1, "船", 90.0),
        (1, 1, 2, "came", 90.0),
        (1, 1, 2, "in", 90.0),
        (2, 1, 1, "End", 90.0),
    ]
    assert ocr._laid_out(words) == "港の船\ncame in\n\nEnd"


def test_the_surest_language_is_taken_and_kept_for_the_next_page(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    picture = Image.linear_gradient("L")
    asked: list[str] = []
    sure = {"eng": 30.0, "jpn": 88.0, "jpn_vert": 60.0}

    def read(picture: object, model: str) -> Recognised:
        asked.append(model)
        return Recognised(model, sure[model], model)

    monkeypatch.setattr(ocr, "_read_with", read)
    found = ocr._read_picture(picture, "", list(sure))
    assert (found, asked) == (Recognised("jpn", 88.0, "jpn"), ["eng", "jpn", "jpn_vert"])
    asked.clear()
    assert ocr._read_picture(picture, "jpn", list(sure)) == found
    assert asked == ["jpn"]
    sure["jpn"] = 50.0
    assert ocr._read_picture(picture, "jpn", list(sure)) == Recognised("jpn_vert", 60.0, "jpn_vert")


def test_quotes_from_a_scan_say_so_and_can_be_verified(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Fake(monkeypatch, FERRY, BELLS)
    result = add(
        make_scan(tmp_path / "scan.pdf", (FERRY, BELLS), "Ferries and Bells"), place.works, [place.corpus], place.catalogue
    )
    assert result.document is not None
    assert (result.document.title, sorted(path.name for path in tmp_path.iterdir())) == (
        "Ferries and Bells",
        ["home", "scan.pdf"],
    )
    report = build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    (line,) = [line for line in report.files if line.name == "scan.pdf"]
    assert (line.pages, line.pages_with_text, line.pages_recognised, line.words) == (2, 2, 2, 25)
    answer = make_service(place).ask("How many bells were cast in Tomari for the churches of Riga?")
    cited = [citation for citation in answer.citations if citation.path.endswith("scan.pdf") and citation.page == 2]
    assert [(citation.quote, citation.page, citation.recognised) for citation in cited] == [(BELLS, 2, True)]
    assert place_of(cited) == "page 2 of the file, read by OCR, characters 0–64 of the page"
    assert locator(cited[0]) == "file page 2, read by OCR"
    assert {verdict.status for verdict in verify([answer.to_dict()], [place.corpus])} == {"ok"}
    sentences = tuple(
        replace(sentence, citations=tuple(replace(citation, recognised=False) for citation in sentence.citations))
        for sentence in answer.sentences
    )
    denied = verify([replace(answer, sentences=sentences).to_dict()], [place.corpus])
    assert any("recognised is wrong: page 2 was read by OCR." in verdict.detail for verdict in denied)


@needs_tesseract
def test_tesseract_reads_a_scan(tmp_path: Path) -> None:
    path = make_scan(tmp_path / "scan.pdf", (f"{FERRY}\n{BELLS}",))
    reading = read_whole(path)
    assert reading.text == f"{FERRY}\n{BELLS}"
    kept = json.loads(path.with_name(path.name + ENDING).read_text(encoding="utf-8"))
    assert kept["pages"]["1"]["model"] == "eng"
    assert kept["pages"]["1"]["confidence"] > 80
    assert kept["engine"].startswith("Tesseract ")
