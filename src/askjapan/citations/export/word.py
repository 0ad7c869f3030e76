"""Writes papers as Word documents with Word's own footnotes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import unescape
from typing import Any
from xml.sax.saxutils import escape

from askjapan.citations.export.printable import printable
from askjapan.citations.export.references.styled import ITALIC
from askjapan.citations.export.written import Block, WrittenPaper
from askjapan.citations.labels import labels

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_STYLES = {"quote": "Quote", "text": "Normal", "framing": "Normal", "refusal": "Normal", "heading": "Heading 1"}
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)


def to_docx(paper: WrittenPaper) -> bytes:
    """The bytes of a Word document: the title, the paragraphs or the table, footnotes in the paper's style, and the works cited."""
    from docx import Document

    document = Document()
    _add_styles(document)
    # A property holds at most so many characters.
    document.core_properties.title = printable(paper.title)[:255]
    document.core_properties.author = "askjapan"
    document.add_heading(printable(paper.title), 0)
    for block in paper.blocks:
        _fill(document.add_paragraph(style=_STYLES[block.kind]), block)
    if paper.grid:
        _table(document, paper)
    if paper.works:
        document.add_heading(labels(paper.language)("references"), 1)
        for work in paper.works:
            _runs(document.add_paragraph(), work)
    _add_footnotes(document, paper)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _table(document: Any, paper: WrittenPaper) -> None:  # noqa: ANN401 - python-docx has no types
    table = document.add_table(rows=len(paper.grid), cols=len(paper.grid[0]), style="Table Grid")
    for line, row in enumerate(paper.grid):
        for column, block in enumerate(row):
            paragraph = table.cell(line, column).paragraphs[0]
            _fill(paragraph, block)
            for run in paragraph.runs:
                run.bold = line == 0 or None


def _fill(paragraph: Any, block: Block) -> None:  # noqa: ANN401
    run = paragraph.add_run(printable(block.text))
    run.italic = True if block.kind in ("framing", "refusal") else None
    for number in block.notes:
        _reference(paragraph, number)


def _runs(paragraph: Any, styled: str) -> None:  # noqa: ANN401
    for text, italic in _parts(styled):
        run = paragraph.add_run(printable(text))
        run.italic = italic or None


def _parts(styled: str) -> Iterator[tuple[str, bool]]:
    """The stretches of a styled text, and whether each is in italics."""
    for number, part in enumerate(ITALIC.split(styled)):
        if part:
            yield unescape(part), bool(number % 2)


def _reference(paragraph: Any, number: int) -> None:  # noqa: ANN401
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paragraph.add_run(style="footnote reference")
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), str(number))
    run._r.append(reference)


def _add_styles(document: Any) -> None:  # noqa: ANN401
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    marker = document.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER)
    marker.font.superscript = True
    note = document.styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH)
    note.base_style = document.styles["Normal"]
    note.font.size = Pt(9)


def _add_footnotes(document: Any, paper: WrittenPaper) -> None:  # noqa: ANN401
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    if not paper.notes:
        return
    marker, text = (document.styles[name].style_id for name in ("footnote reference", "footnote text"))
    notes = "".join(_footnote(number, note, marker, text) for number, note in enumerate(paper.notes, start=1))
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes xmlns:w="{_W}">{_SEPARATORS}{notes}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), _TYPE, xml.encode("utf-8"), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _footnote(number: int, styled: str, marker: str, style: str) -> str:
    runs = "".join(
        f'<w:r>{"<w:rPr><w:i/></w:rPr>" if italic else ""}<w:t xml:space="preserve">{escape(printable(text))}</w:t></w:r>'
        for text, italic in _parts(styled)
    )
    own = f'<w:r><w:rPr><w:rStyle w:val="{marker}"/></w:rPr><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> </w:t></w:r>'
    return f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{own}{runs}</w:p></w:footnote>'
