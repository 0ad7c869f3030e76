"""The order in which the columns of a page are read."""

from __future__ import annotations

from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from askjapan.documents.readers.pdf.reader import read_pdf
from askjapan.readings import Page
from tests.support.column_pages import draw_columns, kinds, right_lines
from tests.support.pdfs import (
    LEFT,
    RIGHT,
    THIRD,
    Text,
    by_pypdf,
    column,
    draw,
    show,
)


class TestColumns:
    def test_columns_in_order_stay_as_pypdf_gives_them(self, tmp_path: Path) -> None:
        path = draw(tmp_path / "a.pdf", [column(50, LEFT) + column(310, RIGHT)])
        reading = read_pdf(path)
        assert reading.text == "\n".join(LEFT + RIGHT) == by_pypdf(path)[0]

    def test_lines_across_the_gutter_are_cut(self, tmp_path: Path) -> None:
        rows = [text for pair in zip(column(50, LEFT), column(310, RIGHT), strict=True) for text in pair]
        path = draw(tmp_path / "a.pdf", [[(150, 800, "A title across the two columns of the page"), *rows]])
        assert by_pypdf(path)[0].split("\n")[1] == f"{LEFT[0]} {RIGHT[0]}"
        reading = read_pdf(path)
        assert reading.text == "A title across the two columns of the page\n\n" + "\n".join(LEFT + RIGHT)
        assert reading.pages == (Page(1, None, 0, len(reading.text)),)

    def test_three_columns(self, tmp_path: Path) -> None:
        columns = [column(x, [text[:36] for text in lines]) for x, lines in ((40, LEFT), (225, RIGHT), (410, THIRD))]
        path = draw(tmp_path / "a.pdf", [[text for row in zip(*columns, strict=True) for text in row]], size=9)
        assert read_pdf(path).text == "\n".join(text[:36] for lines in (LEFT, RIGHT, THIRD) for text in lines)

    def test_a_right_column_that_is_drawn_first(self, tmp_path: Path) -> None:
        path = draw(tmp_path / "a.pdf", [column(310, RIGHT) + column(50, LEFT)])
        assert read_pdf(path).text == "\n".join(LEFT + RIGHT)

    def test_footnotes_that_are_drawn_first_end_their_column(self, tmp_path: Path) -> None:
        notes = [f"{at} A note on the letters of {1950 + at}, kept in the town hall" for at in range(1, 7)]
        page = column(50, notes, top=380) + column(50, LEFT) + column(310, RIGHT)
        reading = read_pdf(draw(tmp_path / "a.pdf", [page]))
        assert reading.text == "\n".join(LEFT) + "\n\n" + "\n".join(notes) + "\n" + "\n".join(RIGHT)

    def test_a_gap_within_a_column_gives_an_empty_line(self, tmp_path: Path) -> None:
        parted = column(310, RIGHT[:10]) + column(310, RIGHT[10:], top=610)
        rows = [text for pair in zip(column(50, LEFT), parted, strict=True) for text in pair]
        reading = read_pdf(draw(tmp_path / "a.pdf", [rows]))
        assert reading.text == "\n".join(LEFT + RIGHT[:10]) + "\n\n" + "\n".join(RIGHT[10:])

    def test_a_heading_across_the_page_parts_the_columns(self, tmp_path: Path) -> None:
        rows = [
            *(text for pair in zip(column(50, LEFT[:10]), column(310, RIGHT[:10]), strict=True) for text in pair),
            (50, 630, "The second part of the report is set across both of the columns of this page"),
            *(text for pair in zip(column(50, LEFT[10:], 610), column(310, RIGHT[10:], 610), strict=True) for text in pair),
        ]
        reading = read_pdf(draw(tmp_path / "a.pdf", [rows]))
        assert [line for line in reading.text.split("\n") if line] == [
            *LEFT[:10],
            *RIGHT[:10],
            rows[20][2],
            *LEFT[10:],
            *RIGHT[10:],
        ]

    def test_columns_within_a_form(self, tmp_path: Path) -> None:
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=True)
        canvas.beginForm("sheet")
        canvas.setFont("Helvetica", 10)
        for pair in zip(column(50, LEFT), column(310, RIGHT), strict=True):
            for x, y, text in pair:
                show(canvas, x, y, text)
        canvas.endForm()
        canvas.doForm("sheet")
        canvas.save()
        assert by_pypdf(tmp_path / "a.pdf")[0].split("\n")[0] == f"{LEFT[0]} {RIGHT[0]}"
        assert read_pdf(tmp_path / "a.pdf").text == "\n".join(LEFT + RIGHT)

    def test_a_table_is_no_set_of_columns(self, tmp_path: Path) -> None:
        rows: list[Text] = []
        for at in range(20):
            rows += [
                (50, 760 - 14 * at, f"Town {at}"),
                (200, 760 - 14 * at, f"{at}00 letters"),
                (350, 760 - 14 * at, f"since {1950 + at}"),
            ]
        path = draw(tmp_path / "a.pdf", [rows])
        assert read_pdf(path).text == "\n".join(f"Town {at}\t{at}00 letters\tsince {1950 + at}" for at in range(20))

    def test_a_table_of_wide_cells_is_read_by_rows(self, tmp_path: Path) -> None:
        cells = [
            (text[: 24 + 7 * at % 36].strip(), other[: 22 + 11 * at % 40].strip())
            for at, (text, other) in enumerate(zip(LEFT, RIGHT, strict=True))
        ]
        rows = [text for at, (one, two) in enumerate(cells) for text in ((50, 760 - 14 * at, one), (310, 760 - 14 * at, two))]
        reading = read_pdf(draw(tmp_path / "a.pdf", [rows]))
        assert reading.text == "\n".join(f"{one} {two}" for one, two in cells)

    def test_a_page_in_one_column_is_not_cut(self, tmp_path: Path) -> None:
        lines = [f"{LEFT[at][:40]} and {RIGHT[at][:40]}" for at in range(30)]
        path = draw(tmp_path / "a.pdf", [column(50, lines)])
        assert read_pdf(path).text == "\n".join(lines).replace("  ", " ")

    def test_columns_of_a_page_that_lies_on_its_side(self, tmp_path: Path) -> None:
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=True)
        canvas.rotate(90)
        canvas.setFont("Helvetica", 10)
        for pair in zip(column(50, LEFT, -60), column(330, RIGHT, -60), strict=True):
            for x, y, text in pair:
                show(canvas, x, y, text)
        canvas.save()
        assert read_pdf(tmp_path / "a.pdf").text == "\n".join(LEFT + RIGHT)


def test_lines_of_columns_of_every_kind_come_back_whole_and_in_order(tmp_path: Path) -> None:
    """A part of the sweep in docs/reading.md, which has all of it."""
    right = drawn = 0
    for kind in list(kinds())[::17]:
        expected = draw_columns(tmp_path / "a.pdf", kind)
        right += right_lines(expected, read_pdf(tmp_path / "a.pdf").text)
        drawn += len(expected)
    assert drawn > 1500
    assert right / drawn >= 0.98
