"""Reading PDFs: small ones made here, and the collection beside the project where it is present."""

from __future__ import annotations

import logging
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter, apply_configuration
from pypdf.generic import ArrayObject, NameObject, NumberObject, StreamObject
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

from askjapan.documents.readers.pdf import second as pdf
from askjapan.documents.readers.pdf.checks import complaint, named
from askjapan.documents.readers.pdf.facts import facts_of
from askjapan.documents.readers.pdf.furniture import Edge, printed_number
from askjapan.documents.readers.pdf.noise import noise
from askjapan.documents.readers.pdf.reader import read_pdf
from askjapan.errors import DamagedFile, NoTextLayer, PasswordNeeded, ReadingError, UnreadableText, WrongFormat
from askjapan.records import Page, Reading

SHARED = Path(__file__).resolve().parents[4] / "shared" / "pdfs"

Text = tuple[float, float, str]  # x and y in points, and what is drawn there

LEFT = [f"Left line {number:02d} tells how the harbour town wrote to its sister" for number in range(1, 31)]
RIGHT = [f"Right line {number:02d} tells how the mountain town wrote back in May" for number in range(1, 31)]
THIRD = [f"Third line {number:02d} has ferries and the fairs" for number in range(1, 31)]
PROSE = "The harbour town and the mountain town have been sisters since the year in which the bridge was opened. "


def show(canvas: Canvas, x: float, y: float, text: str) -> None:
    """`drawString` without the line feed that it adds."""
    drawn = canvas.beginText(x, y)
    drawn.textOut(text)
    canvas.drawText(drawn)


def draw(path: Path, pages: Iterable[Sequence[Text]], size: float = 10) -> Path:
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    for page in pages:
        canvas.setFont("Helvetica", size)
        for x, y, text in page:
            show(canvas, x, y, text)
        canvas.showPage()
    canvas.save()
    return path


def column(x: float, lines: Sequence[str], top: float = 760, leading: float = 12) -> list[Text]:
    return [(x, top - leading * at, text) for at, text in enumerate(lines)]


