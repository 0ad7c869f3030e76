"""Markdown's marks that no reader of the page sees, blanked out in place: every other character keeps its offset.

Deleted text (`~~so~~`, `<del>`, `<s>`) and HTML comments go with all that is in them; links, pictures, wiki links and tags leave
their words, entities their character, powers and indices one form (`10^6`, `H2O`). What goes becomes spaces beside white space and
U+200B inside of a line, so that no sentence falls apart. Code is left as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from html import unescape

from askjapan.documents.readers.markup.raised import lowered, raised

BLANK = "\u200b"
_FENCE = re.compile(r"^[ ]{0,3}(`{3,}|~{3,})[^\r\n`]*$", re.MULTILINE)
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)([^`\r\n]{1,300})(?<!`)\1(?!`)")
_COMMENT_OPENS, _COMMENT_CLOSES = "<!--", "-->"
_STRUCK = re.compile(r"(?<!~)~~(?![\s~])((?:[^~\r\n]|~(?!~)|(?:\r\n|\r|\n)(?!\s*[\r\n])){1,2000}?)(?<!\s)~~(?!~)")
_DELETED = re.compile(r"<(del|s|strike)(?:\s[^<>]{0,200})?>((?:[^<]|<(?!/?(?:del|s|strike)\b)){0,4000})</\1\s*>", re.IGNORECASE)
_UNSEEN_ELEMENT = re.compile(
    r"<(script|style|template)(?:\s[^<>]{0,200})?>(?:[^<]|<(?!/?(?:script|style|template)\b)){0,100000}</\1\s*>", re.IGNORECASE
)
_TARGET = (
    r"\(\s*(?:<[^<>\r\n]{0,2000}>|(?=[^()\s]*(?::|/|#|\.[A-Za-z]\w{1,4}\b))(?:[^()\s]|\([^()\s]{0,200}\)){1,2000})"
    r"(?:\s+(?:\"[^\"\r\n]{0,300}\"|'[^'\r\n]{0,300}'))?\s*\)"
)
_LINK = re.compile(rf"(!?\[)((?:[^\[\]\r\n]|\[[^\[\]\r\n]{{0,60}}\]){{0,500}})(\]{_TARGET})")
_WIKI_LINK = re.compile(r"(!?\[\[)(?:[^\[\]|\r\n]{1,200}\|)?([^\[\]|\r\n]{1,200})(\]\])")
_BY_NAME = re.compile(r"(!?\[)([^\[\]\r\n^]{1,300})(\](?: ?\[([^\[\]\r\n]{0,100})\])?)(?![(\[:])")
_DEFINITION = re.compile(
    r"^[ ]{0,3}\[([^\[\]\r\n^]{1,100}|//)\]:[ \t]*(?=\S{0,2000}?(?:/|#|\.[A-Za-z]|:))\S{1,2000}"
    r"(?:[ \t]+(?:\"[^\"\r\n]*\"|'[^'\r\n]*'|\([^()\r\n]*\)))?[ \t]*$",
    re.MULTILINE,
)
_INLINE_NOTE = re.compile(r"\^(?=\[[^\[\]\r\n^]{2,500}\])")
_TASK = re.compile(r"^([ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+)(\[[ xX]\][ \t])", re.MULTILINE)
_TAG = re.compile(  # those that the normalisation of quotes does not drop itself
    r"</?(?:abbr|bdi|big|blockquote|center|cite|dd|details|dfn|dl|dt|figcaption|figure|h[1-6]|hr|img|ins|kbd|li|ol|q|samp|"
    r"summary|time|ul|var|wbr)(?:\s[^<>\r\n]{0,500})?/?>",
    re.IGNORECASE,
)
_AUTOLINK = re.compile(r"(<)((?:https?://|mailto:|ftp://)[^<>\s]{1,2000})(>)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?!(?:amp|nbsp|lt|gt|quot|apos);)(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_RAISED = re.compile(r"<(sup|sub)(?:\s[^<>]{0,200})?>([^<\r\n]{0,40})</\1\s*>", re.IGNORECASE)
_SHORT_RAISED = re.compile(r"(?<![\s^\\~])(\^|(?<![~\s])~)(?![\^~\s])([^\s^~<>\[\]]{1,12})(?<!\\)\1(?![\^~])")
_UNDERLINED = re.compile(r"(?<=[^\s])([ ]*(?:\r\n|\r|\n))[ ]{0,3}(={2,})[ \t]*$", re.MULTILINE)
_NOTE_BODY = re.compile(
    r"^[ \t]*(?:[-*][ \t]+)?(?:<sup>\s*(\d{1,3})\s*</sup>|\[\^?(\d{1,4})\]:?)[ \t]*\S", re.MULTILINE | re.IGNORECASE
)
# As the normalisation of quotes takes an untold `<sup>`: after these an exponent, after all else a note.
_TAKEN_FOR_EXPONENT = re.compile(r"(?:(?<![\d.,])10|\bkm|\bm|\bcm|\bmm)$")
_NOTE_FORM = re.compile(r"\A(?:\s*+[\d,*†‡§–-][\d,\s*†‡§–-]{0,11}+\s*+|\s++)")
_LINE_ENDS = "\r\n"
_REACH = 40


class _Text:
    """A text whose characters can be blanked or replaced, all offsets kept; each step sees what the steps before left."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.code: list[tuple[int, int]] = []

    def apply(self, pattern: re.Pattern[str], change: Callable[[re.Match[str]], Iterator[tuple[int, int, str]]]) -> None:
        """Make the changes (start, end, instead) that a function names for each match outside of code, in order."""
        changes = [each for match in pattern.finditer(self.text) if not self._in_code(match) for each in change(match)]
        self.put(changes)

    def put(self, changes: list[tuple[int, int, str]]) -> None:
        parts: list[str] = []
        place = 0
        for start, end, instead in changes:
            if start < place:
                continue
            gone = self._blanks(start, end, len(instead))
            parts += [self.text[place:start], instead, gone]
            place = end
        self.text = "".join([*parts, self.text[place:]])

    def _blanks(self, start: int, end: int, kept: int) -> str:
        gone = self.text[start + kept : end]
        before, after = self.text[start - 1 : start], self.text[end : end + 1]
        beside = not kept and (not before or before.isspace())
        blank = " " if beside or not after or after in _LINE_ENDS else BLANK
        return "".join(char if char in _LINE_ENDS else blank for char in gone)

    def _in_code(self, match: re.Match[str]) -> bool:
        at = bisect_right(self.code, (match.start(), len(self.text))) - 1
        return at >= 0 and self.code[at][0] <= match.start() < self.code[at][1]


