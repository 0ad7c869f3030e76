"""Word files: headings, lists, tables, notes, formulas and characters as they look."""

from __future__ import annotations

import pytest
from docx import Document

from askjapan.documents.readers.docx.reader import read_docx
from tests.support.sayings import told
from tests.support.word_files import W, changed, file, saved, text_of, with_body, words


def test_headings_lists_and_tables_in_document_order(tmp_path):
    document = Document()
    document.core_properties.title = "Harbour  towns"
    document.core_properties.author = "Jane Porter; 森 健二"
    document.core_properties.language = "en-GB"
    document.add_heading("Harbour towns", 0)
    document.add_heading("What the\npact brought", 1)
    paragraph = document.add_paragraph("Boats\tof 10")
    for raised in ("1", "2"):
        paragraph.add_run(raised).font.superscript = True
    paragraph.add_run("  m").add_break()
    paragraph.add_run("came to 青海。").bold = True
    for style in ("List Bullet", "List Bullet 2", "List Bullet", "List Number", "List Number"):
        document.add_paragraph(f"in {style}", style=style)
    document.add_paragraph("# between")
    document.add_paragraph("goes on", style="List Number")
    table = document.add_table(rows=3, cols=3)
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = "" if (row, column) == (2, 2) else f"{row}|{column}"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Aomi"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Boats\nand ships"
    document.add_heading("Ends", 9)
    reading = read_docx(file(tmp_path, saved(document)))
    assert reading.text == "\n\n".join(
        [
            "# Harbour towns",
            "# What the pact brought",
            "Boats of 10^12 m\ncame to 青海。",
            "- in List Bullet\n  - in List Bullet 2\n- in List Bullet\n1. in List Number\n2. in List Number",
            "\\# between",
            "3. goes on",
            "| 0\\|0 | Boats and ships |  |\n| --- | --- | --- |\n| Aomi | 1\\|1 | 1\\|2 |\n| Aomi | 2\\|1 |  |",
            "###### Ends",
        ]
    )
    assert reading.facts == {"title": "Harbour towns", "authors": "Jane Porter; 森 健二", "language": "en"}
    assert (reading.markup, reading.facts_from, told(reading.warnings)) == ("markdown", "document properties", ())


def test_footnotes_and_endnotes_are_numbered_as_met_and_stand_at_the_end(tmp_path):
    def reference(kind: str, note: int) -> str:
        return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{kind}Reference w:id="{note}"/></w:r>'

    body = (
        f"<w:p><w:r><w:t>The pact</w:t></w:r>{reference('footnote', 7)}{reference('endnote', 2)}"
        f"<w:r><w:t> held</w:t></w:r>{reference('footnote', 5)}</w:p>"
        f"<w:tbl><w:tr><w:tc>{words('Port')}</w:tc><w:tc>{words('Boats')}</w:tc></w:tr><w:tr><w:tc>{words('Aomi')}</w:tc>"
        f"<w:tc><w:p><w:r><w:t>12</w:t></w:r>{reference('footnote', 9)}{reference('footnote', 7)}</w:p>"
        "</w:tc></w:tr></w:tbl>"
    )
    footnotes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="-1">{words("never")}</w:footnote>'
        f'<w:footnote w:id="5">{words(" Page 5.")}</w:footnote><w:footnote w:id="7"><w:p><w:r><w:footnoteRef/></w:r>'
        '<w:r><w:t xml:space="preserve"> Report of</w:t><w:br/><w:t>Aomi.</w:t></w:r></w:p>'
        f"{words('Page 7.')}</w:footnote></w:footnotes>"
    )
    endnotes = f'<w:endnotes {W}><w:endnote w:id="2">{words("港の記録。")}</w:endnote></w:endnotes>'
    data = with_body(body, {"word/footnotes.xml": footnotes, "word/endnotes.xml": endnotes}, ("footnotes", "endnotes"))
    reading = read_docx(file(tmp_path, data))
    assert reading.text == "\n\n".join(
        [
            "The pact[^1][^4] held[^2]",
            "| Port | Boats |\n| --- | --- |\n| Aomi | 12[^3][^1] |",
            "## Footnotes",
            "[^1]: Report of Aomi. Page 7.",
            "[^2]: Page 5.",
            "## Endnotes",
            "[^4]: 港の記録。",
        ]
    )
    assert told(reading.warnings) == ("work.docx: footnote 3 has no text.",)


