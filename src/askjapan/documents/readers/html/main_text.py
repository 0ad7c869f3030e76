"""Finds the main text of a page, and takes all other parts out of the tree.

trafilatura finds where the main text stands. The words are then taken from the page itself, because trafilatura's own output
leaves out pieces in the middle of it (`<time>` in a sentence, captions, sections by their ids), and no quotation may miss a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy

from askjapan.documents.readers.markup.markdown_text import BLOCKS, HEADINGS, is_layout, is_wordless
from askjapan.documents.readers.markup.page_notes import roles
from askjapan.documents.readers.markup.styles import prose_words
from askjapan.documents.readers.markup.trees import Element

_NAMES_OF_PARTS = (
    r"ads?|advert\w*|banner|breadcrumbs?|comments?|editsection|menu|nav|navbar|navigation|newsletter|pagination|popup|promo|related|"
    "share|sharing|sidebar|social|subscribe|toolbar|widget"
)
_SITE_PARTS = re.compile(rf"(?:^|[\s_-])(?:{_NAMES_OF_PARTS})(?:$|[\s_-])", re.IGNORECASE)
_WHOLE_NAMES = (
    r"ads?|advert\w*|banner|comments?(?:[_-]?(?:area|list|section|thread|wrapper))?|disqus\w*|editsection|"
    r"(?:main|site)?-?(?:menu|nav|navbar|navigation)|newsletter[\w-]*|pagination|popup|promo|"
    "related[_-]?(?:articles|posts|links|content)|(?:social[_-]?)?shar(?:e|ing)(?:[_-]?(?:bar|buttons?|links|this))?|sidebar|"
    "social(?:[_-]?(?:bar|links|icons))?|subscri(?:be|ption)(?:[_-]?(?:banner|bar|box|form|widget))?|toolbar|widget"
)
_SURELY_SITE_PARTS = re.compile(rf"(?:^|\s)(?:{_WHOLE_NAMES})(?:$|\s)", re.IGNORECASE)
_CONSENT = re.compile(r"cookie|consent|gdpr", re.IGNORECASE)
_SITE_TAGS = ("aside", "footer", "form", "menu")
_SITE_ROLES = re.compile(r"\b(?:banner|complementary|contentinfo|dialog|navigation|search|tablist)\b")
_NOTE_ROLES = re.compile(r"\b(?:doc-)?(?:footnotes?|endnotes?|rearnotes?)\b")
_CONTAINERS = frozenset({"article", "body", "center", "details", "div", "form", "header", "main", "section"})
_TABLE_PARTS = ("thead", "tbody", "tfoot", "tr", "td", "th", "caption")
_MOSTLY = 0.9
_HALF = 0.5
_LONG_ENOUGH = 20
_READS_LIKE_A_WORK = 20
_A_SENTENCE = 8
_A_REFERENCE = 8
_LONGEST_WEIGHED = 1_000_000
_MOST_WEIGHED = 20_000
_MOST_RESCUED = 2_000


def keep_main_text(page: Element) -> int:
    """Take all that is not main text out of the tree; returns how many words of prose were taken out.

    Inside the main element only what is plainly a part of the site is taken out; a section or a heading stays whatever its id. A page of
    more than a million characters, or 20,000 elements, is kept whole but for such parts.
    """
    _drop(element for element in page.iter("*") if element.tag not in ("html", "head", "body") and is_wordless(element))
    _unfold_layout(page)
    weights = _weigh(page)
    main = _main_element(page, weights)
    gone = list(_boilerplate(page, weights, main, inside=main is page))
    words = sum(prose_words(element) for element in gone if not _asks_for_consent(element))
    _drop(gone)
    return words


def _drop(elements: Iterable[Element]) -> None:
    for element in list(elements):
        element.drop_tree()


def _unfold_layout(page: Element) -> None:
    """Make plain containers of tables that only place things: trafilatura takes or leaves a table as a whole."""
    for table in [table for table in page.iter("table") if is_layout(table)]:
        own = [each for each in table.iter(*_TABLE_PARTS) if next(each.iterancestors("table"), None) is table]
        for element in [table, *own]:
            element.tag = "div"


def _weigh(page: Element) -> dict[Element, int]:
    """Number of characters of each element that trafilatura takes for main text; all of them on a page that is too long for it."""
    short = sum(len(text) for text in page.itertext()) <= _LONGEST_WEIGHED and sum(1 for _ in page.iter()) <= _MOST_WEIGHED
    pieces, shingles = _main_text(page) if short else (set(), set())
    weights: dict[Element, int] = {}
    for element in reversed(list(page.iter("*"))):
        texts = [_squeeze(text) for text in (element.text, *(child.tail for child in element))]
        own = sum(len(text) for text in texts if not short or text in pieces or _stands_in(text, shingles))
        weights[element] = own + sum(weights.get(child, 0) for child in element)
    return weights


def _stands_in(text: str, shingles: set[str]) -> bool:
    """Whether a longer text stands in another, by the pieces at its ends and in its middle."""
    middle = len(text) // 2
    ends = (text[:_LONG_ENOUGH], text[-_LONG_ENOUGH:], text[middle : middle + _LONG_ENOUGH])
    return len(text) >= _LONG_ENOUGH and all(end in shingles for end in ends if len(end) == _LONG_ENOUGH)


def _main_text(page: Element) -> tuple[set[str], set[str]]:
    """The main text by trafilatura, without white space: its pieces, and all stretches of twenty characters."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document, use_config

    # Short pages are first read as carefully as long ones: by default they are dumped, menus and all.
    careful = use_config()
    careful.set("DEFAULT", "MIN_EXTRACTED_SIZE", "0")
    # What it tries where it found little takes the square of the number of paragraphs.
    fast = sum(1 for _ in page.iter()) > _MOST_RESCUED
    for config in (careful, use_config()):
        document = bare_extraction(deepcopy(page), fast=fast, include_comments=False, include_formatting=True, config=config)
        texts = [_squeeze(text) for text in document.body.itertext()] if isinstance(document, Document) else []
        if any(texts):
            whole = "".join(texts)
            return set(texts) - {""}, {whole[place : place + _LONG_ENOUGH] for place in range(len(whole) - _LONG_ENOUGH + 1)}
    return set(), set()