def without_marks(text: str, start: int = 0) -> str:
    """The text from `start` on without Markdown's unseen marks, of the same length, each kept character in its place."""
    body = _Text(text[start:])
    fences = list(_fences(body.text))
    body.put([line for opening, closing in fences for line in (opening, closing) if line[0] < line[1]])
    body.code = list(_code(body.text, [(opening[1], closing[0]) for opening, closing in fences]))
    body.put(list(_comments(body)))
    whole = _whole
    for pattern, change in (
        (_UNSEEN_ELEMENT, whole), (_DELETED, whole), (_STRUCK, whole), (_ENTITY, _character), (_TASK, _second), (_AUTOLINK, _around),
        (_LINK, _around), (_LINK, _around), (_WIKI_LINK, _wiki_link),
    ):  # fmt: skip
        body.apply(pattern, change)
    names = {_name(match.group(1)) for match in _DEFINITION.finditer(body.text)}
    body.apply(_DEFINITION, whole)
    body.apply(_BY_NAME, lambda match: _around(match) if _name(match.group(4) or match.group(2)) in names else iter(()))
    for pattern, change in ((_INLINE_NOTE, _space), (_UNDERLINED, _second), (_TAG, whole)):
        body.apply(pattern, change)
    body.text = told_apart(body.text)
    body.apply(_SHORT_RAISED, _short_script)
    return text[:start] + body.text


