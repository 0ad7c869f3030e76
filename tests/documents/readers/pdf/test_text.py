"""The text of a PDF's pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

from askjapan.documents.readers.pdf.pdfium import Drawn
from askjapan.documents.readers.pdf.reader import read_pdf
from askjapan.readings import Page
from tests.support.pdfs import (
    PROSE,
    by_pypdf,
    column,
    draw,
    show,
    texts,
)
from tests.support.sayings import told


class TestText:
    def test_the_bounds_of_pages_are_exact(self, tmp_path: Path) -> None:
        path = draw(tmp_path / "a.pdf", [[(72, 700, "Two towns met."), (72, 688, "They wrote let-")], [(72, 700, "ters.")]])
        reading = read_pdf(path)
        assert reading.text == "Two towns met.\nThey wrote let\u00ad\fters."
        assert reading.pages == (Page(1, None, 0, 30), Page(2, None, 31, 36))
        assert texts(reading) == ["Two towns met.\nThey wrote let\u00ad", "ters."]
        assert (reading.markup, reading.furniture, told(reading.warnings)) == ("plain", (), ())

    def test_an_empty_page_keeps_its_number(self, tmp_path: Path) -> None:
        reading = read_pdf(draw(tmp_path / "a.pdf", [[(72, 700, "One.")], [], [(72, 700, "Three.")]]))
        assert reading.text == "One.\f\fThree."
        assert reading.pages == (Page(1, None, 0, 4), Page(2, None, 5, 5), Page(3, None, 6, 12))

    def test_a_long_text_printed_to_pdf_comes_back_word_for_word(self, tmp_path: Path) -> None:
        paragraphs = [f"Chapter {number}. " + " ".join(f"{PROSE}({number}.{at})" for at in range(12)) for number in range(1, 41)]
        path = tmp_path / "long.pdf"
        style = getSampleStyleSheet()["BodyText"]
        SimpleDocTemplate(str(path), pagesize=A4, invariant=True).build([Paragraph(text, style) for text in paragraphs])
        reading = read_pdf(path)
        assert len(reading.pages) == 11
        assert [page.split() for page in texts(reading)] == [page.split() for page in by_pypdf(path)]
        assert reading.text.split() == " ".join(paragraphs).split()

    def test_japanese(self, tmp_path: Path) -> None:
        registerFont(UnicodeCIDFont("HeiseiMin-W3"))
        canvas = Canvas(str(tmp_path / "a.pdf"), invariant=True)
        canvas.setFont("HeiseiMin-W3", 12)
        for at in range(5):
            show(canvas, 72, 700 - 20 * at, "港の町と山の町は姉妹都市である。")
        canvas.save()
        assert read_pdf(tmp_path / "a.pdf").text == "\n".join(["港の町と山の町は姉妹都市である。"] * 5)

    def test_a_line_goes_on_after_a_change_of_font(self, tmp_path: Path) -> None:
        def commands(canvas: Canvas, y: float, parts: Sequence[tuple[float, str]]) -> None:
            for x, text in parts:
                drawn = canvas.beginText(x, y + 30)  # as Chrome does it: from the top of the line, then down
                drawn.moveCursor(0, 30)
                drawn.textOut(text)
                canvas.drawText(drawn)

        canvas = Canvas(str(tmp_path / "a.pdf"), invariant=True)
        canvas.setFont("Courier", 10)
        commands(canvas, 700, [(72, "The"), (96, "ferry"), (126, "boat"), (250, "far away")])
        commands(canvas, 688, [(72, "comes.")])
        canvas.save()
        assert by_pypdf(tmp_path / "a.pdf") == ["The\nferry\nboat\nfar away\ncomes."]
        assert read_pdf(tmp_path / "a.pdf").text == "The ferryboat far away\ncomes."

    def test_a_page_that_pdfium_cannot_read_is_taken_from_pypdf(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = draw(tmp_path / "a.pdf", [[(72, 700, "One.")]])
        monkeypatch.setattr("pypdf.PageObject.extract_text", lambda *_, **__: "a \ud800 b")
        monkeypatch.setattr("askjapan.documents.readers.pdf.reader.drawn", lambda *_: Drawn([], [], 0.0))
        assert read_pdf(path).text == "a \ufffd b"


def test_many_pages_are_read_page_by_page(tmp_path: Path) -> None:
    words = [" ".join(format(number * at, "x") for at in range(11, 24)) for number in range(10_000, 10_360)]
    pages = [
        [(72, 800, "Sister towns"), *column(72, words[number : number + 50], 780), (300, 40, str(number))]
        for number in range(1, 61)
    ]
    path = draw(tmp_path / "a.pdf", pages)
    reading = read_pdf(path)
    assert [page.label for page in reading.pages] == [str(number) for number in range(1, 61)]
    assert len(reading.furniture) == 120
