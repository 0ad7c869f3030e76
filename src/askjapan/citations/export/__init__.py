"""Answers, matrices, mentions and checked drafts come in; files for other programs go out; it may import its neighbours in `citations`."""

from __future__ import annotations

from collections.abc import Sequence

from askjapan.citations.bibliography import locator
from askjapan.citations.export.markdown import to_markdown
from askjapan.citations.export.pandoc import to_pandoc
from askjapan.citations.export.references.bibtex import to_bibtex
from askjapan.citations.export.references.csl import to_csl
from askjapan.citations.export.references.ris import to_ris
from askjapan.citations.labels import language_of
from askjapan.findings import Matrix
from askjapan.records import Answer
from askjapan.sayings import ENGLISH

__all__ = [
    "export_answers",
    "export_matrix_docx",
    "locator",
    "to_bibtex",
    "to_csl",
    "to_markdown",
    "to_pandoc",
    "to_ris",
]
_TEXTS = {"markdown": to_markdown, "pandoc": to_pandoc, "bibtex": to_bibtex, "csl": to_csl, "ris": to_ris}


def export_answers(answers: Sequence[Answer], form: str, style: str = "chicago", language: str = "") -> str | bytes:
    """Answers in a form: a text, or for "docx" the bytes of a file.

    Args:
        answers: one, or the turns of a conversation.
        form: "markdown", "pandoc", "docx", "html", "zotero", "bibtex", "csl" or "ris".
        style: of the footnotes of "docx" and "html": "chicago", "apa" or "japanese".
        language: of the words around quotes and the works' own facts, "en" or "ja"; empty for Japanese where all questions are
            Japanese, else English.

    Raises:
        ValueError: "docx" or "html" is asked for in another style.
    """
    language = language or language_of(answer.question for answer in answers)
    if form in _TEXTS:
        return _TEXTS[form](answers, language)
    if form == "zotero":
        from askjapan.citations.export.rich_text import to_zotero_note

        return to_zotero_note(answers, language)
    from askjapan.citations.export.references.styled import Style
    from askjapan.citations.export.written import paper_of_answers

    paper = paper_of_answers(answers, Style(style), language)
    if form == "html":
        from askjapan.citations.export.rich_text import to_rich_text

        return to_rich_text(paper) + "\n"
    from askjapan.citations.export.word import to_docx

    return to_docx(paper)


def export_matrix_docx(matrix: Matrix, style: str = "chicago", language: str = ENGLISH) -> bytes:
    """A matrix as the bytes of a Word document with footnotes; `style` and `language` as for `export_answers`."""
    from askjapan.citations.export.references.styled import Style
    from askjapan.citations.export.word import to_docx
    from askjapan.citations.export.written import paper_of_matrix

    return to_docx(paper_of_matrix(matrix, Style(style), language))
