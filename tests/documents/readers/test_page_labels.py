"""Page numbers in Japanese numerals: read as labels where they count with the pages, and left in the text where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from askjapan.documents.readers import read
from askjapan.documents.readers.pdf.furniture import value_of

PAGES = (
    ("港の船は毎朝六時に島へ向かう。", "灯台の火は冬のあいだも消えない。", "網は春に直される。"),
    ("茶畑では若者が葉を摘んでいる。", "村の学校は山の上にある。", "祭りの太鼓が聞こえた。"),
    ("手紙は海を越えて届いた。", "町長は橋の完成を祝った。", "雪は三月まで残る。"),
    ("古い倉庫は図書館になった。", "駅前の市場は朝だけ開く。", "鐘は年に一度鳴る。"),
)
NUMERALS = ("十九", "二十", "二十一", "二十二")


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十九", 19),
        ("二十", 20),
        ("九十九", 99),
        ("百", 100),
        ("百二十三", 123),
        ("二三", 23),
        ("一〇五", 105),
        ("xiv", 14),
        ("7", 7),
    ],
)
def test_the_value_of_a_number(label: str, value: int) -> None:
    assert value_of(label) == value


def make_pages(path: Path, feet: tuple[str, ...]) -> Path:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    canvas = Canvas(str(path), pagesize=(612, 792), invariant=True)
    for number, foot in enumerate(feet):
        canvas.setFont("HeiseiMin-W3", 12)
        for line, text in enumerate(PAGES[number]):
            canvas.drawString(72, 700 - 20 * line, text)
        canvas.drawString(300, 40, foot)
        canvas.showPage()
    canvas.save()
    return path


def test_numerals_that_count_with_the_pages_are_their_labels(tmp_path: Path) -> None:
    reading = read(make_pages(tmp_path / "a.pdf", tuple(f"― {numeral} ―" for numeral in NUMERALS)))
    assert [page.label for page in reading.pages] == list(NUMERALS)
    assert [reading.text[start:end].strip() for start, end in reading.furniture] == [f"― {numeral} ―" for numeral in NUMERALS]


def test_numerals_that_do_not_count_are_text(tmp_path: Path) -> None:
    reading = read(make_pages(tmp_path / "a.pdf", ("三", "一", "八", "二")))
    assert [page.label for page in reading.pages] == [None] * 4
    assert reading.furniture == ()