def test_only_what_is_printed_is_read(tmp_path):
    body = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{words('Contents')}</w:sdtContent></w:sdt>"
        f"<w:sdt><w:sdtContent>{words('In a control.')}</w:sdtContent></w:sdt>"
        + words("Contents by style", '<w:pPr><w:pStyle w:val="TOC1"/></w:pPr>')
        + "<w:p><w:r><w:t>Ships </w:t></w:r><w:del><w:r><w:delText>sank</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>sailed </w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secretly </w:t></w:r><w:hyperlink><w:r><w:t>home</w:t></w:r></w:hyperlink>"
        "<w:r><w:t>, x</w:t><w:noBreakHyphen/><w:t>ray</w:t><w:softHyphen/><w:t>s, </w:t></w:r>"
        "<w:r><w:ruby><w:rt><w:r><w:t>あおみ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>青海</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:br w:type='page'/><w:t>next </w:t></w:r>"
        '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>a=</m:t></m:r><m:r><m:t>2</m:t></m:r>'
        "</m:oMath></w:p>"
    )
    style = '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    data = changed(with_body(body), {"word/styles.xml": ("</w:styles>", f"{style}</w:styles>")})
    assert read_docx(file(tmp_path, data)).text == "In a control.\n\nShips sailed home, x-rays, 青海 next a = 2"


def test_text_boxes_are_read_once_and_after_their_paragraph(tmp_path):
    box = f"<w:txbxContent>{words('In the box.')}</w:txbxContent>"
    body = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>'
        "</mc:AlternateContent></w:r><w:r><w:t>Beside it.</w:t></w:r></w:p>"
    )
    assert text_of(tmp_path, body) == "Beside it.\n\nIn the box."


