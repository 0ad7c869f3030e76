"""Corrects typing errors in a question: a word that the corpus lacks is replaced by the nearest one that it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from askjapan.index.encoders.encoder import Encoder
from askjapan.index.storage.store import Index
from askjapan.language.glossary import gloss
from askjapan.language.question_kinds import is_asking
from askjapan.language.terms import fold, terms

SHORTEST = 5
SHORTEST_KATAKANA = 4
LONG_WORD, LONG_NAME = 7, 9
"""Letters from which on a word, or one with a capital, may have two slips."""
SPECIAL_PIECES = 2
_WORD = re.compile(r"[^\W\d_]{3,}")
_KATAKANA = re.compile(r"[ァ-ヺー]{3,}")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")
_BEFORE = re.compile(r"^(?:anti|co|counter|down|fore|inter|mis|non|out|over|post|pre|re|sub|super|trans|un|under|up)(?=.{4})")
_BEHIND = re.compile(r"(?<=...)(?:ing|ed|e?s|est|ly|ness|less|able)$")


@dataclass(frozen=True)
class Spelling:
    """Words of one index, and the encoder, whose whole-word pieces count as correctly spelled."""

    index: Index
    encoder: Encoder

    def corrected(self, question: str) -> tuple[str, Mapping[str, str]]:
        """The corrected question, and the correction of each misspelt word; unchanged where there is none."""
        slips: dict[str, str] = {}
        for match in [*_WORD.finditer(question), *_KATAKANA.finditer(question)]:
            word = match.group()
            if word not in slips and self._is_unknown(word) and (meant := self._nearest(word)):
                slips[word] = meant
        for word, meant in slips.items():
            question = re.sub(
                rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])" if _LATIN.fullmatch(word) else re.escape(word), meant, question
            )
        return question, slips

    def _is_unknown(self, word: str) -> bool:
        """Whether a Latin word is in neither corpus nor encoder vocabulary, or a katakana word in neither corpus nor glossary.

        Short words, words in capitals and question words never count as unknown.
        """
        if _KATAKANA.fullmatch(word):
            return len(word) >= SHORTEST_KATAKANA and word not in self._katakana and gloss(word) is None
        if not _LATIN.fullmatch(word) or len(word) < SHORTEST or word.isupper() or is_asking(word):
            return False
        if any(self.index.lexical.document_frequency(term) for term in terms(word)):
            return False
        # A word that is a piece of its own is spelled rightly, whether the corpus has it or not; so is one made of such a word.
        return not any(self.encoder.count_pieces(form) <= SPECIAL_PIECES + 1 for form in _made_of(word.lower()))

    def _nearest(self, word: str) -> str:
        """The word of the corpus at the smallest edit distance, 1 or for long words 2; empty where there is none, or several are as near."""
        japanese = bool(_KATAKANA.fullmatch(word))
        folded = word if japanese else fold(word)
        # Names are nearer to one another than words are: Almeria is not America.
        limit = 1 if len(folded) < (LONG_NAME if word[0].isupper() else LONG_WORD) else 2
        by_distance: dict[int, list[str]] = {}
        for other in self._katakana if japanese else self._words:
            if abs(len(other) - len(folded)) <= limit and other[0] == folded[0] and _may_be_slip(folded, other):
                distance = distance_between(folded, other, limit)
                if distance <= limit:
                    by_distance.setdefault(distance, []).append(other)
        best = by_distance.get(1) or by_distance.get(2) or []
        if len(best) != 1:
            return ""
        return best[0] if japanese else self._written(best[0], word)

    def _written(self, corrected: str, word: str) -> str:
        shown = self._words[corrected]
        return shown if shown[0].isupper() or word[0].islower() else shown.capitalize()

    @cached_property
    def _words(self) -> dict[str, str]:
        """The corpus's words by their folded form, each in its most frequent spelling."""
        counts: dict[str, dict[str, int]] = {}
        for word in self._texts(_WORD):
            if len(word) >= SHORTEST - 1:
                written = counts.setdefault(fold(word), {})
                written[word] = written.get(word, 0) + 1
        return {folded: max(written, key=lambda form: written[form]) for folded, written in counts.items()}

    @cached_property
    def _katakana(self) -> dict[str, str]:
        return {word: word for word in self._texts(_KATAKANA)}

    def _texts(self, pattern: re.Pattern[str]) -> Iterable[str]:
        return (match.group() for passage in self.index.passages for match in pattern.finditer(passage.text))


def _made_of(word: str) -> list[str]:
    """A word, and what is left of it without a prefix, an ending or both: "outstaying" gives "staying", "outstay" and "stay"."""
    forms = [word, _BEFORE.sub("", word)]
    for form in forms[:]:
        if (stem := _BEHIND.sub("", form)) != form:
            forms += [stem, f"{stem}e", f"{stem}er"] + ([stem[:-1]] if stem[-1:] == stem[-2:-1] else [])
    return [form for form in forms if len(form) >= SHORTEST - 1]


def _may_be_slip(one: str, other: str) -> bool:
    """Whether neither word is the beginning of the other, as "Korea" is of "Korean"."""
    return not (one.startswith(other) or other.startswith(one))


def distance_between(one: str, other: str, limit: int) -> int:
    """The optimal string alignment distance of two words (letters inserted, deleted, replaced or swapped); above `limit` it is inexact."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, theirs in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != theirs))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == theirs:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > limit:
            return limit + 1
        before, last = last, line
    return last[-1]
