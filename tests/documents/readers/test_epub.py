import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from askjapan.documents.readers.epub import read_epub
from askjapan.errors import DamagedFile, PasswordNeeded, WrongFormat
from tests.support.sayings import told

XHTML = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{}</body></html>'
)
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
TITLE = "<dc:title>Ports</dc:title>"


def chapter(body: str) -> str:
    return XHTML.format(body)


def encryption(method: str) -> str:
    return (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
        f'<enc:EncryptedData><enc:EncryptionMethod Algorithm="{method}"/><enc:CipherData>'
        '<enc:CipherReference URI="OEBPS/one.xhtml"/></enc:CipherData></enc:EncryptedData></encryption>'
    )


def book(
    folder: Path,
    chapters: Mapping[str, str | bytes],
    metadata: str = TITLE,
    *,
    items: str = "",
    spine: str = "",
    guide: str = "",
    parts: Mapping[str, str | bytes | None] | None = None,
) -> Path:
    """An EPUB of chapters in order, with `items`, `spine` and `guide` added; `parts` are added, replaced or left out (None)."""
    manifest = "".join(f'<item id="c{at}" href="{name}" media-type="application/xhtml+xml"/>' for at, name in enumerate(chapters))
    order = "".join(f'<itemref idref="c{at}"/>' for at in range(len(chapters)))
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">'
        f'<dc:identifier id="id">x</dc:identifier>{metadata}</metadata>'
        f"<manifest>{manifest}{items}</manifest><spine>{spine}{order}</spine>{guide}</package>"
    )
    content: dict[str, str | bytes | None] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": package,
        **{f"OEBPS/{name.replace('%20', ' ')}": text for name, text in chapters.items()},
        **(parts or {}),
    }
    path = folder / "book.epub"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            if data is not None:
                archive.writestr(name, data)
    return path


def test_chapters_in_the_order_of_the_spine_as_markdown(tmp_path):
    two = (
        "<h2>Two</h2><ul><li>teachers<ol><li>in May</li></ol></li></ul>"
        "<table><tr><th>Year</th><th>Boats</th></tr><tr><td>2009</td><td>12</td></tr></table>"
        '<p>青海港は二〇〇九年に\n    協定を結んだ。<span epub:type="pagebreak" title="12">12</span></p>'
    )
    path = book(
        tmp_path,
        {
            "z.xhtml": chapter(
                '<section><h1>One</h1><p><a id="p1"/>Five&nbsp;<i/>boats &amp; <b>ships</b>&mdash;came.</p></section>'
            ),
            "text/a%20b.xhtml": chapter(two),
            "empty.xhtml": chapter('<div><img src="cover.png" alt="Cover"/></div>'),
        },
    )
    reading = read_epub(path)
    assert reading.text == "\n\n".join(
        [
            "# One",
            "Five\xa0boats & ships—came.",
            "## Two",
            "- teachers\n  1. in May",
            "| Year | Boats |\n| --- | --- |\n| 2009 | 12 |",
            "青海港は二〇〇九年に協定を結んだ。",
        ]
    )
    assert (reading.markup, dict(reading.facts), reading.facts_from) == ("markdown", {"title": "Ports"}, "EPUB metadata")
    assert told(reading.warnings) == ()


def test_tables_of_contents_are_dropped(tmp_path):
    links = '<h1>Contents</h1><p><a href="one.xhtml">A chapter about the port</a></p>'
    path = book(
        tmp_path,
        {
            "contents.xhtml": chapter(links),
            "one.xhtml": chapter(f'<nav epub:type="toc">{links}</nav><div role="doc-toc">{links}</div><p>The port.</p>'),
            "index.xhtml": chapter("<p>A page of text that the guide calls contents, <a href='#'>with a link</a>.</p>"),
        },
        items='<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
        spine='<itemref idref="nav"/>',
        guide='<guide><reference type="toc" href="contents.xhtml#top"/><reference type="toc" href="index.xhtml"/></guide>',
        parts={"OEBPS/nav.xhtml": chapter(f'<nav epub:type="toc"><ol><li>{links}</li></ol></nav>')},
    )
    assert read_epub(path).text == "The port.\n\nA page of text that the guide calls contents, with a link."


def test_notes_of_the_chapter_and_of_the_book(tmp_path):
    one = (
        '<p id="r1">Boats<a epub:type="noteref" href="#f1">1</a> came<a epub:type="noteref" href="notes/end.xhtml#n%201">[2]</a>'
        ', see <a href="notes/end.xhtml#n%202">3</a>.<sup><a href="#no-such-note">4</a></sup></p>'
        '<aside epub:type="footnote" id="f1"><p>First of <i>all</i>.</p><p>Really.</p></aside>'
    )
    end = (
        '<h2>Notes</h2><p><a id="n 1" href="../one.xhtml#r1">2.</a> The second. '
        '<a epub:type="backlink" href="../one.xhtml">back</a></p>'
        '<p id="n 2">3. The third.</p>'
    )
    path = book(tmp_path, {"one.xhtml": chapter(one), "notes/end.xhtml": chapter(end)})
    assert read_epub(path).text == "\n\n".join(
        [
            "Boats[^1] came[^2], see 3.[^4]",
            "[^1]: First of all. Really.",
            "## Notes",
            "[^2]: The second.",
            "3. The third.",
        ]
    )


