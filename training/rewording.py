"""Questions in other words: a synonym keeps what is asked, a sister term (another kind of the same thing) changes it.

After the most frequent senses of WordNet.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from training.sources import Span

FOLDER = Path("/usr/share/wordnet")
"""Where Debian's package wordnet-base puts WordNet 3."""
_WORD = re.compile(r"(?<![\w'’-])[a-z]{4,}(?![\w'’-])")
_KINDS = {"n": "NOUN", "v": "VERB", "a": "ADJ", "s": "ADJ"}
_LEFT_ALONE = frozenset(
    [
        "what",
        "which",
        "when",
        "where",
        "whom",
        "whose",
        "were",
        "have",
        "does",
        "many",
        "much",
        "long",
        "most",
        "more",
        "some",
        "than",
        "then",
        "that",
        "this",
        "with",
        "from",
        "into",
        "about",
        "after",
        "before",
        "over",
        "under",
        "name",
        "called",
        "kind",
        "type",
        "part",
        "time",
        "year",
        "years",
        "people",
        "person",
        "thing",
        "things",
        "place",
        "word",
        "being",
        "been",
        "made",
        "make",
        "take",
        "give",
        "used",
        "cause",
        "caused",
    ]
)
SURE = 0.6
"""A word is exchanged only where one sense holds so much of its uses."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A question after one exchange, and where the new word stands in it."""

    question: str
    place: Span


@dataclass(frozen=True, slots=True)
class _Sense:
    words: tuple[str, ...]
    above: tuple[str, ...]
    below: tuple[str, ...]


class Rewording:
    """Raises FileNotFoundError, when WordNet is not installed."""

    def __init__(self, draw: random.Random, folder: Path = FOLDER) -> None:
        self._draw = draw
        self._senses: dict[str, _Sense] = {}
        self._first: dict[tuple[str, str], str] = {}
        for kind, name in (("n", "noun"), ("v", "verb"), ("a", "adj")):
            self._read_senses(folder / f"data.{name}", kind)
            for line in _rows(folder / f"index.{name}"):
                parts = line.split()
                self._first[parts[0], kind] = kind + parts[-int(parts[2])]
        self._uses: dict[tuple[str, str], list[int]] = defaultdict(list)
        for line in (folder / "cntlist.rev").read_text(encoding="utf-8").splitlines():
            key, number, count = line.split()
            word, rest = key.split("%")
            kind = {"1": "n", "2": "v", "3": "a", "5": "a"}.get(rest[0])
            if kind:
                uses = self._uses[word, kind]
                uses.append(int(count)) if number != "1" else uses.insert(0, int(count))

    def _read_senses(self, path: Path, kind: str) -> None:
        for line in _rows(path):
            parts = line.split(" | ")[0].split()
            count = int(parts[3], 16)
            words = tuple(parts[4 + 2 * n].split("(")[0] for n in range(count))
            pointers = parts[5 + 2 * count :]
            above = tuple(kind + pointers[n + 1] for n in range(0, len(pointers) - 3, 4) if pointers[n] == "@")
            below = tuple(kind + pointers[n + 1] for n in range(0, len(pointers) - 3, 4) if pointers[n] == "~")
            self._senses[kind + parts[0]] = _Sense(words, above, below)

    def synonym(self, question: str) -> Changed | None:
        """One word exchanged for a synonym; None where no word is sure enough."""
        return self._exchanged(
            question, lambda sense, kind: [word for word in sense.words if self._is_common(word, kind)], avoid=""
        )

    def sister(self, question: str, passage: str) -> Changed | None:
        """One noun that the passage has exchanged for a sister term that it does not have; None where there is none."""
        folded = passage.lower()

        def sisters(sense: _Sense, kind: str) -> list[str]:
            if kind != "n":
                return []
            words = {
                word
                for above in sense.above
                for below in self._senses[above].below
                for word in self._senses[below].words
                if self._is_common(word, "n")
            }
            return [word for word in words - set(sense.words) if word[:5] not in folded]

        return self._exchanged(question, sisters, avoid=folded)

    def _is_common(self, word: str, kind: str) -> bool:
        return self._uses.get((word, kind), [0])[0] > 1

    def _exchanged(self, question: str, others_of: Callable[[_Sense, str], list[str]], avoid: str) -> Changed | None:
        import lemminflect

        matches = [match for match in _WORD.finditer(question) if match.group() not in _LEFT_ALONE]
        self._draw.shuffle(matches)
        for match in matches:
            word = match.group()
            if avoid and word[:5] not in avoid:
                continue
            sure = self._sure(word)
            if sure is None:
                continue
            lemma, kind = sure
            sense = self._senses[self._first[lemma, kind]]
            others = [
                other
                for other in others_of(sense, kind)
                if other.isalpha() and other.islower() and other != lemma and other != word
            ]
            if not others:
                continue
            other = self._draw.choice(sorted(others))
            forms = lemminflect.getAllInflections(lemma, _KINDS[kind])
            tag = next((tag for tag, shapes in forms.items() if word in shapes), None)
            shapes = lemminflect.getInflection(other, tag) if tag else ()
            if not shapes:
                continue
            text = question[: match.start()] + shapes[0] + question[match.end() :]
            return Changed(text, (match.start(), match.start() + len(shapes[0])))
        return None

    def _sure(self, word: str) -> tuple[str, str] | None:
        """The lemma and kind of a word, where its first sense holds most of its uses."""
        import lemminflect

        best: tuple[int, str, str] | None = None
        total = 0
        for kind in ("n", "v", "a"):
            lemmas = lemminflect.getLemma(word, _KINDS[kind])
            if not lemmas or (lemmas[0], kind) not in self._first:
                continue
            uses = self._uses.get((lemmas[0], kind), [1])
            total += sum(uses)
            if best is None or uses[0] > best[0]:
                best = (uses[0], lemmas[0], kind)
        return best[1:] if best and best[0] >= SURE * total else None


def _rows(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("  ")]