def test_levels_come_from_outlines_and_styles_may_be_overruled(tmp_path):
    body = (
        words("By outline", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>')
        + words("Not a heading", '<w:pPr><w:pStyle w:val="Heading1"/><w:outlineLvl w:val="9"/></w:pPr>')
        + words("Not an item", '<w:pPr><w:pStyle w:val="ListBullet"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>')
    )
    assert text_of(tmp_path, body) == "### By outline\n\nNot a heading\n\nNot an item"


def test_numbers_restart_where_word_restarts_them(tmp_path):
    def item(text: str, list_id: int, level: int = 0) -> str:
        return words(text, f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr></w:pPr>')

    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/></w:lvl>'
        for level, start, form in ((0, 4, "decimal"), (1, 1, "lowerLetter"), (2, 1, "bullet"))
    )
    lists = (
        f'<w:abstractNum w:abstractNumId="77">{levels}</w:abstractNum>'
        '<w:num w:numId="70"><w:abstractNumId w:val="77"/></w:num><w:num w:numId="71"><w:abstractNumId w:val="77"/></w:num>'
        '<w:num w:numId="72"><w:abstractNumId w:val="77"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = (
        item("a", 70) + item("b", 70, 1) + item("c", 70, 1) + item("d", 70) + item("e", 70, 1) + item("f", 70, 2)
        + item("same list", 71) + item("new list", 72) + item("goes on", 72) + item("unknown list", 99)
    )  # fmt: skip
    data = changed(with_body(body), {"word/numbering.xml": ("</w:numbering>", f"{lists}</w:numbering>")})
    assert read_docx(file(tmp_path, data)).text == (
        "4. a\n  1. b\n  2. c\n5. d\n  1. e\n    - f\n6. same list\n1. new list\n2. goes on\n- unknown list"
    )


def test_tables_that_only_place_text_are_read_cell_by_cell(tmp_path):
    inner = (
        f"<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc>{words('Boats')}</w:tc><w:tc>{words('in')}</w:tc></w:tr>"
        f"<w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc>{words('')}</w:tc><w:tc>{words('2009')}</w:tc></w:tr>"
        f"<w:sdt><w:sdtContent><w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr><w:tc>{words('12')}</w:tc></w:tr></w:sdtContent>"
        "</w:sdt></w:tbl>"
    )
    single = f"<w:tbl><w:tr><w:tc>{words('Boxed.')}</w:tc></w:tr></w:tbl>"
    outer = (
        f"<w:tbl><w:tr><w:tc>{words('Left.')}</w:tc><w:tc>{words('Right.')}{inner}</w:tc></w:tr>"
        f"<w:tr><w:tc>{words('Below.')}</w:tc></w:tr></w:tbl>"
    )
    empty = f"<w:tbl><w:tr><w:tc>{words('')}</w:tc><w:tc>{words('')}</w:tc></w:tr><w:tr><w:tc>{words('')}</w:tc></w:tr></w:tbl>"
    assert text_of(tmp_path, single + outer + empty) == (
        "Boxed.\n\nLeft.\n\nRight.\n\n| Boats | in |\n|  | 2009 |\n| --- | --- |\n|  | 12 |\n\nBelow."
    )


def run(text: str, properties: str) -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (run("R", "") + run("2", '<w:vertAlign w:val="superscript"/>') + run(" is 0.83", ""), "R^2 is 0.83"),
        (run("It cost 1576", "") + run("4", '<w:vertAlign w:val="superscript"/>') + run(" yen", ""), "It cost 1576[^4] yen"),
        (run("10", "") + run("6", '<w:position w:val="6"/><w:sz w:val="12"/>') + run(" boats", ""), "10^6 boats"),
        (run("CO", "") + run("2", '<w:vertAlign w:val="subscript"/>') + run("x", "") + run("i", '<w:position w:val="-4"/>'), "CO2x_i"),
        (run("2", "") + run("20", '<w:rStyle w:val="Power"/>') + run(" draws", ""), "2^20 draws"),
        (run("kept", '<w:rStyle w:val="Secret"/><w:vanish w:val="0"/>') + run(" hidden", '<w:rStyle w:val="Secret"/>'), "kept"),
        (run("5 ", "") + '<w:r><w:sym w:font="Symbol" w:char="F0B1"/><w:t> 2, p </w:t><w:sym w:font="Symbol" w:char="F0A3"/></w:r>', "5 ± 2, p ≤"),  # noqa: E501
        (run("-3", "").replace("-", "\uf02d").replace("<w:rPr>", '<w:rPr><w:rFonts w:ascii="Symbol"/>') + run(" m", '<w:rFonts w:ascii="Symbol"/>'), "−3 μ"),  # noqa: E501
        ('<w:r><w:t>12</w:t><w:softHyphen/><w:t>\u2009345</w:t><w:noBreakHyphen/><w:t>6</w:t></w:r>', "12\u2009345-6"),
        ("<w:moveFrom>" + run("gone", "") + "</w:moveFrom><w:moveTo>" + run("here", "") + "</w:moveTo>", "here"),
    ],
)  # fmt: skip
def test_characters_and_runs_are_read_as_they_look(tmp_path, body, text):
    styles = (
        '<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Raised"><w:name w:val="Raised"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Power"><w:name w:val="Power"/><w:basedOn w:val="Raised"/></w:style>'
    )
    data = changed(with_body(f"<w:p>{body}</w:p>"), {"word/styles.xml": ("</w:styles>", f"{styles}</w:styles>")})
    reading = read_docx(file(tmp_path, data))
    assert (reading.text, told(reading.warnings)) == (text, ())


