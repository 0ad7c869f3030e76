"""Word files and books, written by hand from their parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(runs: str) -> str:
    return f"<w:p>{runs}</w:p>"


def deleted(text: str) -> str:
    return f'<w:del w:id="1"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def formula(parts: str) -> str:
    return f"<m:oMath>{parts}</m:oMath>"


def formula_run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def packed(parts: dict[str, str]) -> bytes:
    """A ZIP archive of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def docx(body: str, styles: str = "") -> bytes:
    """A Word file with this body."""
    kinds = f'<Override PartName="/word/document.xml" ContentType="{_KIND}.document.main+xml"/>'
    kinds += f'<Override PartName="/word/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    relation = f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/relationships/{{}}"'
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{kinds}</Types>',
            "_rels/.rels": relation.format("officeDocument") + ' Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{_W}" xmlns:m="{_OFFICE}/math"><w:body>{body}</w:body></w:document>',
            "word/_rels/document.xml.rels": relation.format("styles") + ' Target="styles.xml"/></Relationships>',
            "word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>',
        }
    )


def xhtml(body: str) -> str:
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body>{body}</body></html>'


def epub(chapters: Sequence[str]) -> bytes:
    """A book with these chapters."""
    names = [f"c{number}" for number in range(len(chapters))]
    items = "".join(f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for name in names)
    order = "".join(f'<itemref idref="{name}"/>' for name in names)
    container = "urn:oasis:names:tc:opendocument:xmlns:container"
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": f'<container xmlns="{container}"><rootfiles><rootfile full-path="p.opf"/></rootfiles></container>',
            "p.opf": f'<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest>{items}</manifest><spine>{order}</spine></package>',
            **{f"{name}.xhtml": chapter for name, chapter in zip(names, chapters, strict=True)},
        }
    )
