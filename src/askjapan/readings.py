"""Frozen records of how a file was read: its text, its pages, and its entry in the build report.

Offsets are counted in characters (Python `str` indices) of a document's *text as read*: for `.txt` and `.md` the decoded file,
in which what Markdown does not show is blanked in place, for other formats what their reader returns. A `Segment` is one contiguous
stretch of it, end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal

from askjapan.sayings import Saying

if TYPE_CHECKING:
    from askjapan.records import Document

Segment = tuple[int, int]
Markup = Literal["plain", "markdown"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a paged file: `number` counts from 1 in the file, `label` is what is printed on it, if known.

    `recognised` says that its text was read by OCR from a picture.
    """

    number: int
    label: str | None
    start: int
    end: int
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Output of a document reader: a file's text, its pages and its own metadata.

    `facts` may hold `title`, `authors` (separated by "; "), `year`, `language`, `venue` and, for notes, `work`; `facts_from` says where they
    were found, in words for the user ("PDF metadata"). `warnings` are for the build report. `furniture` are segments of
    `text` that are no part of the work (running heads, page numbers, a web page's menu). `without_text` are the numbers of pages that may
    show text but have none in the file, such as scans. `unconfirmed` are the figures, dates and names in a PDF that a second,
    independent reading does not have.
    """

    text: str
    markup: Markup = "plain"
    pages: tuple[Page, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    facts_from: str = ""
    furniture: tuple[Segment, ...] = ()
    warnings: tuple[Saying, ...] = ()
    without_text: tuple[int, ...] = ()
    unconfirmed: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class FileReport:
    """Entry of the build report for one file of the corpus.

    `document_id` names its document in the index. It is empty where the file was left out, for the reason in `left_out`, and
    where a study note gives way to the full text at `replaced_by`. `pages` counts those of a PDF, `pages_recognised` those that
    OCR has read; `words` are counted as in `Document`.
    """

    path: str
    document_id: str = ""
    pages: int = 0
    pages_with_text: int = 0
    pages_recognised: int = 0
    words: int = 0
    warnings: tuple[Saying, ...] = ()
    left_out: Saying | None = None
    replaced_by: str = ""

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return PurePath(self.path).name

    def to_dict(self, document: Document | None) -> dict[str, Any]:
        """The entry as JSON-ready data; each fact of the document has its `value` and says where it is `from`."""
        return {
            "path": self.path,
            "id": self.document_id or None,
            "pages": self.pages,
            "pages_with_text": self.pages_with_text,
            "pages_recognised": self.pages_recognised,
            "words": self.words,
            "warnings": list(map(str, self.warnings)),
            "left_out": str(self.left_out or ""),
            "replaced_by": self.replaced_by,
            **{name: {"value": value, "from": source} for name, value, source in (document.facts if document else ())},
        }
