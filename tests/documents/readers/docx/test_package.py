"""Word files: what is inserted, commented, encrypted, damaged or no Word document."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document

from askjapan.documents.readers.docx.reader import read_docx
from askjapan.errors import DamagedFile, PasswordNeeded, WrongFormat
from tests.support.sayings import told
from tests.support.word_files import NOTE_TYPE, OFFICE, W, changed, file, saved, text_of, with_body, words

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def test_tabs_set_columns_where_lines_with_tabs_follow_each_other(tmp_path):
    def line(*cells: str, tab: str = "<w:tab/>") -> str:
        return "<w:p>" + f"<w:r>{tab}</w:r>".join(f"<w:r><w:t>{cell}</w:t></w:r>" for cell in cells) + "</w:p>"

    body = (
        line("Alone", "here") + words("Ships.") + line("Year", "In", "Out") + line("2008", "", "71") + line("2009", "85", "")
        + line("Total", "156", tab='<w:ptab w:alignment="right"/>') + line("A", "x" * 100)
    )  # fmt: skip
    assert text_of(tmp_path, body) == (
        f"Alone here\n\nShips.\n\nYear\tIn\tOut\n2008\t\t71\n2009\t85\n\nTotal 156\n\nA {'x' * 100}"
    )


def inserted(name: str, kind: str, content: str) -> bytes:
    return changed(
        with_body(f'{words("First.")}<w:altChunk xmlns:r="{OFFICE}" r:id="chunk"/>{words("Last.")}'),
        {
            "[Content_Types].xml": ("</Types>", f'<Override PartName="/word/{name}" ContentType="{kind}"/></Types>'),
            "word/_rels/document.xml.rels": (
                "</Relationships>",
                f'<Relationship Id="chunk" Type="{OFFICE}/aFChunk" Target="{name}"/></Relationships>',
            ),
        },
        {f"word/{name}": content},
    )


@pytest.mark.parametrize(
    ("name", "kind", "content", "text"),
    [
        ("a.html", "text/html", "<html><body><p>Signed in <s>1986</s> 1987.</p></body></html>", "Signed in 1987."),
        ("a.txt", "text/plain", "Signed in 1987.\n", "Signed in 1987."),
        ("a.mht", "message/rfc822", "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>Signed in 1987.</p>\n", "Signed in 1987."),
    ],
)  # fmt: skip
def test_files_inserted_whole_are_read(tmp_path, name, kind, content, text):
    assert read_docx(file(tmp_path, inserted(name, kind, content))).text == f"First.\n\n{text}\n\nLast."


def test_an_inserted_document_is_read_and_another_kind_is_told(tmp_path):
    inner = with_body(words("Signed in 1987."))
    data = inserted("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "x")
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, inner if name == "word/a.docx" else old.read(name))
    assert read_docx(file(tmp_path, buffer.getvalue())).text == "First.\n\nSigned in 1987.\n\nLast."
    reading = read_docx(file(tmp_path, inserted("a.rtf", "application/rtf", "{\\rtf1 Signed.}")))
    assert reading.text == "First.\n\nLast."
    assert told(reading.warnings) == (
        "work.docx: a file inserted in it, word/a.rtf, was left out: it seems to be an RTF document.",
    )


def test_comments_are_left_out_and_said(tmp_path):
    data = changed(
        with_body(words("Text.")),
        {
            "[Content_Types].xml": (
                "</Types>",
                f'<Override PartName="/word/comments.xml" ContentType="{NOTE_TYPE.format("comments")}"/></Types>',
            ),
            "word/_rels/document.xml.rels": (
                "</Relationships>",
                f'<Relationship Id="said" Type="{OFFICE}/comments" Target="comments.xml"/></Relationships>',
            ),
        },
        {"word/comments.xml": f'<w:comments {W}><w:comment w:id="0">{words("Really?")}</w:comment></w:comments>'},
    )
    reading = read_docx(file(tmp_path, data))
    assert (reading.text, told(reading.warnings)) == ("Text.", ("work.docx: its 1 comment(s) were left out.",))


def test_a_document_with_the_names_of_iso_strict(tmp_path):
    strict = "http://purl.oclc.org/ooxml/"
    buffer = io.BytesIO()
    document = Document()
    document.add_heading("Ports", 1)
    document.add_paragraph("Five boats.")
    with zipfile.ZipFile(io.BytesIO(saved(document))) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for plain, named in (
                ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "wordprocessingml/main"),
                ("http://schemas.openxmlformats.org/officeDocument/2006/", "officeDocument/"),
            ):
                content = content.replace(plain.encode(), (strict + named).encode())
            new.writestr(name, content)
    assert read_docx(file(tmp_path, buffer.getvalue())).text == "# Ports\n\nFive boats."


def test_a_box_in_a_box_is_read_once(tmp_path):
    inner = f"<w:drawing><w:txbxContent>{words('Inner.')}</w:txbxContent></w:drawing>"
    box = f"<w:drawing><w:txbxContent><w:p><w:r><w:t>Outer.</w:t>{inner}</w:r></w:p></w:txbxContent></w:drawing>"
    assert text_of(tmp_path, f"<w:p><w:r><w:t>Beside.</w:t>{box}</w:r></w:p>") == "Beside.\n\nOuter.\n\nInner."


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
