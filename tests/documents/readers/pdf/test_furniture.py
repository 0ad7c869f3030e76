"""Page labels, running heads and feet."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from askjapan.documents.readers.pdf.furniture import Edge, printed_number
from askjapan.documents.readers.pdf.reader import read_pdf
from tests.support.pdfs import (
    LEFT,
    body,
    body_text,
    column,
    draw,
    furniture,
    rewritten,
    show,
    texts,
)


class TestLabelsAndFurniture:
    def test_labels_of_the_file_and_their_lines(self, tmp_path: Path) -> None:
        pages = [[*body(at), (300, 40, foot)] for at, foot in enumerate(["ii", "iii", "1"])]
        source = draw(tmp_path / "a.pdf", pages)

        def label(writer: PdfWriter) -> None:
            writer.set_page_label(0, 1, style="/r", start=2)
            writer.set_page_label(2, 2, style="/D", start=1)

        reading = read_pdf(rewritten(source, tmp_path / "b.pdf", label))
        assert [(page.number, page.label) for page in reading.pages] == [(1, "ii"), (2, "iii"), (3, "1")]
        assert furniture(reading) == ["ii", "iii", "1"]
        assert texts(reading)[1] == body_text(1) + "\n\niii"

    def test_printed_numbers_that_count_with_the_pages_are_labels(self, tmp_path: Path) -> None:
        pages = [[*body(at), (300, 40, f"– {at + 57} –")] for at in range(4)]
        reading = read_pdf(draw(tmp_path / "a.pdf", [[(72, 700, "Cover without a number.")], *pages]))
        assert [page.label for page in reading.pages] == [None, "57", "58", "59", "60"]
        assert furniture(reading) == ["– 57 –", "– 58 –", "– 59 –", "– 60 –"]

    def test_numbers_that_do_not_count_are_text(self, tmp_path: Path) -> None:
        reading = read_pdf(draw(tmp_path / "a.pdf", [[*body(at), (300, 40, number)] for at, number in enumerate("7429")]))
        assert [page.label for page in reading.pages] == [None] * 4
        assert reading.furniture == ()

    def test_running_heads_of_even_and_odd_pages(self, tmp_path: Path) -> None:
        pages = []
        for number in range(10, 18):
            head = f"{number}   M. Ono" if number % 2 == 0 else f"Sister towns   {number}"
            pages.append([(72, 800, head), *body(number)])
        reading = read_pdf(draw(tmp_path / "a.pdf", pages))
        assert [page.label for page in reading.pages] == [str(number) for number in range(10, 18)]
        assert furniture(reading)[:3] == ["10 M. Ono", "Sister towns 11", "12 M. Ono"]
        assert len(reading.furniture) == 8
        assert texts(reading)[0] == "10 M. Ono\n\n" + body_text(10)

    def test_a_head_of_one_chapter(self, tmp_path: Path) -> None:
        pages = [[(72, 800, f"Chapter {'one' if at < 4 else 'two'}"), *body(at)] for at in range(7)]
        reading = read_pdf(draw(tmp_path / "a.pdf", pages))
        assert furniture(reading) == ["Chapter one"] * 4 + ["Chapter two"] * 3

    def test_a_head_drawn_after_the_text_is_found_by_its_place(self, tmp_path: Path) -> None:
        pages = [[*body(at), (72, 800, "Sister towns"), (72, 60, "Draft of May")] for at in range(3)]
        reading = read_pdf(draw(tmp_path / "a.pdf", pages))
        assert texts(reading)[2] == body_text(2) + "\nSister towns\n\nDraft of May"
        assert furniture(reading) == ["Sister towns", "Draft of May"] * 3

    def test_two_pages_are_enough_where_there_are_no_more(self, tmp_path: Path) -> None:
        pages = [[(72, 800, "Sister towns"), *body(at), (300, 40, str(at + 1))] for at in range(2)]
        reading = read_pdf(draw(tmp_path / "a.pdf", pages))
        assert [page.label for page in reading.pages] == ["1", "2"]
        assert furniture(reading) == ["Sister towns", "1", "Sister towns", "2"]

    def test_a_heading_that_returns_at_another_height_is_text(self, tmp_path: Path) -> None:
        reading = read_pdf(draw(tmp_path / "a.pdf", [[(72, 800 - 30 * at, "Summary"), *body(at)] for at in range(3)]))
        assert reading.furniture == ()

    def test_a_line_below_the_text_of_the_page_is_no_head(self, tmp_path: Path) -> None:
        pages = [
            [(72, 800, f"Own title {name}"), (72, 780, "The same line on all the pages"), (72, 100, f"{name} ends.")]
            for name in ("a", "b", "c")
        ]
        assert read_pdf(draw(tmp_path / "a.pdf", pages)).furniture == ()

    def test_a_stamp_along_the_edge(self, tmp_path: Path) -> None:
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=True)
        for x, y, text in column(72, LEFT[:10]):
            show(canvas, x, y, text)
        canvas.rotate(90)
        show(canvas, 300, -30, "Received by the archive in May")
        canvas.save()
        reading = read_pdf(tmp_path / "a.pdf")
        assert reading.text == "\n".join(LEFT[:10]) + "\n\nReceived by the archive in May"
        assert furniture(reading) == ["Received by the archive in May"]

    @pytest.mark.parametrize(
        ("line", "found"),
        [
            ("12", ("12", 12, False)),
            ("- 12 -", ("12", 12, False)),
            ("Page 3 of 10", ("3", 3, False)),
            ("xiv", ("xiv", 14, True)),
            ("MCMXC", ("MCMXC", 1990, True)),
            ("第12頁", None),
            ("12 頁", ("12", 12, False)),
            ("Sister towns | 12", ("12", 12, False)),
            ("12 Sister towns", ("12", 12, False)),
            ("Sister towns in 1957 and later", None),
            ("12.5 per cent", None),
            ("---", None),
        ],
    )
    def test_numbers_on_a_line(self, line: str, found: tuple[str, int, bool] | None) -> None:
        printed = printed_number(Edge("foot", 0, 0, len(line), 40, line))
        assert (printed and (printed.label, printed.value, printed.roman)) == found
