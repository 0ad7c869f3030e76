"""HTML, XHTML and XML → lxml trees. lxml is imported here only; nothing is fetched and no entity is expanded."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any, TypeAlias

from lxml import etree
from lxml import html as lxml_html

from askjapan.errors import DamagedFile

Element: TypeAlias = Any  # lxml has no types of its own
BrokenMarkup: type[Exception] = etree.LxmlError  # what libraries on top of lxml let through

DEEPEST = 150
DEEPEST_WITH_DECORATION = 1000
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_LOOKS_LIKE_XML = re.compile(r"^\s*<\?xml\s|^(?>[^>]*?<!DOCTYPE)[^>]*XHTML|<html[^<>]*xmlns=", re.IGNORECASE)
_NAMED_CHARACTER = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]*;")
_DECLARED = re.compile(
    rb"""<\?xml[^<>]*\sencoding\s*=\s*["']([\w.:-]+)|<meta[^<>]*\scharset\s*=\s*["']?\s*([\w.:-]+)"""
    rb"""|<meta[^<>]*content\s*=\s*["'][^"'<>]*charset=([\w.:-]+)""",
    re.IGNORECASE,
)
# What XML cannot hold, and lxml therefore not either; files from scanners have it in their text.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_EPUB_NAMESPACE = "http://www.idpf.org/2007/ops"
# They carry nothing that is read, and old pages nest them by the hundred.
_DECORATION = ("font", "b", "i", "u", "em", "strong", "big", "tt", "nobr", "center")


def declared_encoding(data: bytes) -> str:
    """The encoding that a page names in its XML declaration or in a `<meta>`, or ""."""
    match = _DECLARED.search(data[:4096])
    return next(group for group in match.groups() if group).decode("ascii") if match else ""


def parse_page(path: Path, text: str) -> tuple[Element, bool]:
    """The tree of an HTML or XHTML page with plain names (`epub-type` for EPUB's attribute), and whether it was well-formed.

    The tree is None if the page holds nothing. HTML counts as well-formed, XHTML that is not is read as browsers read HTML.

    Raises:
        DamagedFile: elements are nested more than 150 deep, or more than 1,000 deep with those that only set the type (`<b>`).
    """
    well_formed = True
    text = _CONTROL.sub("", text.replace("\f", " "))
    if _LOOKS_LIKE_XML.search(text[:2048]):
        root = parse_xml(text)
        well_formed = root is not None
        if root is not None:
            _give_plain_names(root)
            text = etree.tostring(root, method="html", encoding="unicode")
    # Without huge_tree the parser drops, in silence, all that is nested more than 256 deep.
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        page = lxml_html.document_fromstring(_XML_DECLARATION.sub("", text).encode(), parser=parser)
    except etree.ParserError:
        return None, well_formed
    too_deep = _depth(page) > DEEPEST_WITH_DECORATION
    styled = next(page.iter("style"), None) is not None
    for element in page.iter(*_DECORATION):
        # What a style may hide must keep its attributes.
        if element.get("style") or "hidden" in element.attrib or (styled and (element.get("class") or element.get("id"))):
            element.tag = "span"
    if not too_deep and next(page.iter(*_DECORATION), None) is not None:
        etree.strip_tags(page, *_DECORATION)
        # The texts around a stripped tag stay apart in the tree, and each look at such a row of texts takes the square of their number.
        page = lxml_html.document_fromstring(etree.tostring(page, method="html", encoding="unicode").encode(), parser=parser)
    if too_deep or _depth(page) > DEEPEST:
        raise DamagedFile(f"{path.name} cannot be read: its elements are nested more than {DEEPEST} deep.")
    return page, well_formed


def parse_xml(text: str) -> Element:
    """The root of an XML document, or None if it is not well-formed; HTML's named characters (`&nbsp;`) are understood."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    text = _NAMED_CHARACTER.sub(lambda match: unescape(match.group()), _XML_DECLARATION.sub("", text))
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return None


def _give_plain_names(root: Element) -> None:
    for element in root.iter("*"):
        element.tag = etree.QName(element).localname.lower()
        for name in [name for name in element.attrib if name.startswith("{")]:
            qualified = etree.QName(name)
            prefix = "epub-" if qualified.namespace == _EPUB_NAMESPACE else ""
            element.set(prefix + qualified.localname, element.attrib.pop(name))
    etree.cleanup_namespaces(root)


def _depth(root: Element) -> int:
    deepest, level = 0, [root]
    while level:
        deepest += 1
        level = [child for element in level for child in element]
    return deepest