def body(number: int) -> list[Text]:
    """A page of text that shares no line with the other pages."""
    words = (
        "harbour",
        "mountain",
        "bridge",
        "ferry",
        "letter",
        "festival",
        "school",
        "market",
        "river",
        "council",
        "snow",
        "rice",
    )
    subject, thing = words[number % len(words)], words[(number // len(words)) % len(words)]
    return column(72, [f"On the {subject} the {thing} comes first", f"and {thing} and {subject} end the page"], top=700)


def body_text(number: int) -> str:
    return "\n".join(text for _, _, text in body(number))


def rewritten(source: Path, target: Path, change: Callable[[PdfWriter], None]) -> Path:
    writer = PdfWriter(clone_from=source)
    change(writer)
    writer.write(target)
    return target


def texts(reading: Reading) -> list[str]:
    return [reading.text[page.start : page.end] for page in reading.pages]


def furniture(reading: Reading) -> list[str]:
    return [reading.text[start:end] for start, end in reading.furniture]


def by_pypdf(path: Path) -> list[str]:
    with apply_configuration(array_maximum_element_count=500_000):
        return [page.extract_text() for page in PdfReader(path).pages]


class TestText:
    def test_pages_are_what_pypdf_gives_and_their_bounds_are_exact(self, tmp_path: Path) -> None:
        path = draw(tmp_path / "a.pdf", [[(72, 700, "Two towns met."), (72, 688, "They wrote let-")], [(72, 700, "ters.")]])
        reading = read_pdf(path)
        assert reading.text == "Two towns met.\nThey wrote let-\fters."
        assert reading.pages == (Page(1, None, 0, 30), Page(2, None, 31, 36))
        assert texts(reading) == by_pypdf(path) == ["Two towns met.\nThey wrote let-", "ters."]
        assert (reading.markup, reading.furniture, reading.warnings) == ("plain", (), ())

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
        assert texts(reading) == by_pypdf(path)
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
        assert read_pdf(tmp_path / "a.pdf").text == "The ferryboat\nfar away\ncomes."

    def test_half_a_surrogate_pair_is_replaced(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = draw(tmp_path / "a.pdf", [[(72, 700, "One.")]])
        monkeypatch.setattr("pypdf.PageObject.extract_text", lambda *_, **__: "a \ud800 b")
        assert read_pdf(path).text == "a \ufffd b"


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
        assert (
            read_pdf(path).text
            == by_pypdf(path)[0]
            == "\n".join(f"Town {at} {at}00 letters since {1950 + at}" for at in range(20))
        )

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
        assert read_pdf(path).text == "\n".join(lines)

    def test_columns_of_a_page_that_lies_on_its_side(self, tmp_path: Path) -> None:
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=True)
        canvas.rotate(90)
        canvas.setFont("Helvetica", 10)
        for pair in zip(column(50, LEFT, -60), column(330, RIGHT, -60), strict=True):
            for x, y, text in pair:
                show(canvas, x, y, text)
        canvas.save()
        assert read_pdf(tmp_path / "a.pdf").text == "\n".join(LEFT + RIGHT)


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
        assert texts(reading)[1] == body_text(1) + "\niii"

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
        assert furniture(reading)[:3] == ["10   M. Ono", "Sister towns   11", "12   M. Ono"]
        assert len(reading.furniture) == 8
        assert texts(reading)[0] == "10   M. Ono\n" + body_text(10)

    def test_a_head_of_one_chapter(self, tmp_path: Path) -> None:
        pages = [[(72, 800, f"Chapter {'one' if at < 4 else 'two'}"), *body(at)] for at in range(7)]
        reading = read_pdf(draw(tmp_path / "a.pdf", pages))
        assert furniture(reading) == ["Chapter one"] * 4 + ["Chapter two"] * 3

    def test_a_head_drawn_after_the_text_is_found_by_its_place(self, tmp_path: Path) -> None:
        pages = [[*body(at), (72, 800, "Sister towns"), (72, 60, "Draft of May")] for at in range(3)]
        reading = read_pdf(draw(tmp_path / "a.pdf", pages))
        assert texts(reading)[2] == body_text(2) + "\nSister towns\nDraft of May"
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
        assert reading.text == "\n".join([*LEFT[:10], "Received by the archive in May"])
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


class TestRefusals:
    def test_no_pdf(self, tmp_path: Path) -> None:
        (tmp_path / "a.pdf").write_text("<!doctype html><html><body>Not found</body></html>")
        with pytest.raises(WrongFormat, match=r"^a\.pdf is not a PDF: it seems to be an HTML page\."):
            read_pdf(tmp_path / "a.pdf")

    def test_no_text_layer(self, tmp_path: Path) -> None:
        canvas = Canvas(str(tmp_path / "a.pdf"), invariant=True)
        for _ in range(3):
            canvas.rect(100, 100, 200, 200, fill=1)
            canvas.showPage()
        canvas.save()
        with pytest.raises(NoTextLayer) as caught:
            read_pdf(tmp_path / "a.pdf")
        assert caught.value.message == "a.pdf has no text layer: no text can be read on its 3 pages."
        assert caught.value.remedy == "Run OCR on it first (for example with OCRmyPDF) and add the result."

    def test_scans_with_nothing_but_page_numbers(self, tmp_path: Path) -> None:
        with pytest.raises(NoTextLayer):
            read_pdf(draw(tmp_path / "a.pdf", [[(300, 40, str(number))] for number in range(1, 5)]))

    def test_password(self, tmp_path: Path) -> None:
        lock = StandardEncryption("harbour", ownerPassword="owner", strength=128)
        canvas = Canvas(str(tmp_path / "a.pdf"), encrypt=lock, invariant=True)
        show(canvas, 72, 700, "Two towns met.")
        canvas.save()
        with pytest.raises(PasswordNeeded) as caught:
            read_pdf(tmp_path / "a.pdf")
        assert caught.value.message == "a.pdf is encrypted and needs a password."

    @pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
    def test_the_empty_password_opens(self, tmp_path: Path, algorithm: str) -> None:
        source = draw(tmp_path / "a.pdf", [[(72, 700, "Two towns met.")]])
        path = rewritten(source, tmp_path / "b.pdf", lambda writer: writer.encrypt("", "owner", algorithm=algorithm))
        assert PdfReader(path).is_encrypted
        assert read_pdf(path).text == "Two towns met."

    def test_garbage_after_the_header(self, tmp_path: Path) -> None:
        (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n" + b"no object here " * 50)
        with pytest.raises(DamagedFile) as caught:
            read_pdf(tmp_path / "a.pdf")
        assert caught.value.message == "a.pdf is damaged; the PDF reader says: Cannot find Root object in pdf."

    def test_an_empty_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.pdf").touch()
        with pytest.raises(DamagedFile, match=r"a\.pdf holds no text: it is empty"):
            read_pdf(tmp_path / "a.pdf")

    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            read_pdf(tmp_path / "a.pdf")

    def test_a_limit_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        source = draw(tmp_path / "a.pdf", [[(72, 700, "Two towns met.")]])

        def lengthen(writer: PdfWriter) -> None:
            writer.root_object[NameObject("/Long")] = ArrayObject(NumberObject(0) for _ in range(2000))

        path = rewritten(source, tmp_path / "b.pdf", lengthen)
        assert read_pdf(path).text == "Two towns met."
        monkeypatch.setattr(pdf, "LONGEST_ARRAY", 1000)
        with pytest.raises(ReadingError) as caught:
            read_pdf(path)
        assert str(caught.value) == (
            "b.pdf goes beyond a limit of the PDF reader: Reached maximum array element count. "
            "Print it to a new PDF, or split it, and add the result."
        )

    def test_noise(self, tmp_path: Path) -> None:
        canvas = Canvas(str(tmp_path / "a.pdf"), invariant=True)
        for at in range(20):
            show(canvas, 72, 700 - 12 * at, "".join(f"(cid:{code})" for code in range(30, 40)))
        canvas.save()
        with pytest.raises(UnreadableText) as caught:
            read_pdf(tmp_path / "a.pdf")
        assert caught.value.message == "The text layer of a.pdf cannot be read: it names glyphs instead of letters."

    def test_a_single_page_of_noise_is_left_out(self, tmp_path: Path) -> None:
        good = column(72, LEFT)
        bad = [(72, 700 - 12 * at, "/g12/g23/g34/g45/g56/g67") for at in range(4)]
        reading = read_pdf(draw(tmp_path / "a.pdf", [good, bad, good]))
        assert furniture(reading) == [texts(reading)[1]]
        assert reading.warnings == ("Page 2 of a.pdf is left out, because the text layer cannot be read.",)


class TestDamage:
    def test_a_file_without_its_end_gives_what_is_left(self, tmp_path: Path) -> None:
        whole = draw(tmp_path / "a.pdf", [column(72, LEFT), column(72, RIGHT)]).read_bytes()
        (tmp_path / "b.pdf").write_bytes(whole[: whole.index(b"xref\n")])
        reading = read_pdf(tmp_path / "b.pdf")
        assert texts(reading) == ["\n".join(LEFT), "\n".join(RIGHT)]
        assert reading.warnings == (
            "b.pdf is cut off: its end is missing, and text may be missing with it.",
            *reading.warnings[1:],
        )
        assert [text.partition(":")[0] for text in reading.warnings[1:]] == [
            "b.pdf is damaged in places, and the PDF reader had to mend it"
        ]

    def test_pages_that_were_cut_off_are_named(self, tmp_path: Path) -> None:
        whole = draw(tmp_path / "a.pdf", [column(72, lines) for lines in (LEFT, RIGHT, THIRD)]).read_bytes()
        streams = [at for at in range(len(whole)) if whole.startswith(b"endstream", at)]
        (tmp_path / "b.pdf").write_bytes(whole[: streams[1] + 20])
        reading = read_pdf(tmp_path / "b.pdf")
        assert texts(reading) == ["\n".join(LEFT), "\n".join(RIGHT), ""]
        assert reading.warnings[0] == "Page 3 of b.pdf cannot be read: its contents are missing."
        assert reading.warnings[1] == "b.pdf is cut off: its end is missing, and text may be missing with it."

    def test_a_file_cut_before_its_pages(self, tmp_path: Path) -> None:
        whole = draw(tmp_path / "a.pdf", [column(72, LEFT)]).read_bytes()
        (tmp_path / "b.pdf").write_bytes(whole[:300])
        with pytest.raises(DamagedFile) as caught:
            read_pdf(tmp_path / "b.pdf")
        assert caught.value.message == "b.pdf is damaged; the PDF reader says: Cannot find Root object in pdf."

    def test_a_page_that_fails_is_named_and_the_others_are_read(self, tmp_path: Path) -> None:
        source = draw(tmp_path / "a.pdf", [[(72, 700, "One.")], [(72, 700, "Two.")], [(72, 700, "Three.")]])

        def spoil(writer: PdfWriter) -> None:
            stream = StreamObject()
            stream[NameObject("/Filter")] = NameObject("/NoSuchDecode")
            stream.set_data(b"BT ET")
            writer.pages[1][NameObject("/Contents")] = writer._add_object(stream)

        reading = read_pdf(rewritten(source, tmp_path / "b.pdf", spoil))
        assert reading.text == "One.\f\fThree."
        assert reading.warnings == ("Page 2 of b.pdf cannot be read: Unsupported filter /NoSuchDecode.",)

    def test_all_pages_fail(self, tmp_path: Path) -> None:
        source = draw(tmp_path / "a.pdf", [[(72, 700, "One.")]])

        def spoil(writer: PdfWriter) -> None:
            stream = StreamObject()
            stream[NameObject("/Filter")] = NameObject("/NoSuchDecode")
            stream.set_data(b"BT ET")
            writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

        path = rewritten(source, tmp_path / "b.pdf", spoil)
        with pytest.raises(DamagedFile) as caught:
            read_pdf(path)
        assert caught.value.message == "b.pdf is damaged; the PDF reader says: Unsupported filter /NoSuchDecode."

    def test_a_content_stream_with_a_wrong_checksum(self, tmp_path: Path) -> None:
        source = draw(tmp_path / "a.pdf", [column(72, LEFT)])
        path = rewritten(source, tmp_path / "b.pdf", lambda writer: writer.pages[0].compress_content_streams())
        assert read_pdf(path).warnings == ()
        data = path.read_bytes()
        end = data.index(b"\nendstream", data.index(b"/FlateDecode"))
        path.write_bytes(data[: end - 1] + bytes([data[end - 1] ^ 255]) + data[end:])
        reading = read_pdf(path)
        assert reading.text == "\n".join(LEFT)
        assert reading.warnings == ("Page 1 of b.pdf is damaged in part, so text may be missing.",)

    def test_a_page_box_that_is_upside_down(self, tmp_path: Path) -> None:
        source = draw(tmp_path / "a.pdf", [[(72, 700, "One.")], [(72, 700, "Two.")]])

        def turn(writer: PdfWriter) -> None:
            for page in writer.pages:
                page[NameObject("/MediaBox")] = ArrayObject(NumberObject(value) for value in (0, 842, 595, 0))

        reading = read_pdf(rewritten(source, tmp_path / "b.pdf", turn))
        assert reading.text == "One.\fTwo."
        assert reading.warnings == ("Pages 1–2 of b.pdf are malformed: the page size is not in order.",)

    def test_a_scan_among_text_pages(self, tmp_path: Path) -> None:
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=True)
        canvas.drawImage(ImageReader(Image.new("RGB", (20, 30))), 0, 0, *A4)
        canvas.showPage()
        canvas.drawImage(ImageReader(Image.new("RGB", (20, 30))), 0, 0, 100, 100)
        show(canvas, 72, 700, "A page with a small picture.")
        canvas.save()
        reading = read_pdf(tmp_path / "a.pdf")
        assert reading.text == "\fA page with a small picture."
        assert reading.warnings == ("Page 1 of a.pdf is mostly a picture, and what it shows is not read.",)

    def test_nothing_leaks_and_everything_is_put_back(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        whole = draw(tmp_path / "a.pdf", [column(72, LEFT)]).read_bytes()
        (tmp_path / "b.pdf").write_bytes(whole[: whole.index(b"xref\n")])
        logger = logging.getLogger("pypdf")
        before = (logger.level, logger.propagate, list(logger.handlers))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            read_pdf(tmp_path / "b.pdf")
        assert (caught, caplog.records, capfd.readouterr()) == ([], [], ("", ""))
        assert (logger.level, logger.propagate, logger.handlers) == before

    def test_complaints_become_one_sentence(self) -> None:
        assert complaint("b.pdf", []) == complaint("b.pdf", ["Ignoring wrong pointing object 6 0 (offset 0)"]) == []
        assert complaint("b.pdf", ["EOF marker  not found", "EOF marker not found", "b"]) == [
            "b.pdf is damaged in places, and the PDF reader had to mend it: EOF marker not found (and 1 more)."
        ]

    def test_pages_in_words(self) -> None:
        assert named([3]) == "Page 3"
        assert named([1, 4, 5, 6, 9]) == "Pages 1, 4–6 and 9"


class TestFacts:
    def test_facts_of_the_metadata(self, tmp_path: Path) -> None:
        source = draw(tmp_path / "a.pdf", [[(72, 700, "One.")]])

        def state(writer: PdfWriter) -> None:
            writer.add_metadata(
                {"/Title": "Sister  Towns", "/Author": "Mari Ono and Jan Berg", "/CreationDate": "D:20140302101500+09'00'"}
            )

        reading = read_pdf(rewritten(source, tmp_path / "b.pdf", state))
        assert reading.facts == {"title": "Sister Towns", "authors": "Mari Ono; Jan Berg", "year": "2014"}
        assert reading.facts_from == "PDF metadata"

    def test_nothing_stated(self, tmp_path: Path) -> None:
        def forget(writer: PdfWriter) -> None:
            writer.metadata = None

        path = rewritten(draw(tmp_path / "a.pdf", [[(72, 700, "One.")]]), tmp_path / "b.pdf", forget)
        reading = read_pdf(path)
        assert (reading.facts, reading.facts_from) == ({}, "")

    @pytest.mark.parametrize(
        "title",
        [
            "Microsoft Word - report.doc",
            "untitled",
            "Untitled-1",
            "(anonymous)",
            "report_final_2.docx",
            "C:\\texts\\report",
            "wp_2019_final",
            "Document1",
            "無題",
            "12345",
            "",
            None,
            "Sis\x00ter",
        ],
    )
    def test_titles_that_say_nothing(self, title: str | None) -> None:
        assert facts_of(title, None, None) == {}

    @pytest.mark.parametrize("title", ["Report 3/4", "姉妹都市", "Towns", "Title and Deed", "Documents of the towns"])
    def test_titles_that_do(self, title: str) -> None:
        assert facts_of(title, None, None) == {"title": title}

    @pytest.mark.parametrize(
        ("entry", "authors"),
        [
            ("Ono, Mari", "Ono, Mari"),
            ("Ono, Mari; Berg, Jan", "Ono, Mari; Berg, Jan"),
            ("Mari Ono, Jan Berg, and Eva Lind", "Mari Ono; Jan Berg; Eva Lind"),
            ("Mari Ono & Jan Berg", "Mari Ono; Jan Berg"),
            ("小野真理、山田花子", "小野真理; 山田花子"),
        ],
    )
    def test_authors(self, entry: str, authors: str) -> None:
        assert facts_of(None, entry, None) == {"authors": authors}

    @pytest.mark.parametrize("entry", ["Administrator", "user", "mari@example.org", "Microsoft Office User"])
    def test_no_authors(self, entry: str) -> None:
        assert facts_of(None, entry, "yesterday") == {}


class TestNoise:
    JAPANESE = "港の町と山の町は、戦後に姉妹都市となり、今も毎年の夏に生徒を送っている。" * 4

    @pytest.mark.parametrize(
        "text",
        [
            PROSE * 5,
            JAPANESE,
            PROSE + JAPANESE,
            "Tōkyō (東京) and Ōsaka (大阪) are 都市 with many ties. " * 6,
            "Příliš žluťoučký kůň. Strč prst skrz krk. " * 12,
            "สวัสดีครับ ผมชื่อสมชาย " * 10,
            "नमस्ते दुनिया यह हिन्दी पाठ है " * 10,
            "Привет, мир и дружба городов. " * 10,
            "αβ x = 3y, f(x)→g(y); for all x in A: h(x)≤2. " * 10,
            "\uf0b7 Item of a list with a bullet from a symbol font\n" * 5,
        ],
    )
    def test_real_texts(self, text: str) -> None:
        assert noise(text) == ""

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("".join(chr(ord(letter) - 29) for letter in PROSE * 3), "many of its characters are no text"),
            ("".join(chr(0xF000 + ord(letter)) for letter in PROSE), "many of its characters are no text"),
            (JAPANESE.encode().decode("latin-1"), "many of its characters are no text"),
            ("сестра ɹɹং Θབྷͱ ݱωཞ ಁབ ཤὙग ქλप " * 5, "letters of unrelated scripts are mixed within its words"),
            (JAPANESE.encode("euc-jp").decode("latin-1"), "its words are full of symbols"),
            ("".join(f"/g{ord(letter)}" for letter in PROSE), "it names glyphs instead of letters"),
            ("xqz brtk plmn vwst kcdf " * 30, "its letters make no words"),
        ],
    )
    def test_noise_of_each_kind(self, text: str, reason: str) -> None:
        assert noise(text) == reason

    def test_a_short_text_tells_nothing(self) -> None:
        assert noise("\uf0b7\uf0b7\uf0b7") == ""


def test_three_hundred_pages_are_read_page_by_page(tmp_path: Path) -> None:
    words = [" ".join(format(number * at, "x") for at in range(11, 24)) for number in range(10_000, 10_360)]
    pages = [
        [(72, 800, "Sister towns"), *column(72, words[number : number + 50], 780), (300, 40, str(number))]
        for number in range(1, 301)
    ]
    path = draw(tmp_path / "a.pdf", pages)
    start = time.process_time()
    reading = read_pdf(path)
    spent = time.process_time() - start
    assert [page.label for page in reading.pages] == [str(number) for number in range(1, 301)]
    assert len(reading.furniture) == 600
    assert spent < 60


pytestmark_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the collection of PDFs is not here")


def in_order(text: str, *parts: str) -> bool:
    """Whether each part is there once and after the one before."""
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places) and all(text.count(part) == 1 for part in parts)


