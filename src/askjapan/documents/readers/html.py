"""Web pages: the main text as Markdown, without menus, footers and banners.

trafilatura says where the main text stands. The words are then taken from the page itself, because trafilatura's own output
leaves out pieces in the middle of it (`<time>` in a sentence, captions, text beside a block), and no quotation may miss a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from askjapan.documents.readers.decoding import decode
from askjapan.documents.readers.markdown_text import BLOCKS, is_layout, is_wordless, to_markdown
from askjapan.documents.readers.page_notes import find_notes, roles
from askjapan.documents.readers.signatures import HTML, read_bytes, seems_to_be, wrong_format
from askjapan.documents.readers.trees import Element, declared_encoding, parse_page
from askjapan.errors import DamagedFile
from askjapan.records import Reading

_ANY_TAG = re.compile(r"<(?:!doctype html|html|head|body|title|meta|div|p|h[1-6]|table|ul|ol|br|article|a)\b", re.IGNORECASE)
_SITE_PARTS = re.compile(
    r"(?:^|[\s_-])(?:ads?|advert\w*|banner|breadcrumbs?|comments?|editsection|menu|nav|navbar|navigation|newsletter|pagination|"
    r"popup|promo|related|share|sharing|sidebar|social|subscribe|toolbar|widget)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CONSENT = re.compile(r"cookie|consent|gdpr", re.IGNORECASE)
_SITE_TAGS = ("aside", "footer", "form", "menu")
_SITE_ROLES = re.compile(r"\b(?:banner|complementary|contentinfo|dialog|navigation|search|tablist)\b")
_NOTE_ROLES = re.compile(r"\b(?:doc-)?(?:footnotes?|endnotes?|rearnotes?)\b")
_CONTAINERS = frozenset({"article", "body", "center", "details", "div", "form", "header", "main", "section"})
_TABLE_PARTS = ("thead", "tbody", "tfoot", "tr", "td", "th", "caption")
_DATES = (
    *("citation_publication_date", "citation_date", "citation_online_date", "citation_year", "article:published_time"),
    *("dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "prism.publicationdate", "datepublished", "pubdate", "date"),
)
_LINKED_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')
_DATE = re.compile(r"((?:1[5-9]|20)\d\d)(?:[-/](\d\d)[-/](\d\d)(?!\d))?(?!\d)")
_MOSTLY = 0.9
_LINKED = 0.5
_LONG_ENOUGH = 20


def read_html(path: Path) -> Reading:
    """Read a web page as Markdown.

    `text` has headings, lists, pipe tables and notes (`<sup>1</sup>`); see `markdown_text`. The facts come from the page's
    metadata, those for scholarly articles (`citation_title` and so on) first; `year` and `date` are there only if the metadata
    give a date. Nothing is fetched.

    Raises:
        WrongFormat: the file is no HTML.
        UnreadableText: its encoding cannot be found out.
        DamagedFile: it holds no main text, or its elements are nested too deep.
    """
    data = read_bytes(path)
    if (found := seems_to_be(data)) not in (HTML, ""):
        raise wrong_format(path, HTML, found)
    decoded = decode(path, data, declared_encoding(data))
    if not _ANY_TAG.search(decoded.text):
        raise wrong_format(path, HTML, "plain text")
    page, _ = parse_page(path, decoded.text)
    if page is None:
        raise _no_main_text(path)
    whole = deepcopy(page)
    _keep_main_text(page)
    text = to_markdown(page, find_notes({"": page}))
    if not text:
        raise _no_main_text(path)
    facts = _facts(whole, page)
    return Reading(text, "markdown", facts=facts, facts_from="the page's metadata" if facts else "", warnings=decoded.warnings)


def _no_main_text(path: Path) -> DamagedFile:
    return DamagedFile(
        f"{path.name} has no main text: nothing is left without its menus.",
        "If the page is filled in by a script, save it from the browser when its text is shown, and add that.",
    )


# --- the main text ---


def _keep_main_text(page: Element) -> None:
    """Take all that is not main text out of the tree; everything, if there is none."""
    _drop(element for element in page.iter("*") if element.tag not in ("html", "head", "body") and is_wordless(element))
    _unfold_layout(page)
    weights = _weigh(page)
    main = page
    while wider := [child for child in main if child.tag in _CONTAINERS and weights[child] >= _MOSTLY * weights[page] > 0]:
        main = wider[0]
    _drop(_boilerplate(page, weights, main, inside=main is page and weights[page] > 0))


def _drop(elements: Iterator[Element]) -> None:
    for element in list(elements):
        element.drop_tree()


def _unfold_layout(page: Element) -> None:
    """Make plain containers of tables that only place things: trafilatura takes or leaves a table as a whole."""
    for table in [table for table in page.iter("table") if is_layout(table)]:
        own = [each for each in table.iter(*_TABLE_PARTS) if next(each.iterancestors("table"), None) is table]
        for element in [table, *own]:
            element.tag = "div"


def _weigh(page: Element) -> dict[Element, int]:
    """How many characters of each element trafilatura takes for main text."""
    pieces, whole = _main_text(page)
    weights: dict[Element, int] = {}
    for element in reversed(list(page.iter("*"))):
        texts = [_squeeze(text) for text in (element.text, *(child.tail for child in element))]
        own = sum(len(text) for text in texts if text in pieces or (len(text) >= _LONG_ENOUGH and text in whole))
        weights[element] = own + sum(weights.get(child, 0) for child in element)
    return weights


def _main_text(page: Element) -> tuple[set[str], str]:
    """What trafilatura takes for main text, without white space: its pieces, and all of it."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document, use_config

    # Short pages are first read as carefully as long ones: by default they are dumped, menus and all.
    careful = use_config()
    careful.set("DEFAULT", "MIN_EXTRACTED_SIZE", "0")
    for config in (careful, use_config()):
        document = bare_extraction(deepcopy(page), include_comments=False, include_formatting=True, config=config)
        texts = [_squeeze(text) for text in document.body.itertext()] if isinstance(document, Document) else []
        if any(texts):
            return set(texts) - {""}, "".join(texts)
    return set(), ""


