"""The sort of a cited work (chapter, report, article, web page), decided by its venue, and its name in each form of export."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askjapan.citations.bibliography import Cited
from askjapan.citations.publications import EDITED


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of work: the pattern of its venue, and its type and the field for its venue in BibTeX, CSL and RIS."""

    venue: str
    bibtex: tuple[str, str]
    csl: tuple[str, str]
    ris: tuple[str, str]


_WEBPAGE = Sort(
    r"https?://|\bwww\.|\bweb\s?(?:site|page)?\b|\bsite\b|\bblog\b|\bonline\b|\w\.(?:com|org|net|info|jp|ru|eu)\b|ウェブ|ホームページ",
    ("misc", "howpublished"),
    ("webpage", "container-title"),
    ("ELEC", "T2"),
)
_OTHER = Sort("", ("misc", "howpublished"), ("document", "publisher"), ("GEN", "PB"))
# In this order: an editor decides before "Working Paper", and that before "Review".
_SORTS = (
    Sort(EDITED.pattern, ("incollection", "booktitle"), ("chapter", "container-title"), ("CHAP", "T2")),
    Sort(
        r"\b(?:working|discussion|occasional|policy|research|white|staff) papers?\b|\breports?\b|\bbriefs?\b|報告書|白書",
        ("techreport", "institution"),
        ("report", "publisher"),
        ("RPRT", "PB"),
    ),
    Sort(
        r"\b(?:journal|review|quarterly|bulletin|annals)\b|\bvol(?:ume)?\b\.?\s*\d|\d\s?\(\d+\)|論集|紀要|雑誌|学会誌|第\s*\d+\s*[巻号]",
        ("article", "journal"),
        ("article-journal", "container-title"),
        ("JOUR", "T2"),
    ),
    _WEBPAGE,
)


def sort_of(work: Cited) -> Sort:
    """The sort of a cited work by its venue; where the venue matches none, a web page for an HTML file, else any other work."""
    stated = next((sort for sort in _SORTS if re.search(sort.venue, work.venue, re.IGNORECASE)), None)
    page = not work.is_note and work.document.format in ("html", "htm", "xhtml")
    return stated or (_WEBPAGE if page else _OTHER)
