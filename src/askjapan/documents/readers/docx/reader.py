"""Word documents, opened with python-docx."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any, TypeAlias

from askjapan.documents.readers.docx.text import Parts, Story
from askjapan.documents.readers.signatures import ENCRYPTED_OFFICE, WORD, check_archive, read_bytes, seems_to_be
from askjapan.documents.readers.trees import BrokenMarkup
from askjapan.errors import DamagedFile, PasswordNeeded
from askjapan.records import Reading

DocxPart: TypeAlias = Any
DocxProperties: TypeAlias = Any

_JUNK_TITLE = re.compile(r"(?:microsoft word - .*|word document|(?:document|文書)\s*\d*|untitled|無題|.*\.docx?)?", re.IGNORECASE)
_JUNK_AUTHORS = frozenset(
    {"", "admin", "administrator", "author", "microsoft office user", "owner", "pc", "python-docx", "unknown", "user"}
    | {"windows user", "windows ユーザー", "ユーザー", "作成者"}
)


def read_docx(path: Path) -> Reading:
    """Read a Word document as Markdown.

    `text` has headings (`Title` is one of level 1), lists with the numbers that Word shows, pipe tables and text boxes, in order.
    Notes are `<sup>1</sup>` in the text and `<sup>1</sup> text` at its end, under `## Footnotes` and `## Endnotes`; in a
    document with both, endnotes are numbered on after the footnotes. Deleted and hidden text, tables of contents, headers and
    footers are left out. The facts are `title`, `authors` and `language`; the properties' dates are the file's, not the work's.

    Raises:
        WrongFormat: the file is no Word document.
        PasswordNeeded: it is encrypted.
        DamagedFile: it is broken or holds no text.
    """
    data = read_bytes(path)
    if seems_to_be(data) == ENCRYPTED_OFFICE:
        raise PasswordNeeded(f"{path.name} is encrypted.")
    check_archive(path, data, WORD)
    from docx import Document
    from docx.opc.exceptions import OpcError

    try:
        document = Document(io.BytesIO(data))
        parts = _parts(document.part)
        facts = _facts(document.core_properties)
    # python-docx takes a package for valid; the last four are what it does where one is not.
    except (OpcError, BrokenMarkup, AttributeError, KeyError, TypeError, ValueError) as error:
        raise DamagedFile(f"{path.name} is damaged: python-docx cannot read it ({error}).") from error
    story = Story(parts)
    text = story.markdown()
    if not text:
        raise DamagedFile(f"{path.name} holds no text.", "If its pages are pictures, run OCR on them and add the result.")
    warnings = tuple(f"{path.name}: {warning}" for warning in story.warnings)
    return Reading(text, "markdown", facts=facts, facts_from="document properties" if facts else "", warnings=warnings)


def _parts(main: DocxPart) -> Parts:
    from docx.opc.constants import RELATIONSHIP_TYPE as RT
    from docx.oxml import parse_xml

    related = {relation.reltype: relation.target_part for relation in main.rels.values() if not relation.is_external}
    notes = {kind: related[name] for kind, name in (("footnote", RT.FOOTNOTES), ("endnote", RT.ENDNOTES)) if name in related}
    return Parts(
        body=main.element.body,
        styles=main.styles.element,
        numbering=related[RT.NUMBERING].element if RT.NUMBERING in related else None,
        notes={kind: parse_xml(part.blob) for kind, part in notes.items()},
    )


def _facts(properties: DocxProperties) -> dict[str, str]:
    title = " ".join(properties.title.split())
    names = [" ".join(name.split()) for name in properties.author.split(";")]
    facts = {
        "title": "" if _JUNK_TITLE.fullmatch(title) else title,
        "authors": "; ".join(name for name in names if name.lower() not in _JUNK_AUTHORS),
        "language": properties.language.split("-")[0].strip().lower(),
    }
    return {name: text for name, text in facts.items() if text}