def without_markup(text: str) -> str:
    """The text, no Markdown, without comments, deleted text in tags and the addresses of links; each kept character in its place."""
    body = _Text(text)
    body.put(list(_comments(body)))
    body.apply(_DELETED, _whole)
    body.apply(_LINK, _around)
    return told_apart(body.text)


def told_apart(text: str) -> str:
    """The text, of the same length, with `<sup>` and `<sub>` as markers, powers or indices, unless the normalisation reads them so."""
    body = _Text(text)
    labels = {first or second for first, second in _NOTE_BODY.findall(text)}
    body.apply(_RAISED, lambda match: _script(match, labels))
    return body.text


def _code(text: str, fenced: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches of code in order: fenced, and between backticks outside of the fences."""
    place = 0
    for start, end in [*fenced, (len(text), len(text))]:
        yield from (match.span() for match in _CODE.finditer(text, place, start))
        yield start, end
        place = end


def _fences(text: str) -> Iterator[tuple[tuple[int, int, str], tuple[int, int, str]]]:
    """The opening and closing lines of fenced code."""
    opening: re.Match[str] | None = None
    for match in _FENCE.finditer(text):
        if opening is None:
            opening = match
        elif match.group(1).startswith(opening.group(1)) and match.group().strip() == match.group(1):
            yield (*opening.span(), ""), (*match.span(), "")
            opening = None
    if opening is not None:
        yield (*opening.span(), ""), (len(text), len(text), "")


def _comments(body: _Text) -> Iterator[tuple[int, int, str]]:
    place = 0
    while (start := body.text.find(_COMMENT_OPENS, place)) >= 0:
        end = body.text.find(_COMMENT_CLOSES, start + len(_COMMENT_OPENS))
        at = bisect_right(body.code, (start, len(body.text))) - 1
        inside = at >= 0 and body.code[at][0] <= start < body.code[at][1]
        if end < 0:
            return
        if inside:
            place = body.code[at][1]
            continue
        place = end + len(_COMMENT_CLOSES)
        yield start, place, ""


def _whole(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    yield (*match.span(), "")


def _space(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    yield (*match.span(), " ")


def _second(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    yield (*match.span(2), "")


def _around(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    yield (*match.span(1), "")
    yield (*match.span(3), "")


def _wiki_link(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    if any(char.isalpha() for char in match.group(2)):
        yield match.start(), match.start(2), ""
        yield (*match.span(3), "")


def _character(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    char = unescape(match.group())
    if char != match.group() and char not in "<>&":
        yield (*match.span(), char)


def _name(words: str) -> str:
    return " ".join(words.split()).casefold()


def _script(match: re.Match[str], labels: set[str]) -> Iterator[tuple[int, int, str]]:
    before, content = match.string[max(0, match.start() - _REACH) : match.start()].replace(BLANK, ""), match.group(2)
    if match.group(1).lower() == "sub":
        yield (*match.span(), lowered(before, content))
        return
    line = before.rpartition("\n")[2].rpartition("\r")[2]
    form = raised(line, content, match.string[match.end() : match.end() + 8], labels)
    note, taken = form.startswith("[^"), _NOTE_FORM.fullmatch(content) and not _TAKEN_FOR_EXPONENT.search(before)
    if note != bool(taken) or (form.startswith(("^", "°")) and not _NOTE_FORM.fullmatch(content)):
        yield (*match.span(), form[: len(match.group())])


def _short_script(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """`m^2^` and `H~2~O`, as Pandoc writes them."""
    before, content = match.string[max(0, match.start() - _REACH) : match.start()], match.group(2)
    if match.group(1) == "^":
        yield (*match.span(), f"^{content}")
    elif before[-1:].isascii() and before[-1:].isalpha() and (content.isdigit() or content.isalpha()):
        yield (*match.span(), lowered(before, content)[: len(match.group())])
