"""Computes the bullets and numbers of a Word document's lists, which the file does not write out."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, TypeAlias

Node: TypeAlias = Any  # an element of python-docx's tree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST = 9999
_BULLETS = ("bullet", "none")


def value(node: Node, path: str, default: str = "") -> str:
    """The `w:val` of the element at a path of WordprocessingML names ("pPr/numPr/numId"), or the default."""
    element = node.find("/".join(W + name for name in path.split("/"))) if node is not None else None
    return default if element is None else element.get(W + "val") or default


def whole(text: str, limit: int) -> int:
    """The number that a text holds, not over `limit`; 0 if it holds none."""
    return min(int(text), limit) if text.isdecimal() else 0


class Numbering:
    """The list markers of one document; ask for them in document order."""

    def __init__(self, definitions: Node | None) -> None:
        """`definitions` is the root of `word/numbering.xml`, or None if the document has none."""
        nodes = [] if definitions is None else list(definitions)
        self._abstract = {node.get(W + "abstractNumId"): node for node in nodes if node.tag == W + "abstractNum"}
        self._lists = {node.get(W + "numId"): node for node in nodes if node.tag == W + "num"}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)  # by definition and level
        self._met: set[tuple[str, int]] = set()

    def marker(self, list_id: str, level: int) -> str:
        """The marker of the next item of a list, indented by two spaces for each level above it: "- ", "  2. "."""
        number = self._lists.get(list_id)
        abstract = value(number, "abstractNumId")
        definition = self._level(number, self._abstract.get(abstract), level)
        if value(definition, "numFmt", "bullet") in _BULLETS:
            return "  " * level + "- "
        restart = self._restart(number, level) if (list_id, level) not in self._met else ""
        self._met.add((list_id, level))
        counts = self._counts[abstract]
        if restart or level not in counts:
            counts[level] = whole(restart or value(definition, "start", "1"), _MOST) - 1
        counts[level] += 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return "  " * level + f"{counts[level]}. "

    def _level(self, number: Node | None, abstract: Node | None, level: int) -> Node | None:
        overrides = [] if number is None else number.findall(f"{W}lvlOverride/{W}lvl")
        own = [] if abstract is None else abstract.findall(f"{W}lvl")
        return next((node for node in [*overrides, *own] if node.get(W + "ilvl") == str(level)), None)

    def _restart(self, number: Node | None, level: int) -> str:
        """The number that this list starts at anew, although an earlier list has the same definition, or ""."""
        overrides = [] if number is None else number.findall(f"{W}lvlOverride")
        return next((value(each, "startOverride") for each in overrides if each.get(W + "ilvl") == str(level)), "")
