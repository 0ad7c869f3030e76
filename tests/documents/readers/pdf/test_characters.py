"""Characters of a PDF as the page shows them: raised and lowered ones, words without spaces, broken words, ligatures, bold ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfgen.canvas import Canvas

from askjapan.documents.blocks import blocks_of
from askjapan.documents.passages import Sizes, split
from askjapan.documents.readers.pdf.reader import read_pdf
from askjapan.language.quotation import clean
from tests.support.pdfs import column, draw, show
from tests.support.stages import count_words, document, sentences, unresolved

# A line: its parts, each with its rise and size.
Parts = list[tuple[str, float, float]]


def draw_parts(path: Path, lines: list[Parts], leading: float = 16) -> Path:
    """Draw lines of raised, lowered and plain parts one after the other."""
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    for at, parts in enumerate(lines):
        x = 72.0
        for text, rise, size in parts:
            drawn = canvas.beginText(x, 760 - leading * at + rise)
            drawn.setFont("Times-Roman", size)
            drawn.textOut(text)
            canvas.drawText(drawn)
            x += stringWidth(text, "Times-Roman", size)
    canvas.save()
    return path


def plain(text: str) -> Parts:
    return [(text, 0, 11)]


NOTE = [("4", 3, 7), (" Counted by the council.", 0, 9)]


class TestRaised:
    @pytest.mark.parametrize(
        ("before", "mark", "after", "expected"),
        [
            ("The number of links was 1576", "4", " in 2009.", "1576[^4] in 2009."),
            ("It cost $320", "4", " each.", "$320[^4] each."),
            ("So the mayor wrote.", "4", " Nobody read it.", "wrote.[^4] Nobody"),
            ("The area is 12 km", "2", " in all.", "12 km^2 in all."),
            ("They sent 2", "10", " crates.", "sent 2^10 crates."),
            ("They sent 10", "6", " crates.", "sent 10^6 crates."),
            ("It was R", "2", " = 0.83.", "was R^2 = 0.83."),
            ("It fell by 10", "-6", " m.", "by 10^-6 m."),
            ("On the 20", "th", " of May.", "On the 20th of May."),
            ("Dated by ", "14", "C in the north.", "by ^14C in"),
        ],
    )
    def test_a_raised_number_never_touches_a_figure(
        self, tmp_path: Path, before: str, mark: str, after: str, expected: str
    ) -> None:
        path = draw_parts(tmp_path / "a.pdf", [[(before, 0, 11), (mark, 4, 7), (after, 0, 11)], plain("More of it."), NOTE])
        assert expected in read_pdf(path).text

    def test_a_note_is_linked_and_its_number_is_not_shown(self, tmp_path: Path) -> None:
        lines = [
            [("The number of links was 1576", 0, 11), ("4", 4, 7), (" in the year 2009.", 0, 11)],
            plain("It had been less before."),
            NOTE,
        ]
        reading = read_pdf(draw_parts(tmp_path / "a.pdf", lines))
        found = split(document(reading.text), reading.text, blocks_of(reading), Sizes(120, 256, count_words))
        assert [(passage.kind, passage.text) for passage in found] == [
            ("prose", "The number of links was 1576 in the year 2009. It had been less before."),
            ("footnote", "Counted by the council."),
        ]
        assert found[0].notes == (found[1].id,)
        assert unresolved(reading.text, found) == []

    def test_a_note_behind_a_unit_or_a_ten_is_no_exponent(self, tmp_path: Path) -> None:
        lines = [
            [("They walked 10", 0, 11), ("4", 4, 7), (" miles and 12 km", 0, 11), ("5", 4, 7), (".", 0, 11)],
            NOTE,
            [("5 Or so.", 0, 9)],
        ]
        text = read_pdf(draw_parts(tmp_path / "a.pdf", lines)).text
        assert clean(text.split("\n")[0]) == "They walked 10 miles and 12 km."

    def test_lowered_figures_stay_with_their_letters(self, tmp_path: Path) -> None:
        lines = [[("The CO", 0, 11), ("2", -2, 7), (" of the port fell.", 0, 11)]]
        assert read_pdf(draw_parts(tmp_path / "a.pdf", lines)).text == "The CO2 of the port fell."


class TestWords:
    def test_words_without_a_glyph_for_the_space(self, tmp_path: Path) -> None:
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=True)
        for at, line in enumerate(["The port of Otaru sold 900 tickets in 1979 and lost", "the ferry to Nakhodka for good."]):
            x = 72.0
            for word in line.split():
                drawn = canvas.beginText(x, 700 - 14 * at)
                drawn.setFont("Times-Italic", 11)
                drawn.textOut(word)
                canvas.drawText(drawn)
                x += stringWidth(word, "Times-Italic", 11) + 2.2
        canvas.save()
        assert read_pdf(tmp_path / "a.pdf").text == (
            "The port of Otaru sold 900 tickets in 1979 and lost\nthe ferry to Nakhodka for good."
        )

    def test_a_word_broken_at_the_end_of_a_line(self, tmp_path: Path) -> None:
        lines = [
            "The council kept the applica-",
            "tions for a well-known agree-",
            "ment of the sister-",
            "city and its well-",
            "known mayor.",
        ]
        reading = read_pdf(draw(tmp_path / "a.pdf", [column(72, [*lines, "", "A sister came to the city."])]))
        assert sentences(reading.text, pages=reading.pages)[0] == (
            "The council kept the applications for a well-known agreement of the sister-city and its well-known mayor."
        )

    def test_a_word_broken_at_the_end_of_a_page(self, tmp_path: Path) -> None:
        pages = [[*column(72, ["The two towns of the northern coast wrote a great many let-"])], [*column(72, ["ters in May."])]]
        reading = read_pdf(draw(tmp_path / "a.pdf", pages))
        assert sentences(reading.text, pages=reading.pages) == [
            "The two towns of the northern coast wrote a great many letters in May."
        ]

    @pytest.mark.parametrize("shift", [0.0, 0.3, 0.8])
    def test_what_is_struck_twice_is_read_once(self, tmp_path: Path, shift: float) -> None:
        page = [(72, 700, "All 22 letters."), (72 + shift, 700, "All 22 letters."), (72, 680, "All 22 letters.")]
        assert read_pdf(draw(tmp_path / "a.pdf", [page])).text == "All 22 letters.\nAll 22 letters."

    def test_accents_that_are_drawn_by_themselves(self, tmp_path: Path) -> None:
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=True)
        show(canvas, 72, 700, "The mayor Munoz wrote.")
        before = stringWidth("The mayor Mu", "Helvetica", 12)
        show(canvas, 72 + before + 1.5, 702, "˜")
        canvas.save()
        assert read_pdf(tmp_path / "a.pdf").text == "The mayor Muñoz wrote."

    def test_japanese_without_a_map_to_unicode(self, tmp_path: Path) -> None:
        registerFont(UnicodeCIDFont("HeiseiMin-W3"))
        canvas = Canvas(str(tmp_path / "a.pdf"), invariant=True)
        canvas.setFont("HeiseiMin-W3", 12)
        for at, line in enumerate(["港は1957年に開かれた。", "船は1979年に900隻あった。"]):
            show(canvas, 72, 700 - 20 * at, line)
        canvas.save()
        assert read_pdf(tmp_path / "a.pdf").text == "港は1957年に開かれた。\n船は1979年に900隻あった。"


class TestForms:
    def test_values_stand_beside_their_labels(self, tmp_path: Path) -> None:
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=True)
        show(canvas, 72, 700, "Population in 2015:")
        show(canvas, 72, 670, "Has a partner:")
        show(canvas, 72, 640, "Name of the mayor:")
        canvas.acroForm.textfield(name="population", value="22,916", x=190, y=694, width=90, height=18)
        canvas.acroForm.checkbox(name="partner", checked=True, x=190, y=668, size=14)
        canvas.acroForm.textfield(name="mayor", value="", x=190, y=634, width=90, height=18)
        canvas.save()
        reading = read_pdf(tmp_path / "a.pdf")
        assert reading.text.split("\n") == ["Population in 2015: 22,916", "Has a partner: ☒", "Name of the mayor:"]
        assert reading.unconfirmed == ()
