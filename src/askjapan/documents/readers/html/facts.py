"""Finds the facts that a web page states about itself: title, authors, venue, date, language."""

from __future__ import annotations

import re
from copy import deepcopy

from askjapan.documents.readers.markup.trees import Element

_DATES = (
    *("citation_publication_date", "citation_date", "citation_online_date", "citation_year", "article:published_time"),
    *("dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "prism.publicationdate", "datepublished", "pubdate", "date"),
)
_LINKED_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')
_DATE = re.compile(r"((?:1[5-9]|20)\d\d)(?:[-/](\d\d)[-/](\d\d)(?!\d))?(?!\d)")


def facts_of(page: Element, main: Element) -> dict[str, str]:
    """The facts that the whole page states; `main` is the page with its main text only."""
    from trafilatura import extract_metadata

    general = extract_metadata(deepcopy(page), extensive=False)
    venue = _first(page, "citation_journal_title", "citation_conference_title") or general.sitename or ""
    date = _date(page)
    facts = {
        "title": _title(page, main, venue),
        # trafilatura drops names without a space, and most Japanese names are written so.
        "authors": "; ".join(_meta(page, "citation_author")) or general.author or _first(page, "author"),
        "venue": venue,
        "year": date[:4],
        "date": date if len(date) > 4 else "",
        "language": (page.get("lang") or _first(page, "citation_language", "dc.language")).split("-")[0].lower(),
    }
    return {name: text for name, text in facts.items() if text}


def _title(page: Element, main: Element, venue: str) -> str:
    headings = [" ".join("".join(heading.xpath(".//text()[not(ancestor::sup)]")).split()) for heading in main.iter("h1")]
    if stated := _first(page, "citation_title") or (headings[0].rstrip("¶§#🔗 ") if len(headings) == 1 else ""):
        return stated
    title = _first(page, "og:title", "dc.title") or " ".join((page.findtext("head/title") or "").split())
    with_site = re.fullmatch(r"(.+)\s[|–—·-]\s(.+)", title)
    return with_site.group(1) if with_site and with_site.group(2).casefold() == venue.casefold() else title


def _date(page: Element) -> str:
    """The date of publication as YYYY-MM-DD or YYYY, or ""; trafilatura would also guess it from any date on the page."""
    linked = " ".join(script.text or "" for script in page.iter("script") if script.get("type") == "application/ld+json")
    times = [each.get("datetime") or "" for each in page.iter("time") if each.get("itemprop") == "datePublished"]
    stated = [*(content for name in _DATES for content in _meta(page, name)), *_LINKED_DATE.findall(linked), *times]
    date = next((match for match in map(_DATE.match, stated) if match), None)
    return "-".join(part for part in date.groups() if part) if date else ""


def _meta(page: Element, name: str) -> list[str]:
    contents = [
        each.get("content") or ""
        for each in page.iter("meta")
        if name in ((each.get(key) or "").lower() for key in ("name", "property", "itemprop"))
    ]
    return [" ".join(content.split()) for content in contents if content.strip()]


def _first(page: Element, *names: str) -> str:
    return next((content for name in names for content in _meta(page, name)), "")
