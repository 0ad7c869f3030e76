"""PDFs that are refused, and damage that is told."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, NumberObject, StreamObject
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from askjapan.documents.readers.pdf.checks import complaint, spans
from askjapan.documents.readers.pdf.reader import read_pdf
from askjapan.documents.readers.pdf.second import reader as second
from askjapan.documents.readers.pdf.second.reader import second_reading
from askjapan.errors import NEEDS_OCR, DamagedFile, NoTextLayer, PasswordNeeded, ReadingError, UnreadableText, WrongFormat
from tests.support.pdfs import (
    LEFT,
    RIGHT,
    THIRD,
    column,
    draw,
    furniture,
    rewritten,
    show,
    texts,
)
from tests.support.sayings import told


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
        assert caught.value.remedy == NEEDS_OCR

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
        assert told(read_pdf(path).warnings) == ()
        monkeypatch.setattr(second, "LONGEST_ARRAY", 1000)
        reading = read_pdf(path)
        assert reading.text == "Two towns met."
        assert told(reading.warnings) == (
            "b.pdf is read by one engine only, so its figures are not confirmed: "
            "b.pdf goes beyond a limit of the PDF reader: Reached maximum array element count.",
        )
        with pytest.raises(ReadingError) as caught:
            second_reading(path)
        assert caught.value.remedy == "Print it to a new PDF, or split it, and add the result."

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
        assert told(reading.warnings) == ("Page 2 of a.pdf is left out, because the text layer cannot be read.",)


class TestDamage:
    def test_a_file_without_its_end_gives_what_is_left(self, tmp_path: Path) -> None:
        whole = draw(tmp_path / "a.pdf", [column(72, LEFT), column(72, RIGHT)]).read_bytes()
        (tmp_path / "b.pdf").write_bytes(whole[: whole.index(b"xref\n")])
        reading = read_pdf(tmp_path / "b.pdf")
        assert texts(reading) == ["\n".join(LEFT), "\n".join(RIGHT)]
        assert told(reading.warnings) == (
            "b.pdf is cut off: its end is missing, and text may be missing with it.",
            *told(reading.warnings)[1:],
        )
        assert [text.partition(":")[0] for text in told(reading.warnings)[1:]] == [
            "b.pdf is damaged in places, and the PDF reader had to mend it"
        ]

    def test_pages_that_were_cut_off_are_named(self, tmp_path: Path) -> None:
        whole = draw(tmp_path / "a.pdf", [column(72, lines) for lines in (LEFT, RIGHT, THIRD)]).read_bytes()
        streams = [at for at in range(len(whole)) if whole.startswith(b"endstream", at)]
        (tmp_path / "b.pdf").write_bytes(whole[: streams[1] + 20])
        reading = read_pdf(tmp_path / "b.pdf")
        assert texts(reading) == ["\n".join(LEFT), "\n".join(RIGHT), ""]
        assert told(reading.warnings)[0] == "Page 3 of b.pdf cannot be read: its contents are missing."
        assert told(reading.warnings)[1] == "b.pdf is cut off: its end is missing, and text may be missing with it."

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
        assert told(reading.warnings) == ("Page 2 of b.pdf cannot be read: Unsupported filter /NoSuchDecode.",)

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
        assert told(read_pdf(path).warnings) == ()
        data = path.read_bytes()
        end = data.index(b"\nendstream", data.index(b"/FlateDecode"))
        path.write_bytes(data[: end - 1] + bytes([data[end - 1] ^ 255]) + data[end:])
        reading = read_pdf(path)
        assert reading.text == "\n".join(LEFT)
        assert told(reading.warnings) == ("Page 1 of b.pdf is damaged in part, so text may be missing.",)

    def test_a_page_box_that_is_upside_down(self, tmp_path: Path) -> None:
        source = draw(tmp_path / "a.pdf", [[(72, 700, "One.")], [(72, 700, "Two.")]])

        def turn(writer: PdfWriter) -> None:
            for page in writer.pages:
                page[NameObject("/MediaBox")] = ArrayObject(NumberObject(value) for value in (0, 842, 595, 0))

        reading = read_pdf(rewritten(source, tmp_path / "b.pdf", turn))
        assert reading.text == "One.\fTwo."
        assert told(reading.warnings) == ("Pages 1–2 of b.pdf are malformed: the page size is not in order.",)

    def test_a_scan_among_text_pages(self, tmp_path: Path) -> None:
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=True)
        canvas.drawImage(ImageReader(Image.new("RGB", (20, 30))), 0, 0, *A4)
        canvas.showPage()
        canvas.drawImage(ImageReader(Image.new("RGB", (20, 30))), 0, 0, 100, 100)
        show(canvas, 72, 700, "A page with a small picture.")
        canvas.save()
        reading = read_pdf(tmp_path / "a.pdf")
        assert reading.text == "\fA page with a small picture."
        assert told(reading.warnings) == ("Page 1 of a.pdf is mostly a picture, and what it shows is not read.",)

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
        assert told(complaint("b.pdf", ["EOF marker  not found", "EOF marker not found", "b"])) == (
            "b.pdf is damaged in places, and the PDF reader had to mend it: EOF marker not found (and 1 more).",
        )

    def test_pages_in_words(self) -> None:
        assert spans([3]) == ("3",)
        assert spans([1, 4, 5, 6, 9]) == ("1", "4–6", "9")