def test_notes_in_one_element_and_a_reference_to_nowhere(tmp_path):
    body = (
        '<p>Boats<sup><a href="#notes">1</a></sup> came<a epub:type="noteref" href="#gone">2</a>, '
        'home<sup><a href="#b">3</a></sup>.</p>'
        '<div id="notes"><p id="a">1. First.</p><p id="b">3 Third.</p></div>'
    )
    assert read_epub(book(tmp_path, {"one.xhtml": chapter(body)})).text == "\n\n".join(
        ["Boats[^1] came[^2], home[^3].", "1. First.", "[^3]: Third."]
    )


def test_tables_that_place_text_and_preformatted_text(tmp_path):
    cell = "<p>The port.</p><p>The boats.</p>"
    body = (
        f"<table role='presentation'><tr><td>{cell}</td><td>{cell}</td></tr><tr><td>Left</td><td>Right</td></tr></table>"
        "<table><tr><td>Outer</td><td>in<table><tr><th>a</th><th>b</th></tr><tr hidden=''><td>no</td></tr>"
        "<tr><td>1</td><td>2</td></tr></table>"
        "</td></tr></table>"
        f"<table><tr><td>{'A long cell. ' * 80}</td><td>x</td></tr><tr><td>y</td><td>z</td></tr></table>"
        "<table><caption>Table 9. Nothing</caption><tr><th> </th><th/></tr><tr><td/><td/></tr></table>"
        "<pre>\none  two\n  three\n</pre><pre> </pre><ul><li> </li><script>x</script><ul><li>inner</li></ul></ul><h2> </h2>"
    )
    assert read_epub(book(tmp_path, {"one.xhtml": chapter(body)})).text == "\n\n".join(
        [
            *("The port.", "The boats.", "The port.", "The boats.", "Left", "Right"),
            *("Outer", "in", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
            *(("A long cell. " * 80).strip(), "x", "y", "z"),
            *("Table 9. Nothing", "one  two\n  three", "  - inner"),
        ]
    )


def test_an_archive_that_does_not_call_itself_an_epub_but_is_one(tmp_path):
    assert read_epub(book(tmp_path, {"one.xhtml": chapter("<p>The port.</p>")}, parts={"mimetype": None})).text == "The port."


@pytest.mark.parametrize(
    ("metadata", "facts"),
    [
        (
            "<dc:title> Ports of\n the South</dc:title><dc:title>A subtitle</dc:title><dc:creator id='a'>Jane Porter</dc:creator>"
            "<dc:creator id='b'>森 健二</dc:creator><dc:creator id='c'>A. Translator</dc:creator>"
            "<meta refines='#a' property='role'>aut</meta><meta refines='#c' property='role'>trl</meta>"
            "<dc:date>2009-05-01T00:00:00Z</dc:date><dc:publisher>Quay Press</dc:publisher><dc:language>en-GB</dc:language>",
            {
                "title": "Ports of the South",
                "authors": "Jane Porter; 森 健二",
                "year": "2009",
                "venue": "Quay Press",
                "language": "en",
            },
        ),
        (
            "<dc:creator opf:role='edt'>An Editor</dc:creator><dc:creator opf:role='aut'>Jane Porter</dc:creator>"
            "<dc:date opf:event='modification'>2020-01-01</dc:date><dc:date opf:event='publication'>in 1998</dc:date>",
            {"authors": "Jane Porter", "year": "1998"},
        ),
        (
            "<dc:title/><dc:creator opf:role='edt'>An Editor</dc:creator><dc:date>0101-01-01</dc:date>",
            {"authors": "An Editor"},
        ),
        ("", {}),
    ],
)  # fmt: skip
def test_facts_come_from_the_metadata(tmp_path, metadata, facts):
    reading = read_epub(book(tmp_path, {"one.xhtml": chapter("<p>The port.</p>")}, metadata))
    assert reading.facts == facts
    assert reading.facts_from == ("EPUB metadata" if facts else "")


def test_a_chapter_in_another_encoding(tmp_path):
    body = chapter("<p>青海港の協定。</p>").replace("utf-8", "Shift_JIS").encode("cp932")
    reading = read_epub(book(tmp_path, {"one.xhtml": body}))
    assert (reading.text, told(reading.warnings)) == ("青海港の協定。", ())


def test_a_chapter_that_is_not_well_formed_is_read_with_a_warning(tmp_path):
    reading = read_epub(book(tmp_path, {"one.xhtml": chapter("<p>The port.<p>The boats.").replace("<title/>", "")}))
    assert reading.text == "The port.\n\nThe boats."
    assert told(reading.warnings) == (
        "book.epub: its part one.xhtml is not well-formed XHTML and was read as browsers read HTML.",
    )


def test_a_missing_picture_or_spine_entry_does_not_matter(tmp_path):
    path = book(
        tmp_path,
        {"one.xhtml": chapter("<p>The port.</p>")},
        items='<item id="p" href="cover.png" media-type="image/png"/><item id="s" href="style.css" media-type="text/css"/>',
        spine='<itemref idref="no-such-item"/>',
    )
    assert read_epub(path).text == "The port."


def test_protected_text_is_refused_but_obfuscated_fonts_are_not(tmp_path):
    chapters = {"one.xhtml": chapter("<p>The port.</p>")}
    protected = {"META-INF/encryption.xml": encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc")}
    with pytest.raises(PasswordNeeded) as caught:
        read_epub(book(tmp_path, chapters, parts=protected))
    assert str(caught.value) == "book.epub is protected (DRM): its text is encrypted. Add a copy that is not protected."
    fonts = {"META-INF/encryption.xml": encryption("http://www.idpf.org/2008/embedding")}
    assert read_epub(book(tmp_path, chapters, parts=fonts)).text == "The port."


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"%PDF-1.7\n", ": it seems to be a PDF"),
        (b"\xff\xd8\xff\xe0JFIF", ": it seems to be a JPEG picture"),
        (b"<html><body>Ports", ": it seems to be an HTML page"),
        (b"Only words.", ""),
    ],
)
def test_files_that_are_no_epub(tmp_path, data, found):
    path = tmp_path / "book.epub"
    path.write_bytes(data)
    with pytest.raises(WrongFormat) as caught:
        read_epub(path)
    assert caught.value.message == f"book.epub is not an EPUB{found}."


