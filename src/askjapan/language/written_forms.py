"""Folds a text for searching and makes the pattern that finds a term in it, however it is written.

These differences do not count: case, width and diacritics (Chūō, Chuo), hyphens and the ends of lines (co-operation,
cooperation; sister-city, sister city), English plurals (city, cities), and in Japanese the terms of one group in
`data/variants_ja.tsv` (姉妹都市, 友好都市), the middle dot and the long vowel at a word's end (ソフト・パワー, ソフトパワー; センター, センタ).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from askjapan.language.quotation import LINE_MARK, NOTE_MARKER, TAG
from askjapan.language.terms import fold
from askjapan.language.traced import Traced
from askjapan.readings import Segment

LINE_END = "\ufdd0"
"""Stands for a hyphen at the end of a line, which may or may not belong to the word. A code point that no text may have."""
_LETTER = r"[^\W_\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_JAPANESE = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_KATAKANA = re.compile(r"[\u30a1-\u30fa]")
_WIDE = re.compile(_JAPANESE)
_INVISIBLE = re.compile(r"\u00ad[ \t]*(?:\r?\n[ \t]*)?|[*_`^\\\u200b-\u200f\u2060\ufeff]+")
_BROKEN = re.compile(r"(?<=\w)[-‐]\s*[\r\n\f]\s*(?=\w)")
_BROKEN_JAPANESE = re.compile(rf"(?<={_JAPANESE})[ \t]*[\r\n\f]\s*(?={_JAPANESE})")
_SPACE = re.compile(r"[\s|]+")
_ENTITY = re.compile("&(?:amp|nbsp);")
_PLAIN: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (NOTE_MARKER, ""),
    (TAG, ""),
    (_ENTITY, lambda match: "&" if match[0] == "&amp;" else " "),
    (LINE_MARK, ""),
    (_INVISIBLE, ""),
    (_BROKEN, LINE_END),
    (_BROKEN_JAPANESE, ""),
    (_SPACE, " "),
)
"""Changes, in order, that make a text plain: without markup and on one line."""
_MARKED = re.compile(r"\S[\u0300-\u036f\u3099\u309a\uff9e\uff9f]+")
_DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")
_WORD = re.compile(rf"(?:{_LETTER}|\*)+")
_UNCHANGED = frozenset(
    "news goods means arms customs series species headquarters premises does goes always besides perhaps sometimes".split()  # noqa: SIM905
)
"""Words in -s whose form without it is another word, or none."""
_NO_PLURAL = re.compile(r"(?:ss|us|is|ics)$")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_IN_WORD = re.compile(f"{_LETTER}|{LINE_END}")
_SHORTEST = 3
_HYPHENS = f"{LINE_END}-"
_GAP = rf"[ {_HYPHENS}]*"
_PARTS = re.compile(rf"(?:{_LETTER}|\*)+|(?:{_JAPANESE}|\*)+|.")
_STARS = re.compile(r"\*{2,}")
MOST_STARS = 3
_LONGEST_WORD = 40  # letters that a `*` stands for
_LONGEST_GAP = 12  # characters that a `*` in Japanese stands for


@dataclass(frozen=True, slots=True)
class Searchable:
    """A text folded for searching; `plain` is the text as it is shown, without markup and on one line.

    The places of `folded` are those in `plain`, and the places of `plain` those in the source.
    """

    plain: Traced
    folded: Traced

    def stretch(self, start: int, end: int) -> Segment:
        """The stretch of `plain` that a stretch of `folded` comes from, with the accents of its last letter."""
        first, last = self.folded.source(start, end)
        while last < len(self.plain.text) and unicodedata.combining(self.plain.text[last]):
            last += 1
        return first, last


def searchable(text: str, *, exact: bool = False, without: Iterable[re.Pattern[str]] = ()) -> Searchable:
    """Fold a text for searching; if `exact`, only case, white space, dashes and hyphens at the ends of lines.

    What matches a pattern of `without` is no part of it.
    """
    plain = plain_with_places(text, without)
    return Searchable(plain, _folded(plain.text, exact))


def plain_with_places(text: str, without: Iterable[re.Pattern[str]] = ()) -> Traced:
    """A text without markup and on one line, as in `searchable`."""
    traced = Traced.of(text)
    for pattern, replacement in (*((pattern, "") for pattern in without), *_PLAIN):
        traced = traced.sub(pattern, replacement)
    return traced


def plain(text: str) -> str:
    """The text of `plain_with_places(text)`."""
    # Markers and tags are tried at each character, and most texts hold nothing that they could begin with.
    for pattern, replacement in _PLAIN if "<" in text or "[^" in text else _PLAIN[2:]:
        text = pattern.sub(replacement, text)
    return text


def _folded(text: str, exact: bool) -> Traced:
    letter: Callable[[str], str] = (lambda one: unicodedata.normalize("NFC", one).casefold()) if exact else fold
    letters = Traced.of(text).sub(_MARKED, lambda match: letter(match[0]))
    return letters.translate({one: _DASHES.get(one) or letter(one) for one in set(letters.text)})


@dataclass(frozen=True, slots=True)
class TermPattern:
    """Finds a term in a folded text. `open_left` says that what it finds reaches back to the word's beginning."""

    pattern: re.Pattern[str]
    open_left: bool = False

    def spans(self, folded: str) -> Iterator[Segment]:
        """The (start, end) offsets of the term in a folded text, in order."""
        for match in self.pattern.finditer(folded):
            start, end = match.span()
            while self.open_left and start and _IN_WORD.match(folded, start - 1):
                start -= 1
            yield start, end


