"""Tables in PDFs: each figure stands under its heading, whatever is drawn around it."""

from __future__ import annotations

from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from askjapan.documents.blocks import blocks_of
from askjapan.documents.passages import Sizes, split
from askjapan.documents.readers.pdf.reader import read_pdf
from tests.support.drawn_tables import cells_of, draw_table, kinds
from tests.support.pdfs import Text, draw
from tests.support.stages import count_words, document


def test_sixty_four_drawn_tables_come_back_cell_by_cell(tmp_path: Path) -> None:
    wrong = {}
    for kind in kinds(64):
        expected = draw_table(tmp_path / "a.pdf", kind)
        found = cells_of(read_pdf(tmp_path / "a.pdf").text)
        if found != expected:
            wrong[str(kind)] = found
    assert wrong == {}


def test_an_empty_cell_keeps_its_place(tmp_path: Path) -> None:
    rows = [("Year", "Exports", "Imports"), ("2001", "1,204", "990"), ("2002", "", "1,010"), ("2003", "870", "")]
    page = [(x, 700 - 14 * at, cell) for at, row in enumerate(rows) for x, cell in zip((72, 160, 250), row, strict=True) if cell]
    text = read_pdf(draw(tmp_path / "a.pdf", [page])).text
    assert text == "Year\tExports\tImports\n2001\t1,204\t990\n2002\t\t1,010\n2003\t870\t"


def test_a_table_that_is_drawn_column_by_column(tmp_path: Path) -> None:
    rows = [("Port", "Ships", "Tons"), ("Otaru", "12", "900"), ("Akita", "7", "410"), ("Sakata", "31", "2,200")]
    page: list[Text] = [(72 + 80 * column, 700 - 14 * at, row[column]) for column in range(3) for at, row in enumerate(rows)]
    reading = read_pdf(draw(tmp_path / "a.pdf", [page]))
    assert cells_of(reading.text) == [list(row) for row in rows]


def test_cells_of_several_lines_are_one_row(tmp_path: Path) -> None:
    style = getSampleStyleSheet()["BodyText"]
    long = "The ferry to Nakhodka carried students and teachers every summer until the line was closed"
    data = [
        ["Port", "What it did", "Since"],
        ["Otaru", Paragraph(long, style), "1966"],
        ["Akita", Paragraph("Wood.", style), "1972"],
    ]
    table = Table(data, colWidths=(80, 150, 60), style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
    SimpleDocTemplate(str(tmp_path / "a.pdf"), pagesize=A4, invariant=True).build([table])
    assert cells_of(read_pdf(tmp_path / "a.pdf").text) == [
        ["Port", "What it did", "Since"],
        ["Otaru", long, "1966"],
        ["Akita", "Wood.", "1972"],
    ]


def test_a_row_is_quoted_with_its_empty_cell(tmp_path: Path) -> None:
    rows = [("Year", "Exports", "Imports"), ("2001", "1,204", "990"), ("2002", "", "1,010"), ("2003", "870", "650")]
    page = [(x, 700 - 14 * at, cell) for at, row in enumerate(rows) for x, cell in zip((72, 160, 250), row, strict=True) if cell]
    reading = read_pdf(draw(tmp_path / "a.pdf", [page]))
    (passage,) = split(document(reading.text), reading.text, blocks_of(reading), Sizes(120, 256, count_words))
    assert [(unit.kind, unit.text) for unit in passage.units] == [
        ("header", "Year\tExports\tImports"),
        ("row", "2001\t1,204\t990"),
        ("row", "2002\t\t1,010"),
        ("row", "2003\t870\t650"),
    ]


def test_a_numbered_list_is_no_table(tmp_path: Path) -> None:
    items = ["The harbour was opened in 1957.", "The ferry began in 1966.", "The fair began in 1979.", "The line was closed."]
    page: list[Text] = []
    for at, item in enumerate(items):
        page += [(72, 700 - 14 * at, f"{at + 1}."), (96, 700 - 14 * at, item)]
    assert read_pdf(draw(tmp_path / "a.pdf", [page])).text == "\n".join(f"{at}. {item}" for at, item in enumerate(items, start=1))


def test_a_frame_around_a_text_is_no_table(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=True)
    canvas.rect(60, 600, 400, 130)
    canvas.drawString(72, 700, "The council met in May and wrote to the mayor of the sister town.")
    canvas.drawString(72, 686, "The mayor wrote back in June.")
    canvas.save()
    assert "\t" not in read_pdf(tmp_path / "a.pdf").text
