"""Small PDFs drawn for tests, and what a reading of them holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pypdf import PdfReader, PdfWriter, apply_configuration
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from askjapan.readings import Reading

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


def bomb(path: Path, depth: int = 20) -> Path:
    """A PDF of some kilobytes whose page draws a form that draws the next one four times, and so on."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>",
        b"<< /Length 5 >>\nstream\n/F Do\nendstream",
    ]
    for number in range(depth):
        last = number == depth - 1
        stream = b"0 0 9 9 re f" if last else b"/F Do /F Do /F Do /F Do"
        inside = b"" if last else b" /Resources << /XObject << /F %d 0 R >> >>" % (number + 6)
        objects.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 200 200]%s /Length %d >>\nstream\n%s\nendstream"
            % (inside, len(stream), stream)
        )
    whole, places = b"%PDF-1.4\n", []
    for number, data in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(whole)
    whole += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    path.write_bytes(whole + b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return path
