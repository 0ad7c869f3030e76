"""A Word file's bytes → the parts that are read: ISO Strict names made plain, files inserted in it as Markdown, comments counted."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, TypeAlias

from askjapan.documents.readers.docx.lists import W
from askjapan.documents.readers.docx.text import Parts
from askjapan.documents.readers.markup.markdown_text import paragraph, to_markdown
from askjapan.documents.readers.markup.page_notes import find_notes
from askjapan.documents.readers.markup.styles import mark_hidden, style_sheets
from askjapan.documents.readers.markup.trees import declared_encoding, parse_page
from askjapan.documents.readers.signatures import HTML, WORD, seems_to_be
from askjapan.documents.readers.text.decoding import decode
from askjapan.errors import DamagedFile, ReadingError
from askjapan.sayings import Saying

DocxPart: TypeAlias = Any

_STRICT = b"http://purl.oclc.org/ooxml/"
_PLAIN_NAMES = (  # the longer names first
    (b"wordprocessingml/main", b"wordprocessingml/2006/main"),
    (b"officeDocument/math", b"officeDocument/2006/math"),
    (b"officeDocument/relationships/metadata/core-properties", b"package/2006/relationships/metadata/core-properties"),
    (b"officeDocument/", b"officeDocument/2006/"),
    (b"drawingml/", b"drawingml/2006/"),
    (b"schemaLibrary/", b"schemaLibrary/2006/"),
)
_DOCUMENTS = (".docx", ".docm", ".dotx")
_DOCUMENT_TYPE = re.compile(rb'<(?:Override|Default)\b[^<>]*(?:PartName="[^"<>]*\.|Extension=")do[ct][xm]"[^<>]*>')
_MOST_INSERTED = 20


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a Word file, and warnings about what was left out."""

    parts: Parts
    warnings: tuple[Saying, ...]


def plain_names(data: bytes) -> bytes:
    """The file with names that python-docx knows: those of ISO/IEC 29500 Transitional in place of those of Strict.

    Whole documents that are inserted in it get a type under which python-docx leaves them packed.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        strict = "_rels/.rels" in names and _STRICT in archive.read("_rels/.rels")
        holds_documents = any(name.lower().endswith(_DOCUMENTS) for name in names)
        if not strict and not holds_documents:
            return data
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as plain:
            for name in dict.fromkeys(names):
                content = archive.read(name)
                content = _renamed(content) if strict and name.endswith((".xml", ".rels")) else content
                plain.writestr(name, _DOCUMENT_TYPE.sub(_as_bytes, content) if name == "[Content_Types].xml" else content)
    return buffer.getvalue()


def _as_bytes(match: re.Match[bytes]) -> bytes:
    return re.sub(rb'ContentType="[^"]*"', b'ContentType="application/octet-stream"', match.group())


def _renamed(content: bytes) -> bytes:
    for strict, name in _PLAIN_NAMES:
        content = content.replace(_STRICT + strict, b"http://schemas.openxmlformats.org/" + name)
    return content


def package_of(path: Path, main: DocxPart, read_inserted: Callable[[bytes], str]) -> Package:
    """The parts of a document.

    Args:
        path: for the messages.
        main: python-docx's main part.
        read_inserted: gives the Markdown of a Word document that is inserted in this one.

    Raises:
        DamagedFile: the main part has no body.
    """
    from docx.opc.constants import RELATIONSHIP_TYPE as RT
    from docx.oxml import parse_xml

    related = {relation.reltype: relation.target_part for relation in main.rels.values() if not relation.is_external}
    notes = {kind: related[name] for kind, name in (("footnote", RT.FOOTNOTES), ("endnote", RT.ENDNOTES)) if name in related}
    warnings: list[Saying] = []
    inserted: dict[str, str] = {}
    for relation in [each for each in main.rels.values() if each.reltype == RT.A_F_CHUNK and not each.is_external][
        :_MOST_INSERTED
    ]:
        try:
            inserted[relation.rId] = _inserted(path, relation.target_part, read_inserted)
        except ReadingError as error:
            name = str(relation.target_part.partname).lstrip("/")
            warnings.append(Saying.of("inserted_left_out", file=path.name, name=name, cause=error.message))
    comments = parse_xml(related[RT.COMMENTS].blob) if RT.COMMENTS in related else None
    count = 0 if comments is None else len(comments.findall(W + "comment"))
    if count:
        warnings.append(Saying.of("comments_left_out", file=path.name, comments=count))
    if main.element.body is None:
        raise DamagedFile(f"{path.name} is damaged: its main part has no body.")
    parts = Parts(
        body=main.element.body,
        styles=main.styles.element,
        numbering=related[RT.NUMBERING].element if RT.NUMBERING in related else None,
        notes={kind: parse_xml(part.blob) for kind, part in notes.items()},
        inserted=inserted,
    )
    return Package(parts, tuple(warnings))


def _inserted(path: Path, part: DocxPart, read_inserted: Callable[[bytes], str]) -> str:
    """The Markdown of a file that is inserted whole.

    Raises:
        ReadingError: it is of a kind that is not read, or broken.
    """
    data, kind = part.blob, f"{part.content_type} {part.partname}".lower()
    name = Path(str(part.partname))
    if seems_to_be(data) == WORD:
        return read_inserted(data)
    if "rfc822" in kind or kind.endswith((".mht", ".mhtml")):
        return _page(name, *_page_of_mail(data))
    if seems_to_be(data) == HTML or "html" in kind:
        return _page(name, data, declared_encoding(data))
    if "text/plain" in kind or kind.endswith(".txt"):
        return paragraph(decode(name, data).text.strip())
    seems = seems_to_be(data) or f"of the kind {part.content_type}"
    raise ReadingError(f"it seems to be {seems}.")


def _page_of_mail(data: bytes) -> tuple[bytes, str]:
    """The page of a web archive (MHT) and its declared encoding."""
    message = message_from_bytes(data, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            return (content if isinstance(content, bytes) else b""), part.get_content_charset() or ""
    raise ReadingError("it is a web archive without a page.")


def _page(name: Path, data: bytes, declared: str) -> str:
    page, _ = parse_page(name, decode(name, data, declared).text)
    if page is None:
        return ""
    mark_hidden(page, style_sheets(page))
    return to_markdown(page, find_notes({"": page}))