def pattern_of(term: str, *, exact: bool = False) -> TermPattern | None:
    """The pattern that finds a term in `searchable(text, exact=exact).folded.text`; None for a term without letters
    and digits, and for one with more than `MOST_STARS` of `*`.

    `*` stands for any run of letters, and alone for a word. If `exact`, it stands for itself only.
    """
    asked = " ".join(_folded(unicodedata.normalize("NFC", term), exact).text.split())
    asked = asked if exact else _STARS.sub("*", asked)
    if not any(character.isalnum() for character in asked):
        return None
    if asked.count("*") > MOST_STARS:
        return None
    open_left = not exact and asked[0] == "*" and not asked.startswith("* ")
    if exact:
        written = _spelled(asked, LINE_END)
    else:
        first, *others = _PARTS.findall(_THOUSANDS.sub("", asked))
        written = (_spelled(first.lstrip("*"), _HYPHENS) if open_left else _part(first)) + "".join(map(_part, others))
    return TermPattern(re.compile((written if open_left else _begun(asked[0], written)) + _ended(asked[-1])), open_left)


def _begun(first: str, written: str) -> str:
    """The pattern, only at the beginning of a word or number. The lookbehind follows the first letter, since a search for a letter is fast."""
    if not re.match(_LETTER, first):
        return written
    letter = re.escape(first)
    number = rf"(?<!\d[.,]{letter})" if first.isdigit() else ""
    return f"{letter}(?<!{_LETTER}{letter}){number}{written.removeprefix(letter)}"


def _ended(last: str) -> str:
    if not re.match(_LETTER, last):
        return ""
    return rf"(?!{_LETTER})" + (r"(?![.,]\d)" if last.isdigit() else "")


def _part(part: str) -> str:
    """The pattern of a word, of a run of Japanese, or of a sign between them."""
    if part == "*":
        return rf"{_LETTER}+(?:['’-]{_LETTER}+)*"
    if _WIDE.search(part):
        return _japanese(part)
    if _WORD.fullmatch(part):
        return _word(part)
    return _GAP if part in " -" else re.escape(part)


def _word(word: str) -> str:
    if "*" in word:
        letters = rf"{_LETTER}{{0,{_LONGEST_WORD}}}"
        few, many = f"{letters}?(?:{LINE_END}{letters}?)??", f"{letters}(?:{LINE_END}{letters})?"
        return _starred([_spelled(piece, _HYPHENS) for piece in word.split("*")], few, many)
    forms = sorted(forms_of(word), key=lambda form: (-len(form), form))
    if len(forms) == 1:
        return _spelled(word, _HYPHENS)
    endings = "|".join(_spelled(form[1:], _HYPHENS) for form in forms)
    return f"{re.escape(word[0])}[{_HYPHENS}]?(?:{endings})"


def _starred(pieces: Sequence[str], few: str, many: str) -> str:
    """Join two or more pieces of a pattern with anything between them.

    A piece between two others matches only where it stands first: with every place tried, three `*` would take cubic time.
    """
    first, *between, last = pieces
    return first + "".join(f"(?>{few}{piece})" for piece in between) + many + last