@pytest.mark.shared
@pytestmark_shared
class TestCollection:
    """One test for each row of the collection's table."""

    def test_latex(self) -> None:
        reading = read_pdf(SHARED / "latex-4-pages.pdf")
        assert texts(reading) == by_pypdf(SHARED / "latex-4-pages.pdf")
        assert [len(text) for text in texts(reading)] == [3930, 3953, 3953, 2635]
        assert [page.label for page in reading.pages] == furniture(reading) == ["1", "2", "3", "4"]

    def test_page_labels(self) -> None:
        reading = read_pdf(SHARED / "page-labels.pdf")
        assert [(page.number, page.label) for page in reading.pages] == [(1, "iii"), (2, "iv"), (3, "1"), (4, "2"), (5, "1")]
        assert furniture(reading) == ["iii", "iv", "1", "2", "1"]

    def test_two_columns(self) -> None:
        reading = read_pdf(SHARED / "two-columns.pdf")
        assert in_order(
            texts(reading)[0], "Abstract\n", "Vivamus viverra fermentum felis", "Proin fermentum massa ac quam", "leo. Quisque"
        )
        assert in_order(
            texts(reading)[1], "Suspendisse vel felis", "odio. Vestibulum ante", "luctus et ultrices", "Suspendisse vitae elit"
        )
        assert texts(reading) == by_pypdf(SHARED / "two-columns.pdf")
        assert furniture(reading) == ["1", "2", "3"]

    def test_two_columns_of_a_paper(self) -> None:
        reading = read_pdf(SHARED / "columns-2-pages.pdf")
        assert in_order(
            texts(reading)[0], "1 Introduction", "from above 80%", "Retrieval in open-domain QA is", "state-of-the-art results on"
        )
        assert in_order(texts(reading)[1], "2 Background", "of diversiﬁed topics", "the extractive QA setting", "3.1 Overview")
        assert texts(reading) == by_pypdf(SHARED / "columns-2-pages.pdf")
        assert len(reading.furniture) == 1

    def test_three_columns(self) -> None:
        reading = read_pdf(SHARED / "three-columns.pdf")
        pages = texts(reading)
        assert len(pages) == 15
        assert in_order(
            pages[0],
            "Proposed Rules\n",
            "rules.\n\n",
            "methods:",
            "Federal eRulemaking",
            "reference a specific portion",
            "proposal, explain",
        )
        # Each column with its notes, although the file draws the notes of all columns first.
        assert in_order(
            pages[1],
            "activation, airspeed disagree alert, and",
            "providing tactile",
            "altitude disagree alert,5",
            "revision to the",
            "and the Ethiopian Civil",
        )
        unchanged = [
            number for number, page in enumerate(by_pypdf(SHARED / "three-columns.pdf"), start=1) if page == pages[number - 1]
        ]
        assert unchanged == list(range(4, 16))
        for ours, theirs in zip(pages[:3], by_pypdf(SHARED / "three-columns.pdf")[:3], strict=True):
            assert Counter("".join(ours.split())) == Counter("".join(theirs.split()))
        assert [page.label for page in reading.pages] == [str(number) for number in range(47698, 47713)]

    def test_no_line_crosses_the_gutter_in_three_columns(self) -> None:
        reading = read_pdf(SHARED / "three-columns.pdf")
        for page in reading.pages:
            heads = [(start, end) for start, end in reading.furniture if page.start <= start < page.end]
            at, longest = page.start, 0
            for start, end in [*heads, (page.end, page.end)]:
                longest = max(longest, *(len(line) for line in reading.text[at:start].split("\n")))
                at = end
            # Pages 5 and 6 have a table across the page.
            assert (longest < 60) == (page.number not in (5, 6)), page.number

    def test_japanese(self) -> None:
        reading = read_pdf(SHARED / "japanese.pdf")
        assert "A grasshopper spent the summer" in reading.text
        assert "「私は冬の餌を集めています。" in reading.text
        assert reading.facts["title"] == "grasshopper"
        # pypdf ends the line after nearly every sign; nothing but line ends differs.
        assert [page.split() for page in by_pypdf(SHARED / "japanese.pdf")] != [page.split() for page in texts(reading)]
        assert ["".join(page.split()) for page in by_pypdf(SHARED / "japanese.pdf")] == [
            "".join(page.split()) for page in texts(reading)
        ]

    def test_noise(self) -> None:
        with pytest.raises(
            UnreadableText, match=r"japanese-read-as-noise\.pdf cannot be read: many of its characters are no text"
        ):
            read_pdf(SHARED / "japanese-read-as-noise.pdf")

    def test_empty_password(self) -> None:
        reading = read_pdf(SHARED / "opens-with-empty-password.pdf")
        assert reading.text.startswith("LayoutParser: A Uniﬁed Toolkit")
        assert texts(reading) == by_pypdf(SHARED / "opens-with-empty-password.pdf")

    def test_password(self) -> None:
        with pytest.raises(PasswordNeeded, match=r"needs-password\.pdf is encrypted and needs a password"):
            read_pdf(SHARED / "needs-password.pdf")

    def test_no_text_layer(self) -> None:
        with pytest.raises(NoTextLayer, match=r"no-text-layer\.pdf has no text layer"):
            read_pdf(SHARED / "no-text-layer.pdf")

    def test_broken_pages(self) -> None:
        with pytest.raises(DamagedFile, match=r"broken-pages\.pdf is damaged; the PDF reader says: Invalid object in /Pages\."):
            read_pdf(SHARED / "broken-pages.pdf")

    def test_reader_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(pdf, "LONGEST_ARRAY", 100_000)
            with pytest.raises(ReadingError, match=r"limit of the PDF reader: Reached maximum array element count"):
                read_pdf(SHARED / "reader-limit.pdf")
        reading = read_pdf(SHARED / "reader-limit.pdf")
        assert len(reading.pages) == 72
        assert [page.label for page in reading.pages[:4]] == [None, "2", "3", "4"]
        assert reading.facts["title"].startswith("Form 10-Q for Microsoft")

    def test_malformed(self) -> None:
        reading = read_pdf(SHARED / "malformed.pdf")
        assert reading.text == "2021 3 31"
        assert reading.warnings == (
            "Page 1 of malformed.pdf is malformed: the page size is not in order.",
            "Page 1 of malformed.pdf is mostly a picture, and what it shows is not read.",
        )

    def test_corrupted(self) -> None:
        reading = read_pdf(SHARED / "corrupted.pdf")
        assert reading.text.startswith("Beautiful is better than ugly.")
        assert reading.warnings == ("Page 1 of corrupted.pdf is damaged in part, so text may be missing.",)
        assert "title" not in reading.facts