def _squeeze(text: str | None) -> str:
    return "".join((text or "").split())


# --- the main element ---


def _main_element(page: Element, weights: dict[Element, int]) -> Element:
    """The element that the page itself calls its main one, or the smallest that holds nearly all of what was found."""
    named = [each for each in page.iter("main") or ()] or page.xpath(".//*[@role='main']") or _only_article(page)
    for each in named:
        if weights[each] >= _HALF * weights[page]:
            return each
    main = page
    while wider := [child for child in main if child.tag in _CONTAINERS and weights[child] >= _MOSTLY * weights[page] > 0]:
        if any(_reads_like_a_section(sibling) for sibling in main if sibling is not wider[0]):
            break
        main = wider[0]
    return main


def _only_article(page: Element) -> list[Element]:
    articles = list(page.iter("article"))
    return articles if len(articles) == 1 else []


def _reads_like_a_section(element: Element) -> bool:
    return (
        element.tag in _CONTAINERS and _holds_a_section(element) and not _is_site_part(element) and not _asks_for_consent(element)
    )


def _holds_a_section(element: Element, least: int = _READS_LIKE_A_WORK) -> bool:
    """Whether an element holds a heading and at least so many words of prose."""
    return next(element.iter(*HEADINGS), None) is not None and prose_words(element) >= least


# --- what is no part of it ---


def _boilerplate(element: Element, weights: dict[Element, int], main: Element, inside: bool) -> Iterator[Element]:
    """The parts to drop: without main text, and outside of the main element or, inside of it, looking like parts of the site."""
    for child in element:
        if child.tag not in BLOCKS:
            continue
        within = inside or child is main
        asks = _asks_for_consent(child) and 2 * weights[child] < weights[main]
        if asks or (child is not main and not weights[child] and (not within or _is_site_part(child))):
            yield child
        elif child.tag in _CONTAINERS:
            yield from _boilerplate(child, weights, main, within)


def _asks_for_consent(element: Element) -> bool:
    """Whether its class, or its id unless it is a section of a text, names a banner about cookies."""
    if element.tag in ("body", "p", *HEADINGS):
        return element.tag == "p" and bool(_CONSENT.search(element.get("class") or ""))
    named = _CONSENT.search(element.get("id") or "") is not None and not _is_titled_section(element)
    return named or bool(_CONSENT.search(element.get("class") or ""))


def _is_titled_section(element: Element) -> bool:
    """Whether an element is a section of a text, with a heading at its start and prose under it."""
    first = next((child for child in element if child.tag != "a"), None)
    titled = element.tag in ("section", "div") and first is not None and first.tag in HEADINGS
    return titled and prose_words(element) >= (_A_SENTENCE if element.tag == "section" else _READS_LIKE_A_WORK)


def _is_site_part(element: Element) -> bool:
    if element.tag in HEADINGS or _NOTE_ROLES.search(roles(element)):
        return False
    if element.tag in _SITE_TAGS or _SITE_ROLES.search(roles(element)) or _named_like_one(element):
        return True
    links = [len(_squeeze("".join(link.itertext()))) for link in element.iter("a")]
    words = sum(len("".join(link.itertext()).split()) for link in element.iter("a"))
    linked = sum(links) > _HALF * len(_squeeze("".join(element.itertext())))
    return element.tag != "table" and linked and words < _A_REFERENCE * len(links)


def _named_like_one(element: Element) -> bool:
    """Whether its class, or the id of a container without headings, names a part of the site; prose is not judged by half a name."""
    classes = element.get("class") or ""
    if _holds_a_section(element, _A_SENTENCE) or (element.tag not in _CONTAINERS and prose_words(element) >= _READS_LIKE_A_WORK):
        return bool(_SURELY_SITE_PARTS.search(classes))
    container = element.tag in (*_CONTAINERS, "ul", "ol") and next(element.iter(*HEADINGS), None) is None
    return bool(_SITE_PARTS.search(f"{classes} {element.get('id') or ''}" if container else classes))
