"""Running heads, running feet, page numbers and stamps in the margin: what is printed on the pages but is no part of the work.

One page cannot tell a running head from a heading, so a line is taken only when the pages around it agree: the same words at
the same height, or a number that counts with the pages. Pages that are copies of one another agree on everything, so they
count as one; and what would take all words of a page is taken only where pages with more words know it as a running head.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from askjapan.documents.readers.pdf.letters.lines import Line
from askjapan.readings import Segment

EDGE_LINES = 3  # a running head or foot has no more lines than that
SAME_HEIGHT = 4.0  # points
NEAR = 10  # pages from one appearance to the next: chapters change their heads
ENOUGH = 3  # pages that must agree; a shorter document must agree on all its pages

STAMP = -1  # the depth of a line outside of the text block

ROMAN = "m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
KANJI = "[〇一二三四五六七八九十百]{1,6}"
PURE_NUMBER = re.compile(
    rf"\A[\W_]*+(?:(?:page|p\.|seite)\s*+)?(?P<number>\d{{1,5}}|{ROMAN}|{KANJI})(?:\s*+(?:/|of|von)\s*+\d{{1,5}})?"
    r"(?:\s*+(?:ページ|頁))?[\W_]*+",
    re.IGNORECASE,
)
NUMBER_WITHIN = re.compile(r"^(\d{1,5})(?=[\s|])|(?<=[\s|])(\d{1,5})$|\bpage\s+(\d{1,5})\b", re.IGNORECASE)
ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
KANJI_DIGITS = "〇一二三四五六七八九"
KANJI_TENS = {"十": 10, "百": 100}

T = TypeVar("T")
Side = Literal["head", "foot", "margin"]


@dataclass(frozen=True, slots=True)
class Edge:
    """A line at the edge of a page: `depth` counts from the edge, `start` and `end` are characters of the page's text."""

    side: Side
    depth: int
    start: int
    end: int
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A number on an edge line: as printed, its value, whether it is roman or Japanese, and whether the line has nothing else."""

    edge: Edge
    label: str
    value: int
    roman: bool
    pure: bool


def edges_of(text: str, lines: Iterable[Line]) -> list[Edge]:
    """The outermost lines of one page and those in its margins."""

    def edge(side: Side, depth: int, line: Line) -> Edge:
        return Edge(side, depth, line.start, line.end, line.y, text[line.start : line.end])

    listed = list(lines)
    upright = sorted((line for line in listed if line.upright), key=lambda line: -line.y)
    return [
        *(edge("head", depth, line) for depth, line in enumerate(upright[:EDGE_LINES])),
        *(edge("foot", depth, line) for depth, line in enumerate(reversed(upright[-EDGE_LINES:]))),
        *(edge("margin", STAMP if line.margin else 0, line) for line in listed if not line.upright),
    ]


def find_furniture(
    pages: Sequence[Sequence[Edge]], labels: Sequence[str | None], texts: Sequence[str], pictures: Collection[int] = ()
) -> tuple[list[list[Segment]], list[str | None]]:
    """The furniture of each page, and each page's label.

    Args:
        pages: the edge lines of each page, from `edges_of`.
        labels: the label that the file itself gives each page, or None.
        texts: the text of each page, which the edges count in.
        pictures: the pages, by index, that are mostly a picture: what is printed beside a scan may all be furniture.

    Returns:
        The segments of each page's text in its order, and the labels: the file's own, else the number printed on the page where
        at least `ENOUGH` pages count on (all pages of a shorter document), else None.
    """
    repeated = repeated_edges(pages, copies(texts))
    counted = counted_edges(pages)
    furniture, printed, bare = [], [], []
    for index, (edges, label) in enumerate(zip(pages, labels, strict=True)):
        taken = repeated[index] | {one.edge for one in counted[index]}
        taken |= {edge for edge in edges if edge.depth == STAMP or (label and is_label(edge, label))}
        furniture.append(segments(edges, taken))
        printed.append(label or next((one.label for one in counted[index]), None))
        if index not in pictures and not has_words(without(texts[index], furniture[-1])):
            bare.append((index, taken))
    alone = {index for index, _ in bare}
    known = {words for index, edges in enumerate(repeated) if index not in alone for words in map(words_of, edges)}
    for index, taken in bare:
        furniture[index] = segments(pages[index], {edge for edge in taken if words_of(edge) in known or not words_of(edge)[1]})
    return furniture, printed


def segments(edges: Sequence[Edge], taken: set[Edge]) -> list[Segment]:
    """The taken lines that reach the edge of the page without another line outside of them."""
    kept: set[Segment] = set()
    for side in ("head", "foot"):
        for edge in sorted((edge for edge in edges if edge.side == side), key=lambda edge: edge.depth):
            if edge not in taken:
                break
            kept.add((edge.start, edge.end))
    kept |= {(edge.start, edge.end) for edge in taken if edge.side == "margin"}
    return sorted(kept)


def words_of(edge: Edge) -> tuple[Side, str]:
    """The side of an edge line and its words with the numbers left out."""
    return edge.side, signature(edge.text)


def without(text: str, cut: Sequence[Segment]) -> str:
    """The text with the segments blanked, so that offsets stay."""
    rest = list(text)
    for start, end in cut:
        rest[start:end] = " " * (end - start)
    return "".join(rest)


def has_words(text: str) -> bool:
    """Whether a text holds a letter or digit."""
    return any(character.isalnum() for character in text)


def copies(texts: Sequence[str]) -> list[int]:
    """Index of the first page that each page repeats (the same lines, without edges and numbers), else its own."""
    firsts: dict[tuple[str, ...], int] = {}
    originals = []
    for index, text in enumerate(texts):
        lines = tuple(filter(None, map(signature, text.split("\n"))))
        inner = lines[EDGE_LINES:-EDGE_LINES]
        originals.append(firsts.setdefault(inner or ("", *lines), index))
    return originals


def repeated_edges(pages: Sequence[Sequence[Edge]], first: Sequence[int]) -> list[set[Edge]]:
    """The edge lines whose words, numbers aside, return at the same height on pages nearby that are no copies (`first`)."""
    places: dict[tuple[Side, str], dict[int, list[Edge]]] = defaultdict(lambda: defaultdict(list))
    for index, edges in enumerate(pages):
        for edge in edges:
            if (words := words_of(edge))[1]:
                places[words][index].append(edge)
    repeated: list[set[Edge]] = [set() for _ in pages]
    for by_page in places.values():
        heights = [(index, sorted(edge.y for edge in edges)) for index, edges in by_page.items()]
        for index, edges in by_page.items():
            around = nearby(heights, index)
            for edge in edges:
                same = {other for other, ys in around if stands_at(ys, edge.y)}
                if agree(index, one_a_copy(index, same, first), len(pages)):
                    repeated[index].add(edge)
    return repeated


def stands_at(heights: Sequence[float], y: float) -> bool:
    """Whether one of some heights, in ascending order, is about that of a line."""
    at = bisect_left(heights, -SAME_HEIGHT, key=lambda height: height - y)
    return at < len(heights) and heights[at] - y <= SAME_HEIGHT


def one_a_copy(index: int, others: set[int], first: Sequence[int]) -> set[int]:
    """The pages with only one of those that repeat one another; of the copies of this page, this page."""
    chosen = {first[other]: other for other in sorted(others, reverse=True)}
    chosen[first[index]] = index
    return set(chosen.values())


def nearby(members: Sequence[tuple[int, T]], index: int) -> Sequence[tuple[int, T]]:
    """The members, in the order of their pages, that can decide about this page; a book may have thousands."""
    reach = ENOUGH * NEAR
    first = bisect_left(members, index - reach, key=lambda member: member[0])
    return members[first : bisect_right(members, index + reach, key=lambda member: member[0])]


def signature(text: str) -> str:
    """The line without what changes from page to page; empty for a line without words."""
    # Sorted, because a number may be drawn before the words or after them, left or right of them.
    words = " ".join(sorted(re.sub(r"\d+", "#", text.casefold()).split()))
    return words if re.search(r"[^\W\d_]", words) and not PURE_NUMBER.fullmatch(text) else ""


def agree(index: int, others: set[int], pages: int) -> bool:
    """Whether enough pages around this one, itself among them, show the same."""
    if pages < ENOUGH:
        return pages > 1 and len(others) == pages
    earliest = latest = index
    ordered = sorted(others)
    for other in reversed([other for other in ordered if other < index]):
        earliest = other if earliest - other <= NEAR else earliest
    for other in [other for other in ordered if other > index]:
        latest = other if other - latest <= NEAR else latest
    return sum(earliest <= other <= latest for other in ordered) >= ENOUGH


def counted_edges(pages: Sequence[Sequence[Edge]]) -> list[list[Printed]]:
    """The numbers on the pages' edges that count with the pages; those that stand alone first.

    A number beside words must also keep its height: chapters and years stand at the edge of a page as well.
    """
    numbers = [[one for edge in edges if (one := printed_number(edge)) is not None] for edges in pages]
    counts: dict[tuple[bool, int], list[tuple[int, float]]] = defaultdict(list)
    for index, printed in enumerate(numbers):
        for one in printed:
            counts[one.roman, one.value - index].append((index, one.edge.y))
    kept = []
    for index, printed in enumerate(numbers):
        counting = []
        for one in printed:
            places = nearby(counts[one.roman, one.value - index], index)
            if agree(index, {at for at, y in places if one.pure or abs(y - one.edge.y) <= SAME_HEIGHT}, len(pages)):
                counting.append(one)
        kept.append(sorted(counting, key=lambda one: (not one.pure, one.edge.depth)))
    return kept


def printed_number(edge: Edge) -> Printed | None:
    """The number that an edge line bears; None in a margin, or where it bears none."""
    if edge.side == "margin":
        return None
    text = edge.text.strip()
    if match := PURE_NUMBER.fullmatch(text):
        label = match["number"]
        return Printed(edge, label, value_of(label), not label.isdecimal(), True) if label else None
    if match := NUMBER_WITHIN.search(text):
        label = next(group for group in match.groups() if group)
        return Printed(edge, label, int(label), False, False)
    return None


def is_label(edge: Edge, label: str) -> bool:
    """Whether an edge line is nothing but a page's label."""
    match = PURE_NUMBER.fullmatch(edge.text.strip())
    return edge.text.strip() == label or bool(match and match["number"] == label)


def value_of(label: str) -> int:
    """The value of a number in arabic, roman or Japanese numerals (二十三, or 二三 by place)."""
    if label.isdecimal():
        return int(label)
    if label[0] in KANJI_DIGITS or label[0] in KANJI_TENS:
        return kanji_value(label)
    digits = [ROMAN_VALUES[letter] for letter in label.lower()]
    return sum(-one if one < after else one for one, after in zip(digits, [*digits[1:], 0], strict=True))


def kanji_value(label: str) -> int:
    """The value of a number in kanji, with 十 and 百 or by place."""
    value = pending = 0
    for numeral in label:
        if numeral in KANJI_TENS:
            value, pending = value + (pending or 1) * KANJI_TENS[numeral], 0
        else:
            pending = 10 * pending + KANJI_DIGITS.index(numeral)
    return value + pending