def _spelled(text: str, between: str) -> str:
    """The letters of a text, with what may stand between two of them."""
    if text.isdecimal():
        # 1576 is 1,576 as well.
        return "".join((",?" if place and (len(text) - place) % 3 == 0 else "") + digit for place, digit in enumerate(text))
    pieces = [re.escape(text[:1])]
    for before, character in pairwise(text):
        pieces.append(f"[{between}]?" if before.isalnum() and character.isalnum() else "")
        pieces.append(f"[{_HYPHENS}]" if character == "-" else re.escape(character))
    return "".join(pieces)


def forms_of(word: str) -> set[str]:
    """An English word in the singular and the plural; forms that are no words do no harm, since no text has them."""
    if len(word) < _SHORTEST or not word.isascii() or not word.isalpha():
        return {word}
    singular = _singulars(word)
    return {word, *singular, *(form for one in (singular or {word}) for form in _plurals(one))}


def _singulars(word: str) -> set[str]:
    if word.endswith("men"):
        return {word[:-2] + "an"}
    if word == "children":
        return {"child"}
    if not word.endswith("s") or word in _UNCHANGED or _NO_PLURAL.search(word):
        return set()
    forms = {word[:-1]}
    for ending, singulars in (("ies", ("y",)), ("ves", ("f", "fe")), ("ses", ("sis", "s")), ("xes", ("x",)), ("oes", ("o",))):
        if word.endswith(ending):
            forms |= {word[: -len(ending)] + other for other in singulars}
    if re.search(r"(?:ch|sh|ss|z)es$", word):
        forms.add(word[:-2])
    return {form for form in forms if len(form) >= _SHORTEST}


def _plurals(word: str) -> set[str]:
    if word in _UNCHANGED:
        return set()
    if word == "child":
        return {"children"}
    if re.search(r"[^aeiou]y$", word):
        return {word[:-1] + "ies"}
    if word.endswith("sis"):
        return {word[:-2] + "es"}
    forms = {word + "es"} if re.search(r"(?:s|x|z|ch|sh|o)$", word) else {word + "s"}
    if word.endswith("o"):
        forms.add(word + "s")
    if found_f := re.search(r"fe?$", word):
        forms.add(word[: found_f.start()] + "ves")
    if word.endswith("man"):
        forms.add(word[:-2] + "en")
    return forms


def same_names(name: str) -> tuple[str, ...]:
    """A name with the others of its group in either language, folded: アメリカ is 米国, "Dutch" is "Netherlands"."""
    folded = fold(name)
    return tuple(dict.fromkeys((folded, *_groups("en").get(folded, ()), *_groups().get(folded, ()))))


@cache
def _groups(language: str = "ja") -> dict[str, tuple[str, ...]]:
    """Each term of a group with all of them, the longest first."""
    lines = files("askjapan.language").joinpath(f"data/variants_{language}.tsv").read_text(encoding="utf-8").splitlines()
    groups = [[fold(term) for term in line.split("\t")] for line in lines if line and not line.startswith("#")]
    return {term: tuple(sorted(group, key=lambda other: (-len(other), other))) for group in groups for term in group}


def _japanese(run: str) -> str:
    """The pattern of a run of Japanese; a known term matches every term of its group."""
    pieces = [""]
    place = 0
    while place < len(run):
        if run[place] == "*":
            pieces.append("")
            place += 1
            continue
        term = next((run[place:end] for end in range(len(run), place, -1) if run[place:end] in _groups()), "")
        if term:
            pieces[-1] += "(?:" + "|".join(map(_japanese_letters, _groups()[term])) + ")"
        else:
            pieces[-1] += _japanese_letters(run[place], run[place - 1 : place], run[place + 1 : place + 2])
        place += len(term) or 1
    anything = rf"[^\s、。]{{0,{_LONGEST_GAP}}}?"
    return _starred(pieces, anything, anything) if len(pieces) > 1 else pieces[0]


def _japanese_letters(text: str, before: str = "", after: str = "") -> str:
    """Characters of Japanese as they may be written; `before` and `after` stand around them."""
    pieces = []
    for number, character in enumerate(text):
        last = text[number - 1] if number else before
        following = text[number + 1] if number + 1 < len(text) else after
        if character == "・":
            pieces.append("・?")
        elif character == "ー" and not _KATAKANA.match(following):
            pieces.append("ー?")
        else:
            pieces.append("・?" if _KATAKANA.match(last) and _KATAKANA.match(character) else "")
            pieces.append("[ヶケ]" if character in "ヶケ" else re.escape(character))
    return "".join(pieces)
