"""Finds the links of a page that refer to notes, and the elements that hold these notes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from askjapan.documents.readers.markup.raised import note_labels
from askjapan.documents.readers.markup.trees import Element

_REFERENCE = re.compile(r"\b(?:doc-)?noteref\b")
_LABEL = re.compile(r"\A[\[(]?\s*+(\d{1,4}|[*†‡§])\s*+[\])]?\.?")
_HOLDS_A_NOTE = ("p", "li", "aside", "div", "dd")


@dataclass(frozen=True, slots=True)
class Notes:
    """Labels ("1", "*") by element: of the links that refer to a note, and of the blocks that hold one.

    `loose` are the labels of notes that no link leads to: their blocks begin with a raised number.
    """

    references: Mapping[Element, str] = field(default_factory=dict)
    bodies: Mapping[Element, str] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()


def roles(element: Element) -> str:
    """The element's ARIA role and EPUB types as one string, "" if it has none."""
    return " ".join(element.get(name) or "" for name in ("role", "epub-type", "epub:type")).strip()


def find_notes(pages: Mapping[str, Element]) -> Notes:
    """The notes of a work and the links to them.

    A reference is a link with a note's label that is marked as one or raised. It leads to a note if its target comes later, in
    the same page or another one: the links back from the notes look the same otherwise. A raised link whose target is not there
    is a reference all the same.

    Args:
        pages: the pages' trees by their paths, in reading order.
    """
    position = {element: number for number, element in enumerate(each for root in pages.values() for each in root.iter("*"))}
    targets = {(page, element.get("id") or element.get("name")): element for page, element in _anchors(pages)}
    references: dict[Element, str] = {}
    bodies: dict[Element, str] = {}
    for page, root in pages.items():
        for link in root.iter("a"):
            label = _reference(link)
            if not label:
                continue
            target = targets.get(_target(page, link.get("href") or ""))
            body = _body(target)
            if body is not None and position[body] > position[link]:
                references[link] = bodies[body] = label
            elif _REFERENCE.search(roles(link)) or (target is None and link.get("href")):
                references[link] = label
    return Notes(references, bodies, frozenset(label for root in pages.values() for label in _loose(root)))


def _loose(root: Element) -> Iterator[str]:
    """The labels of blocks that begin with a raised number and go on with words."""
    for block in root.iter(*_HOLDS_A_NOTE):
        first = block
        while len(first) and not (first.text or "").strip() and first.tag != "sup":
            first = first[0]
        if first.tag == "sup" and first is not block and not first.getparent().text and (first.tail or "").strip():
            yield from note_labels("".join(first.itertext()))


def _anchors(pages: Mapping[str, Element]) -> Iterator[tuple[str, Element]]:
    for page, root in pages.items():
        # Reversed, so that the first of two elements with one id is the one that counts.
        for element in reversed(root.xpath(".//*[@id or self::a[@name]]")):
            yield page, element


def _reference(link: Element) -> str:
    match = _LABEL.fullmatch("".join(link.itertext()).strip())
    raised = link.find(".//sup") is not None or next(link.iterancestors("sup"), None) is not None
    return match.group(1) if match and (raised or _REFERENCE.search(roles(link))) else ""


def _target(page: str, href: str) -> tuple[str, str]:
    file, _, fragment = unquote(href).partition("#")
    return (posixpath.normpath(posixpath.join(posixpath.dirname(page), file)) if file else page), fragment


def _body(target: Element | None) -> Element | None:
    if target is None or target.tag in _HOLDS_A_NOTE:
        return target
    return next(target.iterancestors(_HOLDS_A_NOTE), None)
