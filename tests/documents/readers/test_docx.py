import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from askjapan.documents.readers.docx.reader import read_docx
from askjapan.errors import DamagedFile, PasswordNeeded, WrongFormat

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NOTE_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def changed(data: bytes, parts: Mapping[str, tuple[str, str]], added: Mapping[str, str] | None = None) -> bytes:
    """The archive with a piece of some parts replaced (old, new) and with parts added; ("", "") leaves a part out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode("utf-8", "surrogateescape")
            before, after = parts.get(name, ("", content))
            assert before in content
            content = content.replace(before, after) if before else after
            if content:
                new.writestr(name, content.encode("utf-8", "surrogateescape"))
        for name, content in (added or {}).items():
            new.writestr(name, content)
    return buffer.getvalue()


def with_body(body: str, added: Mapping[str, str] | None = None, kinds: tuple[str, ...] = ()) -> bytes:
    """A document whose body is the given WordprocessingML, with note parts of the given kinds ("footnotes")."""
    document = Document()
    document.add_paragraph("BODY")
    types = "".join(f'<Override PartName="/word/{kind}.xml" ContentType="{NOTE_TYPE.format(kind)}"/>' for kind in kinds)
    links = "".join(f'<Relationship Id="note{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>' for kind in kinds)
    return changed(
        saved(document),
        {
            "word/document.xml": ("<w:p><w:r><w:t>BODY</w:t></w:r></w:p>", body),
            "[Content_Types].xml": ("</Types>", types + "</Types>"),
            "word/_rels/document.xml.rels": ("</Relationships>", links + "</Relationships>"),
        },
        added,
    )


def file(folder: Path, data: bytes, name: str = "work.docx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def text_of(folder: Path, body: str) -> str:
    return read_docx(file(folder, with_body(body))).text


def words(text: str, properties: str = "") -> str:
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


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
            "Boats of 10<sup>12</sup> m\ncame to 青海。",
            "- in List Bullet\n  - in List Bullet 2\n- in List Bullet\n1. in List Number\n2. in List Number",
            "\\# between",
            "3. goes on",
            "| 0\\|0 | Boats and ships |  |\n| --- | --- | --- |\n| Aomi | 1\\|1 | 1\\|2 |\n| Aomi | 2\\|1 |  |",
            "###### Ends",
        ]
    )
    assert reading.facts == {"title": "Harbour towns", "authors": "Jane Porter; 森 健二", "language": "en"}
    assert (reading.markup, reading.facts_from, reading.warnings) == ("markdown", "document properties", ())


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
            "The pact<sup>1</sup><sup>4</sup> held<sup>2</sup>",
            "| Port | Boats |\n| --- | --- |\n| Aomi | 12<sup>3</sup><sup>1</sup> |",
            "## Footnotes",
            "<sup>1</sup> Report of Aomi. Page 7.",
            "<sup>2</sup> Page 5.",
            "## Endnotes",
            "<sup>4</sup> 港の記録。",
        ]
    )
    assert reading.warnings == ("work.docx: footnote 3 has no text.",)


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
    assert read_docx(file(tmp_path, data)).text == "In a control.\n\nShips sailed home, x-rays, 青海 next a=2"


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


@pytest.mark.parametrize(
    ("title", "author", "facts"),
    [
        ("", "python-docx", {}),
        ("Word Document", "Windows User", {}),
        ("Microsoft Word - draft.docx", "作成者", {}),
        ("Document 1", "; ", {}),
        ("Documents of the port", "user; Jane Porter ;", {"title": "Documents of the port", "authors": "Jane Porter"}),
    ],
)
def test_properties_that_word_fills_in_itself_are_no_facts(tmp_path, title, author, facts):
    document = Document()
    document.add_paragraph("Text.")
    document.core_properties.title, document.core_properties.author = title, author
    reading = read_docx(file(tmp_path, saved(document)))
    assert reading.facts == facts
    assert reading.facts_from == ("document properties" if facts else "")


def test_an_encrypted_document(tmp_path):
    with pytest.raises(PasswordNeeded) as caught:
        read_docx(file(tmp_path, OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(480)))
    assert str(caught.value) == "work.docx is encrypted. Save a copy without the password and add that."


def archive(*names: str, mimetype: str = "", types: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        for name in names:
            new.writestr(name, {"mimetype": mimetype, "[Content_Types].xml": types}.get(name, "x"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"%PDF-1.7\n", ": it seems to be a PDF"),
        (b"\xff\xd8\xff\xe0JFIF", ": it seems to be a JPEG picture"),
        (OLE + bytes(504), ": it seems to be an old Office file (.doc, .xls or .ppt)"),
        (b"{\\rtf1 Ports}", ": it seems to be an RTF document"),
        (b"<!DOCTYPE html><p>Ports", ": it seems to be an HTML page"),
        (archive("a.txt"), ": it seems to be a ZIP archive"),
        (archive("mimetype", mimetype="application/epub+zip"), ": it seems to be an EPUB"),
        (archive("mimetype", mimetype="application/vnd.oasis.opendocument.text"), ": it seems to be an OpenDocument text (.odt)"),
        (
            archive("[Content_Types].xml", types="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
            ": it seems to be an Excel workbook (.xlsx)",
        ),
        (b"Only words.", ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_that_are_no_word_document(tmp_path, data, found):
    with pytest.raises(WrongFormat) as caught:
        read_docx(file(tmp_path, data))
    assert caught.value.message == f"work.docx is not a Word document (.docx){found}."


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: b"", "work.docx holds no text: it is empty."),
        (lambda data: data[: len(data) // 2], "work.docx is damaged: its ZIP archive cannot be read (File is not a zip file)."),
        (
            lambda data: changed(data, {"word/styles.xml": ("", "")}),
            "work.docx is damaged: python-docx cannot read it (\"There is no item named 'word/styles.xml' in the archive\").",
        ),
        (lambda data: with_body(""), "work.docx holds no text."),
    ],
)
def test_damaged_documents(tmp_path, damage, message):
    document = Document()
    document.add_paragraph("Text.")
    with pytest.raises(DamagedFile) as caught:
        read_docx(file(tmp_path, damage(saved(document))))
    assert caught.value.message == message


def test_broken_xml_and_broken_parts(tmp_path):
    broken = with_body("<w:p><w:r><w:t>Text.</w:t></w:r>")
    with pytest.raises(
        DamagedFile, match=r"^work\.docx is damaged: python-docx cannot read it \(Opening and ending tag mismatch: p"
    ):
        read_docx(file(tmp_path, broken))
    stored = with_body(words("Text."))
    with pytest.raises(DamagedFile) as caught:
        read_docx(file(tmp_path, stored.replace(b">Text.<", b">Next.<")))
    assert caught.value.message == "work.docx is damaged: its part word/document.xml cannot be unpacked."


def test_an_archive_that_unpacks_to_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr("askjapan.documents.readers.signatures._LARGEST_UNPACKED", 1000)
    with pytest.raises(DamagedFile) as caught:
        read_docx(file(tmp_path, with_body(words("Text."))))
    assert caught.value.message == "work.docx unpacks to more than 1 GiB."


def test_a_zip_with_a_password(tmp_path):
    data = bytearray(with_body(words("Text.")))
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    with pytest.raises(PasswordNeeded) as caught:
        read_docx(file(tmp_path, bytes(data)))
    assert caught.value.message == "work.docx is a ZIP archive with a password."
