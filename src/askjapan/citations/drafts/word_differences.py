"""Aligns a quotation with a whole text word by word: finds the closest stretch and lists the words that differ.

Pairs of neighbouring words say where to look; there, difflib aligns words and signs. A word is compared as it stands, up to hyphens.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

from askjapan.findings import Difference
from askjapan.language.quotation import normalise
from askjapan.language.written_forms import LINE_END, plain, plain_with_places
from askjapan.readings import Segment

GAP = "\0"
"""Placeholder among a quotation's words where the draft marks an omission or an insertion."""
Pair = tuple[str, str]
"""Two neighbouring words, without regard to case."""
Block = tuple[int, int, int]
"""Words that match: their place in the quotation, that in the text, and their number."""
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
    """The words of some stretches of a text, in reading order.

    `keys` are those of `Word`, `vocabulary` the different ones. `bounds` has the number of words before each of the `segments`, and
    behind the last one.
    """

    text: str
    segments: Sequence[Segment]
    keys: Sequence[str]
    vocabulary: frozenset[str]
    bounds: Sequence[int]

    @classmethod
    def of(cls, text: str, segments: Sequence[Segment]) -> Words:
        """The words of some stretches of a text."""
        known: dict[str, str] = {}
        keys: list[str] = []
        counts = [0]
        for start, end in segments:
            tokens = _TOKEN.findall(plain(text[start:end]))
            known.update((one, _key(one)) for one in tokens if one not in known)
            keys += map(known.__getitem__, tokens)
            counts.append(len(tokens))
        return cls(text, segments, keys, frozenset(known.values()), list(accumulate(counts)))

    def places(self, pairs: Collection[Pair]) -> Mapping[Pair, Sequence[int]]:
        """The places of some pairs of neighbouring words; none for a pair that stands nowhere."""
        folded = {key: key.casefold() for key in self.vocabulary}
        neighbours = pairwise(map(folded.__getitem__, self.keys))
        places: dict[Pair, list[int]] = defaultdict(list)
        for number, pair in [(number, pair) for number, pair in enumerate(neighbours) if pair in pairs]:
            places[pair].append(number)
        return places

    def between(self, first: int, last: int) -> list[Word]:
        """The words from the one with a number up to another one."""
        words: list[Word] = []
        number = bisect_right(self.bounds, first) - 1
        before = self.bounds[number]
        while self.bounds[number] < last:
            start, end = self.segments[number]
            words += words_of(self.text[start:end], start)
            number += 1
        return words[first - before : last - before]


@dataclass(frozen=True, slots=True)
class Sought:
    """The words of a quotation, as they are looked for; `counts` are those of its keys."""

    words: Sequence[Word]
    pairs: Sequence[Pair]
    counts: Mapping[str, int]

    @classmethod
    def of(cls, words: Sequence[Word]) -> Sought:
        folded = [word.key.casefold() for word in words]
        return cls(words, list(pairwise(folded)), Counter(word.key for word in words))

    @property
    def gaps(self) -> int:
        """The number of omissions and insertions that the draft marks."""
        return self.counts.get(GAP, 0)


@dataclass(frozen=True, slots=True)
class Compared:
    """The stretch nearest to a quotation, how similar it is (0 to 1), and in what they differ."""

    start: int
    end: int
    similarity: float
    differences: tuple[Difference, ...]


def words_of(text: str, base: int = 0) -> list[Word]:
    """The words and signs of a text without its markup; places are counted from `base`."""
    traced = plain_with_places(text)
    words = []
    for match in _TOKEN.finditer(traced.text):
        start, end = traced.source(*match.span())
        words.append(Word(_key(match[0]), match[0].replace(LINE_END, "-"), base + start, base + end))
    return words


def _key(token: str) -> str:
    if token == GAP or (token.isascii() and token.isalnum()):
        return token
    return normalise(token.replace(LINE_END, "").replace("-", "").replace("‐", "")) or token


def nearest(
    sought: Sought, source: Words, places: Mapping[Pair, Sequence[int]], least: float, beyond: float = 0.0
) -> Compared | None:
    """The stretch of a text most similar to a quotation.

    Args:
        sought: the quotation.
        source: the text.
        places: of the quotation's pairs of words in it.
        least: the lowest similarity that counts.
        beyond: the similarity that has to be exceeded.

    Returns:
        None where no stretch is so similar, or they share no pair of neighbouring words, frequent pairs aside.
    """
    counted = max(1, len(sought.words) - sought.gaps)
    if not _is_nearer(sum(count for key, count in sought.counts.items() if key in source.vocabulary) / counted, least, beyond):
        return None
    buckets: Counter[int] = Counter()
    for number, pair in enumerate(sought.pairs):
        known = places.get(pair, ())
        if len(known) <= _FREQUENT:
            # Two buckets, because a stretch may lie on the edge of one.
            buckets.update(bucket for place in known for bucket in {(place - number) // _BUCKET, (place - number) // _BUCKET + 1})
    quoted = [word.key for word in sought.words]
    best: tuple[int, int, list[Block]] | None = None
    for bucket, _ in buckets.most_common(_TRIED):
        place = bucket * _BUCKET
        left = max(0, place - _BUCKET - _ROOM)
        right = min(len(source.keys), place + 2 * len(quoted) + _ROOM + sought.gaps * 200)
        window = source.keys[left:right]
        # An alignment takes quadratic time, and at most the words that both have can match.
        if not _is_nearer(_shared(sought.counts, window) / counted, least, beyond):
            continue
        blocks = _blocks(quoted, window)
        similarity = sum(size for _, _, size in blocks) / counted
        if _is_nearer(similarity, least, beyond):
            best, beyond = (left, right, blocks), similarity
    return None if best is None else _compared(sought.words, source.between(*best[:2]), best[2], beyond)


def _is_nearer(similarity: float, least: float, beyond: float) -> bool:
    return similarity >= least and similarity > beyond


def _shared(counts: Mapping[str, int], window: Sequence[str]) -> int:
    there = Counter(window)
    return sum(min(count, there[key]) for key, count in counts.items())


def _blocks(quoted: Sequence[str], window: Sequence[str]) -> list[Block]:
    matcher = SequenceMatcher(None, quoted, window, autojunk=False)
    return _without_strays([(block.a, block.b, block.size) for block in matcher.get_matching_blocks() if block.size])


def _compared(quoted: Sequence[Word], window: Sequence[Word], blocks: Sequence[Block], similarity: float) -> Compared:
    first, last = blocks[0][1], blocks[-1][1] + blocks[-1][2]
    # What of the quotation stands before or behind the matching words has its counterpart there.
    first = max(0, first - blocks[0][0])
    last = min(len(window), last + len(quoted) - blocks[-1][0] - blocks[-1][2])
    differences = tuple(_differences(quoted, window, blocks, first, last))
    return Compared(window[first].start, window[last - 1].end, similarity, differences)


def _without_strays(blocks: list[Block]) -> list[Block]:
    """The matching blocks without few words at an edge that stand far from the rest in the text, but not in the quotation."""
    while len(blocks) > 1 and blocks[0][2] <= _LOOSE and _apart(blocks[0], blocks[1]) > _FAR:
        blocks = blocks[1:]
    while len(blocks) > 1 and blocks[-1][2] <= _LOOSE and _apart(blocks[-2], blocks[-1]) > _FAR:
        blocks = blocks[:-1]
    return blocks


def _apart(one: Block, other: Block) -> int:
    return (other[1] - one[1]) - (other[0] - one[0])


def _differences(
    quoted: Sequence[Word], window: Sequence[Word], blocks: Sequence[Block], first: int, last: int
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
