"""Small PDFs drawn for tests, and what a reading of them holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pypdf import PdfReader, PdfWriter, apply_configuration
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from askjapan.records import Reading

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