def test_another_archive_is_no_epub(tmp_path):
    path = tmp_path / "book.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        )
    with pytest.raises(WrongFormat) as caught:
        read_epub(path)
    assert caught.value.message == "book.epub is not an EPUB: it seems to be a Word document (.docx)."


def test_a_cut_off_file(tmp_path):
    path = book(tmp_path, {"one.xhtml": chapter("<p>The port.</p>")})
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(DamagedFile) as caught:
        read_epub(path)
    assert str(caught.value) == (
        "book.epub is damaged: its ZIP archive cannot be read (File is not a zip file). Get a fresh copy of the file."
    )


@pytest.mark.parametrize("content", [None, "", "<package"])
@pytest.mark.parametrize("part", ["META-INF/container.xml", "OEBPS/content.opf"])
def test_broken_packages(tmp_path, part, content):
    path = book(tmp_path, {"one.xhtml": chapter("<p>The port.</p>")}, parts={part: content})
    with pytest.raises(DamagedFile) as caught:
        read_epub(path)
    assert caught.value.message.startswith("book.epub is damaged: ")


def test_a_missing_chapter_is_a_warning_and_the_others_are_read(tmp_path):
    path = book(tmp_path, {"one.xhtml": chapter("<p>The port.</p>"), "two.xhtml": ""}, parts={"OEBPS/two.xhtml": None})
    reading = read_epub(path)
    assert reading.text == "The port."
    assert told(reading.warnings) == ("book.epub: its chapter two.xhtml is missing from the file; the others were read.",)


def test_a_book_without_any_of_its_chapters(tmp_path):
    path = book(tmp_path, {"one.xhtml": ""}, parts={"OEBPS/one.xhtml": None})
    with pytest.raises(DamagedFile) as caught:
        read_epub(path)
    assert caught.value.message == "book.epub is damaged: its part OEBPS/one.xhtml is missing."


def test_formulas_powers_and_hidden_text(tmp_path):
    body = (
        '<p>See <m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:mfrac><m:mn>2</m:mn><m:mn>3</m:mn></m:mfrac></m:math> of it, '
        '2<sup>20</sup> draws<span class="secret">, 9 of them</span> and 10<a epub:type="noteref" href="#n"><sup>2</sup></a> boats.</p>'
        '<aside epub:type="footnote" id="n">All <del>old</del> <ins>new</ins>.</aside>'
    )
    page = chapter(body).replace("<title/>", '<title/><link rel="stylesheet" href="../a/b.css"/>')
    path = book(
        tmp_path,
        {"text/one.xhtml": page},
        items='<item id="s" href="a/b.css" media-type="text/css"/>',
        parts={"OEBPS/a/b.css": "p { color: red } .secret { display: none }"},
    )
    assert read_epub(path).text == "See 2/3 of it, 2^20 draws and 10[^2] boats.\n\n[^2]: All new."


def test_a_book_of_pictures(tmp_path):
    with pytest.raises(DamagedFile) as caught:
        read_epub(book(tmp_path, {"one.xhtml": chapter('<img src="page1.png" alt="Page 1"/>')}))
    assert str(caught.value) == "book.epub holds no text. If its pages are pictures, run OCR on them and add the result."
