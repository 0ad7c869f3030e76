"""Answers, matrices and mentions → files for other programs: one form a module."""

from askjapan.citations.bibliography import locator
from askjapan.citations.export.bibtex import to_bibtex
from askjapan.citations.export.csl import to_csl
from askjapan.citations.export.markdown import to_markdown
from askjapan.citations.export.ris import to_ris

__all__ = ["locator", "to_bibtex", "to_csl", "to_markdown", "to_ris"]
