"""What a page may hold before a PDF's reader looks no further: rows that are no table, grids, fields, lines across columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from askjapan.documents.readers.pdf.letters import layout
from askjapan.documents.readers.pdf.letters.bands import in_reading_order
from askjapan.documents.readers.pdf.letters.columns import Run, misplaced
from askjapan.documents.readers.pdf.letters.layout import with_values
from askjapan.documents.readers.pdf.letters.pieces import Part, Piece
from askjapan.documents.readers.pdf.reader import read_pdf
from askjapan.documents.readers.pdf.second import agreement
from askjapan.documents.readers.pdf.second.agreement import is_part_of, unconfirmed
from askjapan.documents.readers.pdf.tables import aligned, ruled
from tests.support.pdfs import Text, draw
from tests.support.repetitions import SHAPES

WORDS = [("Otaru", "rice"), ("Akita", "wood"), ("Sakata", "salt"), ("Rumoi", "fish")]
FIGURES = [("Port", "Ships", "Tons"), ("Otaru", "12", "900"), ("Akita", "7", "410"), ("Sakata", "31", "2,200")]


def piece(text: str, x: float, y: float) -> Piece:
    return Piece((Part(text),), x, x + 5.0 * len(text), y, 10.0, len(text))


def run(text: str, x: float, y: float) -> Run:
    return Run((piece(text, x, y),), 0)


def words_and_figures() -> list[Text]:
    """Two columns of words, which are no table, above a table."""
    page: list[Text] = [(72 + 120 * at, 700 - 14 * row, cell) for row, cells in enumerate(WORDS) for at, cell in enumerate(cells)]
    return page + [(72 + 120 * at, 600 - 14 * row, cell) for row, cells in enumerate(FIGURES) for at, cell in enumerate(cells)]


def test_rows_are_weighed_as_tables_until_a_page_has_had_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = draw(tmp_path / "a.pdf", [words_and_figures()])
    assert read_pdf(path).text.split("\n")[-2:] == ["Akita\t7\t410", "Sakata\t31\t2,200"]
    monkeypatch.setattr(aligned, "MOST_WEIGHED", 10)
    assert read_pdf(path).text.split("\n")[-2:] == ["Akita 7 410", "Sakata 31 2,200"]


def test_words_that_stand_nowhere_under_one_another_are_not_weighed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weighed: list[int] = []
    monkeypatch.setattr(aligned, "table_of", lambda rows, *_: weighed.append(len(rows)))
    for size in (4_000, 8_000, 16_000):
        (tmp_path / "a.pdf").write_bytes(SHAPES[".pdf"]["scattered"](size))
        read_pdf(tmp_path / "a.pdf")
    assert sum(weighed) < 400
    draw(tmp_path / "a.pdf", [words_and_figures()])
    weighed.clear()
    read_pdf(tmp_path / "a.pdf")
    assert weighed[0] == len(WORDS)


def test_of_many_grids_those_with_most_rules_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4, invariant=True)
    for left, top, columns in ((60, 760, 2), (60, 600, 3)):
        for row in range(2):
            for column in range(columns):
                canvas.rect(left + 60 * column, top - 20 * row - 20, 60, 20)
                canvas.drawString(left + 60 * column + 4, top - 20 * row - 14, "abcdef"[row * columns + column])
    canvas.save()
    assert read_pdf(tmp_path / "a.pdf").text.split("\n") == ["a\tb", "c\td", "a\tb\tc", "d\te\tf"]
    monkeypatch.setattr(ruled, "MOST_GRIDS", 1)
    assert read_pdf(tmp_path / "a.pdf").text.split("\n") == ["a b", "c d", "", "a\tb\tc", "d\te\tf"]


def test_fields_beyond_a_number_come_last(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, values = [[piece("Name:", 72, 700)], [piece("Town:", 72, 680)]], [piece("Ito", 120, 700), piece("Otaru", 120, 680)]
    assert [[each.text for each in row] for row in with_values(rows, values)] == [["Name:", "Ito"], ["Town:", "Otaru"]]
    monkeypatch.setattr(layout, "MOST_VALUES", 1)
    assert [[each.text for each in row] for row in with_values(rows, values)] == [["Name:", "Ito"], ["Town:"], ["Otaru"]]


def test_figures_that_a_second_reading_lacks_are_looked_for_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    text, second = "In 1957 came 12 ships, in 1961 came 15.", "In 19 57 came 1 2 ships, in 19 61 came 1 5."
    assert unconfirmed(text, second) == []
    monkeypatch.setattr(agreement, "MOST_SEARCHED", 2 * len(second))
    assert [text[slice(*segment)] for segment in unconfirmed(text, second)] == ["1961", "15"]


def test_pages_of_too_many_lines_are_no_part_of_another_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "The ferry of Tomari carried many people."
    second = f"{text}\nIn the next year it carried nobody, since the pier had burned."
    assert is_part_of(text, second)
    monkeypatch.setattr(agreement, "MOST_COMPARED", 50)
    assert not is_part_of(text, second)


def test_lines_across_the_columns_may_be_thousands() -> None:
    runs = []
    for at in range(3_000):
        runs += [run(f"across {at}", 200, 90_000 - 30 * at), run(f"left {at}", 72, 90_000 - 30 * at - 15)]
        runs += [run(f"right {at}", 310, 90_000 - 30 * at - 15)]
    read = [each.pieces[0].text for block in in_reading_order(runs, [230.0]) for row in block for each in row]
    assert read == [f"{side} {at}" for at in range(3_000) for side in ("across", "left", "right")]


@pytest.mark.parametrize(
    ("heights", "expected"),
    [
        ([700, 690, 680], 0),
        ([700, 720, 690], 0),  # as far up as a raised number
        ([700, 690, 500, 680, 670], 1),
        ([500, 490, 700, 690, 680], 2),
        ([], 0),
    ],
)
def test_letters_outside_of_the_heaviest_downward_chain(heights: list[float], expected: int) -> None:
    assert misplaced([run("a", 72, y) for y in heights], 10.0) == expected
