"""Exports conversations as files to be downloaded, in the forms of `FORMS`."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from askjapan.citations.answer_files import CONVERSATION_FORMAT
from askjapan.citations.export import export_answers
from askjapan.records import Answer

EXPORT_SECONDS = 60.0  # an exported file stays so long at least; it is copied as soon as its handler has ended


def conversation_json(answers: Sequence[Answer]) -> str:
    """A conversation in the form that `askjapan verify` and `askjapan export` read."""
    data = {"format": CONVERSATION_FORMAT, "answers": [answer.to_dict() for answer in answers]}
    return json.dumps(data, ensure_ascii=False, indent=1)


FORMS: dict[str, tuple[str, str, str]] = {
    "Word (Chicago)": ("docx", "docx", "chicago"),
    "Word (APA)": ("docx", "docx", "apa"),
    "Word (Japanese)": ("docx", "docx", "japanese"),
    "Markdown": ("md", "markdown", ""),
    "Pandoc": ("pandoc.md", "pandoc", ""),
    "Zotero": ("zotero.html", "zotero", ""),
    "BibTeX": ("bib", "bibtex", ""),
    "CSL-JSON": ("csl.json", "csl", ""),
    "RIS": ("ris", "ris", ""),
    "JSON": ("json", "json", ""),
}
"""The ending of the file, the form and the style of each form that the page names."""
STYLES = {"ja": "japanese"}
"""The style of footnotes that goes with a language of the page, where nobody chooses one; else Chicago."""


class Exports:
    """Writes exported conversations; safe to share between threads."""

    def __init__(self) -> None:
        self._made: dict[Path, float] = {}
        self._lock = threading.Lock()

    def write(self, answers: Sequence[Answer], form: str, language: str) -> Path:
        """Write a file with the answers in one of `FORMS`, with the words of the page's language around them, and return its path."""
        ending, name, style = FORMS[form]
        content = conversation_json(answers) if name == "json" else export_answers(answers, name, style, language)
        return self.keep(f"askjapan-conversation.{ending}", content)

    def keep(self, name: str, content: str | bytes) -> Path:
        """Write a file of this name to be downloaded, and return its path."""
        path = self._folder() / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def _folder(self) -> Path:
        """A new folder for an export; those of earlier exports, of which Gradio has its own copy long since, are deleted."""
        now = time.monotonic()
        folder = Path(tempfile.mkdtemp(prefix="askjapan-"))
        with self._lock:
            old = [made for made, when in self._made.items() if now - when > EXPORT_SECONDS]
            self._made = {made: when for made, when in self._made.items() if made not in old} | {folder: now}
        for made in old:
            shutil.rmtree(made, ignore_errors=True)
        return folder
