"""Takes a venue apart: a journal with volume, issue and pages, a publisher with series and number, or a name alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

_URL = re.compile(r"https?://[^\s<>\"{}\\^`]*[^\s<>\"{}\\^`.,;)]")
_SERIES = re.compile(r"(?P<series>(?:working|discussion|occasional|research) paper)s?\b", re.IGNORECASE)
_NUMBER = re.compile(r"\A(?:[\s,.]|series|no\.?|#)*+(?P<number>(?:[^\W\d]|[./-])*+\d[\w./-]*+)", re.IGNORECASE)
_VOLUME = re.compile(r"\bvol(?:ume|\b)\.?\s*(\d+)|(?<=[\s,])(\d++)\s?(?=\()|(?:第\s*+)?(?<!\d)(\d++)\s*+巻", re.IGNORECASE)
_ISSUE = re.compile(
    r"\b(?:no|issue)\b\.?\s*(\d+(?:[-–/]\d+)?)|(?<=\d)\s?\((\d+(?:[-–/]\d+)?)\)|(?:第\s*+)?(?<!\d)(\d++)\s*+号", re.IGNORECASE
)
_PAGES = re.compile(r"\bpp?\.\s*(\d+(?:\s*[-–]\s*\d+)?)|(?<=:)\s*(\d+\s*[-–]\s*\d+)", re.IGNORECASE)
EDITED = re.compile(r"^in:|\beds?\.|\(eds?\)|編", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Publication:
    """A venue in its parts: a journal with volume, issue and pages, a publisher with series and number, or a name alone."""

    name: str
    series: str = ""
    number: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""


def publication_of(venue: str) -> Publication:
    """The parts of a venue on one line."""
    if (series := _SERIES.search(venue)) and (number := _NUMBER.fullmatch(venue[series.end() :])):
        place = venue[: series.start()].rstrip(", \t\n")
        return Publication(place, series=series.group("series"), number=number.group("number"))
    volume, issue, pages = (pattern.search(venue) for pattern in (_VOLUME, _ISSUE, _PAGES))
    if (volume or issue) and not EDITED.search(venue):
        name = venue[: min(match.start() for match in (volume, issue, pages) if match)].rstrip(" ,.;:(")
        return Publication(name, volume=_first(volume), issue=_first(issue), pages=_first(pages))
    url = url_in(venue)
    return Publication(venue.replace(url, "").strip(" ,.;:()<>") if url else venue)


def url_in(venue: str) -> str:
    """The first web address in a venue; empty where there is none."""
    match = _URL.search(venue)
    return match.group() if match else ""


def _first(match: re.Match[str] | None) -> str:
    return next((group for group in match.groups() if group), "").replace(" ", "").replace("-", "–") if match else ""
