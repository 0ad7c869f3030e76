"""Report of a build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from askjapan.readings import FileReport, Reading
from askjapan.records import Document
from askjapan.sayings import Saying


@dataclass(frozen=True, slots=True)
class BuildReport:
    """Report of a build. `skipped` maps a path to the reason, `replaced` a note's path to its full text's; `files` has a report a file."""

    documents: tuple[Document, ...]
    passages: int
    embedded: int
    reused: int
    skipped: Mapping[str, Saying]
    replaced: Mapping[str, str]
    warnings: Mapping[str, tuple[Saying, ...]]
    fingerprint: str
    seconds: float
    files: tuple[FileReport, ...] = ()


def pages_with_text(reading: Reading) -> int:
    """Number of pages with a letter or a digit outside of running heads, page numbers and stamps."""
    text = list(reading.text)
    for start, end in reading.furniture:
        text[start:end] = " " * (end - start)
    return sum(any(character.isalnum() for character in text[page.start : page.end]) for page in reading.pages)