def test_an_unknown_symbol_and_struck_text_are_told(tmp_path):
    body = (
        '<w:p><w:r><w:t>A </w:t><w:sym w:font="Bats" w:char="F0FF"/></w:r>'
        + run(" 900", "<w:strike/>")
        + run(" 300 yen", "")
        + "</w:p>"
    )
    reading = read_docx(file(tmp_path, with_body(body)))
    assert reading.text == "A \ufffd 300 yen"
    assert told(reading.warnings) == (
        "work.docx: 1 stretch(es) of text that are struck through were left out.",
        "work.docx: 1 character(s) of symbol fonts are not known and are read as U+FFFD.",
    )


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<m:f><m:num>{3}</m:num><m:den>{4}</m:den></m:f>", "2 3/4"),
        ("<m:f><m:num>{a+b}</m:num><m:den>{c}</m:den></m:f>", "2 (a+b)/c"),
        ("<m:sSup><m:e>{3}</m:e><m:sup>{10}</m:sup></m:sSup>", "2 3^10"),
        ("<m:sSub><m:e>{x}</m:e><m:sub>{i}</m:sub></m:sSub>", "2x_i"),
        ("<m:sSubSup><m:e>{x}</m:e><m:sub>{i}</m:sub><m:sup>{2}</m:sup></m:sSubSup>", "2x_i^2"),
        ("<m:sPre><m:sub/><m:sup>{14}</m:sup><m:e>{C}</m:e></m:sPre>", "2^14C"),
        ("<m:rad><m:deg/><m:e>{n-1}</m:e></m:rad>", "2√(n-1)"),
        ('<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{i=1}</m:sub><m:sup>{n}</m:sup><m:e>{x}</m:e></m:nary>', "2∑_(i = 1)^n x"),
        ("<m:d><m:e>{a}</m:e></m:d>", "2(a)"),
        ("<m:m><m:mr><m:e>{1}</m:e><m:e>{2}</m:e></m:mr><m:mr><m:e>{3}</m:e><m:e>{4}</m:e></m:mr></m:m>", "2[1, 2; 3, 4]"),
        ('<m:acc><m:accPr><m:chr m:val="&#x305;"/></m:accPr><m:e>{x}</m:e></m:acc>', "2x\u0304"),
    ],
)  # fmt: skip
def test_formulas_stand_on_their_line(tmp_path, formula, text):
    formula = formula.replace("{", "<m:r><m:t>").replace("}", "</m:t></m:r>")
    math = '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
    assert text_of(tmp_path, f"<w:p>{run('2', '')}{math}{formula}</m:oMath></w:p>") == text


def test_deleted_cells_rows_and_paragraph_ends(tmp_path):
    deleted = "<w:tcPr><w:cellDel/></w:tcPr>"
    table = (
        f"<w:tbl><w:tr><w:tc>{words('Year')}</w:tc><w:tc>{deleted}{words('Old')}</w:tc><w:tc>{words('New')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{words('2008')}</w:tc><w:tc>{deleted}{words('411')}</w:tc><w:tc>{words('530')}</w:tc></w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{words('2009')}</w:tc><w:tc>{words('1')}</w:tc><w:tc>{words('2')}</w:tc></w:tr></w:tbl>"
    )
    ends = words("Moved from Osaka to ", "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>") + words("Kobe.")
    assert text_of(tmp_path, table + ends) == "| Year | New |\n| --- | --- |\n| 2008 | 530 |\n\nMoved from Osaka to Kobe."


def test_a_table_in_a_cell_follows_the_table_around_it(tmp_path):
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"

    inner = f"<w:tbl>{row(words('Phone'), words('Fax'))}{row(words('111'), words('112'))}</w:tbl>"
    outer = f"<w:tbl>{row(words('City'), words('Staff'), words('Contact'))}{row(words('Nagoya'), words('14'), words('see') + inner)}</w:tbl>"
    assert text_of(tmp_path, outer) == (
        "| City | Staff | Contact |\n| --- | --- | --- |\n| Nagoya | 14 | see |\n\n| Phone | Fax |\n| --- | --- |\n| 111 | 112 |"
    )
