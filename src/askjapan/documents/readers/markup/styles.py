"""Finds the elements that a page's style sheets do not display, make invisible or strike through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from askjapan.documents.readers.markup.trees import Element
from askjapan.language.words import count_words

_PROPERTIES = re.compile(r"(?:^|;)\s*(display|visibility|text-decoration(?:-line)?)\s*:\s*([^;!]*)", re.IGNORECASE)
_HIDES = re.compile(r"\b(?:none|hidden|collapse|line-through)\b", re.IGNORECASE)
_COMPOUND = re.compile(r"([A-Za-z][\w-]*|\*)?((?:[.#][A-Za-z_][\w-]*)*)")
_NAME = re.compile(r"[.#][\w-]+")
_ON_SCREEN = re.compile(r"@(?:media|layer|supports)\b\s*(?:only\s+)?(?:all|screen)?\s*", re.IGNORECASE)
_CLOSES = re.compile(r"(?<!\s)\s*+\}")
_ALWAYS_SHOWN = frozenset({"html", "head", "body", "main", "article"})
_MOST_PARTS = 4
_PARAGRAPHS = ("p", "li", "dd", "td", "blockquote", "div", "section")
_A_SENTENCE = 8


@dataclass(frozen=True, slots=True)
class _Rule:
    """A style rule; `parts` are (tag, classes, id) of its selector, the last for the element itself."""

    parts: tuple[tuple[str, frozenset[str], str], ...]
    values: tuple[tuple[str, bool], ...]
    rank: tuple[int, int, int, int]


def style_sheets(page: Element) -> list[str]:
    """The page's own style sheets; those for print only are left out."""
    return [sheet.text or "" for sheet in page.iter("style") if (sheet.get("media") or "all").lower() in ("all", "screen")]


def mark_hidden(page: Element, sheets: Iterable[str]) -> int:
    """Set `hidden` on the elements that the sheets hide or strike through; returns how many words of prose these hold.

    Selectors by tag, class and id are followed, also one within another, and the order in which rules overrule each other. Rules
    with conditions are not followed, nor is what hides a whole page until a script shows it.
    """
    # Of two rules that say the same of the same elements, the later counts.
    rules = {(rule.parts, rule.values): rule for number, sheet in enumerate(sheets) for rule in _rules(sheet, number)}
    by_key: dict[str, list[_Rule]] = {}
    for rule in rules.values():
        tag, classes, name = rule.parts[-1]
        by_key.setdefault(f"#{name}" if name else f".{min(classes)}" if classes else tag, []).append(rule)
    words = 0
    known: dict[tuple[Element, str, str, str], bool] = {}
    for element in page.iter("*") if by_key else ():
        if isinstance(element.tag, str) and element.tag not in _ALWAYS_SHOWN and _is_hidden(element, by_key, known):
            outermost = element.get("hidden") is None and not any(
                each.get("hidden") is not None for each in element.iterancestors()
            )
            words += prose_words(element) if outermost else 0
            element.set("hidden", "")
    return words


def prose_words(element: Element) -> int:
    """Number of words in sentences of an element, without those of links; two Japanese characters count as a word."""
    total = 0
    for block in element.iter(*_PARAGRAPHS):
        own = "".join([block.text or "", *(text for child in block for text in _flowing(child))])
        words = count_words(own)
        total += words if words >= _A_SENTENCE else 0
    return total


def _flowing(child: Element) -> Iterator[str]:
    """The text of an inline element in its paragraph, not that of a link, and the text after it."""
    if isinstance(child.tag, str) and child.tag not in ("a", "p", "ul", "ol", "table", *_PARAGRAPHS):
        yield child.text or ""
        for inner in child:
            yield from _flowing(inner)
    yield child.tail or ""


def _is_hidden(element: Element, by_key: dict[str, list[_Rule]], known: dict[tuple[Element, str, str, str], bool]) -> bool:
    """Whether the rules hide an element; `known` has the answer for those with the same parent, tag, classes and id."""
    names, own = element.get("class") or "", f"#{element.get('id')}"
    like = (element.getparent(), element.tag, names, own if own in by_key else "")
    if like not in known:
        keys = [element.tag, "*", own, *(f".{name}" for name in dict.fromkeys(names.split()))]
        matching = [rule for key in keys for rule in by_key.get(key, ()) if _matches(element, rule)]
        values = {name: hides for rule in sorted(matching, key=lambda rule: rule.rank) for name, hides in rule.values}
        known[like] = any(values.values())
    return known[like] and "display" not in (element.get("style") or "")


def _matches(element: Element, rule: _Rule) -> bool:
    if not _fits(element, rule.parts[-1]):
        return False
    above = element.iterancestors()
    return all(any(_fits(ancestor, part) for ancestor in above) for part in reversed(rule.parts[:-1]))


def _fits(element: Element, part: tuple[str, frozenset[str], str]) -> bool:
    tag, classes, name = part
    return (
        tag in ("*", "", element.tag)
        and (not name or element.get("id") == name)
        and (not classes or classes <= set((element.get("class") or "").split()))
    )


def _rules(sheet: str, number: int) -> Iterator[_Rule]:
    for order, (selectors, body) in enumerate(_blocks(_without_comments(sheet))):
        values = tuple(
            (name.lower().removesuffix("-line"), bool(_HIDES.search(value))) for name, value in _PROPERTIES.findall(body)
        )
        for selector in selectors.split(",") if values else ():
            parts = tuple(part for word in selector.split() if (part := _part(word)))
            if parts and len(parts) == len(selector.split()) <= _MOST_PARTS:
                weights = [(bool(name), len(classes), tag not in ("", "*")) for tag, classes, name in parts]
                ranks = [sum(int(weight[place]) for weight in weights) for place in range(3)]
                yield _Rule(parts, values, (ranks[0], ranks[1], ranks[2], number * 1_000_000 + order))


def _part(word: str) -> tuple[str, frozenset[str], str] | None:
    match = _COMPOUND.fullmatch(word)
    if match is None:
        return None
    names = _NAME.findall(match.group(2))
    classes = frozenset(name[1:] for name in names if name[0] == ".")
    return (match.group(1) or "").lower(), classes, next((name[1:] for name in names if name[0] == "#"), "")


def _without_comments(sheet: str) -> str:
    first, *others = sheet.split("/*")
    return first + "".join(other.partition("*/")[2] for other in others)


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """The (selectors, declarations) of plain rules, and of those that count for any screen."""
    place, opened = 0, 0
    while (brace := sheet.find("{", place)) >= 0:
        prelude = sheet[place:brace].rpartition(";")[2].rpartition("}")[2].strip()
        if prelude.startswith("@") and _ON_SCREEN.fullmatch(prelude) and opened == 0:
            opened, place = 1, brace + 1
            continue
        if prelude.startswith("@"):
            place = _end_of_block(sheet, brace)
            continue
        end = sheet.find("}", brace)
        end = len(sheet) if end < 0 else end
        yield prelude, sheet[brace + 1 : end]
        place = end + 1
        if opened and _CLOSES.match(sheet, place):
            opened = 0


def _end_of_block(sheet: str, brace: int) -> int:
    depth = 0
    for match in re.compile(r"[{}]").finditer(sheet, brace):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.end()
    return len(sheet)