def _squeeze(text: str | None) -> str:
    return "".join((text or "").split())


def _boilerplate(element: Element, weights: dict[Element, int], main: Element, inside: bool) -> Iterator[Element]:
    """The parts to drop: without main text, and outside of the main element or, inside of it, looking like parts of the site."""
    for child in element:
        if child.tag not in BLOCKS:
            continue
        within = inside or child is main
        asks = _asks_for_consent(child) and 2 * weights[child] < weights[main]
        if asks or (not weights[child] and (not within or _is_site_part(child))):
            yield child
        elif child.tag in _CONTAINERS:
            yield from _boilerplate(child, weights, main, within)


def _names(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _asks_for_consent(element: Element) -> bool:
    return element.tag != "body" and bool(_CONSENT.search(_names(element)))


def _is_site_part(element: Element) -> bool:
    if _NOTE_ROLES.search(roles(element)):
        return False
    if element.tag in _SITE_TAGS or _SITE_ROLES.search(roles(element)) or _SITE_PARTS.search(_names(element)):
        return True
    linked = sum(len(_squeeze("".join(link.itertext()))) for link in element.iter("a"))
    return element.tag != "table" and linked > _LINKED * len(_squeeze("".join(element.itertext())))


# --- the facts ---


def _facts(page: Element, main: Element) -> dict[str, str]:
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
    found = next((match for match in map(_DATE.match, stated) if match), None)
    return "-".join(part for part in found.groups() if part) if found else ""


def _meta(page: Element, name: str) -> list[str]:
    contents = [
        each.get("content") or ""
        for each in page.iter("meta")
        if name in ((each.get(key) or "").lower() for key in ("name", "property", "itemprop"))
    ]
    return [" ".join(content.split()) for content in contents if content.strip()]


def _first(page: Element, *names: str) -> str:
    return next((content for name in names for content in _meta(page, name)), "")
