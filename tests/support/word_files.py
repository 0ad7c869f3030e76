"""Word files written by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docx import Document

from askjapan.documents.readers.docx.reader import read_docx

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


NOTE_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"


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
