"""A PDF of four pages whose words stand where the tests know: two upright ones with a sentence across them, a turned and a cropped one."""

from __future__ import annotations

from pathlib import Path

LETTER = (612.0, 792.0)
FONT = ("Helvetica", 12)
TURNED, CROPPED = 3, 4
CROP = (50.0, 400.0, 550.0, 760.0)

ROPES = "Where did the ropes of Tomari go after the winter of 1954?"
ROPES_QUOTE = "In the winter of 1954 the ropes of Tomari were sold by the rope walk to whaling ships from Norway."
BELLS_QUOTE = "Nine bells were cast in Tomari for the churches of Riga in 1926."
SAILS_QUOTE = "The sail lofts of Tomari closed for good in 1971."

PAGES: tuple[tuple[tuple[float, float, str], ...], ...] = (
    (
        (72, 720, "The rope walk of Tomari was the longest on that coast."),
        (72, 700, "It was built of cedar, and four families lived above it."),
        (72, 680, "In the winter of 1954 the ropes of Tomari were sold"),
    ),
    (
        (72, 720, "by the rope walk to whaling ships from Norway."),
        (72, 700, "Bread was baked beside the school on Mondays."),
    ),
    ((100, 400, BELLS_QUOTE), (100, 380, "Each bell was tuned by ear against a stove pipe.")),
    ((80, 640, SAILS_QUOTE), (80, 620, "Their floors became a school of dance.")),
)


def make_paper(path: Path, title: str = "Ropes of Tomari") -> Path:
    """Write the PDF."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), pagesize=LETTER, invariant=True)
    canvas.setTitle(title)
    canvas.setAuthor("Jun Kudo")
    for number, lines in enumerate(PAGES, start=1):
        if number == TURNED:
            canvas.setPageRotation(90)
        if number == CROPPED:
            canvas.setPageRotation(0)
            canvas.setCropBox(CROP)
        canvas.setFont(*FONT)
        for x, y, text in lines:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return path


def expected(number: int, line: int) -> tuple[float, float, float, float]:
    """Left end and right end of a line's baseline on the picture of its page, as shares of width and height: x0, y0, x1, y1."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    x, y, text = PAGES[number - 1][line]
    right = x + stringWidth(text, *FONT)
    width, height = LETTER
    if number == TURNED:
        # reportlab swaps the sides of a turned page: its own left is the picture's top.
        return y / width, x / height, y / width, right / height
    if number == CROPPED:
        left, bottom, end, top = CROP
        return (x - left) / (end - left), (top - y) / (top - bottom), (right - left) / (end - left), (top - y) / (top - bottom)
    return x / width, 1 - y / height, right / width, 1 - y / height
