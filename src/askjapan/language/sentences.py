"""Splits paragraphs into sentences, in English, Japanese and other scripts, also where documents have faults.

Splits after glued ends ("… of 1997.In a speech …"), keeps footnote markers and closing quotes with their sentence, and does not
split after initials ("T. Hirose"), abbreviations ("et al.") or inside numbers ("3.5").
"""

from __future__ import annotations

import re

_ALWAYS = """mr mrs ms dr prof gov sen rep gen col lt st jr sr vs cf eg ie al ed eds trans rev approx ca c inc ltd co corp dept
    univ u.s u.k u.n e.g i.e a.m p.m ph.d op cit ibid resp"""
_WITH_NUMBER = "no nos vol vols pp p ch chap sec art fig figs tab ca c jan feb mar apr jun jul aug sep sept oct nov dec"
_ABBREVIATIONS = frozenset(_ALWAYS.split())
_BEFORE_NUMBERS = frozenset(_WITH_NUMBER.split())
"""Words that are abbreviations only where a number follows: "no. 29", but "The answer is no. Then …"."""
_CLOSERS = r"""["'”’»)\]）」』】〕》〉]*+"""
_MARKERS = r"(?:\s?<sup>[^<]{1,12}</sup>|\s?\[\^[^\[\]\s]{1,32}\]|\s?\[\d{1,3}\]|[\u00b9\u00b2\u00b3\u2070-\u2079]+)*+"
_END = re.compile(
    rf"(?P<stop>[.!?…]++){_CLOSERS}[*_]*+{_MARKERS}{_CLOSERS}|(?P<wide>[。！？｡]+|(?<![0-9０-９A-Za-zＡ-Ｚ])．(?![0-9０-９])){_CLOSERS}{_MARKERS}"
)
_ADDRESS = re.compile(r"://|@|\bwww\b")
_SENTENCE_START = re.compile(r"""\A\s*+[*_"'“‘«(\[「『]*+(?:\d|[^\W\d_])""")
_GLUED_START = re.compile(r"\A[*_\"“‘(]*+[A-Z][a-z’' ]")
_QUOTED_ON = re.compile(r"(?<![」』）])[」』）]++[とのがをはにへもや、。って]")
"""End of a quotation after which the Japanese sentence around it goes on: 「…。」と述べた。"""
_COMMON_START = re.compile(
    r"\A\s++(?:The|This|These|Those|In|It|However|But|As|For|A|An|They|Since|When|While|Although|At|By|He|She|We|If|On|To)\s"
)


def _is_abbreviation(text: str, stop: int, following: str) -> bool:
    start = stop
    while start > max(0, stop - 20) and (text[start - 1].isalnum() or text[start - 1] in "_.&"):
        start -= 1
    word = text[start:stop]
    if word.lower() in _BEFORE_NUMBERS and following.isdigit():
        return True
    if (len(word) == 1 and word.isupper()) or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):
        return True
    return word.lower() in _ABBREVIATIONS


def _ends_sentence(text: str, match: re.Match[str], last: int) -> bool:
    """Whether a stop ends a sentence; `last` is where the text ends but for white space."""
    if match.group("wide"):
        return not _QUOTED_ON.match(text, match.end("wide"))
    rest = text[match.end() : match.end() + 40]
    if match.end() >= last:
        return True
    stop, following = match.start("stop"), _SENTENCE_START.match(rest)
    if following is None:
        return rest[0].isspace() and rest.lstrip()[:1] not in ".!?…,;:)"
    first = following.group()[-1]
    # After "U.S." or "et al." only a typical first word shows that a new sentence begins.
    if match.group("stop") == "." and _is_abbreviation(text, stop, first) and not _COMMON_START.match(rest):
        return False
    if rest[0].isspace():
        return not first.islower()
    return bool(_GLUED_START.match(rest)) and _may_be_glued(text, match)


def _may_be_glued(text: str, match: re.Match[str]) -> bool:
    """Whether a sentence may end without a space: after a lower-case word, number, bracket, quote or marker, never in an address."""
    stop = match.start("stop")
    before = text[max(0, stop - 80) : stop]
    if before.strip() and not before[-1].isspace() and _ADDRESS.search(before.split()[-1]):
        return False
    before = text[stop - 1 : stop]
    return before.islower() or before.isdigit() or before in set(')]”’"') or match.end() > match.end("stop")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The (start, end) offsets of the sentences of a paragraph, without surrounding white space, in order."""
    spans: list[tuple[int, int]] = []
    start, last = 0, len(text.rstrip())
    for match in _END.finditer(text):
        if match.end() > start and _ends_sentence(text, match, last):
            spans.append((start, match.end()))
            start = match.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, *span))]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
