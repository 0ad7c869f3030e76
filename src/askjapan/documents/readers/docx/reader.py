"""Word documents, opened with python-docx."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any, TypeAlias

from askjapan.documents.readers.docx.package import package_of, plain_names
from askjapan.documents.readers.docx.text import Story
from askjapan.documents.readers.markup.trees import BrokenMarkup
from askjapan.documents.readers.signatures import ENCRYPTED_OFFICE, WORD, check_archive, read_bytes, seems_to_be
from askjapan.errors import DamagedFile, PasswordNeeded
from askjapan.readings import Reading
from askjapan.sayings import Saying

DocxProperties: TypeAlias = Any

_JUNK_TITLE = re.compile(
    r"\A(?:microsoft word - .*|word document|(?:document|文書)\s*\d*|untitled|無題|.*\.docx?)?", re.IGNORECASE
)
_DEEPEST_INSERTED = 1
_JUNK_AUTHORS = frozenset(
    {"", "admin", "administrator", "author", "microsoft office user", "owner", "pc", "python-docx", "unknown", "user"}
    | {"windows user", "windows ユーザー", "ユーザー", "作成者"}
)


def read_docx(path: Path) -> Reading:
    """Read a Word document as Markdown.

    `text` has headings (`Title` is one of level 1), lists with the numbers that Word shows, pipe tables, lines set in columns by
    tabs, block quotes (`> `) by their style, text boxes and inserted files (`altChunk`), in order. Notes are `[^1]` in the text and
    `[^1]: text` at its end, under `## Footnotes` and `## Endnotes`; in a document with both, endnotes are numbered on after the
    footnotes. Powers and formulas
    stand on their line (`2^10`). Deleted, struck and hidden text, comments, tables of contents, headers and footers are left
    out. The facts are `title`, `authors` and `language`; the properties' dates are the file's, not the work's.

    Raises:
        WrongFormat: the file is no Word document.
        PasswordNeeded: it is encrypted.
        DamagedFile: it is broken or holds no text.
    """
    data = read_bytes(path)
    if seems_to_be(data) == ENCRYPTED_OFFICE:
        raise PasswordNeeded(f"{path.name} is encrypted.")
    check_archive(path, data, WORD)
    text, facts, warnings = _read(path, data, 0)
    if not text:
        raise DamagedFile(f"{path.name} holds no text.", "If its pages are pictures, run OCR on them and add the result.")
    return Reading(text, "markdown", facts=facts, facts_from="document properties" if facts else "", warnings=tuple(warnings))


def _read(path: Path, data: bytes, depth: int) -> tuple[str, dict[str, str], list[Saying]]:
    """The text, facts and warnings of a document; `depth` counts the documents that it is inserted in."""
    from docx import Document
    from docx.opc.exceptions import OpcError

    inner: list[Saying] = []

    def read_inserted(inserted: bytes) -> str:
        if depth >= _DEEPEST_INSERTED:
            raise DamagedFile("it is inserted in a document that is itself inserted.")
        text, _, said = _read(path, inserted, depth + 1)
        inner.extend(said)
        return text

    try:
        document = Document(io.BytesIO(plain_names(data)))
        package = package_of(path, document.part, read_inserted)
        facts = _facts(document.core_properties)
    # python-docx takes a package for valid; the last four are what it does where one is not.
    except (OpcError, BrokenMarkup, AttributeError, KeyError, TypeError, ValueError) as error:
        raise DamagedFile(f"{path.name} is damaged: python-docx cannot read it ({error}).") from error
    story = Story(package.parts, path.name)
    text = story.markdown()
    return text, facts, [*package.warnings, *inner, *story.warnings]


def _facts(properties: DocxProperties) -> dict[str, str]:
    title = " ".join(properties.title.split())
    names = [" ".join(name.split()) for name in properties.author.split(";")]
    facts = {
        "title": "" if _JUNK_TITLE.fullmatch(title) else title,
        "authors": "; ".join(name for name in names if name.lower() not in _JUNK_AUTHORS),
        "language": properties.language.split("-")[0].strip().lower(),
    }
    return {name: text for name, text in facts.items() if text}
