"""Exports conversations as files to be downloaded, in the forms of `FORMS`."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from askjapan.citations.answer_files import CONVERSATION_FORMAT
from askjapan.citations.export import export_answers, to_bibtex, to_csl, to_markdown, to_pandoc, to_ris
from askjapan.records import Answer

EXPORT_SECONDS = 60.0  # an exported file stays so long at least; it is copied as soon as its handler has ended


def conversation_json(answers: Sequence[Answer]) -> str:
    """A conversation in the form that `askjapan verify` and `askjapan export` read."""
    data = {"format": CONVERSATION_FORMAT, "answers": [answer.to_dict() for answer in answers]}
    return json.dumps(data, ensure_ascii=False, indent=1)


FORMS: dict[str, tuple[str, Callable[[Sequence[Answer]], str | bytes]]] = {
    "Word (Chicago)": ("docx", partial(export_answers, form="docx", style="chicago")),
    "Word (APA)": ("docx", partial(export_answers, form="docx", style="apa")),
    "Word (Japanese)": ("docx", partial(export_answers, form="docx", style="japanese")),
    "Markdown": ("md", to_markdown),
    "Pandoc": ("pandoc.md", to_pandoc),
    "Zotero": ("zotero.html", partial(export_answers, form="zotero")),
    "BibTeX": ("bib", to_bibtex),
    "CSL-JSON": ("csl.json", to_csl),
    "RIS": ("ris", to_ris),
    "JSON": ("json", conversation_json),
}


class Exports:
    """Writes exported conversations; safe to share between threads."""

    def __init__(self) -> None:
        self._made: dict[Path, float] = {}
        self._lock = threading.Lock()

    def write(self, answers: Sequence[Answer], form: str) -> Path:
        """Write a file with the answers in one of `FORMS`, and return its path."""
        ending, text = FORMS[form]
        return self.keep(f"askjapan-conversation.{ending}", text(answers))

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
