"""Aligns a quotation with a whole text word by word: finds the closest stretch and lists the words that differ.

Pairs of neighbouring words say where to look; there, difflib aligns words and signs. A word is compared as it stands, up to hyphens.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from askjapan.findings import Difference
from askjapan.language.quotation import normalise
from askjapan.language.written_forms import LINE_END, searchable
from askjapan.readings import Segment

GAP = "\0"
"""Placeholder among a quotation's words where the draft marks an omission or an insertion."""
_SINGLE = r"\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # letters that are a word each here
_TOKEN = re.compile(rf"\0|\d+(?:[.,]\d+)+|[{_SINGLE}]|[^\W{_SINGLE}]+(?:[{LINE_END}'’‐-][^\W{_SINGLE}]+)*|[^\w\s]")
_JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff]")
_FREQUENT = 400  # places of a pair of words; one that stands more often says nothing of where to look
_BUCKET = 8
_TRIED = 4
_ROOM = 8  # words more than the quotation has, on each side
_LOOSE = 2  # words at an edge that stand apart from the rest by chance
_FAR = 5


@dataclass(frozen=True, slots=True)
class Word:
    """A word or sign: `key` is compared, `shown` is printed, and `start` and `end` are its place in the text."""

    key: str
    shown: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.key[:1].isalnum()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in reading order, and where each pair of neighbours stands."""

    words: Sequence[Word]
    pairs: dict[tuple[str, str], list[int]]

    @classmethod
    def of(cls, text: str, segments: Sequence[Segment]) -> Words:
        """The words of some stretches of a text."""
        words = [word for start, end in segments for word in words_of(text[start:end], start)]
        pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, (one, other) in enumerate(pairwise(words)):
            pairs[one.key.casefold(), other.key.casefold()].append(number)
        return cls(words, dict(pairs))


@dataclass(frozen=True, slots=True)
class Compared:
    """The stretch nearest to a quotation, how similar it is (0 to 1), and in what they differ."""

    start: int
    end: int
    similarity: float
    differences: tuple[Difference, ...]


def words_of(text: str, base: int = 0) -> list[Word]:
    """The words and signs of a text without its markup; places are counted from `base`."""
    plain = searchable(text, exact=True).plain
    words = []
    for match in _TOKEN.finditer(plain.text):
        start, end = plain.source(*match.span())
        key = GAP if match[0] == GAP else normalise(match[0].replace(LINE_END, "").replace("-", "").replace("‐", "")) or match[0]
        words.append(Word(key, match[0].replace(LINE_END, "-"), base + start, base + end))
    return words


def nearest(quoted: Sequence[Word], source: Words) -> Compared | None:
    """The stretch of a text most similar to a quotation; None where they share no pair of neighbouring words, frequent pairs aside."""
    places: Counter[int] = Counter()
    for number, (one, other) in enumerate(pairwise(quoted)):
        known = source.pairs.get((one.key.casefold(), other.key.casefold()), [])
        if len(known) <= _FREQUENT:
            # Two buckets, because a stretch may lie on the edge of one.
            places.update(bucket for place in known for bucket in {(place - number) // _BUCKET, (place - number) // _BUCKET + 1})
    compared = [_compared(quoted, source, bucket * _BUCKET) for bucket, _ in places.most_common(_TRIED)]
    return max(compared, key=lambda one: one.similarity, default=None)


def _compared(quoted: Sequence[Word], source: Words, place: int) -> Compared:
    left = max(0, place - _BUCKET - _ROOM)
    gaps = sum(word.key == GAP for word in quoted)
    window = source.words[left : place + 2 * len(quoted) + _ROOM + gaps * 200]
    matcher = SequenceMatcher(None, [word.key for word in quoted], [word.key for word in window], autojunk=False)
    blocks = [(block.a, block.b, block.size) for block in matcher.get_matching_blocks() if block.size]
    blocks = _without_strays(blocks)
    if not blocks:
        return Compared(0, 0, 0.0, ())
    counted = sum(word.key != GAP for word in quoted)
    matched = sum(size for _, _, size in blocks)
    first, last = blocks[0][1], blocks[-1][1] + blocks[-1][2]
    # What of the quotation stands before or behind the matching words has its counterpart there.
    first = max(0, first - blocks[0][0])
    last = min(len(window), last + len(quoted) - blocks[-1][0] - blocks[-1][2])
    differences = tuple(_differences(quoted, window, blocks, first, last))
    return Compared(window[first].start, window[last - 1].end, matched / max(1, counted), differences)


def _without_strays(blocks: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The matching blocks without few words at an edge that stand far from the rest in the text, but not in the quotation."""
    while len(blocks) > 1 and blocks[0][2] <= _LOOSE and _apart(blocks[0], blocks[1]) > _FAR:
        blocks = blocks[1:]
    while len(blocks) > 1 and blocks[-1][2] <= _LOOSE and _apart(blocks[-2], blocks[-1]) > _FAR:
        blocks = blocks[:-1]
    return blocks


def _apart(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    return (other[1] - one[1]) - (other[0] - one[0])


def _differences(
    quoted: Sequence[Word], window: Sequence[Word], blocks: Sequence[tuple[int, int, int]], first: int, last: int
) -> Iterator[Difference]:
    in_draft, in_source = 0, first
    for a, b, size in [*blocks, (len(quoted), last, 0)]:
        draft, source = quoted[in_draft:a], window[in_source:b]
        if any(word.key == GAP for word in draft):
            # Left out and said so; words beside the gap that differ are still told.
            kept = [word for word in draft if word.key != GAP]
            if kept:
                yield Difference(_text(kept), _text(source))
        elif draft or source:
            yield Difference(_text(draft), _text(source))
        in_draft, in_source = a + size, b + size


def _text(words: Sequence[Word]) -> str:
    """Words as they are read: as they follow each other in their text, else parted by spaces, but not in Japanese, nor before a sign."""
    whole = ""
    end = 0
    for word in words:
        glued = (
            not whole
            or word.start == end
            or (_JAPANESE.match(whole[-1]) and _JAPANESE.match(word.shown))
            or not (word.is_word or word.shown in "“‘(「『")
        )
        whole += word.shown if glued else f" {word.shown}"
        end = word.end
    return whole
