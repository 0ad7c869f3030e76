"""Web pages, Word files, books and texts of further shapes of what was once read wrongly: each gives what its page shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from askjapan.documents.readers import read_here
from askjapan.documents.readers.html.reader import read_html
from tests.support.packages import deleted, docx, epub, formula, formula_run, paragraph, run, xhtml

PROSE = "The harbour town wrote to its sister in the north every winter for years."
JAPANESE = "神戸市は1987年にセブ市と協定を結んだ。①は県、㈱港、Ⅲ期。№5、℡、㍻元年。"
DOCX_UP = (
    '<w:style w:type="character" w:styleId="Up"><w:name w:val="Up"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
)
DOCX_GONE = (
    '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="B"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="H"/><w:basedOn w:val="B"/></w:style>'
)


def page(folder: Path, body: str, head: str = "") -> str:
    """The text of a web page with this body, after a first paragraph."""
    path = folder / "a.html"
    path.write_text(f"<html><head><title>T</title>{head}</head><body><main><p>{PROSE}</p>{body}</main></body></html>", "utf-8")
    text = read_html(path).text
    assert text.startswith(f"{PROSE}\n\n")
    return text.removeprefix(f"{PROSE}\n\n")


def word(folder: Path, body: str, **parts: str) -> str:
    path = folder / "a.docx"
    path.write_bytes(docx(body, **parts))
    return read_here(path).text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<math><mfrac><mn>5</mn><mn>8</mn></mfrac></math> of it, 3<math><mfrac><mn>1</mn><mn>4</mn></mfrac></math>", "5/8 of it, 3 1/4"),
        ("<math><msup><mrow><mo>(</mo><mn>1</mn><mo>+</mo><mi>r</mi><mo>)</mo></mrow><mn>12</mn></msup></math>", "(1+r)^12"),
        ("<math><msup><mn>10</mn><mrow><mo>−</mo><mn>6</mn></mrow></msup></math> m", "10^−6 m"),
        ("7<sup>3</sup>⁄<sub>8</sub> metres and <sup>5</sup>/<sub>16</sub> inch", "7 3/8 metres and 5/16 inch"),
        ("5 × 10<sup>12</sup> yen, e<sup>x+1</sup>", "5 × 10^12 yen, e^(x+1)"),
        ("3 m<sup>3</sup>, W/m<sup>2</sup>, 300 km<sup>2</sup>.<sup>4</sup> In 1979<sup>5</sup>", "3 m^3, W/m^2, 300 km^2.[^4] In 1979[^5]"),
        ("the 21<sup>st</sup>, <sup>235</sup>U, χ<sup>2</sup>=4", "the 21st, ^235U, χ^2=4"),
        ("From &minus;3&nbsp;&deg;C, &plusmn;2, n&nbsp;&le;&nbsp;10, 8&#215;3, 2&frac12;", "From −3 °C, ±2, n ≤ 10, 8×3, 2½"),
        ("Cost <del datetime=x>500</del> <ins>600</ins> yen, <s>old</s> new, <strike>9</strike> 8", "Cost 600 yen, new, 8"),
        ("now <span style='text-decoration: line-through red'>7</span> 6", "now 6"),
        ("Fee <span hidden>1</span><span style='DISPLAY:NONE'>2</span><template>5</template> 300", "Fee 300"),
        ("Fee <span class=draft>900</span> 300 <i class='x old'>12</i> yen", "Fee 300 yen"),
    ],
)  # fmt: skip
def test_lines_of_a_web_page(tmp_path: Path, body: str, expected: str) -> None:
    sheet = "<style>.draft{display:none} p .old{visibility:hidden}</style>"
    assert page(tmp_path, f"<p>{body}</p>", sheet).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "<tbody><tr><td rowspan=3>Otaru<td>1966<td>3<tr><td>1967<td>4</tbody><tbody><tr><td>Akita<td>1970<td>5</tbody>",
            ["Otaru | 1966 | 3", "Otaru | 1967 | 4", "Akita | 1970 | 5"],
        ),
        ("<tr><td rowspan=0>x<td>1<td>2<tr><td>3<td>4<tr><td>5<td>6", ["x | 1 | 2", "x | 3 | 4", "x | 5 | 6"]),
        ("<tr><td>1<td rowspan=2>2<td>3<tr><td colspan=2>4<td>5", ["1 | 2 | 3", "4 | 2 | 5"]),
        ("<tr><td>2001<td><td>7<tr><td>2002<td>5<td>", ["2001 |  | 7", "2002 | 5 | "]),
    ],
)
def test_tables_of_a_web_page(tmp_path: Path, rows: str, expected: list[str]) -> None:
    text = page(tmp_path, f"<table><thead><tr><th>City<th>Year<th>Links</thead>{rows}</table>")
    assert [line.removeprefix("| ").removesuffix(" |") for line in text.split("\n")] == [
        "City | Year | Links",
        "--- | --- | ---",
        *expected,
    ]


IDS = (
    *(
        "social-media",
        "sharing-economy",
        "navigation-rights",
        "comments",
        "advertising-law",
        "widget-industry",
        "cookie-industry",
    ),
    *("newsletter-history", "subscribe", "footer-notes", "banner-movement", "menu-prices", "popup-shops", "related-3"),
)


@pytest.mark.parametrize(
    "form", ["<section id='{id}'>", "<div id='{id}'>", "<div class='section {id}'>", "<section class='level2 {id}'>"]
)
def test_sections_of_a_sentence_stay_whatever_they_are_called(tmp_path: Path, form: str) -> None:
    close = f"</{form[1:].split()[0]}>"
    names = [name for name in IDS if name not in ("cookie-industry", "newsletter-history") or "section id" in form]
    # A class that is nothing but the name of a part of the site is one.
    names = [name for name in names if "class" not in form or name not in ("comments", "subscribe")]
    body = "".join(
        f"{form.format(id=name)}<h2>About {name}</h2><p>In {1900 + at} the ports sent {at}1 ships over the sea.</p>{close}"
        for at, name in enumerate(names)
    )
    text = page(tmp_path, body)
    assert [
        name for at, name in enumerate(names) if f"## About {name}\n\nIn {1900 + at} the ports sent {at}1 ships" not in text
    ] == []


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp932"])
def test_japanese_with_the_characters_of_microsoft(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_bytes(JAPANESE.encode(encoding))
    assert read_here(path).text == JAPANESE


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (run("A ") + formula(f"<m:f><m:num>{formula_run('7')}</m:num><m:den>{formula_run('8')}</m:den></m:f>"), "A 7/8"),
        (run("and 2") + formula(f"<m:f><m:num>{formula_run('1')}</m:num><m:den>{formula_run('3')}</m:den></m:f>"), "and 2 1/3"),
        (formula(f"<m:sSubSup><m:e>{formula_run('x')}</m:e><m:sub>{formula_run('i')}</m:sub><m:sup>{formula_run('2')}</m:sup></m:sSubSup>"), "x_i^2"),  # noqa: E501
        (run("m") + run("3", '<w:position w:val="6"/>') + run(" of H") + run("2", '<w:position w:val="-4"/>') + run("O"), "m^3 of H2O"),
        (run("2") + run("20", '<w:rStyle w:val="Up"/>') + run(" and 1979") + run("3", '<w:rStyle w:val="Up"/>'), "2^20 and 1979[^3]"),
        ('<w:r><w:t>A</w:t><w:sym w:font="Symbol" w:char="F0B1"/><w:t>2, x</w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t>9</w:t></w:r>', "A±2, x≥9"),  # noqa: E501
        ('<w:r><w:t>5</w:t><w:sym w:font="Symbol" w:char="F0B0"/><w:t>C, co</w:t><w:softHyphen/><w:t>op </w:t><w:noBreakHyphen/><w:t>7</w:t></w:r>', "5°C, coop -7"),  # noqa: E501
        (run("Cost ") + deleted("500") + f'<w:ins w:id="2">{run("600")}</w:ins>' + f'<w:moveFrom w:id="3">{run("X")}</w:moveFrom>', "Cost 600"),
        (run("Fee ") + run("900 ", "<w:vanish/>") + run("old ", "<w:dstrike/>") + run("new ", '<w:vanish w:val="0"/>') + run("300."), "Fee new 300."),  # noqa: E501
    ],
)  # fmt: skip
def test_lines_of_a_word_file(tmp_path: Path, body: str, expected: str) -> None:
    assert word(tmp_path, paragraph(body), styles=DOCX_UP) == expected


def test_a_paragraph_hidden_by_the_style_that_its_style_is_based_on(tmp_path: Path) -> None:
    hidden = '<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr>' + run("Hidden 5.") + "</w:p>"
    assert word(tmp_path, hidden + paragraph(run("Seen.")), styles=DOCX_GONE) == "Seen."


def test_paragraphs_whose_ends_are_deleted_are_one(tmp_path: Path) -> None:
    first = '<w:p><w:pPr><w:rPr><w:del w:id="9"/></w:rPr></w:pPr>' + run("First half ") + "</w:p>"
    assert word(tmp_path, first + first.replace("First", "second") + paragraph(run("third."))) == "First half second half third."


def test_a_book_with_powers_deleted_words_and_a_note(tmp_path: Path) -> None:
    ops = 'xmlns:epub="http://www.idpf.org/2007/ops"'
    body = (
        f"<p>Of 2<sup>10</sup> boxes R<sup>2</sup> <del>9</del><span style='display:none'>8</span> ten<a epub:type='noteref' {ops}"
        f" href='#n1'>1</a>.</p><aside epub:type='footnote' {ops} id='n1'><p>1. A note.</p></aside>"
    )
    path = tmp_path / "a.epub"
    path.write_bytes(epub([xhtml(body)]))
    assert read_here(path).text == "Of 2^10 boxes R^2 ten[^1].\n\n[^1]: A note."


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.md", "---\n\nThe harbour.\n\nIt cost 600 yen.[^1]\n\n[^1]: Counted.\n", "The harbour. ¦ It cost 600 yen. ¦ Counted."),
        ("a.md", "***\n\nAfter a rule.\n\n---\n\nMore after.\n", "After a rule. ¦ More after."),
        ("a.md", "# T\n\nCost ~~500~~ 600 [yen](http://a.b/c \"t\") <!-- 7 --> on <https://a.b/c>.\n", "Cost 600 yen on https://a.b/c."),
        ("a.txt", "---\nNote: typed from the minutes.\nThe league: voted.\n", "Note: typed from the minutes. The league: voted."),
        ("a.md", "---\nThe minutes: typed.\n---\n\nText.\n", "The minutes: typed. ¦ Text."),
    ],
)  # fmt: skip
def test_texts_and_markdown(tmp_path: Path, name: str, text: str, expected: str) -> None:
    from askjapan.documents.blocks import blocks_of
    from askjapan.language.quotation import clean

    (tmp_path / name).write_text(text, encoding="utf-8")
    reading = read_here(tmp_path / name)
    blocks = [block for block in blocks_of(reading) if block.kind != "heading"]
    shown = [" ".join(clean(reading.text[slice(*segment)]) for segment in block.segments) for block in blocks]
    assert " ¦ ".join(line for each in shown if (line := each.removeprefix(": "))) == expected
